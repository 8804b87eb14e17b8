#include "runtime/app/options.h"

#include <inttypes.h>
#include <stdio.h>

#include "runtime/base/arguments.h"

enum { HOPS_MAX = 16 };

/* ----------------------------------------------------------------- settings */

/* duration = 1*( number unit ); unit = "w" / "d" / "h" / "min" / "s" / "ms", each smaller than
 * before */
bool rt_duration_parse(struct rt_str text, int64_t *ret_ms)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"w", 604800000}, {"d", 86400000}, {"h", 3600000},
                 {"min", 60000},   {"s", 1000},     {"ms", 1}};
    enum { N_UNITS = sizeof(units) / sizeof(*units) };
    int64_t total = 0;
    size_t first = 0;
    if (text.len == 0)
        return false;
    while (text.len > 0) {
        size_t digits = 0;
        while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9')
            digits++;
        size_t letters = digits;
        while (letters < text.len && text.data[letters] >= 'a' && text.data[letters] <= 'z')
            letters++;
        int64_t number;
        if (!rt_str_to_i64(rt_str_n(text.data, digits), &number))
            return false;
        struct rt_str name = rt_str_n(text.data + digits, letters - digits);
        size_t unit = first;
        while (unit < N_UNITS && !rt_str_eq(name, rt_str(units[unit].name)))
            unit++;
        int64_t ms;
        if (unit == N_UNITS || __builtin_mul_overflow(number, units[unit].ms, &ms) ||
            __builtin_add_overflow(total, ms, &total))
            return false;
        first = unit + 1;
        text = rt_str_n(text.data + letters, text.len - letters);
    }
    *ret_ms = total;
    return true;
}

static int set_value(const struct rt_service *service, const struct rt_setting *setting,
                     const char *text, struct rt_arena *arena, struct rt_error *error)
{
    const char *value = text;
    int64_t ms;
    if (setting->field.kind == RT_DURATION) {
        if (!rt_duration_parse(rt_str(text), &ms))
            return rt_error_set(error, RT_EINVAL,
                                "setting %s: \"%s\" is no duration such as 15min, 10s or 1h30min",
                                setting->name, text);
        value = rt_arena_printf(arena, "%" PRId64, ms);
    }
    struct rt_violations *violations = RT_ARENA_NEW(arena, struct rt_violations);
    rt_violations_init(violations, arena);
    if (rt_field_parse(&setting->field, rt_str(value), arena, service->settings_values,
                       violations) != 0)
        return rt_error_set(error, RT_EINVAL, "setting %s = %s: %s%s", setting->name, text,
                            violations->items[0].message,
                            setting->field.kind == RT_DURATION ? " (milliseconds)" : "");
    return 0;
}

static int set_defaults(const struct rt_service *service, struct rt_arena *arena,
                        struct rt_error *error)
{
    int err = 0;
    for (size_t i = 0; i < service->n_settings && err == 0; i++) {
        if (service->settings[i].fallback)
            err = set_value(service, &service->settings[i], service->settings[i].fallback, arena,
                            error);
    }
    return err;
}

/* NAME=VALUE */
static int set(const struct rt_service *service, const char *text, struct rt_arena *arena,
               struct rt_error *error)
{
    const char *equals = strchr(text, '=');
    if (!equals)
        return rt_error_set(error, RT_EINVAL, "--set wants NAME=VALUE, not \"%s\"", text);
    struct rt_str name = rt_str_n(text, (size_t)(equals - text));
    for (size_t i = 0; i < service->n_settings; i++) {
        if (rt_str_eq(name, rt_str(service->settings[i].name)))
            return set_value(service, &service->settings[i], equals + 1, arena, error);
    }
    return rt_error_set(error, RT_EINVAL, "%s has no setting \"%.*s\"", service->name,
                        (int)name.len, name.data);
}

/* ------------------------------------------------------------- command line */

/* What the setters fill; the options come first, so that offsets are theirs. */
struct target {
    struct rt_options options;
    const struct rt_service *service;
    struct rt_arena *arena;
};

static int set_address(const struct rt_argument *argument, const char *value, void *arg,
                       struct rt_error *error)
{
    struct target *target = arg;
    const char *host;
    size_t len;
    int port;
    if (!rt_address_split(value, &host, &len, &port))
        return rt_argument_refuse(argument, value, error);
    struct rt_options *options = &target->options;
    bool listen = argument->offset == offsetof(struct rt_options, host);
    *(listen ? &options->host : &options->channel_host) =
        rt_arena_strndup(target->arena, host, len);
    *(listen ? &options->port : &options->channel_port) = port;
    return 0;
}

static int set_setting(const struct rt_argument *argument, const char *value, void *arg,
                       struct rt_error *error)
{
    const struct target *target = arg;
    (void)argument;
    return set(target->service, value, target->arena, error);
}

static int set_one_hop(const struct rt_argument *argument, const char *value, void *arg,
                       struct rt_error *error)
{
    (void)argument;
    (void)value;
    (void)error;
    ((struct target *)arg)->options.trusted_hops = 1;
    return 0;
}

#define AT(member) offsetof(struct rt_options, member)
static const struct rt_argument arguments[] = {
    {"listen", "HOST:PORT", set_address, AT(host), 0, 0,
     "where to serve HTTP (127.0.0.1:0, any free port)"},
    {"data", "DIR", rt_argument_text, AT(data), 0, 0, "the service's database, made when missing"},
    {"channel", "HOST:PORT", set_address, AT(channel_host), 0, 0,
     "the event channel; without it no event moves"},
    {"channel-token-file", "F", rt_argument_text, AT(channel_token_file), 0, 0,
     "how to sign on there"},
    {"channel-tls-ca", "F", rt_argument_text, AT(channel_tls_ca), 0, 0,
     "speak TLS there, trusting these authorities"},
    {"channel-tls-cert", "F", rt_argument_text, AT(channel_tls_cert), 0, 0,
     "our certificate, where the channel demands one"},
    {"channel-tls-key", "F", rt_argument_text, AT(channel_tls_key), 0, 0,
     "its key, readable by its owner only"},
    {"secret-file", "F", rt_argument_text, AT(secret_file), 0, 0,
     "the key of session tokens, readable by its owner only"},
    {"trust-proxy", NULL, set_one_hop, 0, 0, 0,
     "take clients' addresses from X-Forwarded-For, as one\nproxy on this machine fills it in"},
    {"trusted-hops", "N", rt_argument_u32, AT(trusted_hops), 0, HOPS_MAX,
     "the same with N proxies in a row"},
    {"plain-http", NULL, rt_argument_flag, AT(plain_http), 0, 0,
     "cookies that need no TLS, for development only"},
    {"set", "NAME=VALUE", set_setting, 0, 0, 0, "a setting, may be repeated"},
    {"help", NULL, rt_argument_flag, AT(help), 0, 0, "this text"},
    {"version", NULL, rt_argument_flag, AT(version), 0, 0, "which release this is"},
};
enum { N_ARGUMENTS = sizeof arguments / sizeof *arguments };

int rt_options_parse(const struct rt_service *service, int argc, char *const *argv,
                     struct rt_arena *arena, struct rt_options *ret, struct rt_error *error)
{
    struct target target = {.options = {.host = "127.0.0.1"}, .service = service, .arena = arena};
    const struct rt_options *options = &target.options;
    int status = set_defaults(service, arena, error);
    if (status == 0)
        status = rt_arguments_read(arguments, N_ARGUMENTS, argc, argv, &target, error);
    if (status == 0 && !options->help && !options->version) {
        if (!options->data)
            status = rt_error_set(error, RT_EINVAL, "--data DIR is missing");
        else if (service->session_issuer && !options->secret_file)
            status = rt_error_set(error, RT_EINVAL, "--secret-file FILE is missing");
    }
    if (status == 0)
        *ret = *options;
    return status;
}

const char *rt_options_help(const struct rt_service *service, struct rt_arena *arena)
{
    struct rt_buf out = {0};
    rt_buf_printf(&out, "%s: a service of %s\n\n", service->name, service->schema);
    rt_arguments_help(arguments, N_ARGUMENTS, &out);
    if (service->n_settings > 0)
        rt_buf_puts(&out, "\nSettings:\n");
    for (size_t i = 0; i < service->n_settings; i++)
        rt_buf_printf(&out, "  %-24s  (%s)\n", service->settings[i].name,
                      service->settings[i].fallback ? service->settings[i].fallback : "");
    rt_buf_puts(&out, "\nExit status: 0 stopped as asked, 1 failed, 2 bad command line.\n");
    char *text = rt_arena_strndup(arena, (const char *)out.data, out.len);
    rt_buf_done(&out);
    return text;
}
