/*
 * What the files of this folder share: the comparison under way, who uses what, and how two types
 * differ. Each surface is a file: stored.c, message.c, http.c, event.c, source.c.
 */
#ifndef TS_BREAKING_COMPARE_H
#define TS_BREAKING_COMPARE_H

#include "codegen/breaking/breaking.h"

/* Where a message travels; a set. */
enum ts_use {
    TS_USE_REQUEST = 1, /* reached from the body of a route */
    TS_USE_REPLY = 2,   /* reached from a reply */
    TS_USE_EVENT = 4,   /* reached from the payload of an event */
    TS_USE_STORED = 8   /* a model, or reached from one */
};

/* One message or enum of the old system and those who depend on it. */
struct ts_used {
    const void *what; /* struct ts_message or struct ts_enum */
    unsigned uses;    /* of enum ts_use */
    const struct ts_route **routes;
    size_t n_routes, routes_cap;
    const struct ts_event **events;
    size_t n_events, events_cap;
    const struct ts_message **models;
    size_t n_models, models_cap;
};

struct ts_comparison {
    struct ts_diags *diags;
    struct rt_arena *arena;
    const struct ts_model *old, *now;
    struct ts_used *used; /* of the old system, sorted by address */
    size_t n_used;
    struct ts_deploy_order order;
    size_t steps_cap;
};

/* ---------------------------------------------- uses.c: who depends on what */

void ts_uses_find(struct ts_comparison *c);
/* Never NULL; a message that nothing reaches has no uses. */
const struct ts_used *ts_uses_of(const struct ts_comparison *c, const void *what);
/* Adds notes that name the routes, events with their consumers, and stored records, each limited
 * to those uses that are in `mask`. Returns `diag`. */
struct ts_diag *ts_note_hits(struct ts_comparison *c, struct ts_diag *diag, const void *what,
                             unsigned mask);
/* The same for one event: its listeners and replicas. */
struct ts_diag *ts_note_consumers(struct ts_comparison *c, struct ts_diag *diag,
                                  const struct ts_event *event);

/* ------------------------------------------------- order.c: what goes first */

void ts_order_add(struct ts_comparison *c, const char *first, const char *then, enum ts_code code);
/* Every consumer of an old event before its owner, or after it. */
void ts_order_consumers(struct ts_comparison *c, const struct ts_event *event, bool first,
                        enum ts_code code);
void ts_order_finish(struct ts_comparison *c);

/* --------------------------------------------- type.c: how two types differ */

enum ts_type_change {
    TS_TYPE_SAME,
    TS_TYPE_WIDER, /* the same values mean the same, and there are more of them: i32 to i64 */
    TS_TYPE_OTHER  /* old values mean something else, or nothing */
};

/* Kind, shape, scale, and which message, enum or record is meant; constraints aside. */
enum ts_type_change ts_type_compare(const struct ts_type *old, const struct ts_type *now);
/* What `to` refuses of what `from` takes, in words such as "at most 20 characters, 200 before";
 * NULL when nothing. Only for types that compare as the same or wider. */
const char *ts_type_tighter(struct rt_arena *arena, const struct ts_type *from,
                            const struct ts_type *to);
/* "string(1..20)?", for messages. */
const char *ts_type_words(struct rt_arena *arena, const struct ts_type *type);

/* ---------------------------- finding counterparts; NULL when there is none */

const struct ts_service *ts_same_service(const struct ts_model *model, const char *name);
const struct ts_message *ts_same_message(const struct ts_model *model,
                                         const struct ts_message *message);
/* Also by what the model says it was called before. */
const struct ts_message *ts_same_model(const struct ts_model *model,
                                       const struct ts_message *message);
const struct ts_enum *ts_same_enum(const struct ts_model *model, const struct ts_enum *e);
const struct ts_event *ts_same_event(const struct ts_model *model, const struct ts_event *event);
const struct ts_route *ts_same_route(const struct ts_model *model, const struct ts_route *route);
const struct ts_field *ts_field_numbered(const struct ts_message *message, uint32_t number);
bool ts_number_is_reserved(const struct ts_message *message, uint32_t number);
/* "tickets.Ticket", "GET /api/tickets/:id". */
const char *ts_message_words(struct rt_arena *arena, const struct ts_message *message);
const char *ts_route_words(struct rt_arena *arena, const struct ts_route *route);

/* ------------------------------------------------------------- the surfaces */

void ts_break_stored(struct ts_comparison *c);
void ts_break_messages(struct ts_comparison *c);
void ts_break_enums(struct ts_comparison *c);
void ts_break_http(struct ts_comparison *c);
void ts_break_events(struct ts_comparison *c);
void ts_break_source(struct ts_comparison *c);

#endif
