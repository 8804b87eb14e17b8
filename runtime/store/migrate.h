/*
 * Stored records and a description that changed: whether they allow it, and what has to be written.
 *
 * Threads: at open only. Errors: RT_ECONFLICT names the first record that does not fit, its field
 * and the rule; RT_ECORRUPT, RT_EIO as in db.h.
 */
#ifndef RT_STORE_MIGRATE_H
#define RT_STORE_MIGRATE_H

#include "runtime/store/catalog.h"
#include "runtime/store/evolve.h"

/* Whether there is any record under a model's number. */
int rt_migrate_any(struct rt_db *db, uint16_t number, bool *ret_any, struct rt_error *error);

/* Reads every record, when the evolution asks for it, and writes nothing: records that are required
 * to have what they lack, break rules that changed, or would be alike in a unique index once they
 * are written (RT_EEXIST). A replica's records only have to be readable: they belong to another
 * service, and come again. */
int rt_migrate_check(struct rt_db *db, const struct rt_model_info *info,
                     const struct rt_evolution *evolution, struct rt_error *error);

/* Whether records have to be written: defaults, or text in another normal form. */
bool rt_migrate_writes(const struct rt_evolution *evolution);

/* Writes them, in steps that may be repeated after a crash. It does not maintain indexes: they
 * are rebuilt afterwards. */
int rt_migrate_write(struct rt_db *db, const struct rt_model_info *info,
                     const struct rt_evolution *evolution, struct rt_error *error);

#endif
