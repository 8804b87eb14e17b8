#include "runtime/channel/cli/help.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/suggest.h"

enum { COMMAND_COLUMN = 28, OPTION_COLUMN = 26, TEXT_WIDTH = 70, NAME_MAX_BYTES = 64 };

static const struct option_text {
    const char *name;
    const char *value; /* or NULL */
    const char *text;
    bool special; /* not for every command */
} options[] = {
    {"server", "ADDRESS:PORT", "where channeld listens (127.0.0.1:4150)", false},
    {"name", "NAME", "this client's name (channel-cli)", false},
    {"token-file", "FILE", "its token", false},
    {"tls-ca", "FILE", "speak TLS with a server whose certificate these authorities signed", false},
    {"tls-cert", "FILE", "this client's certificate, where the server demands one", false},
    {"tls-key", "FILE", "its key, readable by its owner only", false},
    {"key", "KEY", "the event's key", true},
    {"id", "ID", "a message id, to drop repetitions", true},
    {"at", "TIME", "deliver at this time, such as 2026-01-31T12:00:00Z", true},
    {"force", NULL, "though a subscription has not settled them", true},
    {"json", NULL, "what is published is JSON, to be turned into the schema's bytes", true},
    {"schema", "FILE", "a schema.binpb, instead of the broker's own", true},
    {"raw", NULL, "show payloads as text or in base64, whatever the schema says", true},
    {"start", "WHERE", "all, new, last, a sequence or a time, for a new subscription", true},
    {"ack-wait", "MS", "after this time without an answer an event comes again (30000)", true},
    {"max-deliver", "N", "deliveries before an event is a dead letter (20)", true},
    {"backoff", "MS[,MS...]", "what the first, second... nack without a delay waits", true},
    {"expire", "SECONDS", "drop it after so long without a member (0: never)", true},
    {"count", "N", "stop after N events; of dead letters at most N (10000)", true},
    {"help", NULL, "this text; with a command, that command's", false},
};
enum { OPTIONS = sizeof options / sizeof *options };

/* ------------------------------------------------------------------ finding */

/* `words` of argv as one name; false when it is too long to be one. */
static bool name_of(int words, char *const *argv, char out[NAME_MAX_BYTES])
{
    int len = snprintf(out, NAME_MAX_BYTES, words > 1 ? "%s %s" : "%s", argv[0],
                       words > 1 ? argv[1] : "");
    return len < NAME_MAX_BYTES;
}

const struct cli_command *cli_command_find(const struct cli_command *commands, size_t count,
                                           int argc, char *const *argv, int *ret_words)
{
    char name[NAME_MAX_BYTES];
    for (int words = argc < 2 ? argc : 2; words > 0; words--) { /* "sub rm" before "sub" */
        for (size_t i = 0; i < count; i++) {
            if (name_of(words, argv, name) && strcmp(name, commands[i].name) == 0) {
                *ret_words = words;
                return &commands[i];
            }
        }
    }
    return NULL;
}

void cli_command_unknown(const struct cli_command *commands, size_t count, int argc,
                         char *const *argv)
{
    /* "dead" and "dead something" are looked for among the names of two words. */
    char name[NAME_MAX_BYTES];
    int words = argc > 1 && strcmp(argv[0], "dead") == 0 ? 2 : 1;
    bool known = name_of(words, argv, name);
    struct rt_suggest suggest = rt_suggest_init(known ? name : "");
    for (size_t i = 0; known && i < count; i++)
        rt_suggest_try(&suggest, commands[i].name);
    if (strcmp(argv[0], "dead") == 0 && !suggest.best)
        fprintf(stderr, "channel: 'dead' takes ls, show, replay or drop\n");
    else if (suggest.best)
        fprintf(stderr, "channel: no command '%s': did you mean '%s'?\n", name, suggest.best);
    else
        fprintf(stderr, "channel: no command '%.*s'\n", NAME_MAX_BYTES, argv[0]);
    fputs("Try 'channel --help'.\n", stderr);
}

void cli_option_unknown(const char *option)
{
    char name[NAME_MAX_BYTES];
    const char *bare = option + strspn(option, "-");
    snprintf(name, sizeof name, "%.*s", (int)strcspn(bare, "="), bare);
    struct rt_suggest suggest = rt_suggest_init(name);
    const struct option_text *known = NULL;
    for (size_t i = 0; i < OPTIONS; i++) {
        rt_suggest_try(&suggest, options[i].name);
        if (strcmp(name, options[i].name) == 0)
            known = &options[i];
    }
    if (known)
        fprintf(stderr, "channel: --%s %s\n", name, known->value ? "wants a value" : "takes none");
    else if (suggest.best)
        fprintf(stderr, "channel: no option '%s': did you mean '--%s'?\n", option, suggest.best);
    else
        fprintf(stderr, "channel: no option '%s'\n", option);
    fputs("Try 'channel --help'.\n", stderr);
}

/* Whether the command is one that takes a special option. */
static bool takes(const struct cli_command *command, const char *option)
{
    size_t len = strlen(option);
    for (const char *at = command->options; at && *at; at += strspn(at, " ")) {
        size_t word = strcspn(at, " ");
        if (word == len && strncmp(at, option, len) == 0)
            return true;
        at += word;
    }
    return false;
}

bool cli_option_fits(const struct cli_command *command, const char *option)
{
    for (size_t i = 0; i < OPTIONS; i++)
        if (strcmp(options[i].name, option) == 0)
            return !options[i].special || takes(command, option);
    return false;
}

/* ----------------------------------------------------------------- printing */

/* "  left      text", the text in lines of TEXT_WIDTH at `column`. */
static void print_row(const char *left, int column, const char *text)
{
    int len = printf("  %s", left);
    if (len >= column) {
        putchar('\n');
        len = 0;
    }
    while (*text) {
        size_t rest = strlen(text), take = rest;
        if (take > TEXT_WIDTH) {
            for (take = TEXT_WIDTH; take > 0 && text[take] != ' '; take--)
                ;
        }
        printf("%*s%.*s\n", column - len, "", (int)take, text);
        len = 0;
        text += take + (text[take] == ' ');
    }
}

static void print_command(const struct cli_command *command)
{
    char left[2 * NAME_MAX_BYTES];
    snprintf(left, sizeof left, "%s%s%s", command->name, *command->args ? " " : "", command->args);
    print_row(left, COMMAND_COLUMN, command->text);
}

static void print_option(const struct option_text *option)
{
    char left[NAME_MAX_BYTES];
    snprintf(left, sizeof left, "--%s%s%s", option->name, option->value ? " " : "",
             option->value ? option->value : "");
    print_row(left, OPTION_COLUMN, option->text);
}

void cli_help_all(const struct cli_command *commands, size_t count)
{
    fputs("usage: channel [option...] COMMAND [argument...]\n\n", stdout);
    for (size_t i = 0; i < count; i++)
        print_command(&commands[i]);
    putchar('\n');
    for (size_t i = 0; i < OPTIONS; i++)
        print_option(&options[i]);
    fputs("\nOptions may stand anywhere; -- ends them. Exit status: 0 done, 1 it failed, 2 bad "
          "usage.\n",
          stdout);
}

void cli_help_one(const struct cli_command *command)
{
    printf("usage: channel [option...] %s%s%s\n\n  %s.\n\n", command->name,
           *command->args ? " " : "", command->args, command->text);
    for (int special = 1; special >= 0; special--) {
        for (size_t i = 0; i < OPTIONS; i++) {
            if (options[i].special == special && cli_option_fits(command, options[i].name))
                print_option(&options[i]);
        }
    }
}

void cli_usage(const struct cli_command *command)
{
    fprintf(stderr, "channel: wrong number of arguments\nusage: channel %s%s%s\n", command->name,
            *command->args ? " " : "", command->args);
}
