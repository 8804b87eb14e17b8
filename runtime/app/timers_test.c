#include <criterion/criterion.h>

#include "runtime/base/clock.h"
#include "tests/support/failing_db.h"
#include "tests/support/shop.h"

static struct shop shop;

static void setup(void)
{
    shop_init(&shop);
}

static void teardown(void)
{
    shop_done(&shop);
}

TestSuite(timers, .init = setup, .fini = teardown, .timeout = 30);

struct errand {
    const char *id;
    int64_t due_at;
};

static int create_errand(struct rt_txn *txn, void *arg)
{
    const struct errand *wanted = arg;
    struct shop_errand errand;
    rt_message_init(&shop_errand_message, &errand);
    errand.id = wanted->id;
    errand.due_at = wanted->due_at;
    errand.state = 1;
    return rt_txn_create(txn, &shop_errand_model, &errand);
}

static void wake(struct shop *s, void *arg)
{
    (void)arg;
    rt_owner_committed(&s->app->owner);
}

static void add(const char *id, int64_t in_ms)
{
    struct errand errand = {id, rt_clock_now_ms() + in_ms};
    cr_assert_eq(shop_write(&shop, create_errand, &errand), 0);
    shop_on_loop(&shop, wake, NULL);
}

static int64_t runs_now(struct shop *s, const char *id)
{
    struct rt_txn txn;
    rt_store_read_begin(s->app->owner.store, &s->arena, &txn);
    struct shop_errand *errand = rt_txn_get(&txn, &shop_errand_model, id);
    int64_t runs = errand ? errand->runs : -1;
    rt_store_read_end(&txn);
    return runs;
}

static bool has_run(struct shop *s, void *id)
{
    return runs_now(s, id) >= 1;
}

static struct shop_errand *get(const char *id)
{
    return shop_get(&shop, &shop_errand_model, id);
}

Test(timers, due_records_are_handled_once)
{
    char late[] = "late", soon[] = "soon", never[] = "never";
    add(never, 3600000);
    add(late, -5000);
    add(soon, 60);
    shop_wait(&shop, has_run, late, "the errand that is late");
    cr_assert_eq(get(soon)->runs == 0 || get(soon)->due_at <= rt_clock_now_ms(), true);
    shop_wait(&shop, has_run, soon, "the errand that comes");
    cr_assert_geq(rt_clock_now_ms(), get(soon)->due_at);
    cr_assert_eq(get(late)->runs, 1);
    cr_assert_eq(get(late)->state, 2);
    cr_assert_eq(get(never)->runs, 0);
}

Test(timers, what_came_due_while_stopped_is_handled_after_the_start)
{
    char id[] = "e1", far[] = "e2";
    add(far, 250);
    shop_stop(&shop);
    shop_start(&shop);
    add(id, 0);
    shop_wait(&shop, has_run, id, "the errand after a restart");
    shop_wait(&shop, has_run, far, "the errand of before the restart");
    cr_assert_eq(get(id)->runs, 1);
    cr_assert_eq(get(far)->runs, 1);
}

Test(timers, many_at_once_are_all_handled)
{
    char last[8];
    for (int i = 0; i < 100; i++) {
        struct errand errand = {rt_arena_printf(&shop.arena, "e%03d", i),
                                rt_clock_now_ms() - 1000 + i};
        cr_assert_eq(shop_write(&shop, create_errand, &errand), 0);
    }
    strcpy(last, "e099");
    shop_on_loop(&shop, wake, NULL);
    shop_wait(&shop, has_run, last, "the last of many");
    for (int i = 0; i < 100; i++)
        cr_assert_eq(get(rt_arena_printf(&shop.arena, "e%03d", i))->runs, 1);
}

static bool is_done(struct shop *s, void *id)
{
    struct rt_txn txn;
    rt_store_read_begin(s->app->owner.store, &s->arena, &txn);
    struct shop_errand *errand = rt_txn_get(&txn, &shop_errand_model, id);
    bool done = errand && errand->state == 2;
    rt_store_read_end(&txn);
    return done;
}

Test(timers, a_record_left_due_does_not_spin)
{
    char id[] = "e1", other[] = "e2";
    shop_timer_mode = 1;
    add(id, -10);
    shop_wait(&shop, has_run, id, "the first run");
    add(other, 0); /* a commit does not wake what rests */
    shop_wait(&shop, has_run, other, "the other one");
    cr_assert_leq(get(id)->runs, 2);
    shop_timer_mode = 0;
    shop_wait(&shop, is_done, id, "the end, after the rest");
    cr_assert_leq(get(id)->runs, 3);
}

Test(timers, a_record_left_due_does_not_hold_up_the_others)
{
    char stuck[] = "stuck";
    shop_timer_mode = 2;
    add(stuck, -10);
    shop_wait(&shop, has_run, stuck, "the first run");
    for (int i = 0; i < 5; i++) {
        char *id = rt_arena_printf(&shop.arena, "e%d", i);
        add(id, 0);
        shop_wait(&shop, is_done, id, "one beside it");
    }
    cr_assert_neq(get(stuck)->state, 2);
    shop_timer_mode = 0;
    shop_wait(&shop, is_done, stuck, "its turn again");
}

struct pass {
    ProtobufCMessage base;
    const char *id;
    int64_t expires_at;
    int64_t version;
};

static int create_pass(struct rt_txn *txn, void *arg)
{
    const struct errand *wanted = arg;
    struct pass *pass = rt_message_new(shop_revocation_model.message, txn->arena);
    pass->id = wanted->id;
    pass->expires_at = wanted->due_at;
    return rt_txn_create(txn, &shop_revocation_model, pass);
}

static bool is_gone(struct shop *s, void *id)
{
    struct rt_txn txn;
    rt_store_read_begin(s->app->owner.store, &s->arena, &txn);
    bool gone = !rt_txn_get(&txn, &shop_revocation_model, id);
    rt_store_read_end(&txn);
    return gone;
}

Test(timers, expired_records_vanish)
{
    struct errand brief = {"brief", rt_clock_now_ms() + 50};
    struct errand lasting = {"lasting", rt_clock_now_ms() + 3600000};
    cr_assert_eq(shop_write(&shop, create_pass, &brief), 0);
    cr_assert_eq(shop_write(&shop, create_pass, &lasting), 0);
    shop_on_loop(&shop, wake, NULL);
    char id[] = "brief";
    shop_wait(&shop, is_gone, id, "the expiry");
    cr_assert_geq(rt_clock_now_ms(), brief.due_at);
    cr_assert_not_null(shop_get(&shop, &shop_revocation_model, "lasting"));
}

static bool has_failed(struct shop *s, void *before)
{
    (void)s;
    return failing_db_count() > *(unsigned *)before;
}

Test(timers, a_look_that_fails_is_tried_again_soon)
{
    char late[] = "late";
    failing_db_walks(true);
    unsigned before = failing_db_count();
    add(late, -5000);
    shop_wait(&shop, has_failed, &before, "a failing look");
    failing_db_walks(false);
    shop_wait(&shop, has_run, late, "the errand");
}

/* --------------------------------------------------------- clocks that jump */

static int end_session(struct rt_txn *txn, void *id)
{
    const struct rt_message *type = shop_revocation_model.message;
    char *record = rt_message_new(type, txn->arena);
    *(const char **)(void *)(record + type->fields[shop_revocation_model.id_field].offset) = id;
    *(int64_t *)(void *)(record + type->fields[shop_revocation_model.expires_field].offset) =
        txn->now_ms - 1;
    return rt_txn_create(txn, &shop_revocation_model, record);
}

static bool has_forgotten(struct shop *s, void *before_ms)
{
    return s->app->owner.forgotten_ms >= *(int64_t *)before_ms;
}

/* As an expiry leaves it that ran while the clock was a day ahead. */
static int was_ahead(struct rt_txn *txn, void *arg)
{
    uint8_t value[8];
    int64_t ms = txn->now_ms + 86400000;
    for (size_t i = 0; i < 8; i++)
        value[i] = (uint8_t)((uint64_t)ms >> (56 - 8 * i));
    (void)arg;
    rt_txn_kv_put(txn, RT_EXPIRED_SPACE, rt_str_bytes(rt_str(shop_revocation_model.name)),
                  rt_bytes(value, sizeof(value)));
    return 0;
}

Test(timers, a_clock_that_jumped_ahead_and_back_brings_no_session_to_life)
{
    char id[] = "gone";
    int64_t before_ms = rt_clock_now_ms();
    cr_assert_eq(shop_write(&shop, end_session, id), 0);
    shop_on_loop(&shop, wake, NULL);
    shop_wait(&shop, has_forgotten, &before_ms, "the expiry");
    cr_expect_eq(shop_request(&shop, "GET", "/api/mine", "ann", "", NULL), 200);
    cr_assert_eq(shop_write(&shop, was_ahead, NULL), 0);
    shop_stop(&shop);
    shop_start(&shop);
    cr_expect_eq(shop_request(&shop, "GET", "/api/mine", "ann", "", NULL), 401,
                 "it may have been revoked");
    cr_expect_eq(shop_request(&shop, "GET", "/api/items", "ann", "", NULL), 200, "as a visitor");
}
