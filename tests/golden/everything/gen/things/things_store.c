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
static const struct rt_step thing_by_colour_where[] = {
    {RT_STEP_FIELD, .field = &things_thing_fields[3]}, /* colour */
    {RT_STEP_INT, .integer = EVERYTHING_COLOUR_BLUE},  /* sky-blue */
    {.op = RT_STEP_NE},                                /* != */
    {RT_STEP_FIELD, .field = &things_thing_fields[4]}, /* parent */
    {.op = RT_STEP_SET},                               /* is set */
    {.op = RT_STEP_NOT},                               /* not */
    {.op = RT_STEP_AND},                               /* and */
};
static const uint16_t thing_name_of_owner_fields[] = {
    THINGS_THING_FIELD_OWNER,
    THINGS_THING_FIELD_NAME,
};
static const struct rt_step thing_name_of_owner_where[] = {
    {RT_STEP_FIELD, .field = &things_thing_fields[7]},
    {RT_STEP_INT, .integer = 0},
    {.op = RT_STEP_EQ},
};
static const uint16_t thing_named_fields[] = {THINGS_THING_FIELD_NAME};
static const struct rt_step thing_named_where[] = {
    {RT_STEP_FIELD, .field = &things_thing_fields[2]}, /* name */
    {RT_STEP_TEXT, .text = "none"},                    /* a constant */
    {.op = RT_STEP_NE, .of = RT_CLASS_TEXT},           /* != */
    {RT_STEP_FIELD, .field = &things_thing_fields[3]}, /* colour */
    {RT_STEP_INT, .integer = EVERYTHING_COLOUR_RED},   /* red */
    {RT_STEP_INT, .integer = EVERYTHING_COLOUR_GREEN}, /* green */
    {.op = RT_STEP_IN, .n = 2},                        /* in */
    {.op = RT_STEP_AND},                               /* and */
    {RT_STEP_FIELD, .field = &things_thing_fields[5]}, /* ends_at */
    {RT_STEP_INT, .integer = INT64_C(1767225600000)},  /* 2026-01-01T00:00:00.000Z */
    {.op = RT_STEP_NE},                                /* != */
    {.op = RT_STEP_AND},                               /* and */
};
static const uint16_t thing_brief_fields[] = {THINGS_THING_FIELD_ENDS_AT};
static const struct rt_step thing_brief_where[] = {
    {RT_STEP_FIELD, .field = &things_thing_fields[7]},  /* done */
    {.op = RT_STEP_NOT},                                /* not */
    {RT_STEP_FIELD, .field = &things_thing_fields[5]},  /* ends_at */
    {RT_STEP_FIELD, .field = &things_thing_fields[6]},  /* gone_at */
    {.op = RT_STEP_SUB},                                /* - */
    {RT_STEP_INT, .integer = 300000},                   /* 5min */
    {.op = RT_STEP_LT},                                 /* < */
    {RT_STEP_FIELD, .field = &things_thing_fields[13]}, /* stars */
    {RT_STEP_INT, .integer = 2},                        /* 2 */
    {.op = RT_STEP_MUL},                                /* * */
    {RT_STEP_INT, .integer = 3},                        /* 3 */
    {.op = RT_STEP_GE},                                 /* >= */
    {.op = RT_STEP_OR},                                 /* or */
    {.op = RT_STEP_AND},                                /* and */
};
static const uint16_t thing_end_fields[] = {THINGS_THING_FIELD_ENDS_AT};
static const struct rt_step thing_end_where[] = {
    {RT_STEP_FIELD, .field = &things_thing_fields[7]},
    {RT_STEP_INT, .integer = 0},
    {.op = RT_STEP_EQ},
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
        .where = RT_EXPR(thing_by_colour_where),
    },
    {
        .name = "name_of_owner",
        .unique = true,
        .fields = thing_name_of_owner_fields,
        .n_fields = 2,
        .where = RT_EXPR(thing_name_of_owner_where),
    },
    {
        .name = "named",
        .fields = thing_named_fields,
        .n_fields = 1,
        .where = RT_EXPR(thing_named_where),
    },
    {
        .name = "brief",
        .fields = thing_brief_fields,
        .n_fields = 1,
        .where = RT_EXPR(thing_brief_where),
    },
    {
        .name = "end",
        .fields = thing_end_fields,
        .n_fields = 1,
        .where = RT_EXPR(thing_end_where),
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
    .n_indexes = 6,
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

int things_thing_list_by_brief(struct rt_txn *txn, int64_t ends_at, struct rt_str after,
                               size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .i = ends_at}};
    const struct rt_scan scan = {
        .index = &things_thing_indexes[THINGS_THING_BRIEF],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &things_thing_model, &scan, ret);
}
