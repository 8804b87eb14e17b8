/*
 * A system's messages and events from a file: the schema.binpb that `tessera gen` writes, described
 * in schema.proto. For programs that have no generated C, such as the channel. What comes out are
 * the tables of message.h, laid out here instead of by a compiler, so that decoders, encoders and
 * validators work on them unchanged.
 *
 * What a file cannot say: defaults, and the rules across fields of a message.
 * A file is input like any other: it is checked in full before anything of it is used.
 * Threads: read-only once it is loaded. Ownership: everything belongs to the schema.
 */
#ifndef RT_WIRE_SCHEMA_H
#define RT_WIRE_SCHEMA_H

#include "runtime/wire/wire.h"

struct rt_schema;

enum { RT_SCHEMA_KEY_MAX = 4 }; /* fields on the way to a key */

struct rt_schema_event {
    const char *subject;
    const struct rt_message *message;
    const struct rt_field *key[RT_SCHEMA_KEY_MAX]; /* messages, and the text they lead to */
    size_t n_key;
    uint64_t size_max; /* bytes of the greatest payload; 0: the schema sets no bound */
};

/* RT_EINVAL: not a schema file, and `error` says what is wrong; RT_ETOOBIG: over
 * RT_SCHEMA_BYTES_MAX. `in` is not needed afterwards. */
int rt_schema_load(struct rt_bytes in, struct rt_schema **ret, struct rt_error *error);
void rt_schema_free(struct rt_schema *schema);

const char *rt_schema_name(const struct rt_schema *schema);
/* In the order of the file; NULL behind the last one. */
const struct rt_schema_event *rt_schema_event(const struct rt_schema *schema, size_t index);
/* By subject; NULL: none. */
const struct rt_schema_event *rt_schema_find(const struct rt_schema *schema, struct rt_str subject);
/* By full protobuf name, such as "ticketing.orders.Order"; NULL: none. */
const struct rt_message *rt_schema_message(const struct rt_schema *schema, struct rt_str name);
/* The text in a decoded payload that orders the events; empty when part of the way is absent. */
struct rt_str rt_schema_key(const struct rt_schema_event *event, const void *message);

#endif
