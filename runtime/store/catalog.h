/*
 * The catalog: which numbers this database gives to models and indexes, and what it is for. Read
 * at open from the meta space, where everything is text:
 *
 *   format                   "1"
 *   service                  its name
 *   next                     "<model number> <index number>", never given twice
 *   model/<Model>            "<number> <full name of the message> <id field's number>"
 *   schema/<Model>           what its records are (describe.h); older: fields/<Model>
 *   index/<Model>/<index>    "<number> ready <definition>" or "<number> building <definition>"
 *   building/<number>        the id of the last record that is in
 *   drop/<space><number>     an index whose entries are still to be deleted
 *   outbox                   the smallest sequence that may still be there, after a trim
 *
 * An index that is new, or whose definition changed, gets a new number and is built from the
 * records at open, in steps, so that an interrupted build goes on where it was. Records that
 * have to be written to fit the program are written before that (migrate.h).
 *
 * Threads: open on one; constant afterwards.
 */
#ifndef RT_STORE_CATALOG_H
#define RT_STORE_CATALOG_H

#include "runtime/base/table.h"
#include "runtime/store/db.h"
#include "runtime/store/index.h"

struct rt_store_options;

struct rt_model_info {
    const struct rt_model *model;
    uint16_t number;
    struct rt_index_info *indexes; /* in the model's order, then the one of its expiry */
    size_t n_indexes;
    const struct rt_index_info *expiry; /* or NULL */
    UT_hash_handle hh;                  /* by `model` */
};

struct rt_catalog {
    struct rt_arena *arena;
    struct rt_model_info *models;
    size_t n_models;
    struct rt_model_info *by_model; /* hash */
    struct rt_due_floor **floors;   /* by the index's number; NULL: it has none */
    size_t n_floors;
};

/* RT_ECONFLICT: the database is another service's, or a model changed so that its records would be
 * misread (evolve.h), or records of a model that the program does not have.
 * RT_EEXIST: records that a new unique index cannot hold. The models and `arena` must outlive the
 * catalog. */
int rt_catalog_open(struct rt_catalog *catalog, struct rt_arena *arena, struct rt_db *db,
                    const struct rt_store_options *options, struct rt_error *error);
void rt_catalog_done(struct rt_catalog *catalog);

/* Panics for a model that the store was not opened with. */
const struct rt_model_info *rt_catalog_model(const struct rt_catalog *catalog,
                                             const struct rt_model *model);
/* NULL means the model's expiry. */
const struct rt_index_info *rt_model_index(const struct rt_model_info *info,
                                           const struct rt_index *index);

/* build.c: deletes the entries of dropped indexes; adds what is missing to `index`. */
int rt_catalog_drop(struct rt_db *db, struct rt_error *error);
int rt_catalog_build(const struct rt_model_info *model, const struct rt_index_info *index,
                     struct rt_db *db, const char *ready, struct rt_error *error);

#endif
