#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "codegen/write/output.h"

static char directory[] = "/tmp/tessera-output-XXXXXX";

static void make_directory(void)
{
    cr_assert_not_null(mkdtemp(directory));
}

static void remove_directory(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r %s", directory);
    cr_assert_eq(system(command), 0);
}

/* One run that produces the named files, each containing `text`. */
static struct ts_output_report produce(const char *const *paths, const char *text, const char *only,
                                       enum ts_output_mode mode)
{
    struct ts_output *output = ts_output_new();
    struct ts_output_report report = {0};
    struct rt_error error;
    for (; *paths; paths++)
        rt_buf_puts(ts_output_file(output, *paths), text);
    cr_assert_eq(ts_output_write(output, directory, only, mode, NULL, NULL, &report, &error), 0,
                 "%s", error.message);
    ts_output_free(output);
    return report;
}

static bool exists(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return access(path, F_OK) == 0;
}

TestSuite(output, .init = make_directory, .fini = remove_directory);

Test(output, writes_what_changes_and_removes_its_own)
{
    const char *const both[] = {"a/one.c", "two.c", NULL};
    const char *const one[] = {"a/one.c", NULL};
    cr_expect_eq(produce(both, "x", NULL, TS_OUTPUT_WRITE).written, 2);
    struct ts_output_report again = produce(both, "x", NULL, TS_OUTPUT_WRITE);
    cr_expect_eq(again.written, 0);
    cr_expect_eq(again.unchanged, 2);
    cr_expect_eq(produce(one, "x", NULL, TS_OUTPUT_WRITE).removed, 1);
    cr_expect(exists("a/one.c"));
    cr_expect_not(exists("two.c"));
}

Test(output, a_check_touches_nothing)
{
    const char *const one[] = {"one.c", NULL};
    cr_expect_eq(produce(one, "x", NULL, TS_OUTPUT_CHECK).written, 1);
    cr_expect_not(exists("one.c"));
    produce(one, "x", NULL, TS_OUTPUT_WRITE);
    cr_expect_eq(produce(one, "x", NULL, TS_OUTPUT_CHECK).written, 0);
    cr_expect_eq(produce(one, "y", NULL, TS_OUTPUT_CHECK).written, 1);
}

Test(output, a_prefix_leaves_other_files_alone)
{
    const char *const both[] = {"a/one.c", "b/two.c", NULL};
    const char *const none[] = {NULL};
    cr_expect_eq(produce(both, "x", "a/", TS_OUTPUT_WRITE).written, 1);
    cr_expect_not(exists("b/two.c"));
    produce(both, "x", NULL, TS_OUTPUT_WRITE);
    cr_expect_eq(produce(none, "x", "a/", TS_OUTPUT_WRITE).removed, 1);
    cr_expect(exists("b/two.c"));
    cr_expect_eq(produce(none, "x", NULL, TS_OUTPUT_WRITE).removed, 1);
}
