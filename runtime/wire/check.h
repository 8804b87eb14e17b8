/*
 * Checking one message: where in it we are, and what is wrong there. Private to runtime/wire.
 *
 * A path is a chain of frames on the C stack, one for each member, key or item that was entered;
 * it becomes a JSON pointer only when there is something to report.
 */
#ifndef RT_WIRE_CHECK_H
#define RT_WIRE_CHECK_H

#include "runtime/wire/wire.h"

struct rt_path {
    const struct rt_path *up;
    const char *name;  /* of a field: its JSON name; NULL otherwise */
    struct rt_str key; /* of a map, or an unknown member; data NULL for an item */
    size_t index;      /* of a list's item */
    bool may_be_unset; /* zero counts as absent here, and breaks no rule */
};

struct rt_check {
    struct rt_violations *violations;
    const struct rt_path *path;
};

/* Reports a violation at the current path. */
void rt_check_fail(struct rt_check *check, const char *rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The rules of one value that is already in its slot (a member, or an item of a list or map). For
 * messages only its presence is checked. Never changes the value. */
void rt_check_value(struct rt_check *check, const struct rt_field *field, const void *slot);
/* The bounds of one integer; true when it is within them. `value` need not fit the kind. */
bool rt_check_integer(struct rt_check *check, const struct rt_field *field, int64_t value);
/* The rules of a whole list or map: `n` items of rt_kind_size in `items`. Repeated items are
 * looked for when `values_valid`. */
void rt_check_items(struct rt_check *check, const struct rt_field *field, size_t n,
                    const void *items, bool values_valid);
/* Calls the message's own rules, unless `before` differs from the number of violations now. */
void rt_check_rules(struct rt_check *check, const void *message, size_t before);

/* Bytes of one value of a kind. */
size_t rt_kind_size(uint8_t kind);
static inline size_t rt_item_size(const struct rt_field *field)
{
    return field->shape == RT_MAP ? sizeof(void *) : rt_kind_size(field->kind);
}
/* Bounds of an integer kind with the field's own, both inclusive. */
void rt_field_bounds(const struct rt_field *field, int64_t *ret_min, int64_t *ret_max);

static inline bool rt_kind_is_integer(uint8_t kind)
{
    return (kind >= RT_I32 && kind <= RT_U64) || kind == RT_DECIMAL || kind == RT_DURATION ||
           kind == RT_VERSION;
}

/* Text that is normalised and counted in code points. */
static inline bool rt_kind_is_string(uint8_t kind)
{
    return kind == RT_STRING || kind == RT_PASSWORD || kind == RT_ID || kind == RT_REF;
}

/* An integer-like value (everything but u64, f64, strings, bytes and messages) from its slot. */
int64_t rt_slot_int(uint8_t kind, const void *slot);
void rt_slot_set_int(uint8_t kind, void *slot, int64_t value);

/* The value in `field` of a message that has items; see message.h for the layout. */
static inline size_t rt_member_count(const struct rt_field *field, const void *message)
{
    return *(const size_t *)(const void *)((const char *)message + field->quantifier);
}
static inline const void *rt_member(const struct rt_field *field, const void *message)
{
    return (const char *)message + field->offset;
}
/* Never shown as JSON. A map is as secret as its values. */
static inline bool rt_field_secret(const struct rt_field *field)
{
    return (field->flags & RT_FIELD_SECRET) ||
           (field->shape == RT_MAP && (field->message->fields[1].flags & RT_FIELD_SECRET));
}
/* False for an optional or a message that is absent. */
bool rt_member_present(const struct rt_field *field, const void *message);
/* Sets has_x where there is one. */
void rt_member_mark(const struct rt_field *field, void *message, bool present);
/* A map's key as text; integers are written at `out`, which takes 24 bytes. */
struct rt_str rt_map_key_text(const struct rt_field *key, const void *entry, char *out);

#endif
