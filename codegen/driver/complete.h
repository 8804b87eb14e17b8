/*
 * Scripts that make shells complete the command line of tessera. All of them come from one table
 * of commands and options.
 * Threads: no shared state.
 */
#ifndef TS_COMPLETE_H
#define TS_COMPLETE_H

#include <stdbool.h>
#include <stdio.h>

/* The supported shells, separated by blanks. */
#define TS_SHELLS "bash zsh fish"

/* Prints the script for a shell; false when there is none. */
bool ts_complete(const char *shell, FILE *out);

#endif
