#include "codegen/model/names.h"

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* True when a word starts at name[i] although no underscore precedes it. */
static bool word_starts(const char *name, size_t i)
{
    if (i == 0 || !is_upper(name[i]) || name[i - 1] == '_')
        return false;
    return !is_upper(name[i - 1]) || is_lower(name[i + 1]);
}

static char *with_underscores(struct rt_arena *arena, const char *name, char (*convert)(char))
{
    size_t len = strlen(name);
    char *out = rt_arena_alloc(arena, 2 * len + 1);
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (word_starts(name, i))
            out[at++] = '_';
        out[at++] = convert(name[i]);
    }
    out[at] = '\0';
    return out;
}

static char *with_capitals(struct rt_arena *arena, const char *name, bool capital_first)
{
    size_t len = strlen(name);
    char *out = rt_arena_alloc(arena, len + 1);
    size_t at = 0;
    bool capital = capital_first;
    for (size_t i = 0; i < len; i++) {
        if (name[i] == '_') {
            capital = at > 0 || capital_first;
            continue;
        }
        if (word_starts(name, i))
            capital = true;
        out[at++] = capital ? to_upper(name[i]) : to_lower(name[i]);
        capital = false;
    }
    out[at] = '\0';
    return out;
}

char *ts_name_snake(struct rt_arena *arena, const char *name)
{
    return with_underscores(arena, name, to_lower);
}

char *ts_name_upper(struct rt_arena *arena, const char *name)
{
    return with_underscores(arena, name, to_upper);
}

char *ts_name_camel(struct rt_arena *arena, const char *name)
{
    return with_capitals(arena, name, false);
}

char *ts_name_pascal(struct rt_arena *arena, const char *name)
{
    return with_capitals(arena, name, true);
}
