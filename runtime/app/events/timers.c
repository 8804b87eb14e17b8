#include "runtime/app/events/timers.h"

#include <stdlib.h>

#include "runtime/app/log.h"
#include "runtime/base/clock.h"

enum { BACK_OFF_MS = 1000, SLEEP_MAX_MS = 60000 };

/* One index on a time: a timer of the schema, or the expiry of a model (`timer` NULL). */
struct driver {
    struct rt_write write;
    struct rt_arena arena;
    struct rt_timers *timers;
    const struct rt_timer *timer;
    const struct rt_model *model;
    uv_timer_t alarm;
    bool running;      /* a transaction is under way */
    bool poked;        /* look again when it is done */
    int64_t wake_ms;   /* when the alarm goes off; INT64_MAX: never */
    int64_t next_ms;   /* set by the transaction: when to look again */
    const char *stuck; /* set by the transaction: the record that stayed due */
};

struct rt_timers {
    struct rt_store *store;
    struct driver *drivers;
    size_t n_drivers;
    size_t open; /* alarms that are not closed yet */
    bool closing;
};

static const struct rt_index *due_index(const struct driver *driver)
{
    return driver->timer ? driver->timer->index : NULL;
}

/* ---------------------------------------------- in the writer's transaction */

static const char *id_of(const struct driver *driver, const void *record)
{
    struct rt_str id =
        rt_field_get(&driver->model->message->fields[driver->model->id_field], record).s;
    return id.data;
}

static int run(struct rt_txn *txn, void *arg)
{
    struct driver *driver = arg;
    struct rt_ctx ctx = {.txn = txn, .arena = txn->arena, .now_ms = txn->now_ms};
    driver->next_ms = INT64_MAX;
    driver->stuck = NULL;
    void *record =
        rt_txn_first_due(txn, driver->model, due_index(driver), txn->now_ms, &driver->next_ms);
    if (!record)
        return 0;
    const char *id = rt_arena_strdup(txn->arena, id_of(driver, record));
    driver->next_ms = txn->now_ms;
    if (!driver->timer)
        return rt_txn_delete(txn, driver->model, id);
    rt_txn_hydrate(txn, driver->model, record);
    driver->timer->handle(&ctx, record);
    const char *model = NULL;
    if (rt_txn_unpublished(txn, &model)) {
        driver->stuck = id;
        return RT_ECONFLICT;
    }
    int64_t ignored = 0;
    const void *again =
        rt_txn_first_due(txn, driver->model, due_index(driver), txn->now_ms, &ignored);
    if (again && strcmp(id_of(driver, again), id) == 0)
        driver->stuck = id;
    return 0;
}

/* ----------------------------------------------------------------- the loop */

static void look(struct driver *driver);

static void on_alarm(uv_timer_t *alarm)
{
    struct driver *driver = alarm->data;
    driver->wake_ms = INT64_MAX;
    look(driver);
}

static void sleep_until(struct driver *driver, int64_t at_ms)
{
    int64_t now = rt_clock_now_ms();
    int64_t delay = at_ms <= now ? 0 : at_ms - now;
    if (delay > SLEEP_MAX_MS)
        delay = SLEEP_MAX_MS; /* the clock of the wall may be set meanwhile */
    driver->wake_ms = now + delay;
    uv_timer_start(&driver->alarm, on_alarm, (uint64_t)delay, 0);
}

static void on_closed(uv_handle_t *handle)
{
    struct driver *driver = handle->data;
    struct rt_timers *timers = driver->timers;
    rt_arena_done(&driver->arena);
    if (--timers->open == 0) {
        free(timers->drivers);
        free(timers);
    }
}

static void done(void *arg, int status)
{
    struct driver *driver = arg;
    const char *name = driver->timer ? driver->timer->name : "expiry";
    int64_t now = rt_clock_now_ms();
    int64_t next = driver->next_ms;
    driver->running = false;
    if (driver->timers->closing) {
        uv_close((uv_handle_t *)&driver->alarm, on_closed);
        return;
    }
    if (driver->stuck)
        rt_log(RT_LOG_ERROR, "timer", "%s of %s %s left it due, or unpublished; held back", name,
               driver->model->name, driver->stuck);
    else if (status != 0)
        rt_log(RT_LOG_ERROR, "timer", "%s of %s failed: %s", name, driver->model->name,
               rt_err_name(status));
    if (driver->stuck || status != 0)
        next = now + BACK_OFF_MS;
    else if (driver->poked)
        next = now;
    driver->poked = false;
    sleep_until(driver, next);
}

static void look(struct driver *driver)
{
    if (driver->running || driver->timers->closing)
        return;
    /* A look costs a read; a transaction is only begun when something is due. */
    struct rt_txn txn;
    int64_t next = INT64_MAX;
    rt_arena_reset(&driver->arena);
    rt_store_read_begin(driver->timers->store, &driver->arena, &txn);
    bool due =
        rt_txn_first_due(&txn, driver->model, due_index(driver), rt_clock_now_ms(), &next) != NULL;
    rt_store_read_end(&txn);
    if (!due) {
        sleep_until(driver, next);
        return;
    }
    rt_arena_reset(&driver->arena);
    driver->write =
        (struct rt_write){.run = run, .done = done, .arg = driver, .arena = &driver->arena};
    driver->running = rt_store_write(driver->timers->store, &driver->write) == 0;
    if (!driver->running)
        sleep_until(driver, rt_clock_now_ms() + BACK_OFF_MS);
}

void rt_timers_poke(struct rt_timers *timers)
{
    int64_t soon = rt_clock_now_ms() + RT_TIMERS_POKE_MS;
    for (size_t i = 0; i < timers->n_drivers; i++) {
        struct driver *driver = &timers->drivers[i];
        if (driver->running)
            driver->poked = true;
        else if (driver->wake_ms > soon && !timers->closing)
            sleep_until(driver, soon);
    }
}

static void start(struct rt_timers *timers, uv_loop_t *loop, const struct rt_timer *timer,
                  const struct rt_model *model)
{
    struct driver *driver = &timers->drivers[timers->n_drivers++];
    driver->timers = timers;
    driver->timer = timer;
    driver->model = model;
    rt_arena_init(&driver->arena, 0);
    uv_timer_init(loop, &driver->alarm);
    driver->alarm.data = driver;
    timers->open++;
    sleep_until(driver, 0);
}

struct rt_timers *rt_timers_new(uv_loop_t *loop, const struct rt_service *service,
                                struct rt_store *store)
{
    struct rt_timers *timers = calloc(1, sizeof *timers);
    struct driver *drivers = calloc(service->n_timers + service->n_models + 1, sizeof *drivers);
    if (!timers || !drivers)
        rt_panic("out of memory");
    timers->store = store;
    timers->drivers = drivers;
    for (size_t i = 0; i < service->n_timers; i++)
        start(timers, loop, &service->timers[i], service->timers[i].model);
    for (size_t i = 0; i < service->n_models; i++)
        if (service->models[i]->expires_field >= 0)
            start(timers, loop, NULL, service->models[i]);
    return timers;
}

void rt_timers_close(struct rt_timers *timers)
{
    if (!timers)
        return;
    timers->closing = true;
    if (timers->n_drivers == 0) {
        free(timers->drivers);
        free(timers);
        return;
    }
    /* One that is under way closes when it is done. The last one closed frees everything, and no
     * close callback runs before this function returns. */
    for (size_t i = 0; i < timers->n_drivers; i++)
        if (!timers->drivers[i].running)
            uv_close((uv_handle_t *)&timers->drivers[i].alarm, on_closed);
}
