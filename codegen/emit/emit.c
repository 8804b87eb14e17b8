#include "codegen/emit/emit.h"

#include <stdio.h>

#include "codegen/emit/emitters.h"
#include "runtime/base/suggest.h"

static const struct ts_emitter emitters[] = {
    {"c", "SERVICE/*.[ch] and common/*.[ch]: structs, tables, prototypes", ts_emit_c},
    {"meson", "meson.build: a library for each service", ts_emit_meson},
    {"proto", "proto/: the messages for other languages", ts_emit_proto},
    {"schema", "schema.binpb and subjects.txt: the system as data", ts_emit_schema},
    {"services", "services.txt: services and settings, for what starts them", ts_emit_services},
    {"permissions", "permissions.txt: what each service may publish and consume",
     ts_emit_permissions},
    {"nginx", "nginx.conf: one address in front of all services", ts_emit_nginx},
};

enum { N_EMITTERS = sizeof emitters / sizeof *emitters };

const struct ts_emitter *ts_emitters(size_t *ret_count)
{
    *ret_count = N_EMITTERS;
    return emitters;
}

static int unknown(const char *name, struct rt_error *error)
{
    char names[256] = "";
    size_t len = 0;
    struct rt_suggest suggest = rt_suggest_init(name);
    for (size_t i = 0; i < N_EMITTERS; i++) {
        rt_suggest_try(&suggest, emitters[i].name);
        len += (size_t)snprintf(names + len, sizeof names - len, "%s%s", i > 0 ? ", " : "",
                                emitters[i].name);
    }
    return rt_error_set(error, RT_EINVAL, "there is no emitter `%s`%s%s%s; there are %s", name,
                        suggest.best ? ", did you mean `" : "", suggest.best ? suggest.best : "",
                        suggest.best ? "`?" : "", names);
}

int ts_emit_choose(const char *list, unsigned *ret_set, struct rt_error *error)
{
    unsigned set = 0;
    for (const char *at = list;; at++) {
        size_t len = strcspn(at, ",");
        char name[32];
        snprintf(name, sizeof name, "%.*s", (int)(len < sizeof name ? len : sizeof name - 1), at);
        size_t i = 0;
        while (i < N_EMITTERS && !rt_str_eq(rt_str(emitters[i].name), rt_str_n(at, len)))
            i++;
        if (i == N_EMITTERS)
            return unknown(name, error);
        if (set & (1u << i))
            return rt_error_set(error, RT_EINVAL, "emitter `%s` is named twice", name);
        set |= 1u << i;
        at += len;
        if (*at == '\0')
            break;
    }
    *ret_set = set;
    return 0;
}

void ts_emit(const struct ts_model *model, unsigned set, struct ts_output *output)
{
    for (size_t i = 0; i < N_EMITTERS; i++) {
        ts_output_leave(output, (set & (1u << i)) == 0);
        emitters[i].emit(model, output);
    }
}
