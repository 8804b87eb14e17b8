/*
 * What the app's tests share: the hand-written tables of a little shop, run by a real app on a
 * thread of its own with a store in a directory of its own, over real HTTP on loopback, with a
 * channel that the test plays.
 */
#ifndef RT_APP_SHOP_H
#define RT_APP_SHOP_H

#include "runtime/app/app.h"
#include "tests/support/http_peer.h"

struct shop_item {
    ProtobufCMessage base;
    const char *id;
    const char *title;
    int64_t price;
    const char *user_id;
    const char *hold; /* optional */
    int64_t version;
};

struct shop_supplier { /* a replica */
    ProtobufCMessage base;
    const char *id;
    const char *name;
    int64_t version;
};

struct shop_errand { /* has a timer */
    ProtobufCMessage base;
    const char *id;
    int64_t due_at;
    int state; /* 1: open */
    int64_t runs;
    int64_t version;
};

extern const struct rt_message shop_item_message, shop_supplier_message, shop_errand_message;
extern const struct rt_model shop_item_model, shop_supplier_model, shop_errand_model,
    shop_revocation_model;
extern const struct rt_service shop_service;

/* What the errand timer does: 0 closes the errand, 1 leaves it due, 2 changes nothing it may. */
extern _Atomic int shop_timer_mode;
/* What the listener says: RT_LISTENED or RT_RETRY. */
extern _Atomic int shop_listener_answer;
extern _Atomic int shop_listener_calls;
/* While it is not 0, the work of a sign-in does not end. */
extern _Atomic int shop_work_held;

/* ------------------------------------------------------------------ channel */

enum { FAKE_MAX = 4096 };

/* Everything is touched on the loop's thread only (see shop_on_loop). */
struct fake_channel {
    struct rt_transport base;
    const struct rt_transport_events *events;
    void *arg;
    uint64_t next_sequence; /* what the app announced */
    size_t subjects;
    size_t window; /* publishes that it takes before `confirm` */
    uint64_t published[FAKE_MAX];
    char keys[FAKE_MAX][40]; /* of those */
    size_t n_published;
    uint64_t confirmed;
    uint64_t acked[FAKE_MAX];
    size_t n_acked;
    uint64_t nacked[FAKE_MAX];
    size_t n_nacked;
    uint64_t dead[FAKE_MAX];
    size_t n_dead;
    char dead_why[256]; /* of the last one */
};

/* --------------------------------------------------------------------- shop */

struct shop {
    char dir[64];
    char secret_file[80];
    struct rt_options options;
    struct fake_channel channel;
    uint64_t taken; /* what the channel will say it has of the shop's events */
    uv_loop_t loop;
    uv_thread_t thread;
    uv_async_t async;
    uv_mutex_t mutex;
    uv_cond_t changed;
    void (*job)(struct shop *shop, void *arg);
    void *job_arg;
    bool started;
    struct rt_app *app;
    struct peer peer;
    struct peer_reply reply; /* to the last request */
    struct rt_arena arena;   /* of the test */
};

void shop_init(struct shop *shop);
void shop_done(struct shop *shop);
/* Stops and starts the app on the same directory. */
void shop_stop(struct shop *shop);
void shop_start(struct shop *shop);

/* Runs `job` on the loop's thread and waits for it. */
void shop_on_loop(struct shop *shop, void (*job)(struct shop *shop, void *arg), void *arg);
/* Asks on the loop's thread until it is true; fails the test after five seconds. */
void shop_wait(struct shop *shop, bool (*true_now)(struct shop *shop, void *arg), void *arg,
               const char *what);
/* A write transaction of the test's own, waited for. */
int shop_write(struct shop *shop, int (*run)(struct rt_txn *txn, void *arg), void *arg);
/* A record as it is stored now, in the test's arena; NULL: none. */
void *shop_get(struct shop *shop, const struct rt_model *model, const char *id);
/* How many items there are, as the snapshot has it. */
size_t shop_count_items(struct shop *shop);

/* One request on the shop's connection; the status. `user` NULL: signed out. `headers` are whole
 * lines ending in CRLF, or "". */
int shop_request(struct shop *shop, const char *method, const char *path, const char *user,
                 const char *headers, const char *body);
/* The two halves of it. */
void shop_send(struct shop *shop, const char *method, const char *path, const char *user,
               const char *headers, const char *body);
int shop_receive(struct shop *shop, bool head);
/* The reply's body, and a header. */
const char *shop_body(struct shop *shop);
const char *shop_header(struct shop *shop, const char *name);
/* The value of the first "name":"..." in the body, in the test's arena. */
const char *shop_member(struct shop *shop, const char *name);
/* A token for that user, signed as the app does it. */
const char *shop_token(struct shop *shop, const char *user, const char *id, int64_t issued_at_ms);

#endif
