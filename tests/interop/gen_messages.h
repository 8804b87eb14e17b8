/* Every message of one generated system; the tables are made by gen_messages.py. */
#ifndef TESTS_GEN_MESSAGES_H
#define TESTS_GEN_MESSAGES_H

#include <pb.h>

#include "runtime/wire/message.h"

extern const struct rt_message *const gen_messages[];
extern const size_t gen_messages_count;

/* The bounded ones once more, as a device has them. */
struct gen_device {
    const struct rt_message *message;
    const pb_msgdesc_t *fields;
    size_t size; /* of the struct */
    size_t bytes_max;
};
extern const struct gen_device gen_devices[];
extern const size_t gen_devices_count;

#endif
