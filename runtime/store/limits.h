/* The bounds of the store, in one place. */
#ifndef RT_STORE_LIMITS_H
#define RT_STORE_LIMITS_H

#include <stdint.h>

enum {
    RT_MODELS_MAX = 1024,
    RT_INDEX_FIELDS_MAX = 16,

    RT_SCAN_LIMIT_MAX = 1000, /* records of one page */
    RT_CURSOR_LEN_MAX = 8192, /* of a cursor's text */

    RT_OUTBOX_SUBJECT_MAX = 0x7FFF, /* bytes */
    RT_EVENT_BYTES_MAX = 1 << 20,   /* of one event's encoding: what a channel takes */

    RT_QUEUE_DEFAULT = 65536,     /* writes waiting */
    RT_GROUP_WRITES_MAX = 1024,   /* write transactions in one commit */
    RT_GROUP_BYTES_MAX = 4 << 20, /* and their keys and values, about */
    RT_GROUP_TRIM_MAX = 8192,     /* outbox entries forgotten in one commit */
    RT_GROUP_ARENA_BLOCK = 256 << 10,

    RT_RECORD_CACHE_BYTES = 16 << 20, /* encoded records and their keys */
    RT_RECORD_CACHE_ITEM_MAX = 64 << 10,

    RT_BUILD_STEP_RECORDS = 1000, /* of an index under construction, between two commits */

    RT_DB_CACHE_DEFAULT = 64 << 20,
    RT_DB_BLOOM_BITS = 10,
    RT_DB_WRITE_BUFFER_BYTES = 16 << 20,
    RT_DB_OPEN_FILES_MAX = 512
};

_Static_assert(RT_MODELS_MAX <= UINT16_MAX, "a model's number is a u16");

#endif
