/*
 * The keys of the database. LevelDB orders keys bytewise, so each key is its parts one after the
 * other, in encodings whose bytewise order is the order of the values.
 *
 *   space  then                         value
 *   'm'    name                         a fact about the database, as text (catalog.h)
 *   'r'    model u16, id                the record, protobuf
 *   'u'    index u16, value...          the id of the one record with these values
 *   'x'    index u16, value..., id      empty
 *   'o'    sequence u64                 an event waiting to be published (outbox.c)
 *   'h'    key, NUL, place u64          an event that the channel refused (held.c)
 *   'i'    sequence u64                 empty: this event of the channel has had its effect
 *   'k'    space byte, key              the application's
 *
 * Numbers are big-endian. An id is its text, without an end: it is always the last part.
 * A value is 0x00 when absent (which sorts first), or 0x01 and then, by class:
 *
 *   RT_KEY_I64   8 bytes, the sign bit flipped
 *   RT_KEY_U64   8 bytes
 *   RT_KEY_F64   8 bytes of IEEE 754: the sign bit flipped when it was clear, all bits when it
 *                was set; -0 is 0
 *   RT_KEY_TEXT  the bytes, 0x00 as 0x00 0xFF, then the end 0x00 0x01
 *
 * Threads: no shared state. Ownership: every key is allocated in the arena that is passed.
 */
#ifndef RT_STORE_KEY_H
#define RT_STORE_KEY_H

#include "runtime/base/arena.h"
#include "runtime/wire/wire.h"

enum rt_key_space {
    RT_SPACE_HELD = 'h',
    RT_SPACE_INBOX = 'i',
    RT_SPACE_KV = 'k',
    RT_SPACE_META = 'm',
    RT_SPACE_OUTBOX = 'o',
    RT_SPACE_RECORD = 'r',
    RT_SPACE_UNIQUE = 'u',
    RT_SPACE_INDEX = 'x'
};

enum rt_key_class { RT_KEY_I64, RT_KEY_U64, RT_KEY_F64, RT_KEY_TEXT };

enum { RT_KEY_HEAD_LEN = 3 }; /* space and number */

/* How a field's values are encoded: enum rt_key_class, or RT_EUNSUPPORTED for lists, maps and
 * messages other than embeds, which cannot be in an index. */
int rt_key_class_of(const struct rt_field *field);

struct rt_bytes rt_key_meta(struct rt_arena *arena, struct rt_str name);
struct rt_bytes rt_key_record(struct rt_arena *arena, uint16_t model, struct rt_str id);
struct rt_bytes rt_key_sequence(struct rt_arena *arena, enum rt_key_space space, uint64_t sequence);
struct rt_bytes rt_key_kv(struct rt_arena *arena, char space, struct rt_bytes key);

/* The first `n` values of an index; with the id, or without one (data NULL): a whole key of a
 * unique index, or the prefix that all keys with these values share. */
struct rt_bytes rt_key_index(struct rt_arena *arena, enum rt_key_space space, uint16_t index,
                             const uint8_t *classes, const struct rt_value *values, size_t n,
                             struct rt_str id);

/* The smallest key above all those that start with `prefix`, whose space byte is below 0xFF. */
struct rt_bytes rt_key_after(struct rt_arena *arena, struct rt_bytes prefix);

/* Moves `rest` over one encoded value; false when it is no such value. */
bool rt_key_skip(enum rt_key_class class, struct rt_bytes *rest);

/* The number in a key of a space that has one. */
uint16_t rt_key_number(struct rt_bytes key);

void rt_u64_put(uint8_t out[8], uint64_t value);
uint64_t rt_u64_get(const uint8_t in[8]);
/* An RT_KEY_I64 without its 0x01. */
int64_t rt_key_i64_get(const uint8_t in[8]);

#endif
