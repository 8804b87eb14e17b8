// Generated from schema everything; do not edit.
#include "gen/watch/watch_store.h"

const struct rt_model watch_thing_model = {
    .name = "Thing",
    .message = &watch_thing_message,
    .id_field = WATCH_THING_FIELD_ID,
    .version_field = WATCH_THING_FIELD_VERSION,
    .expires_field = -1,
    .replica = true,
};

struct watch_thing *watch_thing_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &watch_thing_model, id);
}

int watch_thing_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &watch_thing_model, &scan, ret);
}
