/* Events and their consumers: replicas, listeners, timers, and the session's revocations. */
#include "codegen/check/impl.h"

void ts_consume(struct ts_checker *c, struct ts_service *service, struct ts_event *event)
{
    for (size_t i = 0; i < service->n_consumes; i++)
        if (service->consumes[i] == event)
            return;
    TS_PUSH(c->arena, service->consumes, service->n_consumes, event);
}

void ts_check_emits(struct ts_checker *c, const struct ts_service *service,
                    const struct ts_ast_name *names, struct ts_event ***ret, size_t *ret_count)
{
    for (const struct ts_ast_name *name = names; name; name = name->next) {
        struct ts_event *event = ts_resolve_event(c, service, &name->name);
        c->lost_emits |= !event;
        if (!event)
            continue;
        ts_checked(event->message)->emitted = true;
        if (event->service != service) {
            ts_label(ts_report(c->diags, TS_T_FOREIGN_EMIT, name->name.span,
                               "service `%s` cannot publish an event of service `%s`",
                               service->name, event->service->name),
                     event->span, "it is declared here");
            continue;
        }
        const struct ts_ast_name *first = names;
        while (first->name.name.symbol != name->name.name.symbol)
            first = first->next;
        if (!ts_check_count(c, *ret_count, TS_LIMIT_ITEMS, name->name.span, "events in a list"))
            break;
        if (first != name)
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, name->name.span, "`%s` is named twice",
                               event->name),
                     first->name.span, "first here");
        else
            TS_PUSH(c->arena, *ret, *ret_count, event);
    }
}

/* ----------------------------------------------------------------- replicas */

/* The field of an event that carries `field` of a replica, or NULL. */
static const struct ts_field *carried(const struct ts_event *event, const struct ts_field *field)
{
    for (size_t i = 0; i < event->message->n_fields; i++)
        if (event->message->fields[i].number == field->number)
            return &event->message->fields[i];
    return NULL;
}

static void check_source(struct ts_checker *c, struct ts_message *replica, struct ts_event *event,
                         struct ts_span span)
{
    if (event->model != replica->origin) {
        if (!event->model || !replica->origin)
            return;
        ts_label(ts_report(c->diags, TS_T_WRONG_SOURCE, span,
                           "`%s` tells of `%s.%s`, not of `%s.%s`", event->name,
                           event->service->name, event->model->name, replica->origin->service->name,
                           replica->origin->name),
                 event->span, "the event is declared here");
        return;
    }
    for (size_t i = 0; i < replica->n_fields; i++) {
        const struct ts_field *field = &replica->fields[i];
        if (carried(event, field) != NULL || ts_checked(event->message)->incomplete)
            continue;
        ts_help(ts_label(ts_report(c->diags, TS_T_NOT_CARRIED, field->span,
                                   "event `%s` does not carry `%s`", event->name, field->name),
                         event->span, "the event is declared here"),
                "pick `%s` in the event, or leave it out here", field->name);
    }
    if (event->key && event->id && event->key != event->id)
        ts_label(ts_report(c->diags, TS_T_REPLICA_KEY, span,
                           "`%s` is keyed by `%s`, so `%s` would miss versions", event->name,
                           event->key->name, replica->name),
                 event->span, "the event is declared here");
    if (!ts_check_count(c, replica->service->n_consumes, TS_LIMIT_LISTENERS, span,
                        "events taken by a service"))
        return;
    TS_PUSH(c->arena, replica->sources, replica->n_sources, event);
    ts_consume(c, replica->service, event);
}

static void check_replica(struct ts_checker *c, struct ts_checked_message *checked)
{
    struct ts_message *replica = &checked->message;
    for (const struct ts_ast_name *name = checked->ast->sources; name; name = name->next) {
        struct ts_event *event = ts_resolve_event(c, replica->service, &name->name);
        if (event)
            check_source(c, replica, event, name->name.span);
    }
}

void ts_check_events(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_services; i++) {
        struct ts_service *service = c->model->services[i];
        for (size_t j = 0; j < service->n_messages; j++) {
            struct ts_checked_message *message = ts_checked(service->messages[j]);
            if (message->message.kind == TS_REPLICA && !message->message.implicit)
                check_replica(c, message);
        }
    }
}

/* ----------------------------------------------------- listeners and timers */

static void check_listener(struct ts_checker *c, struct ts_service *service,
                           const struct ts_ast_listener *ast)
{
    struct ts_listener *listener = RT_ARENA_NEW(c->arena, struct ts_listener);
    if (!ast->name.symbol)
        return;
    listener->name = ast->name.symbol->text;
    listener->doc = ts_doc(c, ast->name.span, ast->doc);
    listener->span = ast->name.span;
    listener->service = service;
    ts_check_case(c, ast->name, TS_SNAKE, "a listener");
    ts_declare(c, TS_SPACE_HANDLER, service, ast->name, TS_DECL_OTHER, listener, "handler");
    struct ts_event *event = ts_resolve_event(c, service, &ast->event);
    listener->event = event;
    ts_check_emits(c, service, ast->emits, &listener->emits, &listener->n_emits);
    if (!event || !ts_check_count(c, service->n_listeners, TS_LIMIT_LISTENERS, listener->span,
                                  "listeners in a service"))
        return;
    for (size_t i = 0; i < service->n_listeners; i++)
        if (service->listeners[i]->event == event)
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, ast->event.span,
                               "a second listener of `%s`", event->name),
                     service->listeners[i]->span, "the first one is here");
    listener->condition = ts_check_condition(c, event->message, ast->condition);
    ts_consume(c, service, event);
    struct ts_checked_message *checked = ts_checked(event->message);
    TS_PUSH(c->arena, checked->listeners, checked->n_listeners, listener);
    TS_PUSH(c->arena, service->listeners, service->n_listeners, listener);
}

static void check_timer(struct ts_checker *c, struct ts_service *service,
                        const struct ts_ast_timer *ast)
{
    struct ts_timer *timer = RT_ARENA_NEW(c->arena, struct ts_timer);
    if (!ast->name.symbol || !ast->model.symbol)
        return;
    timer->name = ast->name.symbol->text;
    timer->doc = ts_doc(c, ast->name.span, ast->doc);
    timer->span = ast->name.span;
    timer->service = service;
    ts_check_case(c, ast->name, TS_SNAKE, "a timer");
    ts_declare(c, TS_SPACE_HANDLER, service, ast->name, TS_DECL_OTHER, timer, "handler");
    ts_check_emits(c, service, ast->emits, &timer->emits, &timer->n_emits);
    struct ts_qname name = {.name = ast->model, .span = ast->model.span};
    struct ts_checked_message *model = ts_resolve_message(c, service, &name, "model");
    if (!model)
        return;
    if (model->message.kind != TS_MODEL || model->service != service) {
        ts_label(ts_report(c->diags, TS_T_WRONG_KIND, ast->model.span,
                           "a timer is set on a model, and `%s` is a %s", model->message.name,
                           ts_message_kind_text(&model->message)),
                 model->message.span, "it is declared here");
        return;
    }
    timer->model = &model->message;
    timer->field = ts_find_field(c, timer->model, ast->field);
    if (!timer->field || timer->field->type.kind == TS_POISON)
        return;
    const struct ts_type *type = &timer->field->type;
    if (type->kind != TS_TIME || type->optional || type->shape != TS_ONE)
        ts_label(ts_report(c->diags, TS_T_BAD_TIME, ast->field.span,
                           "a timer fires at a time that is always set, not at %s",
                           ts_type_text(c, type)),
                 timer->field->span, "it is declared here");
    timer->condition = ts_check_condition(c, timer->model, ast->condition);
    TS_PUSH(c->arena, service->timers, service->n_timers, timer);
    TS_PUSH(c->arena, model->message.timers, model->message.n_timers, timer);
}

static void check_setting(struct ts_checker *c, struct ts_service *service,
                          const struct ts_ast_setting *ast)
{
    struct ts_setting *setting = RT_ARENA_NEW(c->arena, struct ts_setting);
    if (!ast->name.symbol || !ast->default_value)
        return;
    setting->name = ast->name.symbol->text;
    setting->doc = ts_doc(c, ast->name.span, ast->doc);
    setting->span = ast->name.span;
    ts_check_case(c, ast->name, TS_SNAKE, "a setting");
    ts_check_word(c, ast->name, "a setting");
    /* One name across all services: it is given on the command line without its service. */
    ts_declare(c, TS_SPACE_SETTING, c->model, ast->name, TS_DECL_OTHER, setting, "setting");
    ts_check_type(c, service, &ast->type, &setting->type);
    const struct ts_type *type = &setting->type;
    if (type->kind == TS_POISON)
        return;
    bool scalar = type->shape == TS_ONE && !type->optional &&
                  (ts_kind_is_ordered(type->kind) || type->kind == TS_BOOL ||
                   type->kind == TS_STRING || type->kind == TS_ENUM);
    if (!scalar)
        ts_report(c->diags, TS_T_BAD_SETTING, ast->type.span, "a setting cannot be of type %s",
                  ts_type_text(c, type));
    else if (ts_check_value(c, type, ast->default_value, &setting->default_value))
        TS_PUSH(c->arena, service->settings, service->n_settings, setting);
}

void ts_check_service_events(struct ts_checker *c, struct ts_service *service,
                             const struct ts_ast_service *ast)
{
    for (const struct ts_ast_listener *at = ast->listeners; at; at = at->next)
        check_listener(c, service, at);
    for (const struct ts_ast_timer *at = ast->timers; at; at = at->next)
        check_timer(c, service, at);
    for (const struct ts_ast_setting *at = ast->settings; at; at = at->next)
        check_setting(c, service, at);
}

/* ------------------------------------------------------------------ session */

static void check_revocation(struct ts_checker *c, struct ts_session *session,
                             const struct ts_ast_session *ast)
{
    session->revoked_by = ts_resolve_event(c, NULL, &ast->revoked_by);
    if (!session->revoked_by || !session->revoked_by->model ||
        ts_checked(session->revoked_by->model)->incomplete ||
        ts_checked(session->revoked_by->message)->incomplete)
        return;
    struct ts_message *model = session->revoked_by->model;
    session->revocation = model;
    if (!model->version || !session->revoked_by->version)
        ts_label(ts_report(c->diags, TS_T_BAD_SESSION, ast->revoked_by.span,
                           "`%s` has no version, which the copies in other services need",
                           session->revoked_by->name),
                 model->span, "the model is declared here");
    if (!model->expires)
        ts_help(ts_label(ts_report(c->diags, TS_T_BAD_SESSION, ast->revoked_by.span,
                                   "revocations of sessions would be kept for ever"),
                         model->span, "`%s` is declared here", model->name),
                "give the model `expires(FIELD)`");
    else if (!ts_message_field(session->revoked_by->message, model->expires->name))
        ts_help(ts_report(c->diags, TS_T_BAD_SESSION, ast->revoked_by.span,
                          "`%s` does not carry `%s`, at which its `%s` expires",
                          session->revoked_by->name, model->expires->name, model->name),
                "pick it in the event");
}

void ts_check_session(struct ts_checker *c)
{
    const struct ts_ast_session *ast = NULL;
    for (const struct ts_ast_file *file = c->files; file; file = file->next) {
        if (!file->session)
            continue;
        if (ast)
            ts_label(ts_report(c->diags, TS_T_DUPLICATE, file->session->span, "a second session"),
                     ast->span, "the first one is here");
        ast = file->session;
    }
    if (!ast)
        return;
    struct ts_session *session = RT_ARENA_NEW(c->arena, struct ts_session);
    session->doc = ts_doc(c, ast->span, ast->doc);
    session->span = ast->span;
    c->model->session = session;
    struct ts_checked_message *user = ts_resolve_message(c, NULL, &ast->user, "model");
    if (user && user->message.kind != TS_MODEL)
        ts_label(ts_report(c->diags, TS_T_WRONG_KIND, ast->user.span, "`%s` is not a model",
                           user->message.name),
                 user->message.span, "it is declared here as a %s",
                 ts_message_kind_text(&user->message));
    else if (user)
        session->user = &user->message;
    if (ast->lifetime.len > 0 &&
        (!ts_parse_duration(ast->lifetime, &session->lifetime_ms) || session->lifetime_ms <= 0))
        ts_report(c->diags, TS_T_BAD_RANGE, ast->lifetime, "a session cannot last that long");
    if (ast->revoked_by.name.symbol)
        check_revocation(c, session, ast);
}

/* A copy of the revocations, in a service that checks sessions of another. */
static void add_revocation_replica(struct ts_checker *c, struct ts_service *service)
{
    const struct ts_session *session = c->model->session;
    const struct ts_message *payload = session->revoked_by->message;
    struct ts_ident name = {ts_symbol_of(session->revocation->name), session->span};
    if (ts_lookup(c, TS_SPACE_TYPE, service, name.symbol) != NULL) {
        struct ts_entry *taken = ts_lookup(c, TS_SPACE_TYPE, service, name.symbol);
        ts_note(ts_label(ts_report(c->diags, TS_T_BAD_SESSION, taken->span,
                                   "the name `%s` is needed for the copy of revoked sessions",
                                   name.symbol->text),
                         session->span, "the session is declared here"),
                "every service with a route that is not public keeps such a copy");
        return;
    }
    struct ts_checked_message *checked = ts_new_message(c, service, TS_REPLICA, name);
    struct ts_message *replica = &checked->message;
    ts_declare(c, TS_SPACE_TYPE, service, name, TS_DECL_MESSAGE, checked, "type");
    checked->state = TS_DONE;
    replica->implicit = true;
    replica->doc = session->revocation->doc;
    replica->origin = session->revocation;
    replica->origin->replicated = true;
    replica->fields = RT_ARENA_ARRAY(c->arena, payload->n_fields, struct ts_field);
    for (; replica->n_fields < payload->n_fields; replica->n_fields++) {
        const struct ts_field *from = &payload->fields[replica->n_fields];
        struct ts_field *field = &replica->fields[replica->n_fields];
        *field = ts_copy_field(from, replica, replica->n_fields, session->span);
        field->origin = from->origin;
        if (field->type.kind == TS_ID)
            replica->id = field;
        else if (field->type.kind == TS_VERSION)
            replica->version = field;
        if (session->revocation->expires == from->origin)
            replica->expires = field;
    }
    TS_PUSH(c->arena, replica->sources, replica->n_sources, session->revoked_by);
    ts_consume(c, service, session->revoked_by);
}

/* True when the service already keeps a replica of the revocations. */
static bool has_replica(const struct ts_service *service, const struct ts_message *model)
{
    for (size_t i = 0; i < service->n_messages; i++)
        if (service->messages[i]->kind == TS_REPLICA && service->messages[i]->origin == model)
            return true;
    return false;
}

void ts_add_revocation_replicas(struct ts_checker *c)
{
    const struct ts_session *session = c->model->session;
    if (!session || !session->revocation || c->diags->n_errors > 0)
        return;
    for (size_t i = 0; i < c->model->n_services; i++) {
        struct ts_service *service = c->model->services[i];
        if (service->has_private_routes && service != session->revocation->service &&
            !has_replica(service, session->revocation))
            add_revocation_replica(c, service);
    }
}
