// Generated from schema ticketing; do not edit.
#include "gen/auth/auth_store.h"

static const uint16_t user_email_fields[] = {AUTH_USER_FIELD_EMAIL};

const struct rt_index auth_user_indexes[] = {
    {
        .name = "email",
        .unique = true,
        .fields = user_email_fields,
        .n_fields = 1,
    },
};

const struct rt_model auth_user_model = {
    .name = "User",
    .message = &auth_user_message,
    .id_field = AUTH_USER_FIELD_ID,
    .version_field = AUTH_USER_FIELD_VERSION,
    .expires_field = -1,
    .indexes = auth_user_indexes,
    .n_indexes = 1,
};

struct auth_user *auth_user_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &auth_user_model, id);
}

int auth_user_create(struct rt_txn *txn, struct auth_user *user)
{
    return rt_txn_create(txn, &auth_user_model, user);
}

int auth_user_update(struct rt_txn *txn, struct auth_user *user)
{
    return rt_txn_update(txn, &auth_user_model, user);
}

int auth_user_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &auth_user_model, id);
}

int auth_user_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &auth_user_model, &scan, ret);
}

struct auth_user *auth_user_by_email(struct rt_txn *txn, const char *email)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(email)}};
    return rt_txn_find(txn, &auth_user_model, &auth_user_indexes[AUTH_USER_EMAIL], values);
}

static const char *const revocation_followed[] = {
    AUTH_SESSION_REVOKED_SUBJECT,
    NULL,
};

const struct rt_model auth_revocation_model = {
    .name = "Revocation",
    .message = &auth_revocation_message,
    .id_field = AUTH_REVOCATION_FIELD_ID,
    .version_field = AUTH_REVOCATION_FIELD_VERSION,
    .expires_field = AUTH_REVOCATION_FIELD_EXPIRES_AT,
    .followed = revocation_followed,
};

struct auth_revocation *auth_revocation_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &auth_revocation_model, id);
}

int auth_revocation_create(struct rt_txn *txn, struct auth_revocation *revocation)
{
    return rt_txn_create(txn, &auth_revocation_model, revocation);
}

int auth_revocation_update(struct rt_txn *txn, struct auth_revocation *revocation)
{
    return rt_txn_update(txn, &auth_revocation_model, revocation);
}

int auth_revocation_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &auth_revocation_model, id);
}

int auth_revocation_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &auth_revocation_model, &scan, ret);
}
