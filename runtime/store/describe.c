#include "runtime/store/describe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { CLASS_MAX = 32, NAME_SIZE = 128 };

/* ---------------------------------------------------------------- of tables */

/* What decides how a stored value is read. One and optional are the same on the wire. */
static const char *class_of(const struct rt_field *field, struct rt_arena *arena)
{
    static const char *const kinds[] = {
        [RT_BOOL] = "bool",     [RT_I32] = "i32",           [RT_I64] = "i64",
        [RT_U32] = "u32",       [RT_U64] = "u64",           [RT_F64] = "f64",
        [RT_STRING] = "text",   [RT_BYTES] = "bytes",       [RT_ID] = "text",
        [RT_REF] = "text",      [RT_TIME] = "time",         [RT_DATE] = "date",
        [RT_ENUM] = "enum",     [RT_DURATION] = "duration", [RT_MESSAGE] = "message",
        [RT_PASSWORD] = "text", [RT_VERSION] = "version",
    };
    static const char *const shapes[] = {
        [RT_ONE] = "", [RT_OPTIONAL] = "", [RT_LIST] = "-list", [RT_MAP] = "-map"};
    const char *shape = shapes[field->shape];
    if (field->kind == RT_DECIMAL)
        return rt_arena_printf(arena, "decimal(%u)%s", field->scale, shape);
    return rt_arena_join(arena, kinds[field->kind], shape, NULL);
}

static void put_number(struct rt_buf *out, int64_t value)
{
    rt_buf_printf(out, "%" PRId64 ";", value);
}

/* A hash of everything that decides which values are allowed. 0: nothing beyond the kind. */
static uint64_t rules_of(const struct rt_field *field)
{
    const uint16_t counts = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE;
    const struct rt_limits *limits = field->limits;
    struct rt_buf text = {0};
    bool exact = field->kind == RT_ID || field->kind == RT_REF;
    if (!(field->flags & counts) && !limits && !exact)
        return 0;
    put_number(&text, field->flags & counts);
    put_number(&text, exact);
    if (limits && (field->flags & RT_FIELD_HAS_MIN))
        put_number(&text, limits->min);
    if (limits && (field->flags & RT_FIELD_HAS_MAX))
        put_number(&text, limits->max);
    if (limits) {
        rt_buf_printf(&text, "%a;%a;", limits->min_f64, limits->max_f64);
        rt_buf_printf(&text, "%" PRIu32 ";%" PRIu32 ";%d;%s", limits->items_min, limits->items_max,
                      (int)limits->format, limits->pattern ? limits->pattern : "");
    }
    uint64_t hash = rt_hash(rt_buf_bytes(&text), 0);
    rt_buf_done(&text);
    return hash;
}

static char presence_of(const struct rt_field *field)
{
    if (field->flags & RT_FIELD_DEFAULT)
        return RT_PRESENCE_DEFAULT;
    return field->shape == RT_OPTIONAL ? RT_PRESENCE_OPTIONAL : RT_PRESENCE_ALWAYS;
}

/* The parts found so far; those that are not described yet are at the end. */
struct finding {
    struct rt_arena *arena;
    struct rt_description *description;
    size_t cap;
};

static uint32_t part_of(struct finding *f, const void *table, bool enumeration)
{
    struct rt_description *d = f->description;
    for (size_t i = 0; i < d->n_parts; i++)
        if (d->parts[i].table == table)
            return (uint32_t)i;
    if (d->n_parts == f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 8;
        struct rt_described_part *parts = RT_ARENA_ARRAY(f->arena, cap, struct rt_described_part);
        if (d->n_parts > 0)
            memcpy(parts, d->parts, d->n_parts * sizeof *parts);
        d->parts = parts;
        f->cap = cap;
    }
    d->parts[d->n_parts] = (struct rt_described_part){.enumeration = enumeration, .table = table};
    return (uint32_t)d->n_parts++;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = ((const struct rt_described_field *)a)->number;
    uint32_t y = ((const struct rt_described_field *)b)->number;
    return (x > y) - (x < y);
}

static void describe_message(struct finding *f, size_t at, const struct rt_message *message)
{
    struct rt_described_field *fields =
        RT_ARENA_ARRAY(f->arena, message->n_fields, struct rt_described_field);
    for (size_t i = 0; i < message->n_fields; i++) {
        const struct rt_field *field = &message->fields[i];
        uint32_t part = 0;
        if (field->kind == RT_ENUM && field->shape != RT_MAP && field->enumeration)
            part = part_of(f, field->enumeration, true);
        else if (field->message && !(field->flags & RT_FIELD_EMBED)) /* stored by its id */
            part = part_of(f, field->message, false);
        fields[i] = (struct rt_described_field){.number = field->number,
                                                .class = class_of(field, f->arena),
                                                .part = part,
                                                .presence = presence_of(field),
                                                .rules = rules_of(field),
                                                .name = field->name};
    }
    qsort(fields, message->n_fields, sizeof *fields, by_number);
    struct rt_described_part *part = &f->description->parts[at];
    part->name = message->name;
    part->fields = fields;
    part->n_fields = message->n_fields;
}

static void describe_enum(struct finding *f, size_t at, const struct rt_enum *e)
{
    struct rt_described_field *values =
        RT_ARENA_ARRAY(f->arena, e->n_values, struct rt_described_field);
    for (size_t i = 0; i < e->n_values; i++)
        values[i] = (struct rt_described_field){.number = (uint32_t)e->values[i].number,
                                                .class = "-",
                                                .presence = RT_PRESENCE_ALWAYS,
                                                .name = e->values[i].name};
    qsort(values, e->n_values, sizeof *values, by_number);
    struct rt_described_part *part = &f->description->parts[at];
    part->name = e->name;
    part->fields = values;
    part->n_fields = e->n_values;
}

void rt_description_of(const struct rt_model *model, struct rt_arena *arena,
                       struct rt_description *ret)
{
    struct finding f = {.arena = arena, .description = ret};
    *ret = (struct rt_description){.replica = model->replica};
    part_of(&f, model->message, false);
    for (size_t i = 0; i < ret->n_parts; i++) {
        const void *table = ret->parts[i].table;
        if (ret->parts[i].enumeration)
            describe_enum(&f, i, table);
        else
            describe_message(&f, i, table);
    }
}

/* ------------------------------------------------------------------ as text */

void rt_description_put(const struct rt_description *description, struct rt_buf *out)
{
    rt_buf_puts(out, description->replica ? "replica\n" : "model\n");
    for (size_t i = 0; i < description->n_parts; i++) {
        const struct rt_described_part *part = &description->parts[i];
        rt_buf_printf(out, "%s %s\n", part->enumeration ? "enum" : "message", part->name);
        for (size_t k = 0; k < part->n_fields; k++) {
            const struct rt_described_field *field = &part->fields[k];
            rt_buf_printf(out, "%" PRIu32 " %s %" PRIu32 " %c %016" PRIx64 " %s\n", field->number,
                          field->class, field->part, field->presence, field->rules, field->name);
        }
    }
}

/* ---------------------------------------------------------------- from text */

struct parsing {
    struct rt_arena *arena;
    struct rt_description *description;
    size_t parts_cap;
    size_t fields_cap; /* of the part under way */
};

static void add_part(struct parsing *p, bool enumeration, const char *name)
{
    struct rt_description *d = p->description;
    if (d->n_parts == p->parts_cap) {
        size_t cap = p->parts_cap ? 2 * p->parts_cap : 8;
        struct rt_described_part *parts = RT_ARENA_ARRAY(p->arena, cap, struct rt_described_part);
        if (d->n_parts > 0)
            memcpy(parts, d->parts, d->n_parts * sizeof *parts);
        d->parts = parts;
        p->parts_cap = cap;
    }
    d->parts[d->n_parts++] = (struct rt_described_part){.enumeration = enumeration,
                                                        .name = rt_arena_strdup(p->arena, name)};
    p->fields_cap = 0;
}

/* False when numbers do not ascend. */
static bool add_field(struct parsing *p, const struct rt_described_field *field)
{
    struct rt_description *d = p->description;
    if (d->n_parts == 0)
        return false;
    struct rt_described_part *part = &d->parts[d->n_parts - 1];
    if (field->number == 0 ||
        (part->n_fields > 0 && part->fields[part->n_fields - 1].number >= field->number))
        return false;
    if (part->n_fields == p->fields_cap) {
        size_t cap = p->fields_cap ? 2 * p->fields_cap : 16;
        struct rt_described_field *fields =
            RT_ARENA_ARRAY(p->arena, cap, struct rt_described_field);
        if (part->n_fields > 0)
            memcpy(fields, part->fields, part->n_fields * sizeof *fields);
        part->fields = fields;
        p->fields_cap = cap;
    }
    part->fields[part->n_fields++] = *field;
    return true;
}

static bool is_presence(char c)
{
    return c == RT_PRESENCE_ALWAYS || c == RT_PRESENCE_OPTIONAL || c == RT_PRESENCE_DEFAULT ||
           c == RT_PRESENCE_DROPPED;
}

static bool parse_line(struct parsing *p, const char *line)
{
    char class[CLASS_MAX], name[NAME_SIZE];
    struct rt_described_field field = {0};
    int end = 0;
    if (sscanf(line, "message %127s%n", name, &end) == 1 && line[end] == '\0') {
        add_part(p, false, name);
        return true;
    }
    if (sscanf(line, "enum %127s%n", name, &end) == 1 && line[end] == '\0') {
        add_part(p, true, name);
        return true;
    }
    if (sscanf(line, "%" SCNu32 " %31s %" SCNu32 " %c %" SCNx64 " %127s%n", &field.number, class,
               &field.part, &field.presence, &field.rules, name, &end) != 6 ||
        line[end] != '\0' || !is_presence(field.presence))
        return false;
    field.class = rt_arena_strdup(p->arena, class);
    field.name = rt_arena_strdup(p->arena, name);
    return add_field(p, &field);
}

/* "3 decimal(2) price", as older programs wrote it. */
static bool parse_old_line(struct parsing *p, const char *line)
{
    char class[CLASS_MAX], name[NAME_SIZE];
    struct rt_described_field field = {.presence = RT_PRESENCE_ALWAYS};
    int end = 0;
    if (sscanf(line, "%" SCNu32 " %31s %127s%n", &field.number, class, name, &end) != 3 ||
        line[end] != '\0')
        return false;
    field.class = rt_arena_strdup(p->arena, class);
    field.name = rt_arena_strdup(p->arena, name);
    return add_field(p, &field);
}

static bool parts_are_there(const struct rt_description *d)
{
    for (size_t i = 0; i < d->n_parts; i++)
        for (size_t k = 0; k < d->parts[i].n_fields; k++)
            if (d->parts[i].fields[k].part >= d->n_parts)
                return false;
    return d->n_parts > 0 && !d->parts[0].enumeration;
}

int rt_description_parse(const char *text, struct rt_arena *arena, struct rt_description *ret,
                         struct rt_error *error)
{
    struct rt_description description = {0};
    struct parsing p = {.arena = arena, .description = &description};
    char *rest = rt_arena_strdup(arena, text);
    char *line = strsep(&rest, "\n");
    bool replica = strcmp(line, "replica") == 0;
    bool whole = replica || strcmp(line, "model") == 0;
    bool fine = rest || whole;
    description.replica = replica;
    description.partial = !whole;
    if (!whole)
        add_part(&p, false, "-");
    if (!whole && fine)
        fine = parse_old_line(&p, line);
    while (fine && rest && (line = strsep(&rest, "\n")) && (rest || *line != '\0'))
        fine = rest && (whole ? parse_line(&p, line) : parse_old_line(&p, line));
    if (!fine || !parts_are_there(&description))
        return rt_error_set(error, RT_ECORRUPT, "a stored description of records makes no sense");
    *ret = description;
    return 0;
}

/* --------------------------------------------------------------- looking up */

const struct rt_described_field *rt_described_number(const struct rt_described_part *part,
                                                     uint32_t number)
{
    struct rt_described_field key = {.number = number};
    if (part->n_fields == 0)
        return NULL;
    return bsearch(&key, part->fields, part->n_fields, sizeof key, by_number);
}

const struct rt_described_field *rt_described_name(const struct rt_described_part *part,
                                                   const char *name)
{
    for (size_t i = 0; i < part->n_fields; i++)
        if (part->fields[i].presence != RT_PRESENCE_DROPPED &&
            strcmp(part->fields[i].name, name) == 0)
            return &part->fields[i];
    return NULL;
}
