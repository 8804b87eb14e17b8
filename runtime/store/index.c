#include "runtime/store/index.h"

static int add_field(struct rt_index_info *info, const struct rt_model *model, size_t field,
                     struct rt_error *error)
{
    const struct rt_message *message = model->message;
    if (info->n_fields == RT_INDEX_FIELDS_MAX || field >= message->n_fields)
        return rt_error_set(error, RT_EINVAL, "index %s.%s: bad list of fields", model->name,
                            info->name);
    int class = rt_key_class_of(&message->fields[field]);
    if (class < 0)
        return rt_error_set(error, RT_EINVAL, "index %s.%s: %s has no order", model->name,
                            info->name, message->fields[field].name);
    info->fields[info->n_fields] = &message->fields[field];
    info->classes[info->n_fields] = (uint8_t) class;
    info->n_fields++;
    return 0;
}

int rt_index_init(struct rt_index_info *info, const struct rt_model *model,
                  const struct rt_index *index, struct rt_error *error)
{
    *info = (struct rt_index_info){
        .name = index->name,
        .space = index->unique ? RT_SPACE_UNIQUE : RT_SPACE_INDEX,
        .only_present = index->unique,
        .message = model->message,
        .where = index->where,
    };
    for (size_t i = 0; i < index->n_fields; i++) {
        int code = add_field(info, model, index->fields[i], error);
        if (code != 0)
            return code;
    }
    return 0;
}

int rt_index_init_expiry(struct rt_index_info *info, const struct rt_model *model,
                         struct rt_error *error)
{
    *info = (struct rt_index_info){
        .name = "(expires)",
        .space = RT_SPACE_INDEX,
        .only_present = true,
        .message = model->message,
    };
    return add_field(info, model, (size_t)model->expires_field, error);
}

/* Fields go by their number, which is what a stored record knows them by. */
void rt_index_define(const struct rt_index_info *info, struct rt_buf *out)
{
    static const char *const classes[] = {"i64", "u64", "f64", "text"};
    rt_buf_puts(out, info->space == RT_SPACE_UNIQUE ? "unique(" : "index(");
    for (size_t i = 0; i < info->n_fields; i++)
        rt_buf_printf(out, "%s%u:%s", i ? "," : "", info->fields[i]->number,
                      classes[info->classes[i]]);
    rt_buf_puts(out, info->only_present && info->space != RT_SPACE_UNIQUE ? ") present" : ")");
    if (info->where.steps) {
        rt_buf_puts(out, " while ");
        rt_expr_define(&info->where, out);
    }
}

struct rt_bytes rt_index_key(const struct rt_index_info *info, const void *record, struct rt_str id,
                             struct rt_arena *arena)
{
    if (!rt_expr_holds(&info->where, record))
        return rt_bytes(NULL, 0);
    struct rt_value values[RT_INDEX_FIELDS_MAX];
    for (size_t i = 0; i < info->n_fields; i++) {
        values[i] = rt_field_get(info->fields[i], record);
        if (info->only_present && !values[i].present)
            return rt_bytes(NULL, 0);
    }
    if (info->space == RT_SPACE_UNIQUE)
        id = rt_str_n(NULL, 0);
    return rt_key_index(arena, info->space, info->number, info->classes, values, info->n_fields,
                        id);
}

struct rt_bytes rt_index_prefix(const struct rt_index_info *info, const struct rt_value *values,
                                size_t n, struct rt_arena *arena)
{
    return rt_key_index(arena, info->space, info->number, info->classes, values, n,
                        rt_str_n(NULL, 0));
}

bool rt_index_first(struct rt_bytes key, int64_t *ret)
{
    enum { LEN = RT_KEY_HEAD_LEN + 1 + 8 };
    if (key.len < LEN || key.data[RT_KEY_HEAD_LEN] == 0)
        return false;
    *ret = rt_key_i64_get(key.data + RT_KEY_HEAD_LEN + 1);
    return true;
}

bool rt_index_id(const struct rt_index_info *info, struct rt_bytes key, struct rt_bytes value,
                 struct rt_str *ret)
{
    if (info->space == RT_SPACE_UNIQUE) {
        *ret = rt_str_n((const char *)value.data, value.len);
        return value.len > 0;
    }
    struct rt_bytes rest = rt_bytes(key.data + RT_KEY_HEAD_LEN, key.len - RT_KEY_HEAD_LEN);
    for (size_t i = 0; i < info->n_fields; i++)
        if (!rt_key_skip((enum rt_key_class)info->classes[i], &rest))
            return false;
    *ret = rt_str_n((const char *)rest.data, rest.len);
    return rest.len > 0;
}
