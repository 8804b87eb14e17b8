#include "digest/day.h"
#include "gen/digest/digest_listeners.h"
#include "gen/digest/digest_store.h"
#include "runtime/base/arena.h"

/* Runs once for each note, in one transaction with the note of having run. */
enum rt_listened digest_count(struct rt_ctx *ctx, const struct notes_note_added *event)
{
    char name[DAY_LEN + 1];
    day_of(event->written, name);
    struct digest_day *day = digest_day_by_day(ctx->txn, name);
    if (day) {
        day->notes++;
        return digest_day_update(ctx->txn, day) == 0 ? RT_LISTENED : RT_RETRY;
    }
    struct digest_day first = DIGEST_DAY_INIT;
    first.day = rt_arena_printf(ctx->arena, "%s", name);
    first.notes = 1;
    return digest_day_create(ctx->txn, &first) == 0 ? RT_LISTENED : RT_RETRY;
}
