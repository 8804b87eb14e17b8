#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "runtime/base/secret.h"

static char path[] = "/tmp/rt-secret-XXXXXX";
static struct rt_buf secret;
static struct rt_error error;

static void setup(void)
{
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, "hidden", 6), 6);
    close(fd);
}

static void teardown(void)
{
    unlink(path);
    rt_secret_done(&secret);
}

TestSuite(secret, .init = setup, .fini = teardown, .timeout = 10);

Test(secret, private_file_is_appended_as_it_is)
{
    rt_buf_puts(&secret, "<");
    cr_assert_eq(rt_secret_read(path, 6, &secret, NULL), 0);
    cr_assert_eq(secret.len, 7);
    cr_assert_eq(memcmp(secret.data, "<hidden", 7), 0);
}

Test(secret, file_open_to_others_is_refused)
{
    static const mode_t open_modes[] = {0640, 0620, 0610, 0604, 0602, 0601, 0666, 0777};
    for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
        cr_assert_eq(chmod(path, open_modes[i]), 0);
        cr_assert_eq(rt_secret_read(path, 4096, &secret, &error), RT_EDENIED, "%03o",
                     (unsigned)open_modes[i]);
        cr_assert(strstr(error.message, "chmod 600"));
        cr_assert_null(strstr(error.message, "hidden"));
    }
    cr_assert_eq(secret.len, 0);
}

Test(secret, file_over_the_bound_is_refused)
{
    cr_assert_eq(rt_secret_read(path, 5, &secret, &error), RT_ETOOBIG);
    cr_assert_eq(secret.len, 0);
}

/* Opening a FIFO for reading waits for a writer, which may never come. */
Test(secret, fifo_is_refused_at_once)
{
    unlink(path);
    cr_assert_eq(mkfifo(path, 0600), 0);
    cr_assert_eq(rt_secret_read(path, 4096, &secret, &error), RT_EINVAL);
    cr_assert(strstr(error.message, "not a regular file"));
}

Test(secret, what_is_no_file_is_refused)
{
    cr_assert_eq(rt_secret_read("/tmp", 4096, &secret, NULL), RT_EINVAL);
    cr_assert_eq(rt_secret_read("/dev/zero", 4096, &secret, NULL), RT_EINVAL);
    cr_assert_eq(rt_secret_read("/tmp/rt-there-is-no-such-file", 4096, &secret, NULL),
                 RT_ENOTFOUND);
}

/* Only root can give a file away, and read it still. */
Test(secret, file_of_another_user_is_refused)
{
    if (geteuid() != 0)
        cr_skip_test("not root");
    cr_assert_eq(chown(path, 4321, 4321), 0);
    cr_assert_eq(rt_secret_read(path, 4096, &secret, &error), RT_EDENIED);
    cr_assert(strstr(error.message, "4321"));
}

Test(secret, directory_of_data_is_for_its_owner_alone)
{
    unlink(path);
    cr_assert_eq(rt_private_directory(path, &error), 0, "one that is not there will be made");
    cr_assert_eq(mkdir(path, 0700), 0);
    cr_assert_eq(rt_private_directory(path, &error), 0);
    cr_assert_eq(chmod(path, 0750), 0);
    cr_assert_eq(rt_private_directory(path, &error), RT_EDENIED);
    cr_assert(strstr(error.message, "chmod 700"));
    cr_assert_eq(rmdir(path), 0);
    cr_assert_eq(rt_private_directory("/dev/null", &error), RT_EINVAL);
}
