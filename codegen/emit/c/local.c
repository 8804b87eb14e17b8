/*
 * Names that C files give by themselves: of static tables and functions, and of parameters. What is
 * exported has the names that the schema gives it (see model/emitted.h); these give way.
 */
#include "codegen/emit/c/c.h"
#include "codegen/model/emitted.h"
#include "codegen/text/c_names.h"
#include "runtime/base/table.h"

/* -------------------------------------------------------- names of a source */

struct ts_local {
    const char *name;
    const void *owner;
    UT_hash_handle hh;
};

/* An exported name, of the whole system. */
struct ts_exported {
    const char *name;
    UT_hash_handle hh;
};

static void add_exported(void *context, const struct ts_emitted *emitted)
{
    struct ts_c *c = context;
    struct ts_exported *found;
    HASH_FIND_STR(c->exported, emitted->name, found);
    if (found || emitted->space != TS_NAME_ORDINARY)
        return;
    found = RT_ARENA_NEW(c->whole, struct ts_exported);
    found->name = rt_arena_strdup(c->whole, emitted->name);
    HASH_ADD_KEYPTR(hh, c->exported, found->name, strlen(found->name), found);
}

static void add_owner(void *context, const struct ts_owner *owner)
{
    struct ts_c *c = context;
    ts_each_name(owner, c->whole, add_exported, c);
}

static bool starts(const char *name, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(name, prefix, len) == 0 && name[len] == '_';
}

/* Whether any file may export the name: those names are only made once one starts like a service.
 */
static bool is_exported(struct ts_c *c, const char *name)
{
    bool possible = starts(name, c->model->name);
    for (size_t i = 0; i < c->model->n_services && !possible; i++)
        possible = starts(name, c->model->services[i]->name);
    if (!possible)
        return false;
    if (!c->exported)
        ts_each_owner(c->model, c->whole, add_owner, c);
    struct ts_exported *found;
    HASH_FIND_STR(c->exported, name, found);
    return found != NULL;
}

void ts_c_locals_begin(struct ts_c *c)
{
    HASH_CLEAR(hh, c->locals);
}

void ts_c_locals_done(struct ts_c *c)
{
    HASH_CLEAR(hh, c->locals);
    HASH_CLEAR(hh, c->exported);
}

const char *ts_c_local(struct ts_c *c, const void *owner, const char *preferred)
{
    const char *name = preferred;
    struct ts_local *local;
    for (unsigned i = 2;; i++) {
        HASH_FIND_STR(c->locals, name, local);
        if (local && local->owner == owner)
            return local->name;
        if (!local && !ts_c_is_taken(name) && !is_exported(c, name))
            break;
        name = rt_arena_printf(c->arena, "%s_%u", preferred, i);
    }
    local = RT_ARENA_NEW(c->arena, struct ts_local);
    local->name = name;
    local->owner = owner;
    HASH_ADD_KEYPTR(hh, c->locals, local->name, strlen(local->name), local);
    return name;
}

bool ts_c_local_is_new(struct ts_c *c, const void *owner, const char *preferred,
                       const char **ret_name)
{
    size_t count = HASH_COUNT(c->locals);
    *ret_name = ts_c_local(c, owner, preferred);
    return HASH_COUNT(c->locals) > count;
}

/* --------------------------------------------------------------- parameters */

static bool is_free(const char *name, const char *const *taken, size_t count)
{
    if (ts_c_is_word(name) || strncmp(name, "rt_", 3) == 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, taken[i]) == 0)
            return false;
    return true;
}

const char *ts_c_parameter(struct ts_c *c, const char *name, const char *const *taken, size_t count)
{
    /* Nothing behind the runtime's prefix is free. */
    while (strncmp(name, "rt_", 3) == 0)
        name += 3;
    const char *chosen = name;
    for (unsigned i = 1; !is_free(chosen, taken, count); i++)
        chosen = i == 1 ? rt_arena_printf(c->arena, "%s_value", name)
                        : rt_arena_printf(c->arena, "%s_value_%u", name, i);
    return chosen;
}

const char *ts_c_noun(struct ts_c *c, const struct ts_message *message, const char *const *taken,
                      size_t count)
{
    const char *last = strrchr(message->c_name, '_');
    return ts_c_parameter(c, last ? last + 1 : message->c_name, taken, count);
}
