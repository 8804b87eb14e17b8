/*
 * The facts that a database keeps of itself, as text under names: the meta space. catalog.h lists
 * them.
 *
 * Threads: any. Errors: as in db.h.
 */
#ifndef RT_STORE_META_H
#define RT_STORE_META_H

#include "runtime/store/db.h"

/* One fact in memory of `arena`; NULL when there is none. */
int rt_meta_get(struct rt_db *db, const char *name, struct rt_arena *arena, char **ret,
                struct rt_error *error);

#endif
