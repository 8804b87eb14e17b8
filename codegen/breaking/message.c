/* Messages on their way, as protobuf and as JSON: requests, replies, and the enums in them. What is
 * particular to events is in event.c. */
#include "codegen/breaking/compare.h"

enum { ON_THE_WAY = TS_USE_REQUEST | TS_USE_REPLY };

static void request_field(struct ts_comparison *c, const struct ts_field *old,
                          const struct ts_field *now)
{
    const char *tighter = ts_type_tighter(c->arena, &old->type, &now->type);
    if (tighter)
        ts_note_hits(
            c,
            ts_label(ts_report(c->diags, TS_T_REQUEST_TIGHTER, now->span,
                               "requests are refused for their `%s`: %s", now->json_name, tighter),
                     old->span, "it was this"),
            old->message, TS_USE_REQUEST);
    bool was_optional = old->type.optional || old->has_default;
    if (was_optional && !now->type.optional && !now->has_default && now->type.shape == TS_ONE)
        ts_note_hits(c,
                     ts_label(ts_report(c->diags, TS_T_REQUEST_NOW_REQUIRED, now->span,
                                        "requests without `%s` are refused", now->json_name),
                              old->span, "it could be left out"),
                     old->message, TS_USE_REQUEST);
    const char *before =
        old->has_default ? ts_value_text(c->arena, &old->type, &old->default_value) : NULL;
    const char *after =
        now->has_default ? ts_value_text(c->arena, &now->type, &now->default_value) : NULL;
    if (before && after && strcmp(before, after) != 0)
        ts_note_hits(c,
                     ts_report(c->diags, TS_T_REQUEST_DEFAULT, now->span,
                               "requests without `%s` mean %s, %s before", now->json_name, after,
                               before),
                     old->message, TS_USE_REQUEST);
}

static void reply_field(struct ts_comparison *c, const struct ts_field *old,
                        const struct ts_field *now)
{
    if (now->type.optional && !old->type.optional && now->type.shape == TS_ONE)
        ts_note_hits(c,
                     ts_label(ts_report(c->diags, TS_T_REPLY_NOW_OPTIONAL, now->span,
                                        "replies may lack `%s`", now->json_name),
                              old->span, "it was always there"),
                     old->message, TS_USE_REPLY);
}

static void gone_field(struct ts_comparison *c, const struct ts_field *old,
                       const struct ts_message *now, unsigned uses)
{
    if (uses & TS_USE_REQUEST)
        ts_note_hits(c,
                     ts_label(ts_report(c->diags, TS_T_REQUEST_FIELD_GONE, old->span,
                                        "requests with a `%s` are refused", old->json_name),
                              now->span, "not in this any more"),
                     old->message, TS_USE_REQUEST);
    if (uses & TS_USE_REPLY)
        ts_note_hits(c,
                     ts_label(ts_report(c->diags, TS_T_REPLY_FIELD_GONE, old->span,
                                        "replies have no `%s` any more", old->json_name),
                              now->span, "not in this any more"),
                     old->message, TS_USE_REPLY);
}

static void compare_field(struct ts_comparison *c, const struct ts_field *old,
                          const struct ts_message *now_message, unsigned uses)
{
    const struct ts_field *now = ts_field_numbered(now_message, old->number);
    const struct ts_field *namesake = ts_message_field(now_message, old->name);
    if (namesake && namesake->number != old->number) {
        ts_note_hits(
            c,
            ts_label(ts_report(c->diags, TS_T_MESSAGE_RENUMBERED, namesake->span,
                               "`%s` has another number, %u before", old->name, old->number),
                     old->span, "it was this"),
            old->message, ON_THE_WAY);
        return;
    }
    if (!now) {
        gone_field(c, old, now_message, uses);
        return;
    }
    if (strcmp(old->json_name, now->json_name) != 0)
        ts_note_hits(
            c,
            ts_label(ts_report(c->diags, TS_T_MESSAGE_FIELD_RENAMED, now->span,
                               "`%s` is called `%s` in JSON", old->json_name, now->json_name),
                     old->span, "it was this"),
            old->message, ON_THE_WAY);
    enum ts_type_change change = ts_type_compare(&old->type, &now->type);
    if (change == TS_TYPE_OTHER || (change == TS_TYPE_WIDER && (uses & TS_USE_REPLY))) {
        ts_note_hits(c,
                     ts_label(ts_report(c->diags, TS_T_MESSAGE_FIELD_TYPE, now->span,
                                        "`%s` is a %s, a %s before", now->json_name,
                                        ts_type_words(c->arena, &now->type),
                                        ts_type_words(c->arena, &old->type)),
                              old->span, "it was this"),
                     old->message, ON_THE_WAY);
        return;
    }
    if (uses & TS_USE_REQUEST)
        request_field(c, old, now);
    if (uses & TS_USE_REPLY)
        reply_field(c, old, now);
}

static void compare_request(struct ts_comparison *c, const struct ts_message *old,
                            const struct ts_message *now)
{
    for (size_t i = 0; i < now->n_fields; i++) {
        const struct ts_field *field = &now->fields[i];
        if (ts_field_numbered(old, field->number) || ts_message_field(old, field->name) ||
            field->type.optional || field->has_default || field->type.kind == TS_ID ||
            field->type.kind == TS_VERSION ||
            (field->type.shape != TS_ONE && field->type.min_items == 0))
            continue;
        ts_note_hits(
            c,
            ts_help(ts_report(c->diags, TS_T_REQUEST_FIELD_REQUIRED, field->span,
                              "requests without the new `%s` are refused", field->json_name),
                    "make it optional, or give it a default"),
            old, TS_USE_REQUEST);
    }
    for (size_t i = 0; i < now->n_rules; i++) {
        bool known = false;
        for (size_t k = 0; k < old->n_rules && !known; k++)
            known = strcmp(old->rules[k].name, now->rules[i].name) == 0;
        if (!known)
            ts_note_hits(c,
                         ts_report(c->diags, TS_T_REQUEST_RULE, now->rules[i].span,
                                   "requests that break the new rule `%s` are refused",
                                   now->rules[i].name),
                         old, TS_USE_REQUEST);
    }
}

void ts_break_messages(struct ts_comparison *c)
{
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *service = c->old->services[i];
        for (size_t k = 0; k < service->n_messages; k++) {
            const struct ts_message *old = service->messages[k];
            const struct ts_message *now = ts_same_message(c->now, old);
            unsigned uses = ts_uses_of(c, old)->uses;
            if (!now && (uses & ON_THE_WAY) && ts_same_service(c->now, service->name)) {
                ts_note_hits(c,
                             ts_report(c->diags, TS_T_MESSAGE_GONE, old->span,
                                       "no message is called %s any more",
                                       ts_message_words(c->arena, old)),
                             old, ON_THE_WAY);
                continue;
            }
            for (size_t f = 0; now && (uses & ON_THE_WAY) && f < old->n_fields; f++)
                compare_field(c, &old->fields[f], now, uses);
            if (now && (uses & TS_USE_REQUEST))
                compare_request(c, old, now);
            if (now && old->bounded && now->bounded && now->bytes_max > old->bytes_max)
                ts_report(c->diags, TS_T_BOUNDED_LARGER, now->span,
                          "%s takes up to %u bytes, %u before: a device built for that refuses it",
                          ts_message_words(c->arena, now), now->bytes_max, old->bytes_max);
        }
    }
}

/* -------------------------------------------------------------------- enums */

static const struct ts_enum_value *value_numbered(const struct ts_enum *e, uint32_t number)
{
    for (size_t i = 0; i < e->n_values; i++)
        if (e->values[i].number == number)
            return &e->values[i];
    return NULL;
}

static const struct ts_enum_value *value_named(const struct ts_enum *e, const char *name)
{
    for (size_t i = 0; i < e->n_values; i++)
        if (strcmp(e->values[i].name, name) == 0)
            return &e->values[i];
    return NULL;
}

static void compare_value(struct ts_comparison *c, const struct ts_enum *old,
                          const struct ts_enum *now_enum, const struct ts_enum_value *value)
{
    const struct ts_enum_value *now = value_numbered(now_enum, value->number);
    const struct ts_enum_value *namesake = value_named(now_enum, value->name);
    if (namesake && namesake->number != value->number)
        ts_note_hits(
            c,
            ts_label(ts_report(c->diags, TS_T_ENUM_RENUMBERED, namesake->span,
                               "`%s` has another number, %u before", value->name, value->number),
                     value->span, "it was this"),
            old, ~0u);
    else if (!now)
        ts_note_hits(
            c,
            ts_label(ts_report(c->diags, TS_T_ENUM_VALUE_GONE, value->span,
                               "`%s` is not a value of %s any more", value->text, old->name),
                     now_enum->span, "not in this"),
            old, ~0u);
    else if (strcmp(now->text, value->text) != 0)
        ts_note_hits(c,
                     ts_label(ts_report(c->diags, TS_T_ENUM_TEXT, now->span,
                                        "`%s` is written \"%s\" in JSON, \"%s\" before", now->name,
                                        now->text, value->text),
                              value->span, "it was this"),
                     old, ~0u);
}

static void compare_enum(struct ts_comparison *c, const struct ts_enum *old)
{
    const struct ts_enum *now = ts_same_enum(c->now, old);
    const struct ts_used *used = ts_uses_of(c, old);
    if (!now)
        return; /* the fields that were of it say so */
    for (size_t i = 0; i < old->n_values; i++)
        compare_value(c, old, now, &old->values[i]);
    for (size_t i = 0; i < now->n_values; i++) {
        if (value_numbered(old, now->values[i].number) || value_named(old, now->values[i].name) ||
            !(used->uses & (TS_USE_REPLY | TS_USE_EVENT)))
            continue;
        ts_note_hits(c,
                     ts_report(c->diags, TS_T_ENUM_VALUE_NEW, now->values[i].span,
                               "clients and consumers of today do not know `%s`",
                               now->values[i].text),
                     old, TS_USE_REPLY | TS_USE_EVENT);
        for (size_t k = 0; k < used->n_events; k++)
            ts_order_consumers(c, used->events[k], true, TS_T_ENUM_VALUE_NEW);
    }
}

void ts_break_enums(struct ts_comparison *c)
{
    for (size_t i = 0; i < c->old->n_enums; i++)
        compare_enum(c, c->old->enums[i]);
    for (size_t i = 0; i < c->old->n_services; i++)
        for (size_t k = 0; k < c->old->services[i]->n_enums; k++)
            compare_enum(c, c->old->services[i]->enums[k]);
}
