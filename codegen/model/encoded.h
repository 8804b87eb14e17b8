/*
 * How long a message can get in protobuf, from the bounds in the schema alone: as libraries write
 * it, with lists of numbers packed and every varint as short as it goes.
 *
 * Text counts four bytes a code point, an id or a reference 64 bytes, numbers what their range
 * takes.
 */
#ifndef TS_ENCODED_H
#define TS_ENCODED_H

#include "codegen/model/model.h"

#define TS_ENCODED_UNBOUNDED UINT64_MAX

/* The greatest number of bytes, or TS_ENCODED_UNBOUNDED when some length or count has no bound. */
uint64_t ts_encoded_max(const struct ts_message *message);

#endif
