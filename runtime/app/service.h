/*
 * The tables that make a service: what the compiler emits, and what rt_service_main runs. All of
 * it is constant and static.
 */
#ifndef RT_APP_SERVICE_H
#define RT_APP_SERVICE_H

#include "runtime/app/handler.h"
#include "runtime/http/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------- errors */

/* An error a route may answer with. */
struct rt_problem {
    const char *name; /* "email_in_use", or a built-in one such as "not_found" */
    int status;
    const char *message; /* for a person */
};

/* ------------------------------------------------------------------- events */

struct rt_event_type {
    const char *name;    /* "ItemCreated" */
    const char *subject; /* "item:created" */
    const struct rt_message *message;
    const struct rt_model *model; /* the model that it is about, in the publishing service */
    /* Builds the event from a record of `model` and writes it into the outbox. NULL in the tables
     * of a service that only listens. */
    void (*publish)(struct rt_txn *txn, const void *record);
    bool last; /* the record is gone: a replica of it goes, too */
};

/* ------------------------------------------------------------------- routes */

enum rt_access {
    RT_ACCESS_USER,   /* any signed-in user */
    RT_ACCESS_PUBLIC, /* anyone; a valid session is still read */
    RT_ACCESS_OWNER,  /* the subject's `owner` field equals the signed-in user */
    RT_ACCESS_MINE    /* a list of the signed-in user's records, by index `mine` */
};

/* What the runtime does by itself; RT_AUTO_NONE calls the handler. */
enum rt_auto {
    RT_AUTO_NONE,
    RT_AUTO_CREATE,
    RT_AUTO_SHOW,
    RT_AUTO_LIST,
    RT_AUTO_UPDATE,
    RT_AUTO_DELETE
};

struct rt_query_param {
    const char *json;             /* its name in a URL */
    const struct rt_field *field; /* kind and limits; its offset is into the route's query struct */
    const struct rt_index *index; /* selects records of a list by it; or NULL */
};

enum rt_limit_key_kind { RT_LIMIT_ADDRESS, RT_LIMIT_USER, RT_LIMIT_FIELD };

struct rt_limit_key {
    enum rt_limit_key_kind kind;
    const struct rt_field *field; /* RT_LIMIT_FIELD: of the body */
};

/* Each key on its own admits `count` requests per period (a token bucket). */
struct rt_rate_limit {
    uint32_t count; /* 0: no limit */
    int64_t period_ms;
    const struct rt_limit_key *keys;
    size_t n_keys;
};

/* The request as the emitted adapters get it. `params` are the path's, in order, decoded. `query`
 * is a message of route->query, absent members NULL or has_x false. `subject` is the record that
 * the path names, loaded (and its owner checked) before the call; `reply` is an initialised message
 * of the route's reply type, or the subject itself when the types are the same; for a page it is an
 * empty struct rt_page, and `paging` what is asked for. */
struct rt_request {
    const char *const *params;
    void *query;
    void *body;
    void *subject;
    const struct rt_paging *paging;
    void *work; /* what the route's work function returned */
    void *reply;
};

struct rt_route {
    const char *name; /* "update" */
    enum rt_method method;
    const char *path; /* "/api/items/:id" */
    int line;         /* in the schema, for logs */
    int status;       /* on success */

    enum rt_access access;
    enum rt_auto automatic;
    bool read;       /* on the loop against a snapshot; else in a write transaction */
    bool idempotent; /* an Idempotency-Key makes a repeat give the first answer */
    bool page;       /* the reply is {"items": [...], "next": cursor or null} */

    const struct rt_message *body;  /* or NULL */
    const struct rt_message *reply; /* or NULL; of a page, its items */
    const struct rt_message *query; /* or NULL */
    const struct rt_query_param *query_params;
    size_t n_query_params;
    const struct rt_model *subject;      /* or NULL */
    int id_param;                        /* the path parameter that names the subject, or -1 */
    const struct rt_index *key;          /* it does so by this unique index of one field; NULL: it
                                            is the id */
    struct rt_expr allow;                /* must hold, too: of the subject when the path names it,
                                            of each record of an automatic list, else of the user */
    const struct rt_field *owner;        /* RT_ACCESS_OWNER: of the subject's message */
    const struct rt_index *mine;         /* RT_ACCESS_MINE: its first field is the user */
    const struct rt_index *const *sorts; /* ?sort=NAME or -NAME; NULL-terminated, or NULL */
    struct rt_rate_limit limit;

    const struct rt_problem *const *errors; /* result r > 0 is errors[r - 1] */
    size_t n_errors;
    const struct rt_event_type *const *emits;
    size_t n_emits;

    /* On the worker pool, before `handle`, with a snapshot; or NULL. What it returns (memory of
     * the arena) is request->work. */
    void *(*work)(struct rt_ctx *ctx, const struct rt_request *request);
    /* A thin typed adapter around the handler; 0, or 1 + an index into `errors`. NULL when the
     * runtime does it all. */
    int (*handle)(struct rt_ctx *ctx, const struct rt_request *request);
};

/* ---------------------------------------------- listeners, replicas, timers */

struct rt_listener {
    const char *name;
    const struct rt_event_type *event;
    struct rt_expr where; /* events of which it does not hold are passed over */
    enum rt_listened (*handle)(struct rt_ctx *ctx, const void *event);
};

/* Records of another service, kept from its events: any newer version is applied, an older one is
 * ignored. Event and replica fields match by name. */
struct rt_replica {
    const struct rt_model *model;
    const struct rt_event_type *const *events;
    size_t n_events;
};

struct rt_timer {
    const char *name;
    const struct rt_model *model;
    const struct rt_index *index; /* its first field is the time; its `where` the condition */
    void (*handle)(struct rt_ctx *ctx, void *record);
};

/* ----------------------------------------------------------------- settings */

struct rt_setting {
    const char *name;
    struct rt_field field; /* kind and limits; offset into the service's settings struct */
    const char *fallback;  /* the default, as text in the schema's form ("15min") */
};

/* A row: RT_SETTING(shop_settings, window_ms, "window", "15min", .kind = RT_DURATION). */
#define RT_SETTING(T, member, name_, fallback_, ...)                                               \
    {                                                                                              \
        .name = name_, .field = RT_FIELD(T, member, 0, name_, __VA_ARGS__), .fallback = fallback_  \
    }

/* ------------------------------------------------------------------ service */

/* Pages of other sites that may call: `cors "https://app.example" credentials`. */
struct rt_cors {
    const char *const *origins; /* each as a browser sends it */
    size_t n_origins;
    bool credentials; /* with the user's cookie */
};

struct rt_service {
    const char *schema;                   /* "ticketing" */
    const char *name;                     /* "orders" */
    const struct rt_model *const *models; /* replicas too */
    size_t n_models;
    const struct rt_route *routes;
    size_t n_routes;
    const struct rt_listener *listeners;
    size_t n_listeners;
    const struct rt_replica *replicas;
    size_t n_replicas;
    const struct rt_timer *timers;
    size_t n_timers;
    const struct rt_setting *settings;
    size_t n_settings;
    void *settings_values; /* the service's settings struct, filled before anything runs */

    /* Sessions: a token whose id is a record of this model (or replica) is dead. NULL when the
     * schema has no sessions. */
    const struct rt_model *revocations;
    int64_t session_lifetime_ms;
    const char *session_issuer; /* the service that signs tokens */

    const struct rt_cors *cors; /* NULL: pages of this site only */
};

/* Runs the service until SIGTERM or SIGINT: parses the command line (see --help), opens the
 * store, connects to the channel, serves. Returns the process's exit status. */
int rt_service_main(const struct rt_service *service, int argc, char **argv);

#ifdef __cplusplus
}
#endif

#endif
