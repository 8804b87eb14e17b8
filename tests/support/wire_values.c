#include "tests/support/wire_values.h"

#include "runtime/base/clock.h"
#include "runtime/base/format.h"
#include "runtime/wire/check.h"
#include "runtime/wire/json_write.h"
#include "runtime/wire/pattern.h"

static const struct rt_limits no_limits;

static const struct rt_limits *limits_of(const struct rt_field *field)
{
    return field->limits ? field->limits : &no_limits;
}

uint64_t wire_random_below(struct wire_rng *rng, uint64_t n)
{
    rng->state = rng->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return n > 0 ? (rng->state >> 20) % n : 0;
}

/* ------------------------------------------------------------------- random */

/* By the documentation of the kinds, and not by what the validator thinks. */
static void bounds_of(const struct rt_field *field, int64_t *min, int64_t *max)
{
    *max = INT64_C(9007199254740991);
    *min = -*max;
    if (field->kind == RT_I32) {
        *min = INT32_MIN;
        *max = INT32_MAX;
    } else if (field->kind == RT_U32) {
        *max = UINT32_MAX;
    } else if (field->kind == RT_TIME) {
        *min = RT_TIME_MIN_MS;
        *max = RT_TIME_MAX_MS;
    } else if (field->kind == RT_DATE) {
        *min = -719162;
        *max = 2932896;
    }
    if (field->kind == RT_U32 || field->kind == RT_U64 || field->kind == RT_VERSION)
        *min = 0;
    if (field->flags & RT_FIELD_HAS_MIN)
        *min = limits_of(field)->min;
    if (field->flags & RT_FIELD_HAS_MAX)
        *max = limits_of(field)->max;
}

static bool has_integer(const struct rt_field *field)
{
    return rt_kind_is_integer(field->kind) || field->kind == RT_TIME || field->kind == RT_DATE;
}

static int64_t random_between(struct wire_rng *rng, int64_t min, int64_t max)
{
    uint64_t choice = wire_random_below(rng, 6);
    if (choice == 0)
        return min;
    if (choice == 1)
        return max;
    return min + (int64_t)wire_random_below(rng, (uint64_t)max - (uint64_t)min + 1);
}

static const char *known_text(const struct rt_limits *limits)
{
    static const char *const texts[] = {
        "9780306406157", "0306406157", "AB-12", "a",          "A", "1", "ab", "AB",
        "1234",          "12345",      "a-b",   "+4930123456"};
    switch (limits->format) {
    case RT_FORMAT_EMAIL:
        return "someone@example.org";
    case RT_FORMAT_URL:
        return "https://example.org/a?b=c#d";
    case RT_FORMAT_UUID:
        return "0190a6b4-0000-7000-8000-000000000001";
    case RT_FORMAT_SLUG:
        return "a-slug-1";
    case RT_FORMAT_NONE:
        break;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (rt_pattern_matches(limits->pattern, rt_str(texts[i])))
            return texts[i];
    rt_panic("no text is known for the pattern %s", limits->pattern);
}

static const char *text_of_length(const struct rt_field *field, struct wire_rng *rng, size_t length,
                                  struct rt_arena *arena)
{
    static const char *const characters[] = {"a",
                                             "z",
                                             "0",
                                             " ",
                                             "\"",
                                             "\\",
                                             "/",
                                             "~",
                                             "<",
                                             "\xC3\xA9",
                                             "\xE2\x82\xAC",
                                             "\n",
                                             "-",
                                             "_",
                                             "%",
                                             "\x7F",
                                             "\xF0\x9F\x98\x80"};
    char *text = rt_arena_alloc(arena, length * 4 + 1);
    char *end = text;
    for (size_t i = 0; i < length; i++) {
        bool edge = i == 0 || i + 1 == length;
        bool one_byte = field->kind == RT_ID || field->kind == RT_REF;
        const char *c = "x";
        if (!(edge && (field->flags & RT_FIELD_TRIM)) && !one_byte)
            c = characters[wire_random_below(rng, sizeof characters / sizeof *characters)];
        end = stpcpy(end, c);
    }
    *end = '\0';
    return text;
}

static void length_bounds(const struct rt_field *field, int64_t *min, int64_t *max)
{
    *min = field->flags & RT_FIELD_HAS_MIN ? limits_of(field)->min : 0;
    *max = field->flags & RT_FIELD_HAS_MAX ? limits_of(field)->max : INT64_MAX;
    if (field->kind == RT_ID || field->kind == RT_REF) {
        *min = 1;
        *max = 64;
    }
}

static void fill_message(void *message, struct wire_rng *rng, unsigned depth,
                         struct rt_arena *arena);

static void fill_slot(const struct rt_field *field, void *slot, struct wire_rng *rng,
                      unsigned depth, struct rt_arena *arena)
{
    const struct rt_limits *limits = limits_of(field);
    int64_t min = 0;
    int64_t max = 0;
    if (has_integer(field)) {
        bounds_of(field, &min, &max);
        rt_slot_set_int(field->kind, slot, random_between(rng, min, max));
    } else if (rt_kind_is_string(field->kind) && (limits->format || limits->pattern)) {
        *(const char **)slot = known_text(limits);
    } else if (rt_kind_is_string(field->kind) || field->kind == RT_BYTES) {
        length_bounds(field, &min, &max);
        size_t length = (size_t)random_between(rng, min, max < min + 20 ? max : min + 20);
        const char *text = text_of_length(field, rng, length, arena);
        if (field->kind == RT_BYTES)
            *(ProtobufCBinaryData *)slot =
                (ProtobufCBinaryData){length, rt_arena_copy(arena, text, length)};
        else
            *(const char **)slot = text;
    } else if (field->kind == RT_F64) {
        double low = field->flags & RT_FIELD_HAS_MIN ? limits->min_f64 : -1e6;
        double high = field->flags & RT_FIELD_HAS_MAX ? limits->max_f64 : 1e6;
        *(double *)slot = low + (high - low) * ((double)wire_random_below(rng, 1001) / 1000);
    } else if (field->kind == RT_BOOL) {
        rt_slot_set_int(RT_BOOL, slot, (int64_t)wire_random_below(rng, 2));
    } else if (field->kind == RT_ENUM) {
        size_t i = wire_random_below(rng, field->enumeration->n_values);
        rt_slot_set_int(RT_ENUM, slot, field->enumeration->values[i].number);
    } else {
        void *sub = rt_message_new(field->message, arena);
        fill_message(sub, rng, depth + 1, arena);
        *(void **)slot = sub;
    }
}

static void set_items(const struct rt_field *field, void *message, size_t n, void *items)
{
    *(size_t *)(void *)((char *)message + field->quantifier) = n;
    *(void **)(void *)((char *)message + field->offset) = items;
}

/* So many items; a map's keys, and items that must be unique, are drawn until they are. */
static void fill_items(const struct rt_field *field, void *message, size_t n, struct wire_rng *rng,
                       unsigned depth, struct rt_arena *arena)
{
    size_t size = rt_item_size(field);
    char *items = rt_arena_array(arena, n + 1, size);
    struct rt_violations violations;
    struct rt_check check = {.violations = &violations};
    set_items(field, message, n, items);
    for (size_t i = 0; i < n; i++) {
        void *slot = items + i * size;
        unsigned tries = 0;
        do {
            RT_ASSERT(tries++ < 100);
            if (field->shape == RT_MAP) {
                *(void **)slot = rt_message_new(field->message, arena);
                fill_message(*(void **)slot, rng, depth + 1, arena);
            } else {
                fill_slot(field, slot, rng, depth, arena);
            }
            rt_violations_init(&violations, arena);
            rt_check_items(&check, field, i + 1, items, true);
        } while (violations.count > 0 && strcmp(violations.items[0].rule, "unique") == 0);
    }
}

static void fill_message(void *message, struct wire_rng *rng, unsigned depth,
                         struct rt_arena *arena)
{
    enum { DEPTH_MAX = 4, MORE_ITEMS = 3 };
    const struct rt_message *type = rt_message_of(message);
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct rt_field *field = &type->fields[i];
        const struct rt_limits *limits = limits_of(field);
        bool deep = depth >= DEPTH_MAX;
        if (field->shape == RT_LIST || field->shape == RT_MAP) {
            size_t more = deep ? 0 : wire_random_below(rng, MORE_ITEMS);
            size_t n = limits->items_min + more;
            if (limits->items_max > 0 && n > limits->items_max)
                n = limits->items_max;
            fill_items(field, message, n, rng, depth, arena);
        } else if (field->shape == RT_ONE || (!deep && wire_random_below(rng, 2) == 0)) {
            fill_slot(field, (char *)message + field->offset, rng, depth, arena);
            rt_member_mark(field, message, true);
        }
    }
}

void *wire_random(const struct rt_message *type, struct wire_rng *rng, struct rt_arena *arena)
{
    void *message = rt_message_new(type, arena);
    fill_message(message, rng, 1, arena);
    return message;
}

/* -------------------------------------------------------------- round trips */

/* The message as a body: its JSON with the secrets, which are never shown, put back. */
static struct rt_bytes body_of(const void *message, struct rt_arena *arena)
{
    const struct rt_message *type = rt_message_of(message);
    struct rt_buf out = {0};
    rt_json_encode(message, &out);
    out.len--;
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct rt_field *field = &type->fields[i];
        if (rt_field_secret(field) && rt_member_present(field, message)) {
            rt_json_key(field, out.len == 1, &out);
            rt_json_slot(field, rt_member(field, message), &out);
        }
    }
    rt_buf_byte(&out, '}');
    struct rt_bytes body = {rt_arena_copy(arena, out.data, out.len), out.len};
    rt_buf_done(&out);
    return body;
}

static struct rt_bytes bytes_of(const void *message, struct rt_arena *arena)
{
    struct rt_buf out = {0};
    rt_pb_encode(message, &out);
    struct rt_bytes bytes = {rt_arena_copy(arena, out.data, out.len), out.len};
    rt_buf_done(&out);
    return bytes;
}

static const char *complaint(const struct rt_message *type, const char *way,
                             const struct rt_violations *violations, struct rt_arena *arena)
{
    return rt_arena_printf(arena, "%s %s: %s %s: %s", type->name, way, violations->items[0].pointer,
                           violations->items[0].rule, violations->items[0].message);
}

const char *wire_round_trip(const void *message, struct rt_arena *arena)
{
    const struct rt_message *type = rt_message_of(message);
    struct rt_bytes body = body_of(message, arena);
    struct rt_bytes bytes = bytes_of(message, arena);
    struct rt_violations violations;
    struct rt_buf direct = {0};
    void *back = NULL;
    void *read = NULL;
    rt_violations_init(&violations, arena);
    if (rt_json_decode(type, body, arena, &back, &violations) != 0)
        return complaint(type, "as JSON", &violations, arena);
    if (!rt_bytes_eq(bytes_of(back, arena), bytes))
        return rt_arena_printf(arena, "%s: JSON changed it: %.*s", type->name, (int)body.len,
                               (const char *)body.data);
    if (rt_pb_decode(type, bytes, arena, &read, NULL) != 0 ||
        !rt_bytes_eq(body_of(read, arena), body))
        return rt_arena_printf(arena, "%s: protobuf changed it: %.*s", type->name, (int)body.len,
                               (const char *)body.data);
    if (!rt_validate(read, &violations))
        return complaint(type, "after protobuf", &violations, arena);
    int status = rt_json_from_pb(type, bytes, &direct);
    struct rt_buf json = {0};
    rt_json_encode(message, &json);
    bool same = status == 0 && rt_bytes_eq(rt_buf_bytes(&direct), rt_buf_bytes(&json));
    rt_buf_done(&direct);
    rt_buf_done(&json);
    return same ? NULL : rt_arena_printf(arena, "%s: the direct way differs", type->name);
}

/* --------------------------------------------------------------- boundaries */

struct trial {
    struct rt_message type; /* the type without its own rules, which other values may break */
    const struct rt_field *field;
    struct wire_rng *rng;
    struct rt_arena *arena;
    size_t *tried;
    const char *problem; /* the first one */
};

static void expect(struct trial *t, const char *way, const struct rt_violations *violations,
                   const char *rule)
{
    const char *pointer = rt_arena_printf(t->arena, "/%s", t->field->json);
    if (t->problem)
        return;
    if (!rule && violations->count > 0)
        t->problem = complaint(&t->type, way, violations, t->arena);
    else if (rule && violations->count == 0)
        t->problem = rt_arena_printf(t->arena, "%s %s: %s beyond its %s was accepted", t->type.name,
                                     way, pointer, rule);
    else if (rule && (violations->count != 1 || strcmp(violations->items[0].rule, rule) != 0 ||
                      strcmp(violations->items[0].pointer, pointer) != 0))
        t->problem = complaint(&t->type, way, violations, t->arena);
}

/* `rule` is the one that the message breaks, NULL when it is valid. */
static void try_message(struct trial *t, void *message, const char *rule)
{
    struct rt_violations violations;
    void *back = NULL;
    struct rt_bytes body = body_of(message, t->arena);
    ++*t->tried;
    rt_violations_init(&violations, t->arena);
    rt_json_decode(&t->type, body, t->arena, &back, &violations);
    expect(t, "as JSON", &violations, rule);
    rt_violations_init(&violations, t->arena);
    RT_ASSERT(rt_pb_decode(&t->type, bytes_of(message, t->arena), t->arena, &back, NULL) == 0);
    rt_validate(back, &violations);
    expect(t, "after protobuf", &violations, rule);
}

static void *fresh(struct trial *t)
{
    void *message = wire_random(&t->type, t->rng, t->arena);
    rt_member_mark(t->field, message, true);
    return message;
}

static void try_integer(struct trial *t, int64_t value, const char *rule)
{
    void *message = fresh(t);
    rt_slot_set_int(t->field->kind, (char *)message + t->field->offset, value);
    try_message(t, message, rule);
}

static void try_length(struct trial *t, int64_t length, const char *rule)
{
    void *message = fresh(t);
    void *slot = (char *)message + t->field->offset;
    const char *text = text_of_length(t->field, t->rng, (size_t)length, t->arena);
    if (t->field->kind == RT_BYTES)
        *(ProtobufCBinaryData *)slot =
            (ProtobufCBinaryData){(size_t)length, rt_arena_copy(t->arena, text, strlen(text) + 1)};
    else
        *(const char **)slot = text;
    try_message(t, message, rule);
}

static void try_count(struct trial *t, size_t n, const char *rule)
{
    void *message = fresh(t);
    fill_items(t->field, message, n, t->rng, 1, t->arena);
    try_message(t, message, rule);
}

static void integer_boundaries(struct trial *t)
{
    int64_t min = 0;
    int64_t max = 0;
    int64_t lowest = t->field->kind == RT_I32 || t->field->kind == RT_DATE ? INT32_MIN : INT64_MIN;
    int64_t highest = t->field->kind == RT_U32 ? UINT32_MAX
                      : lowest == INT32_MIN    ? INT32_MAX
                                               : INT64_MAX;
    bounds_of(t->field, &min, &max);
    try_integer(t, min, NULL);
    try_integer(t, max, NULL);
    bool clamped = t->field->kind == RT_TIME || t->field->kind == RT_DATE;
    /* An unsigned member cannot hold -1, and JSON cannot show a time that it has no text for. */
    if (min > lowest && t->field->kind != RT_U32 && t->field->kind != RT_U64 &&
        (!clamped || (t->field->flags & RT_FIELD_HAS_MIN)))
        try_integer(t, min - 1, "min");
    if (max < highest && (!clamped || (t->field->flags & RT_FIELD_HAS_MAX)))
        try_integer(t, max + 1, "max");
}

static void length_boundaries(struct trial *t)
{
    enum { LONGEST = 100000 };
    const struct rt_limits *limits = limits_of(t->field);
    bool free_text = !limits->format && !limits->pattern;
    int64_t min = 0;
    int64_t max = 0;
    length_bounds(t->field, &min, &max);
    if (free_text)
        try_length(t, min, NULL);
    if (min > 0)
        try_length(t, min - 1, "length");
    if (max > LONGEST)
        return;
    if (free_text)
        try_length(t, max, NULL);
    try_length(t, max + 1, "length");
}

static void count_boundaries(struct trial *t)
{
    enum { MOST = 1000 };
    const struct rt_limits *limits = limits_of(t->field);
    if (limits->items_min > 0) {
        try_count(t, limits->items_min, NULL);
        try_count(t, limits->items_min - 1, "items");
    }
    if (limits->items_max > 0 && limits->items_max <= MOST) {
        try_count(t, limits->items_max, NULL);
        try_count(t, limits->items_max + 1, "items");
    }
}

const char *wire_boundaries(const struct rt_message *type, struct wire_rng *rng,
                            struct rt_arena *arena, size_t *tried)
{
    struct trial t = {.type = *type, .rng = rng, .arena = arena, .tried = tried};
    t.type.n_rules = 0;
    for (size_t i = 0; i < type->n_fields && !t.problem; i++) {
        t.field = &type->fields[i];
        if (t.field->shape == RT_LIST || t.field->shape == RT_MAP)
            count_boundaries(&t);
        else if (has_integer(t.field))
            integer_boundaries(&t);
        else if (rt_kind_is_string(t.field->kind) || t.field->kind == RT_BYTES)
            length_boundaries(&t);
    }
    return t.problem;
}
