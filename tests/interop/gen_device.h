/* What nanopb makes of a bounded message's bytes. */
#ifndef TESTS_GEN_DEVICE_H
#define TESTS_GEN_DEVICE_H

#include "runtime/base/arena.h"
#include "tests/interop/gen_messages.h"

/* NULL when the message is not bounded. */
const struct gen_device *gen_device_of(const struct rt_message *message);
/* Decodes into the device's struct and encodes that again into BYTES_MAX bytes. False when
 * either refuses; `ret` is in the arena. */
bool gen_device_echo(const struct gen_device *device, struct rt_bytes in, struct rt_arena *arena,
                     struct rt_bytes *ret);

#endif
