/* `auto`: what a route does without C, and whether everything it needs is there. */
#include "codegen/check/impl.h"

static enum ts_auto auto_kind(const struct ts_route *route)
{
    bool one = route->subject_param;
    switch (route->method) {
    case TS_GET:
        return route->page && !one   ? TS_AUTO_LIST
               : one && !route->page ? TS_AUTO_SHOW
                                     : TS_AUTO_NONE;
    case TS_POST:
        return !one && route->body ? TS_AUTO_CREATE : TS_AUTO_NONE;
    case TS_PUT:
    case TS_PATCH:
        return one && route->body ? TS_AUTO_UPDATE : TS_AUTO_NONE;
    case TS_DELETE:
        return one ? TS_AUTO_DELETE : TS_AUTO_NONE;
    }
    return TS_AUTO_NONE;
}

/* Nobody may be signed in on a public route. */
static bool is_given(const struct ts_route *route, const struct ts_field *field)
{
    return field->given &&
           (route->access != TS_ACCESS_PUBLIC || !ts_expr_mentions(field->given, TS_EXPR_USER));
}

/* Every field of a new record comes from somewhere. */
static void check_auto_create(struct ts_checker *c, const struct ts_route *route,
                              struct ts_span span)
{
    for (size_t i = 0; i < route->subject->n_fields; i++) {
        const struct ts_field *field = &route->subject->fields[i];
        const struct ts_type *type = &field->type;
        bool given = type->kind == TS_ID || type->kind == TS_VERSION || type->optional ||
                     type->shape != TS_ONE || field->has_default || field == route->owner ||
                     ts_message_field(route->body, field->name) != NULL || is_given(route, field);
        if (given)
            continue;
        struct ts_diag *diag =
            ts_report(c->diags, TS_T_AUTO_INCOMPLETE, span, "a new `%s` has no value for `%s`",
                      route->subject->name, field->name);
        ts_label(diag, field->span, "it is declared here");
        ts_help(diag,
                ts_is_user_field(c, field)
                    ? "make `%s` the signed-in user: write `= user` behind it, and do not let "
                      "the route be public"
                    : "pick `%s` in the body, make it optional or give it a default",
                field->name);
    }
}

static void check_auto_body(struct ts_checker *c, const struct ts_route *route,
                            const struct ts_ast_route *ast)
{
    for (size_t i = 0; i < route->body->n_fields; i++) {
        const struct ts_field *field = &route->body->fields[i];
        const struct ts_field *target = ts_message_field(route->subject, field->name);
        bool same = target && target->type.kind == field->type.kind &&
                    target->type.shape == field->type.shape;
        if (field->type.kind == TS_POISON || (target && target->type.kind == TS_POISON))
            continue;
        if (same && target->type.kind != TS_ID && target->type.kind != TS_VERSION)
            continue;
        ts_label(ts_report(c->diags, TS_T_AUTO_MISFIT, ast->body.span,
                           "field `%s` of the body is not one that `auto` can set in `%s`",
                           field->name, route->subject->name),
                 field->span, "it is declared here");
    }
}

/* Each parameter of a list selects records: by an index, or by a field of its name, or by an item
 * of such a list. */
static void check_auto_list(struct ts_checker *c, const struct ts_route *route)
{
    for (size_t i = 0; i < route->n_queries; i++) {
        const struct ts_param *param = &route->queries[i];
        const struct ts_field *field = ts_message_field(route->subject, param->name);
        if (param->index || param->type.kind == TS_POISON ||
            (field && (field->type.kind == TS_POISON || field->secret)))
            continue;
        bool alike = field && field->type.shape != TS_MAP &&
                     (field->type.kind == param->type.kind || field->embed) &&
                     field->type.scale == param->type.scale &&
                     field->type.enumeration == param->type.enumeration;
        if (alike && (field->type.shape == TS_ONE || !field->embed))
            continue;
        struct ts_diag *diag = ts_report(c->diags, TS_T_AUTO_MISFIT, param->span,
                                         "parameter `%s` selects no `%s` by itself", param->name,
                                         route->subject->name);
        if (field)
            ts_label(diag, field->span, "this is %s", ts_type_text(c, &field->type));
        ts_help(diag, "name it after a field of its type, or write `by INDEX` behind it");
    }
}

void ts_check_auto(struct ts_checker *c, struct ts_route *route, const struct ts_ast_route *ast)
{
    struct ts_span span = ast->automatic;
    if (!ts_present(span) || !ts_need_subject(c, route, span, "auto") || !c->route_is_sound)
        return;
    route->automatic = auto_kind(route);
    if (route->automatic == TS_AUTO_NONE) {
        ts_note(ts_report(c->diags, TS_T_AUTO_UNKNOWN, span,
                          "it is not clear what this route does by itself"),
                "auto routes are GET of a page, GET, PUT, PATCH or DELETE of an `:id` or a "
                "unique field, and POST with a body");
        return;
    }
    if (!route->read && route->subject->kind == TS_REPLICA) {
        ts_label(ts_report(c->diags, TS_T_REPLICA_WRITE, span,
                           "`%s` is a replica: only events change it", route->subject->name),
                 route->subject->span, "it is declared here");
        return;
    }
    if (route->body)
        check_auto_body(c, route, ast);
    const struct ts_field *password = route->body ? ts_find_password(c, route->body) : NULL;
    if (password)
        ts_help(ts_label(ts_report(c->diags, TS_T_AUTO_MISFIT, span,
                                   "`auto` cannot turn the password `%s` into its hash",
                                   password->name),
                         password->span, "it is declared here"),
                "write the handler: its `work` function calls rt_password_hash");
    if (route->automatic == TS_AUTO_LIST && c->queries_are_sound)
        check_auto_list(c, route);
    if (route->automatic == TS_AUTO_CREATE && route->body)
        check_auto_create(c, route, span);
    if (route->reply && ts_stored_behind(route->reply) != route->subject)
        ts_report(c->diags, TS_T_AUTO_MISFIT, ast->reply.span,
                  "`auto` cannot make a `%s` of a `%s`", route->reply->name, route->subject->name);
}
