#include <criterion/criterion.h>

#include "runtime/http/guard.h"

enum { HEAD_MAX = 200, HEADERS_MAX = 4 };

/* Scans `head` in portions of `step` bytes; returns the status, 0 for a whole head, -1 for more. */
static int scan(struct rt_str head, size_t step, size_t *ret_scanned)
{
    struct rt_http_guard guard;
    struct rt_http_verdict verdict = {0};
    rt_http_guard_init(&guard, HEAD_MAX, HEADERS_MAX);
    for (size_t len = step;; len += step) {
        len = len < head.len ? len : head.len;
        switch (rt_http_guard_scan(&guard, rt_bytes(head.data, len), &verdict)) {
        case RT_HTTP_SCAN_DONE:
            *ret_scanned = guard.scanned;
            return 0;
        case RT_HTTP_SCAN_REFUSED:
            cr_assert_not_null(verdict.message);
            return verdict.status;
        case RT_HTTP_SCAN_MORE:
            if (len == head.len)
                return -1;
        }
    }
}

static void expect_scan(struct rt_str head, int status)
{
    for (size_t step = 1; step <= head.len + 1; step++) {
        size_t scanned = head.len;
        int got = scan(head, step, &scanned);
        cr_expect_eq(got, status, "%.*s in steps of %zu: got %d, expected %d", (int)head.len,
                     head.data, step, got, status);
        cr_expect_eq(scanned, head.len);
    }
}

#define EXPECT_SCAN(literal, status) expect_scan(RT_STR(literal), (status))

Test(guard, judges_the_bytes_of_a_head)
{
    EXPECT_SCAN("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    EXPECT_SCAN("GET / HTTP/1.0\r\n\r\n", 0);
    EXPECT_SCAN("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 0);
    EXPECT_SCAN("GET / HTTP/1.1\r\nX:\ta\tb\r\n\r\n", 0);
    EXPECT_SCAN("GET / HTTP/1.1\r\nX: \xC3\xA9\r\n\r\n", 0);
    EXPECT_SCAN("GET / HTTP/1.1\r\nHost: a\r\n", -1);
    EXPECT_SCAN("GET / HTTP/1.1\r\nHost: a\r\n\r", -1);
    EXPECT_SCAN("", -1);
    /* Line ends */
    EXPECT_SCAN("GET / HTTP/1.1\nHost: a\r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\nHost: a\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\nHost: a\r\n\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\rHost: a\r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400);
    EXPECT_SCAN("\nGET / HTTP/1.1\r\n\r\n", 400);
    /* Folding */
    EXPECT_SCAN("GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\nX: a\r\n\tb\r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\nX: a\r\n \r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\n: a\r\n\r\n", 400);
    /* Control bytes */
    EXPECT_SCAN("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\nX: a\x7F\r\n\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1\r\nX: a\x1B[0m\r\n\r\n", 400);
    EXPECT_SCAN("GET /\0 HTTP/1.1\r\n\r\n", 400);
    EXPECT_SCAN("\x16\x03\x01\x02", 400); /* the start of a TLS handshake */
}

Test(guard, looks_at_every_byte_of_a_value)
{
    enum { LEN = 21 };
    char value[LEN];
    for (size_t at = 0; at < LEN; at++) {
        for (int c = 0; c < 256; c++) {
            memset(value, 'a', LEN);
            value[at] = (char)c;
            bool good = (c >= ' ' && c != 0x7F) || c == '\t';
            cr_expect_eq(rt_http_field_value(rt_str_n(value, LEN)), good, "byte %#x at %zu",
                         (unsigned)c, at);
        }
    }
}

Test(guard, judges_the_request_line)
{
    EXPECT_SCAN("OPTIONS * HTTP/1.1\r\n\r\n", 0);
    EXPECT_SCAN("GET http://a/b?c HTTP/1.1\r\n\r\n", 0);
    EXPECT_SCAN("FROB / HTTP/1.1\r\n\r\n", 0); /* 501, but that is for llhttp to say */
    EXPECT_SCAN("GET /\r\n", 400);
    EXPECT_SCAN("GET\r\n", 400);
    EXPECT_SCAN(" GET / HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET  / HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET /  HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.1 \r\n", 400);
    EXPECT_SCAN("GET\t/ HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET /a b HTTP/1.1\r\n", 400);
    EXPECT_SCAN("G(T / HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET * HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET a HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET /#a HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET /\xC3\xA9 HTTP/1.1\r\n", 400);
    EXPECT_SCAN("GET / http/1.1\r\n", 400);
    EXPECT_SCAN("GET / HTTP/11\r\n", 400);
    EXPECT_SCAN("GET / HTTP/1.10\r\n", 400);
    EXPECT_SCAN("GET / RTSP/1.1\r\n", 400);
    EXPECT_SCAN("GET / HTTP/0.9\r\n", 505);
    EXPECT_SCAN("GET / HTTP/1.2\r\n", 505);
    EXPECT_SCAN("GET / HTTP/2.0\r\n", 505);
    EXPECT_SCAN("PRI * HTTP/2.0\r\n", 505);
    EXPECT_SCAN("CONNECT a:443 HTTP/1.1\r\n", 501);
}

static void put(char *at, struct rt_str text)
{
    memcpy(at, text.data, text.len);
}

Test(guard, limits_the_head)
{
    EXPECT_SCAN("GET / HTTP/1.1\r\na: b\r\nc: d\r\ne: f\r\ng: h\r\n\r\n", 0);
    EXPECT_SCAN("GET / HTTP/1.1\r\na: b\r\nc: d\r\ne: f\r\ng: h\r\ni: j\r\n", 431);
    char head[HEAD_MAX + 2];
    memset(head, 'x', sizeof head);
    put(head, RT_STR("GET /"));
    expect_scan(rt_str_n(head, HEAD_MAX), -1);
    expect_scan(rt_str_n(head, HEAD_MAX + 1), 414);
    put(head, RT_STR("GET / HTTP/1.1\r\nX: "));
    expect_scan(rt_str_n(head, HEAD_MAX), -1);
    expect_scan(rt_str_n(head, HEAD_MAX + 1), 431);
    /* The limit may be reached, and it may fall between the bytes of a line end. */
    put(head + HEAD_MAX - 4, RT_STR("\r\n\r\n"));
    expect_scan(rt_str_n(head, HEAD_MAX), 0);
    put(head + HEAD_MAX - 4, RT_STR("x\r\n\r\n"));
    expect_scan(rt_str_n(head, HEAD_MAX + 1), 431);
}

struct judged {
    int status;
    struct rt_http_framing framing;
};

static struct judged judge(int version_minor, const struct rt_header *headers)
{
    struct judged judged = {0};
    size_t count = 0;
    while (headers[count].name.data)
        count++;
    judged.status =
        rt_http_guard_headers(version_minor, headers, count, 1000, &judged.framing).status;
    return judged;
}

/* clang-format off */
#define H(name, value) {{"" name "", sizeof name - 1}, {"" value "", sizeof value - 1}}
#define END {{NULL, 0}, {NULL, 0}}
#define JUDGE(version_minor, ...) judge((version_minor), (const struct rt_header[]){__VA_ARGS__})
/* clang-format on */

Test(guard, a_request_without_exactly_one_host_is_refused)
{
    cr_expect_eq(JUDGE(1, H("Host", "a"), END).status, 0);
    cr_expect_eq(JUDGE(1, H("hOST", "[::1]:80"), END).status, 0);
    cr_expect_eq(JUDGE(0, END).status, 0);
    cr_expect_eq(JUDGE(0, H("Host", "a"), END).status, 0);
    cr_expect_eq(JUDGE(1, END).status, 400);
    cr_expect_eq(JUDGE(1, H("Hosts", "a"), END).status, 400);
    cr_expect_eq(JUDGE(1, H("Host", ""), END).status, 400);
    cr_expect_eq(JUDGE(1, H("Host", "a"), H("Host", "a"), END).status, 400);
    cr_expect_eq(JUDGE(0, H("Host", "a"), H("host", "a"), END).status, 400);
    cr_expect_eq(JUDGE(1, H("Host", "a b"), END).status, 400);
    cr_expect_eq(JUDGE(1, H("Host", "a/b"), END).status, 400);
    cr_expect_eq(JUDGE(1, H("Host", "a@b"), END).status, 400);
    static const char *const good[] = {
        "a.example:80",      "a:",    "127.0.0.1:65535",  "[::1]", "[::1]:80",
        "[::ffff:1.2.3.4]:", "a%2fb", "a_b~c!$&'()*+,;=",
    };
    static const char *const bad[] = {
        "a:junk", "a:80a", "a:-1",       "a:65536", "a:000080", "a:80:80", "::1",    "[::1",
        "::1]",   "[]",    "[::1]]",     "[::1]x",  "[::1]80",  "[::1]:x", "]]]:::", "[1.2.3.4]",
        "[v1.a]", ":80",   "[::1%25lo]", "a%2",     "a%zz",     "a%",      "a,b c",  "\xC3\xA4",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
        cr_expect_eq(JUDGE(1, {RT_STR("Host"), rt_str(good[i])}, END).status, 0, "%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
        cr_expect_eq(JUDGE(1, {RT_STR("Host"), rt_str(bad[i])}, END).status, 400, "%s", bad[i]);
}

Test(guard, headers_with_one_value_are_not_repeated)
{
    static const char *const names[] = {"content-type", "Origin", "Sec-Fetch-Site",
                                        "Idempotency-Key"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        struct rt_str name = rt_str(names[i]);
        cr_expect_eq(JUDGE(1, H("Host", "a"), {name, RT_STR("x")}, END).status, 0, "%s", names[i]);
        cr_expect_eq(JUDGE(1, H("Host", "a"), {name, RT_STR("x")}, {name, RT_STR("x")}, END).status,
                     400, "%s", names[i]);
    }
}

Test(guard, exactly_one_framing_is_accepted)
{
    struct judged judged = JUDGE(1, H("Host", "a"), H("Content-Length", "1000"), END);
    cr_expect_eq(judged.status, 0);
    cr_expect_eq(judged.framing.content_length, 1000);
    judged = JUDGE(1, H("Host", "a"), H("Transfer-Encoding", "ChunkeD"), END);
    cr_expect_eq(judged.status, 0);
    cr_expect(judged.framing.chunked);
    static const struct {
        const char *name;
        const char *value;
        int status;
    } cases[] = {
        {"Content-Length", "1001", 413},
        {"Content-Length", "18446744073709551615", 413},
        {"Content-Length", "18446744073709551616", 400},
        {"Content-Length", "", 400},
        {"Content-Length", "+1", 400},
        {"Content-Length", "-1", 400},
        {"Content-Length", "1, 1", 400},
        {"Content-Length", "0x1", 400},
        {"Content-Length", "1 1", 400},
        {"Transfer-Encoding", "", 400},
        {"Transfer-Encoding", "identity", 400},
        {"Transfer-Encoding", "chunked, identity", 400},
        {"Transfer-Encoding", "xchunked", 400},
        {"Transfer-Encoding", "chunked;q=1", 400},
        {"Transfer-Encoding", "\"chunked\"", 400},
        {"Transfer-Encoding", "gzip, chunked", 501},
        {"Transfer-Encoding", "chunked, chunked", 501},
        {"Transfer-Encoding", ", chunked", 501},
        {"Expect", "200-maybe", 417},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_header headers[] = {
            H("Host", "a"), {rt_str(cases[i].name), rt_str(cases[i].value)}, END};
        cr_expect_eq(judge(1, headers).status, cases[i].status, "%s: %s gave %d", cases[i].name,
                     cases[i].value, judge(1, headers).status);
    }
}

Test(guard, refuses_two_framings)
{
    cr_expect_eq(
        JUDGE(1, H("Host", "a"), H("Content-Length", "1"), H("Content-Length", "1"), END).status,
        400);
    cr_expect_eq(
        JUDGE(1, H("Host", "a"), H("Content-Length", "1"), H("Transfer-Encoding", "chunked"), END)
            .status,
        400);
    cr_expect_eq(
        JUDGE(1, H("Host", "a"), H("Transfer-Encoding", "chunked"), H("Content-Length", "1"), END)
            .status,
        400);
    cr_expect_eq(JUDGE(1, H("Host", "a"), H("Transfer-Encoding", "chunked"),
                       H("Transfer-Encoding", "chunked"), END)
                     .status,
                 400);
    cr_expect_eq(JUDGE(0, H("Transfer-Encoding", "chunked"), END).status, 400);
}

Test(guard, only_the_known_expectation_is_accepted)
{
    cr_expect(JUDGE(1, H("Host", "a"), H("Expect", "100-Continue"), END).framing.expects_continue);
    cr_expect_not(JUDGE(1, H("Host", "a"), END).framing.expects_continue);
    cr_expect_not(JUDGE(0, H("Expect", "100-continue"), END).framing.expects_continue);
}
