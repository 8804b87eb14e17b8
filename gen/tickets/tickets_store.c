// Generated from schema ticketing; do not edit.
#include "gen/tickets/tickets_store.h"

static const uint16_t ticket_by_seller_fields[] = {TICKETS_TICKET_FIELD_USER_ID};

const struct rt_index tickets_ticket_indexes[] = {
    {
        .name = "by_seller",
        .fields = ticket_by_seller_fields,
        .n_fields = 1,
    },
};

static const char *const ticket_followed[] = {
    TICKETS_TICKET_CREATED_SUBJECT,
    TICKETS_TICKET_UPDATED_SUBJECT,
    NULL,
};

const struct rt_model tickets_ticket_model = {
    .name = "Ticket",
    .message = &tickets_ticket_message,
    .id_field = TICKETS_TICKET_FIELD_ID,
    .version_field = TICKETS_TICKET_FIELD_VERSION,
    .expires_field = -1,
    .followed = ticket_followed,
    .indexes = tickets_ticket_indexes,
    .n_indexes = 1,
};

struct tickets_ticket *tickets_ticket_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &tickets_ticket_model, id);
}

int tickets_ticket_create(struct rt_txn *txn, struct tickets_ticket *ticket)
{
    return rt_txn_create(txn, &tickets_ticket_model, ticket);
}

int tickets_ticket_update(struct rt_txn *txn, struct tickets_ticket *ticket)
{
    return rt_txn_update(txn, &tickets_ticket_model, ticket);
}

int tickets_ticket_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &tickets_ticket_model, id);
}

int tickets_ticket_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &tickets_ticket_model, &scan, ret);
}

int tickets_ticket_list_by_seller(struct rt_txn *txn, const char *user_id, struct rt_str after,
                                  size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(user_id)}};
    const struct rt_scan scan = {
        .index = &tickets_ticket_indexes[TICKETS_TICKET_BY_SELLER],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &tickets_ticket_model, &scan, ret);
}

const struct rt_model tickets_revocation_model = {
    .name = "Revocation",
    .message = &tickets_revocation_message,
    .id_field = TICKETS_REVOCATION_FIELD_ID,
    .version_field = TICKETS_REVOCATION_FIELD_VERSION,
    .expires_field = TICKETS_REVOCATION_FIELD_EXPIRES_AT,
    .replica = true,
};

struct tickets_revocation *tickets_revocation_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &tickets_revocation_model, id);
}

int tickets_revocation_list(struct rt_txn *txn, struct rt_str after, size_t limit,
                            struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &tickets_revocation_model, &scan, ret);
}
