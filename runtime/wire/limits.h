/*
 * What no message may exceed, whatever its schema says. Together they bound what an input of a
 * given length costs in memory, stack and time.
 */
#ifndef RT_WIRE_LIMITS_H
#define RT_WIRE_LIMITS_H

#include <stdint.h>

#include "runtime/base/format.h"

enum {
    RT_WIRE_DEPTH_MAX = 32,          /* of nested messages, JSON objects and arrays */
    RT_WIRE_ITEMS_MAX = 100000,      /* of one list or map */
    RT_WIRE_PB_FIELDS_MAX = 1000000, /* of one protobuf input, its sub-messages included */
    RT_WIRE_ID_BYTES_MAX = 64,       /* of an id or a reference */
    RT_WIRE_POINTER_SEGMENT_MAX =
        128,                        /* bytes of one part of a JSON pointer; longer ones are cut */
    RT_WIRE_NUMBER_BYTES_MAX = 1000 /* of one JSON number */
};

/* Of a schema file. */
enum {
    RT_SCHEMA_BYTES_MAX = 4 << 20,
    RT_SCHEMA_FIELDS_MAX = 100000,       /* fields, messages, enums and their values in all */
    RT_SCHEMA_MESSAGE_FIELDS_MAX = 1000, /* of one message; values of one enum */
    RT_SCHEMA_NAME_MAX = 250,            /* bytes of a name, and of a package */
    RT_SCHEMA_TEXT_MAX = 1000,           /* bytes of a pattern or text */
    RT_SCHEMA_SCALE_MAX = 15             /* digits of a decimal: exact in 2^53 */
};

/* See RT_INTEGER_MAX. */
#define RT_WIRE_INTEGER_MAX RT_INTEGER_MAX
#define RT_WIRE_INTEGER_MIN RT_INTEGER_MIN

#endif
