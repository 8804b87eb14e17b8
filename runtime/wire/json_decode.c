#include "runtime/base/table.h"
#include "runtime/wire/json_read.h"
#include "runtime/wire/limits.h"
#include "runtime/wire/scalar.h"

/* Kept out of the way of bodies that are no patches, which are nearly all. */
#define COLD __attribute__((cold, noinline))

/*
 * A violation is noted and decoding goes on behind the bad member; only malformed JSON stops it
 * (then in.error is set). What a bad value leaves in its slot does not matter: with any violation
 * there is no result.
 */
enum mode {
    DECODE_WHOLE,  /* everything is there, or may be absent */
    DECODE_PATCH,  /* changes to something that is not known yet */
    DECODE_CHANGES /* changes to what the message holds */
};

struct decoder {
    enum mode mode;
    struct rt_json_in in;
    struct rt_check check;
    struct rt_arena *arena;
};

/* What is known of the message that an object is decoded into. */
enum object { OBJECT_NEW, OBJECT_EMBEDDED, OBJECT_THERE };

static uint8_t *decode_object(struct decoder *d, const struct rt_message *type, void *message,
                              enum object object);

/* ------------------------------------------------------------------- values */

static void decode_value(struct decoder *d, const struct rt_field *field, void *slot)
{
    struct rt_str text;
    enum rt_json_type type = rt_json_peek(&d->in);
    switch (type) {
    case RT_JSON_STRING:
        if (rt_json_text(&d->in, d->arena, &text))
            rt_scalar_text(&d->check, field, text, d->arena, slot);
        return;
    case RT_JSON_NUMBER:
        if (rt_json_number(&d->in, &text))
            rt_scalar_number(&d->check, field, text, slot);
        return;
    case RT_JSON_TRUE:
    case RT_JSON_FALSE:
        if (field->kind == RT_BOOL && rt_json_literal(&d->in, type)) {
            rt_slot_set_int(RT_BOOL, slot, type == RT_JSON_TRUE);
            return;
        }
        break;
    case RT_JSON_OBJECT:
        if (field->kind == RT_MESSAGE) {
            void *message = rt_message_new(field->message, d->arena);
            *(void **)slot = message;
            decode_object(d, field->message, message,
                          field->flags & RT_FIELD_EMBED ? OBJECT_EMBEDDED : OBJECT_NEW);
            return;
        }
        break;
    default:
        break;
    }
    if (rt_json_skip(&d->in, d->arena))
        rt_scalar_wrong_type(&d->check, field);
}

/* An object merged into a copy of the message that is there. */
COLD static void decode_onto(struct decoder *d, const struct rt_field *field, const void *there,
                             void *slot)
{
    void *message = rt_message_new(field->message, d->arena);
    rt_message_pick(*(void *const *)there, message, d->arena);
    *(void **)slot = message;
    decode_object(d, field->message, message,
                  field->flags & RT_FIELD_EMBED ? OBJECT_EMBEDDED : OBJECT_THERE);
}

/* -------------------------------------------------------------------- items */

/* A list that grows in the arena. */
struct items {
    char *data;
    size_t n;
    size_t cap;
    size_t size; /* bytes of one */
};

static void *items_add(struct items *items, struct rt_arena *arena)
{
    if (items->n == items->cap) {
        size_t cap = items->cap ? items->cap * 2 : 4;
        char *data = rt_arena_array(arena, cap, items->size);
        if (items->n > 0)
            memcpy(data, items->data, items->n * items->size);
        items->data = data;
        items->cap = cap;
    }
    return items->data + items->n++ * items->size;
}

static size_t items_max(const struct rt_field *field)
{
    uint32_t max = field->limits ? field->limits->items_max : 0;
    return max > 0 && max < RT_WIRE_ITEMS_MAX ? max : RT_WIRE_ITEMS_MAX;
}

static void decode_list(struct decoder *d, const struct rt_field *field, struct items *items)
{
    const struct rt_path *up = d->check.path;
    size_t n = 0;
    if (!rt_json_enter(&d->in))
        return;
    while (rt_json_item(&d->in, &n) == RT_JSON_MORE) {
        struct rt_path path = {.up = up, .index = n - 1};
        if (n > items_max(field)) {
            rt_json_skip(&d->in, d->arena);
            continue;
        }
        d->check.path = &path;
        decode_value(d, field, items_add(items, d->arena));
        d->check.path = up;
    }
    items->n = n;
}

static void decode_key(struct decoder *d, const struct rt_field *key, struct rt_str text,
                       void *entry)
{
    void *slot = (char *)entry + key->offset;
    if (rt_kind_is_integer(key->kind) && rt_json_is_number(text))
        rt_scalar_number(&d->check, key, text, slot);
    else if (key->kind == RT_BOOL && rt_str_eq(text, RT_STR("true")))
        rt_slot_set_int(RT_BOOL, slot, 1);
    else if (key->kind != RT_BOOL || !rt_str_eq(text, RT_STR("false")))
        rt_scalar_text(&d->check, key, text, d->arena, slot);
}

static void decode_map(struct decoder *d, const struct rt_field *field, struct items *items)
{
    const struct rt_path *up = d->check.path;
    struct rt_str text;
    size_t n = 0;
    if (!rt_json_enter(&d->in))
        return;
    while (rt_json_member(&d->in, &n, d->arena, &text) == RT_JSON_MORE) {
        struct rt_path path = {.up = up, .key = text};
        if (n > items_max(field)) {
            rt_json_skip(&d->in, d->arena);
            continue;
        }
        void *entry = rt_message_new(field->message, d->arena);
        *(void **)items_add(items, d->arena) = entry;
        d->check.path = &path;
        decode_key(d, &field->message->fields[0], text, entry);
        decode_value(d, &field->message->fields[1],
                     (char *)entry + field->message->fields[1].offset);
        d->check.path = up;
    }
    items->n = n;
}

/* Entries by key, while a map is changed. */
struct entry {
    struct rt_str key;
    size_t index;
    UT_hash_handle hh;
};

static void entry_add(struct decoder *d, struct entry **entries, struct rt_str key, size_t index)
{
    struct entry *entry = RT_ARENA_NEW(d->arena, struct entry);
    entry->key = key;
    entry->index = index;
    HASH_ADD_KEYPTR(hh, *entries, entry->key.data, entry->key.len, entry);
}

/* The entries that are there, none of them in a patch by itself. */
static void entries_there(struct decoder *d, const struct rt_field *field, const void *message,
                          struct items *items, struct entry **entries)
{
    size_t n = d->mode == DECODE_CHANGES ? rt_member_count(field, message) : 0;
    void *const *there = *(void *const *const *)rt_member(field, message);
    for (size_t i = 0; i < n; i++) {
        char *text = rt_arena_alloc(d->arena, RT_INT_TEXT_MAX);
        struct rt_str key = rt_map_key_text(&field->message->fields[0], there[i], text);
        *(void **)items_add(items, d->arena) = there[i];
        entry_add(d, entries, key, i);
    }
}

static void decode_entry_change(struct decoder *d, const struct rt_field *field, struct rt_str key,
                                struct items *items, struct entry **entries)
{
    const struct rt_field *value = &field->message->fields[1];
    struct entry *found = NULL;
    HASH_FIND(hh, *entries, key.data, key.len, found);
    void **slots = (void **)(void *)items->data;
    if (rt_json_peek(&d->in) == RT_JSON_NULL) {
        rt_json_literal(&d->in, RT_JSON_NULL);
        if (found)
            slots[found->index] = NULL;
        return;
    }
    void *entry = rt_message_new(field->message, d->arena);
    void *slot = (char *)entry + value->offset;
    bool merges = found && slots[found->index] && value->kind == RT_MESSAGE &&
                  rt_json_peek(&d->in) == RT_JSON_OBJECT;
    decode_key(d, &field->message->fields[0], key, entry);
    if (merges)
        decode_onto(d, value, rt_member(value, slots[found->index]), slot);
    else
        decode_value(d, value, slot);
    if (found) {
        slots[found->index] = entry;
        return;
    }
    entry_add(d, entries, key, items->n);
    *(void **)items_add(items, d->arena) = entry;
}

COLD static void decode_map_changes(struct decoder *d, const struct rt_field *field,
                                    const void *message, struct items *items)
{
    const struct rt_path *up = d->check.path;
    struct entry *entries = NULL;
    struct rt_str text;
    size_t n = 0;
    entries_there(d, field, message, items, &entries);
    if (rt_json_enter(&d->in)) {
        while (rt_json_member(&d->in, &n, d->arena, &text) == RT_JSON_MORE) {
            struct rt_path path = {.up = up, .key = text};
            if (items->n > RT_WIRE_ITEMS_MAX) {
                rt_json_skip(&d->in, d->arena);
                continue;
            }
            d->check.path = &path;
            decode_entry_change(d, field, text, items, &entries);
            d->check.path = up;
        }
    }
    HASH_CLEAR(hh, entries);
    void **slots = (void **)(void *)items->data;
    size_t kept = 0;
    for (size_t i = 0; i < items->n; i++)
        if (slots[i])
            slots[kept++] = slots[i];
    items->n = kept;
}

static void decode_items(struct decoder *d, const struct rt_field *field, void *message)
{
    bool map = field->shape == RT_MAP;
    size_t before = d->check.violations->count;
    struct items items = {.size = rt_item_size(field)};
    if (rt_json_peek(&d->in) != (map ? RT_JSON_OBJECT : RT_JSON_ARRAY)) {
        if (rt_json_skip(&d->in, d->arena))
            rt_check_fail(&d->check, "type", "Must be %s", map ? "an object" : "an array");
        return;
    }
    if (map && d->mode != DECODE_WHOLE)
        decode_map_changes(d, field, message, &items);
    else if (map)
        decode_map(d, field, &items);
    else
        decode_list(d, field, &items);
    if (d->in.error)
        return;
    struct rt_field checked = *field;
    if (map && d->mode == DECODE_PATCH) /* how many there are is not known yet */
        checked.limits = NULL;
    rt_check_items(&d->check, &checked, items.n, items.data, d->check.violations->count == before);
    *(size_t *)(void *)((char *)message + field->quantifier) = items.n;
    *(void **)(void *)((char *)message + field->offset) = items.data;
}

/* ------------------------------------------------------------------ objects */

/* As if it had not been given; a field that may not be absent is reported by the caller. */
COLD static void clear_member(const struct rt_message *type, const struct rt_field *field,
                              void *message)
{
    bool many = field->shape == RT_LIST || field->shape == RT_MAP;
    memset((char *)message + field->offset, 0, many ? sizeof(void *) : rt_kind_size(field->kind));
    if (many)
        *(size_t *)(void *)((char *)message + field->quantifier) = 0;
    else
        rt_member_mark(field, message, false);
    if (field->flags & RT_FIELD_DEFAULT)
        rt_member_set_default(type, field, message);
}

/* An object for a message that is there is merged into it; false for anything else. */
COLD static bool decode_change(struct decoder *d, const struct rt_field *field, void *slot)
{
    if (field->kind != RT_MESSAGE || !*(void **)slot || (field->flags & RT_FIELD_EMBED) ||
        rt_json_peek(&d->in) != RT_JSON_OBJECT)
        return false;
    decode_onto(d, field, slot, slot);
    return true;
}

static void decode_member(struct decoder *d, const struct rt_field *field, void *message,
                          uint8_t *state)
{
    if (*state != RT_NOT_GIVEN) {
        rt_check_fail(&d->check, "duplicate", "Is given twice");
        rt_json_skip(&d->in, d->arena);
        return;
    }
    if (rt_json_peek(&d->in) == RT_JSON_NULL) {
        *state = RT_GIVEN_NULL;
        rt_json_literal(&d->in, RT_JSON_NULL);
        if (d->mode == DECODE_CHANGES)
            clear_member(rt_message_of(message), field, message);
        return;
    }
    *state = RT_GIVEN;
    if (field->shape == RT_LIST || field->shape == RT_MAP) {
        decode_items(d, field, message);
        return;
    }
    if (d->mode != DECODE_CHANGES || !decode_change(d, field, (char *)message + field->offset))
        decode_value(d, field, (char *)message + field->offset);
    rt_member_mark(field, message, true);
}

/* What is missing, or null, is absent: an optional has no value, a list or map no items, a field
 * with a default gets that; anything else is required. */
static bool may_be_absent(const struct rt_field *field)
{
    if (field->shape == RT_LIST || field->shape == RT_MAP)
        return !field->limits || field->limits->items_min == 0;
    return field->shape == RT_OPTIONAL || (field->flags & RT_FIELD_DEFAULT);
}

/* The field of that JSON name; members usually come in the order of the fields, so the search
 * begins at `guess`. */
static size_t find_field(const struct rt_message *type, struct rt_str name, size_t guess)
{
    for (size_t k = 0; k < type->n_fields; k++) {
        size_t i = guess + k < type->n_fields ? guess + k : guess + k - type->n_fields;
        if (rt_str_eq(rt_str(type->fields[i].json), name))
            return i;
    }
    return type->n_fields;
}

static uint8_t *decode_object(struct decoder *d, const struct rt_message *type, void *message,
                              enum object object)
{
    bool embedded = object == OBJECT_EMBEDDED;
    bool partial = d->mode == DECODE_PATCH || object == OBJECT_THERE;
    const struct rt_path *up = d->check.path;
    size_t before = d->check.violations->count;
    uint8_t *states = rt_arena_zalloc(d->arena, type->n_fields);
    struct rt_str name;
    size_t guess = 0;
    size_t n = 0;
    if (!rt_json_enter(&d->in))
        return states;
    while (rt_json_member(&d->in, &n, d->arena, &name) == RT_JSON_MORE) {
        size_t i = find_field(type, name, guess);
        struct rt_path path = {.up = up, .key = name, .may_be_unset = embedded && i > 0};
        d->check.path = &path;
        if (i < type->n_fields) {
            decode_member(d, &type->fields[i], message, &states[i]);
            guess = i + 1 < type->n_fields ? i + 1 : 0;
        } else {
            rt_check_fail(&d->check, "unknown", "Is not a known field");
            rt_json_skip(&d->in, d->arena);
        }
        d->check.path = up;
    }
    if (d->in.error)
        return states;
    for (size_t i = 0; i < type->n_fields; i++) {
        if (states[i] == RT_GIVEN || may_be_absent(&type->fields[i]) || (embedded && i > 0))
            continue;
        if (states[i] == RT_NOT_GIVEN && partial)
            continue;
        struct rt_path path = {.up = up, .name = type->fields[i].json};
        d->check.path = &path;
        rt_check_fail(&d->check, "required", "Is required");
        d->check.path = up;
    }
    if (!embedded && d->mode != DECODE_PATCH)
        rt_check_rules(&d->check, message, before);
    return states;
}

/* --------------------------------------------------------------------- body */

/* All of the input into `message`; RT_EINVAL when something is wrong with it. Inlined, since a call
 * more is felt with small bodies. */
static inline __attribute__((always_inline)) int decode_body(struct decoder *d, struct rt_bytes in,
                                                             const struct rt_message *type,
                                                             void *message, enum object object,
                                                             const uint8_t **ret_given)
{
    struct rt_violations *violations = d->check.violations;
    size_t before = violations->count;
    rt_json_in_init(&d->in, in);
    if (rt_json_peek(&d->in) == RT_JSON_OBJECT)
        *ret_given = decode_object(d, type, message, object);
    else if (rt_json_skip(&d->in, d->arena))
        rt_check_fail(&d->check, "type", "Must be an object");
    if (!rt_json_finish(&d->in)) {
        unsigned line = 0;
        unsigned column = 0;
        rt_json_position(&d->in, &line, &column);
        violations->count = before;
        rt_violation_add(violations, "", "json", "Is not valid JSON at line %u, column %u: %s",
                         line, column, d->in.error);
    }
    return violations->count > before ? RT_EINVAL : 0;
}

int rt_json_decode(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                   void **ret, struct rt_violations *violations)
{
    struct decoder d = {.check = {.violations = violations}, .arena = arena};
    const uint8_t *given = NULL;
    void *message = rt_message_new(type, arena);
    int status = decode_body(&d, in, type, message, OBJECT_NEW, &given);
    if (status == 0)
        *ret = message;
    return status;
}

int rt_json_decode_patch(const struct rt_message *type, struct rt_bytes in, struct rt_arena *arena,
                         void **ret, const uint8_t **ret_given, struct rt_violations *violations)
{
    struct decoder d = {.mode = DECODE_PATCH, .check = {.violations = violations}, .arena = arena};
    const uint8_t *given = NULL;
    void *message = rt_message_new(type, arena);
    int status = decode_body(&d, in, type, message, OBJECT_NEW, &given);
    if (status != 0)
        return status;
    *ret = message;
    *ret_given = given;
    return 0;
}

int rt_json_merge(struct rt_bytes in, void *message, struct rt_arena *arena,
                  struct rt_violations *violations)
{
    struct decoder d = {
        .mode = DECODE_CHANGES, .check = {.violations = violations}, .arena = arena};
    const uint8_t *given = NULL;
    return decode_body(&d, in, rt_message_of(message), message, OBJECT_THERE, &given);
}

int rt_field_parse(const struct rt_field *field, struct rt_str text, struct rt_arena *arena,
                   void *message, struct rt_violations *violations)
{
    struct rt_path path = {.name = field->json};
    struct rt_check check = {.violations = violations, .path = &path};
    size_t before = violations->count;
    ProtobufCBinaryData slot; /* the largest of all slots */
    RT_ASSERT(field->shape == RT_ONE || field->shape == RT_OPTIONAL);
    if (field->kind == RT_BOOL &&
        (rt_str_eq(text, RT_STR("true")) || rt_str_eq(text, RT_STR("false"))))
        rt_slot_set_int(RT_BOOL, &slot, text.data[0] == 't');
    else if ((rt_kind_is_integer(field->kind) || field->kind == RT_F64) && rt_json_is_number(text))
        rt_scalar_number(&check, field, text, &slot);
    else
        rt_scalar_text(&check, field, text, arena, &slot);
    if (violations->count > before)
        return RT_EINVAL;
    memcpy((char *)message + field->offset, &slot, rt_kind_size(field->kind));
    rt_member_mark(field, message, true);
    return 0;
}
