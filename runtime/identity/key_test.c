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
        {"\n\n", 0600, RT_EINVAL, 0},
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
        struct rt_keys keys = {.n_keys = 0};
        struct rt_error error = {0, ""};
        cr_assert_eq(rt_keys_load(path, &arena, &keys, &error), cases[i].expected, "case %zu", i);
        cr_assert_eq(keys.keys[0].bytes.len, cases[i].len, "case %zu", i);
        cr_assert_null(strstr(error.message, "0123"), "a message never shows the secret");
    }
    close(fd);
    unlink(path);
    struct rt_keys keys;
    cr_assert_eq(rt_keys_load(path, &arena, &keys, NULL), RT_ENOTFOUND);
    rt_arena_done(&arena);
}

static int load(const char *content, struct rt_arena *arena, struct rt_keys *ret)
{
    char path[] = "/tmp/rt-key-XXXXXX";
    int fd = mkstemp(path);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    close(fd);
    int err = rt_keys_load(path, arena, ret, NULL);
    unlink(path);
    return err;
}

#define OTHER "fedcba9876543210fedcba9876543210"

Test(key, a_file_has_two_keys_at_most_and_each_has_its_name)
{
    struct rt_arena arena;
    struct rt_keys one, two, swapped;
    rt_arena_init(&arena, 0);
    cr_assert_eq(load(THIRTY_TWO "\n", &arena, &one), 0);
    cr_assert_eq(load(THIRTY_TWO "\n" OTHER "\n", &arena, &two), 0);
    cr_assert_eq(load(OTHER "\r\n\r\n" THIRTY_TWO, &arena, &swapped), 0);
    cr_assert_eq(one.n_keys, 1);
    cr_assert_eq(two.n_keys, 2);
    cr_assert_eq(strlen(one.keys[0].id), RT_KEY_ID_LEN);
    cr_assert_str_eq(one.keys[0].id, two.keys[0].id);
    cr_assert_str_eq(two.keys[0].id, swapped.keys[1].id);
    cr_assert_str_eq(two.keys[1].id, swapped.keys[0].id);
    cr_assert_str_neq(two.keys[0].id, two.keys[1].id);
    cr_assert_eq(load(THIRTY_TWO "\n" OTHER "\n" THIRTY_TWO "2\n", &arena, &two), RT_EINVAL);
    cr_assert_eq(load(THIRTY_TWO "\nshort\n", &arena, &two), RT_EINVAL);
    rt_arena_done(&arena);
}
