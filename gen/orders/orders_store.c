// Generated from schema ticketing; do not edit.
#include "gen/orders/orders_store.h"

const struct rt_model orders_ticket_model = {
    .name = "Ticket",
    .message = &orders_ticket_message,
    .id_field = ORDERS_TICKET_FIELD_ID,
    .version_field = ORDERS_TICKET_FIELD_VERSION,
    .expires_field = -1,
    .replica = true,
};

struct orders_ticket *orders_ticket_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &orders_ticket_model, id);
}

int orders_ticket_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &orders_ticket_model, &scan, ret);
}

static const uint16_t order_by_user_fields[] = {ORDERS_ORDER_FIELD_USER_ID};
static const uint16_t order_open_by_ticket_fields[] = {ORDERS_ORDER_FIELD_TICKET};
static const struct rt_step order_open_by_ticket_where[] = {
    {RT_STEP_FIELD, .field = &orders_order_fields[2]},              /* status */
    {RT_STEP_INT, .integer = ORDERS_ORDER_STATUS_CREATED},          /* created */
    {RT_STEP_INT, .integer = ORDERS_ORDER_STATUS_AWAITING_PAYMENT}, /* awaiting:payment */
    {RT_STEP_INT, .integer = ORDERS_ORDER_STATUS_COMPLETE},         /* complete */
    {.op = RT_STEP_IN, .n = 3},                                     /* in */
};
static const uint16_t order_expire_fields[] = {ORDERS_ORDER_FIELD_EXPIRES_AT};
static const struct rt_step order_expire_where[] = {
    {RT_STEP_FIELD, .field = &orders_order_fields[2]},              /* status */
    {RT_STEP_INT, .integer = ORDERS_ORDER_STATUS_CREATED},          /* created */
    {RT_STEP_INT, .integer = ORDERS_ORDER_STATUS_AWAITING_PAYMENT}, /* awaiting:payment */
    {.op = RT_STEP_IN, .n = 2},                                     /* in */
};

const struct rt_index orders_order_indexes[] = {
    {
        .name = "by_user",
        .fields = order_by_user_fields,
        .n_fields = 1,
    },
    {
        .name = "open_by_ticket",
        .unique = true,
        .fields = order_open_by_ticket_fields,
        .n_fields = 1,
        .where = RT_EXPR(order_open_by_ticket_where),
    },
    {
        .name = "expire",
        .fields = order_expire_fields,
        .n_fields = 1,
        .where = RT_EXPR(order_expire_where),
    },
};

static const struct rt_embed order_embeds[] = {
    {ORDERS_ORDER_FIELD_TICKET, &orders_ticket_model},
};

const struct rt_model orders_order_model = {
    .name = "Order",
    .message = &orders_order_message,
    .id_field = ORDERS_ORDER_FIELD_ID,
    .version_field = ORDERS_ORDER_FIELD_VERSION,
    .expires_field = -1,
    .indexes = orders_order_indexes,
    .n_indexes = 3,
    .embeds = order_embeds,
    .n_embeds = 1,
};

struct orders_order *orders_order_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &orders_order_model, id);
}

int orders_order_create(struct rt_txn *txn, struct orders_order *order)
{
    return rt_txn_create(txn, &orders_order_model, order);
}

int orders_order_update(struct rt_txn *txn, struct orders_order *order)
{
    return rt_txn_update(txn, &orders_order_model, order);
}

int orders_order_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &orders_order_model, id);
}

int orders_order_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &orders_order_model, &scan, ret);
}

int orders_order_list_by_user(struct rt_txn *txn, const char *user_id, struct rt_str after,
                              size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(user_id)}};
    const struct rt_scan scan = {
        .index = &orders_order_indexes[ORDERS_ORDER_BY_USER],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &orders_order_model, &scan, ret);
}

struct orders_order *orders_order_open_by_ticket(struct rt_txn *txn, const char *ticket_id)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(ticket_id)}};
    return rt_txn_find(txn, &orders_order_model, &orders_order_indexes[ORDERS_ORDER_OPEN_BY_TICKET],
                       values);
}

const struct rt_model orders_revocation_model = {
    .name = "Revocation",
    .message = &orders_revocation_message,
    .id_field = ORDERS_REVOCATION_FIELD_ID,
    .version_field = ORDERS_REVOCATION_FIELD_VERSION,
    .expires_field = ORDERS_REVOCATION_FIELD_EXPIRES_AT,
    .replica = true,
};

struct orders_revocation *orders_revocation_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &orders_revocation_model, id);
}

int orders_revocation_list(struct rt_txn *txn, struct rt_str after, size_t limit,
                           struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &orders_revocation_model, &scan, ret);
}
