/* Names within one message or service: those that emitted structs make of them. */
#include <stdlib.h>

#include "codegen/check/impl.h"
#include "codegen/model/emitted.h"

/* ------------------------------------------------------------ has_x and n_x */

/* Whether the struct of the message has a has_x for the field x. */
static bool has_flag(const struct ts_field *field)
{
    bool text = field->type.kind == TS_STRING || field->type.kind == TS_ID ||
                field->type.kind == TS_REF || field->type.kind == TS_PASSWORD;
    bool message = field->type.kind == TS_MESSAGE;
    if (field->type.shape != TS_ONE)
        return false;
    return field->message->bounded ? field->type.optional || message
                                   : field->type.optional && !text && !message;
}

static void check_companion(struct ts_checker *c, const struct ts_message *message,
                            const struct ts_field *field)
{
    const char *name = field->name;
    bool has = strncmp(name, "has_", 4) == 0;
    if (!has && strncmp(name, "n_", 2) != 0)
        return;
    const struct ts_field *other = ts_message_field(message, name + (has ? 4 : 2));
    if (!other || !(has ? has_flag(other) : other->type.shape != TS_ONE))
        return;
    if (field->origin && !message->bounded)
        return; /* it is said of the message picked from */
    ts_help(
        ts_label(ts_note(ts_report(c->diags, TS_T_COLLISION, field->span,
                                   "field `%s` is also what C has beside `%s`", name, other->name),
                         has ? "a member `has_x` tells whether an optional `x` is there"
                             : "a member `n_x` counts the items of `x`"),
                 other->span, "it is declared here"),
        "give one of them another name");
}

/* ------------------------------------------------------ without underscores */

struct squeezed {
    uint64_t hash;
    const struct ts_field *field;
};

static int compare_squeezed(const void *a, const void *b)
{
    const struct squeezed *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->field > y->field) - (x->field < y->field);
}

static uint64_t squeeze(const char *name)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */
    for (; *name != '\0'; name++)
        if (*name != '_')
            hash = (hash ^ (uint8_t)*name) * 1099511628211u;
    return hash;
}

static bool squeezed_equal(const char *a, const char *b)
{
    for (;; a++, b++) {
        while (*a == '_')
            a++;
        while (*b == '_')
            b++;
        if (*a != *b)
            return false;
        if (*a == '\0')
            return true;
    }
}

/* Two names that differ by underscores alone: protobuf refuses them, since they are one in JSON or
 * may be read as one. */
static void check_squeezed(struct ts_checker *c, const struct ts_message *message)
{
    struct squeezed small[64];
    size_t count = message->n_fields;
    struct squeezed *list = count <= sizeof small / sizeof *small
                                ? small
                                : RT_ARENA_ARRAY(c->arena, count, struct squeezed);
    uint64_t filter[64] = {0}; /* a bit for each of so many hashes, to see at once that none meet */
    bool meets = false;
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = squeeze(message->fields[i].name);
        uint64_t *word = &filter[hash >> 58];
        uint64_t bit = (uint64_t)1 << (hash >> 52 & 63);
        meets = meets || (*word & bit) != 0;
        *word |= bit;
        list[i] = (struct squeezed){hash, &message->fields[i]};
    }
    if (!meets)
        return;
    qsort(list, count, sizeof *list, compare_squeezed);
    for (size_t i = 1; i < count; i++) {
        const struct ts_field *first = list[i - 1].field, *field = list[i].field;
        if (list[i].hash != list[i - 1].hash || !squeezed_equal(first->name, field->name) ||
            field->origin || strcmp(first->name, field->name) == 0)
            continue;
        ts_note(ts_label(ts_report(c->diags, TS_T_COLLISION, field->span,
                                   "fields `%s` and `%s` differ by underscores alone", first->name,
                                   field->name),
                         first->span, "the first one is here"),
                "protobuf and JSON would take them for one");
    }
}

static void check_members(struct ts_checker *c, const struct ts_message *message)
{
    for (size_t i = 0; i < message->n_fields; i++)
        check_companion(c, message, &message->fields[i]);
    check_squeezed(c, message);
}

/* ----------------------------------------------------------------- the rest */

/* protoc compares values of an enum without their underscores before digits. */
static void check_enum_values(struct ts_checker *c, const struct ts_enum *e)
{
    for (size_t i = 0; i < e->n_values; i++) {
        const char *name = e->values[i].name;
        const char *at = name;
        while ((at = strchr(at, '_')) != NULL && !(at[1] >= '0' && at[1] <= '9'))
            at++;
        for (size_t j = 0; at && j < e->n_values; j++) {
            const char *other = e->values[j].name;
            if (j == i || !squeezed_equal(name, other) ||
                strcmp(ts_name_pascal(c->arena, name), ts_name_pascal(c->arena, other)) != 0 ||
                (j > i && strpbrk(other, "_") != NULL))
                continue;
            ts_note(ts_label(ts_report(c->diags, TS_T_COLLISION, e->values[i].span,
                                       "values `%s` and `%s` are one to protobuf", other, name),
                             e->values[j].span, "the other one is here"),
                    "an underscore before a digit does not count");
        }
    }
}

static void check_settings(struct ts_checker *c, const struct ts_service *service)
{
    for (size_t i = 0; i < service->n_settings; i++)
        for (size_t j = 0; j < service->n_settings; j++) {
            const struct ts_setting *a = service->settings[i], *b = service->settings[j];
            if (i == j || a->type.kind != TS_DURATION ||
                strcmp(ts_setting_member(c->arena, a), ts_setting_member(c->arena, b)) != 0)
                continue;
            ts_label(ts_report(c->diags, TS_T_COLLISION, b->span,
                               "settings `%s` and `%s` are both `%s` in C", a->name, b->name,
                               b->name),
                     a->span, "the other one is here");
        }
}

void ts_check_members(struct ts_checker *c)
{
    for (size_t i = 0; i < c->model->n_enums; i++)
        check_enum_values(c, c->model->enums[i]);
    for (size_t s = 0; s < c->model->n_services; s++) {
        const struct ts_service *service = c->model->services[s];
        for (size_t i = 0; i < service->n_enums; i++)
            check_enum_values(c, service->enums[i]);
        for (size_t i = 0; i < service->n_messages; i++)
            check_members(c, service->messages[i]);
        for (size_t i = 0; i < service->n_routes; i++)
            if (service->routes[i]->query)
                check_members(c, service->routes[i]->query);
        check_settings(c, service);
    }
}
