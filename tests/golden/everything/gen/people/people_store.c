// Generated from schema everything; do not edit.
#include "gen/people/people_store.h"

static const uint16_t person_login_fields[] = {PEOPLE_PERSON_FIELD_LOGIN};
static const uint16_t person_address_fields[] = {PEOPLE_PERSON_FIELD_ADDRESS};

const struct rt_index people_person_indexes[] = {
    {
        .name = "login",
        .unique = true,
        .fields = person_login_fields,
        .n_fields = 1,
    },
    {
        .name = "address",
        .unique = true,
        .fields = person_address_fields,
        .n_fields = 1,
    },
};

static const struct rt_step person_address_given[] = {
    {RT_STEP_FIELD, .field = &people_person_fields[1]},
    {.op = RT_STEP_SLUG, .n = 40},
};
static const struct rt_step person_joined_given[] = {{.op = RT_STEP_NOW}};
static const struct rt_step person_leaves_given[] = {
    {RT_STEP_FIELD, .field = &people_person_fields[6]},
    {RT_STEP_INT, .integer = INT64_C(2592000000)},
    {.op = RT_STEP_ADD},
};
static const struct rt_step person_inviter_given[] = {{.op = RT_STEP_USER}};
static const struct rt_step person_seen_given[] = {{.op = RT_STEP_NOW}};
static const struct rt_given person_given[] = {
    {
        .field = PEOPLE_PERSON_FIELD_ADDRESS,
        .distinct = &people_person_indexes[PEOPLE_PERSON_ADDRESS],
        .value = RT_EXPR(person_address_given),
    },
    {
        .field = PEOPLE_PERSON_FIELD_JOINED,
        .value = RT_EXPR(person_joined_given),
    },
    {
        .field = PEOPLE_PERSON_FIELD_LEAVES,
        .value = RT_EXPR(person_leaves_given),
    },
    {
        .field = PEOPLE_PERSON_FIELD_INVITER,
        .value = RT_EXPR(person_inviter_given),
    },
    {
        .field = PEOPLE_PERSON_FIELD_SEEN,
        .on_update = true,
        .value = RT_EXPR(person_seen_given),
    },
};

const struct rt_model people_person_model = {
    .name = "Person",
    .message = &people_person_message,
    .id_field = PEOPLE_PERSON_FIELD_ID,
    .version_field = PEOPLE_PERSON_FIELD_VERSION,
    .expires_field = -1,
    .indexes = people_person_indexes,
    .n_indexes = 2,
    .given = person_given,
    .n_given = 5,
};

struct people_person *people_person_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &people_person_model, id);
}

int people_person_create(struct rt_txn *txn, struct people_person *person)
{
    return rt_txn_create(txn, &people_person_model, person);
}

int people_person_update(struct rt_txn *txn, struct people_person *person)
{
    return rt_txn_update(txn, &people_person_model, person);
}

int people_person_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &people_person_model, id);
}

int people_person_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &people_person_model, &scan, ret);
}

struct people_person *people_person_by_login(struct rt_txn *txn, const char *login)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(login)}};
    return rt_txn_find(txn, &people_person_model, &people_person_indexes[PEOPLE_PERSON_LOGIN],
                       values);
}

struct people_person *people_person_by_address(struct rt_txn *txn, const char *address)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(address)}};
    return rt_txn_find(txn, &people_person_model, &people_person_indexes[PEOPLE_PERSON_ADDRESS],
                       values);
}
