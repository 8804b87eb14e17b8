/*
 * What users of other languages write, and what says the same here: a table of answers,
 * foreign.def. Threads: any, the table is constant.
 */
#ifndef TS_FOREIGN_H
#define TS_FOREIGN_H

#include "runtime/base/str.h"

struct ts_foreign {
    const char *line;   /* the words that a line may start with, separated by `|`; NULL: any */
    const char *before; /* the token before the mistake, likewise, or NAME; NULL: any */
    const char *tokens; /* from the mistake on, separated by blanks */
    const char *answer;
};

const struct ts_foreign *ts_foreign_table(size_t *ret_count);
/* What to write for a type that is not there, or for a character that nothing starts with; NULL
 * when nothing is known. */
const char *ts_foreign_type(const char *name);
const char *ts_foreign_character(char character);
/* Whether `word` is one of `words`, which are separated by `|`. */
bool ts_foreign_is_one_of(struct rt_str word, const char *words);

#endif
