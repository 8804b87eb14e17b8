/*
 * Names that would be taken twice in what is emitted, or that the system has already.
 *
 * Two names can only be the same when the base of one owner (see emitted.h) is that of the other,
 * or its first words. So all bases are entered, and only owners that meet another one there, or
 * themselves, have all their names spelled out and compared.
 */
#include "codegen/check/impl.h"
#include "codegen/model/emitted.h"
#include "codegen/text/c_names.h"

struct entry {
    struct ts_owner owner;
    struct entry *same; /* the next one with the same base */
    bool suspect;
};

struct name {
    struct ts_emitted emitted; /* without an owner: the system's */
    bool used;
};

struct collide {
    struct ts_checker *c;
    struct entry **entries;
    size_t n_entries;
    struct entry **slots; /* by base */
    size_t n_slots;
    struct name *names; /* of suspects; open addressing */
    size_t n_name_slots;
    size_t n_names;
    const struct ts_owner *pairs[2][64]; /* reported */
    size_t n_pairs;
};

static void add_owner(void *context, const struct ts_owner *owner)
{
    struct collide *k = context;
    struct entry *entry = RT_ARENA_NEW(k->c->arena, struct entry);
    entry->owner = *owner;
    TS_PUSH(k->c->arena, k->entries, k->n_entries, entry);
}

static struct entry **slot_of(const struct collide *k, const char *base, size_t len)
{
    size_t at = rt_hash(rt_bytes(base, len), 0) & (k->n_slots - 1);
    while (k->slots[at] && (strncmp(k->slots[at]->owner.base, base, len) != 0 ||
                            k->slots[at]->owner.base[len] != '\0'))
        at = (at + 1) & (k->n_slots - 1);
    return &k->slots[at];
}

static void mark_all(struct entry *chain)
{
    for (; chain; chain = chain->same)
        chain->suspect = true;
}

static void enter_bases(struct collide *k)
{
    k->n_slots = 64;
    while (k->n_slots < 2 * k->n_entries)
        k->n_slots *= 2;
    k->slots = RT_ARENA_ARRAY(k->c->arena, k->n_slots, struct entry *);
    for (size_t i = 0; i < k->n_entries; i++) {
        struct entry *entry = k->entries[i];
        struct entry **slot = slot_of(k, entry->owner.base, strlen(entry->owner.base));
        entry->same = *slot;
        *slot = entry;
        if (entry->same)
            mark_all(entry);
    }
}

/* Whether `prefix` and an underscore start `name`; its length then. */
static size_t starts(const char *name, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(name, prefix, len) == 0 && name[len] == '_' ? len : 0;
}

/* The length of the shortest name of a service or of the schema that starts the service's names. */
static size_t shortest_prefix(const struct ts_model *model, const struct ts_service *service)
{
    const char *own = service ? service->name : model->name;
    size_t least = strlen(own);
    for (size_t i = 0; i < model->n_services; i++) {
        size_t len = starts(own, model->services[i]->name);
        least = len > 0 && len < least ? len : least;
    }
    size_t len = starts(own, model->name);
    return len > 0 && len < least ? len : least;
}

/* An entry is named after its message, in a way that nothing of the message is. */
static bool is_own_message(const struct entry *entry, const struct entry *found)
{
    return entry->owner.kind == TS_OWNER_ENTRY && !found->same &&
           found->owner.thing == ((const struct ts_field *)entry->owner.thing)->message;
}

/* Marks the owner and those whose bases are its first words. */
static void mark_prefixes(struct collide *k, struct entry *entry, size_t from)
{
    const char *base = entry->owner.base;
    for (const char *at = base + from; (at = strchr(at, '_')) != NULL; at++) {
        struct entry *found = *slot_of(k, base, (size_t)(at - base));
        bool own_service = found && !found->same && found->owner.kind == TS_OWNER_SERVICE &&
                           found->owner.service == entry->owner.service;
        bool schema = found && !found->same && found->owner.kind == TS_OWNER_SCHEMA;
        if (!found || own_service || schema || is_own_message(entry, found))
            continue;
        mark_all(found);
        entry->suspect = true;
    }
}

/* --------------------------------------------------------- within one owner */

static bool is_one_of(const char *name, const char *const *list)
{
    while (*list != NULL && strcmp(*list, name) != 0)
        list++;
    return *list != NULL;
}

/* An index or a timer that is called like something else of its model. */
static bool indexes_meet(const struct ts_message *model)
{
    static const char *const words[] = {"init", "subject", NULL};
    for (size_t i = 0; i < model->n_indexes + model->n_timers; i++) {
        bool is_index = i < model->n_indexes;
        const char *name =
            is_index ? model->indexes[i].name : model->timers[i - model->n_indexes]->name;
        if (starts(name, "field") || starts(name, "list") || starts(name, "device") ||
            is_one_of(name, words))
            return true;
        for (size_t j = 0; j < model->n_indexes; j++) {
            const char *other = model->indexes[j].name;
            if ((!is_index && strcmp(name, other) == 0) ||
                (starts(name, "by") && strcmp(name + 3, other) == 0))
                return true;
        }
    }
    return false;
}

/* A service that is called like something else in the build file. */
static bool meets_build(const struct ts_owner *owner)
{
    static const char *const words[] = {"inc",    "events",     "events_lib",
                                        "device", "device_lib", NULL};
    size_t len = strlen(owner->name);
    return owner->kind == TS_OWNER_SERVICE &&
           (is_one_of(owner->name, words) ||
            (len > 4 && strcmp(owner->name + len - 4, "_lib") == 0) ||
            (len > 5 && strcmp(owner->name + len - 5, "_main") == 0));
}

static bool meets_itself(const struct ts_owner *owner)
{
    if (owner->kind == TS_OWNER_MESSAGE)
        return indexes_meet(owner->thing);
    if (owner->kind == TS_OWNER_ENUM) {
        const struct ts_enum *e = owner->thing;
        for (size_t i = 0; i < e->n_values; i++)
            if (strcmp(e->values[i].name, "unspecified") == 0)
                return true;
    }
    if (owner->kind == TS_OWNER_ROUTE) {
        const struct ts_route *route = owner->thing;
        for (size_t i = 0; i < route->n_errors; i++)
            if (strcmp(route->errors[i]->name, "ok") == 0)
                return true;
    }
    return false;
}

/* A thing that is called like a table or file of its service. */
static bool meets_service(const struct ts_owner *owner)
{
    static const char *const words[] = {
        "service", "routes", "settings", "listeners", "replicas", "timers", "enums",  "events",
        "types",   "device", "store",    "publish",   "lib",      "main",   "common", NULL};
    if (!owner->service || owner->kind == TS_OWNER_SERVICE)
        return false;
    const char *rest = owner->base + strlen(owner->service->name) + 1;
    size_t len = strcspn(rest, "_");
    for (size_t i = 0; words[i]; i++)
        if (strlen(words[i]) == len && strncmp(words[i], rest, len) == 0)
            return true;
    return false;
}

/* ------------------------------------------------------------------ reports */

static const char *describe(struct collide *k, const struct ts_emitted *emitted)
{
    static const char *const kinds[] = {
        [TS_OWNER_SCHEMA] = "schema",      [TS_OWNER_SERVICE] = "service",
        [TS_OWNER_QUERY] = "the query of", [TS_OWNER_ENTRY] = "map",
        [TS_OWNER_PUBLISH] = "event",      [TS_OWNER_ENUM] = "enum",
        [TS_OWNER_ROUTE] = "route",        [TS_OWNER_LISTENER] = "listener",
        [TS_OWNER_TIMER] = "timer",
    };
    const struct ts_owner *owner = emitted->owner;
    const char *kind =
        owner->kind == TS_OWNER_MESSAGE ? ts_message_kind_text(owner->thing) : kinds[owner->kind];
    const char *whole = rt_arena_printf(k->c->arena, "%s `%s`", kind, owner->name);
    return emitted->of ? rt_arena_printf(k->c->arena, "%s of %s", emitted->of, whole) : whole;
}

/* Things that share one set of names in the schema, too: T0304 has been said of them. */
static int name_set(const struct ts_owner *owner)
{
    switch (owner->kind) {
    case TS_OWNER_MESSAGE:
    case TS_OWNER_ENUM:
        return 1;
    case TS_OWNER_ROUTE:
    case TS_OWNER_LISTENER:
    case TS_OWNER_TIMER:
    case TS_OWNER_QUERY:
        return 2;
    case TS_OWNER_PUBLISH:
        return 3;
    case TS_OWNER_SERVICE:
        return 4;
    default:
        return 0;
    }
}

static bool is_known(struct collide *k, const struct ts_owner *a, const struct ts_owner *b)
{
    int set = name_set(a);
    if (a == b)
        return false;
    if (set != 0 && set == name_set(b) && strcmp(a->name, b->name) == 0 &&
        (set == 4 ||
         strcmp(a->service ? a->service->name : "", b->service ? b->service->name : "") == 0))
        return true;
    for (size_t i = 0; i < k->n_pairs; i++)
        if (k->pairs[0][i] == a && k->pairs[1][i] == b)
            return true;
    if (k->n_pairs < sizeof k->pairs[0] / sizeof *k->pairs[0]) {
        k->pairs[0][k->n_pairs] = a;
        k->pairs[1][k->n_pairs++] = b;
    }
    return false;
}

static bool is_later(struct ts_span a, struct ts_span b)
{
    return a.source == b.source ? a.offset > b.offset
                                : a.source && b.source && a.source->index > b.source->index;
}

static void report(struct collide *k, const struct ts_emitted *a, const struct ts_emitted *b)
{
    if (is_later(a->span, b->span)) {
        const struct ts_emitted *swap = a;
        a = b;
        b = swap;
    }
    if (is_known(k, a->owner, b->owner))
        return;
    struct ts_diag *diag = ts_report(
        k->c->diags, TS_T_COLLISION, b->span, "%s and %s are both `%s` in %s", describe(k, a),
        describe(k, b), b->name, b->space == TS_NAME_BUILD ? "the emitted meson.build" : "C");
    if (a->span.offset != b->span.offset || a->span.source != b->span.source)
        ts_label(diag, a->span, "the first one is here");
    ts_help(diag, "give one of them another name");
}

static void report_taken(struct collide *k, const struct ts_emitted *emitted)
{
    ts_help(ts_note(ts_report(k->c->diags, TS_T_BAD_NAME, emitted->span, "%s is `%s` in C",
                              describe(k, emitted), emitted->name),
                    "a header or library below it has that name already"),
            "give it, or the service, another name");
}

/* -------------------------------------------------------------------- names */

static struct name *name_slot(const struct collide *k, enum ts_name_space space, const char *name)
{
    size_t at = rt_hash(rt_str_bytes(rt_str(name)), 0) & (k->n_name_slots - 1);
    for (struct name *slot; (slot = &k->names[at])->used; at = (at + 1) & (k->n_name_slots - 1)) {
        bool same_space = slot->emitted.space == space || !slot->emitted.owner;
        if (same_space && strcmp(slot->emitted.name, name) == 0)
            return slot;
    }
    return &k->names[at];
}

static void count_name(void *context, const struct ts_emitted *emitted)
{
    size_t *count = context;
    (void)emitted;
    ++*count;
}

static void add_name(void *context, const struct ts_emitted *emitted)
{
    struct collide *k = context;
    struct name *slot = name_slot(k, emitted->space, emitted->name);
    if (!slot->used)
        *slot = (struct name){*emitted, true};
    else if (!slot->emitted.owner)
        report_taken(k, emitted);
    else
        report(k, &slot->emitted, emitted);
}

/* The names of the system that start like those of a service (or the schema). */
static void add_taken(struct collide *k, const char *service)
{
    const char *lower = rt_arena_join(k->c->arena, service, "_", NULL);
    const char *const prefixes[] = {lower, ts_name_upper(k->c->arena, lower)};
    for (size_t p = 0; p < 2; p++) {
        size_t count;
        const char *const *taken = ts_c_taken(prefixes[p], &count);
        for (size_t i = 0; i < count; i++) {
            struct name *slot = name_slot(k, TS_NAME_ORDINARY, taken[i]);
            *slot = (struct name){{.name = taken[i]}, true};
        }
    }
}

static bool has_taken(struct rt_arena *arena, const char *service)
{
    size_t lower, upper;
    const char *prefix = rt_arena_join(arena, service, "_", NULL);
    ts_c_taken(prefix, &lower);
    ts_c_taken(ts_name_upper(arena, prefix), &upper);
    return lower + upper > 0;
}

/* ----------------------------------------------------------------- suspects */

static void mark_service(struct collide *k, const struct ts_service *service)
{
    for (size_t i = 0; i < k->n_entries; i++)
        if (k->entries[i]->owner.service == service)
            k->entries[i]->suspect = true;
}

static void mark_services(struct collide *k)
{
    for (size_t i = 0; i < k->n_entries; i++)
        if (k->entries[i]->owner.kind == TS_OWNER_SERVICE ||
            k->entries[i]->owner.kind == TS_OWNER_SCHEMA)
            k->entries[i]->suspect = true;
}

static void mark_suspects(struct collide *k)
{
    const struct ts_model *model = k->c->model;
    const struct ts_service *service = NULL;
    struct entry *of_service = NULL;
    size_t from = shortest_prefix(model, NULL) + 1;
    for (size_t i = 0; i < k->n_entries; i++) {
        struct entry *entry = k->entries[i];
        if (entry->owner.service != service) { /* they come service by service */
            service = entry->owner.service;
            of_service = entry;
            from = shortest_prefix(model, service) + 1;
        }
        if (strlen(entry->owner.base) > from)
            mark_prefixes(k, entry, from);
        if (meets_itself(&entry->owner))
            entry->suspect = true;
        if (meets_build(&entry->owner))
            mark_services(k);
        if (meets_service(&entry->owner))
            entry->suspect = of_service->suspect = true;
    }
}

static void compare_names(struct collide *k)
{
    const struct ts_model *model = k->c->model;
    size_t count = 0;
    struct rt_arena *arena = k->c->arena;
    for (size_t i = 0; i < k->n_entries; i++)
        if (k->entries[i]->suspect)
            ts_each_name(&k->entries[i]->owner, arena, count_name, &count);
    if (count == 0)
        return;
    enum { TAKEN_MAX = 1024 };
    k->n_name_slots = 2048;
    while (k->n_name_slots < 2 * (count + TAKEN_MAX))
        k->n_name_slots *= 2;
    k->names = RT_ARENA_ARRAY(arena, k->n_name_slots, struct name);
    add_taken(k, model->name);
    for (size_t i = 0; i < model->n_services; i++)
        add_taken(k, model->services[i]->name);
    for (size_t i = 0; i < k->n_entries; i++)
        if (k->entries[i]->suspect)
            ts_each_name(&k->entries[i]->owner, arena, add_name, k);
}

void ts_check_collisions(struct ts_checker *c)
{
    struct ts_model *model = c->model;
    struct collide *k = RT_ARENA_NEW(c->arena, struct collide);
    k->c = c;
    ts_each_owner(model, c->arena, add_owner, k);
    enter_bases(k);
    mark_suspects(k);
    if (has_taken(c->arena, model->name))
        mark_service(k, NULL);
    for (size_t i = 0; i < model->n_services; i++)
        if (has_taken(c->arena, model->services[i]->name))
            mark_service(k, model->services[i]);
    compare_names(k);
}
