#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "runtime/identity/key.h"

struct key_case {
    const char *content;
    mode_t mode;
    int expected;
    size_t len;
};

#define THIRTY_TWO "0123456789abcdef0123456789abcdef"

Test(key, only_private_long_and_varied_files_are_taken)
{
    static const struct key_case cases[] = {
        {THIRTY_TWO "\n", 0600, 0, 32},
        {THIRTY_TWO, 0400, 0, 32},
        {THIRTY_TWO "x\r\n", 0600, 0, 33},
        {THIRTY_TWO, 0640, RT_EDENIED, 0},
        {THIRTY_TWO, 0604, RT_EDENIED, 0},
        {THIRTY_TWO, 0620, RT_EDENIED, 0},
        {"short", 0600, RT_EINVAL, 0},
        {"0123456789abcdef0123456789abcde\n", 0600, RT_EINVAL, 0},
        {"", 0600, RT_EINVAL, 0},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", 0600, RT_EINVAL, 0},
        {"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n", 0600, 0, 40},
    };
    char path[] = "/tmp/rt-key-XXXXXX";
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        size_t len = strlen(cases[i].content);
        cr_assert_eq(ftruncate(fd, 0), 0);
        cr_assert_eq(pwrite(fd, cases[i].content, len, 0), (ssize_t)len);
        cr_assert_eq(fchmod(fd, cases[i].mode), 0);
        struct rt_bytes secret = {NULL, 0};
        struct rt_error error = {0, ""};
        cr_assert_eq(rt_key_load(path, &arena, &secret, &error), cases[i].expected, "case %zu", i);
        cr_assert_eq(secret.len, cases[i].len, "case %zu", i);
        cr_assert_null(strstr(error.message, "0123"), "a message never shows the secret");
    }
    close(fd);
    unlink(path);
    struct rt_bytes secret;
    cr_assert_eq(rt_key_load(path, &arena, &secret, NULL), RT_ENOTFOUND);
    rt_arena_done(&arena);
}
