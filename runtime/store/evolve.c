#include "runtime/store/evolve.h"

#include <inttypes.h>

/* One comparison; parts are compared in pairs, each pair once. */
struct evolving {
    const struct rt_model *model;
    const struct rt_description *stored, *now;
    struct rt_description *both;
    struct rt_evolution *evolution;
    struct rt_arena *arena;
    uint8_t *seen; /* a bit for each pair */
    struct rt_error *error;
};

static int compare_parts(struct evolving *e, uint32_t stored, uint32_t now);

/* An integer may become wider: its bytes are the same. */
static bool readable_as(const char *stored, const char *now)
{
    return strcmp(stored, now) == 0 || (strcmp(stored, "i32") == 0 && strcmp(now, "i64") == 0) ||
           (strcmp(stored, "u32") == 0 && strcmp(now, "u64") == 0);
}

static const char *owner_name(const struct evolving *e, const struct rt_described_part *part)
{
    if (part == &e->now->parts[0])
        return e->model->name;
    return rt_arena_printf(e->arena, "%s, %s", e->model->name, part->name);
}

/* A name that is another number's now, both of them in use: values would be swapped. */
static int check_name(struct evolving *e, const struct rt_described_part *stored_part,
                      const struct rt_described_part *now_part,
                      const struct rt_described_field *stored, const struct rt_described_field *now)
{
    if (stored->presence == RT_PRESENCE_DROPPED || strcmp(stored->name, now->name) == 0)
        return 0;
    const struct rt_described_field *before = rt_described_name(stored_part, now->name);
    const struct rt_described_field *after = rt_described_name(now_part, stored->name);
    if (!before && !after)
        return 0; /* renamed */
    return rt_error_set(e->error, RT_ECONFLICT,
                        "model %s: number %" PRIu32 " is stored as %s and is %s now; a name may "
                        "not move to another number",
                        owner_name(e, now_part), now->number, stored->name, now->name);
}

static const struct rt_field *field_of(const struct rt_message *message, uint32_t number)
{
    for (size_t i = 0; i < message->n_fields; i++)
        if (message->fields[i].number == number)
            return &message->fields[i];
    return NULL;
}

static void add(struct evolving *e, struct rt_fields_at *list, const struct rt_message *message,
                const struct rt_field *field)
{
    struct rt_field_at *longer = RT_ARENA_ARRAY(e->arena, list->n_items + 1, struct rt_field_at);
    if (list->n_items > 0)
        memcpy(longer, list->items, list->n_items * sizeof *longer);
    longer[list->n_items++] = (struct rt_field_at){message, field};
    list->items = longer;
}

/* `*ret_fewer`: a value that records may have is gone. */
static int compare_enum(struct evolving *e, const struct rt_described_part *stored,
                        const struct rt_described_part *now, bool *ret_fewer)
{
    int status = 0;
    for (size_t i = 0; status == 0 && i < stored->n_fields; i++) {
        const struct rt_described_field *was = &stored->fields[i];
        const struct rt_described_field *is = rt_described_number(now, was->number);
        if (is)
            status = check_name(e, stored, now, was, is);
        else if (was->presence != RT_PRESENCE_DROPPED)
            *ret_fewer = true;
    }
    return status;
}

static int compare_below(struct evolving *e, const struct rt_described_field *stored,
                         const struct rt_described_field *now, bool *ret_fewer)
{
    if (now->part == 0 || stored->part == 0)
        return 0;
    int status = compare_parts(e, stored->part, now->part);
    const struct rt_described_part *below = &e->now->parts[now->part];
    if (status == 0 && below->enumeration)
        status = compare_enum(e, &e->stored->parts[stored->part], below, ret_fewer);
    return status;
}

static int compare_field(struct evolving *e, const struct rt_described_part *stored_part,
                         const struct rt_described_part *now_part,
                         const struct rt_described_field *stored,
                         const struct rt_described_field *now)
{
    if (!readable_as(stored->class, now->class))
        return rt_error_set(e->error, RT_ECONFLICT,
                            "model %s: field %" PRIu32
                            " is stored as %s (%s) and is %s (%s) now; a field's number may not "
                            "change its meaning",
                            owner_name(e, now_part), now->number, stored->class, stored->name,
                            now->class, now->name);
    bool fewer = stored->rules != now->rules && now->rules != 0;
    bool may_lack =
        stored->presence == RT_PRESENCE_OPTIONAL || stored->presence == RT_PRESENCE_DROPPED;
    int status = check_name(e, stored_part, now_part, stored, now);
    if (status == 0)
        status = compare_below(e, stored, now, &fewer);
    if (status != 0 || e->stored->partial)
        return status;
    const struct rt_message *message = now_part->table;
    const struct rt_field *field = field_of(message, now->number);
    if (fewer || (may_lack && now->presence != RT_PRESENCE_OPTIONAL))
        add(e, &e->evolution->tighter, message, field);
    return 0;
}

/* What a record lacks of a list or map is an empty one, which may break their rules. */
static void meet_new_field(struct evolving *e, const struct rt_described_part *part,
                           const struct rt_described_field *now)
{
    const struct rt_message *message = part->table;
    const struct rt_field *field = field_of(message, now->number);
    RT_ASSERT(field);
    if (field->flags & RT_FIELD_DEFAULT)
        add(e, &e->evolution->defaults, message, field);
    else if (field->shape == RT_ONE && field->kind != RT_VERSION)
        add(e, &e->evolution->required, message, field);
    else if (field->shape == RT_LIST || field->shape == RT_MAP)
        add(e, &e->evolution->tighter, message, field);
}

/* The fields of `now`, and behind a dropped mark those that only `stored` has. */
static void merge(struct evolving *e, const struct rt_described_part *stored,
                  const struct rt_described_part *now, struct rt_described_part *both)
{
    struct rt_described_field *fields =
        RT_ARENA_ARRAY(e->arena, stored->n_fields + now->n_fields, struct rt_described_field);
    size_t n = 0, s = 0;
    for (size_t i = 0; i <= now->n_fields; i++) {
        uint32_t limit = i < now->n_fields ? now->fields[i].number : UINT32_MAX;
        for (; s < stored->n_fields && stored->fields[s].number < limit; s++) {
            fields[n] = stored->fields[s];
            fields[n].part = 0;
            fields[n++].presence = RT_PRESENCE_DROPPED;
        }
        if (i == now->n_fields)
            break;
        fields[n++] = now->fields[i];
        if (s < stored->n_fields && stored->fields[s].number == limit)
            s++;
    }
    both->fields = fields;
    both->n_fields = n;
}

static int compare_parts(struct evolving *e, uint32_t stored_at, uint32_t now_at)
{
    const struct rt_described_part *stored = &e->stored->parts[stored_at];
    const struct rt_described_part *now = &e->now->parts[now_at];
    size_t pair = stored_at * e->now->n_parts + now_at;
    if (e->seen[pair / 8] & (1u << pair % 8))
        return 0;
    e->seen[pair / 8] |= (uint8_t)(1u << pair % 8);
    if (e->both->parts[now_at].fields == now->fields)
        merge(e, stored, now, &e->both->parts[now_at]);
    if (stored->enumeration != now->enumeration)
        return rt_error_set(e->error, RT_ECORRUPT, "model %s: %s is stored as something else",
                            e->model->name, now->name);
    int status = 0;
    if (now->enumeration)
        return 0; /* for each field that is of it */
    for (size_t i = 0; status == 0 && i < now->n_fields; i++) {
        const struct rt_described_field *was = rt_described_number(stored, now->fields[i].number);
        if (was)
            status = compare_field(e, stored, now, was, &now->fields[i]);
        else
            meet_new_field(e, now, &now->fields[i]);
    }
    return status;
}

int rt_evolve(const struct rt_model *model, const struct rt_description *stored,
              const struct rt_description *now, struct rt_arena *arena,
              struct rt_description *ret_both, struct rt_evolution *ret, struct rt_error *error)
{
    struct rt_description both = *now;
    struct rt_evolution evolution = {0};
    both.parts = rt_arena_copy(arena, now->parts, now->n_parts * sizeof *now->parts);
    struct evolving e = {
        .model = model,
        .stored = stored,
        .now = now,
        .both = &both,
        .evolution = &evolution,
        .arena = arena,
        .seen = RT_ARENA_ARRAY(arena, stored->n_parts * now->n_parts / 8 + 1, uint8_t),
        .error = error,
    };
    int status = compare_parts(&e, 0, 0);
    if (status != 0)
        return status;
    *ret_both = both;
    *ret = evolution;
    return 0;
}
