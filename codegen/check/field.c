/* Fields of a message by name. */
#include "codegen/check/impl.h"

/* Lets the symbols of the fields' names point to the fields. */
static void stamp_fields(struct ts_checker *c, const struct ts_message *message)
{
    if (c->stamped == message)
        return;
    c->stamped = message;
    for (size_t i = 0; i < message->n_fields; i++) {
        struct ts_symbol *symbol = ts_symbol_of(message->fields[i].name);
        symbol->owner = message;
        symbol->value = &message->fields[i];
    }
}

struct ts_field *ts_find_field(struct ts_checker *c, const struct ts_message *message,
                               struct ts_ident name)
{
    if (!name.symbol)
        return NULL;
    stamp_fields(c, message);
    if (name.symbol->owner == message)
        return (struct ts_field *)(uintptr_t)name.symbol->value;
    if (ts_checked(message)->incomplete)
        return NULL;
    struct ts_diag *diag =
        ts_report(c->diags, TS_T_UNKNOWN_FIELD, name.span, "%s `%s` has no field `%s`",
                  ts_message_kind_text(message), message->name, name.symbol->text);
    ts_label(diag, message->span, "it is declared here");
    if (!ts_may_suggest(c))
        return NULL;
    struct rt_suggest suggest = rt_suggest_init(name.symbol->text);
    for (size_t i = 0; i < message->n_fields; i++)
        rt_suggest_try(&suggest, message->fields[i].name);
    ts_suggest_help(&suggest, diag);
    return NULL;
}

struct ts_field ts_copy_field(const struct ts_field *field, struct ts_message *message,
                              size_t position, struct ts_span span)
{
    struct ts_field copy = *field;
    copy.origin = field;
    copy.message = message;
    copy.position = (uint32_t)position;
    copy.span = span;
    copy.unique = false;
    return copy;
}
