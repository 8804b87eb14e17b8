/* Building and dropping whole indexes, in steps; a crash may happen between any two. */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/store/catalog.h"
#include "runtime/store/meta.h"
#include "runtime/store/view.h"

/* -------------------------------------------------------------------- build */

/* One index under construction. Each step's entries and how far it came are one batch. */
struct build {
    const struct rt_model_info *model;
    const struct rt_index_info *index;
    struct rt_db *db;
    struct rt_arena step; /* keys and values of the step */
    struct rt_overlay overlay;
    struct rt_db_batch *batch;
    struct rt_error *error;
};

static int add_entry(struct build *b, struct rt_str id, struct rt_bytes bytes)
{
    void *record;
    int code = rt_pb_decode(b->model->model->message, bytes, &b->step, &record, b->error);
    if (code != 0)
        return rt_error_set(b->error, RT_ECORRUPT, "record %.*s of %s is damaged", (int)id.len,
                            id.data, b->model->model->name);
    struct rt_bytes key = rt_index_key(b->index, record, id, &b->step);
    if (!key.data)
        return 0;
    if (b->index->space == RT_SPACE_INDEX) {
        rt_overlay_put(&b->overlay, key, rt_bytes(NULL, 0));
        return 0;
    }
    struct rt_view view = {.db = b->db, .overlay = &b->overlay};
    struct rt_bytes there;
    code = rt_view_get(&view, key, &b->step, &there, b->error);
    if (code != 0)
        return code;
    if (there.data && !rt_bytes_eq(there, rt_str_bytes(id)))
        return rt_error_set(b->error, RT_EEXIST,
                            "unique index %s.%s cannot be built: records %.*s and %.*s are equal",
                            b->model->model->name, b->index->name, (int)there.len,
                            (const char *)there.data, (int)id.len, id.data);
    rt_overlay_put(&b->overlay, key, rt_str_bytes(id));
    return 0;
}

static const char *progress_name(struct build *b)
{
    return rt_arena_printf(&b->step, "building/%u", b->index->number);
}

/* Adds the next records after `after`; false in `ret_more` when those were the last. */
static int build_step(struct build *b, struct rt_bytes lower, struct rt_bytes upper,
                      struct rt_buf *after, bool *ret_more)
{
    rt_arena_reset(&b->step);
    rt_overlay_init(&b->overlay, &b->step);
    struct rt_range range;
    rt_range_init(&range, &(struct rt_view){.db = b->db}, lower, upper, false);
    int code = 0;
    size_t n = 0;
    struct rt_str id = {NULL, 0};
    while (code == 0 && n < RT_BUILD_STEP_RECORDS && rt_range_next(&range)) {
        id = rt_str_n(rt_arena_copy(&b->step, range.key.data + RT_KEY_HEAD_LEN,
                                    range.key.len - RT_KEY_HEAD_LEN),
                      range.key.len - RT_KEY_HEAD_LEN);
        code = add_entry(b, id, range.value);
        n++;
    }
    int range_code = rt_range_done(&range, code == 0 ? b->error : NULL);
    if (code != 0 || range_code != 0)
        return code != 0 ? code : range_code;
    *ret_more = n == RT_BUILD_STEP_RECORDS;
    if (n == 0)
        return 0;
    rt_buf_clear(after);
    rt_buf_str(after, id);
    rt_overlay_put(&b->overlay, rt_key_meta(&b->step, rt_str(progress_name(b))), rt_str_bytes(id));
    rt_overlay_flush(&b->overlay, b->batch);
    return rt_db_commit(b->db, b->batch, false, b->error);
}

/* The log of the database keeps its order, so only the last step needs the sync. */
static int build_finish(struct build *b, const char *ready)
{
    const char *name =
        rt_arena_printf(&b->step, "index/%s/%s", b->model->model->name, b->index->name);
    rt_db_batch_put(b->batch, rt_key_meta(&b->step, rt_str(name)), rt_str_bytes(rt_str(ready)));
    rt_db_batch_delete(b->batch, rt_key_meta(&b->step, rt_str(progress_name(b))));
    return rt_db_commit(b->db, b->batch, true, b->error);
}

int rt_catalog_build(const struct rt_model_info *model, const struct rt_index_info *index,
                     struct rt_db *db, const char *ready, struct rt_error *error)
{
    struct build b = {.model = model, .index = index, .db = db, .error = error};
    rt_arena_init(&b.step, RT_GROUP_ARENA_BLOCK);
    b.batch = rt_db_batch_new();
    struct rt_arena ends;
    rt_arena_init(&ends, 0);
    struct rt_bytes first = rt_key_record(&ends, model->number, rt_str_n(NULL, 0));
    struct rt_bytes upper = rt_key_after(&ends, first);

    char *progress;
    int code = rt_meta_get(db, progress_name(&b), &ends, &progress, error);
    struct rt_buf after = {0};
    if (code == 0 && progress)
        rt_buf_puts(&after, progress);
    for (bool more = true; code == 0 && more;) {
        /* An id has no NUL, so with one behind it comes everything after it. */
        struct rt_bytes lower = first;
        if (after.len > 0)
            lower =
                rt_key_record(&ends, model->number, rt_str_n(rt_buf_cstr(&after), after.len + 1));
        code = build_step(&b, lower, upper, &after, &more);
    }
    if (code == 0)
        code = build_finish(&b, ready);
    rt_buf_done(&after);
    rt_arena_done(&ends);
    rt_db_batch_free(b.batch);
    rt_arena_done(&b.step);
    return code;
}

/* --------------------------------------------------------------------- drop */

/* Deletes what starts with `prefix`, and then the key `mark` that asked for it. */
static int delete_prefix(struct rt_db *db, struct rt_bytes prefix, struct rt_bytes mark,
                         struct rt_arena *scratch, struct rt_error *error)
{
    struct rt_db_batch *batch = rt_db_batch_new();
    struct rt_range range;
    rt_range_init(&range, &(struct rt_view){.db = db}, prefix, rt_key_after(scratch, prefix),
                  false);
    int code = 0;
    for (size_t n = 1; code == 0 && rt_range_next(&range); n++) {
        rt_db_batch_delete(batch, range.key);
        if (n % RT_BUILD_STEP_RECORDS == 0)
            code = rt_db_commit(db, batch, false, error);
    }
    int range_code = rt_range_done(&range, code == 0 ? error : NULL);
    if (code == 0)
        code = range_code;
    if (code == 0) {
        rt_db_batch_delete(batch, mark);
        code = rt_db_commit(db, batch, true, error);
    }
    rt_db_batch_free(batch);
    return code;
}

int rt_catalog_drop(struct rt_db *db, struct rt_error *error)
{
    struct rt_arena scratch;
    rt_arena_init(&scratch, 0);
    struct rt_bytes lower = rt_key_meta(&scratch, RT_STR("drop/"));
    struct rt_range range;
    rt_range_init(&range, &(struct rt_view){.db = db}, lower, rt_key_after(&scratch, lower), false);
    int code = 0;
    while (code == 0 && rt_range_next(&range)) {
        const char *text = rt_arena_strndup(&scratch, (const char *)range.key.data + lower.len,
                                            range.key.len - lower.len);
        unsigned number;
        char space;
        if (sscanf(text, "%c%u", &space, &number) != 2 || number > UINT16_MAX ||
            (space != RT_SPACE_UNIQUE && space != RT_SPACE_INDEX)) {
            code = rt_error_set(error, RT_ECORRUPT, "the fact \"drop/%s\" makes no sense", text);
            break;
        }
        struct rt_bytes mark =
            rt_bytes(rt_arena_copy(&scratch, range.key.data, range.key.len), range.key.len);
        struct rt_bytes prefix = rt_key_index(&scratch, (enum rt_key_space)space, (uint16_t)number,
                                              NULL, NULL, 0, rt_str_n(NULL, 0));
        code = delete_prefix(db, prefix, mark, &scratch, error);
    }
    int range_code = rt_range_done(&range, code == 0 ? error : NULL);
    rt_arena_done(&scratch);
    return code != 0 ? code : range_code;
}
