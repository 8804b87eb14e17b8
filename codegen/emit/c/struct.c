/* The struct of a message, with a comment behind each member: what it holds, in which unit. */
#include <inttypes.h>

#include "codegen/emit/c/c.h"
#include "codegen/model/names.h"

/* ----------------------------------------------------------------- comments */

/* Parts of a comment, joined by "; " or ", ". */
struct note {
    struct rt_arena *arena;
    const char *text;
};

static void note_add(struct note *note, const char *separator, const char *part)
{
    if (!part || *part == '\0')
        return;
    note->text =
        *note->text ? rt_arena_printf(note->arena, "%s%s%s", note->text, separator, part) : part;
}

static const char *kind_note(struct ts_c *c, const struct ts_field *field)
{
    const struct ts_type *type = &field->type;
    switch (type->kind) {
    case TS_DECIMAL:
        return rt_arena_printf(c->arena, "times 10^%u", (unsigned)type->scale);
    case TS_TIME:
        return "ms since 1970";
    case TS_DATE:
        return "days since 1970-01-01";
    case TS_DURATION:
        return "ms";
    case TS_BYTES:
        return "bytes";
    case TS_VERSION:
        return field->message->kind == TS_MODEL ? "1 on create, +1 per update" : NULL;
    case TS_PASSWORD:
        return ts_message_is_stored(field->message) ? "its hash; secret" : "clear text; secret";
    case TS_REF:
        return rt_arena_printf(c->arena, "id of %s.%s", type->message->service->name,
                               type->message->name);
    case TS_MESSAGE:
        return field->embed ? "its id alone when stored" : NULL;
    default:
        return NULL;
    }
}

static const char *range_note(struct rt_arena *arena, const char *min, const char *max,
                              const char *unit)
{
    if (min && max && strcmp(min, max) == 0)
        return rt_arena_printf(arena, "%s%s", min, unit);
    if (min && max)
        return rt_arena_printf(arena, "%s..%s%s", min, max, unit);
    if (min)
        return rt_arena_printf(arena, "at least %s%s", min, unit);
    return max ? rt_arena_printf(arena, "at most %s%s", max, unit) : NULL;
}

static const char *count_note(struct rt_arena *arena, uint32_t min, uint32_t max, const char *unit)
{
    const char *low = min > 0 ? rt_arena_printf(arena, "%" PRIu32, min) : NULL;
    const char *high = max != TS_UNBOUNDED ? rt_arena_printf(arena, "%" PRIu32, max) : NULL;
    return range_note(arena, low, high, unit);
}

static const char *limits_note(struct rt_arena *arena, const struct ts_type *type)
{
    static const char *const formats[] = {
        [TS_FORMAT_NONE] = "",       [TS_FORMAT_EMAIL] = "an email address",
        [TS_FORMAT_URL] = "a URL",   [TS_FORMAT_UUID] = "a UUID",
        [TS_FORMAT_SLUG] = "a slug",
    };
    struct note note = {arena, ""};
    note_add(&note, ", ", formats[type->format]);
    if (type->kind == TS_STRING)
        note_add(&note, ", ", count_note(arena, type->min_len, type->max_len, " characters"));
    else if (type->kind == TS_BYTES)
        note_add(&note, ", ", count_note(arena, type->min_len, type->max_len, " of them"));
    else if (type->has_min || type->has_max)
        note_add(&note, ", ",
                 range_note(arena, type->has_min ? ts_value_text(arena, type, &type->min) : NULL,
                            type->has_max ? ts_value_text(arena, type, &type->max) : NULL, ""));
    note_add(&note, ", ", type->pattern ? rt_arena_printf(arena, "like %s", type->pattern) : NULL);
    note_add(&note, ", ", type->trim ? "trimmed" : NULL);
    note_add(&note, ", ", type->lower ? "lower case" : NULL);
    if (type->shape != TS_ONE)
        note_add(&note, ", ",
                 count_note(arena, type->min_items, type->max_items,
                            type->shape == TS_LIST ? " items" : " entries"));
    note_add(&note, ", ", type->unique_items ? "all different" : NULL);
    return note.text;
}

const char *ts_c_member_comment(struct ts_c *c, const struct ts_field *field, bool pointers)
{
    struct note note = {c->arena, ""};
    const struct ts_type *type = &field->type;
    note_add(&note, ", ", kind_note(c, field));
    note_add(&note, ", ", limits_note(c->arena, type));
    if (pointers && type->optional && !ts_c_has_flag(type))
        note_add(&note, ", ", "or NULL");
    if (ts_c_has_default(field))
        note_add(&note, ", ",
                 rt_arena_printf(c->arena, "%s unless given",
                                 ts_value_text(c->arena, type, &field->default_value)));
    if (field->has_example)
        note_add(&note, ", ",
                 rt_arena_printf(c->arena, "such as %s",
                                 ts_value_text(c->arena, type, &field->example)));
    bool plain_now = field->origin && field->origin->embed && !field->embed;
    const char *doc = plain_now ? NULL : field->doc;
    if (doc && strchr(doc, '\n'))
        note_add(&note, "\n", doc);
    else
        note_add(&note, "; ", doc);
    return *note.text ? note.text : NULL;
}

/* ------------------------------------------------------------------ members */

struct members {
    struct ts_item *items;
    size_t count;
};

static void add(struct members *members, const char *text, const char *comment)
{
    members->items[members->count++] = (struct ts_item){text, comment};
}

static void add_field(struct ts_c *c, struct members *members, const struct ts_field *field)
{
    struct rt_arena *arena = c->arena;
    const struct ts_type *type = &field->type;
    const char *comment = ts_c_member_comment(c, field, true);
    if (type->shape == TS_MAP) {
        add(members, rt_arena_printf(arena, "size_t n_%s;", field->name), NULL);
        add(members, rt_arena_printf(arena, "struct %s **%s;", ts_c_entry(c, field), field->name),
            comment);
        return;
    }
    const char *value = ts_c_value_type(c, field);
    if (type->shape == TS_LIST)
        add(members, rt_arena_printf(arena, "size_t n_%s;", field->name), NULL);
    else if (ts_c_has_flag(type))
        add(members, rt_arena_printf(arena, "protobuf_c_boolean has_%s;", field->name), NULL);
    const char *star = type->shape == TS_LIST ? "*" : "";
    /* libprotobuf-c frees and grows lists of char *, which are not const there. */
    add(members, rt_arena_printf(arena, "%s%s%s;", value, star, field->name), comment);
}

/* The entries of a map are messages of their own on the wire. */
static void put_entry(struct ts_c *c, struct ts_writer *w, const struct ts_field *field)
{
    ts_set(w, "entry", ts_c_entry(c, field));
    ts_set(w, "field", field->name);
    ts_set(w, "value", ts_c_value_type(c, field));
    ts_put(w, "\n"
              "/* One of $field below. */\n"
              "struct $entry {\n"
              "    ProtobufCMessage base;\n"
              "    const char *key;\n"
              "    ${value}value;\n"
              "};");
}

static const char *kind_comment(struct ts_c *c, const struct ts_message *message)
{
    const char *origin = message->origin ? message->origin->name : "";
    const char *a = strchr("AEIOU", *origin) ? "an" : "a";
    switch (message->kind) {
    case TS_EVENT:
        return rt_arena_printf(c->arena, "Event \"%s\" of %s %s.", message->event->subject, a,
                               origin);
    case TS_NESTED:
        return rt_arena_printf(c->arena, "What %s carries of %s %s.", message->parent->name, a,
                               origin);
    case TS_VIEW:
        return rt_arena_printf(c->arena, "What others may see of %s %s.", a, origin);
    case TS_DERIVED:
        return rt_arena_printf(c->arena, "Fields of %s %s.", a, origin);
    case TS_REPLICA:
        return rt_arena_printf(c->arena, "Kept from the events of %s.%s.",
                               message->origin->service->name, origin);
    default:
        return NULL;
    }
}

static const char *init_values(struct ts_c *c, const struct ts_message *message)
{
    const char *values = "";
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct ts_field *field = &message->fields[i];
        if (ts_c_has_default(field) && field->type.kind != TS_BYTES)
            values =
                rt_arena_printf(c->arena, "%s, %s.%s = %s", values,
                                ts_c_has_flag(&field->type)
                                    ? rt_arena_printf(c->arena, ".has_%s = 1, ", field->name)
                                    : "",
                                field->name, ts_c_value(c, &field->type, &field->default_value));
    }
    return values;
}

void ts_emit_struct(struct ts_c *c, struct ts_writer *w, const struct ts_message *message)
{
    struct members members = {0};
    members.items = RT_ARENA_ARRAY(c->arena, 2 * message->n_fields + 1, struct ts_item);
    const char *type = ts_c_type(c, message);
    add(&members, "ProtobufCMessage base;", NULL);
    for (size_t i = 0; i < message->n_fields; i++) {
        if (message->fields[i].type.shape == TS_MAP)
            put_entry(c, w, &message->fields[i]);
        add_field(c, &members, &message->fields[i]);
    }
    const char *values = init_values(c, message);
    ts_set(w, "T", type);
    ts_set(w, "TYPE", ts_upper(c, type));
    ts_set(w, "INIT", *values ? "RT_MESSAGE_INIT_WITH" : "RT_MESSAGE_INIT");
    ts_set(w, "values", values);
    ts_put(w, "");
    bool own_doc = message->doc && message->kind != TS_NESTED;
    ts_comment(w, 0, own_doc ? message->doc : kind_comment(c, message));
    ts_put(w, "struct $T {");
    ts_members(w, members.items, members.count);
    ts_put(w, "};");
    if (message->kind == TS_EVENT) {
        ts_set(w, "subject", ts_quoted(c->arena, message->event->subject));
        ts_define(w, "${TYPE}_SUBJECT", "$subject");
    }
    ts_put(w, "extern const struct rt_message ${T}_message;\n"
              "extern const struct rt_field ${T}_fields[];");
    ts_define(w, "${TYPE}_INIT", "$INIT($T$values)");
}
