/*
 * "Did you mean": the nearest of some names by edit distance (insert, delete, replace, swap two
 * neighbours, each 1; another case costs nothing but loses a tie), within a third of the length.
 */
#ifndef RT_BASE_SUGGEST_H
#define RT_BASE_SUGGEST_H

enum { RT_SUGGEST_NAME_MAX = 64 /* longer names get no suggestion */ };

struct rt_suggest {
    const char *wanted;
    const char *best; /* NULL: nothing near enough */
    unsigned distance;
};

struct rt_suggest rt_suggest_init(const char *wanted);
/* Considers one candidate, borrowed for the life of the struct. */
void rt_suggest_try(struct rt_suggest *suggest, const char *candidate);

#endif
