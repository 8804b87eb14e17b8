/*
 * The store beside bare LevelDB, in one run on one disk.
 *
 *   store_bench [DIR]        a directory on the disk to measure, /var/tmp by default
 *
 * Writes: durable creates (a record, one index entry, one event in the outbox) at 1, 64 and 512
 * in flight, next to a writer thread that only group-commits: it takes what is queued, puts the
 * same number of keys and values of the same sizes into one WriteBatch, writes it with sync, and
 * reports to the loop. Reads: a record by id, next to leveldb_get. Both sides take many
 * short turns, so that what else the machine does strikes both; the medians are printed: of each
 * side, and of the turns' ratios.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

#include <leveldb/c.h>

#include "runtime/base/clock.h"
#include "runtime/base/uuid.h"
#include "runtime/store/key.h"
#include "runtime/store/limits.h"
#include "runtime/store/store.h"

enum {
    TURNS = 25,
    TURN_MS = 120,
    IN_FLIGHT_MAX = 512,
    READS = 20000,
    READ_IDS = 10000,
    IDS_MAX = 4 << 20,
};

/* ------------------------------------------------------------------- tables */

struct bench_item {
    ProtobufCMessage base;
    const char *id;
    const char *title;
    int64_t price;
    const char *owner;
    int64_t version;
};

static const ProtobufCFieldDescriptor item_pb[] = {
    RT_PB_STRING(bench_item, id, 1), RT_PB_STRING(bench_item, title, 2),
    RT_PB_NUMBER(bench_item, price, 3, INT64), RT_PB_STRING(bench_item, owner, 4),
    RT_PB_NUMBER(bench_item, version, 5, INT64)};
static const ProtobufCIntRange item_ranges[] = {{1, 0}, {0, 5}};
#define FIELD(member_, number_, kind_)                                                             \
    {                                                                                              \
        .name = #member_, .json = #member_, .number = (number_), .kind = (kind_),                  \
        .offset = offsetof(struct bench_item, member_)                                             \
    }
static const struct rt_field item_fields[] = {
    FIELD(id, 1, RT_ID),     FIELD(title, 2, RT_STRING),    FIELD(price, 3, RT_DECIMAL),
    FIELD(owner, 4, RT_REF), FIELD(version, 5, RT_VERSION),
};
static const struct rt_message item_message = {
    .pb = RT_PB_DESCRIPTOR("bench.Item", bench_item, item_pb, 5, item_ranges, 1),
    .name = "Item",
    .fields = item_fields,
    .n_fields = 5,
};
static const uint16_t by_owner[] = {3};
static const struct rt_index indexes[] = {{.name = "by_owner", .fields = by_owner, .n_fields = 1}};
static const char *const followed[] = {"item:created", NULL};
static const struct rt_model item_model = {.name = "Item",
                                           .message = &item_message,
                                           .version_field = 4,
                                           .expires_field = -1,
                                           .followed = followed,
                                           .indexes = indexes,
                                           .n_indexes = 1};

#define TITLE   "A seat in the third row of the stalls"
#define OWNER   "018d2f3e-7c11-7a4e-9c55-0242ac120002"
#define SUBJECT "item:created"

/* What one create puts: 3 keys. The sizes are those of the real ones, checked at the start. */
enum {
    RECORD_KEY = 3 + RT_UUID_LEN,
    INDEX_KEY = 3 + 1 + RT_UUID_LEN + 2 + RT_UUID_LEN,
    OUTBOX_KEY = 9,
    RECORD_VALUE = 2 + RT_UUID_LEN + 2 + sizeof TITLE - 1 + 3 + 2 + RT_UUID_LEN + 2,
    OUTBOX_VALUE = 12 + sizeof SUBJECT - 1 + RT_UUID_LEN + RECORD_VALUE
};

static char (*ids)[RT_UUID_LEN + 1]; /* that the store gave */
static size_t n_ids;

/* -------------------------------------------------------------------- turns */

static uv_loop_t loop;
static uint64_t turn_ends_ns;
static uint64_t turn_count;
static size_t running;

static bool turn_over(void)
{
    return rt_clock_monotonic_ns() >= turn_ends_ns;
}

static double turn_run(void)
{
    uint64_t begin = rt_clock_monotonic_ns();
    while (running > 0)
        uv_run(&loop, UV_RUN_ONCE);
    return (double)turn_count * 1e9 / (double)(rt_clock_monotonic_ns() - begin);
}

static void turn_begin(size_t in_flight)
{
    turn_count = 0;
    running = in_flight;
    turn_ends_ns = rt_clock_monotonic_ns() + (uint64_t)TURN_MS * 1000000;
}

/* --------------------------------------------------------------------- ours */

struct create {
    struct rt_write write;
    struct rt_arena arena;
    const char *id;
};

static struct rt_store *store;
static struct create creates[IN_FLIGHT_MAX];

static int create_run(struct rt_txn *txn, void *arg)
{
    struct create *create = arg;
    struct bench_item *item = rt_message_new(&item_message, txn->arena);
    item->title = TITLE;
    item->price = 2050;
    item->owner = OWNER;
    int code = rt_txn_create(txn, &item_model, item);
    if (code != 0)
        return code;
    create->id = item->id;
    struct bench_item event = *item;
    rt_txn_publish(txn, &item_model, item, RT_STR(SUBJECT), rt_str(item->id), &event);
    const char *model;
    return rt_txn_unpublished(txn, &model) ? RT_EINVAL : 0;
}

static void create_submit(struct create *create);

static void create_done(void *arg, int status)
{
    struct create *create = arg;
    if (status != 0)
        rt_panic("create: %s", rt_err_name(status));
    if (n_ids < IDS_MAX)
        memcpy(ids[n_ids++], create->id, RT_UUID_LEN + 1);
    rt_arena_reset(&create->arena);
    turn_count++;
    if (turn_over())
        running--;
    else
        create_submit(create);
}

static void create_submit(struct create *create)
{
    create->write = (struct rt_write){
        .run = create_run, .done = create_done, .arg = create, .arena = &create->arena};
    if (rt_store_write(store, &create->write) != 0)
        rt_panic("the queue is full");
}

static double creates_turn(size_t in_flight)
{
    turn_begin(in_flight);
    for (size_t i = 0; i < in_flight; i++)
        create_submit(&creates[i]);
    return turn_run();
}

/* --------------------------------------------------------------------- bare */

struct put {
    struct put *next;
    uint64_t number;
};

static struct {
    leveldb_t *db;
    leveldb_writeoptions_t *sync;
    leveldb_readoptions_t *read;
    uv_thread_t thread;
    uv_mutex_t mutex;
    uv_cond_t wake;
    uv_async_t async;
    struct put *queue;
    struct put *done;
    bool ending;
    uint64_t next;
    uint64_t syncs;
} bare;

static struct put puts_[IN_FLIGHT_MAX];

/* An id of the same shape and entropy as ours: growing, then random. */
static void bare_id(char *id, uint64_t number)
{
    static const char hex[] = "0123456789abcdef";
    uint64_t random = number * 0x9E3779B97F4A7C15u;
    for (int i = 0; i < 16; i++) {
        id[15 - i] = hex[number >> (4 * i) & 15];
        id[16 + i] = hex[random >> (4 * i) & 15];
    }
    memcpy(id + 32, "2002", 4);
}

static void bare_put(leveldb_writebatch_t *batch, uint64_t number)
{
    char key[INDEX_KEY] = "r12", value[OUTBOX_VALUE] = "123456789012" SUBJECT;
    char *id = key + 3, *record = value + OUTBOX_VALUE - RECORD_VALUE;
    bare_id(id, number);
    memcpy(record - RT_UUID_LEN, id, RT_UUID_LEN);
    memcpy(record, id, RT_UUID_LEN);
    memcpy(record + RT_UUID_LEN, TITLE OWNER, sizeof TITLE OWNER - 1);
    leveldb_writebatch_put(batch, key, RECORD_KEY, record, RECORD_VALUE);
    key[0] = 'o';
    rt_u64_put((uint8_t *)key + 1, number);
    leveldb_writebatch_put(batch, key, OUTBOX_KEY, value, OUTBOX_VALUE);
    memcpy(key, "x12" OWNER "xxx", INDEX_KEY - RT_UUID_LEN);
    bare_id(key + INDEX_KEY - RT_UUID_LEN, number);
    leveldb_writebatch_put(batch, key, INDEX_KEY, value, 0);
}

static void bare_main(void *arg)
{
    (void)arg;
    leveldb_writebatch_t *batch = leveldb_writebatch_create();
    uv_mutex_lock(&bare.mutex);
    for (;;) {
        while (bare.queue == NULL && !bare.ending)
            uv_cond_wait(&bare.wake, &bare.mutex);
        if (bare.queue == NULL)
            break;
        struct put *group = bare.queue, *last = NULL;
        bare.queue = NULL;
        uv_mutex_unlock(&bare.mutex);
        for (struct put *put = group; put != NULL; put = put->next) {
            bare_put(batch, put->number);
            last = put;
        }
        char *error = NULL;
        leveldb_write(bare.db, bare.sync, batch, &error);
        if (error != NULL)
            rt_panic("%s", error);
        leveldb_writebatch_clear(batch);
        uv_mutex_lock(&bare.mutex);
        bare.syncs++;
        last->next = bare.done;
        bare.done = group;
        uv_async_send(&bare.async);
    }
    uv_mutex_unlock(&bare.mutex);
    leveldb_writebatch_destroy(batch);
}

static void bare_submit(struct put *put)
{
    put->number = bare.next++;
    uv_mutex_lock(&bare.mutex);
    put->next = bare.queue;
    bare.queue = put;
    uv_mutex_unlock(&bare.mutex);
}

/* Once for all that one turn of the loop submits, as the store does it. */
static void bare_wake(void)
{
    uv_mutex_lock(&bare.mutex);
    uv_cond_signal(&bare.wake);
    uv_mutex_unlock(&bare.mutex);
}

static void bare_on_async(uv_async_t *async)
{
    (void)async;
    uv_mutex_lock(&bare.mutex);
    struct put *done = bare.done;
    bare.done = NULL;
    uv_mutex_unlock(&bare.mutex);
    for (struct put *put = done, *next; put != NULL; put = next) {
        next = put->next;
        turn_count++;
        if (turn_over())
            running--;
        else
            bare_submit(put);
    }
    bare_wake();
}

static double bare_turn(size_t in_flight)
{
    turn_begin(in_flight);
    for (size_t i = 0; i < in_flight; i++)
        bare_submit(&puts_[i]);
    bare_wake();
    return turn_run();
}

static void bare_open(const char *path)
{
    leveldb_options_t *options = leveldb_options_create();
    leveldb_options_set_create_if_missing(options, 1);
    leveldb_options_set_paranoid_checks(options, 1);
    leveldb_options_set_filter_policy(options, leveldb_filterpolicy_create_bloom(RT_DB_BLOOM_BITS));
    leveldb_options_set_cache(options, leveldb_cache_create_lru(RT_DB_CACHE_DEFAULT));
    leveldb_options_set_write_buffer_size(options, RT_DB_WRITE_BUFFER_BYTES);
    char *error = NULL;
    bare.db = leveldb_open(options, path, &error);
    if (error != NULL)
        rt_panic("%s", error);
    bare.sync = leveldb_writeoptions_create();
    leveldb_writeoptions_set_sync(bare.sync, 1);
    bare.read = leveldb_readoptions_create();
    leveldb_readoptions_set_verify_checksums(bare.read, 1);
    uv_mutex_init(&bare.mutex);
    uv_cond_init(&bare.wake);
    uv_async_init(&loop, &bare.async, bare_on_async);
    uv_thread_create(&bare.thread, bare_main, NULL);
}

static void bare_close(void)
{
    uv_mutex_lock(&bare.mutex);
    bare.ending = true;
    uv_cond_signal(&bare.wake);
    uv_mutex_unlock(&bare.mutex);
    uv_thread_join(&bare.thread);
    uv_close((uv_handle_t *)&bare.async, NULL);
    leveldb_close(bare.db);
}

/* -------------------------------------------------------------------- reads */

/* Nanoseconds a read; `span` ids of the newest ones, in a scattered order. */
static size_t scattered(size_t i, size_t span)
{
    return n_ids - 1 - i * 7919 % span;
}

static double read_ours(size_t span, bool decode)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    size_t found = 0;
    uint64_t begin = rt_clock_monotonic_ns();
    for (size_t i = 0; i < READS; i++) {
        struct rt_txn txn;
        rt_store_read_begin(store, &arena, &txn);
        const char *id = ids[scattered(i, span)];
        found += decode ? rt_txn_get(&txn, &item_model, id) != NULL
                        : rt_txn_get_bytes(&txn, &item_model, id).data != NULL;
        rt_store_read_end(&txn);
        rt_arena_reset(&arena);
    }
    uint64_t ns = rt_clock_monotonic_ns() - begin;
    rt_arena_done(&arena);
    if (found != READS)
        rt_panic("only %zu records found", found);
    return (double)ns / READS;
}

static double read_decoded(size_t span)
{
    return read_ours(span, true);
}

static double read_encoded(size_t span)
{
    return read_ours(span, false);
}

static double read_bare(size_t span)
{
    char key[RECORD_KEY] = "r12";
    uint64_t begin = rt_clock_monotonic_ns();
    for (size_t i = 0; i < READS; i++) {
        char *error = NULL;
        size_t len;
        bare_id(key + 3, bare.next - 1 - i * 7919 % span);
        char *value = leveldb_get(bare.db, bare.read, key, RECORD_KEY, &len, &error);
        if (value == NULL)
            rt_panic("not found");
        leveldb_free(value);
    }
    return (double)(rt_clock_monotonic_ns() - begin) / READS;
}

/* ------------------------------------------------------------------ results */

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, TURNS, sizeof *values, compare);
    return values[TURNS / 2];
}

static void compare_writes(size_t in_flight)
{
    double ours[TURNS], theirs[TURNS], ratio[TURNS];
    struct rt_store_stats before, after;
    rt_store_stats(store, &before);
    uint64_t bare_syncs = bare.syncs, bare_puts = bare.next;
    for (int i = 0; i < TURNS; i++) {
        ours[i] = creates_turn(in_flight);
        theirs[i] = bare_turn(in_flight);
        ratio[i] = ours[i] / theirs[i];
    }
    rt_store_stats(store, &after);
    printf("create, %3zu in flight   %9.0f /s   bare group commit %9.0f /s   ratio %.2f   "
           "(%.0f and %.0f a sync)\n",
           in_flight, median(ours), median(theirs), median(ratio),
           (double)(after.writes - before.writes) / (double)(after.syncs - before.syncs),
           (double)(bare.next - bare_puts) / (double)(bare.syncs - bare_syncs));
}

static void compare_reads(const char *what, double (*ours_read)(size_t span), size_t span)
{
    double ours[TURNS], theirs[TURNS], ratio[TURNS];
    for (int i = 0; i < TURNS; i++) {
        ours[i] = ours_read(span);
        theirs[i] = read_bare(span);
        ratio[i] = theirs[i] / ours[i];
    }
    printf("%-22s %9.0f ns   bare leveldb_get  %9.0f ns   ratio %.2f\n", what, median(ours),
           median(theirs), median(ratio));
}

static void check_sizes(void)
{
    struct rt_store_stats stats;
    rt_store_stats(store, &stats);
    size_t each = (size_t)(stats.bytes / stats.writes);
    size_t bare_each =
        RECORD_KEY + INDEX_KEY + OUTBOX_KEY + RECORD_VALUE + RT_UUID_LEN * 0 + OUTBOX_VALUE;
    if (each != bare_each)
        printf("(bytes a create: %zu, bare %zu)\n", each, bare_each);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

int main(int argc, char **argv)
{
    char dir[512], path[600];
    snprintf(dir, sizeof dir, "%s/store-bench-XXXXXX", argc > 1 ? argv[1] : "/var/tmp");
    if (mkdtemp(dir) == NULL)
        rt_panic("no directory %s", dir);
    uv_loop_init(&loop);
    setvbuf(stdout, NULL, _IOLBF, 0);
    ids = calloc(IDS_MAX, sizeof *ids);
    for (size_t i = 0; i < IN_FLIGHT_MAX; i++)
        rt_arena_init(&creates[i].arena, 0);

    snprintf(path, sizeof path, "%s/ours", dir);
    const struct rt_model *const models[] = {&item_model};
    struct rt_store_options options = {
        .path = path, .models = models, .n_models = 1, .service = "bench"};
    struct rt_error error = {0};
    if (rt_store_open(&loop, &options, &store, &error) != 0)
        rt_panic("%s", error.message);
    snprintf(path, sizeof path, "%s/bare", dir);
    bare_open(path);

    static const size_t in_flight[] = {1, 64, 512};
    for (size_t i = 0; i < sizeof in_flight / sizeof in_flight[0]; i++) {
        compare_writes(in_flight[i]);
        if (i == 0)
            check_sizes();
    }
    size_t all = n_ids < bare.next ? n_ids : (size_t)bare.next;
    size_t span = all < READ_IDS ? all : READ_IDS;
    compare_reads("get, 10k ids", read_decoded, span);
    compare_reads("get_bytes, 10k ids", read_encoded, span);
    compare_reads("get, all ids", read_decoded, all);

    rt_store_close(store, NULL, NULL);
    bare_close();
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_loop_close(&loop);
    nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return 0;
}
