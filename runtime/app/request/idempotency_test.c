/* Requests with an Idempotency-Key: their effect is had once. */
#include <criterion/criterion.h>

#include "runtime/app/request/idempotency.h"
#include "runtime/base/clock.h"
#include "tests/support/shop.h"

#define GOOD "{\"title\":\"table\",\"price\":1}"

static struct shop shop;

static void setup(void)
{
    shop_init(&shop);
}

static void teardown(void)
{
    shop_done(&shop);
}

TestSuite(idempotency, .init = setup, .fini = teardown, .timeout = 30);

Test(idempotency, an_idempotency_key_gives_the_first_answer_again)
{
    const char *key = "Idempotency-Key: k-1\r\n";
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", "ann", key, GOOD), 201);
    const char *first = rt_arena_strdup(&shop.arena, shop_body(&shop));
    const char *place = rt_arena_strdup(&shop.arena, shop_header(&shop, "Location"));
    cr_assert_null(shop_header(&shop, "Idempotency-Replayed"));
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(shop_request(&shop, "POST", "/api/items", "ann", key, GOOD), 201);
        cr_assert_str_eq(shop_body(&shop), first);
        cr_assert_str_eq(shop_header(&shop, "Location"), place);
        cr_assert_str_eq(shop_header(&shop, "ETag"), "\"1\"");
        cr_assert_str_eq(shop_header(&shop, "Idempotency-Replayed"), "true");
        shop_stop(&shop);
        shop_start(&shop);
    }
    cr_assert_eq(
        shop_request(&shop, "POST", "/api/items", "ann", key, "{\"title\":\"other\",\"price\":1}"),
        422);
    cr_assert_eq(shop_count_items(&shop), 1);
    cr_assert_eq(
        shop_request(&shop, "POST", "/api/items", "bob", key, "{\"title\":\"other\",\"price\":1}"),
        201, "a key belongs to its user");
    cr_assert_eq(shop_count_items(&shop), 2);
}

Test(idempotency, an_error_keeps_no_idempotent_answer)
{
    const char *key = "Idempotency-Key: k-1\r\n";
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", "ann", "", GOOD), 201);
    const char *id = shop_member(&shop, "id");
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", "ann", key, GOOD), 409);
    cr_assert_eq(shop_request(&shop, "DELETE", rt_arena_printf(&shop.arena, "/api/items/%s", id),
                              "ann", "", NULL),
                 204);
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", "ann", key, GOOD), 201);
}

Test(idempotency, concurrent_duplicates_have_one_effect)
{
    enum { N = 8 };
    struct peer peers[N];
    const char *request = rt_arena_printf(
        &shop.arena,
        "POST /api/items HTTP/1.1\r\nHost: t\r\nAuthorization: Bearer %s\r\n"
        "Idempotency-Key: k\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
        shop_token(&shop, "ann", "s", rt_clock_now_ms()), strlen(GOOD), GOOD);
    for (size_t i = 0; i < N; i++)
        peer_open(&peers[i], rt_app_port(shop.app));
    for (size_t i = 0; i < N; i++)
        cr_assert(peer_puts(&peers[i], request));
    const char *first = NULL;
    for (size_t i = 0; i < N; i++) {
        struct peer_reply reply = {0};
        cr_assert(peer_reply(&peers[i], false, &reply));
        cr_assert_eq(reply.status, 201);
        if (!first)
            first = rt_arena_strdup(&shop.arena, rt_buf_cstr(&reply.body));
        cr_assert_str_eq(rt_buf_cstr(&reply.body), first);
        peer_reply_done(&reply);
        peer_close(&peers[i]);
    }
    cr_assert_eq(shop_count_items(&shop), 1);
}

static const char old_key[] = "create\0ann\0old";
static const char old_expiry[] = "\0\0\0\0\0\0\0\1create\0ann\0old";

static int keep_old_key(struct rt_txn *txn, void *arg)
{
    (void)arg;
    uint8_t value[64] = {[7] = 1}; /* expired in 1970 */
    rt_txn_kv_put(txn, RT_IDEMPOTENCY_SPACE, rt_bytes(old_key, sizeof(old_key) - 1),
                  rt_bytes(value, sizeof(value)));
    rt_txn_kv_put(txn, RT_IDEMPOTENCY_EXPIRY_SPACE, rt_bytes(old_expiry, sizeof(old_expiry) - 1),
                  rt_bytes("", 0));
    return 0;
}

static bool count_key(void *arg, struct rt_bytes key, struct rt_bytes value)
{
    (void)key;
    (void)value;
    ++*(int *)arg;
    return true;
}

static int count_keys(struct rt_txn *txn, void *arg)
{
    rt_txn_kv_scan(txn, RT_IDEMPOTENCY_SPACE, rt_bytes(NULL, 0), count_key, arg);
    rt_txn_kv_scan(txn, RT_IDEMPOTENCY_EXPIRY_SPACE, rt_bytes(NULL, 0), count_key, arg);
    return 0;
}

Test(idempotency, expired_idempotency_keys_count_for_nothing_and_are_swept)
{
    cr_assert_eq(shop_write(&shop, keep_old_key, NULL), 0);
    int n = 0;
    shop_write(&shop, count_keys, &n);
    cr_assert_eq(n, 2);
    cr_assert_eq(shop_request(&shop, "POST", "/api/items", "ann", "Idempotency-Key: new\r\n", GOOD),
                 201);
    n = 0;
    shop_write(&shop, count_keys, &n);
    cr_assert_eq(n, 2, "the new one only");
}
