/*
 * The fields that the stored records of a model were written with, as text, one a line in order
 * of number:
 *
 *   2 decimal(2) price
 *
 * A program may add fields and drop them, but a number means for ever what it meant first: bytes
 * would be misread otherwise. Numbers of dropped fields stay in the text for that reason.
 *
 * Threads: no shared state.
 */
#ifndef RT_STORE_FIELDS_H
#define RT_STORE_FIELDS_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/store/model.h"

/* Holds the model against `stored` (NULL: nothing was) and appends the union of both to `out`.
 * RT_ECONFLICT names the field and the rule; RT_ECORRUPT when `stored` is no such text. */
int rt_fields_merge(const struct rt_model *model, const char *stored, struct rt_buf *out,
                    struct rt_error *error);

#endif
