#include "runtime/app/timers.h"

#include "runtime/app/app.h"
#include "runtime/app/report.h"
#include "runtime/base/clock.h"

struct rt_timer_driver {
    struct rt_app *app;
    const char *name; /* for reports */
    const struct rt_model *model;
    const struct rt_timer *timer; /* NULL: the model's expiry */
    uv_timer_t handle;
    struct rt_arena arena;
    struct rt_write write;
    bool running; /* the write is on its way */
    bool resting; /* after a failure: commits do not wake it */
    size_t batch;
    const char *left; /* id of a record that its handler left due; in the arena */
    const char *unpublished;
};

static const struct rt_index *index_of(const struct rt_timer_driver *driver)
{
    return driver->timer ? driver->timer->index : NULL;
}

/* ------------------------------------------------------------ the transaction */

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
    return rt_txn_unpublished(txn, &driver->unpublished) ? RT_EINVAL : txn->failed;
}

static int driver_run(struct rt_txn *txn, void *arg)
{
    struct rt_timer_driver *driver = arg;
    const char *last = NULL;
    for (size_t i = 0; i < driver->batch; i++) {
        int64_t next;
        void *record = rt_txn_first_due(txn, driver->model, index_of(driver), txn->now_ms, &next);
        if (!record)
            break;
        const char *id = id_of(driver, record);
        if (last && strcmp(id, last) == 0) {
            driver->left = last;
            break;
        }
        last = rt_arena_strdup(txn->arena, id);
        int err = handle_one(driver, txn, record);
        if (err)
            return err;
    }
    return 0;
}

/* ---------------------------------------------------------------- when to run */

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
    const char *service = driver->app->service->name;
    if (driver->unpublished)
        rt_report(RT_REPORT_ERROR, service, "unpublished",
                  "timer %s changed %s without publishing an event of it", driver->name,
                  driver->unpublished);
    else if (status != 0)
        rt_report(RT_REPORT_ERROR, service, "timer_failed", "%s: %s", driver->name,
                  rt_err_name(status));
    else
        rt_report(RT_REPORT_ERROR, service, "timer_stuck",
                  "timer %s leaves %s %s due, trying again later", driver->name,
                  driver->model->name, driver->left);
}

static void driver_done(void *arg, int status)
{
    struct rt_timer_driver *driver = arg;
    struct rt_app *app = driver->app;
    driver->running = false;
    /* One bad record must not hold up the others of its batch. */
    driver->batch = status == 0 && !driver->left ? RT_TIMER_BATCH : 1;
    bool failed = status != 0 || driver->left != NULL;
    if (failed)
        report_failure(driver, status);
    if (status == RT_EIO)
        rt_app_fail(app, driver->name, status);
    if (app->stopping)
        return;
    if (failed)
        rest(driver);
    else
        driver_look(driver);
    if (status == 0)
        rt_app_committed(app);
}

static void driver_start(struct rt_timer_driver *driver)
{
    rt_arena_reset(&driver->arena);
    driver->left = NULL;
    driver->unpublished = NULL;
    driver->write = (struct rt_write){
        .run = driver_run, .done = driver_done, .arg = driver, .arena = &driver->arena};
    driver->running = rt_store_write(driver->app->store, &driver->write) == 0;
    if (!driver->running)
        rest(driver);
}

/* Asks the snapshot, which costs no sync. */
static void driver_look(struct rt_timer_driver *driver)
{
    if (driver->running || driver->app->stopping)
        return;
    struct rt_txn txn;
    int64_t next;
    rt_arena_reset(&driver->arena);
    rt_store_read_begin(driver->app->store, &driver->arena, &txn);
    int64_t now_ms = rt_clock_now_ms();
    bool due = rt_txn_first_due(&txn, driver->model, index_of(driver), now_ms, &next) != NULL;
    rt_store_read_end(&txn);
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
        if (driver->running || driver->resting || timers->app->stopping ||
            uv_timer_get_due_in(&driver->handle) <= RT_TIMER_COALESCE_MS)
            continue;
        sleep_for(driver, RT_TIMER_COALESCE_MS);
    }
}

/* ------------------------------------------------------------------ lifecycle */

static void driver_init(struct rt_timers *timers, const struct rt_model *model,
                        const struct rt_timer *timer)
{
    struct rt_timer_driver *driver = &timers->drivers[timers->n_drivers++];
    *driver = (struct rt_timer_driver){
        .app = timers->app,
        .name = timer ? timer->name : "expiry",
        .model = model,
        .timer = timer,
        .batch = RT_TIMER_BATCH,
    };
    rt_arena_init(&driver->arena, 0);
    uv_timer_init(timers->app->loop, &driver->handle);
    driver->handle.data = driver;
    sleep_for(driver, 0);
}

void rt_timers_init(struct rt_timers *timers, struct rt_app *app)
{
    const struct rt_service *service = app->service;
    *timers = (struct rt_timers){.app = app};
    timers->drivers = RT_ARENA_ARRAY(&app->arena, service->n_timers + service->n_models + 1,
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
    for (size_t i = 0; i < timers->n_drivers; i++)
        rt_arena_done(&timers->drivers[i].arena);
}
