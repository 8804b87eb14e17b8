#include "runtime/app/events/relay.h"

#include <criterion/criterion.h>

#include "runtime/app/events/fake_transport.h"
#include "runtime/store/fixture.h"

static int write_event(struct rt_txn *txn, void *arg)
{
    rt_txn_outbox(txn, RT_STR("book:changed"), rt_str(arg), rt_bytes("p", 1));
    return 0;
}

static void add_events(struct fixture *f, int from, int count)
{
    for (int i = from; i < from + count; i++)
        cr_assert_eq(fixture_write(f, write_event, rt_arena_printf(&f->arena, "key%d", i)), 0);
}

Test(relay, publishes_in_order_within_the_window_and_forgets_what_is_durable)
{
    struct fixture f;
    struct fake_transport fake;
    struct rt_relay relay;
    fixture_init(&f);
    fake_transport_init(&fake, 3);
    rt_relay_init(&relay, f.store, &fake.base);
    add_events(&f, 1, 5);
    rt_relay_pump(&relay);
    cr_assert_eq(fake.n_published, 3);
    fake.window = FAKE_MAX;
    rt_relay_published(&relay, 2);
    cr_assert_eq(fake.n_published, 5);
    for (size_t i = 0; i < 5; i++)
        cr_assert_eq(fake.published[i], i + 1);
    cr_assert_str_eq(fake.keys[4], "key5");
    fixture_done(&f);
}

Test(relay, begins_again_under_the_same_sequences_after_a_restart)
{
    struct fixture f;
    struct fake_transport fake;
    struct rt_relay relay;
    struct rt_error error;
    fixture_init(&f);
    fake_transport_init(&fake, FAKE_MAX);
    rt_relay_init(&relay, f.store, &fake.base);
    add_events(&f, 1, 4);
    rt_relay_pump(&relay);
    rt_relay_published(&relay, 2);
    add_events(&f, 5, 1); /* its commit carries the trim */
    fixture_close(&f);

    cr_assert_eq(fixture_open(&f, &error), 0);
    fake_transport_init(&fake, FAKE_MAX);
    rt_relay_init(&relay, f.store, &fake.base);
    rt_relay_pump(&relay);
    cr_assert_eq(fake.n_published, 3);
    cr_assert_eq(fake.published[0], 3);
    cr_assert_str_eq(fake.keys[0], "key3");
    cr_assert_str_eq(fake.keys[2], "key5");
    fixture_done(&f);
}

Test(relay, moves_more_than_one_batch)
{
    struct fixture f;
    struct fake_transport fake;
    struct rt_relay relay;
    fixture_init(&f);
    fake_transport_init(&fake, FAKE_MAX);
    rt_relay_init(&relay, f.store, &fake.base);
    static char key[] = "k";
    void *args[RT_RELAY_BATCH + 10];
    int status[RT_RELAY_BATCH + 10];
    for (size_t i = 0; i < RT_RELAY_BATCH + 10; i++)
        args[i] = key;
    fixture_write_many(&f, write_event, args, RT_RELAY_BATCH + 10, status);
    rt_relay_pump(&relay);
    cr_assert_eq(fake.n_published, RT_RELAY_BATCH + 10);
    fixture_done(&f);
}
