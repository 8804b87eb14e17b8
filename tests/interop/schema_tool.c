/*
 * Holds the tables that runtime/wire makes of a schema.binpb against those that the compiler emits
 * as C for the same schema: member by member, bound by bound. Then sends random messages through
 * both, which must come to the same bytes and the same JSON.
 *
 *   schema_tool SCHEMA.BINPB
 */
#include <stdio.h>
#include <stdlib.h>

#include "runtime/wire/schema.h"
#include "tests/interop/gen_messages.h"
#include "tests/support/wire_values.h"

enum { ROUNDS = 20 };

static size_t wrong;

static void same(bool is, const struct rt_message *type, const char *field, const char *what)
{
    if (is)
        return;
    fprintf(stderr, "%s.%s: %s differs\n", type->pb.name, field, what);
    wrong++;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_limits(const struct rt_limits *a, const struct rt_limits *b)
{
    static const struct rt_limits none;
    a = a ? a : &none;
    b = b ? b : &none;
    return a->min == b->min && a->max == b->max && !(a->min_f64 < b->min_f64) &&
           !(a->min_f64 > b->min_f64) && !(a->max_f64 < b->max_f64) && !(a->max_f64 > b->max_f64) &&
           a->items_min == b->items_min && a->items_max == b->items_max && a->format == b->format &&
           same_text(a->pattern, b->pattern);
}

static bool same_enum(const struct rt_enum *a, const struct rt_enum *b)
{
    if (!a || !b || a->n_values != b->n_values || strcmp(a->name, b->name) != 0)
        return a == b;
    for (size_t i = 0; i < a->n_values; i++)
        if (a->values[i].number != b->values[i].number ||
            !same_text(a->values[i].name, b->values[i].name) ||
            !same_text(a->values[i].json, b->values[i].json))
            return false;
    return true;
}

static void compare(const struct rt_message *emitted, const struct rt_message *loaded);

/* Defaults are not in the file. */
static void compare_field(const struct rt_message *type, const struct rt_field *a,
                          const struct rt_field *b)
{
    same(same_text(a->name, b->name), type, a->name, "name");
    same(same_text(a->json, b->json), type, a->name, "JSON name");
    same(a->number == b->number, type, a->name, "number");
    same(a->kind == b->kind, type, a->name, "kind");
    same(a->shape == b->shape, type, a->name, "shape");
    same(a->scale == b->scale, type, a->name, "scale");
    same((a->flags & ~RT_FIELD_DEFAULT) == b->flags, type, a->name, "flags");
    same(a->offset == b->offset, type, a->name, "offset");
    same(a->quantifier == b->quantifier, type, a->name, "quantifier");
    same(same_limits(a->limits, b->limits), type, a->name, "limits");
    same(same_enum(a->enumeration, b->enumeration), type, a->name, "enum");
    same(!a->message == !b->message, type, a->name, "message");
    if (a->shape == RT_MAP && b->shape == RT_MAP)
        compare(a->message, b->message);
    else if (a->message && b->message)
        same(same_text(a->message->pb.name, b->message->pb.name), type, a->name, "message");
}

static void compare_pb(const struct rt_message *a, const struct rt_message *b)
{
    same(a->pb.n_fields == b->pb.n_fields, a, "", "number of fields");
    same(a->pb.n_field_ranges == b->pb.n_field_ranges, a, "", "number of ranges");
    for (unsigned i = 0; wrong == 0 && i < a->pb.n_fields; i++) {
        const ProtobufCFieldDescriptor *x = &a->pb.fields[i];
        const ProtobufCFieldDescriptor *y = &b->pb.fields[i];
        same(x->id == y->id && x->label == y->label && x->type == y->type && x->flags == y->flags &&
                 x->offset == y->offset && x->quantifier_offset == y->quantifier_offset,
             a, x->name, "row for protobuf");
        same(x->default_value == y->default_value, a, x->name, "default for protobuf");
    }
    for (unsigned i = 0; wrong == 0 && i <= a->pb.n_field_ranges; i++)
        same(a->pb.field_ranges[i].start_value == b->pb.field_ranges[i].start_value &&
                 a->pb.field_ranges[i].orig_index == b->pb.field_ranges[i].orig_index,
             a, "", "range");
}

static void compare(const struct rt_message *emitted, const struct rt_message *loaded)
{
    same(emitted->n_fields == loaded->n_fields, emitted, "", "number of fields");
    same(emitted->pb.sizeof_message == loaded->pb.sizeof_message, emitted, "", "size");
    for (size_t i = 0; wrong == 0 && i < emitted->n_fields; i++)
        compare_field(emitted, &emitted->fields[i], &loaded->fields[i]);
    compare_pb(emitted, loaded);
}

/* Bytes of the one are read by the other, and shown alike. */
static void exchange(const struct rt_message *emitted, const struct rt_message *loaded,
                     struct wire_rng *rng)
{
    struct rt_arena arena;
    struct rt_buf bytes = {0};
    struct rt_buf again = {0};
    struct rt_buf json[2] = {{0}, {0}};
    struct rt_message plain = *emitted;
    void *back = NULL;
    plain.n_rules = 0; /* rules across fields are not in the file */
    rt_arena_init(&arena, 0);
    void *message = wire_random(&plain, rng, &arena);
    rt_pb_encode(message, &bytes);
    rt_json_encode(message, &json[0]);
    same(rt_pb_decode(loaded, rt_buf_bytes(&bytes), &arena, &back, NULL) == 0, emitted, "",
         "what decodes");
    if (back) {
        rt_pb_encode(back, &again);
        rt_json_encode(back, &json[1]);
        same(rt_bytes_eq(rt_buf_bytes(&bytes), rt_buf_bytes(&again)), emitted, "", "encoding");
        same(rt_bytes_eq(rt_buf_bytes(&json[0]), rt_buf_bytes(&json[1])), emitted, "", "JSON");
    }
    size_t tried = 0;
    const char *problem = wire_boundaries(loaded, rng, &arena, &tried);
    same(!problem, emitted, problem ? problem : "", "what is valid");
    rt_buf_done(&bytes);
    rt_buf_done(&again);
    rt_buf_done(&json[0]);
    rt_buf_done(&json[1]);
    rt_arena_done(&arena);
}

static struct rt_schema *load(const char *path)
{
    struct rt_schema *schema = NULL;
    struct rt_buf bytes = {0};
    struct rt_error error = {.message = "cannot be read"};
    FILE *file = fopen(path, "rbe");
    int c;
    while (file && (c = getc(file)) != EOF)
        rt_buf_byte(&bytes, (uint8_t)c);
    if (!file || rt_schema_load(rt_buf_bytes(&bytes), &schema, &error) != 0)
        fprintf(stderr, "%s: %s\n", path, error.message);
    if (file)
        fclose(file);
    rt_buf_done(&bytes);
    return schema;
}

int main(int argc, char **argv)
{
    struct rt_schema *schema = argc == 2 ? load(argv[1]) : NULL;
    struct wire_rng rng = {11};
    size_t compared = 0;
    if (!schema)
        return EXIT_FAILURE;
    for (size_t i = 0; i < gen_messages_count; i++) {
        const struct rt_message *loaded =
            rt_schema_message(schema, rt_str(gen_messages[i]->pb.name));
        if (!loaded)
            continue; /* a query has no .proto */
        compared++;
        same(same_text(gen_messages[i]->name, loaded->name), loaded, "", "name");
        compare(gen_messages[i], loaded);
        for (int round = 0; wrong == 0 && round < ROUNDS; round++)
            exchange(gen_messages[i], loaded, &rng);
    }
    size_t events = 0;
    while (rt_schema_event(schema, events))
        events++;
    printf("%zu messages, %zu events, %zu differences\n", compared, events, wrong);
    rt_schema_free(schema);
    return wrong > 0 || compared == 0 || events == 0;
}
