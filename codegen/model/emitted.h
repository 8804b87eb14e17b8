/*
 * Every name that a schema takes outside of structs in what is emitted, with the declaration that
 * it comes from: tags, functions, variables, enumerators, macros, and variables of the build file.
 * Emitters spell them in templates; schemas with hostile names (tests/names) find what is missing.
 *
 * A name is that of its owner, or that with an underscore and more behind it. An owner is a thing
 * of the schema that names others: an event `TicketCreated` of service `tickets` owns
 * tickets_ticket_created, TICKETS_TICKET_CREATED_SUBJECT and more.
 *
 * Ownership: text is in the arena given, or in the model. Threads: no shared state.
 */
#ifndef TS_EMITTED_H
#define TS_EMITTED_H

#include "codegen/model/model.h"
#include "runtime/base/arena.h"

enum ts_owner_kind {
    TS_OWNER_SCHEMA,
    TS_OWNER_SERVICE,
    TS_OWNER_MESSAGE,
    TS_OWNER_QUERY,   /* of a route */
    TS_OWNER_ENTRY,   /* of a map */
    TS_OWNER_PUBLISH, /* what publishes an event */
    TS_OWNER_ENUM,
    TS_OWNER_ROUTE,
    TS_OWNER_LISTENER,
    TS_OWNER_TIMER
};

struct ts_owner {
    enum ts_owner_kind kind;
    const char *base; /* in C: "tickets_ticket_created" */
    const char *name; /* in the schema: "TicketCreated" */
    struct ts_span span;
    const struct ts_service *service; /* NULL: of the schema */
    const void *thing;                /* ts_model, ts_service, ts_message, ts_field, ts_event (of
                                         TS_OWNER_PUBLISH), ts_enum, ts_route; else NULL */
};

/* What may have the same name without harm: a tag and a function, either and a build variable. */
enum ts_name_space { TS_NAME_TAG, TS_NAME_ORDINARY, TS_NAME_BUILD };

struct ts_emitted {
    enum ts_name_space space;
    const char *name;
    const struct ts_owner *owner;
    struct ts_span span;
    const char *of; /* "index `by_email`", where it is not the owner as a whole; or NULL */
};

typedef void ts_owner_fn(void *context, const struct ts_owner *owner);
typedef void ts_emitted_fn(void *context, const struct ts_emitted *emitted);

/* Calls `fn` for all owners; the struct is the callee's to copy. */
void ts_each_owner(const struct ts_model *model, struct rt_arena *arena, ts_owner_fn *fn,
                   void *context);
/* Calls `fn` for all names of an owner; the struct and its name are the callee's to copy until it
 * rewinds the arena. */
void ts_each_name(const struct ts_owner *owner, struct rt_arena *arena, ts_emitted_fn *fn,
                  void *context);

/* "by_email", "open_by_ticket": what an index is called in the functions that read by it. */
const char *ts_accessor_name(struct rt_arena *arena, const struct ts_index *index);
/* "order_window_ms": what a setting is called in C, with its unit. */
const char *ts_setting_member(struct rt_arena *arena, const struct ts_setting *setting);

#endif
