/* What survives: reopening, SIGKILL, new indexes; and what is refused: damage, other owners. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "tests/support/store_fixture.h"

static struct fixture f;

static void setup(void)
{
    fixture_init(&f);
}

static void teardown(void)
{
    fixture_done(&f);
}

TestSuite(recovery, .init = setup, .fini = teardown);

static void reopen_with(const struct rt_model *loan)
{
    struct rt_error error = {0};
    fixture_close(&f);
    cr_assert_eq(fixture_open_with(&f, loan, &error), 0, "%s", error.message);
}

static int run_fill(struct rt_txn *txn, void *arg)
{
    for (int i = 0; i < *(int *)arg; i++) {
        const char *id = rt_arena_printf(txn->arena, "l%05d", i);
        int code = rt_txn_create(txn, &test_loan_model,
                                 loan_new(txn->arena, id, i % 2 ? "bob" : "ann", id, TEST_OPEN, i));
        if (code != 0)
            return code;
    }
    return 0;
}

static int run_fill_before(struct rt_txn *txn, void *arg)
{
    for (int i = 0; i < *(int *)arg; i++) {
        const char *id = rt_arena_printf(txn->arena, "l%05d", i);
        int code = rt_txn_create(txn, &test_loan_model_before,
                                 loan_new(txn->arena, id, i % 2 ? "bob" : "ann", id, TEST_OPEN, i));
        if (code != 0)
            return code;
    }
    return 0;
}

static size_t count_by(const struct rt_model *model, const struct rt_index *index)
{
    struct rt_value ann = {.present = true, .s = RT_STR("ann")};
    struct rt_scan scan = {.index = index, .values = &ann, .n_values = 1, .limit = 1000};
    struct rt_txn txn;
    struct rt_page page;
    size_t n = 0;
    rt_store_read_begin(f.store, &f.arena, &txn);
    do {
        cr_assert_eq(rt_txn_scan(&txn, model, &scan, &page), 0);
        n += page.n_records;
        scan.after = page.next;
    } while (page.next.len > 0);
    rt_store_read_end(&txn);
    return n;
}

Test(recovery, reopening_keeps_everything)
{
    int n = 100;
    cr_assert_eq(fixture_write(&f, run_fill, &n), 0);
    struct test_loan *loan = loan_get(&f, "l00042");
    loan->state = TEST_LATE;
    cr_assert_eq(loan_update(&f, loan), 0);
    cr_assert_eq(loan_delete(&f, "l00040"), 0);
    reopen_with(&test_loan_model);
    cr_expect_eq(loan_get(&f, "l00042")->state, TEST_LATE);
    cr_expect_eq(loan_get(&f, "l00042")->version, 2);
    cr_expect_null(loan_get(&f, "l00040"));
    cr_expect_eq(count_by(&test_loan_model, &test_loan_model.indexes[LOAN_BY_MEMBER]), 49);
    check_store(&f);
    struct stat st;
    cr_assert_eq(stat(f.dir, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0700);
}

Test(recovery, a_new_index_is_built_and_kept_up)
{
    int n = 2500; /* more than two steps of the build */
    reopen_with(&test_loan_model_before);
    cr_assert_eq(fixture_write(&f, run_fill_before, &n), 0);
    reopen_with(&test_loan_model);
    check_store(&f);
    cr_expect_eq(count_by(&test_loan_model, &test_loan_model.indexes[LOAN_BY_MEMBER_DUE]), 1250);
}

/* No file may grow beyond `bytes`; gives what was allowed before. */
static rlim_t limit_files(rlim_t bytes)
{
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
    return before;
}

Test(recovery, an_interrupted_build_goes_on)
{
    int n = 2500;
    reopen_with(&test_loan_model_before);
    cr_assert_eq(fixture_write(&f, run_fill_before, &n), 0);
    reopen_with(&test_loan_model_before); /* all of it is in a table now */
    fixture_close(&f);
    rlim_t before = limit_files(45 << 10); /* the disk is full in the second step */
    struct rt_error error = {0};
    cr_expect_eq(fixture_open(&f, &error), RT_EIO, "%s", error.message);
    limit_files(before);
    cr_assert_eq(fixture_open(&f, &error), 0, "%s", error.message);
    check_store(&f);
    cr_expect_eq(count_by(&test_loan_model, &test_loan_model.indexes[LOAN_BY_MEMBER_DUE]), 1250);
}

static int run_move(struct rt_txn *txn, void *arg)
{
    struct test_loan *loan = rt_txn_get(txn, arg, "l00001");
    loan->member = "ann";
    return rt_txn_update(txn, arg, loan);
}

static void *model_arg(const struct rt_model *model)
{
    return (void *)(uintptr_t)model;
}

Test(recovery, an_index_gone_for_a_while_is_not_stale)
{
    int n = 10;
    cr_assert_eq(fixture_write(&f, run_fill, &n), 0);
    reopen_with(&test_loan_model_before);
    cr_assert_eq(fixture_write(&f, run_move, model_arg(&test_loan_model_before)), 0);
    reopen_with(&test_loan_model);
    check_store(&f);
    cr_expect_eq(count_by(&test_loan_model, &test_loan_model.indexes[LOAN_BY_MEMBER_DUE]), 6);
}

Test(recovery, a_changed_definition_is_built_anew)
{
    int n = 10;
    cr_assert_eq(fixture_write(&f, run_fill, &n), 0);
    reopen_with(&test_loan_model_changed);
    check_store(&f);
    cr_expect_eq(count_by(&test_loan_model_changed, &test_loan_model_changed.indexes[0]), 5);
    reopen_with(&test_loan_model);
    check_store(&f);
    cr_expect_eq(count_by(&test_loan_model, &test_loan_model.indexes[LOAN_BY_MEMBER]), 5);
}

static int run_same_book(struct rt_txn *txn, void *arg)
{
    return rt_txn_create(txn, &test_loan_model_changed,
                         loan_new(txn->arena, arg, "ann", "same", TEST_OPEN, 1));
}

Test(recovery, a_unique_index_that_cannot_be_is_refused)
{
    reopen_with(&test_loan_model_changed); /* has no unique index */
    static char ids[2][3] = {"l1", "l2"};
    for (int i = 0; i < 2; i++)
        cr_assert_eq(fixture_write(&f, run_same_book, ids[i]), 0);
    fixture_close(&f);
    struct rt_error error = {0};
    cr_expect_eq(fixture_open(&f, &error), RT_EEXIST);
    cr_expect_not_null(strstr(error.message, "l1"), "%s", error.message);
    cr_expect_not_null(strstr(error.message, "l2"), "%s", error.message);
    cr_expect_eq(fixture_open_with(&f, &test_loan_model_changed, &error), 0,
                 "the old program still can");
}

Test(recovery, other_owners_are_refused)
{
    struct rt_error error = {0};
    struct rt_store *second = NULL;
    const struct rt_model *const models[] = {&test_book_model};
    struct rt_store_options options = {
        .path = f.dir, .models = models, .n_models = 1, .service = "library"};
    cr_expect_eq(rt_store_open(&f.loop, &options, &second, &error), RT_EAGAIN, "it is open");
    cr_expect_not_null(strstr(error.message, "in use"), "%s", error.message);
    fixture_close(&f);
    options.service = "museum";
    cr_expect_eq(rt_store_open(&f.loop, &options, &second, &error), RT_ECONFLICT);
    cr_expect_not_null(strstr(error.message, "library"), "%s", error.message);
    cr_expect_null(second);
}

Test(recovery, an_incompatible_schema_is_refused)
{
    fixture_close(&f);
    struct rt_error error = {0};
    cr_expect_eq(fixture_open_with(&f, &test_loan_model_broken, &error), RT_ECONFLICT);
    cr_expect_not_null(strstr(error.message, "field 4 is stored as time (due)"), "%s",
                       error.message);
    cr_expect_eq(fixture_open(&f, &error), 0, "the right one still opens");
}

/* ------------------------------------------------------------------- damage */

static void each_file(void (*each)(const char *path))
{
    DIR *dir = opendir(f.dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", f.dir, entry->d_name);
        if (entry->d_name[0] != '.' && strncmp(entry->d_name, "LO", 2) != 0)
            each(path);
    }
    closedir(dir);
}

/* Inverts one byte in a thousand. */
static void spoil(const char *path)
{
    int fd = open(path, O_RDWR);
    struct stat st;
    cr_assert(fd >= 0 && fstat(fd, &st) == 0);
    for (off_t at = 20; at < st.st_size; at += 1000) {
        uint8_t byte;
        cr_assert_eq(pread(fd, &byte, 1, at), 1);
        byte = (uint8_t)~byte;
        cr_assert_eq(pwrite(fd, &byte, 1, at), 1);
    }
    close(fd);
}

static void spoil_log(const char *path)
{
    if (strcmp(path + strlen(path) - 4, ".log") == 0)
        spoil(path);
}

static void spoil_tables(const char *path)
{
    if (strcmp(path + strlen(path) - 4, ".ldb") == 0)
        spoil(path);
}

Test(recovery, damage_in_the_log_is_refused)
{
    int n = 500;
    cr_assert_eq(fixture_write(&f, run_fill, &n), 0);
    fixture_close(&f);
    each_file(spoil_log);
    struct rt_error error = {0};
    cr_expect_eq(fixture_open(&f, &error), RT_ECORRUPT, "%s", error.message);
}

Test(recovery, damage_in_a_table_is_noticed)
{
    int n = 500;
    cr_assert_eq(fixture_write(&f, run_fill, &n), 0);
    reopen_with(&test_loan_model); /* moves the log into a table */
    fixture_close(&f);
    each_file(spoil_tables);
    struct rt_error error = {0};
    int code = fixture_open(&f, &error);
    if (code == 0) {
        code = rt_store_check(f.store, &error);
        struct rt_txn txn;
        rt_store_read_begin(f.store, &f.arena, &txn);
        cr_expect_null(rt_txn_get(&txn, &test_loan_model, "l00001"));
        cr_expect_eq(txn.failed, RT_ECORRUPT);
        rt_store_read_end(&txn);
    }
    cr_expect_eq(code, RT_ECORRUPT, "%s", error.message);
}

Test(recovery, a_database_without_current_is_not_made_anew)
{
    int n = 10;
    cr_assert_eq(fixture_write(&f, run_fill, &n), 0);
    fixture_close(&f);
    char path[128];
    snprintf(path, sizeof path, "%s/CURRENT", f.dir);
    cr_assert_eq(unlink(path), 0);
    struct rt_error error = {0};
    cr_expect_eq(fixture_open(&f, &error), RT_ECORRUPT, "%s", error.message);
}

/* ------------------------------------------------------------------ SIGKILL */

/* The child's work: loans by the hundred in flight; each reported one is passed to the parent. */
struct writer {
    struct rt_write write;
    struct rt_arena arena;
    struct fixture *f;
    int pipe;
    uint32_t number;
    uint32_t *next;
};

static int writer_run(struct rt_txn *txn, void *arg)
{
    struct writer *w = arg;
    const char *id = rt_arena_printf(txn->arena, "l%08u", w->number);
    rt_txn_outbox(txn, RT_STR("loan:created"), rt_str(id), rt_bytes(id, strlen(id)));
    return rt_txn_create(txn, &test_loan_model,
                         loan_new(txn->arena, id, "ann", id, TEST_OPEN, w->number));
}

static void writer_submit(struct writer *w);

static void writer_done(void *arg, int status)
{
    struct writer *w = arg;
    if (status != 0 || write(w->pipe, &w->number, sizeof w->number) != sizeof w->number)
        _exit(3);
    rt_arena_reset(&w->arena);
    writer_submit(w);
}

static void writer_submit(struct writer *w)
{
    w->number = (*w->next)++;
    w->write =
        (struct rt_write){.run = writer_run, .done = writer_done, .arg = w, .arena = &w->arena};
    if (rt_store_write(w->f->store, &w->write) != 0)
        _exit(2);
}

static void child(int fd)
{
    enum { IN_FLIGHT = 50 };
    static struct writer writers[IN_FLIGHT];
    uint32_t next = 0;
    struct fixture own = f;
    uv_loop_init(&own.loop);
    if (fixture_open(&own, NULL) != 0)
        _exit(1);
    for (int i = 0; i < IN_FLIGHT; i++) {
        writers[i] = (struct writer){.f = &own, .pipe = fd, .next = &next};
        rt_arena_init(&writers[i].arena, 0);
        writer_submit(&writers[i]);
    }
    uv_run(&own.loop, UV_RUN_DEFAULT);
    _exit(4);
}

Test(recovery, every_reported_write_survives_sigkill)
{
    fixture_close(&f);
    int fds[2];
    cr_assert_eq(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0)
        child(fds[1]);
    close(fds[1]);
    /* Once 2,000 were reported it is killed, in the middle of what it is at. */
    uint32_t number, n = 0;
    bool *reported = calloc(1u << 20, sizeof *reported);
    while (read(fds[0], &number, sizeof number) == sizeof number) {
        cr_assert_lt(number, 1u << 20);
        reported[number] = true;
        if (++n == 2000)
            kill(pid, SIGKILL);
    }
    close(fds[0]);
    int status;
    waitpid(pid, &status, 0);
    cr_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "status %x", status);

    struct rt_error error = {0};
    cr_assert_eq(fixture_open(&f, &error), 0, "%s", error.message);
    check_store(&f);
    cr_expect_geq(n, 2000);
    for (uint32_t i = 0; i < 1u << 20; i++)
        if (reported[i])
            cr_assert_not_null(loan_get(&f, rt_arena_printf(&f.arena, "l%08u", i)));
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    struct rt_outbox_entry *entries = calloc(1u << 16, sizeof *entries);
    size_t entries_n;
    cr_assert_eq(rt_store_outbox_read(f.store, 1, 1u << 16, &arena, entries, &entries_n), 0);
    cr_expect_geq(entries_n, n);
    for (size_t i = 0; i < entries_n; i++)
        cr_assert_not_null(
            loan_get(&f, rt_arena_strndup(&f.arena, entries[i].key.data, entries[i].key.len)));
    free(entries);
    rt_arena_done(&arena);
    free(reported);
}
