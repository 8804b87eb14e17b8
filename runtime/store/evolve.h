/*
 * Whether records that were stored under one description may be read under another, and what has
 * to be done to them first. Pure: migrate.c does it.
 *
 * A number means for ever what it meant first, in every message and enum that records are made of:
 * bytes would be misread otherwise. Fields may come, go and be renamed; a name may not move to
 * another number while its old one stays in use. Integers may become wider.
 *
 * Threads: no shared state.
 */
#ifndef RT_STORE_EVOLVE_H
#define RT_STORE_EVOLVE_H

#include "runtime/store/describe.h"

/* A field of a message that records are made of. */
struct rt_field_at {
    const struct rt_message *message;
    const struct rt_field *field;
};

struct rt_fields_at {
    struct rt_field_at *items;
    size_t n_items;
};

/* What has to be done to stored records before they are read. */
struct rt_evolution {
    struct rt_fields_at tighter;  /* other values are allowed now: records are held to the rules */
    struct rt_fields_at required; /* new without a default: there may be no record that lacks it */
    struct rt_fields_at defaults; /* new with a default, which is put into each record */
};

/* Compares what is stored with what the program has. `*ret_both` is what the database keeps from
 * now on: `now`, and the numbers of what was dropped. RT_ECONFLICT names the field and the rule. */
int rt_evolve(const struct rt_model *model, const struct rt_description *stored,
              const struct rt_description *now, struct rt_arena *arena,
              struct rt_description *ret_both, struct rt_evolution *ret, struct rt_error *error);

#endif
