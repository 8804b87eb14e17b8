// Generated from schema library; do not edit.
#include "gen/lending/lending_store.h"

const struct rt_model lending_book_model = {
    .name = "Book",
    .message = &lending_book_message,
    .id_field = LENDING_BOOK_FIELD_ID,
    .version_field = LENDING_BOOK_FIELD_VERSION,
    .expires_field = -1,
    .replica = true,
};

struct lending_book *lending_book_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &lending_book_model, id);
}

int lending_book_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &lending_book_model, &scan, ret);
}

static const uint16_t member_email_fields[] = {LENDING_MEMBER_FIELD_EMAIL};
static const uint16_t member_by_name_fields[] = {LENDING_MEMBER_FIELD_NAME};

const struct rt_index lending_member_indexes[] = {
    {
        .name = "email",
        .unique = true,
        .fields = member_email_fields,
        .n_fields = 1,
    },
    {
        .name = "by_name",
        .fields = member_by_name_fields,
        .n_fields = 1,
    },
};

const struct rt_model lending_member_model = {
    .name = "Member",
    .message = &lending_member_message,
    .id_field = LENDING_MEMBER_FIELD_ID,
    .version_field = LENDING_MEMBER_FIELD_VERSION,
    .expires_field = -1,
    .indexes = lending_member_indexes,
    .n_indexes = 2,
};

struct lending_member *lending_member_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &lending_member_model, id);
}

int lending_member_create(struct rt_txn *txn, struct lending_member *member)
{
    return rt_txn_create(txn, &lending_member_model, member);
}

int lending_member_update(struct rt_txn *txn, struct lending_member *member)
{
    return rt_txn_update(txn, &lending_member_model, member);
}

int lending_member_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &lending_member_model, id);
}

int lending_member_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &lending_member_model, &scan, ret);
}

struct lending_member *lending_member_by_email(struct rt_txn *txn, const char *email)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(email)}};
    return rt_txn_find(txn, &lending_member_model, &lending_member_indexes[LENDING_MEMBER_EMAIL],
                       values);
}

int lending_member_list_by_name(struct rt_txn *txn, const char *name, struct rt_str after,
                                size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(name)}};
    const struct rt_scan scan = {
        .index = &lending_member_indexes[LENDING_MEMBER_BY_NAME],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &lending_member_model, &scan, ret);
}

static const uint16_t loan_by_member_fields[] = {LENDING_LOAN_FIELD_MEMBER};
static const uint16_t loan_open_by_book_fields[] = {LENDING_LOAN_FIELD_BOOK};
static const struct rt_step loan_open_by_book_where[] = {
    {RT_STEP_FIELD, .field = &lending_loan_fields[5]},
    {.op = RT_STEP_SET},
    {.op = RT_STEP_NOT},
};
static const uint16_t loan_open_by_member_fields[] = {
    LENDING_LOAN_FIELD_MEMBER,
    LENDING_LOAN_FIELD_DUE_AT,
};
static const struct rt_step loan_open_by_member_where[] = {
    {RT_STEP_FIELD, .field = &lending_loan_fields[5]},
    {.op = RT_STEP_SET},
    {.op = RT_STEP_NOT},
};
static const uint16_t loan_open_by_due_fields[] = {LENDING_LOAN_FIELD_DUE_AT};
static const struct rt_step loan_open_by_due_where[] = {
    {RT_STEP_FIELD, .field = &lending_loan_fields[5]},
    {.op = RT_STEP_SET},
    {.op = RT_STEP_NOT},
};
static const uint16_t loan_overdue_fields[] = {LENDING_LOAN_FIELD_DUE_AT};
static const struct rt_step loan_overdue_where[] = {
    {RT_STEP_FIELD, .field = &lending_loan_fields[5]}, /* returned_at */
    {.op = RT_STEP_SET},                               /* is set */
    {.op = RT_STEP_NOT},                               /* not */
    {RT_STEP_FIELD, .field = &lending_loan_fields[6]}, /* overdue */
    {RT_STEP_INT, .integer = 0},                       /* false */
    {.op = RT_STEP_EQ},                                /* == */
    {.op = RT_STEP_AND},                               /* and */
};

const struct rt_index lending_loan_indexes[] = {
    {
        .name = "by_member",
        .fields = loan_by_member_fields,
        .n_fields = 1,
    },
    {
        .name = "open_by_book",
        .unique = true,
        .fields = loan_open_by_book_fields,
        .n_fields = 1,
        .where = RT_EXPR(loan_open_by_book_where),
    },
    {
        .name = "open_by_member",
        .fields = loan_open_by_member_fields,
        .n_fields = 2,
        .where = RT_EXPR(loan_open_by_member_where),
    },
    {
        .name = "open_by_due",
        .fields = loan_open_by_due_fields,
        .n_fields = 1,
        .where = RT_EXPR(loan_open_by_due_where),
    },
    {
        .name = "overdue",
        .fields = loan_overdue_fields,
        .n_fields = 1,
        .where = RT_EXPR(loan_overdue_where),
    },
};

static const char *const loan_followed[] = {
    LENDING_LOAN_MADE_SUBJECT,
    LENDING_LOAN_CHANGED_SUBJECT,
    NULL,
};

static const struct rt_embed loan_embeds[] = {
    {LENDING_LOAN_FIELD_BOOK, &lending_book_model},
};

const struct rt_model lending_loan_model = {
    .name = "Loan",
    .message = &lending_loan_message,
    .id_field = LENDING_LOAN_FIELD_ID,
    .version_field = LENDING_LOAN_FIELD_VERSION,
    .expires_field = -1,
    .followed = loan_followed,
    .indexes = lending_loan_indexes,
    .n_indexes = 5,
    .embeds = loan_embeds,
    .n_embeds = 1,
};

struct lending_loan *lending_loan_get(struct rt_txn *txn, const char *id)
{
    return rt_txn_get(txn, &lending_loan_model, id);
}

int lending_loan_create(struct rt_txn *txn, struct lending_loan *loan)
{
    return rt_txn_create(txn, &lending_loan_model, loan);
}

int lending_loan_update(struct rt_txn *txn, struct lending_loan *loan)
{
    return rt_txn_update(txn, &lending_loan_model, loan);
}

int lending_loan_delete(struct rt_txn *txn, const char *id)
{
    return rt_txn_delete(txn, &lending_loan_model, id);
}

int lending_loan_list(struct rt_txn *txn, struct rt_str after, size_t limit, struct rt_page *ret)
{
    const struct rt_scan scan = {.after = after, .limit = limit};
    return rt_txn_scan(txn, &lending_loan_model, &scan, ret);
}

int lending_loan_list_by_member(struct rt_txn *txn, const char *member, struct rt_str after,
                                size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(member)}};
    const struct rt_scan scan = {
        .index = &lending_loan_indexes[LENDING_LOAN_BY_MEMBER],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &lending_loan_model, &scan, ret);
}

struct lending_loan *lending_loan_open_by_book(struct rt_txn *txn, const char *book_id)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(book_id)}};
    return rt_txn_find(txn, &lending_loan_model, &lending_loan_indexes[LENDING_LOAN_OPEN_BY_BOOK],
                       values);
}

int lending_loan_list_open_by_member(struct rt_txn *txn, const char *member, struct rt_str after,
                                     size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .s = rt_str(member)}};
    const struct rt_scan scan = {
        .index = &lending_loan_indexes[LENDING_LOAN_OPEN_BY_MEMBER],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &lending_loan_model, &scan, ret);
}

int lending_loan_list_open_by_due(struct rt_txn *txn, int64_t due_at, struct rt_str after,
                                  size_t limit, struct rt_page *ret)
{
    const struct rt_value values[] = {{.present = true, .i = due_at}};
    const struct rt_scan scan = {
        .index = &lending_loan_indexes[LENDING_LOAN_OPEN_BY_DUE],
        .values = values,
        .n_values = 1,
        .after = after,
        .limit = limit,
    };
    return rt_txn_scan(txn, &lending_loan_model, &scan, ret);
}
