/*
 * Messages from another program: bytes are taken only when they are such a message and keep to
 * all that the schema says of it.
 */
#ifndef RT_WIRE_RECEIVE_H
#define RT_WIRE_RECEIVE_H

#include "runtime/wire/wire.h"

/* Decodes and validates. The message, normalised, is in `arena`. RT_EINVAL: `error` is one line for
 * a person, such as "/price: Must be at least 0.01 (min), and 2 more". */
int rt_pb_receive(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                  void **ret, struct rt_error *error);
/* The first violation in those words; there is one. */
int rt_violations_error(const struct rt_violations *violations, struct rt_error *error);

#endif
