/* What must not get out, and what must not come in just anywhere: secrets and passwords, however
 * deep in a message, in lists and maps too. */
#include "codegen/check/impl.h"

/* The messages that are reached from one, each once; a list and not recursion, since messages may
 * nest deeply and, by way of lists, contain themselves. */
struct reach {
    const struct ts_message **messages;
    size_t count;
};

static void reach_add(struct ts_checker *c, struct reach *reach, const struct ts_message *message)
{
    struct ts_checked_message *checked = ts_checked(message);
    if (checked->reached == c->reach_number)
        return;
    checked->reached = c->reach_number;
    TS_PUSH(c->arena, reach->messages, reach->count, message);
}

enum reach_how { REACH_ALL, REACH_WITHOUT_VIEWS };

/* The first field that is `wanted` in what is reached from a message, itself included; or NULL.
 * Views are left out where each is looked at for itself. */
static const struct ts_field *find_reached(struct ts_checker *c, const struct ts_message *message,
                                           enum reach_how how,
                                           bool (*wanted)(const struct ts_field *field))
{
    struct reach reach = {0};
    c->reach_number++;
    reach_add(c, &reach, message);
    for (size_t i = 0; i < reach.count; i++) {
        if (how == REACH_WITHOUT_VIEWS && reach.messages[i]->kind == TS_VIEW)
            continue;
        for (size_t k = 0; k < reach.messages[i]->n_fields; k++) {
            const struct ts_field *field = &reach.messages[i]->fields[k];
            if (wanted(field))
                return field;
            if (field->type.kind == TS_MESSAGE)
                reach_add(c, &reach, field->type.message);
        }
    }
    return NULL;
}

static bool is_secret(const struct ts_field *field)
{
    return field->secret;
}

static bool is_password(const struct ts_field *field)
{
    return field->type.kind == TS_PASSWORD;
}

const struct ts_field *ts_find_password(struct ts_checker *c, const struct ts_message *message)
{
    return find_reached(c, message, REACH_ALL, is_password);
}

static void check_reply(struct ts_checker *c, const struct ts_route *route)
{
    const struct ts_field *secret =
        route->reply ? find_reached(c, route->reply, REACH_WITHOUT_VIEWS, is_secret) : NULL;
    if (!secret)
        return;
    ts_help(ts_label(ts_report(c->diags, TS_T_SECRET, route->span,
                               "the reply of `%s` contains `%s`, which is secret", route->name,
                               secret->name),
                     secret->span, "it is declared here"),
            "reply with a view that leaves it out");
}

/* Single secrets are refused where they are picked; this is for messages that are picked whole. */
static void check_picked(struct ts_checker *c, const struct ts_message *message)
{
    const struct ts_message *top = message;
    while (top->parent)
        top = top->parent;
    if (top->kind != TS_VIEW && top->kind != TS_EVENT)
        return;
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_field *field = &message->fields[i];
        if (field->type.kind != TS_MESSAGE || field->type.message->kind == TS_NESTED ||
            field->secret)
            continue;
        const struct ts_field *secret = find_reached(c, field->type.message, REACH_ALL, is_secret);
        if (!secret)
            continue;
        ts_help(ts_label(ts_report(c->diags, TS_T_SECRET, field->span,
                                   "`%s` contains `%s`, which is secret: it cannot be in %s",
                                   field->name, secret->name,
                                   top->kind == TS_VIEW ? "a view" : "an event"),
                         secret->span, "it is declared here"),
                "pick what may be seen of it, `%s { ... }`", field->name);
    }
}

void ts_check_secrets(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_services; i++) {
        const struct ts_service *service = c->model->services[i];
        for (size_t j = 0; j < service->n_routes; j++)
            check_reply(c, service->routes[j]);
        for (size_t j = 0; j < service->n_messages; j++)
            check_picked(c, service->messages[j]);
    }
}
