/*
 * The checked model: what the emitters read. It is only handed out when the whole system is free
 * of errors, so everything here is resolved and consistent; an emitter never looks anything up by
 * name and never reports an error.
 *
 * Invariants:
 * 1. Everything lives in one arena and is read-only once ts_check has returned.
 * 2. Arrays keep the order of the schema; `x` and `x_count` go together; a count may be 0, and
 *    then the pointer may be NULL. Text is NUL-terminated UTF-8.
 * 3. Text that may be absent (`doc`) is NULL then. Names are never NULL.
 * 4. A doc comment is the text of the /// lines, joined by "\n", without markers, without the
 *    blanks around each line, and without a final "\n".
 * 5. Every declaration keeps the span of its name; what the compiler made up has the span of
 *    what it was made for.
 * 6. Numbers of fields and enum values are unique, 1..TS_LIMIT_FIELD_NUMBER, outside 19000-19999.
 *
 * Threads: any number of readers.
 */
#ifndef TS_MODEL_H
#define TS_MODEL_H

#include "codegen/text/operators.h"
#include "codegen/text/source.h"

struct ts_service;
struct ts_message;
struct ts_field;
struct ts_event;
struct ts_index;
struct ts_timer;

#define TS_UNBOUNDED UINT32_MAX /* of a length or a count */

/* -------------------------------------------------------------------- types */

/* What one value is. Wire and C forms are the runtime's; JSON in brackets. */
enum ts_kind {
    TS_POISON, /* never in a model that was handed out */
    TS_BOOL,
    TS_I32,
    TS_I64,
    TS_U32,
    TS_U64,
    TS_F64,
    TS_DECIMAL,  /* int64 scaled by 10^scale [exact number] */
    TS_STRING,   /* UTF-8 without NUL; lengths in code points */
    TS_BYTES,    /* lengths in bytes [base64] */
    TS_ID,       /* a UUID as text, assigned by the store on create */
    TS_REF,      /* the id of another record, as text; `message` is the model or replica meant */
    TS_TIME,     /* int64 milliseconds since 1970, UTC [2026-01-31T12:00:00.000Z] */
    TS_DATE,     /* int32 days since 1970-01-01 [2026-01-31] */
    TS_DURATION, /* int64 milliseconds */
    TS_ENUM,     /* `enumeration` */
    TS_MESSAGE,  /* `message`; an embedded ref is one too, see ts_field.embed */
    TS_PASSWORD, /* a string that is secret: clear text in a request, its hash in a record;
                    lengths in bytes of the clear text */
    TS_VERSION   /* int64 kept by the store: 1 on create, +1 per update */
};

enum ts_shape {
    TS_ONE,
    TS_LIST, /* repeated */
    TS_MAP   /* map<string, T> */
};

/* Formats a string is checked against. */
enum ts_format { TS_FORMAT_NONE, TS_FORMAT_EMAIL, TS_FORMAT_URL, TS_FORMAT_UUID, TS_FORMAT_SLUG };

/* A constant: a bound, a default, an operand of a condition. Which member counts follows from
 * the kind of the type it belongs to. */
union ts_value {
    bool boolean;     /* TS_BOOL */
    int64_t integer;  /* TS_I32, TS_I64, TS_DECIMAL (scaled), TS_TIME, TS_DURATION (both ms),
                         TS_DATE (days), TS_VERSION */
    uint64_t natural; /* TS_U32, TS_U64 */
    double real;      /* TS_F64 */
    const char *text; /* TS_STRING, TS_ID, TS_REF, TS_BYTES (as written) */
    const struct ts_enum_value *enum_value; /* TS_ENUM */
};

/* `type NAME = ...`: already applied wherever it is used; kept for comments and documents. */
struct ts_alias {
    const char *name;
    const char *doc;
    struct ts_span span;
    const struct ts_service *service; /* NULL when declared at top level */
    struct ts_type *type;
};

/* A type with all its constraints, whether written in place or by way of an alias. For a list
 * or a map, kind and the constraints of values are those of the elements. */
struct ts_type {
    enum ts_kind kind;
    enum ts_shape shape;
    bool optional; /* may be absent or null; only with TS_ONE */

    const struct ts_alias *alias;      /* through which it was named last, or NULL */
    const struct ts_enum *enumeration; /* TS_ENUM, else NULL */
    /* TS_MESSAGE: its type. TS_REF: the model or replica referred to, possibly of another
     * service (then only its name matters). Else NULL. */
    struct ts_message *message;

    /* Values. */
    uint32_t scale;     /* TS_DECIMAL: digits after the point, 0..18 */
    bool has_min;       /* numbers, times, durations */
    bool has_max;       /* inclusive both */
    union ts_value min; /* when has_min */
    union ts_value max; /* when has_max */
    uint32_t min_len;   /* TS_STRING (code points), TS_PASSWORD, TS_BYTES (bytes); 0 for none */
    uint32_t max_len;   /* or TS_UNBOUNDED */
    enum ts_format format;
    const char *pattern; /* as written, over the whole string (runtime/base/pattern.h); or NULL. The
                            string then has an upper bound. */
    bool trim;           /* white space at both ends goes before anything is checked */
    bool lower;          /* ASCII capitals become small before anything is checked */

    /* Items of a list, entries of a map. */
    uint32_t min_items;
    uint32_t max_items;   /* or TS_UNBOUNDED */
    bool unique_items;    /* no two elements equal */
    uint32_t key_min_len; /* TS_MAP: the keys, in code points */
    uint32_t key_max_len; /* or TS_UNBOUNDED */
};

/* ----------------------------------------------------------------- messages */

struct ts_field {
    const char *name;      /* snake_case */
    const char *json_name; /* lowerCamelCase */
    const char *doc;       /* the /// before it, else the // behind it on the same line */
    struct ts_span span;
    uint32_t number;
    uint32_t position; /* index within message->fields */
    struct ts_type type;

    struct ts_message *message;    /* that the field belongs to */
    const struct ts_field *origin; /* the field it was picked from, with the same number and
                                      constraints; NULL when declared here */
    bool secret; /* never in a view, reply, event, log or URL; true of TS_PASSWORD */
    bool unique; /* of a model: `unique` follows it; its index is in message->indexes too */
    /* `ref M embed`: kind is TS_MESSAGE with `message` M (a model or replica of the same
     * service). A record stores M with only its id set; a reply carries it whole. Picked fields
     * keep the flag as long as they are still of type M. */
    bool embed;
    bool has_default;
    bool has_example;
    const struct ts_expr *given; /* of a model, `= EXPR`: what the store gives to a new record where
                                    nothing was set; or NULL */
    bool given_on_update;        /* and to a changed one, whatever was set */
    union ts_value default_value;
    union ts_value example; /* of the kind, as one item of a list or map; for documents only */
};

enum ts_message_kind {
    TS_PLAIN,   /* message X { ... } */
    TS_DERIVED, /* message X = M { picks } */
    TS_VIEW,    /* view X of M { picks }: what others may see */
    TS_MODEL,   /* stored and owned by the service */
    TS_REPLICA, /* stored, but written from events only, in version order */
    TS_EVENT,   /* the payload of an event */
    TS_NESTED   /* made for `field { picks }`: named PARENT + Field, such as OrderCreatedTicket */
};

/* An expression, resolved and typed. */
struct ts_expr {
    enum ts_expr_op op;
    struct ts_span span;
    const struct ts_type *type;   /* of its value; of a condition TS_BOOL. An embedded record is a
                                     TS_REF here. */
    const struct ts_field *field; /* TS_EXPR_PATH: the value, or a message on the way to it */
    const struct ts_expr *within; /* TS_EXPR_PATH: the message that `field` is of; NULL: the record
                                     that the expression is about */
    const struct ts_message *loads; /* TS_EXPR_PATH: `within` is the id of a record of this model or
                                       replica, which is looked up; else NULL */
    union ts_value value;           /* TS_EXPR_VALUE */
    const struct ts_expr **operands;
    size_t n_operands;
};

/* `rule name: EXPR "text"`, a check across fields; it is broken when the condition is false. */
struct ts_rule {
    const char *name;
    const char *text; /* what a violation says */
    struct ts_span span;
    const struct ts_expr *condition;
};

/* `index`, `unique` and a field's own `unique`. */
struct ts_index {
    const char *name; /* a field's own: the field's name */
    const char *doc;
    struct ts_span span;
    struct ts_message *model;
    const struct ts_field **fields; /* in key order; an embedded ref counts as its id */
    size_t n_fields;                /* at least 1 */
    bool unique;
    const struct ts_expr *condition; /* `while ...`: only such records are in it; or NULL */
};

/* Everything with fields: models, replicas, views, messages, event payloads. */
struct ts_message {
    enum ts_message_kind kind;
    const char *name;   /* PascalCase, unique within its service among all messages and enums */
    const char *c_name; /* in C, behind the service: order_created */
    const char *doc;
    struct ts_span span;
    struct ts_service *service;

    struct ts_field *fields; /* in the order written */
    size_t n_fields;
    uint32_t *reserved; /* numbers never to be used again, ascending */
    size_t n_reserved;
    struct ts_rule *rules; /* a derived message keeps the rules whose fields it picks */
    size_t n_rules;

    bool bounded; /* `bounded`: static size, every length and count has an upper bound */
    uint32_t
        bytes_max; /* of a bounded message, once its parts are checked: ts_encoded_max; else 0 */
    /* Reached from an event of its service, itself included: consumers need its C type. */
    bool shared;
    /* The model (or replica) the fields come from: of TS_DERIVED, TS_VIEW, TS_EVENT, TS_NESTED the
     * one picked from, of TS_REPLICA the original in the other service; else NULL. */
    struct ts_message *origin;
    const struct ts_event *event;    /* TS_EVENT: the event it is the payload of; else NULL */
    const struct ts_message *parent; /* TS_NESTED: the message it was made in; else NULL */

    /* Of TS_MODEL and TS_REPLICA only; zero for the others. */
    const struct ts_field *id;      /* never NULL there */
    const struct ts_field *version; /* never NULL in a replica or the model of an event */
    const char *renamed_from;       /* its records may be stored under that name; or NULL */
    const struct ts_field *expires; /* `expires(field)`: removed at that time; or NULL */
    struct ts_index *indexes;
    size_t n_indexes;
    struct ts_timer **timers; /* set on its fields */
    size_t n_timers;
    bool replicated; /* it is the origin of a replica */

    /* Of TS_REPLICA only. */
    struct ts_event **sources; /* the events it is filled from */
    size_t n_sources;
    bool implicit; /* made for the session's revocations, written nowhere in the schema */
};

struct ts_enum_value {
    const char *name; /* snake_case */
    const char *text; /* in JSON: the `as "..."`, else the name */
    const char *doc;
    struct ts_span span;
    uint32_t number;
};

struct ts_enum {
    const char *name;   /* PascalCase */
    const char *c_name; /* in C, behind the service or the schema */
    const char *doc;
    struct ts_span span;
    struct ts_service *service; /* NULL when declared at top level */
    struct ts_enum_value *values;
    size_t n_values; /* at least 1 */
    bool shared;     /* as in ts_message */
    bool incomplete; /* a value was lost to a mistake: never in a model that was handed out */
};

/* ------------------------------------------------------------------- events */

/* `event NAME "subject" of M [keyed by FIELD] { picks }`. */
struct ts_event {
    const char *name;
    const char *doc;
    const char *subject; /* unique in the system */
    struct ts_span span;
    struct ts_service *service; /* the only one that may publish it */
    struct ts_message *model;   /* the model that it is about */
    struct ts_message *message; /* its payload, kind TS_EVENT, same name */
    const struct ts_field *id;  /* within the payload: the record's id */
    /* Within the payload: events with the same value here keep their order. The id, or what
     * `keyed by` names: a ref, or an embedded record that carries its id. */
    const struct ts_field *key;
    const struct ts_field *version; /* within the payload; NULL when it carries none */
};

/* `on svc.Event name [while COND] emits ...`: a handler in the consuming service. */
struct ts_listener {
    const char *name;
    const char *doc;
    struct ts_span span;
    struct ts_service *service;
    const struct ts_event *event;    /* possibly of another service */
    const struct ts_expr *condition; /* of the event's fields: others are passed over; or NULL */
    struct ts_event **emits;
    size_t n_emits;
};

/* `timer name at Model.field [while COND] [emits ...]`: a handler called once per record when the
 * time in the field has come and the condition holds. */
struct ts_timer {
    const char *name;
    const char *doc;
    struct ts_span span;
    struct ts_service *service;
    struct ts_message *model;
    const struct ts_field *field;    /* TS_TIME, not optional */
    const struct ts_expr *condition; /* or NULL */
    struct ts_event **emits;
    size_t n_emits;
};

/* ------------------------------------------------------------------- routes */

/* `error name STATUS "text"`, or one that is built in. */
struct ts_problem {
    const char *name; /* snake_case */
    const char *doc;
    const char *text;    /* what the client reads */
    struct ts_span span; /* nowhere when built in */
    uint32_t status;     /* 400..599 */
    bool builtin;
};

enum ts_method { TS_GET, TS_POST, TS_PUT, TS_PATCH, TS_DELETE };

enum ts_access {
    TS_ACCESS_USER,   /* any signed-in user: the default */
    TS_ACCESS_PUBLIC, /* anyone; a session is still read when there is one */
    TS_ACCESS_OWNER,  /* `owner f`: the subject record's f equals the signed-in user */
    TS_ACCESS_MINE    /* `mine by i`: lists only the signed-in user's records, by index i */
};

enum ts_auto {
    TS_AUTO_NONE,
    TS_AUTO_CREATE,
    TS_AUTO_SHOW,
    TS_AUTO_LIST,
    TS_AUTO_UPDATE,
    TS_AUTO_DELETE
};

/* One piece of a path between slashes. */
struct ts_segment {
    const char *text;             /* without the slash; of a parameter, its name */
    const struct ts_param *param; /* NULL for fixed text */
};

/* A path or query parameter. */
struct ts_param {
    const char *name;
    const char *json_name; /* its name in a URL's query: lowerCamelCase */
    const char *doc;
    struct ts_span span;
    struct ts_type type; /* never optional in a path; a query parameter always may be absent */
    const struct ts_index *index; /* query: `by INDEX`, selects records by it; or NULL */
    const struct ts_field *field; /* of the subject: the first field of `index`, or the field a
                                     path parameter is named after; or NULL */
};

enum ts_limit_key_kind {
    TS_LIMIT_ADDRESS, /* the client's address */
    TS_LIMIT_USER,    /* the signed-in user */
    TS_LIMIT_FIELD    /* a field of the body */
};

struct ts_limit_key {
    enum ts_limit_key_kind kind;
    const struct ts_field *field; /* TS_LIMIT_FIELD, else NULL */
};

/* `limit N/PERIOD per ...`: every key on its own admits `count` requests per period. */
struct ts_limit {
    uint32_t count; /* 0: no limit, and nothing else here counts */
    int64_t period_ms;
    struct ts_limit_key *keys;
    size_t n_keys;
    struct ts_span span;
};

struct ts_route {
    const char *name; /* unique within the service */
    const char *doc;
    struct ts_span span;
    struct ts_service *service;

    enum ts_method method;
    bool read;        /* GET: runs against a snapshot; every other method is a write transaction */
    const char *path; /* whole, such as "/api/tickets/:id"; no slash at the end but for "/" */
    struct ts_segment *segments;
    size_t n_segments;
    struct ts_param *params; /* in the path, in order */
    size_t n_params;
    struct ts_param *queries;
    size_t n_queries;
    /* The query as a message of its own, with an optional field for each parameter; it is not
     * among the service's messages. NULL when there are none. */
    struct ts_message *query;

    const struct ts_message *body;  /* or NULL */
    uint32_t status;                /* on success, 200..299 */
    const struct ts_message *reply; /* NULL for 204; of a page, the type of its items */
    bool page;                      /* `page of T`: items and a cursor */
    /* The stored model or replica the route is about: the reply's, else the body's, else that
     * of the events it emits, or as `of M` says; NULL when there is none. With `owner` and
     * `auto` it is never NULL. */
    struct ts_message *subject;
    /* The path parameter that names one record of the subject, which is then at hand: its id, or a
     * field that is `unique` by itself. NULL when the path names none. */
    const struct ts_param *subject_param;
    const struct ts_index *subject_key; /* of that field; NULL when it is the id */

    enum ts_access access;
    const struct ts_field *owner;  /* TS_ACCESS_OWNER: of the subject; a ref to the user model
                                      (or, in the user model itself, its id) */
    const struct ts_index *mine;   /* TS_ACCESS_MINE: its first field is a ref to the user */
    const struct ts_expr *allow;   /* `allow ...`: must hold besides; or NULL */
    enum ts_auto automatic;        /* TS_AUTO_NONE: a handler is written by hand */
    const struct ts_index **sorts; /* `sort i, ...`: orders a list may be asked for */
    size_t n_sorts;
    bool idempotent; /* honours an Idempotency-Key */
    bool work;       /* runs on the worker pool: `work`, or a password in the body */
    struct ts_limit limit;
    struct ts_event **emits;
    size_t n_emits;
    const struct ts_problem **errors;
    size_t n_errors;
};

/* --------------------------------------------------------------- the system */

/* `setting name type = default [in range]`. */
struct ts_setting {
    const char *name;
    const char *doc;
    struct ts_span span;
    struct ts_type type; /* a scalar, with the range as its bounds */
    union ts_value default_value;
};

struct ts_service {
    const char *name; /* snake_case */
    const char *doc;
    struct ts_span span;
    struct ts_model *model;
    const char *package; /* of .proto: "<schema>.<service>" */

    struct ts_alias **aliases;
    size_t n_aliases;
    struct ts_enum **enums;
    size_t n_enums;
    /* All kinds, each after those its fields are made of (an embedded or nested type comes
     * before its user), else in the order written; implicit replicas last. */
    struct ts_message **messages;
    size_t n_messages;
    struct ts_event **events;
    size_t n_events;
    struct ts_route **routes;
    size_t n_routes;
    struct ts_listener **listeners;
    size_t n_listeners;
    struct ts_timer **timers;
    size_t n_timers;
    struct ts_setting **settings;
    size_t n_settings;

    /* Every event that a listener or a replica of this service takes, each once, in the order of
     * first use; implicit replicas last. */
    struct ts_event **consumes;
    size_t n_consumes;
    bool has_private_routes; /* some route is not public: sessions are checked */
};

/* `session of auth.User lasts 7d revoked by auth.SessionRevoked`. */
struct ts_session {
    const char *doc;
    struct ts_span span;
    struct ts_message *user; /* the user model */
    int64_t lifetime_ms;
    struct ts_event *revoked_by;   /* NULL when sessions cannot be revoked */
    struct ts_message *revocation; /* the event's model: one record per revoked session */
};

/* `cors "https://app.example", ... [credentials]`: pages of other sites that may call. */
struct ts_cors {
    const char **origins; /* as a browser sends them */
    size_t n_origins;     /* at least 1 */
    bool credentials;     /* with the user's cookie */
    struct ts_span span;
};

struct ts_model {
    const char *name; /* of the schema */
    const char *doc;
    struct ts_span span;
    struct ts_source **sources; /* every file, the first one named on the command line */
    size_t n_sources;

    struct ts_alias **aliases; /* at top level */
    size_t n_aliases;
    struct ts_enum **enums; /* at top level */
    size_t n_enums;
    struct ts_problem **problems; /* as declared; built-in ones appear in routes only */
    size_t n_problems;
    struct ts_service **services;
    size_t n_services;
    struct ts_session *session; /* or NULL */
    struct ts_cors *cors;       /* or NULL */
};

/* ------------------------------------------------------------------ helpers */

const char *ts_kind_name(enum ts_kind kind);       /* as in a schema, such as "decimal" */
const char *ts_method_name(enum ts_method method); /* "GET" */
/* Bytes of the longest value of a string, id, ref, password or bytes that has a bound. */
uint64_t ts_type_bytes_max(const struct ts_type *type);
/* The field of that name, or NULL. */
const struct ts_field *ts_message_field(const struct ts_message *message, const char *name);
/* The first field that an expression names; NULL when it names none. */
const struct ts_expr *ts_expr_first_path(const struct ts_expr *expr);
bool ts_expr_mentions(const struct ts_expr *expr, enum ts_expr_op op);
/* The unique index of that field alone, of whatever records; or NULL. */
const struct ts_index *ts_index_of_field(const struct ts_message *model,
                                         const struct ts_field *field);
/* True of models and replicas, which have a store. */
bool ts_message_is_stored(const struct ts_message *message);
/* `value` of a type as a person reads it: 0.01, 15min, 2026-01-31T00:00:00.000Z. */
const char *ts_value_text(struct rt_arena *arena, const struct ts_type *type,
                          const union ts_value *value);
/* It reports that its record is gone: only automatic routes that delete publish it. */
bool ts_event_is_last(const struct ts_event *event);

#endif
