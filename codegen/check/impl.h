/* The inside of the checker, shared by its files; see check.h. */
#ifndef TS_CHECK_IMPL_H
#define TS_CHECK_IMPL_H

#include "codegen/check/check.h"
#include "codegen/model/names.h"
#include "codegen/text/limits.h"
#include "codegen/text/suggest.h"
#include "runtime/base/table.h"

/* What is looked up by name: a name has one meaning in each of these. */
enum ts_space {
    TS_SPACE_SERVICE,
    TS_SPACE_TYPE, /* aliases, enums, messages of all kinds, events */
    TS_SPACE_ERROR,
    TS_SPACE_HANDLER, /* routes, listeners, timers: functions in C */
    TS_SPACE_SETTING,
    TS_SPACE_SUBJECT,
    TS_SPACE_PREFIX,
    TS_SPACE_RENAMED /* what models were called before */
};

enum ts_decl_kind {
    TS_DECL_SERVICE,
    TS_DECL_ALIAS,
    TS_DECL_ENUM,
    TS_DECL_MESSAGE, /* also events and replicas */
    TS_DECL_OTHER
};

struct ts_entry_key {
    const void *scope; /* the ts_service, or the ts_model for the top level */
    const struct ts_symbol *symbol;
    uint64_t space;
};

struct ts_entry {
    struct ts_entry_key key;
    enum ts_decl_kind kind;
    void *decl; /* ts_service, ts_checked_alias, ts_enum, ts_checked_message */
    struct ts_span span;
    UT_hash_handle hh;
};

enum ts_state { TS_NEW, TS_ACTIVE, TS_DONE };

struct ts_checked_alias {
    struct ts_alias alias;
    struct ts_ast_alias *ast;
    struct ts_service *service;
    enum ts_state state;
};

struct ts_checked_message {
    struct ts_message message;  /* first: the model hands out its address */
    struct ts_ast_message *ast; /* NULL when the compiler made the message */
    struct ts_event event;      /* when it is one */
    struct ts_service *service;
    enum ts_state state;
    enum ts_state order_state;
    bool incomplete;                /* fields are missing: do not report unknown ones */
    struct ts_listener **listeners; /* of the event, when it is one */
    size_t n_listeners;
    enum ts_state loop_state;
    uint32_t loop_order; /* in which the walk along events came to it, from 1 */
    uint32_t loop_part;  /* the least order of the events it causes and is caused by */
    uint32_t reached;    /* number of the last walk that came to it */
    bool consumed;       /* some listener, replica or session takes the event */
    bool emitted;        /* some route, listener or timer publishes the event */
};

struct ts_checker {
    struct rt_arena *arena;
    struct ts_symbols *symbols;
    struct ts_diags *diags;
    struct ts_ast_file *files;
    struct ts_model *model;
    struct ts_entry *entries;

    bool lost_file;  /* an import could not be read: names may be declared there */
    bool lost_emits; /* an `emits` names what is not there: it may mean any event */
    const struct ts_symbol *field_name; /* of the field whose type is looked at, or NULL */
    bool route_is_sound;                /* path and types of the route at hand are there */
    bool queries_are_sound;             /* so are its query parameters */
    uint32_t reach_number;              /* of the last walk along the fields of messages */
    size_t suggestions; /* made so far: the search is linear, so their number is bounded */
    const struct ts_message *stamped; /* whose fields the symbols point to */
};

/* Appends to an array in the arena that doubles as it grows. */
#define TS_PUSH(arena, array, count, item)                                                         \
    do {                                                                                           \
        if (((count) & ((count)-1)) == 0) {                                                        \
            size_t push_size = sizeof *(array);                                                    \
            void *push_new = rt_arena_array((arena), (count) ? 2 * (count) : 1, push_size);        \
            if ((count) > 0)                                                                       \
                memcpy(push_new, (array), (count)*push_size);                                      \
            (array) = push_new;                                                                    \
        }                                                                                          \
        (array)[(count)++] = (item);                                                               \
    } while (0)

static inline struct ts_checked_message *ts_checked(const struct ts_message *message)
{
    return (struct ts_checked_message *)(uintptr_t)message;
}

/* Whether the name may well be declared in what could not be read. */
static inline bool ts_is_lost(const struct ts_checker *c, const struct ts_symbol *symbol)
{
    return c->lost_file || symbol->lost;
}

static inline bool ts_present(struct ts_span span)
{
    return span.len > 0;
}

/* names.c */
enum ts_case { TS_SNAKE, TS_PASCAL };

void ts_declare_all(struct ts_checker *c);
/* Enters a name. False when it is taken, which is reported. */
bool ts_declare(struct ts_checker *c, enum ts_space space, const void *scope, struct ts_ident name,
                enum ts_decl_kind kind, void *decl, const char *what);
struct ts_entry *ts_lookup(struct ts_checker *c, enum ts_space space, const void *scope,
                           const struct ts_symbol *symbol);
/* Of a type or event seen from a service; NULL after reporting. `what` names what is wanted. */
struct ts_entry *ts_resolve(struct ts_checker *c, const struct ts_service *from,
                            const struct ts_qname *name, const char *what);
/* The same, for messages of all kinds; a NULL result has been reported. */
struct ts_checked_message *ts_resolve_message(struct ts_checker *c, const struct ts_service *from,
                                              const struct ts_qname *name, const char *what);
struct ts_event *ts_resolve_event(struct ts_checker *c, const struct ts_service *from,
                                  const struct ts_qname *name);
void ts_check_case(struct ts_checker *c, struct ts_ident name, enum ts_case wanted,
                   const char *what);
/* Reports a name that no member or parameter can have. */
void ts_check_word(struct ts_checker *c, struct ts_ident name, const char *what);
/* Whether one more fits; reports when it is the first that does not. */
bool ts_check_count(struct ts_checker *c, size_t count, size_t limit, struct ts_span span,
                    const char *what);
/* Whether another "did you mean" may be looked for: the search is linear. */
bool ts_may_suggest(struct ts_checker *c);
/* "did you mean" among all names of a space in a scope, NULL for any scope. */
void ts_suggest_entries(struct ts_checker *c, struct ts_diag *diag, const char *wanted,
                        enum ts_space space, const void *scope);
const char *ts_doc(struct ts_checker *c, struct ts_span at, struct ts_piece piece);
/* The text of a place in the source, for messages. */
const char *ts_span_text(struct ts_checker *c, struct ts_span span);
const char *ts_message_kind_text(const struct ts_message *message);
/* As written, between backquotes: `string`, `Email[]`. */
const char *ts_type_text(struct ts_checker *c, const struct ts_type *type);
/* A message without fields, which joins those of the service. */
struct ts_checked_message *ts_new_message(struct ts_checker *c, struct ts_service *service,
                                          enum ts_message_kind kind, struct ts_ident name);

/* value.c */
/* Converts a constant to a type's kind, reporting what does not fit; constraints included. */
bool ts_check_value(struct ts_checker *c, const struct ts_type *type,
                    const struct ts_ast_value *value, union ts_value *ret);
/* The same without the constraints, for bounds. */
bool ts_convert_value(struct ts_checker *c, const struct ts_type *type,
                      const struct ts_ast_value *value, union ts_value *ret);
/* a < b: negative, a == b: 0, a > b: positive, for kinds with an order. */
int ts_compare_values(enum ts_kind kind, union ts_value a, union ts_value b);
bool ts_parse_u64(struct ts_span span, uint64_t max, uint64_t *ret);
bool ts_parse_duration(struct ts_span span, int64_t *ret_ms);

/* type.c */
void ts_check_aliases(struct ts_checker *c);
void ts_check_type(struct ts_checker *c, const struct ts_service *service,
                   const struct ts_ast_type *ast, struct ts_type *ret);
bool ts_kind_is_ordered(enum ts_kind kind);

/* field.c */
/* The field of a message, or NULL after reporting (silently when the message is incomplete). */
struct ts_field *ts_find_field(struct ts_checker *c, const struct ts_message *message,
                               struct ts_ident name);
/* A copy of a field in another message. */
struct ts_field ts_copy_field(const struct ts_field *field, struct ts_message *message,
                              size_t position, struct ts_span span);

/* message.c */
void ts_check_enums(struct ts_checker *c);
void ts_check_messages(struct ts_checker *c);
bool ts_check_number(struct ts_checker *c, struct ts_span span, const char *of, uint32_t *ret);

/* message.c and pick.c are recursion: a message is checked by checking the one it picks from. The
 * depth is that of the chain, at most TS_LIMIT_ALIAS_DEPTH. */
void ts_check_picks(struct ts_checker *c, struct ts_checked_message *message, unsigned depth);
void ts_check_message(struct ts_checker *c, struct ts_checked_message *message, unsigned depth);

/* model.c */
void ts_check_model(struct ts_checker *c, struct ts_checked_message *message);
void ts_check_rules(struct ts_checker *c, struct ts_checked_message *message);
const struct ts_index *ts_find_index(struct ts_checker *c, const struct ts_message *model,
                                     struct ts_ident name);

/* expr.c */
/* The condition of a `while` on records or events of a message; NULL when there is none, or after
 * reporting. */
const struct ts_expr *ts_check_condition(struct ts_checker *c, const struct ts_message *message,
                                         const struct ts_ast_expr *ast);
/* That of `allow`, about a record of the service or, with NULL, about the user alone. */
const struct ts_expr *ts_check_allow(struct ts_checker *c, const struct ts_service *service,
                                     const struct ts_message *record,
                                     const struct ts_ast_expr *ast);
/* That of a rule, which may be about secrets: it never leaves the message. */
const struct ts_expr *ts_check_rule(struct ts_checker *c, const struct ts_message *message,
                                    const struct ts_ast_expr *ast);
/* Whether `= ...` of a field is computed, not a constant. */
bool ts_is_given(const struct ts_ast_field *ast, const struct ts_type *type);
/* What fields of models are given, once it is known who users are. */
void ts_check_given(struct ts_checker *c);
/* The same expression about a message made of the same fields; NULL when one is missing there. */
const struct ts_expr *ts_expr_in(struct ts_checker *c, const struct ts_expr *expr,
                                 const struct ts_message *message);

/* event.c */
void ts_check_events(struct ts_checker *c);
void ts_check_session(struct ts_checker *c);
void ts_add_revocation_replicas(struct ts_checker *c);
void ts_check_service_events(struct ts_checker *c, struct ts_service *service,
                             const struct ts_ast_service *ast);
/* Resolves a list of events that `service` publishes. */
void ts_check_emits(struct ts_checker *c, const struct ts_service *service,
                    const struct ts_ast_name *names, struct ts_event ***ret, size_t *ret_count);
void ts_consume(struct ts_checker *c, struct ts_service *service, struct ts_event *event);

/* auto.c */
void ts_check_auto(struct ts_checker *c, struct ts_route *route, const struct ts_ast_route *ast);

/* route.c, path.c */
/* Whether the route is about a model; reports when not, `what` naming who asks. */
bool ts_need_subject(struct ts_checker *c, const struct ts_route *route, struct ts_span span,
                     const char *what);
struct ts_message *ts_stored_behind(const struct ts_message *message);
void ts_check_problems(struct ts_checker *c);
void ts_check_routes(struct ts_checker *c, struct ts_service *service,
                     const struct ts_ast_service *ast);
bool ts_check_path(struct ts_checker *c, struct ts_route *route, struct ts_ident prefix,
                   struct ts_ident path);
/* Routes that match one path, and routes that the ingress would send to another service. */
void ts_check_overlaps(struct ts_checker *c);
void ts_check_prefixes(struct ts_checker *c);
/* True of a ref to the session's user model and, in that model itself, of its id. */
bool ts_is_user_field(const struct ts_checker *c, const struct ts_field *field);

/* member.c: names that the structs of a message or of settings make; collide.c: all others. */
void ts_check_members(struct ts_checker *c);
void ts_check_collisions(struct ts_checker *c);

/* cors.c */
void ts_check_cors(struct ts_checker *c);

/* secret.c */
void ts_check_secrets(struct ts_checker *c);
/* The first password that is reached from a message, however deep, or NULL. */
const struct ts_field *ts_find_password(struct ts_checker *c, const struct ts_message *message);

/* system.c */
/* False when a message contains itself or nests too deeply: a walk through messages and their
 * parts would then not end. */
bool ts_check_order(struct ts_checker *c);
void ts_check_publishers(struct ts_checker *c);
void ts_check_event_loops(struct ts_checker *c);
void ts_check_bounded(struct ts_checker *c);
void ts_check_event_sizes(struct ts_checker *c);

/* ---------------------------------------------------------------- replica.c */

/* After routes, events and models are checked. */
void ts_check_replica_ends(struct ts_checker *c);
void ts_mark_shared(struct ts_checker *c);

#endif
