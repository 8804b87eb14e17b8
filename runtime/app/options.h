/*
 * The command line of a service. `--help` prints it; every option has a line there.
 *
 * Exit statuses of a service: 0 stopped as asked, 1 failed (its last report says why), 2 bad
 * command line.
 */
#ifndef RT_APP_OPTIONS_H
#define RT_APP_OPTIONS_H

#include "runtime/app/service.h"

enum { RT_EXIT_OK = 0, RT_EXIT_FAILED = 1, RT_EXIT_USAGE = 2 };

struct rt_options {
    const char *host;         /* numeric */
    int port;                 /* 0: any */
    const char *data;         /* the directory of the database */
    const char *channel_host; /* NULL: no channel */
    int channel_port;
    const char *channel_token_file; /* or NULL */
    const char *channel_tls_ca;     /* NULL: no TLS */
    const char *channel_tls_cert;   /* or NULL */
    const char *channel_tls_key;
    const char *secret_file; /* or NULL */
    uint32_t trusted_hops;   /* proxies in front whose X-Forwarded-For is believed; 0: none */
    bool plain_http;         /* for development: cookies without TLS */
    bool help;
    bool version;
};

/* Fills `ret` and the service's settings (defaults, then --set). Strings are borrowed from `argv`
 * or live in `arena`. RT_EINVAL: `error` names the option; nothing may run then. */
int rt_options_parse(const struct rt_service *service, int argc, char *const *argv,
                     struct rt_arena *arena, struct rt_options *ret, struct rt_error *error);

/* "15min", "10s", "24h", "1500ms", "7d", or "1h30min"; units descend. False: not a duration. */
bool rt_duration_parse(struct rt_str text, int64_t *ret_ms);

/* The text of --help, in `arena`. */
const char *rt_options_help(const struct rt_service *service, struct rt_arena *arena);

#endif
