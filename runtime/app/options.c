#include "runtime/app/options.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>

enum { HOPS_MAX = 16 };

enum option_code {
    OPT_LISTEN = 256,
    OPT_DATA,
    OPT_CHANNEL,
    OPT_CHANNEL_TOKEN_FILE,
    OPT_CHANNEL_TLS_CA,
    OPT_CHANNEL_TLS_CERT,
    OPT_CHANNEL_TLS_KEY,
    OPT_SECRET_FILE,
    OPT_SET,
    OPT_TRUST_PROXY,
    OPT_TRUSTED_HOPS,
    OPT_PLAIN_HTTP,
    OPT_HELP,
    OPT_VERSION
};

static const struct option long_options[] = {
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"data", required_argument, NULL, OPT_DATA},
    {"channel", required_argument, NULL, OPT_CHANNEL},
    {"channel-token-file", required_argument, NULL, OPT_CHANNEL_TOKEN_FILE},
    {"channel-tls-ca", required_argument, NULL, OPT_CHANNEL_TLS_CA},
    {"channel-tls-cert", required_argument, NULL, OPT_CHANNEL_TLS_CERT},
    {"channel-tls-key", required_argument, NULL, OPT_CHANNEL_TLS_KEY},
    {"secret-file", required_argument, NULL, OPT_SECRET_FILE},
    {"set", required_argument, NULL, OPT_SET},
    {"trust-proxy", no_argument, NULL, OPT_TRUST_PROXY},
    {"trusted-hops", required_argument, NULL, OPT_TRUSTED_HOPS},
    {"plain-http", no_argument, NULL, OPT_PLAIN_HTTP},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

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

/* HOST:PORT, with [HOST]:PORT for IPv6. */
static int address(const char *option, const char *text, struct rt_arena *arena,
                   const char **ret_host, int *ret_port, struct rt_error *error)
{
    const char *colon = strrchr(text, ':');
    uint64_t port;
    if (!colon || colon == text || !rt_str_to_u64(rt_str(colon + 1), &port) || port > 65535)
        return rt_error_set(error, RT_EINVAL, "%s wants HOST:PORT, not \"%s\"", option, text);
    struct rt_str host = rt_str_n(text, (size_t)(colon - text));
    if (host.len > 2 && host.data[0] == '[' && host.data[host.len - 1] == ']')
        host = rt_str_n(host.data + 1, host.len - 2);
    *ret_host = rt_arena_strndup(arena, host.data, host.len);
    *ret_port = (int)port;
    return 0;
}

static int hops(const char *text, unsigned *ret, struct rt_error *error)
{
    uint64_t number;
    if (!rt_str_to_u64(rt_str(text), &number) || number > HOPS_MAX)
        return rt_error_set(error, RT_EINVAL, "--trusted-hops wants 0 to %d, not \"%s\"", HOPS_MAX,
                            text);
    *ret = (unsigned)number;
    return 0;
}

static int take(const struct rt_service *service, int code, const char *value,
                struct rt_arena *arena, struct rt_options *options, struct rt_error *error)
{
    switch (code) {
    case OPT_LISTEN:
        return address("--listen", value, arena, &options->host, &options->port, error);
    case OPT_CHANNEL:
        return address("--channel", value, arena, &options->channel_host, &options->channel_port,
                       error);
    case OPT_DATA:
        options->data = value;
        return 0;
    case OPT_CHANNEL_TOKEN_FILE:
        options->channel_token_file = value;
        return 0;
    case OPT_CHANNEL_TLS_CA:
        options->channel_tls_ca = value;
        return 0;
    case OPT_CHANNEL_TLS_CERT:
        options->channel_tls_cert = value;
        return 0;
    case OPT_CHANNEL_TLS_KEY:
        options->channel_tls_key = value;
        return 0;
    case OPT_SECRET_FILE:
        options->secret_file = value;
        return 0;
    case OPT_SET:
        return set(service, value, arena, error);
    case OPT_TRUST_PROXY:
        options->trusted_hops = 1;
        return 0;
    case OPT_TRUSTED_HOPS:
        return hops(value, &options->trusted_hops, error);
    case OPT_PLAIN_HTTP:
        options->plain_http = true;
        return 0;
    case OPT_HELP:
        options->help = true;
        return 0;
    default:
        options->version = true;
        return 0;
    }
}

int rt_options_parse(const struct rt_service *service, int argc, char *const *argv,
                     struct rt_arena *arena, struct rt_options *ret, struct rt_error *error)
{
    struct rt_options options = {.host = "127.0.0.1"};
    int err = set_defaults(service, arena, error);
    optind = 0; /* glibc: start anew */
    opterr = 0;
    while (err == 0) {
        int at = optind > 0 ? optind : 1;
        int code = getopt_long(argc, argv, ":", long_options, NULL);
        if (code < 0)
            break;
        if (code == ':')
            err = rt_error_set(error, RT_EINVAL, "%s wants a value", argv[at]);
        else if (code == '?')
            err = rt_error_set(error, RT_EINVAL, "unknown option %s", argv[at]);
        else
            err = take(service, code, optarg, arena, &options, error);
    }
    if (err == 0 && optind < argc)
        err = rt_error_set(error, RT_EINVAL, "unexpected argument \"%s\"", argv[optind]);
    if (err == 0 && !options.help && !options.version) {
        if (!options.data)
            err = rt_error_set(error, RT_EINVAL, "--data DIR is missing");
        else if (service->session_issuer && !options.secret_file)
            err = rt_error_set(error, RT_EINVAL, "--secret-file FILE is missing");
    }
    if (err == 0)
        *ret = options;
    return err;
}

const char *rt_options_help(const struct rt_service *service, struct rt_arena *arena)
{
    struct rt_buf out = {0};
    rt_buf_printf(
        &out,
        "%s: a service of %s\n\n"
        "  --listen HOST:PORT        where to serve HTTP (127.0.0.1:0, any free port)\n"
        "  --data DIR                the service's database, made when missing\n"
        "  --channel HOST:PORT       the event channel; without it no event moves\n"
        "  --channel-token-file F    how to sign on there\n"
        "  --channel-tls-ca F        speak TLS there, trusting these authorities\n"
        "  --channel-tls-cert F      our certificate, where the channel demands one\n"
        "  --channel-tls-key F       its key, readable by its owner only\n"
        "  --secret-file F           the key of session tokens, readable by its owner "
        "only\n"
        "  --trust-proxy             take clients' addresses from X-Forwarded-For, as one\n"
        "                            proxy on this machine fills it in\n"
        "  --trusted-hops N          the same with N proxies in a row\n"
        "  --plain-http              cookies that need no TLS, for development only\n"
        "  --set NAME=VALUE          a setting, may be repeated\n"
        "  --help, --version\n",
        service->name, service->schema);
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
