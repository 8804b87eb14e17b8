#include "runtime/wire/pattern.h"

#include <pthread.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"
#include "runtime/base/pattern.h"
#include "runtime/base/table.h"

struct compiled {
    const char *text; /* the key */
    struct rt_pattern *pattern;
    UT_hash_handle hh;
};

static struct compiled *cache;
static pthread_rwlock_t cache_lock = PTHREAD_RWLOCK_INITIALIZER;

static struct compiled *compile(const char *text)
{
    struct compiled *entry = rt_zalloc(sizeof *entry);
    struct rt_error error;
    entry->text = rt_strdup(text);
    /* How long texts may be was looked at where the pattern came from. */
    if (rt_pattern_new(text, 1, &entry->pattern, &error) != 0)
        rt_panic("pattern %s: %s", text, error.message);
    return entry;
}

static struct compiled *find(const char *text)
{
    struct compiled *entry = NULL;
    HASH_FIND_STR(cache, text, entry);
    return entry;
}

bool rt_pattern_matches(const char *pattern, struct rt_str text)
{
    pthread_rwlock_rdlock(&cache_lock);
    struct compiled *entry = find(pattern);
    pthread_rwlock_unlock(&cache_lock);
    if (!entry) {
        pthread_rwlock_wrlock(&cache_lock);
        entry = find(pattern);
        if (!entry) {
            entry = compile(pattern);
            HASH_ADD_KEYPTR(hh, cache, entry->text, strlen(entry->text), entry);
        }
        pthread_rwlock_unlock(&cache_lock);
    }
    return rt_pattern_match(entry->pattern, text);
}
