/*
 * Scripts that make shells complete the command line of tessera. One table of commands and options
 * is behind all of them.
 * Threads: no shared state.
 */
#ifndef TS_COMPLETE_H
#define TS_COMPLETE_H

#include <stdbool.h>
#include <stdio.h>

/* The shells there are, parted by blanks. */
#define TS_SHELLS "bash zsh fish"

/* Prints the script for a shell; false when there is none. */
bool ts_complete(const char *shell, FILE *out);

#endif
