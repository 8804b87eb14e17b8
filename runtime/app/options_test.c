#include <criterion/criterion.h>

#include "runtime/app/options.h"

struct settings {
    int64_t window_ms;
    int32_t seats;
};

static struct settings settings;
static const struct rt_limits window_limits = {.min = 10000, .max = 86400000};
static const struct rt_limits seats_limits = {.min = 1, .max = 9};
static const struct rt_setting setting_rows[] = {
    {"window",
     {.name = "window",
      .json = "window",
      .kind = RT_DURATION,
      .flags = RT_FIELD_HAS_MIN | RT_FIELD_HAS_MAX,
      .offset = offsetof(struct settings, window_ms),
      .limits = &window_limits},
     "15min"},
    {"seats",
     {.name = "seats",
      .json = "seats",
      .kind = RT_I32,
      .flags = RT_FIELD_HAS_MIN | RT_FIELD_HAS_MAX,
      .offset = offsetof(struct settings, seats),
      .limits = &seats_limits},
     "4"},
};
static const struct rt_service service = {
    .schema = "shop",
    .name = "desk",
    .settings = setting_rows,
    .n_settings = 2,
    .settings_values = &settings,
};

static int parse(const char *line, struct rt_arena *arena, struct rt_options *options,
                 struct rt_error *error)
{
    char *argv[32] = {rt_arena_strdup(arena, "desk")};
    int argc = 1;
    char *rest = rt_arena_strdup(arena, line);
    for (char *word; (word = strsep(&rest, " ")) != NULL;) {
        if (*word)
            argv[argc++] = word;
    }
    return rt_options_parse(&service, argc, argv, arena, options, error);
}

Test(options, every_option_is_taken)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    struct rt_options o;
    struct rt_error error = {0, ""};
    cr_assert_eq(parse("--listen [::1]:8083 --data var/desk --channel 127.0.0.1:8085 "
                       "--channel-token-file t --secret-file s --set window=1h30min --set=seats=9 "
                       "--trust-proxy --plain-http",
                       &arena, &o, &error),
                 0, "%s", error.message);
    cr_assert_str_eq(o.host, "::1");
    cr_assert_eq(o.port, 8083);
    cr_assert_str_eq(o.data, "var/desk");
    cr_assert_str_eq(o.channel_host, "127.0.0.1");
    cr_assert_eq(o.channel_port, 8085);
    cr_assert_str_eq(o.channel_token_file, "t");
    cr_assert_str_eq(o.secret_file, "s");
    cr_assert(o.trusted_hops == 1 && o.plain_http && !o.help && !o.version);
    cr_assert_eq(settings.window_ms, 5400000);
    cr_assert_eq(settings.seats, 9);
    cr_assert_eq(parse("--data d", &arena, &o, &error), 0);
    cr_assert_eq(settings.window_ms, 900000, "the default");
    cr_assert_str_eq(o.host, "127.0.0.1");
    cr_assert_null(o.channel_host);
    cr_assert_eq(parse("--help", &arena, &o, &error), 0);
    cr_assert(o.help);
    cr_assert_not_null(strstr(rt_options_help(&service, &arena), "window"));
    rt_arena_done(&arena);
}

Test(options, what_is_wrong_is_named)
{
    static const struct {
        const char *line;
        const char *part;
    } cases[] = {
        {"", "--data"},
        {"--data", "--data wants a value"},
        {"--data d --frobnicate", "--frobnicate"},
        {"--data d extra", "extra"},
        {"--data d --listen 8083", "--listen wants HOST:PORT"},
        {"--data d --listen a:99999", "--listen wants HOST:PORT"},
        {"--data d --channel :1", "--channel wants HOST:PORT"},
        {"--data d --set window", "NAME=VALUE"},
        {"--data d --set wimdow=1h", "no setting \"wimdow\""},
        {"--data d --set window=9s", "window = 9s"},
        {"--data d --set window=25h", "window = 25h"},
        {"--data d --set window=10", "no duration"},
        {"--data d --set seats=0", "seats = 0"},
        {"--data d --set seats=many", "seats = many"},
    };
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct rt_options o;
        struct rt_error error = {0, ""};
        cr_assert_eq(parse(cases[i].line, &arena, &o, &error), RT_EINVAL, "%s", cases[i].line);
        cr_assert_not_null(strstr(error.message, cases[i].part), "%s: %s", cases[i].line,
                           error.message);
    }
    rt_arena_done(&arena);
}

Test(options, durations_are_read_with_units_that_descend)
{
    static const struct {
        const char *text;
        int64_t ms; /* -1: none */
    } cases[] = {
        {"15min", 900000},
        {"10s", 10000},
        {"24h", 86400000},
        {"1500ms", 1500},
        {"7d", 604800000},
        {"1h30min", 5400000},
        {"0s", 0},
        {"1s1ms", 1001},
        {"", -1},
        {"15", -1},
        {"min", -1},
        {"-1s", -1},
        {"1s1h", -1},
        {"1s1s", -1},
        {"1 s", -1},
        {"1S", -1},
        {"99999999999999d", -1},
        {"9223372036854775808ms", -1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        int64_t ms = -1;
        cr_assert_eq(rt_duration_parse(rt_str(cases[i].text), &ms), cases[i].ms >= 0, "%s",
                     cases[i].text);
        cr_assert_eq(ms, cases[i].ms, "%s", cases[i].text);
    }
}
