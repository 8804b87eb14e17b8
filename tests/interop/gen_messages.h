/* Every message of one generated system; the table is made by gen_messages.py. */
#ifndef TESTS_GEN_MESSAGES_H
#define TESTS_GEN_MESSAGES_H

#include "runtime/wire/message.h"

extern const struct rt_message *const gen_messages[];
extern const size_t gen_messages_count;

#endif
