// Generated from schema everything; do not edit.
#include "gen/people/people_store.h"

static const uint16_t person_login_fields[] = {PEOPLE_PERSON_FIELD_LOGIN};

const struct rt_index people_person_indexes[] = {
    {
        .name = "login",
        .unique = true,
        .fields = person_login_fields,
        .n_fields = 1,
    },
};

const struct rt_model people_person_model = {
    .name = "Person",
    .message = &people_person_message,
    .id_field = PEOPLE_PERSON_FIELD_ID,
    .version_field = PEOPLE_PERSON_FIELD_VERSION,
    .expires_field = -1,
    .indexes = people_person_indexes,
    .n_indexes = 1,
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
