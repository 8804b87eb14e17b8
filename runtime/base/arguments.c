#include "runtime/base/arguments.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"

enum { HELP_COLUMN = 28, FIRST_CODE = 256 };

static void *member(const struct rt_argument *argument, void *target)
{
    return (char *)target + argument->offset;
}

int rt_argument_refuse(const struct rt_argument *argument, const char *value,
                       struct rt_error *error)
{
    return rt_error_set(error, RT_EINVAL, "--%s wants %s, not \"%s\"", argument->name,
                        argument->value, value);
}

int rt_argument_text(const struct rt_argument *argument, const char *value, void *target,
                     struct rt_error *error)
{
    (void)error;
    *(const char **)member(argument, target) = value;
    return 0;
}

int rt_argument_flag(const struct rt_argument *argument, const char *value, void *target,
                     struct rt_error *error)
{
    (void)value;
    (void)error;
    *(bool *)member(argument, target) = true;
    return 0;
}

int rt_argument_u64(const struct rt_argument *argument, const char *value, void *target,
                    struct rt_error *error)
{
    uint64_t number;
    if (!rt_str_to_u64(rt_str(value), &number) || number < argument->min || number > argument->max)
        return rt_error_set(error, RT_EINVAL,
                            "--%s wants a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
                            argument->name, argument->min, argument->max, value);
    memcpy(member(argument, target), &number, sizeof number);
    return 0;
}

int rt_argument_u32(const struct rt_argument *argument, const char *value, void *target,
                    struct rt_error *error)
{
    RT_ASSERT(argument->max <= UINT32_MAX);
    uint64_t number = 0;
    struct rt_argument alone = *argument;
    alone.offset = 0;
    int status = rt_argument_u64(&alone, value, &number, error);
    if (status == 0)
        *(uint32_t *)member(argument, target) = (uint32_t)number;
    return status;
}

bool rt_address_split(const char *text, const char **ret_host, size_t *ret_host_len, int *ret_port)
{
    const char *colon = strrchr(text, ':');
    uint64_t port;
    if (!colon || colon == text || !rt_str_to_u64(rt_str(colon + 1), &port) || port > UINT16_MAX)
        return false;
    size_t len = (size_t)(colon - text);
    bool bracketed = len > 2 && text[0] == '[' && text[len - 1] == ']';
    *ret_host = text + bracketed;
    *ret_host_len = len - 2 * (size_t)bracketed;
    *ret_port = (int)port;
    return true;
}

static int read_with(const struct option *longs, const struct rt_argument *arguments, int argc,
                     char *const *argv, void *target, struct rt_error *error)
{
    int status = 0;
    optind = 0; /* glibc: start anew */
    opterr = 0;
    while (status == 0) {
        int at = optind > 0 ? optind : 1;
        int code = getopt_long(argc, argv, ":", longs, NULL);
        if (code < 0)
            break;
        const struct rt_argument *argument = &arguments[code - FIRST_CODE];
        if (code == ':')
            status = rt_error_set(error, RT_EINVAL, "%s wants a value", argv[at]);
        else if (code == '?')
            status = rt_error_set(error, RT_EINVAL, "unknown option %s", argv[at]);
        else
            status = argument->set(argument, optarg, target, error);
    }
    if (status == 0 && optind < argc)
        status = rt_error_set(error, RT_EINVAL, "unexpected argument \"%s\"", argv[optind]);
    return status;
}

int rt_arguments_read(const struct rt_argument *arguments, size_t n_arguments, int argc,
                      char *const *argv, void *target, struct rt_error *error)
{
    struct option *longs = rt_array(n_arguments + 1, sizeof *longs);
    for (size_t i = 0; i < n_arguments; i++)
        longs[i] = (struct option){.name = arguments[i].name,
                                   .has_arg = arguments[i].value ? required_argument : no_argument,
                                   .val = FIRST_CODE + (int)i};
    int status = read_with(longs, arguments, argc, argv, target, error);
    free(longs);
    return status;
}

void rt_arguments_help(const struct rt_argument *arguments, size_t n_arguments, struct rt_buf *out)
{
    for (size_t i = 0; i < n_arguments; i++) {
        size_t start = out->len;
        rt_buf_printf(out, "  --%s%s%s", arguments[i].name, arguments[i].value ? " " : "",
                      arguments[i].value ? arguments[i].value : "");
        for (const char *line = arguments[i].help; line;) {
            size_t len = strcspn(line, "\n");
            do
                rt_buf_byte(out, ' ');
            while (out->len - start < HELP_COLUMN);
            rt_buf_append(out, line, len);
            rt_buf_byte(out, '\n');
            start = out->len;
            line = line[len] ? line + len + 1 : NULL;
        }
    }
}
