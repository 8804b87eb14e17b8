/* How two types differ: in what values mean, and in which ones are allowed. */
#include "codegen/breaking/compare.h"

/* ------------------------------------------------------------------ meaning */

/* All three are texts, and an id is a text to every service but its owner. */
static bool is_text(enum ts_kind kind)
{
    return kind == TS_STRING || kind == TS_ID || kind == TS_REF;
}

static bool same_names(const struct ts_message *a, const struct ts_message *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->service->name, b->service->name) == 0;
}

static bool same_enums(const struct ts_enum *a, const struct ts_enum *b)
{
    return strcmp(a->name, b->name) == 0 && !a->service == !b->service &&
           (!a->service || strcmp(a->service->name, b->service->name) == 0);
}

enum ts_type_change ts_type_compare(const struct ts_type *old, const struct ts_type *now)
{
    if (old->shape != now->shape)
        return TS_TYPE_OTHER;
    if (old->kind != now->kind) {
        bool wider = (old->kind == TS_I32 && now->kind == TS_I64) ||
                     (old->kind == TS_U32 && now->kind == TS_U64);
        bool text = is_text(old->kind) && is_text(now->kind);
        return wider ? TS_TYPE_WIDER : text ? TS_TYPE_SAME : TS_TYPE_OTHER;
    }
    if (now->kind == TS_DECIMAL && old->scale != now->scale)
        return TS_TYPE_OTHER;
    if (now->kind == TS_MESSAGE && !same_names(old->message, now->message))
        return TS_TYPE_OTHER;
    if (now->kind == TS_REF && !same_names(old->message, now->message))
        return TS_TYPE_OTHER;
    if (now->kind == TS_ENUM && !same_enums(old->enumeration, now->enumeration))
        return TS_TYPE_OTHER;
    return TS_TYPE_SAME;
}

/* -------------------------------------------------------------- constraints */

/* Which member of a value counts, so that i32 and i64 can be compared with each other. */
static int compare_values(enum ts_kind kind, const union ts_value *a, const union ts_value *b)
{
    if (kind == TS_U32 || kind == TS_U64)
        return (a->natural > b->natural) - (a->natural < b->natural);
    if (kind == TS_F64)
        return (a->real > b->real) - (a->real < b->real);
    return (a->integer > b->integer) - (a->integer < b->integer);
}

struct wording {
    struct rt_arena *arena;
    const char *text; /* NULL: nothing is tighter so far */
};

static void say(struct wording *w, const char *text)
{
    w->text = w->text ? rt_arena_join(w->arena, w->text, "; ", text, NULL) : text;
}

static void say_length(struct wording *w, const char *unit, uint32_t from_min, uint32_t to_min,
                       uint32_t from_max, uint32_t to_max)
{
    if (to_min > from_min)
        say(w, rt_arena_printf(w->arena, "at least %u %s, %u before", to_min, unit, from_min));
    if (to_max < from_max && from_max == TS_UNBOUNDED)
        say(w, rt_arena_printf(w->arena, "at most %u %s, any number before", to_max, unit));
    else if (to_max < from_max)
        say(w, rt_arena_printf(w->arena, "at most %u %s, %u before", to_max, unit, from_max));
}

static void say_range(struct wording *w, const struct ts_type *from, const struct ts_type *to)
{
    if (to->has_min && (!from->has_min || compare_values(to->kind, &to->min, &from->min) > 0))
        say(w, rt_arena_printf(w->arena, "at least %s, %s before",
                               ts_value_text(w->arena, to, &to->min),
                               from->has_min ? ts_value_text(w->arena, from, &from->min) : "any"));
    if (to->has_max && (!from->has_max || compare_values(to->kind, &to->max, &from->max) < 0))
        say(w, rt_arena_printf(w->arena, "at most %s, %s before",
                               ts_value_text(w->arena, to, &to->max),
                               from->has_max ? ts_value_text(w->arena, from, &from->max) : "any"));
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *const formats[] = {
    [TS_FORMAT_NONE] = "none", [TS_FORMAT_EMAIL] = "email", [TS_FORMAT_URL] = "url",
    [TS_FORMAT_UUID] = "uuid", [TS_FORMAT_SLUG] = "slug",
};

static void say_text(struct wording *w, const struct ts_type *from, const struct ts_type *to)
{
    say_length(w, to->kind == TS_STRING ? "characters" : "bytes", from->min_len, to->min_len,
               from->max_len, to->max_len);
    if (to->format != TS_FORMAT_NONE && to->format != from->format)
        say(w, rt_arena_printf(w->arena, "has to be of the format `%s`", formats[to->format]));
    if (to->pattern && !same_text(to->pattern, from->pattern))
        say(w, rt_arena_printf(w->arena, "has to match \"%s\"", to->pattern));
    if (from->kind == TS_STRING && to->kind != TS_STRING)
        say(w, "has to be an id");
}

const char *ts_type_tighter(struct rt_arena *arena, const struct ts_type *from,
                            const struct ts_type *to)
{
    struct wording w = {.arena = arena};
    if (is_text(to->kind) || to->kind == TS_BYTES || to->kind == TS_PASSWORD)
        say_text(&w, from, to);
    else if (to->kind != TS_BOOL && to->kind != TS_ENUM && to->kind != TS_MESSAGE)
        say_range(&w, from, to);
    if (to->shape != TS_ONE)
        say_length(&w, to->shape == TS_LIST ? "items" : "entries", from->min_items, to->min_items,
                   from->max_items, to->max_items);
    if (to->unique_items && !from->unique_items)
        say(&w, "no two items alike");
    if (to->shape == TS_MAP)
        say_length(&w, "characters in a key", from->key_min_len, to->key_min_len, from->key_max_len,
                   to->key_max_len);
    return w.text;
}

const char *ts_type_words(struct rt_arena *arena, const struct ts_type *type)
{
    const char *name = ts_kind_name(type->kind);
    if (type->kind == TS_ENUM)
        name = type->enumeration->name;
    else if (type->kind == TS_MESSAGE)
        name = type->message->name;
    else if (type->kind == TS_REF)
        name = rt_arena_printf(arena, "ref %s", type->message->name);
    else if (type->kind == TS_DECIMAL)
        name = rt_arena_printf(arena, "decimal(%u)", type->scale);
    if (type->shape == TS_MAP)
        return rt_arena_printf(arena, "map<string, %s>", name);
    return rt_arena_printf(arena, "%s%s", name,
                           type->shape == TS_LIST ? "[]"
                           : type->optional       ? "?"
                                                  : "");
}
