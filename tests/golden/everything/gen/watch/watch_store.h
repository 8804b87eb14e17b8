// Generated from schema everything; do not edit.
/* The records of service watch.
 * A record that is returned lives until the transaction ends; NULL says that there is none.
 * create: RT_EEXIST when the id or a unique index is taken. update: RT_ECONFLICT when the
 * record was changed in between, RT_ENOTFOUND, RT_EEXIST. delete: RT_ENOTFOUND. list: RT_EINVAL
 * when `after` is no cursor of the same list. */
#ifndef WATCH_STORE_H
#define WATCH_STORE_H

#include "gen/watch/watch_types.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const struct rt_model watch_thing_model;

/* Where each field is in watch_thing_fields. */
enum {
    WATCH_THING_FIELD_ID,
    WATCH_THING_FIELD_NAME,
    WATCH_THING_FIELD_VERSION,
};

struct watch_thing *watch_thing_get(struct rt_txn *txn, const char *id);
int watch_thing_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret);

#ifdef __cplusplus
}
#endif

#endif
