/*
 * The command line of a daemon as a table: what each option is called, what it sets, between which
 * bounds, and what --help says of it. GNU style: `--name VALUE`, `--name=VALUE`, `--` ends them.
 *
 * Threads: one at a time (getopt_long has state). Ownership: values are borrowed from argv.
 */
#ifndef RT_BASE_ARGUMENTS_H
#define RT_BASE_ARGUMENTS_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"

struct rt_argument {
    const char *name;  /* without the dashes */
    const char *value; /* what --help calls its value, such as "BYTES"; NULL: it has none */
    /* Sets the member of `target` at `offset`. RT_EINVAL names the option and what it takes. */
    int (*set)(const struct rt_argument *argument, const char *value, void *target,
               struct rt_error *error);
    size_t offset;
    uint64_t min, max; /* inclusive, of numbers */
    const char *help;  /* lines, separated by "\n", without the last one's */
};

/* Setters, by the type of the member. */
int rt_argument_text(const struct rt_argument *argument, const char *value, void *target,
                     struct rt_error *error); /* const char * */
int rt_argument_flag(const struct rt_argument *argument, const char *value, void *target,
                     struct rt_error *error); /* bool */
int rt_argument_u32(const struct rt_argument *argument, const char *value, void *target,
                    struct rt_error *error); /* uint32_t */
int rt_argument_u64(const struct rt_argument *argument, const char *value, void *target,
                    struct rt_error *error); /* uint64_t, and size_t */
/* For setters of one's own: "--name wants VALUE, not ...". Returns RT_EINVAL. */
int rt_argument_refuse(const struct rt_argument *argument, const char *value,
                       struct rt_error *error);

/* HOST:PORT, with [HOST]:PORT for IPv6; `*ret_host` is borrowed from `text` (of `*ret_host_len`
 * bytes, without brackets). False: no such address. */
bool rt_address_split(const char *text, const char **ret_host, size_t *ret_host_len, int *ret_port);

/* Reads the whole command line, of which nothing may be left over: a daemon takes no operands.
 * RT_EINVAL says what is wrong; `target` may be changed then. */
int rt_arguments_read(const struct rt_argument *arguments, size_t n_arguments, int argc,
                      char *const *argv, void *target, struct rt_error *error);
/* Appends a line or more for each option. */
void rt_arguments_help(const struct rt_argument *arguments, size_t n_arguments, struct rt_buf *out);

#endif
