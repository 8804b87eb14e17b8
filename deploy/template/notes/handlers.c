#include "gen/notes/notes_publish.h"
#include "gen/notes/notes_routes.h"
#include "gen/notes/notes_store.h"

enum notes_add_result notes_add(struct rt_ctx *ctx, const struct notes_note_input *input,
                                struct notes_note *note)
{
    note->text = input->text;
    note->written = ctx->now_ms;
    if (notes_note_create(ctx->txn, note) == 0)
        notes_publish_note_added(ctx->txn, note);
    return NOTES_ADD_OK;
}
