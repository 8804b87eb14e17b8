#include "runtime/app/timers.h"

#include <stdlib.h>

#include <bsd/sys/endian.h>

#include "runtime/app/report.h"
#include "runtime/base/alloc.h"
#include "runtime/base/clock.h"
#include "runtime/base/table.h"

/* A record that was left due, or failed. */
struct rester {
    char *id; /* owned */
    int64_t until_ms, rest_ms;
    UT_hash_handle hh;
};

struct rt_timer_driver {
    struct rt_owner *owner;
    const char *name; /* for reports */
    const struct rt_model *model;
    const struct rt_timer *timer; /* NULL: the model's expiry */
    uv_timer_t handle;
    struct rt_arena arena;
    struct rt_write write;
    bool running; /* the write is on its way */
    bool resting; /* after a failure: commits do not wake it */
    /* The writer's while it is running, else the loop's. */
    struct rester *resters;
    const char *failed; /* id of a record whose handler failed; in the arena */
    const char *unpublished;
    const char *why; /* in words, or NULL */
    int64_t forgotten_ms;
};

static const struct rt_index *index_of(const struct rt_timer_driver *driver)
{
    return driver->timer ? driver->timer->index : NULL;
}

/* -------------------------------------------------------- records that rest */

static struct rester *rester_of(const struct rt_timer_driver *driver, const char *id, size_t len)
{
    struct rester *rester;
    HASH_FIND(hh, driver->resters, id, len, rester);
    return rester;
}

static void forget(struct rt_timer_driver *driver, struct rester *rester)
{
    HASH_DEL(driver->resters, rester);
    free(rester->id);
    free(rester);
}

static void rest_record(struct rt_timer_driver *driver, const char *id, int64_t now_ms)
{
    struct rester *rester = rester_of(driver, id, strlen(id));
    if (!rester) {
        rester = rt_zalloc(sizeof(*rester));
        rester->id = rt_strdup(id);
        HASH_ADD_KEYPTR(hh, driver->resters, rester->id, strlen(id), rester);
    }
    rester->rest_ms = rester->rest_ms ? 2 * rester->rest_ms : RT_TIMER_REST_MS;
    if (rester->rest_ms > RT_TIMER_SLEEP_MAX_MS)
        rester->rest_ms = RT_TIMER_SLEEP_MAX_MS;
    rester->until_ms = now_ms + rester->rest_ms;
}

/* When the first of them has rested enough. One that was not due again for as long as it had
 * rested is forgotten. */
static int64_t rests_end(struct rt_timer_driver *driver, int64_t now_ms)
{
    int64_t first = INT64_MAX;
    struct rester *rester, *next;
    HASH_ITER (hh, driver->resters, rester, next) {
        if (now_ms > rester->until_ms + rester->rest_ms)
            forget(driver, rester);
        else if (rester->until_ms > now_ms && rester->until_ms < first)
            first = rester->until_ms;
    }
    return first;
}

struct look {
    const struct rt_timer_driver *driver;
    int64_t now_ms;
};

static bool rests(void *arg, struct rt_str id)
{
    const struct look *look = arg;
    const struct rester *rester = rester_of(look->driver, id.data, id.len);
    return rester && rester->until_ms > look->now_ms;
}

static void *first_due(const struct rt_timer_driver *driver, struct rt_txn *txn, int64_t now_ms,
                       int64_t *ret_next)
{
    struct look look = {driver, now_ms};
    return rt_txn_first_due_of(txn, driver->model, index_of(driver), now_ms,
                               driver->resters ? rests : NULL, &look, ret_next);
}

/* ---------------------------------------------------------- the transaction */

static const char *id_of(const struct rt_timer_driver *driver, const void *record)
{
    return rt_field_get(&driver->model->message->fields[driver->model->id_field], record).s.data;
}

static int handle_one(struct rt_timer_driver *driver, struct rt_txn *txn, void *record)
{
    if (!driver->timer)
        return rt_txn_delete(txn, driver->model, id_of(driver, record));
    struct rt_ctx ctx = {.txn = txn, .arena = txn->arena, .now_ms = txn->now_ms};
    rt_txn_hydrate(txn, driver->model, record);
    driver->timer->handle(&ctx, record);
    driver->why = txn->why;
    if (txn->failed)
        return txn->failed;
    return rt_txn_unpublished(txn, &driver->unpublished) ? RT_EINVAL : 0;
}

static void report_stuck(const struct rt_timer_driver *driver, const char *id)
{
    rt_report(RT_REPORT_ERROR, driver->owner->service->name, "timer_stuck",
              "timer %s leaves %s %s due, trying again later", driver->name, driver->model->name,
              id);
}

static bool forgets_sessions(const struct rt_timer_driver *driver)
{
    return !driver->timer && driver->model == driver->owner->service->revocations;
}

static int64_t expired_up_to(struct rt_txn *txn, const struct rt_model *model)
{
    struct rt_bytes value = rt_txn_kv_get(txn, RT_EXPIRED_SPACE, rt_str_bytes(rt_str(model->name)));
    return value.len == 8 ? (int64_t)be64dec(value.data) : INT64_MIN;
}

/* Never back: the clock may have been. */
static void note_expired(struct rt_timer_driver *driver, struct rt_txn *txn)
{
    uint8_t value[8];
    int64_t before_ms = expired_up_to(txn, driver->model);
    driver->forgotten_ms = txn->now_ms > before_ms ? txn->now_ms : before_ms;
    be64enc(value, (uint64_t)driver->forgotten_ms);
    rt_txn_kv_put(txn, RT_EXPIRED_SPACE, rt_str_bytes(rt_str(driver->model->name)),
                  rt_bytes(value, sizeof(value)));
}

static int driver_run(struct rt_txn *txn, void *arg)
{
    struct rt_timer_driver *driver = arg;
    const char *last = NULL;
    driver->forgotten_ms = INT64_MIN;
    driver->failed = NULL;
    for (size_t i = 0; i < RT_TIMER_BATCH; i++) {
        int64_t next;
        void *record = first_due(driver, txn, txn->now_ms, &next);
        if (!record)
            break;
        const char *id = id_of(driver, record);
        if (last && strcmp(id, last) == 0) {
            rest_record(driver, last, txn->now_ms);
            report_stuck(driver, last);
            continue;
        }
        last = rt_arena_strdup(txn->arena, id);
        int err = handle_one(driver, txn, record);
        if (err == 0 && forgets_sessions(driver) && driver->forgotten_ms == INT64_MIN)
            note_expired(driver, txn);
        if (err) {
            driver->failed = last;
            return err;
        }
    }
    return 0;
}

/* -------------------------------------------------------------- when to run */

static void driver_look(struct rt_timer_driver *driver);

static void on_time(uv_timer_t *handle)
{
    struct rt_timer_driver *driver = handle->data;
    driver->resting = false;
    driver_look(driver);
}

static void sleep_for(struct rt_timer_driver *driver, int64_t ms)
{
    if (ms > RT_TIMER_SLEEP_MAX_MS)
        ms = RT_TIMER_SLEEP_MAX_MS;
    uv_timer_start(&driver->handle, on_time, ms > 0 ? (uint64_t)ms : 0, 0);
}

static void rest(struct rt_timer_driver *driver)
{
    driver->resting = true;
    sleep_for(driver, RT_TIMER_REST_MS);
}

static void report_failure(const struct rt_timer_driver *driver, int status)
{
    const char *service = driver->owner->service->name;
    if (driver->unpublished)
        rt_report(RT_REPORT_ERROR, service, "unpublished",
                  "timer %s changed %s without an event that tells of it as it is", driver->name,
                  driver->unpublished);
    else
        rt_report(RT_REPORT_ERROR, service, "timer_failed", "%s: %s", driver->name,
                  driver->why ? driver->why : rt_err_name(status));
}

static void driver_done(void *arg, int status)
{
    struct rt_timer_driver *driver = arg;
    struct rt_owner *owner = driver->owner;
    driver->running = false;
    if (status != 0)
        report_failure(driver, status);
    if (driver->failed)
        rest_record(driver, driver->failed, rt_clock_now_ms());
    if (status == 0 && driver->forgotten_ms > owner->forgotten_ms)
        owner->forgotten_ms = driver->forgotten_ms;
    if (status == RT_EIO)
        rt_owner_fail(owner, driver->name, status);
    if (owner->stopping)
        return;
    if (status != 0 && !driver->failed)
        rest(driver);
    else
        driver_look(driver);
    if (status == 0)
        rt_owner_committed(owner);
}

static void driver_start(struct rt_timer_driver *driver)
{
    rt_arena_reset(&driver->arena);
    driver->failed = NULL;
    driver->unpublished = driver->why = NULL;
    driver->write = (struct rt_write){
        .run = driver_run, .done = driver_done, .arg = driver, .arena = &driver->arena};
    driver->running = rt_store_write(driver->owner->store, &driver->write) == 0;
    if (!driver->running)
        rest(driver);
}

/* Asks the snapshot, which costs no sync. */
static void driver_look(struct rt_timer_driver *driver)
{
    if (driver->running || driver->owner->stopping)
        return;
    struct rt_txn txn;
    int64_t next;
    rt_arena_reset(&driver->arena);
    rt_store_read_begin(driver->owner->store, &driver->arena, &txn);
    int64_t now_ms = rt_clock_now_ms();
    int64_t rested_ms = rests_end(driver, now_ms);
    bool due = first_due(driver, &txn, now_ms, &next) != NULL;
    int status = txn.failed;
    rt_store_read_end(&txn);
    if (status != 0) { /* nobody knows what is due */
        report_failure(driver, status);
        rest(driver);
        return;
    }
    if (rested_ms < next)
        next = rested_ms;
    if (due)
        driver_start(driver);
    else
        sleep_for(driver,
                  next > now_ms + RT_TIMER_SLEEP_MAX_MS ? RT_TIMER_SLEEP_MAX_MS : next - now_ms);
}

void rt_timers_wake(struct rt_timers *timers)
{
    for (size_t i = 0; i < timers->n_drivers; i++) {
        struct rt_timer_driver *driver = &timers->drivers[i];
        if (driver->running || driver->resting || timers->owner->stopping ||
            uv_timer_get_due_in(&driver->handle) <= RT_TIMER_COALESCE_MS)
            continue;
        sleep_for(driver, RT_TIMER_COALESCE_MS);
    }
}

/* ---------------------------------------------------------------- lifecycle */

static void driver_init(struct rt_timers *timers, const struct rt_model *model,
                        const struct rt_timer *timer)
{
    struct rt_timer_driver *driver = &timers->drivers[timers->n_drivers++];
    *driver = (struct rt_timer_driver){
        .owner = timers->owner,
        .name = timer ? timer->name : "expiry",
        .model = model,
        .timer = timer,
    };
    rt_arena_init(&driver->arena, 0);
    uv_timer_init(timers->owner->loop, &driver->handle);
    driver->handle.data = driver;
    sleep_for(driver, 0);
}

/* When it cannot be read, all sessions are over: any of them may be signed out. */
static int64_t load_forgotten(const struct rt_owner *owner)
{
    struct rt_txn txn;
    struct rt_arena arena;
    if (!owner->service->revocations)
        return INT64_MIN;
    rt_arena_init(&arena, 0);
    rt_store_read_begin(owner->store, &arena, &txn);
    int64_t forgotten_ms = expired_up_to(&txn, owner->service->revocations);
    int status = txn.failed;
    rt_store_read_end(&txn);
    rt_arena_done(&arena);
    if (status != 0)
        rt_report(RT_REPORT_ERROR, owner->service->name, "sessions_unknown", "nobody is let in: %s",
                  rt_err_name(status));
    return status == 0 ? forgotten_ms : INT64_MAX;
}

void rt_timers_init(struct rt_timers *timers, struct rt_owner *owner)
{
    owner->forgotten_ms = load_forgotten(owner);
    const struct rt_service *service = owner->service;
    *timers = (struct rt_timers){.owner = owner};
    timers->drivers = RT_ARENA_ARRAY(owner->arena, service->n_timers + service->n_models + 1,
                                     struct rt_timer_driver);
    for (size_t i = 0; i < service->n_timers; i++)
        driver_init(timers, service->timers[i].model, &service->timers[i]);
    for (size_t i = 0; i < service->n_models; i++) {
        if (service->models[i]->expires_field >= 0)
            driver_init(timers, service->models[i], NULL);
    }
}

void rt_timers_stop(struct rt_timers *timers)
{
    for (size_t i = 0; i < timers->n_drivers; i++)
        uv_close((uv_handle_t *)&timers->drivers[i].handle, NULL);
}

void rt_timers_done(struct rt_timers *timers)
{
    for (size_t i = 0; i < timers->n_drivers; i++) {
        struct rester *rester, *next;
        HASH_ITER (hh, timers->drivers[i].resters, rester, next)
            forget(&timers->drivers[i], rester);
        rt_arena_done(&timers->drivers[i].arena);
    }
}
