// Generated from schema everything; do not edit.
#include "gen/things/things_store.h"

static const uint16_t thing_by_owner_fields[] = {
    THINGS_THING_FIELD_OWNER,
    THINGS_THING_FIELD_ENDS_AT,
};
static const uint16_t thing_by_colour_fields[] = {
    THINGS_THING_FIELD_COLOUR,
    THINGS_THING_FIELD_DONE,
    THINGS_THING_FIELD_NAME,
};
static const int64_t thing_by_colour_colour[] = {EVERYTHING_COLOUR_BLUE};
static const struct rt_condition thing_by_colour_where[] = {
    {
        .field = THINGS_THING_FIELD_COLOUR,
        .op = RT_NOT_IN,
        .values = thing_by_colour_colour,
        .n_values = 1,
    },
    {
        .field = THINGS_THING_FIELD_PARENT,
        .op = RT_IS_NULL,
    },
};
static const uint16_t thing_name_of_owner_fields[] = {
    THINGS_THING_FIELD_OWNER,
    THINGS_THING_FIELD_NAME,
};
static const int64_t thing_name_of_owner_done[] = {0};
static const struct rt_condition thing_name_of_owner_where[] = {
    {
        .field = THINGS_THING_FIELD_DONE,
        .op = RT_IN,
        .values = thing_name_of_owner_done,
        .n_values = 1,
    },
};
static const uint16_t thing_named_fields[] = {THINGS_THING_FIELD_NAME};
static const char *const thing_named_name[] = {"none"};
static const int64_t thing_named_colour[] = {EVERYTHING_COLOUR_RED, EVERYTHING_COLOUR_GREEN};
static const int64_t thing_named_ends_at[] = {INT64_C(1767225600000)};
static const struct rt_condition thing_named_where[] = {
    {
        .field = THINGS_THING_FIELD_NAME,
        .op = RT_NOT_IN,
        .texts = thing_named_name,
        .n_values = 1,
    },
    {
        .field = THINGS_THING_FIELD_COLOUR,
        .op = RT_IN,
        .values = thing_named_colour,
        .n_values = 2,
    },
    {
        .field = THINGS_THING_FIELD_ENDS_AT,
        .op = RT_NOT_IN,
        .values = thing_named_ends_at,
        .n_values = 1,
    },
};
static const uint16_t thing_end_fields[] = {THINGS_THING_FIELD_ENDS_AT};
static const int64_t thing_end_done[] = {0};
static const struct rt_condition thing_end_where[] = {
    {
        .field = THINGS_THING_FIELD_DONE,
        .op = RT_IN,
        .values = thing_end_done,
        .n_values = 1,
    },
};

const struct rt_index things_thing_indexes[] = {
    {
        .name = "by_owner",
        .fields = thing_by_owner_fields,
        .n_fields = 2,
    },
    {
        .name = "by_colour",
        .fields = thing_by_colour_fields,
        .n_fields = 3,
        .where = thing_by_colour_where,
        .n_where = 2,
    },
    {
        .name = "name_of_owner",
        .unique = true,
        .fields = thing_name_of_owner_fields,
        .n_fields = 2,
        .where = thing_name_of_owner_where,
        .n_where = 1,
    },
    {
        .name = "named",
        .fields = thing_named_fields,
        .n_fields = 1,
        .where = thing_named_where,
        .n_where = 3,
    },
    {
        .name = "end",
        .fields = thing_end_fields,
        .n_fields = 1,
        .where = thing_end_where,
        .n_where = 1,
    },
};

static const char *const thing_followed[] = {
    THINGS_THING_MADE_SUBJECT,
    NULL,
};

const struct rt_model things_thing_model = {
    .name = "Thing",
    .message = &things_thing_message,
    .id_field = THINGS_THING_FIELD_ID,
    .version_field = THINGS_THING_FIELD_VERSION,
    .expires_field = THINGS_THING_FIELD_GONE_AT,
    .renamed_from = "Gadget",
    .followed = thing_followed,
    .indexes = things_thing_indexes,
    .n_indexes = 5,
};

struct things_thing *things_thing_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &things_thing_model, id);
}

int things_thing_create(struct rt_txn *txn, struct things_thing *thing)
{
    return rt_txn_create(txn, &things_thing_model, thing);
}

int things_thing_update(struct rt_txn *txn, struct things_thing *thing)
{
    return rt_txn_update(txn, &things_thing_model, thing);
}

int things_thing_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &things_thing_model, id);
}

int things_thing_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &things_thing_model, &scan, ret);
}

int things_thing_list_by_owner(struct rt_txn *txn, const char *owner, struct rt_str after,
                               size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(owner)}};
    const struct rt_scan scan = {
        .index = &things_thing_indexes[THINGS_THING_BY_OWNER],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &things_thing_model, &scan, ret);
}

int things_thing_list_by_colour(struct rt_txn *txn, enum everything_colour colour,
                                protobuf_c_boolean done, struct rt_str after, size_t limit,
                                struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .i = colour}, {.present = true, .i = done}};
    const struct rt_scan scan = {
        .index = &things_thing_indexes[THINGS_THING_BY_COLOUR],
        .values = values,
        .n_values = 2,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &things_thing_model, &scan, ret);
}

struct things_thing *things_thing_by_name_of_owner(struct rt_txn *txn, const char *owner,
                                                   const char *name)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(owner)},
                                      {.present = true, .s = rt_str(name)}};
    return rt_txn_find(txn, &things_thing_model, &things_thing_indexes[THINGS_THING_NAME_OF_OWNER],
                       values);
}

int things_thing_list_by_named(struct rt_txn *txn, const char *name, struct rt_str after,
                               size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(name)}};
    const struct rt_scan scan = {
        .index = &things_thing_indexes[THINGS_THING_NAMED],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &things_thing_model, &scan, ret);
}
