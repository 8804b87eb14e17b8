/*
 * An index as the store uses it: the emitted struct rt_index with its fields resolved, a number
 * of its own in this database, and the rule which records are in it.
 *
 * A record is in an index when the condition of its `while` holds. In a unique index, and in the
 * one of a model's expiry, it is so only when every field is present as well: absent values never
 * collide (as in SQL) and never expire.
 */
#ifndef RT_STORE_INDEX_H
#define RT_STORE_INDEX_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/store/key.h"
#include "runtime/store/limits.h"
#include "runtime/store/model.h"

/*
 * No entry's first value is below this, so a search for the smallest one can begin here. It is
 * what makes that search cheap: the entries of timers that have fired lie below as tombstones,
 * which LevelDB would step over one by one. Too low is only slow; too high would lose a timer.
 */
struct rt_due_floor {
    int64_t loop;   /* for the shared snapshot; the loop's thread */
    int64_t writer; /* for the state that the writer sees, and whatever of it is rolled back */
};

struct rt_index_info {
    const char *name;
    enum rt_key_space space; /* RT_SPACE_UNIQUE or RT_SPACE_INDEX */
    uint16_t number;         /* in this database */
    bool only_present;
    uint8_t n_fields;
    uint8_t classes[RT_INDEX_FIELDS_MAX]; /* enum rt_key_class */
    const struct rt_field *fields[RT_INDEX_FIELDS_MAX];
    const struct rt_message *message;
    struct rt_expr where;
    struct rt_due_floor *floor; /* NULL when the first value is not an RT_KEY_I64 */
};

/* RT_EINVAL: a table that no compiler should emit. */
int rt_index_init(struct rt_index_info *info, const struct rt_model *model,
                  const struct rt_index *index, struct rt_error *error);
/* The index behind `expires`. */
int rt_index_init_expiry(struct rt_index_info *info, const struct rt_model *model,
                         struct rt_error *error);

/* What decides the entries, as text: an index whose text changed is rebuilt. */
void rt_index_define(const struct rt_index_info *info, struct rt_buf *out);

/* The record's key in the index, in memory of `arena`; data NULL when it is not in it. */
struct rt_bytes rt_index_key(const struct rt_index_info *info, const void *record, struct rt_str id,
                             struct rt_arena *arena);
/* The prefix of all keys whose first `n` values are these. */
struct rt_bytes rt_index_prefix(const struct rt_index_info *info, const struct rt_value *values,
                                size_t n, struct rt_arena *arena);
/* The first value of a key of an index whose `floor` is there; false when it is absent. */
bool rt_index_first(struct rt_bytes key, int64_t *ret);
/* The id that an entry leads to, borrowed from it. False: no entry of this index. */
bool rt_index_id(const struct rt_index_info *info, struct rt_bytes key, struct rt_bytes value,
                 struct rt_str *ret);

#endif
