/*
 * What the files of the command line share: cli.c (options and the list of commands), pub.c,
 * sub.c, request.c, below them schema.c (payloads as JSON), below that talk.c. conn.h is the
 * connection, help.h what `--help` prints.
 *
 * A command returns 0, or a negative rt_err with `cli->error` set.
 */
#ifndef RT_CHANNEL_CLI_H
#define RT_CHANNEL_CLI_H

#include <signal.h>

#include "runtime/base/arena.h"
#include "runtime/channel/cli/conn.h"
#include "runtime/channel/cli/help.h"

struct rt_schema;

enum { CLI_OPTIONS_MAX = 32 };

struct cli {
    struct cli_conn_options server;
    const char *key; /* or NULL */
    const char *id, *start;
    int64_t at_ms;
    uint64_t count;
    uint64_t ack_wait_ms, max_deliver, expire_s; /* 0: not named */
    bool never_expires;
    uint32_t backoff_ms[RT_BACKOFF_MAX];
    size_t backoff_count;
    bool force, raw, json;
    const char *schema_file;
    struct rt_schema *schema; /* or NULL; see cli_open_schema */
    struct cli_conn conn;
    uint64_t next;      /* of the last answer: where its next page begins; 0: it was all */
    uint32_t count_got; /* of the last answer: dead letters in it */
    struct rt_error error;
    bool given[CLI_OPTIONS_MAX]; /* of the options, which were there */
    bool help;
    bool pipe_closed; /* nobody reads the output: not a failure */
};

/* Set by SIGINT and SIGTERM. */
extern volatile sig_atomic_t cli_interrupted;

/* talk.c */
int cli_open(struct cli *cli);
/* Asks on the open connection and sets cli->next; the answer is borrowed until the next frame. The
 * broker's refusal is RT_ENOTFOUND with its reason. */
int cli_ask(struct cli *cli, const channel_Request *message, struct rt_bytes *ret);
/* Prints all of it now. A reader that closes the pipe has seen enough. */
int cli_print(struct cli *cli, struct rt_bytes text);

/* schema.c */
/* Behind cli_open: takes the schema from --schema, or asks the broker for its own; NULL when it has
 * none, or with --raw. */
int cli_open_schema(struct cli *cli);
/* Appends ,"payload":{...} as the schema has it, or in base64 with a note why not; without a schema
 * a text as ,"text":"...". */
void cli_payload_put(const struct cli *cli, struct rt_str subject, struct rt_bytes payload,
                     struct rt_buf *out);
/* JSON to the bytes that the schema wants under this subject, checked, and the event's key. Both
 * are in the arena. The error begins with the JSON pointer of what does not fit. */
int cli_payload_parse(struct cli *cli, const char *subject, struct rt_bytes json,
                      struct rt_arena *arena, struct rt_bytes *ret, struct rt_str *ret_key);

/* pub.c */
int cli_pub(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_bench(struct cli *cli, const struct cli_command *command, int argc, char **argv);

/* sub.c */
int cli_sub(struct cli *cli, const struct cli_command *command, int argc, char **argv);
/* sub create, sub edit */
int cli_rules(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_tail(struct cli *cli, const struct cli_command *command, int argc, char **argv);

/* request.c */
int cli_request(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_schema(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_dead_show(struct cli *cli, const struct cli_command *command, int argc, char **argv);
int cli_purge(struct cli *cli, const struct cli_command *command, int argc, char **argv);

#endif
