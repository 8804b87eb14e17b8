/* Stored records: what was written under the old schema is read under the new one. */
#include "codegen/breaking/compare.h"

static struct ts_diag *report_field(struct ts_comparison *c, enum ts_code code,
                                    const struct ts_field *old, const struct ts_field *now,
                                    const char *message)
{
    struct ts_diag *diag = ts_report(c->diags, code, now ? now->span : old->span, "%s", message);
    if (now && old)
        ts_label(diag, old->span, "it was this");
    return ts_note_hits(c, diag, old ? old->message : NULL, old ? TS_USE_STORED : 0);
}

static bool in_unique_index(const struct ts_message *model, const struct ts_field *field)
{
    for (size_t i = 0; i < model->n_indexes; i++)
        for (size_t k = 0; model->indexes[i].unique && k < model->indexes[i].n_fields; k++)
            if (model->indexes[i].fields[k] == field)
                return true;
    return false;
}

static void compare_constraints(struct ts_comparison *c, const struct ts_field *old,
                                const struct ts_field *now)
{
    const char *name = now->name;
    const char *tighter = ts_type_tighter(c->arena, &old->type, &now->type);
    if (tighter)
        report_field(c, TS_T_STORED_TIGHTER, old, now,
                     rt_arena_printf(c->arena,
                                     "stored records may have a `%s` that is refused now: %s", name,
                                     tighter));
    if (old->type.optional && !now->type.optional && !now->has_default)
        report_field(
            c, TS_T_STORED_NOW_REQUIRED, old, now,
            rt_arena_printf(c->arena, "`%s` is required, and stored records may lack it", name));
    bool lower = now->type.lower && !old->type.lower, trim = now->type.trim && !old->type.trim;
    if ((lower || trim) && in_unique_index(now->message, now))
        report_field(c, TS_T_STORED_NORMALISED, old, now,
                     rt_arena_printf(c->arena,
                                     "`%s` gets `%s` in a unique index, and stored records keep "
                                     "the text they have",
                                     name, lower ? "lower" : "trim"));
}

static void compare_field(struct ts_comparison *c, const struct ts_field *old,
                          const struct ts_message *now_message)
{
    const struct ts_field *now = ts_field_numbered(now_message, old->number);
    const struct ts_field *namesake = ts_message_field(now_message, old->name);
    if (namesake && namesake->number != old->number) {
        report_field(c, TS_T_STORED_RENUMBERED, old, namesake,
                     rt_arena_printf(c->arena,
                                     "`%s` has another number, %u before: stored values stay "
                                     "behind under the old one",
                                     old->name, old->number));
    } else if (!now && !ts_number_is_reserved(now_message, old->number)) {
        struct ts_diag *diag = ts_report(c->diags, TS_T_STORED_FIELD_GONE, old->span,
                                         "stored records have a `%s` that is gone", old->name);
        ts_label(diag, now_message->span, "not in this any more");
        ts_help(diag, "write `reserved %u`, so that no later field reads what is stored as %s",
                old->number, old->name);
        ts_note_hits(c, diag, old->message, TS_USE_STORED);
    } else if (now && ts_type_compare(&old->type, &now->type) == TS_TYPE_OTHER) {
        report_field(c, TS_T_STORED_TYPE, old, now,
                     rt_arena_printf(c->arena, "stored records have a %s in `%s`, not a %s",
                                     ts_type_words(c->arena, &old->type), now->name,
                                     ts_type_words(c->arena, &now->type)));
    } else if (now) {
        compare_constraints(c, old, now);
    }
}

static void compare_new_fields(struct ts_comparison *c, const struct ts_message *old,
                               const struct ts_message *now)
{
    for (size_t i = 0; i < now->n_fields; i++) {
        const struct ts_field *field = &now->fields[i];
        if (ts_field_numbered(old, field->number) || ts_message_field(old, field->name))
            continue;
        if (field->type.optional || field->has_default || field->type.shape != TS_ONE ||
            field->type.kind == TS_VERSION)
            continue;
        struct ts_diag *diag =
            ts_report(c->diags, TS_T_STORED_REQUIRED, field->span,
                      "`%s` is required, and no stored record has it", field->name);
        ts_help(diag, "make it optional, or give it a default");
        ts_note_hits(c, diag, old, TS_USE_STORED);
    }
}

static bool has_rule(const struct ts_message *message, const struct ts_rule *rule)
{
    for (size_t i = 0; i < message->n_rules; i++)
        if (strcmp(message->rules[i].name, rule->name) == 0)
            return true;
    return false;
}

static void compare_contents(struct ts_comparison *c, const struct ts_message *old,
                             const struct ts_message *now)
{
    for (size_t i = 0; i < old->n_fields; i++)
        compare_field(c, &old->fields[i], now);
    if (old->kind != TS_REPLICA) /* event.c reports those */
        compare_new_fields(c, old, now);
    for (size_t i = 0; i < now->n_rules; i++)
        if (!has_rule(old, &now->rules[i]))
            ts_note_hits(c,
                         ts_report(c->diags, TS_T_STORED_RULE, now->rules[i].span,
                                   "stored records may break the new rule `%s`",
                                   now->rules[i].name),
                         old, TS_USE_STORED);
}

/* The records that a unique index keeps apart, as far as names show it. */
static bool has_unique(const struct ts_message *model, const struct ts_index *index)
{
    for (size_t i = 0; i < model->n_indexes; i++) {
        const struct ts_index *other = &model->indexes[i];
        bool same = other->unique && other->n_fields == index->n_fields &&
                    (!other->condition || index->condition);
        for (size_t k = 0; same && k < index->n_fields; k++)
            same = other->fields[k]->number == index->fields[k]->number;
        if (same)
            return true;
    }
    return false;
}

static void compare_model(struct ts_comparison *c, const struct ts_message *old,
                          const struct ts_message *now)
{
    for (size_t i = 0; i < now->n_indexes; i++)
        if (now->indexes[i].unique && !has_unique(old, &now->indexes[i]))
            ts_note_hits(c,
                         ts_report(c->diags, TS_T_STORED_UNIQUE, now->indexes[i].span,
                                   "stored records may be alike in `%s`, which is unique now",
                                   now->indexes[i].name),
                         old, TS_USE_STORED);
    if (now->expires && (!old->expires || old->expires->number != now->expires->number))
        ts_note_hits(c,
                     ts_report(c->diags, TS_T_STORED_EXPIRES, now->span,
                               "stored records go away once their `%s` has passed, which they did "
                               "not before",
                               now->expires->name),
                     old, TS_USE_STORED);
}

void ts_break_stored(struct ts_comparison *c)
{
    for (size_t i = 0; i < c->old->n_services; i++) {
        const struct ts_service *service = c->old->services[i];
        for (size_t k = 0; k < service->n_messages; k++) {
            const struct ts_message *old = service->messages[k];
            if (!(ts_uses_of(c, old)->uses & TS_USE_STORED) || old->implicit)
                continue;
            const struct ts_message *now = ts_same_model(c->now, old);
            if (now && ts_message_is_stored(old) == ts_message_is_stored(now)) {
                compare_contents(c, old, now);
                if (ts_message_is_stored(old))
                    compare_model(c, old, now);
            } else if (old->kind == TS_MODEL && ts_same_service(c->now, service->name)) {
                ts_report(c->diags, TS_T_STORED_MODEL_GONE, old->span,
                          "the records of %s stay behind where nothing reads them",
                          ts_message_words(c->arena, old));
            }
        }
    }
}
