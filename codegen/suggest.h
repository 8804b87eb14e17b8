/*
 * "Did you mean": the nearest of some names by edit distance (insert, delete, replace, swap two
 * neighbours, each 1; another case costs nothing but loses a tie), within a third of the length.
 */
#ifndef TS_SUGGEST_H
#define TS_SUGGEST_H

#include "codegen/diag.h"

enum { TS_SUGGEST_NAME_MAX = 64 /* longer names get no suggestion */ };

struct ts_suggest {
    const char *wanted;
    const char *best; /* NULL: nothing near enough */
    unsigned distance;
};

struct ts_suggest ts_suggest_init(const char *wanted);
/* Considers one candidate, borrowed for the life of the struct. */
void ts_suggest_try(struct ts_suggest *suggest, const char *candidate);
/* Adds the help line when something was near. */
void ts_suggest_help(const struct ts_suggest *suggest, struct ts_diag *diag);

#endif
