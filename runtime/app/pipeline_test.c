#include <stdio.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "runtime/app/request/idempotency.h"
#include "runtime/base/clock.h"
#include "tests/support/failing_db.h"
#include "tests/support/shop.h"

static struct shop shop;

static void setup(void)
{
    shop_init(&shop);
}

static void teardown(void)
{
    shop_done(&shop);
}

TestSuite(pipeline, .init = setup, .fini = teardown, .timeout = 30);

static const char *create(const char *user, const char *title)
{
    char body[128];
    snprintf(body, sizeof(body), "{\"title\":\"%s\",\"price\":1.50}", title);
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", user, "", body), 201, "%s",
                 shop_body(&shop));
    return shop_member(&shop, "id");
}

static const char *path_of(const char *id)
{
    return rt_arena_printf(&shop.arena, "/api/items/%s", id);
}

/* ------------------------------------------------------------ the plain way */

Test(pipeline, a_record_is_created_shown_updated_and_deleted)
{
    const char *id = create("ann", " chair ");
    cr_assert_str_eq(shop_header(&shop, "ETag"), "\"1\"");
    cr_assert_str_eq(shop_header(&shop, "Location"), path_of(id));
    cr_assert_str_eq(shop_header(&shop, "Content-Type"), "application/json");
    char expected[256];
    snprintf(expected, sizeof(expected),
             "{\"id\":\"%s\",\"title\":\"chair\",\"price\":1.50,\"userId\":\"ann\",\"hold\":null,"
             "\"version\":1}",
             id);
    cr_assert_str_eq(shop_body(&shop), expected);

    cr_assert_eq(shop_request(&shop, "GET", path_of(id), NULL, "", NULL), 200);
    cr_assert_str_eq(shop_body(&shop), expected);
    cr_assert_str_eq(shop_header(&shop, "ETag"), "\"1\"");
    cr_assert_eq(shop_request(&shop, "HEAD", path_of(id), NULL, "", NULL), 200);

    cr_assert_eq(
        shop_request(&shop, "PUT", path_of(id), "ann", "", "{\"title\":\"sofa\",\"price\":2}"),
        200);
    cr_assert_str_eq(shop_header(&shop, "ETag"), "\"2\"");
    struct shop_item *item = shop_get(&shop, &shop_item_model, id);
    cr_assert_str_eq(item->title, "sofa");
    cr_assert_eq(item->price, 200);
    cr_assert_eq(item->version, 2);

    cr_assert_eq(shop_request(&shop, "DELETE", path_of(id), "ann", "", NULL), 204);
    cr_assert_eq(shop_request(&shop, "GET", path_of(id), NULL, "", NULL), 404);
    cr_assert_eq(shop_count_items(&shop), 0);
}

Test(pipeline, a_patch_tells_its_handler_what_is_given)
{
    const char *id = create("ann", "chair");
    const char *terms = rt_arena_printf(&shop.arena, "/api/items/%s/terms", id);
    cr_assert_eq(shop_request(&shop, "PATCH", terms, "ann", "", "{\"price\":7}"), 200, "%s",
                 shop_body(&shop));
    struct shop_item *item = shop_get(&shop, &shop_item_model, id);
    cr_assert_str_eq(item->title, "chair");
    cr_assert_eq(item->price, 700);
    cr_assert_eq(item->version, 2);
    cr_assert_eq(shop_request(&shop, "PATCH", terms, "ann", "", "{\"title\":\"sofa\"}"), 409);
    cr_assert_eq(shop_request(&shop, "PATCH", terms, "ann", "", "{\"title\":null}"), 400);
    cr_assert_eq(shop_request(&shop, "PATCH", terms, "ann", "", "{\"price\":-1}"), 400);
    cr_assert_eq(shop_request(&shop, "PATCH", terms, "bob", "", "{\"price\":1}"), 404);
    item = shop_get(&shop, &shop_item_model, id);
    cr_assert_eq(item->version, 2, "what is refused changes nothing");
}

Test(pipeline, replies_say_that_they_are_no_pages_and_whose_they_are)
{
    static const struct {
        const char *method, *path, *user;
        int status;
        bool no_store;
    } cases[] = {
        {"GET", "/api/items", NULL, 200, false},      {"GET", "/api/items/none", NULL, 404, false},
        {"GET", "/api/whoami", NULL, 200, true},      {"GET", "/api/whoami", "ann", 200, true},
        {"POST", "/api/items", NULL, 401, true},      {"POST", "/api/items", "ann", 400, true},
        {"POST", "/api/signout", "ann", 204, true},   {"GET", "/nowhere", NULL, 404, false},
        {"DELETE", "/api/signout", NULL, 405, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        cr_expect_eq(shop_request(&shop, cases[i].method, cases[i].path, cases[i].user, "", NULL),
                     cases[i].status, "%s", cases[i].path);
        cr_expect_str_eq(shop_header(&shop, "X-Content-Type-Options"), "nosniff");
        cr_expect_str_eq(shop_header(&shop, "Content-Security-Policy"),
                         "default-src 'none'; frame-ancestors 'none'");
        cr_expect_str_eq(shop_header(&shop, "Strict-Transport-Security"), "max-age=31536000");
        const char *control = shop_header(&shop, "Cache-Control");
        cr_expect_eq(control && strcmp(control, "no-store") == 0, cases[i].no_store, "%s %s",
                     cases[i].method, cases[i].path);
    }
}

Test(pipeline, health_is_answered_and_readiness_waits_for_the_channel)
{
    cr_assert_eq(shop_request(&shop, "GET", "/healthz", NULL, "", NULL), 200);
    cr_assert_eq(shop_request(&shop, "GET", "/readyz", NULL, "", NULL), 503,
                 "the channel was never there");
}

/* ---------------------------------------------------------------- bad input */

struct bad {
    const char *method;
    const char *path; /* "*" is an item of ann's */
    const char *user;
    const char *headers;
    const char *body;
    int status;
    const char *part; /* of the reply's body */
};

#define GOOD "{\"title\":\"table\",\"price\":1}"

static const struct bad bads[] = {
    {"GET", "/nowhere", NULL, "", NULL, 404, "nothing at this address"},
    {"GET", "/api/items/a/b/c", NULL, "", NULL, 404, "nothing at this address"},
    {"GET", "/api/items/%zz", NULL, "", NULL, 400, "\"errors\":[{\"message\""},
    {"PATCH", "*", "ann", "", NULL, 405, "not offered"},
    {"DELETE", "/api/items", "ann", "", NULL, 405, "not offered"},
    {"POST", "/api/items", NULL, "", GOOD, 401, "Not authorized"},
    {"POST", "/api/items", NULL, "Authorization: Bearer a.b.c\r\n", GOOD, 401, "Not authorized"},
    {"POST", "/api/items", NULL, "Cookie: __Host-session=AAAA\r\n", GOOD, 401, "Not authorized"},
    {"POST", "/api/items", NULL, "", "{", 401, "Not authorized"},
    {"POST", "/api/items", "bob", "Content-Type: text/plain\r\n", GOOD, 415, "application/json"},
    {"POST", "/api/items", "bob", "Content-Type: application/json; charset=utf-16\r\n", GOOD, 415,
     "in UTF-8"},
    {"POST", "/api/items", "bob", "Content-Type: application/json\r\nContent-Encoding: gzip\r\n",
     GOOD, 415, "compressed"},
    {"POST", "/api/items", "bob", "Content-Type: application/jsonx\r\n", GOOD, 415,
     "application/json"},
    {"POST", "/api/items", "bob", "", "{", 400, "\"rule\":\"json\""},
    {"POST", "/api/items", "bob", "", "", 400, "\"errors\""},
    {"POST", "/api/items", "bob", "", "[]", 400, "\"errors\""},
    {"POST", "/api/items", "bob", "", "{\"title\":7,\"price\":1}", 400, "\"field\":\"title\""},
    {"POST", "/api/items", "bob", "", "{\"title\":\"a\",\"price\":0}", 400,
     "\"field\":\"price\",\"pointer\":\"/price\",\"rule\":\"min\""},
    {"POST", "/api/items", "bob", "", "{\"title\":\"a\",\"price\":1.005}", 400,
     "\"field\":\"price\""},
    {"POST", "/api/items", "bob", "", "{\"title\":\"a\",\"price\":1,\"x\":1}", 400,
     "\"field\":\"x\""},
    {"POST", "/api/items", "bob", "", "{\"title\":\"a\",\"price\":1,\"userId\":\"ann\"}", 400,
     "\"field\":\"userId\""},
    {"POST", "/api/items", "bob", "", "{\"title\":\"a\\u0000b\",\"price\":1}", 400,
     "\"field\":\"title\""},
    {"POST", "/api/items", "bob", "", "{\"title\":\"lamp\",\"price\":1}", 409,
     "\"type\":\"urn:error:title_taken\",\"title\":\"Title is taken\""},
    {"POST", "/api/items", "bob", "Idempotency-Key: a b\r\n", GOOD, 400, "Idempotency-Key"},
    {"POST", "/api/items?x=1", "bob", "", GOOD, 400, "\"field\":\"x\""},
    {"PUT", "*", "bob", "", GOOD, 404, "\"title\":\"Not Found\",\"status\":404"},
    {"DELETE", "*", "bob", "", NULL, 404, "Not found"},
    {"PUT", "/api/items/none", "bob", "", GOOD, 404, "Not found"},
    {"PUT", "*", NULL, "", GOOD, 401, "Not authorized"},
    {"PUT", "*", "ann", "If-Match: \"7\"\r\n", GOOD, 412, "changed since"},
    {"PUT", "*", "ann", "If-Match: W/\"1\"\r\n", GOOD, 412, "changed since"},
    {"PUT", "*", "ann", "If-Match: nonsense\r\n", GOOD, 412, "changed since"},
    {"DELETE", "*", "ann", "If-Match: \"7\"\r\n", NULL, 412, "changed since"},
    {"GET", "/api/items?limit=0", NULL, "", NULL, 400, "\"field\":\"limit\""},
    {"GET", "/api/items?limit=101", NULL, "", NULL, 400, "\"field\":\"limit\""},
    {"GET", "/api/items?limit=1&limit=2", NULL, "", NULL, 400, "\"rule\":\"duplicate\""},
    {"GET", "/api/items?after=zzz", NULL, "", NULL, 400, "\"field\":\"after\""},
    {"GET", "/api/items?sort=colour", NULL, "", NULL, 400, "\"field\":\"sort\""},
    {"GET", "/api/items?price=cheap", NULL, "", NULL, 400, "\"field\":\"price\""},
    {"GET", "/api/items?a%00=1", NULL, "", NULL, 400, "cannot be read"},
    {"GET", "/api/mine", NULL, "", NULL, 401, "Not authorized"},
};

Test(pipeline, bad_input_is_answered_alike_and_changes_nothing)
{
    const char *id = create("ann", "lamp");
    for (size_t i = 0; i < sizeof(bads) / sizeof(*bads); i++) {
        const struct bad *bad = &bads[i];
        const char *path = strcmp(bad->path, "*") == 0 ? path_of(id) : bad->path;
        cr_expect_eq(shop_request(&shop, bad->method, path, bad->user, bad->headers, bad->body),
                     bad->status, "case %zu: %s %s: %d %s", i, bad->method, path, shop.reply.status,
                     shop_body(&shop));
        cr_expect_str_eq(shop_header(&shop, "Content-Type"), "application/problem+json", "case %zu",
                         i);
        cr_expect(strstr(shop_body(&shop), bad->part) != NULL, "case %zu: %s", i, shop_body(&shop));
        cr_expect(strstr(shop_body(&shop), "\"errors\":[{\"message\":\"") != NULL, "case %zu", i);
    }
    struct shop_item *item = shop_get(&shop, &shop_item_model, id);
    cr_assert_eq(item->version, 1);
    cr_assert_eq(shop_count_items(&shop), 1);
}

/* The title has 20 characters at most, and 18 in the event. */
Test(pipeline, a_body_is_as_large_as_a_valid_one_can_be)
{
    struct rt_buf body = {0};
    rt_buf_puts(&body, "{\"title\":\"");
    for (int i = 0; i < 18; i++)
        rt_buf_puts(&body, "\\ud83c\\udfab");
    rt_buf_puts(&body, "\",\"price\":1");
    size_t len = body.len;
    rt_buf_puts(&body, "}");
    cr_expect_eq(shop_request(&shop, "POST", "/api/items", "ann", "", rt_buf_cstr(&body)), 201);
    body.len = len;
    for (int i = 0; i < 4096; i++)
        rt_buf_byte(&body, ' ');
    rt_buf_puts(&body, "}");
    cr_expect_eq(shop_request(&shop, "POST", "/api/items", "ann", "", rt_buf_cstr(&body)), 413);
    rt_buf_done(&body);
}

Test(pipeline, every_violation_is_reported_at_once)
{
    cr_assert_eq(shop_request(&shop, "POST", "/api/items?q=1", "bob", "", "{\"price\":\"x\"}"),
                 400);
    cr_assert_not_null(strstr(shop_body(&shop), "\"field\":\"q\""));
    cr_assert_not_null(strstr(shop_body(&shop), "\"field\":\"price\""));
    cr_assert_not_null(strstr(shop_body(&shop), "\"field\":\"title\""));
}

Test(pipeline, a_wrong_method_names_the_right_ones)
{
    cr_assert_eq(shop_request(&shop, "PATCH", "/api/items", NULL, "", NULL), 405);
    cr_assert_str_eq(shop_header(&shop, "Allow"), "GET, HEAD, POST, OPTIONS");
}

Test(pipeline, the_servers_own_errors_look_alike)
{
    char *big = rt_arena_alloc(&shop.arena, 1100001);
    memset(big, 'x', 1100000);
    big[1100000] = '\0';
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", "bob", "", big), 413);
    cr_assert_str_eq(shop_header(&shop, "Content-Type"), "application/problem+json");
    cr_assert_not_null(strstr(shop_body(&shop), "\"status\":413"));
    cr_assert_not_null(strstr(shop_body(&shop), "\"errors\":[{\"message\":"));
    cr_assert_eq(shop_count_items(&shop), 0);
}

/* ------------------------------------------------------------- failed reads */

Test(pipeline, a_record_that_cannot_be_read_is_an_error_and_not_an_absence)
{
    const char *id = create("ann", "lamp");
    shop_stop(&shop); /* no cache remembers it */
    shop_start(&shop);
    failing_db_key(id);
    cr_expect_eq(shop_request(&shop, "GET", path_of(id), NULL, "", NULL), 500);
    cr_expect_eq(shop_request(&shop, "GET", path_of(id), "ann", "If-None-Match: \"7\"\r\n", NULL),
                 500);
    cr_expect_eq(shop_request(&shop, "PUT", path_of(id), "ann", "", GOOD), 500);
    cr_expect_eq(shop_request(&shop, "DELETE", path_of(id), "ann", "", NULL), 500);
    cr_expect_eq(shop_request(&shop, "GET", "/api/items", NULL, "", NULL), 200, "scans do not get");
    failing_db_walks(true);
    cr_expect_eq(shop_request(&shop, "GET", "/api/items", NULL, "", NULL), 500);
    failing_db_walks(false);
    failing_db_key(NULL);
    cr_expect_eq(shop_request(&shop, "GET", path_of(id), NULL, "", NULL), 200, "it recovers");
    struct shop_item *item = shop_get(&shop, &shop_item_model, id);
    cr_expect_eq(item->version, 1);
}

Test(pipeline, a_revocation_that_cannot_be_read_lets_nobody_in)
{
    const char *id = create("ann", "lamp");
    failing_db_key("ann"); /* the token's id */
    cr_expect_eq(shop_request(&shop, "GET", "/api/mine", "ann", "", NULL), 500);
    cr_expect_eq(shop_request(&shop, "PUT", path_of(id), "ann", "", GOOD), 500);
    cr_expect_eq(shop_request(&shop, "GET", "/api/items", "ann", "", NULL), 500,
                 "nor as a signed-out visitor");
    cr_expect_eq(shop_request(&shop, "GET", "/api/items", NULL, "", NULL), 200);
    failing_db_key(NULL);
    cr_expect_eq(shop_request(&shop, "GET", "/api/mine", "ann", "", NULL), 200);
}

/* A write that keeps the writer busy, and then ends a session. */
struct revoke {
    struct rt_write write;
    struct rt_arena arena;
    const char *id;
    _Atomic bool begun;
    _Atomic bool go_on;
    _Atomic bool done;
};

static int revoke_run(struct rt_txn *txn, void *arg)
{
    struct revoke *revoke = arg;
    revoke->begun = true;
    while (!revoke->go_on)
        usleep(1000);
    const struct rt_message *type = shop_revocation_model.message;
    char *record = rt_message_new(type, txn->arena);
    *(const char **)(void *)(record + type->fields[shop_revocation_model.id_field].offset) =
        revoke->id;
    *(int64_t *)(void *)(record + type->fields[shop_revocation_model.expires_field].offset) =
        txn->now_ms + 3600000;
    return rt_txn_create(txn, &shop_revocation_model, record);
}

static void revoke_done(void *arg, int status)
{
    struct revoke *revoke = arg;
    cr_expect_eq(status, 0);
    revoke->done = true;
}

static void submit_revoke(struct shop *s, void *arg)
{
    struct revoke *revoke = arg;
    revoke->write = (struct rt_write){
        .run = revoke_run, .done = revoke_done, .arg = revoke, .arena = &revoke->arena};
    cr_assert_eq(rt_store_write(s->app->owner.store, &revoke->write), 0);
}

static bool has_begun(struct shop *s, void *arg)
{
    (void)s;
    return ((struct revoke *)arg)->begun;
}

static bool one_waits(struct shop *s, void *arg)
{
    struct rt_store_stats stats;
    (void)arg;
    rt_store_stats(s->app->owner.store, &stats);
    return stats.queued == 1;
}

static bool is_done(struct shop *s, void *arg)
{
    (void)s;
    return ((struct revoke *)arg)->done;
}

Test(pipeline, a_session_revoked_after_the_first_look_does_not_write)
{
    const char *id = create("ann", "lamp");
    struct revoke revoke = {.id = "ann"};
    rt_arena_init(&revoke.arena, 0);
    shop_on_loop(&shop, submit_revoke, &revoke);
    shop_wait(&shop, has_begun, &revoke, "the writer");
    shop_send(&shop, "PUT", path_of(id), "ann", "", "{\"title\":\"sofa\",\"price\":2}");
    shop_wait(&shop, one_waits, NULL, "the request's write");
    revoke.go_on = true;
    cr_expect_eq(shop_receive(&shop, false), 401);
    shop_wait(&shop, is_done, &revoke, "the revocation");
    struct shop_item *item = shop_get(&shop, &shop_item_model, id);
    cr_expect_eq(item->version, 1);
    rt_arena_done(&revoke.arena);
}

Test(pipeline, an_earlier_answer_that_cannot_be_read_is_not_given_twice)
{
    const char *key = "Idempotency-Key: k-77\r\n";
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", "ann", key, GOOD), 201);
    failing_db_key("k-77");
    cr_expect_eq(shop_request(&shop, "POST", "/api/items", "ann", key, GOOD), 500);
    failing_db_key(NULL);
    cr_expect_eq(shop_count_items(&shop), 1);
    cr_expect_eq(shop_request(&shop, "POST", "/api/items", "ann", key, GOOD), 201);
    cr_expect_eq(shop_count_items(&shop), 1);
}

Test(pipeline, a_change_without_its_event_does_not_pass)
{
    const char *id = create("ann", "lamp");
    const char *forget = rt_arena_printf(&shop.arena, "/api/items/%s/forget", id);
    cr_assert_eq(shop_request(&shop, "POST", forget, NULL, "", NULL), 500);
    struct shop_item *item = shop_get(&shop, &shop_item_model, id);
    cr_assert_eq(item->version, 1);
    cr_assert_null(item->hold);
}

Test(pipeline, a_change_that_its_event_cannot_tell_is_not_made)
{
    const char *id = create("ann", "lamp");
    const char *body = "{\"title\":\"nineteen characters\",\"price\":2}";
    cr_expect_eq(shop_request(&shop, "PUT", path_of(id), "ann", "", body), 500);
    cr_expect_not_null(strstr(shop_body(&shop), "does not fit into the event"), "%s",
                       shop_body(&shop));
    struct shop_item *item = shop_get(&shop, &shop_item_model, id);
    cr_expect_eq(item->version, 1);
    cr_expect_str_eq(item->title, "lamp");
    cr_expect_eq(shop_request(&shop, "POST", "/api/items", "ann", "", body), 500, "automatic too");
    cr_expect_eq(shop_count_items(&shop), 1);
}

static int hold_item(struct rt_txn *txn, void *id)
{
    struct shop_item *item = rt_txn_get(txn, &shop_item_model, id);
    item->hold = "for bob";
    return rt_txn_update(txn, &shop_item_model, item);
}

Test(pipeline, a_handlers_error_rolls_back)
{
    const char *id = create("ann", "lamp");
    cr_assert_eq(shop_write(&shop, hold_item, rt_arena_strdup(&shop.arena, id)), 0);
    cr_assert_eq(shop_request(&shop, "PUT", path_of(id), "ann", "", GOOD), 409);
    cr_assert_not_null(strstr(shop_body(&shop), "urn:error:item_held"));
    struct shop_item *item = shop_get(&shop, &shop_item_model, id);
    cr_assert_str_eq(item->title, "lamp");
    cr_assert_eq(item->version, 2);
}

/* ----------------------------------------------------------------- versions */

Test(pipeline, entity_tags_spare_readers_and_stop_stale_writers)
{
    const char *id = create("ann", "lamp");
    cr_assert_eq(shop_request(&shop, "GET", path_of(id), NULL, "If-None-Match: \"1\"\r\n", NULL),
                 304);
    cr_assert_eq(shop_request(&shop, "GET", path_of(id), NULL, "If-None-Match: \"2\"\r\n", NULL),
                 200);
    cr_assert_eq(shop_request(&shop, "PUT", path_of(id), "ann", "If-Match: \"9\", \"1\"\r\n", GOOD),
                 200);
    cr_assert_eq(shop_request(&shop, "PUT", path_of(id), "ann", "If-Match: \"1\"\r\n", GOOD), 412);
    cr_assert_eq(shop_request(&shop, "PUT", path_of(id), "ann", "If-Match: *\r\n", GOOD), 200);
    cr_assert_str_eq(shop_header(&shop, "ETag"), "\"3\"");
}

/* ------------------------------------------------------------------- limits */

Test(pipeline, requests_are_limited_by_field_and_by_address)
{
    const char *from_one = "X-Forwarded-For: 6.6.6.6, 10.0.0.1\r\n";
    const char *from_two = "X-Forwarded-For: 10.0.0.1, 10.0.0.2\r\n";
    const char *ann = "{\"name\":\"ann\"}";
    for (int i = 0; i < 3; i++)
        cr_assert_eq(shop_request(&shop, "POST", "/api/signin", NULL, from_one, ann), 200);
    cr_assert_eq(shop_request(&shop, "POST", "/api/signin", NULL, from_two, ann), 429,
                 "the name is used up");
    int seconds = atoi(shop_header(&shop, "Retry-After"));
    cr_assert(seconds > 0 && seconds <= 1200, "%d", seconds);
    cr_assert_eq(shop_request(&shop, "POST", "/api/signin", NULL, from_one, "{\"name\":\"bob\"}"),
                 429, "the address is used up");
    cr_assert_eq(shop_request(&shop, "POST", "/api/signin", NULL, from_two, "{\"name\":\"bob\"}"),
                 200);
}

/* -------------------------------------------------------------------- lists */

/* Follows `next` through the whole list; the titles in a row. */
static const char *walk(const char *query, const char *user)
{
    char *titles = rt_arena_strdup(&shop.arena, "");
    const char *next = "";
    for (int pages = 0; pages < 20; pages++) {
        const char *path =
            rt_arena_printf(&shop.arena, "%s%s%s", query, *next ? "&after=" : "", next);
        cr_assert_eq(shop_request(&shop, "GET", path, user, "", NULL), 200, "%s", path);
        for (const char *at = shop_body(&shop); (at = strstr(at, "\"title\":\"")) != NULL;) {
            at += 9;
            titles = rt_arena_printf(&shop.arena, "%s%.*s", titles, (int)strcspn(at, "\""), at);
        }
        if (strstr(shop_body(&shop), "\"next\":null"))
            return titles;
        next = shop_member(&shop, "next");
    }
    cr_assert(false, "the list has no end");
    return NULL;
}

Test(pipeline, lists_come_in_pages)
{
    static const char *const titles[] = {"d", "a", "e", "b", "c"};
    static const char *const users[] = {"ann", "bob", "ann", "bob", "ann"};
    for (size_t i = 0; i < 5; i++)
        create(users[i], titles[i]);
    cr_assert_str_eq(walk("/api/items?limit=2", NULL), "daebc", "ids rise with time");
    cr_assert_str_eq(walk("/api/items?limit=100", NULL), "daebc");
    cr_assert_str_eq(walk("/api/items?limit=2&sort=title", NULL), "abcde");
    cr_assert_str_eq(walk("/api/items?limit=3&sort=-title", NULL), "edcba");
    cr_assert_str_eq(walk("/api/items?limit=2&owner=ann", NULL), "dec");
    cr_assert_str_eq(walk("/api/items?limit=1&owner=ann&sort=-title", NULL), "edc");
    cr_assert_str_eq(walk("/api/items?limit=2&owner=nobody", NULL), "");
    cr_assert_str_eq(walk("/api/items?limit=2&price=1.5", NULL), "daebc");
    cr_assert_str_eq(walk("/api/items?limit=2&price=1.6", NULL), "");
    cr_assert_str_eq(walk("/api/mine?limit=1", "bob"), "ab");
    cr_assert_str_eq(walk("/api/mine?limit=1", "eve"), "");
}

/* ----------------------------------------------------------------- overload */

enum { TOO_MANY = 2, SIGNINS_MAX = RT_JOBS_WAITING_MAX + 64 };

static size_t count_readable(struct peer *peers, size_t n_peers)
{
    size_t n = 0;
    for (size_t i = 0; i < n_peers; i++)
        n += peer_readable(&peers[i]);
    return n;
}

Test(pipeline, work_beyond_the_pools_queue_is_refused_and_the_loop_goes_on)
{
    static struct peer peers[SIGNINS_MAX];
    const size_t jobs = RT_JOBS_WAITING_MAX + shop.app->dispatcher.jobs.running_max;
    const size_t n_peers = jobs + TOO_MANY;
    cr_assert_leq(n_peers, SIGNINS_MAX);
    shop_work_held = 1;
    for (size_t i = 0; i < n_peers; i++) {
        peer_open(&peers[i], rt_app_port(shop.app));
        char body[32];
        int len = snprintf(body, sizeof(body), "{\"name\":\"n%zu\"}", i);
        peer_puts(&peers[i], rt_arena_printf(&shop.arena,
                                             "POST /api/signin HTTP/1.1\r\nHost: t\r\n"
                                             "X-Forwarded-For: 10.0.0.%zu\r\nContent-Type: "
                                             "application/json\r\nContent-Length: %d\r\n\r\n%s",
                                             i, len, body));
    }
    uint64_t deadline_ns = rt_clock_monotonic_ns() + UINT64_C(5000000000);
    while (count_readable(peers, n_peers) < TOO_MANY) {
        cr_assert_lt(rt_clock_monotonic_ns(), deadline_ns);
        usleep(1000);
    }
    cr_assert_eq(shop_request(&shop, "GET", "/healthz", NULL, "", NULL), 200,
                 "nothing waits for the pool");
    shop_work_held = 0;
    size_t refused = 0, done = 0;
    for (size_t i = 0; i < n_peers; i++) {
        struct peer_reply reply = {0};
        cr_assert(peer_reply(&peers[i], false, &reply));
        done += reply.status == 200;
        refused += reply.status == 503 && peer_reply_header(&reply, "Retry-After") != NULL;
        peer_reply_done(&reply);
        peer_close(&peers[i]);
    }
    cr_assert_eq(done, jobs);
    cr_assert_eq(refused, TOO_MANY);
}

static bool all_wait(struct shop *s, void *arg)
{
    size_t n = 0;
    for (size_t i = 0; i < s->app->dispatcher.jobs.n_queues; i++)
        n += s->app->dispatcher.jobs.queues[i].n_waiting;
    return n == *(size_t *)arg;
}

static void begin_to_stop(struct shop *s, void *arg)
{
    (void)arg;
    rt_dispatcher_stop(&s->app->dispatcher);
}

/* What was accepted and has begun is carried through; nobody waits in vain for the rest. */
Test(pipeline, stopping_answers_what_waits_for_the_pool_at_once)
{
    enum { SIGNINS = 20 };
    struct peer peers[SIGNINS];
    size_t running = shop.app->dispatcher.jobs.running_max;
    shop_work_held = 1;
    for (size_t i = 0; i < SIGNINS; i++) {
        peer_open(&peers[i], rt_app_port(shop.app));
        peer_puts(&peers[i], "POST /api/signin HTTP/1.1\r\nHost: t\r\n");
        peer_puts(&peers[i], rt_arena_printf(&shop.arena,
                                             "X-Forwarded-For: 10.0.0.%zu\r\nContent-Type: "
                                             "application/json\r\nContent-Length: 14\r\n\r\n"
                                             "{\"name\":\"n%02zu\"}",
                                             i, i));
    }
    shop_wait(&shop, all_wait, &(size_t){SIGNINS - running}, "the jobs");
    shop_on_loop(&shop, begin_to_stop, NULL);
    uint64_t deadline_ns = rt_clock_monotonic_ns() + UINT64_C(5000000000);
    while (count_readable(peers, SIGNINS) < SIGNINS - running) {
        cr_assert_lt(rt_clock_monotonic_ns(), deadline_ns);
        usleep(1000);
    }
    shop_work_held = 0;
    size_t refused = 0, done = 0;
    for (size_t i = 0; i < SIGNINS; i++) {
        struct peer_reply reply = {0};
        cr_assert(peer_reply(&peers[i], false, &reply));
        done += reply.status == 200;
        refused += reply.status == 503;
        peer_reply_done(&reply);
        peer_close(&peers[i]);
    }
    cr_assert_eq(done, running);
    cr_assert_eq(refused, SIGNINS - running);
}
