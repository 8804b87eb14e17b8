#include "codegen/text/c_names.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[] = {
#include "codegen/text/c_words.def"
};

static const char *const taken[] = {
#include "codegen/text/reserved.def"
};

enum { N_WORDS = sizeof words / sizeof *words, N_TAKEN = sizeof taken / sizeof *taken };

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *ts_c_words(size_t *ret_count)
{
    *ret_count = N_WORDS;
    return words;
}

bool ts_c_is_word(const char *name)
{
    return bsearch(&name, words, N_WORDS, sizeof *words, compare) != NULL;
}

bool ts_c_is_taken(const char *name)
{
    return bsearch(&name, taken, N_TAKEN, sizeof *taken, compare) != NULL;
}

const char *const *ts_c_taken(const char *prefix, size_t *ret_count)
{
    size_t len = strlen(prefix);
    size_t low = 0;
    size_t high = N_TAKEN;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(taken[middle], prefix) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (high < N_TAKEN && strncmp(taken[high], prefix, len) == 0)
        high++;
    *ret_count = high - low;
    return taken + low;
}

const char *ts_c_library(const char *name)
{
    static const struct {
        const char *prefix;
        const char *library;
    } libraries[] = {
        {"json", "jansson"},
        {"jwt", "libjwt"},
        {"leveldb", "LevelDB"},
        {"pb", "nanopb"},
        {"protobuf_c", "protobuf"},
        {"pthread", "the threads of POSIX"},
        {"pcre2", "PCRE2"},
        {"rt", "the runtime"},
        {"snappy", "snappy"},
        {"ts", "the compiler"},
        {"uv", "libuv"},
    };
    for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
        size_t len = strlen(libraries[i].prefix);
        if (strncmp(name, libraries[i].prefix, len) == 0 && (name[len] == '\0' || name[len] == '_'))
            return libraries[i].library;
    }
    return NULL;
}
