/*
 * What the command line can do, as data: the commands and options that `--help` lists, and the
 * nearest one after a typing mistake. The one list of commands is in cli.c.
 */
#ifndef RT_CHANNEL_CLI_HELP_H
#define RT_CHANNEL_CLI_HELP_H

#include <stdbool.h>
#include <stddef.h>

struct cli;

struct cli_command {
    const char *name; /* one word, or two */
    const char *args;
    const char *text;    /* what it does, without a full stop */
    const char *options; /* names of those that are for it alone, separated by spaces; or NULL */
    int (*run)(struct cli *cli, const struct cli_command *command, int argc, char **argv);
    int args_min, args_max;
};

/* The command that `argv` begins with, and how many words its name has; or NULL. */
const struct cli_command *cli_command_find(const struct cli_command *commands, size_t count,
                                           int argc, char *const *argv, int *ret_words);
/* Says on stderr that there is no such command, and which one was probably meant. */
void cli_command_unknown(const struct cli_command *commands, size_t count, int argc,
                         char *const *argv);
/* Whether an option makes a difference to this command. */
bool cli_option_fits(const struct cli_command *command, const char *option);
/* Says on stderr what is wrong with an option of getopt_long's. */
void cli_option_unknown(const char *option);

/* Help, on stdout: all of it, or one command's. */
void cli_help_all(const struct cli_command *commands, size_t count);
void cli_help_one(const struct cli_command *command);
/* On stderr, for wrong arguments. */
void cli_usage(const struct cli_command *command);

#endif
