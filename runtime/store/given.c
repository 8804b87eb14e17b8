/* Fields that the store gives a value: the time, who asks, what is computed, slugs. */
#include "runtime/base/uuid.h"
#include "runtime/store/store_impl.h"

enum { SUFFIX_LEN = 9, TRIES_MAX = 4 };

static bool is_unset(const struct rt_field *field, const void *record)
{
    struct rt_value value = rt_field_get(field, record);
    if (!value.present)
        return true;
    switch ((enum rt_kind)field->kind) {
    case RT_STRING:
    case RT_ID:
    case RT_REF:
    case RT_MESSAGE: /* an embed */
        return value.s.len == 0;
    case RT_U64:
        return value.u == 0;
    case RT_F64:
        return value.f >= 0 && value.f <= 0;
    default:
        return value.i == 0;
    }
}

/* Whether another record has the text. */
static bool is_taken(struct rt_txn *txn, const struct rt_model *model, const struct rt_index *index,
                     struct rt_value value)
{
    const struct rt_model_info *info = rt_catalog_model(&txn->store->catalog, model);
    const struct rt_index_info *unique = rt_model_index(info, index);
    return rt_txn_lookup(txn, rt_index_prefix(unique, &value, 1, txn->arena)).data != NULL;
}

/* "title-1f00a9c3": the text with a random end, at most `max` characters. */
static struct rt_str with_suffix(struct rt_txn *txn, struct rt_str text, size_t max)
{
    uint32_t number;
    rt_random(&number, sizeof(number));
    if (text.len + SUFFIX_LEN > max)
        text.len = max - SUFFIX_LEN;
    while (text.len > 0 && text.data[text.len - 1] == '-')
        text.len--;
    return rt_str(rt_arena_printf(txn->arena, "%.*s%s%08x", (int)text.len,
                                  text.len > 0 ? text.data : "", text.len > 0 ? "-" : "",
                                  (unsigned)number));
}

/* A value that no other record has. After some tries the last one is left to rt_txn_create, which
 * says that it is taken. */
static struct rt_value distinct(struct rt_txn *txn, const struct rt_model *model,
                                const struct rt_given *given, struct rt_value value)
{
    size_t max = given->value.steps[given->value.n_steps - 1].n;
    struct rt_str text = value.present ? value.s : rt_str_n(NULL, 0);
    for (int i = 0; i < TRIES_MAX; i++) {
        if (value.present && !is_taken(txn, model, given->distinct, value))
            break;
        value = (struct rt_value){.present = true, .s = with_suffix(txn, text, max)};
    }
    return value;
}

void rt_txn_given(struct rt_txn *txn, const struct rt_model *model, void *record, bool update)
{
    const struct rt_expr_env env = {
        .record = record, .now_ms = txn->now_ms, .user = txn->user, .arena = txn->arena};
    for (size_t i = 0; i < model->n_given; i++) {
        const struct rt_given *given = &model->given[i];
        const struct rt_field *field = &model->message->fields[given->field];
        if (update ? !given->on_update : !is_unset(field, record))
            continue;
        struct rt_value value = rt_expr_value(&given->value, &env);
        if (given->distinct)
            value = distinct(txn, model, given, value);
        if (value.present)
            rt_field_set(field, record, value, txn->arena);
    }
}

void rt_txn_give(struct rt_txn *txn, const struct rt_model *model, void *record)
{
    rt_txn_given(txn, model, record, false);
}
