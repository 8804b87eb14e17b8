#include "tests/support/failing_db.h"

#include <string.h>

#include "runtime/store/db.h"

static const char *_Atomic bad_key;
static _Atomic bool bad_walks;
static _Atomic unsigned count;

void failing_db_key(const char *part)
{
    bad_key = part;
}

void failing_db_walks(bool fail)
{
    bad_walks = fail;
}

unsigned failing_db_count(void)
{
    return count;
}

static int fail(struct rt_error *error)
{
    count++;
    return rt_error_set(error, RT_ECORRUPT, "a damaged block");
}

/* The linker gives calls of rt_db_get, rt_db_iter_valid and rt_db_iter_error to these (--wrap). */
int __real_rt_db_get(struct rt_db *db, const struct rt_db_snapshot *snapshot, struct rt_bytes key,
                     struct rt_arena *arena, struct rt_bytes *ret, struct rt_error *error);
int __wrap_rt_db_get(struct rt_db *db, const struct rt_db_snapshot *snapshot, struct rt_bytes key,
                     struct rt_arena *arena, struct rt_bytes *ret, struct rt_error *error);
bool __real_rt_db_iter_valid(const struct rt_db_iter *iter);
bool __wrap_rt_db_iter_valid(const struct rt_db_iter *iter);
int __real_rt_db_iter_error(const struct rt_db_iter *iter, struct rt_error *error);
int __wrap_rt_db_iter_error(const struct rt_db_iter *iter, struct rt_error *error);

int __wrap_rt_db_get(struct rt_db *db, const struct rt_db_snapshot *snapshot, struct rt_bytes key,
                     struct rt_arena *arena, struct rt_bytes *ret, struct rt_error *error)
{
    const char *part = bad_key;
    if (part && memmem(key.data, key.len, part, strlen(part)))
        return fail(error);
    return __real_rt_db_get(db, snapshot, key, arena, ret, error);
}

bool __wrap_rt_db_iter_valid(const struct rt_db_iter *iter)
{
    return !bad_walks && __real_rt_db_iter_valid(iter);
}

int __wrap_rt_db_iter_error(const struct rt_db_iter *iter, struct rt_error *error)
{
    if (bad_walks)
        return fail(error);
    return __real_rt_db_iter_error(iter, error);
}
