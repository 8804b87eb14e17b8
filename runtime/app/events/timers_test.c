#include "runtime/app/events/timers.h"

#include <criterion/criterion.h>

#include "runtime/base/clock.h"
#include "runtime/store/fixture.h"

static int calls;
static bool leave_due;

static void end_loan(struct rt_ctx *ctx, void *record)
{
    struct test_loan *loan = record;
    calls++;
    if (leave_due)
        return;
    loan->state = TEST_LATE;
    (void)!rt_txn_update(ctx->txn, &test_loan_model, loan);
    rt_txn_outbox(ctx->txn, RT_STR("loan:late"), rt_str(loan->id), rt_bytes("p", 1));
}

static struct rt_timer timer = {.name = "end_loan", .handle = end_loan};
static const struct rt_model *const models[] = {&test_book_model, &test_loan_model,
                                                &test_pass_model};
static const struct rt_service service = {
    .name = "library", .models = models, .n_models = 3, .timers = &timer, .n_timers = 1};

static struct rt_timers *start(struct fixture *f)
{
    calls = 0;
    leave_due = false;
    timer.model = &test_loan_model;
    timer.index = &test_loan_model.indexes[LOAN_TIMER];
    return rt_timers_new(&f->loop, &service, f->store);
}

static void expire(uv_timer_t *alarm)
{
    *(bool *)alarm->data = true;
}

static void note_closed(uv_handle_t *alarm)
{
    *(bool *)alarm->data = false;
}

/* Runs the loop for `ms`. */
static void run_for(struct fixture *f, uint64_t ms)
{
    bool over = false;
    uv_timer_t alarm;
    uv_timer_init(&f->loop, &alarm);
    alarm.data = &over;
    uv_timer_start(&alarm, expire, ms, 0);
    while (!over)
        uv_run(&f->loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&alarm, note_closed);
    while (over)
        uv_run(&f->loop, UV_RUN_ONCE);
}

/* Runs the loop until the loan has that state, or 5 seconds have passed. */
static bool wait_for_state(struct fixture *f, const char *id, int state)
{
    for (int i = 0; i < 250; i++) {
        const struct test_loan *loan = loan_get(f, id);
        if (loan && loan->state == state)
            return true;
        run_for(f, 20);
    }
    return false;
}

Test(timers, what_fell_due_while_down_runs_at_the_start_and_once)
{
    struct fixture f;
    fixture_init(&f);
    loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, rt_clock_now_ms() - 5000));
    loan_create(&f, loan_new(&f.arena, "l2", "ann", "b2", TEST_OPEN, rt_clock_now_ms() - 9000));
    loan_create(&f, loan_new(&f.arena, "l3", "ann", "b3", TEST_RETURNED, 1));
    struct rt_timers *timers = start(&f);
    cr_assert(wait_for_state(&f, "l1", TEST_LATE));
    cr_assert(wait_for_state(&f, "l2", TEST_LATE));
    cr_assert_eq(loan_get(&f, "l3")->state, TEST_RETURNED);
    run_for(&f, 50);
    cr_assert_eq(calls, 2);
    rt_timers_close(timers);
    fixture_done(&f);
}

Test(timers, one_set_later_fires_at_its_time)
{
    struct fixture f;
    fixture_init(&f);
    struct rt_timers *timers = start(&f);
    run_for(&f, 30);
    int64_t due = rt_clock_now_ms() + 200;
    loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, due));
    rt_timers_poke(timers);
    cr_assert(wait_for_state(&f, "l1", TEST_LATE));
    cr_assert_geq(rt_clock_now_ms(), due);
    rt_timers_close(timers);
    fixture_done(&f);
}

Test(timers, a_handler_that_leaves_its_record_due_does_not_spin)
{
    struct fixture f;
    fixture_init(&f);
    loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 1));
    struct rt_timers *timers = start(&f);
    leave_due = true;
    run_for(&f, 300);
    cr_assert_eq(calls, 1);
    rt_timers_close(timers);
    fixture_done(&f);
}

static int create_pass(struct rt_txn *txn, void *arg)
{
    struct test_pass pass;
    rt_message_init(&test_pass_message, &pass);
    pass.id = arg;
    pass.expires_at = strcmp(arg, "old") == 0 ? 1 : rt_clock_now_ms() + 100000;
    return rt_txn_create(txn, &test_pass_model, &pass);
}

static int has_pass(struct rt_txn *txn, void *arg)
{
    return rt_txn_get(txn, &test_pass_model, arg) ? 0 : RT_ENOTFOUND;
}

static char old[] = "old";
static char new[] = "new";

Test(timers, expired_records_vanish)
{
    struct fixture f;
    fixture_init(&f);
    cr_assert_eq(fixture_write(&f, create_pass, old), 0);
    cr_assert_eq(fixture_write(&f, create_pass, new), 0);
    struct rt_timers *timers = start(&f);
    for (int i = 0; i < 250 && fixture_write(&f, has_pass, old) == 0; i++)
        run_for(&f, 20);
    cr_assert_eq(fixture_write(&f, has_pass, old), RT_ENOTFOUND);
    cr_assert_eq(fixture_write(&f, has_pass, new), 0);
    rt_timers_close(timers);
    fixture_done(&f);
}
