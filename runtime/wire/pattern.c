#include "runtime/wire/pattern.h"

#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"
#include "runtime/base/str.h"
#include "runtime/base/table.h"

struct compiled {
    const char *pattern; /* the key */
    regex_t regex;
    UT_hash_handle hh;
};

static struct compiled *cache;
static pthread_rwlock_t cache_lock = PTHREAD_RWLOCK_INITIALIZER;

static struct compiled *compile(const char *pattern)
{
    struct compiled *entry = rt_zalloc(sizeof *entry);
    char *anchored = NULL;
    if (asprintf(&anchored, "^(%s)$", pattern) < 0)
        rt_panic("out of memory: a pattern");
    entry->pattern = rt_strdup(pattern);
    int status = regcomp(&entry->regex, anchored, REG_EXTENDED | REG_NOSUB);
    if (status != 0)
        rt_panic("pattern %s does not compile: %d", pattern, status);
    free(anchored);
    return entry;
}

static struct compiled *find(const char *pattern)
{
    struct compiled *entry = NULL;
    HASH_FIND_STR(cache, pattern, entry);
    return entry;
}

bool rt_pattern_matches(const char *pattern, const char *text)
{
    pthread_rwlock_rdlock(&cache_lock);
    struct compiled *entry = find(pattern);
    pthread_rwlock_unlock(&cache_lock);
    if (!entry) {
        pthread_rwlock_wrlock(&cache_lock);
        entry = find(pattern);
        if (!entry) {
            entry = compile(pattern);
            HASH_ADD_KEYPTR(hh, cache, entry->pattern, strlen(entry->pattern), entry);
        }
        pthread_rwlock_unlock(&cache_lock);
    }
    return regexec(&entry->regex, text, 0, NULL, 0) == 0;
}
