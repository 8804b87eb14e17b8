#include "codegen/text/foreign.h"

#include <string.h>

static const struct ts_foreign table[] = {
#define TS_FOREIGN(line, before, tokens, answer) {line, before, tokens, answer},
#include "codegen/text/foreign.def"
};

static const struct {
    const char *names;
    const char *answer;
} types[] = {
#define TS_FOREIGN_TYPE(names, answer) {names, answer},
#include "codegen/text/foreign.def"
};

static const struct {
    char character;
    const char *answer;
} characters[] = {
#define TS_FOREIGN_CHARACTER(character, answer) {character, answer},
#include "codegen/text/foreign.def"
};

const struct ts_foreign *ts_foreign_table(size_t *ret_count)
{
    *ret_count = sizeof table / sizeof *table;
    return table;
}

bool ts_foreign_is_one_of(struct rt_str word, const char *words)
{
    for (const char *at = words; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
        if (rt_str_eq(word, rt_str_n(at, strcspn(at, "|"))))
            return true;
    return false;
}

const char *ts_foreign_type(const char *name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (ts_foreign_is_one_of(rt_str(name), types[i].names))
            return types[i].answer;
    return NULL;
}

const char *ts_foreign_character(char character)
{
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
        if (characters[i].character == character)
            return characters[i].answer;
    return NULL;
}
