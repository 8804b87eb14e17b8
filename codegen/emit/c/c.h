/*
 * What the emitters of C share: how things are spelled (spelling.c), how a file starts and ends
 * (file.c), which files there are (parts.h), and each other (c.c calls them all).
 *
 * Ownership: text is in the arena of the struct ts_c. Threads: one at a time.
 */
#ifndef TS_EMIT_C_C_H
#define TS_EMIT_C_C_H

#include "codegen/emit/c/parts.h"
#include "codegen/model/model.h"
#include "codegen/write/output.h"
#include "codegen/write/writer.h"

/* One service (or, with `service` NULL, the top level) on its way to files. */
struct ts_c {
    const struct ts_model *model;
    const struct ts_service *service;
    struct ts_output *output;
    struct rt_arena *arena;       /* of the service */
    struct rt_arena *whole;       /* of the run */
    struct ts_local *locals;      /* of the source; see local.c */
    struct ts_exported *exported; /* by every file; filled when first asked for */
};

/* -------------------------------------------------------------------- names */

/* The name of the service or, with NULL, of the schema. */
const char *ts_c_prefix(struct ts_c *c, const struct ts_service *service);
const char *ts_c_type(struct ts_c *c, const struct ts_message *message);  /* tickets_ticket */
const char *ts_c_enum(struct ts_c *c, const struct ts_enum *enumeration); /* orders_order_status */
const char *ts_c_enum_value(struct ts_c *c, const struct ts_enum *enumeration,
                            const struct ts_enum_value *value); /* ORDERS_ORDER_STATUS_CREATED */
const char *ts_c_event(struct ts_c *c, const struct ts_event *event); /* tickets_ticket_created */
const char *ts_c_entry(struct ts_c *c,
                       const struct ts_field *map); /* tickets_ticket_labels_entry */
/* "ORDERS_ORDER_FIELD_USER_ID", its position among the fields of a stored message. */
const char *ts_c_position(struct ts_c *c, const struct ts_field *field);
/* "orders_order_indexes[ORDERS_ORDER_BY_USER]"; `name` is of an index or a timer. */
const char *ts_c_index(struct ts_c *c, const struct ts_message *model, const char *name);
const char *ts_upper(struct ts_c *c, const char *name);

/* --------------------------------------------------------- names of its own */

/* The name of something static in the source that is being written: `preferred`, unless something
 * else has it there, or exports it, or the system does. `owner` is what it is for: asked again with
 * the same two, the answer is the same. */
const char *ts_c_local(struct ts_c *c, const void *owner, const char *preferred);
/* The same; true when the source has not asked for it before. */
bool ts_c_local_is_new(struct ts_c *c, const void *owner, const char *preferred,
                       const char **ret_name);
/* Forgets the names of the source before. */
void ts_c_locals_begin(struct ts_c *c);
void ts_c_locals_done(struct ts_c *c);

/* What a parameter or variable is called: `name`, unless it is one of those taken, or means
 * something in C. */
const char *ts_c_parameter(struct ts_c *c, const char *name, const char *const *taken,
                           size_t count);
/* The same for one that is a message: the last word of the message's name. */
const char *ts_c_noun(struct ts_c *c, const struct ts_message *message, const char *const *taken,
                      size_t count);
/* With the names taken in place. */
#define TS_C_PARAMETER(c, name, ...)                                                               \
    ts_c_parameter((c), (name), (const char *const[]){__VA_ARGS__},                                \
                   sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
#define TS_C_NOUN(c, message, ...)                                                                 \
    ts_c_noun((c), (message), (const char *const[]){__VA_ARGS__},                                  \
              sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* ------------------------------------------------------------------- values */

/* The type of one value as a parameter or element, ready to have a name put behind it:
 * "int64_t ", "const char *". */
const char *ts_c_value_type(struct ts_c *c, const struct ts_field *field);
/* A constant of the type, as an expression. */
const char *ts_c_value(struct ts_c *c, const struct ts_type *type, const union ts_value *value);
/* "INT64", the type of one value as protobuf calls it. */
const char *ts_c_pb_type(const struct ts_type *type);
/* True when the member has a has_x beside it. */
bool ts_c_has_flag(const struct ts_type *type);
/* True where a default counts: in what is stored or comes in, not in what only reports it. */
bool ts_c_has_default(const struct ts_field *field);

/* The fields in order of number. */
const struct ts_field **ts_c_by_number(struct ts_c *c, const struct ts_message *message);
/* The entry of a map as a message of its own, with fields key = 1 and value = 2. */
struct ts_message *ts_c_entry_message(struct ts_c *c, const struct ts_field *map);

/* ----------------------------------------------------------------- comments */

/* What a member holds, in which unit and within which limits; NULL when its declaration says it
 * all. `pointers`: text and messages are pointers, NULL when absent. */
const char *ts_c_member_comment(struct ts_c *c, const struct ts_field *field, bool pointers);

/* "ticketing.tess line 96" */
const char *ts_c_place(struct ts_c *c, struct ts_span span);
/* The prototype of a function that is written by hand, a template, as if it were in the schema: a
 * compiler that finds another signature names that line. */
void ts_c_prototype(struct ts_c *c, struct ts_writer *w, struct ts_span span,
                    const char *prototype);
/* ". Emits OrderCreated, OrderCancelled", or "". */
const char *ts_c_emits(struct ts_c *c, struct ts_event **emits, size_t count);
/* The doc comment, if any, with `text` on a line of its own below it. */
const char *ts_c_doc(struct ts_c *c, const char *doc, const char *text);

/* -------------------------------------------------------------------- files */

/* "Generated from schema ticketing; do not edit." */
void ts_c_header_begin(struct ts_c *c, struct ts_writer *w, const char *suffix, const char *about);
/* Between the includes of a header and what it declares, for C and C++. */
void ts_c_header_declare(struct ts_writer *w);
void ts_c_header_end(struct ts_writer *w);
/* The start of the source that belongs to the header of the same suffix. */
void ts_c_begin(struct ts_c *c, struct ts_writer *w, const char *suffix, const char *extension);
void ts_c_source_begin(struct ts_c *c, struct ts_writer *w, const char *suffix);

/* Includes in alphabetical order, each once. */
struct ts_includes {
    const char **paths;
    size_t count;
    size_t cap;
};
void ts_include(struct ts_c *c, struct ts_includes *includes, const char *path);
void ts_include_of(struct ts_c *c, struct ts_includes *includes, const struct ts_service *service,
                   const char *suffix);
void ts_includes_put(struct ts_writer *w, const struct ts_includes *includes);

/* ---------------------------------------------- the emitters of one service */

void ts_emit_enums(struct ts_c *c);
void ts_emit_types(struct ts_c *c); /* <svc>_events and <svc>_types */
void ts_emit_devices(struct ts_c *c);
void ts_emit_stores(struct ts_c *c);
/* The table of an expression, static and of that name. */
void ts_put_expr(struct ts_c *c, struct ts_writer *w, const char *name, const struct ts_expr *expr);
/* What a model's fields are given, as `$given`; returns the number of its rows, and writes none for
 * 0. */
size_t ts_put_given(struct ts_c *c, struct ts_writer *w, const struct ts_message *model);
/* ${short}_rules, of a message that has some. */
void ts_put_rules(struct ts_c *c, struct ts_writer *w, const struct ts_message *message);
void ts_emit_publish(struct ts_c *c);
void ts_emit_routes(struct ts_c *c);
void ts_emit_listeners(struct ts_c *c);
void ts_emit_service(struct ts_c *c); /* and <svc>_main */

/* Declaration of a message's struct and tables, for a header. */
void ts_emit_struct(struct ts_c *c, struct ts_writer *w, const struct ts_message *message);
/* Its tables, for a source. */
void ts_emit_tables(struct ts_c *c, struct ts_writer *w, const struct ts_message *message);

#endif
