/* Groups: one sync for many, rollback of one alone, visibility, the queue's bound, failure. */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/support/store_fixture.h"

static struct fixture f;

/* -------------------------------------------------------------------- syncs */

static atomic_int n_syncs;
static atomic_int sync_errno; /* 0: the real thing */

/* Stands in for the C library's, also for LevelDB. */
int fdatasync(int fd)
{
    atomic_fetch_add(&n_syncs, 1);
    errno = atomic_load(&sync_errno);
    return errno != 0 ? -1 : fsync(fd);
}

static void setup(void)
{
    fixture_init(&f);
}

static void teardown(void)
{
    fixture_done(&f);
}

TestSuite(group, .init = setup, .fini = teardown);

/* A write that keeps the writer busy until the test lets it go, so that what is submitted
 * meanwhile becomes one group. */
struct gate {
    struct rt_write write;
    struct rt_arena arena;
    uv_sem_t entered;
    uv_sem_t open;
    bool done;
};

static int gate_run(struct rt_txn *txn, void *arg)
{
    struct gate *gate = arg;
    (void)txn;
    uv_sem_post(&gate->entered);
    uv_sem_wait(&gate->open);
    return 0;
}

static void gate_done(void *arg, int status)
{
    (void)status;
    ((struct gate *)arg)->done = true;
}

static void gate_enter(struct gate *gate)
{
    *gate = (struct gate){.done = false};
    uv_sem_init(&gate->entered, 0);
    uv_sem_init(&gate->open, 0);
    rt_arena_init(&gate->arena, 0);
    gate->write =
        (struct rt_write){.run = gate_run, .done = gate_done, .arg = gate, .arena = &gate->arena};
    cr_assert_eq(rt_store_write(f.store, &gate->write), 0);
    while (uv_sem_trywait(&gate->entered) != 0)
        uv_run(&f.loop, UV_RUN_NOWAIT);
}

static void gate_leave(struct gate *gate)
{
    while (!gate->done)
        uv_run(&f.loop, UV_RUN_ONCE);
    uv_sem_destroy(&gate->entered);
    uv_sem_destroy(&gate->open);
    rt_arena_done(&gate->arena);
}

/* Writes that end in `status`, each after it changed something. */
struct job {
    struct rt_write write;
    struct rt_arena arena;
    int number;
    int wanted;
    int status;
    bool done;
    bool seen_in_done;
};

static const char *job_id(const struct job *job, struct rt_arena *arena)
{
    return rt_arena_printf(arena, "l%04d", job->number);
}

static int job_run(struct rt_txn *txn, void *arg)
{
    struct job *job = arg;
    const char *id = job_id(job, txn->arena);
    int code = rt_txn_create(txn, &test_loan_model,
                             loan_new(txn->arena, id, "ann", id, TEST_OPEN, job->number));
    rt_txn_kv_put(txn, 'n', rt_bytes("last", 4), rt_str_bytes(rt_str(id)));
    rt_txn_outbox(txn, RT_STR("loan:created"), rt_str(id), rt_bytes("payload", 7));
    rt_txn_inbox_add(txn, (uint64_t)job->number, 1);
    return code != 0 ? code : job->wanted;
}

static void job_done(void *arg, int status)
{
    struct job *job = arg;
    job->done = true;
    job->status = status;
    job->seen_in_done = loan_get(&f, job_id(job, &f.arena)) != NULL;
}

static void jobs_submit(struct job *jobs, int n, int (*wanted)(int i))
{
    for (int i = 0; i < n; i++) {
        jobs[i] = (struct job){.number = i, .wanted = wanted(i)};
        rt_arena_init(&jobs[i].arena, 0);
        jobs[i].write = (struct rt_write){
            .run = job_run, .done = job_done, .arg = &jobs[i], .arena = &jobs[i].arena};
        cr_assert_eq(rt_store_write(f.store, &jobs[i].write), 0);
    }
}

static void jobs_wait(struct job *jobs, int n)
{
    for (int i = 0; i < n; i++) {
        while (!jobs[i].done)
            uv_run(&f.loop, UV_RUN_ONCE);
        rt_arena_done(&jobs[i].arena);
    }
}

static int all_fine(int i)
{
    (void)i;
    return 0;
}

static int third_fails(int i)
{
    return i % 3 == 2 ? RT_EDENIED : 0;
}

Test(group, many_writes_share_one_sync)
{
    enum { N = 300 };
    struct job *jobs = calloc(N, sizeof *jobs);
    struct gate gate;
    gate_enter(&gate);
    jobs_submit(jobs, N, all_fine);
    cr_expect_null(loan_get(&f, "l0000"));
    atomic_store(&n_syncs, 0);
    uv_sem_post(&gate.open);
    jobs_wait(jobs, N);
    gate_leave(&gate);
    cr_expect_eq(atomic_load(&n_syncs), 1, "by the system's count");
    struct rt_store_stats stats;
    rt_store_stats(f.store, &stats);
    cr_expect_eq(stats.writes, N + 1);
    cr_expect_eq(stats.groups, 2, "the gate and all others");
    cr_expect_eq(stats.syncs, 1, "the gate wrote nothing");
    for (int i = 0; i < N; i++)
        cr_expect(jobs[i].status == 0 && jobs[i].seen_in_done);
    check_store(&f);
    free(jobs);
}

Test(group, a_rollback_leaves_the_others)
{
    enum { N = 30 };
    struct job jobs[N];
    struct gate gate;
    gate_enter(&gate);
    jobs_submit(jobs, N, third_fails);
    uv_sem_post(&gate.open);
    jobs_wait(jobs, N);
    gate_leave(&gate);
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    for (int i = 0; i < N; i++) {
        cr_expect_eq(jobs[i].status, third_fails(i));
        cr_expect_eq(jobs[i].seen_in_done, i % 3 != 2);
        cr_expect_eq(rt_txn_inbox_has(&txn, (uint64_t)i, 1), i % 3 != 2);
    }
    /* Job 29 overwrote the key and was taken back: 28's value is there. */
    struct rt_bytes last = rt_txn_kv_get(&txn, 'n', rt_bytes("last", 4));
    cr_expect(rt_bytes_eq(last, rt_bytes("l0028", 5)));
    rt_store_read_end(&txn);
    struct rt_outbox_entry entries[N];
    size_t n_entries;
    cr_expect_eq(rt_store_outbox_read(f.store, 1, N, &f.arena, entries, &n_entries), 0);
    cr_expect_eq(n_entries, 20, "dense sequences");
    check_store(&f);
}

static int run_see_others(struct rt_txn *txn, void *arg)
{
    (void)arg;
    struct test_loan *loan = rt_txn_get(txn, &test_loan_model, "l0000");
    return loan ? RT_EEXIST : 0;
}

Test(group, later_transactions_see_earlier_ones)
{
    struct job job;
    struct gate gate;
    gate_enter(&gate);
    jobs_submit(&job, 1, all_fine);
    uv_sem_post(&gate.open);
    cr_expect_eq(fixture_write(&f, run_see_others, NULL), RT_EEXIST);
    jobs_wait(&job, 1);
    gate_leave(&gate);
}

Test(group, a_snapshot_stays_as_it_was)
{
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 1)), 0);
    struct rt_txn txn;
    rt_store_read_begin(f.store, &f.arena, &txn);
    struct test_loan *loan = loan_get(&f, "l1");
    loan->member = "bob";
    cr_assert_eq(loan_update(&f, loan), 0);
    cr_expect_str_eq(loan_get(&f, "l1")->member, "bob");
    struct test_loan *before = rt_txn_get(&txn, &test_loan_model, "l1");
    cr_expect_str_eq(before->member, "ann");
    cr_expect_str_eq(loan_get(&f, "l1")->member, "bob", "the old reader left the cache alone");
    rt_store_read_end(&txn);
}

static void read_elsewhere(void *arg)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    struct rt_txn txn;
    rt_store_read_begin(f.store, &arena, &txn);
    *(bool *)arg = rt_txn_get(&txn, &test_loan_model, "l1") != NULL;
    rt_store_read_end(&txn);
    rt_arena_done(&arena);
}

Test(group, another_thread_reads_too)
{
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 1)), 0);
    bool found = false;
    uv_thread_t thread;
    cr_assert_eq(uv_thread_create(&thread, read_elsewhere, &found), 0);
    uv_thread_join(&thread);
    cr_expect(found);
}

Test(group, queue_is_bounded)
{
    fixture_close(&f);
    const struct rt_model *const models[] = {&test_book_model, &test_loan_model, &test_pass_model};
    struct rt_store_options options = {
        .path = f.dir, .models = models, .n_models = 3, .service = "library", .queue_max = 4};
    cr_assert_eq(rt_store_open(&f.loop, &options, &f.store, NULL), 0);
    struct job jobs[4];
    struct gate gate;
    gate_enter(&gate);
    jobs_submit(jobs, 4, all_fine);
    struct rt_write more = {.run = job_run, .done = job_done, .arena = &f.arena};
    cr_expect_eq(rt_store_write(f.store, &more), RT_EAGAIN);
    uv_sem_post(&gate.open);
    jobs_wait(jobs, 4);
    gate_leave(&gate);
    cr_expect_eq(book_create(&f, book_new(&f.arena, "b", "t")), 0, "there is room again");
}

Test(group, big_groups_are_cut)
{
    enum { N = 3000 };
    struct job *jobs = calloc(N, sizeof *jobs);
    struct gate gate;
    gate_enter(&gate);
    jobs_submit(jobs, N, all_fine);
    uv_sem_post(&gate.open);
    jobs_wait(jobs, N);
    gate_leave(&gate);
    struct rt_store_stats stats;
    rt_store_stats(f.store, &stats);
    cr_expect_eq(stats.syncs, 3, "at most 1024 in one");
    free(jobs);
}

Test(group, a_failed_write_is_final)
{
    cr_assert_eq(loan_create(&f, loan_new(&f.arena, "l1", "ann", "b1", TEST_OPEN, 1)), 0);
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_expect_eq(loan_create(&f, loan_new(&f.arena, "l2", "ann", "b2", TEST_OPEN, 1)), RT_EIO);
    limit.rlim_cur = before;
    setrlimit(RLIMIT_FSIZE, &limit);
    cr_expect_eq(loan_create(&f, loan_new(&f.arena, "l3", "ann", "b3", TEST_OPEN, 1)), RT_EIO,
                 "not even after the disk recovered");
    cr_expect_not_null(loan_get(&f, "l1"), "reading goes on");
    cr_expect_null(loan_get(&f, "l2"));
    fixture_close(&f);
    cr_assert_eq(fixture_open(&f, NULL), 0);
    cr_expect_not_null(loan_get(&f, "l1"));
    check_store(&f);
}

Test(group, a_failed_sync_is_final)
{
    atomic_store(&sync_errno, EIO);
    enum { N = 5 };
    struct job jobs[N];
    struct gate gate;
    gate_enter(&gate);
    jobs_submit(jobs, N, third_fails);
    uv_sem_post(&gate.open);
    jobs_wait(jobs, N);
    gate_leave(&gate);
    for (int i = 0; i < N; i++) {
        cr_expect_eq(jobs[i].status, RT_EIO, "also where the transaction itself had failed");
        cr_expect_not(jobs[i].seen_in_done);
    }
    atomic_store(&sync_errno, 0);
    cr_expect_eq(loan_create(&f, loan_new(&f.arena, "l9", "ann", "b9", TEST_OPEN, 1)), RT_EIO);
    cr_expect_eq(rt_store_outbox_first(f.store), 1);
    struct rt_outbox_entry entry;
    size_t n_entries;
    cr_expect_eq(rt_store_outbox_read(f.store, 1, 1, &f.arena, &entry, &n_entries), 0);
    cr_expect_eq(n_entries, 0);
}

static int run_nothing(struct rt_txn *txn, void *arg)
{
    (void)txn;
    (void)arg;
    return 0;
}

static void never(void *arg, int status)
{
    (void)arg;
    (void)status;
    cr_expect(false, "a refused write reports nothing");
}

Test(group, close_finishes_what_is_queued)
{
    enum { N = 20 };
    struct job jobs[N];
    jobs_submit(jobs, N, all_fine);
    rt_store_close(f.store, NULL, NULL);
    struct rt_write late = {.run = run_nothing, .done = never, .arena = &f.arena};
    cr_expect_eq(rt_store_write(f.store, &late), RT_ECLOSED);
    uv_run(&f.loop, UV_RUN_DEFAULT);
    f.store = NULL;
    for (int i = 0; i < N; i++) {
        cr_expect(jobs[i].done && jobs[i].status == 0 && jobs[i].seen_in_done);
        rt_arena_done(&jobs[i].arena);
    }
}
