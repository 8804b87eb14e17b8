#include "runtime/store/catalog.h"

#include <stdio.h>

#include "runtime/store/describe.h"
#include "runtime/store/meta.h"
#include "runtime/store/migrate.h"
#include "runtime/store/store.h"
#include "runtime/store/view.h"

#define FORMAT "1"

/* What becomes of a model's stored records. */
struct plan {
    const char *before; /* what the model was called when they were stored; NULL: as it is now */
    const char *schema; /* how records are described from now on; NULL: as before */
    struct rt_evolution evolution;
    bool writes; /* records are written, so that each index is rebuilt */
};

/* The state of one open. Every change of the meta space goes into one batch. */
struct opening {
    struct rt_catalog *catalog;
    struct rt_db *db;
    struct rt_arena scratch;
    struct rt_db_batch *batch;
    bool changed;
    unsigned next_model;
    unsigned next_index;
    struct plan *plans; /* of the models, in their order */
    struct rt_error *error;
};

/* -------------------------------------------------------------------- facts */

static int meta_get(struct opening *o, const char *name, char **ret)
{
    return rt_meta_get(o->db, name, &o->scratch, ret, o->error);
}

static void meta_put(struct opening *o, const char *name, const char *text)
{
    rt_db_batch_put(o->batch, rt_key_meta(&o->scratch, rt_str(name)), rt_str_bytes(rt_str(text)));
    o->changed = true;
}

static int damaged(struct opening *o, const char *name)
{
    return rt_error_set(o->error, RT_ECORRUPT, "the database's fact \"%s\" makes no sense", name);
}

/* ------------------------------------------------------------------- tables */

static int init_model(struct rt_model_info *info, const struct rt_model *model,
                      struct rt_arena *arena, struct rt_error *error)
{
    info->model = model;
    info->n_indexes = model->n_indexes + (model->expires_field >= 0);
    info->indexes = RT_ARENA_ARRAY(arena, info->n_indexes, struct rt_index_info);
    for (size_t i = 0; i < model->n_indexes; i++) {
        int code = rt_index_init(&info->indexes[i], model, &model->indexes[i], error);
        if (code != 0)
            return code;
    }
    for (size_t i = 0; i < model->n_embeds; i++)
        if (model->message->fields[model->embeds[i].field].kind != RT_MESSAGE)
            return rt_error_set(error, RT_EINVAL, "model %s: an embed is a message", model->name);
    if (model->expires_field < 0)
        return 0;
    info->expiry = &info->indexes[model->n_indexes];
    return rt_index_init_expiry(&info->indexes[model->n_indexes], model, error);
}

static int init_tables(struct rt_catalog *catalog, const struct rt_store_options *options,
                       struct rt_error *error)
{
    if (options->n_models > RT_MODELS_MAX)
        return rt_error_set(error, RT_ETOOBIG, "more than %d models", RT_MODELS_MAX);
    catalog->n_models = options->n_models;
    catalog->models = RT_ARENA_ARRAY(catalog->arena, options->n_models, struct rt_model_info);
    for (size_t i = 0; i < options->n_models; i++) {
        struct rt_model_info *info = &catalog->models[i];
        int code = init_model(info, options->models[i], catalog->arena, error);
        if (code != 0)
            return code;
        HASH_ADD_PTR(catalog->by_model, model, info);
    }
    return 0;
}

/* ------------------------------------------------------------------ numbers */

static int check_owner(struct opening *o, const char *service)
{
    char *format, *owner, *next;
    int code = meta_get(o, "format", &format);
    if (code == 0)
        code = meta_get(o, "service", &owner);
    if (code == 0)
        code = meta_get(o, "next", &next);
    if (code != 0)
        return code;
    o->next_model = 1;
    o->next_index = 1;
    if (!format && !owner && !next) {
        meta_put(o, "format", FORMAT);
        meta_put(o, "service", service);
        return 0;
    }
    if (!format || !owner || !next)
        return damaged(o, "format");
    if (strcmp(format, FORMAT) != 0)
        return rt_error_set(o->error, RT_EUNSUPPORTED,
                            "the database has format %s, this program reads format " FORMAT,
                            format);
    if (strcmp(owner, service) != 0)
        return rt_error_set(o->error, RT_ECONFLICT, "the database is of service %s, not %s", owner,
                            service);
    if (sscanf(next, "%u %u", &o->next_model, &o->next_index) != 2)
        return damaged(o, "next");
    return 0;
}

static int give_number(struct opening *o, unsigned *next, const char *name, uint16_t *ret)
{
    if (*next > UINT16_MAX)
        return rt_error_set(o->error, RT_ETOOBIG, "no number is left for %s", name);
    *ret = (uint16_t)(*next)++;
    return 0;
}

static const char *index_name(struct opening *o, const char *model, const char *index)
{
    return rt_arena_printf(&o->scratch, "index/%s/%s", model, index);
}

/* The number in an index's text, and whether it says "ready" and the rest is as in `info`. */
static bool parse_index(const char *text, unsigned *ret_number, bool *ret_ready)
{
    char state[16];
    if (sscanf(text, "%u %15s", ret_number, state) != 2 || *ret_number > UINT16_MAX)
        return false;
    *ret_ready = strcmp(state, "ready") == 0;
    return true;
}

static void drop_index(struct opening *o, const char *text, unsigned number)
{
    char space = strstr(text, " unique(") ? (char)RT_SPACE_UNIQUE : (char)RT_SPACE_INDEX;
    meta_put(o, rt_arena_printf(&o->scratch, "drop/%c%u", space, number), "");
    rt_db_batch_delete(
        o->batch,
        rt_key_meta(&o->scratch, rt_str(rt_arena_printf(&o->scratch, "building/%u", number))));
}

static bool has_index(const struct rt_model_info *model, struct rt_str name)
{
    for (size_t i = 0; i < model->n_indexes; i++)
        if (rt_str_eq(name, rt_str(model->indexes[i].name)))
            return true;
    return false;
}

/* An index that is no longer declared would not be kept up: its entries go. `keep` has those that
 * are declared; NULL: none of the model's is. */
static int drop_indexes(struct opening *o, const char *model, const struct rt_model_info *keep)
{
    struct rt_bytes lower = rt_key_meta(&o->scratch, rt_str(index_name(o, model, "")));
    struct rt_range range;
    rt_range_init(&range, &(struct rt_view){.db = o->db}, lower, rt_key_after(&o->scratch, lower),
                  false);
    int code = 0;
    while (code == 0 && rt_range_next(&range)) {
        struct rt_str name = {(const char *)range.key.data + lower.len, range.key.len - lower.len};
        if (keep && has_index(keep, name))
            continue;
        const char *text =
            rt_arena_strndup(&o->scratch, (const char *)range.value.data, range.value.len);
        unsigned number;
        bool ready;
        if (!parse_index(text, &number, &ready)) {
            code = damaged(o, "index");
        } else {
            drop_index(o, text, number);
            rt_db_batch_delete(o->batch, range.key);
        }
    }
    int range_code = rt_range_done(&range, code == 0 ? o->error : NULL);
    return code != 0 ? code : range_code;
}

static void drop_fact(struct opening *o, const char *space, const char *name)
{
    rt_db_batch_delete(
        o->batch,
        rt_key_meta(&o->scratch, rt_str(rt_arena_printf(&o->scratch, "%s/%s", space, name))));
}

/* A model that was renamed takes over the number of its old name, and with it the records; `*ret`
 * is its fact, or NULL when there is nothing to take over. */
static int take_over(struct opening *o, const struct rt_model *model, struct plan *plan, char **ret)
{
    const char *old = model->renamed_from;
    char *fact = NULL;
    unsigned number, id_number;
    int status = old ? meta_get(o, rt_arena_printf(&o->scratch, "model/%s", old), &fact) : 0;
    *ret = NULL;
    if (status != 0 || !fact)
        return status;
    if (sscanf(fact, "%u %*s %u", &number, &id_number) != 2)
        return damaged(o, old);
    plan->before = old;
    *ret = rt_arena_printf(&o->scratch, "%u %s %u", number, model->message->pb.name, id_number);
    meta_put(o, rt_arena_printf(&o->scratch, "model/%s", model->name), *ret);
    drop_fact(o, "model", old);
    drop_fact(o, "schema", old);
    drop_fact(o, "fields", old);
    return drop_indexes(o, old, NULL);
}

static int number_model(struct opening *o, struct rt_model_info *info, struct plan *plan)
{
    const struct rt_model *model = info->model;
    const char *full_name = model->message->pb.name;
    unsigned id_number = model->message->fields[model->id_field].number;
    const char *name = rt_arena_printf(&o->scratch, "model/%s", model->name);
    char *text;
    int code = meta_get(o, name, &text);
    if (code == 0 && !text)
        code = take_over(o, model, plan, &text);
    if (code != 0)
        return code;
    if (!text) {
        code = give_number(o, &o->next_model, name, &info->number);
        meta_put(o, name,
                 rt_arena_printf(&o->scratch, "%u %s %u", info->number, full_name, id_number));
        return code;
    }
    unsigned number, stored_id;
    int message_at = 0, message_end = 0;
    if (sscanf(text, "%u %n%*s%n %u", &number, &message_at, &message_end, &stored_id) != 2 ||
        number > UINT16_MAX)
        return damaged(o, name);
    text[message_end] = '\0';
    if (strcmp(text + message_at, full_name) != 0 || stored_id != id_number)
        return rt_error_set(o->error, RT_ECONFLICT,
                            "model %s was stored as %s with its id in field %u, and is %s with "
                            "field %u now",
                            model->name, text + message_at, stored_id, full_name, id_number);
    info->number = (uint16_t)number;
    return 0;
}

/* The stored description, or NULL for a model that is new. */
static int stored_schema(struct opening *o, const char *model, char **ret)
{
    int status = meta_get(o, rt_arena_printf(&o->scratch, "schema/%s", model), ret);
    if (status == 0 && !*ret) /* of an older program */
        status = meta_get(o, rt_arena_printf(&o->scratch, "fields/%s", model), ret);
    return status;
}

/* What was stored under other rules is not opened: it would be misread. */
static int check_schema(struct opening *o, const struct rt_model_info *info, struct plan *plan)
{
    const struct rt_model *model = info->model;
    const char *name = rt_arena_printf(&o->scratch, "schema/%s", model->name);
    char *text;
    struct rt_description stored, now;
    int status = stored_schema(o, plan->before ? plan->before : model->name, &text);
    if (status != 0)
        return status;
    rt_description_of(model, &o->scratch, &now);
    if (text) {
        status = rt_description_parse(text, &o->scratch, &stored, o->error);
        if (status == 0)
            status = rt_evolve(model, &stored, &now, &o->scratch, &now, &plan->evolution, o->error);
        if (status == 0)
            status = rt_migrate_check(o->db, info, &plan->evolution, o->error);
    }
    struct rt_buf both = {0};
    rt_description_put(&now, &both);
    if (status == 0 && (!text || plan->before || strcmp(text, rt_buf_cstr(&both)) != 0))
        plan->schema = rt_arena_strdup(&o->scratch, rt_buf_cstr(&both));
    rt_buf_done(&both);
    plan->writes = rt_migrate_writes(&plan->evolution);
    if (status == 0 && plan->schema && !plan->writes)
        meta_put(o, name, plan->schema);
    return status;
}

static const char *index_text(struct opening *o, const struct rt_index_info *info,
                              const char *state)
{
    struct rt_buf definition = {0};
    rt_index_define(info, &definition);
    const char *text =
        rt_arena_printf(&o->scratch, "%u %s %s", info->number, state, rt_buf_cstr(&definition));
    rt_buf_done(&definition);
    return text;
}

/* `anew`: the records are about to be written. */
static int number_index(struct opening *o, const struct rt_model_info *model,
                        struct rt_index_info *info, bool anew)
{
    const char *name = index_name(o, model->model->name, info->name);
    char *text;
    int code = meta_get(o, name, &text);
    if (code != 0)
        return code;
    if (text) {
        unsigned number;
        bool ready;
        if (!parse_index(text, &number, &ready))
            return damaged(o, name);
        info->number = (uint16_t)number;
        if (!anew && strcmp(text, index_text(o, info, ready ? "ready" : "building")) == 0)
            return 0;
        drop_index(o, text, number);
    }
    code = give_number(o, &o->next_index, name, &info->number);
    meta_put(o, name, index_text(o, info, "building"));
    return code;
}

/* ------------------------------------ models that the program does not have */

static bool is_known(const struct opening *o, const char *name)
{
    for (size_t m = 0; m < o->catalog->n_models; m++)
        if (strcmp(o->catalog->models[m].model->name, name) == 0 ||
            (o->plans[m].before && strcmp(o->plans[m].before, name) == 0))
            return true;
    return false;
}

/* Records that nothing reads any more would be lost silently. A replica's are copies. */
static int check_stranger(struct opening *o, const char *name, const char *fact)
{
    unsigned number;
    char *schema;
    int status = meta_get(o, rt_arena_printf(&o->scratch, "schema/%s", name), &schema);
    if (status != 0)
        return status;
    if (sscanf(fact, "%u", &number) != 1 || number > UINT16_MAX)
        return damaged(o, name);
    bool any = false;
    if (schema && strncmp(schema, "model\n", strlen("model\n")) == 0)
        status = rt_migrate_any(o->db, (uint16_t)number, &any, o->error);
    if (status == 0 && any)
        status = rt_error_set(
            o->error, RT_ECONFLICT,
            "the database has records of the model %s, which this program does "
            "not have; write `renamed from %s` behind the model that it is now, or delete "
            "them with a program that has it",
            name, name);
    return status;
}

static int check_strangers(struct opening *o)
{
    struct rt_bytes lower = rt_key_meta(&o->scratch, RT_STR("model/"));
    struct rt_range range;
    rt_range_init(&range, &(struct rt_view){.db = o->db}, lower, rt_key_after(&o->scratch, lower),
                  false);
    int status = 0;
    while (status == 0 && rt_range_next(&range)) {
        const char *name = rt_arena_strndup(&o->scratch, (const char *)range.key.data + lower.len,
                                            range.key.len - lower.len);
        const char *fact =
            rt_arena_strndup(&o->scratch, (const char *)range.value.data, range.value.len);
        if (!is_known(o, name))
            status = check_stranger(o, name, fact);
    }
    int end = rt_range_done(&range, status == 0 ? o->error : NULL);
    return status != 0 ? status : end;
}

static int give_numbers(struct opening *o, const char *service)
{
    int code = check_owner(o, service);
    for (size_t m = 0; code == 0 && m < o->catalog->n_models; m++) {
        struct rt_model_info *model = &o->catalog->models[m];
        code = number_model(o, model, &o->plans[m]);
        if (code == 0)
            code = check_schema(o, model, &o->plans[m]);
        for (size_t i = 0; code == 0 && i < model->n_indexes; i++)
            code = number_index(o, model, &model->indexes[i], o->plans[m].writes);
        if (code == 0)
            code = drop_indexes(o, model->model->name, model);
    }
    if (code == 0)
        code = check_strangers(o);
    if (code != 0 || !o->changed)
        return code;
    meta_put(o, "next", rt_arena_printf(&o->scratch, "%u %u", o->next_model, o->next_index));
    return rt_db_commit(o->db, o->batch, true, o->error);
}

static void make_floors(struct opening *o)
{
    struct rt_catalog *catalog = o->catalog;
    catalog->n_floors = o->next_index;
    catalog->floors = RT_ARENA_ARRAY(catalog->arena, catalog->n_floors, struct rt_due_floor *);
    for (size_t m = 0; m < catalog->n_models; m++)
        for (size_t i = 0; i < catalog->models[m].n_indexes; i++) {
            struct rt_index_info *index = &catalog->models[m].indexes[i];
            if (index->n_fields == 0 || index->classes[0] != RT_KEY_I64)
                continue;
            index->floor = RT_ARENA_NEW(catalog->arena, struct rt_due_floor);
            *index->floor = (struct rt_due_floor){.loop = INT64_MIN, .writer = INT64_MIN};
            RT_ASSERT(index->number < catalog->n_floors);
            catalog->floors[index->number] = index->floor;
        }
}

/* The description is noted when the last record fits it. */
static int write_records(struct opening *o, const struct rt_model_info *info,
                         const struct plan *plan)
{
    if (!plan->writes)
        return 0;
    int status = rt_migrate_write(o->db, info, &plan->evolution, o->error);
    if (status != 0)
        return status;
    meta_put(o, rt_arena_printf(&o->scratch, "schema/%s", info->model->name), plan->schema);
    return rt_db_commit(o->db, o->batch, true, o->error);
}

static int build_indexes(struct opening *o)
{
    int code = rt_catalog_drop(o->db, o->error);
    for (size_t m = 0; m < o->catalog->n_models; m++) {
        const struct rt_model_info *model = &o->catalog->models[m];
        if (code == 0)
            code = write_records(o, model, &o->plans[m]);
        for (size_t i = 0; code == 0 && i < model->n_indexes; i++) {
            const struct rt_index_info *index = &model->indexes[i];
            char *text;
            code = meta_get(o, index_name(o, model->model->name, index->name), &text);
            const char *ready = index_text(o, index, "ready");
            if (code == 0 && (!text || strcmp(text, ready) != 0))
                code = rt_catalog_build(model, index, o->db, ready, o->error);
        }
    }
    return code;
}

/* ---------------------------------------------------------------- lifecycle */

int rt_catalog_open(struct rt_catalog *catalog, struct rt_arena *arena, struct rt_db *db,
                    const struct rt_store_options *options, struct rt_error *error)
{
    *catalog = (struct rt_catalog){.arena = arena};
    struct opening o = {.catalog = catalog, .db = db, .error = error};
    rt_arena_init(&o.scratch, 0);
    o.batch = rt_db_batch_new();
    o.plans = RT_ARENA_ARRAY(&o.scratch, options->n_models + 1, struct plan);
    int code = init_tables(catalog, options, error);
    if (code == 0)
        code = give_numbers(&o, options->service);
    if (code == 0)
        code = build_indexes(&o);
    if (code == 0)
        make_floors(&o);
    rt_db_batch_free(o.batch);
    rt_arena_done(&o.scratch);
    return code;
}

void rt_catalog_done(struct rt_catalog *catalog)
{
    HASH_CLEAR(hh, catalog->by_model);
}

const struct rt_model_info *rt_catalog_model(const struct rt_catalog *catalog,
                                             const struct rt_model *model)
{
    const struct rt_model_info *info;
    HASH_FIND_PTR(catalog->by_model, &model, info);
    if (!info)
        rt_panic("model %s is not of this store", model->name);
    return info;
}

const struct rt_index_info *rt_model_index(const struct rt_model_info *info,
                                           const struct rt_index *index)
{
    if (!index) {
        RT_ASSERT(info->expiry);
        return info->expiry;
    }
    RT_ASSERT(index >= info->model->indexes);
    size_t at = (size_t)(index - info->model->indexes);
    RT_ASSERT(at < info->model->n_indexes);
    return &info->indexes[at];
}
