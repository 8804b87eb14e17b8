#include "tests/support/shop.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "runtime/base/clock.h"
#include "runtime/identity/token.h"
#include "tests/support/failing_db.h"

#define SECRET "0123456789abcdef0123456789abcdef"

/* ------------------------------------------------------------------ channel */

static int fake_publish(struct rt_transport *transport, const struct rt_publish *publish)
{
    struct fake_channel *fake = (struct fake_channel *)transport;
    if (fake->n_published - (size_t)fake->confirmed >= fake->window)
        return RT_EAGAIN;
    cr_assert_lt(fake->n_published, FAKE_MAX);
    cr_assert_lt(publish->key.len, sizeof(fake->keys[0]));
    memcpy(fake->keys[fake->n_published], publish->key.data, publish->key.len);
    fake->keys[fake->n_published][publish->key.len] = '\0';
    fake->published[fake->n_published++] = publish->sequence;
    return 0;
}

static int note(uint64_t *list, size_t *n, uint64_t sequence)
{
    cr_assert_lt(*n, FAKE_MAX);
    list[(*n)++] = sequence;
    return 0;
}

static int fake_ack(struct rt_transport *transport, uint64_t sequence)
{
    struct fake_channel *fake = (struct fake_channel *)transport;
    return note(fake->acked, &fake->n_acked, sequence);
}

static int fake_nack(struct rt_transport *transport, uint64_t sequence, int64_t delay_ms)
{
    struct fake_channel *fake = (struct fake_channel *)transport;
    cr_assert_gt(delay_ms, 0);
    return note(fake->nacked, &fake->n_nacked, sequence);
}

static int fake_terminate(struct rt_transport *transport, uint64_t sequence, struct rt_str reason)
{
    struct fake_channel *fake = (struct fake_channel *)transport;
    cr_assert(reason.len > 0 && reason.len < sizeof fake->dead_why);
    memcpy(fake->dead_why, reason.data, reason.len);
    fake->dead_why[reason.len] = '\0';
    return note(fake->dead, &fake->n_dead, sequence);
}

static void fake_close(struct rt_transport *transport, void (*closed)(void *arg), void *arg)
{
    (void)transport;
    closed(arg);
}

static int fake_extend(struct rt_transport *transport, uint64_t sequence)
{
    (void)transport, (void)sequence;
    return 0;
}

static const struct rt_transport_ops fake_ops = {
    .publish = fake_publish,
    .ack = fake_ack,
    .nack = fake_nack,
    .terminate = fake_terminate,
    .extend = fake_extend,
    .close = fake_close,
};

/* The opener has no argument of its own; a test has one shop at a time. */
static struct fake_channel *opening;

static int fake_open(uv_loop_t *loop, const struct rt_transport_options *options,
                     const struct rt_transport_events *events, void *arg, struct rt_transport **ret,
                     struct rt_error *error)
{
    (void)loop;
    (void)error;
    struct fake_channel *fake = opening;
    *fake = (struct fake_channel){.base = {&fake_ops},
                                  .events = events,
                                  .arg = arg,
                                  .next_sequence = options->next_sequence,
                                  .window = FAKE_MAX};
    while (options->subjects[fake->subjects])
        fake->subjects++;
    cr_assert_str_eq(options->name, "shop");
    *ret = &fake->base;
    return 0;
}

static const struct rt_transport_opener fake_opener = {fake_open};

/* ------------------------------------------------------------------- thread */

static void on_async(uv_async_t *async)
{
    struct shop *shop = async->data;
    uv_mutex_lock(&shop->mutex);
    if (shop->job) {
        shop->job(shop, shop->job_arg);
        shop->job = NULL;
        uv_cond_broadcast(&shop->changed);
    }
    uv_mutex_unlock(&shop->mutex);
}

static void run_app(void *arg)
{
    struct shop *shop = arg;
    struct rt_error error = {0, ""};
    uv_loop_init(&shop->loop);
    uv_async_init(&shop->loop, &shop->async, on_async);
    shop->async.data = shop;
    opening = &shop->channel;
    int err =
        rt_app_open(&shop->loop, &shop_service, &shop->options, &fake_opener, &shop->app, &error);
    cr_assert_eq(err, 0, "%s", error.message);
    shop->channel.events->welcome(shop->channel.arg, shop->taken, shop->taken);
    uv_mutex_lock(&shop->mutex);
    shop->started = true;
    uv_cond_broadcast(&shop->changed);
    uv_mutex_unlock(&shop->mutex);
    uv_run(&shop->loop, UV_RUN_DEFAULT);
    cr_assert_eq(uv_loop_close(&shop->loop), 0, "nothing is left open");
}

void shop_on_loop(struct shop *shop, void (*job)(struct shop *shop, void *arg), void *arg)
{
    uv_mutex_lock(&shop->mutex);
    shop->job = job;
    shop->job_arg = arg;
    uv_async_send(&shop->async);
    while (shop->job)
        uv_cond_wait(&shop->changed, &shop->mutex);
    uv_mutex_unlock(&shop->mutex);
}

struct question {
    bool (*true_now)(struct shop *shop, void *arg);
    void *arg;
    bool answer;
};

static void ask(struct shop *shop, void *arg)
{
    struct question *question = arg;
    question->answer = question->true_now(shop, question->arg);
}

void shop_wait(struct shop *shop, bool (*true_now)(struct shop *shop, void *arg), void *arg,
               const char *what)
{
    struct question question = {true_now, arg, false};
    uint64_t deadline_ns = rt_clock_monotonic_ns() + UINT64_C(5000000000);
    for (;;) {
        shop_on_loop(shop, ask, &question);
        if (question.answer)
            return;
        cr_assert_lt(rt_clock_monotonic_ns(), deadline_ns, "waited in vain: %s", what);
        usleep(1000);
    }
}

/* ---------------------------------------------------------------- lifecycle */

void shop_start(struct shop *shop)
{
    shop->started = false;
    cr_assert_eq(uv_thread_create(&shop->thread, run_app, shop), 0);
    uv_mutex_lock(&shop->mutex);
    while (!shop->started)
        uv_cond_wait(&shop->changed, &shop->mutex);
    uv_mutex_unlock(&shop->mutex);
    peer_open(&shop->peer, rt_app_port(shop->app));
}

static void app_closed(void *arg)
{
    struct shop *shop = arg;
    uv_close((uv_handle_t *)&shop->async, NULL);
}

static void begin_close(struct shop *shop, void *arg)
{
    (void)arg;
    rt_app_close(shop->app, app_closed, shop);
}

void shop_stop(struct shop *shop)
{
    peer_close(&shop->peer);
    shop_on_loop(shop, begin_close, NULL);
    uv_thread_join(&shop->thread);
}

void shop_init(struct shop *shop)
{
    memset(shop, 0, sizeof(*shop));
    shop_timer_mode = 0;
    shop_listener_answer = RT_LISTENED;
    shop_listener_calls = 0;
    shop_work_held = 0;
    failing_db_key(NULL);
    failing_db_walks(false);
    rt_arena_init(&shop->arena, 0);
    uv_mutex_init(&shop->mutex);
    uv_cond_init(&shop->changed);
    snprintf(shop->dir, sizeof(shop->dir), "/tmp/rt-shop-XXXXXX");
    cr_assert_not_null(mkdtemp(shop->dir));
    snprintf(shop->secret_file, sizeof(shop->secret_file), "%s/secret", shop->dir);
    int fd = open(shop->secret_file, O_CREAT | O_WRONLY, 0600);
    cr_assert_eq(write(fd, SECRET, 32), 32);
    close(fd);
    shop->options = (struct rt_options){
        .host = "127.0.0.1",
        .data = rt_arena_printf(&shop->arena, "%s/data", shop->dir),
        .secret_file = shop->secret_file,
        .trusted_hops = 1,
    };
    shop_start(shop);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

void shop_done(struct shop *shop)
{
    failing_db_key(NULL);
    failing_db_walks(false);
    shop_stop(shop);
    peer_reply_done(&shop->reply);
    rt_arena_done(&shop->arena);
    uv_mutex_destroy(&shop->mutex);
    uv_cond_destroy(&shop->changed);
    nftw(shop->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* -------------------------------------------------------------------- store */

struct own_write {
    struct rt_write write;
    struct rt_arena arena;
    bool finished;
    int status;
};

static void own_done(void *arg, int status)
{
    /* `arg` is the test's; the write is the first member of what it belongs to. */
    struct own_write *own = arg;
    own->status = status;
    own->finished = true;
}

struct forward {
    struct own_write own;
    int (*run)(struct rt_txn *txn, void *arg);
    void *arg;
};

static int forward_run(struct rt_txn *txn, void *arg)
{
    struct forward *forward = arg;
    return forward->run(txn, forward->arg);
}

static void submit(struct shop *shop, void *arg)
{
    struct forward *forward = arg;
    cr_assert_eq(rt_store_write(shop->app->owner.store, &forward->own.write), 0);
}

static bool is_finished(struct shop *shop, void *arg)
{
    (void)shop;
    return ((struct forward *)arg)->own.finished;
}

int shop_write(struct shop *shop, int (*run)(struct rt_txn *txn, void *arg), void *arg)
{
    struct forward forward = {.run = run, .arg = arg};
    rt_arena_init(&forward.own.arena, 0);
    forward.own.write = (struct rt_write){
        .run = forward_run, .done = own_done, .arg = &forward, .arena = &forward.own.arena};
    shop_on_loop(shop, submit, &forward);
    shop_wait(shop, is_finished, &forward, "a write");
    rt_arena_done(&forward.own.arena);
    return forward.own.status;
}

struct lookup {
    const struct rt_model *model;
    const char *id; /* NULL: count items */
    void *record;
    size_t count;
};

static void look_up(struct shop *shop, void *arg)
{
    struct lookup *lookup = arg;
    struct rt_txn txn;
    rt_store_read_begin(shop->app->owner.store, &shop->arena, &txn);
    if (lookup->id) {
        lookup->record = rt_txn_get(&txn, lookup->model, lookup->id);
    } else {
        struct rt_scan scan = {.limit = 1000};
        struct rt_page page;
        cr_assert_eq(rt_txn_scan(&txn, lookup->model, &scan, &page), 0);
        lookup->count = page.n_records;
    }
    cr_assert_eq(txn.failed, 0);
    rt_store_read_end(&txn);
}

void *shop_get(struct shop *shop, const struct rt_model *model, const char *id)
{
    struct lookup lookup = {.model = model, .id = id};
    shop_on_loop(shop, look_up, &lookup);
    return lookup.record;
}

size_t shop_count_items(struct shop *shop)
{
    struct lookup lookup = {.model = &shop_item_model};
    shop_on_loop(shop, look_up, &lookup);
    return lookup.count;
}

/* ----------------------------------------------------------------- requests */

const char *shop_token(struct shop *shop, const char *user, const char *id, int64_t issued_at_ms)
{
    const struct rt_claims claims = {.issuer = "gate",
                                     .audience = "bazaar",
                                     .subject = user,
                                     .id = id,
                                     .issued_at_ms = issued_at_ms,
                                     .expires_at_ms = issued_at_ms + 3600000};
    struct rt_str token;
    struct rt_keys keys = {.n_keys = 1};
    cr_assert_eq(rt_key_init(rt_str_bytes(RT_STR(SECRET)), &keys.keys[0], NULL), 0);
    cr_assert_eq(rt_token_sign(&keys, &claims, &shop->arena, &token, NULL), 0);
    return token.data;
}

void shop_send(struct shop *shop, const char *method, const char *path, const char *user,
               const char *headers, const char *body)
{
    struct rt_buf request = {0};
    rt_buf_printf(&request, "%s %s HTTP/1.1\r\nHost: test\r\n%s", method, path, headers);
    if (user)
        rt_buf_printf(&request, "Authorization: Bearer %s\r\n",
                      shop_token(shop, user, user, rt_clock_now_ms()));
    if (body) {
        if (!strstr(headers, "Content-Type"))
            rt_buf_puts(&request, "Content-Type: application/json\r\n");
        rt_buf_printf(&request, "Content-Length: %zu\r\n", strlen(body));
    }
    rt_buf_printf(&request, "\r\n%s", body ? body : "");
    cr_assert(peer_send(&shop->peer, request.data, request.len));
    rt_buf_done(&request);
}

int shop_receive(struct shop *shop, bool head)
{
    cr_assert(peer_reply(&shop->peer, head, &shop->reply));
    return shop->reply.status;
}

int shop_request(struct shop *shop, const char *method, const char *path, const char *user,
                 const char *headers, const char *body)
{
    shop_send(shop, method, path, user, headers, body);
    return shop_receive(shop, strcmp(method, "HEAD") == 0);
}

const char *shop_body(struct shop *shop)
{
    return rt_buf_cstr(&shop->reply.body);
}

const char *shop_header(struct shop *shop, const char *name)
{
    return peer_reply_header(&shop->reply, name);
}

const char *shop_member(struct shop *shop, const char *name)
{
    const char *quoted = rt_arena_printf(&shop->arena, "\"%s\":\"", name);
    const char *at = strstr(shop_body(shop), quoted);
    cr_assert_not_null(at, "%s in %s", name, shop_body(shop));
    at += strlen(quoted);
    return rt_arena_strndup(&shop->arena, at, strcspn(at, "\""));
}
