/*
 * What a message costs between bytes and structs, beside a plain copy of the same bytes and, for
 * JSON, beside jansson where it is installed (a general parser with a tree: the usual choice).
 *
 *   wire_bench [milliseconds per measurement, 200 by default]
 *
 * Rounds of all measurements are interleaved and the best of each counts, so that a busy machine
 * disturbs them alike. "x copy" is the ratio to the copy in the same run.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/clock.h"
#include "tests/support/sample.h"

enum { ROUNDS = 5, BATCH = 64 };

struct jansson {
    void *(*loadb)(const char *, size_t, size_t, void *);
    char *(*dumps)(const void *, size_t);
    void (*remove)(void *);
    void *tree;
};

struct work {
    const struct rt_message *type;
    void *message;
    struct rt_buf json; /* a body for the decoder */
    struct rt_buf shown;
    struct rt_buf pb;
    struct rt_buf out;
    struct rt_arena arena;
    struct jansson *jansson;
};

static void run_copy(struct work *w)
{
    rt_buf_clear(&w->out);
    rt_buf_append(&w->out, w->shown.data, w->shown.len);
}

static void run_json_encode(struct work *w)
{
    rt_buf_clear(&w->out);
    rt_json_encode(w->message, &w->out);
}

static void run_json_from_pb(struct work *w)
{
    rt_buf_clear(&w->out);
    RT_ASSERT(rt_json_from_pb(w->type, rt_buf_bytes(&w->pb), &w->out) == 0);
}

static void run_pb_then_json(struct work *w)
{
    void *message = NULL;
    rt_arena_reset(&w->arena);
    rt_buf_clear(&w->out);
    RT_ASSERT(rt_pb_decode(w->type, rt_buf_bytes(&w->pb), &w->arena, &message, NULL) == 0);
    rt_json_encode(message, &w->out);
}

static void run_json_decode(struct work *w)
{
    struct rt_violations violations;
    void *message = NULL;
    rt_arena_reset(&w->arena);
    rt_violations_init(&violations, &w->arena);
    RT_ASSERT(rt_json_decode(w->type, rt_buf_bytes(&w->json), &w->arena, &message, &violations) ==
              0);
}

static void run_validate(struct work *w)
{
    struct rt_violations violations;
    rt_violations_init(&violations, &w->arena);
    RT_ASSERT(rt_validate(w->message, &violations));
}

static void run_pb_encode(struct work *w)
{
    rt_buf_clear(&w->out);
    rt_pb_encode(w->message, &w->out);
}

static void run_pb_decode(struct work *w)
{
    void *message = NULL;
    rt_arena_reset(&w->arena);
    RT_ASSERT(rt_pb_decode(w->type, rt_buf_bytes(&w->pb), &w->arena, &message, NULL) == 0);
}

static void run_jansson_dump(struct work *w)
{
    free(w->jansson->dumps(w->jansson->tree, 0x20 /* JSON_COMPACT */));
}

static void run_jansson_load(struct work *w)
{
    char error[1024];
    void *tree =
        w->jansson->loadb((const char *)w->json.data, w->json.len, 4 /* duplicates */, error);
    RT_ASSERT(tree);
    w->jansson->remove(tree);
}

struct measurement {
    const char *name;
    void (*run)(struct work *);
    bool peer;
    double best_ns;
};

static double measure_ns(struct work *w, void (*run)(struct work *), uint64_t budget_ns)
{
    uint64_t start = rt_clock_monotonic_ns();
    uint64_t now = start;
    size_t runs = 0;
    while (now - start < budget_ns) {
        for (int i = 0; i < BATCH; i++)
            run(w);
        runs += BATCH;
        now = rt_clock_monotonic_ns();
    }
    return (double)(now - start) / (double)runs;
}

static void bench(const char *name, struct work *w, uint64_t budget_ns)
{
    struct measurement all[] = {
        {"copy of the JSON", run_copy, false, 1e18},
        {"message -> JSON", run_json_encode, false, 1e18},
        {"protobuf -> JSON, direct", run_json_from_pb, false, 1e18},
        {"protobuf -> message -> JSON", run_pb_then_json, false, 1e18},
        {"JSON -> message, validated", run_json_decode, false, 1e18},
        {"message validated", run_validate, false, 1e18},
        {"message -> protobuf", run_pb_encode, false, 1e18},
        {"protobuf -> message", run_pb_decode, false, 1e18},
        {"jansson: tree -> JSON", run_jansson_dump, true, 1e18},
        {"jansson: JSON -> tree", run_jansson_load, true, 1e18},
    };
    size_t n = sizeof all / sizeof *all;
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < n; i++) {
            if (all[i].peer && !w->jansson)
                continue;
            double ns = measure_ns(w, all[i].run, budget_ns / ROUNDS);
            all[i].best_ns = ns < all[i].best_ns ? ns : all[i].best_ns;
        }
    printf("%s: %zu bytes of JSON, %zu of protobuf\n", name, w->shown.len, w->pb.len);
    for (size_t i = 0; i < n; i++) {
        if (all[i].peer && !w->jansson)
            continue;
        printf("  %-28s %8.0f ns %8.0f MB/s %8.1f x copy\n", all[i].name, all[i].best_ns,
               (double)w->shown.len * 1e3 / all[i].best_ns, all[i].best_ns / all[0].best_ns);
    }
}

static void work_init(struct work *w, void *message, const char *body, struct jansson *jansson)
{
    char error[1024];
    *w = (struct work){.type = rt_message_of(message), .message = message, .jansson = jansson};
    rt_arena_init(&w->arena, 0);
    rt_buf_puts(&w->json, body);
    rt_json_encode(message, &w->shown);
    rt_pb_encode(message, &w->pb);
    if (jansson)
        jansson->tree = jansson->loadb((const char *)w->shown.data, w->shown.len, 0, error);
}

static void work_done(struct work *w)
{
    if (w->jansson)
        w->jansson->remove(w->jansson->tree);
    rt_buf_done(&w->json);
    rt_buf_done(&w->shown);
    rt_buf_done(&w->pb);
    rt_buf_done(&w->out);
    rt_arena_done(&w->arena);
}

/* By name at run time: the benchmark needs no header of it, and runs without it. */
static struct jansson *find_jansson(struct jansson *jansson)
{
    void *library = dlopen("libjansson.so.4", RTLD_NOW);
    if (!library)
        return NULL;
    *(void **)&jansson->loadb = dlsym(library, "json_loadb");
    *(void **)&jansson->dumps = dlsym(library, "json_dumps");
    *(void **)&jansson->remove = dlsym(library, "json_delete");
    return jansson->loadb && jansson->dumps && jansson->remove ? jansson : NULL;
}

int main(int argc, char **argv)
{
    uint64_t budget_ns = (argc > 1 ? strtoull(argv[1], NULL, 10) : 200) * 1000000;
    struct jansson library = {0};
    struct jansson *jansson = find_jansson(&library);
    struct rt_arena arena;
    struct rt_violations violations;
    struct work work;
    void *record = NULL;
    rt_arena_init(&arena, 0);
    rt_violations_init(&violations, &arena);
    RT_ASSERT(rt_json_decode(&sample_record_message, rt_str_bytes(rt_str(sample_record_json)),
                             &arena, &record, &violations) == 0);
    work_init(&work, record, sample_record_json, jansson);
    bench("a record of 6 fields", &work, budget_ns);
    work_done(&work);

    char *body = rt_arena_printf(&arena, "%.*s,\"password\":\"12345678\"}",
                                 (int)strlen(sample_json) - 1, sample_json);
    work_init(&work, sample_new(&arena), body, jansson);
    bench("a message of 38 fields", &work, budget_ns);
    work_done(&work);
    rt_arena_done(&arena);
    return 0;
}
