/* Messages made of another's fields: derived messages, views, events and replicas. */
#include "codegen/check/impl.h"

/* What a message may be made of; reports and returns NULL otherwise. */
static struct ts_checked_message *check_origin(struct ts_checker *c,
                                               struct ts_checked_message *checked)
{
    const struct ts_message *message = &checked->message;
    const struct ts_qname *name = &checked->ast->origin;
    const char *wanted = message->kind == TS_DERIVED ? "message" : "model";
    struct ts_checked_message *origin = ts_resolve_message(c, checked->service, name, wanted);
    if (!origin)
        return NULL;
    const struct ts_message *from = &origin->message;
    const char *wrong = NULL;
    if (message->kind == TS_REPLICA &&
        (from->kind != TS_MODEL || from->service == checked->service))
        wrong = "a replica is a copy of a model of another service";
    else if (message->kind == TS_EVENT && from->kind != TS_MODEL)
        wrong = "an event tells of a model of its own service";
    else if (message->kind == TS_VIEW && !ts_message_is_stored(from))
        wrong = "a view shows a model or a replica";
    else if (message->kind == TS_DERIVED && from->kind == TS_EVENT)
        wrong = "a message cannot be made of an event";
    else if (message->kind != TS_REPLICA && from->service != checked->service)
        wrong = "a service knows the models of another by replicas only";
    if (!wrong)
        return origin;
    ts_label(ts_note(ts_report(c->diags, TS_T_WRONG_KIND, name->span, "`%s` cannot be made of `%s`",
                               message->name, ts_span_text(c, name->span)),
                     "%s", wrong),
             from->span, "`%s` is declared here", from->name);
    return NULL;
}

static void pick_fields(struct ts_checker *c, struct ts_message *message,
                        const struct ts_message *from, const struct ts_ast_pick *picks,
                        unsigned depth);

/* `field { picks }`: a message of its own, named after its place. */
static void pick_nested(struct ts_checker *c, struct ts_field *field,
                        const struct ts_ast_pick *pick, unsigned depth)
{
    struct ts_message *parent = field->message;
    struct ts_message *from = field->type.message;
    if (field->type.kind == TS_POISON)
        return;
    if (field->type.kind != TS_MESSAGE) {
        ts_label(ts_report(c->diags, TS_T_BAD_PICK, pick->name.span,
                           "`%s` has no fields to pick: it is %s", field->name,
                           ts_type_text(c, &field->type)),
                 field->origin->span, "it is declared here");
        return;
    }
    const char *text =
        rt_arena_printf(c->arena, "%s%s", parent->name, ts_name_pascal(c->arena, field->name));
    struct ts_ident name = {ts_symbol(c->symbols, rt_str(text)), pick->name.span};
    struct ts_checked_message *nested = ts_new_message(c, parent->service, TS_NESTED, name);
    ts_declare(c, TS_SPACE_TYPE, parent->service, name, TS_DECL_MESSAGE, nested, "type");
    nested->message.c_name = rt_arena_printf(c->arena, "%s_%s", parent->c_name, field->name);
    nested->message.origin = from;
    nested->message.parent = parent;
    nested->message.doc = from->doc;
    nested->message.event = NULL;
    nested->state = TS_DONE;
    ts_check_message(c, ts_checked(from), depth + 1);
    nested->incomplete = ts_checked(from)->incomplete;
    pick_fields(c, &nested->message, from, pick->picks, depth + 1);
    field->type.message = &nested->message;
    field->embed = false;
}

static void check_secret_pick(struct ts_checker *c, const struct ts_message *message,
                              const struct ts_field *origin, struct ts_span span)
{
    const struct ts_message *top = message;
    while (top->parent)
        top = top->parent;
    if (!origin->secret || (top->kind != TS_VIEW && top->kind != TS_EVENT))
        return;
    ts_help(ts_label(ts_report(c->diags, TS_T_SECRET, span, "`%s` is secret: it cannot be in %s",
                               origin->name, top->kind == TS_VIEW ? "a view" : "an event"),
                     origin->span, "it is declared here"),
            "leave it out");
}

/* An embedded record of an event is picked from: a consumer never sees models. */
static void check_whole_pick(struct ts_checker *c, const struct ts_message *message,
                             const struct ts_field *field, struct ts_span span)
{
    const struct ts_message *top = message;
    while (top->parent)
        top = top->parent;
    if (!field->embed || (top->kind != TS_EVENT && top->kind != TS_REPLICA))
        return;
    ts_label(ts_help(ts_report(c->diags, TS_T_PICK_WHOLE, span,
                               "an event says which fields of `%s` it carries", field->name),
                     "write `%s { id }`, with the fields that consumers need", field->name),
             field->origin ? field->origin->span : field->span, "it is declared here");
}

static void pick_fields(struct ts_checker *c, struct ts_message *message,
                        const struct ts_message *from, const struct ts_ast_pick *picks,
                        unsigned depth)
{
    size_t count = 0;
    for (const struct ts_ast_pick *pick = picks; pick; pick = pick->next)
        count++;
    message->fields = RT_ARENA_ARRAY(c->arena, count ? count : 1, struct ts_field);
    const struct ts_ast_pick **taken =
        RT_ARENA_ARRAY(c->arena, from->n_fields + 1, const struct ts_ast_pick *);
    for (const struct ts_ast_pick *pick = picks; pick; pick = pick->next) {
        const struct ts_field *origin = ts_find_field(c, from, pick->name);
        if (!origin) {
            ts_checked(message)->incomplete = true;
            continue;
        }
        const struct ts_ast_pick *first = taken[origin->position];
        if (first) {
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, pick->name.span,
                               "field `%s` is picked twice", origin->name),
                     first->name.span, "first here");
            continue;
        }
        taken[origin->position] = pick;
        struct ts_field *field = &message->fields[message->n_fields];
        *field = ts_copy_field(origin, message, message->n_fields++, pick->name.span);
        check_secret_pick(c, message, origin, pick->name.span);
        if (pick->nested)
            pick_nested(c, field, pick, depth);
        else
            check_whole_pick(c, message, field, pick->name.span);
    }
}

/* The field behind `keyed by`, or NULL after reporting. */
static const struct ts_field *check_key(struct ts_checker *c, struct ts_checked_message *checked)
{
    const struct ts_field *key = ts_find_field(c, &checked->message, checked->ast->key);
    if (!key || key->type.kind == TS_POISON ||
        (key->type.kind == TS_MESSAGE && ts_checked(key->type.message)->incomplete))
        return NULL;
    bool names_record = key->type.kind == TS_ID || key->type.kind == TS_REF;
    if (key->type.kind == TS_MESSAGE && key->type.message->kind == TS_NESTED)
        for (size_t i = 0; i < key->type.message->n_fields; i++)
            names_record |= key->type.message->fields[i].type.kind == TS_ID;
    if (names_record && key->type.shape == TS_ONE && !key->type.optional)
        return key;
    ts_label(ts_report(c->diags, TS_T_BAD_KEY, checked->ast->key.span,
                       "`%s` cannot order events: it does not name one record", key->name),
             key->span, "it is picked here");
    return NULL;
}

static void check_event_keys(struct ts_checker *c, struct ts_checked_message *checked)
{
    struct ts_message *message = &checked->message;
    struct ts_event *event = &checked->event;
    event->model = message->origin;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_field *field = &message->fields[i];
        if (field->type.kind == TS_ID)
            event->id = field;
        else if (field->type.kind == TS_VERSION)
            event->version = field;
    }
    if (!event->id && !checked->incomplete && !ts_checked(event->model)->incomplete)
        ts_note(ts_label(ts_help(ts_report(c->diags, TS_T_EVENT_WITHOUT_ID, message->span,
                                           "event `%s` does not carry the id of its `%s`",
                                           message->name, event->model->name),
                                 "pick `id` too"),
                         event->model->span, "`%s` is declared here", event->model->name),
                "events of one record are kept in order by its id");
    event->key = checked->ast->key.symbol ? check_key(c, checked) : event->id;
}

void ts_check_picks(struct ts_checker *c, struct ts_checked_message *checked, unsigned depth)
{
    struct ts_message *message = &checked->message;
    struct ts_checked_message *origin = check_origin(c, checked);
    if (origin && depth >= TS_LIMIT_ALIAS_DEPTH) {
        ts_report(c->diags, TS_T_TOO_DEEP, message->span,
                  "`%s` ends a chain of more than %d messages", message->name,
                  TS_LIMIT_ALIAS_DEPTH);
        origin = NULL;
    }
    if (!origin) {
        checked->incomplete = true;
        return;
    }
    ts_check_message(c, origin, depth + 1);
    message->origin = &origin->message;
    checked->incomplete |= origin->incomplete;
    pick_fields(c, message, &origin->message, checked->ast->picks, depth);
    if (!message->doc && message->kind == TS_REPLICA)
        message->doc = origin->message.doc;
    if (message->kind == TS_EVENT)
        check_event_keys(c, checked);
}
