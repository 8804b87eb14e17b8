// Generated from schema everything; do not edit.
/* The records of service things.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef THINGS_STORE_H
#define THINGS_STORE_H

#include "gen/things/things_events.h"
#include "gen/things/things_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model things_thing_model;

/* Where each field is in things_thing_fields. */
enum {
    THINGS_THING_FIELD_ID,
    THINGS_THING_FIELD_OWNER,
    THINGS_THING_FIELD_NAME,
    THINGS_THING_FIELD_COLOUR,
    THINGS_THING_FIELD_PARENT,
    THINGS_THING_FIELD_ENDS_AT,
    THINGS_THING_FIELD_GONE_AT,
    THINGS_THING_FIELD_DONE,
    THINGS_THING_FIELD_SECRET,
    THINGS_THING_FIELD_VERSION,
    THINGS_THING_FIELD_TAGS,
    THINGS_THING_FIELD_MARKS,
    THINGS_THING_FIELD_WAY,
    THINGS_THING_FIELD_STARS,
    THINGS_THING_FIELD_STORY,
};

/* Where each index is in things_thing_indexes. */
enum {
    THINGS_THING_BY_OWNER,
    THINGS_THING_BY_COLOUR,
    THINGS_THING_NAME_OF_OWNER,
    THINGS_THING_NAMED,
    THINGS_THING_BRIEF,
    THINGS_THING_END,
};
extern const struct rt_index things_thing_indexes[];

struct things_thing *things_thing_get(struct rt_txn *txn, const char *id);
RT_MUST_USE int things_thing_create(struct rt_txn *txn, struct things_thing *thing);
RT_MUST_USE int things_thing_update(struct rt_txn *txn, struct things_thing *thing);
int things_thing_delete(struct rt_txn *txn, const char *id);
int things_thing_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);
int things_thing_list_by_owner(struct rt_txn *txn, const char *owner, struct rt_str after,
                               size_t limit, struct rt_page *ret);
int things_thing_list_by_colour(struct rt_txn *txn, enum everything_colour colour,
                                protobuf_c_boolean done, struct rt_str after, size_t limit,
                                struct rt_page *ret);
struct things_thing *things_thing_by_name_of_owner(struct rt_txn *txn, const char *owner,
                                                   const char *name);
int things_thing_list_by_named(struct rt_txn *txn, const char *name, struct rt_str after,
                               size_t limit, struct rt_page *ret);
int things_thing_list_by_brief(struct rt_txn *txn, int64_t ends_at, struct rt_str after,
                               size_t limit, struct rt_page *ret);

#ifdef __cplusplus
}
#endif

#endif
