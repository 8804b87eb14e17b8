/*
 * What is stored: the tables that the compiler emits for each model and replica of a service.
 *
 * Threads: all tables are constant. Ownership: static.
 */
#ifndef RT_STORE_MODEL_H
#define RT_STORE_MODEL_H

#include "runtime/wire/expr.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rt_index {
    const char *name;
    bool unique;
    const uint16_t *fields; /* indexes into the message's fields */
    size_t n_fields;
    struct rt_expr where; /* holds of the records that are in the index */
};

struct rt_model;

/* What a new record is given where a field is unset: zero, empty or absent. */
struct rt_given {
    uint16_t field;                  /* index into the message's fields */
    bool on_update;                  /* a changed record is given it, too, whatever is there */
    const struct rt_index *distinct; /* the text gets an end that makes it differ from all in this
                                        unique index of the field alone; or NULL */
    struct rt_expr value;
};

struct rt_embed {
    uint16_t field; /* index into the message's fields */
    const struct rt_model *target;
};

/* What is stored: a model or a replica. */
struct rt_model {
    const char *name;
    const struct rt_message *message;
    int id_field;             /* index into the message's fields */
    int version_field;        /* or -1 */
    int expires_field;        /* records vanish after this time; or -1 */
    const char *renamed_from; /* the name that its records may be stored under; or NULL */
    bool replica;             /* written from events only: copies of another service's records */
    /* Subjects of the events by which other services follow its records, NULL-terminated; NULL:
     * none does. Each change must be published by one of them in the transaction that makes it. */
    const char *const *followed;
    const struct rt_index *indexes; /* secondary and unique ones, then those of timers */
    size_t n_indexes;
    const struct rt_embed *embeds;
    size_t n_embeds;
    const struct rt_given *given;
    size_t n_given;
};

#ifdef __cplusplus
}
#endif

#endif
