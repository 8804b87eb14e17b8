#include <stdio.h>

#include <criterion/criterion.h>

#include "runtime/http/parser.h"
#include "tests/support/http_transcript.h"

enum { HEAD_MAX = 512, HEADERS_MAX = 8, BODY_MAX = 64 };

static const struct rt_http_limits limits = {HEAD_MAX, HEADERS_MAX, BODY_MAX};

static void expect_run(struct rt_str input, const char *expected)
{
    struct rt_buf text = {0};
    bool same = true;
    for (size_t step = 1; step <= input.len && same; step++) {
        rt_buf_clear(&text);
        http_transcript(input, step, &limits, &text);
        same = strcmp(rt_buf_cstr(&text), expected) == 0;
        cr_expect(same, "in steps of %zu, got \"%s\", not \"%s\"\nfor \"%.*s\"", step,
                  rt_buf_cstr(&text), expected, (int)input.len, input.data);
    }
    rt_buf_done(&text);
}

#define EXPECT_RUN(literal, expected) expect_run(RT_STR(literal), (expected))

Test(parser, reads_requests_however_they_are_split)
{
    EXPECT_RUN("GET /a?b HTTP/1.1\r\nHost: x\r\nEmpty:\r\nSpaced: \t a b \t\r\n\r\n",
               "GET /a?b [Host=x;Empty=;Spaced=a b;]  keep\n");
    EXPECT_RUN("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
               "POST /? [Host=x;Content-Length=5;] hello keep\n");
    EXPECT_RUN("DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
               "DELETE /? [Host=x;Connection=close;]  close\n");
    EXPECT_RUN("PATCH / HTTP/1.0\r\n\r\n", "PATCH /? []  close\n");
    EXPECT_RUN("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
               "GET /? [Connection=keep-alive;]  keep\n");
    EXPECT_RUN("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", "OTHER /? [Host=x;]  keep\n");
    EXPECT_RUN("GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
               "GET /b HTTP/1.1\r\nHost: x\r\n\r\n",
               "GET /? [Host=x;Connection=upgrade;Upgrade=websocket;]  keep\n"
               "GET /b? [Host=x;]  keep\n");
}

Test(parser, reads_pipelined_requests)
{
    EXPECT_RUN("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n"
               "PUT /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
               "\r\nPUT /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
               "3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"
               "GET /4 HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
               "GET /1? [Host=x;]  keep\n"
               "PUT /2? [Host=x;Content-Length=3;] abc keep\n"
               "PUT /3? [Host=x;Transfer-Encoding=chunked;] abcd keep\n"
               "GET /4? [Host=x;Content-Length=0;]  keep\n");
}

#define CHUNKED          "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
#define CHUNKED_IS(body) "POST /? [Host=x;Transfer-Encoding=chunked;] " body " keep\n"

Test(parser, chunked_bodies_are_put_together)
{
    EXPECT_RUN(CHUNKED "0\r\n\r\n", CHUNKED_IS(""));
    EXPECT_RUN(CHUNKED "a\r\n0123456789\r\n00B\r\n0123456789a\r\n0\r\n\r\n",
               CHUNKED_IS("01234567890123456789a"));
    EXPECT_RUN(CHUNKED "1;name=value\r\na\r\n0;x\r\n\r\n", CHUNKED_IS("a"));
    EXPECT_RUN(CHUNKED "1\r\na\r\n0\r\nTrailer: dropped\r\nHost: y\r\n\r\n", CHUNKED_IS("a"));
}

Test(parser, refuses_bad_chunks)
{
    static const char malformed[] = "400 The chunked body is malformed";
    EXPECT_RUN(CHUNKED "x\r\n", malformed);
    EXPECT_RUN(CHUNKED "-1\r\n", malformed);
    EXPECT_RUN(CHUNKED "0x1\r\na\r\n", malformed);
    EXPECT_RUN(CHUNKED " 1\r\na\r\n", malformed);
    EXPECT_RUN(CHUNKED "1 \r\na\r\n", malformed);
    EXPECT_RUN(CHUNKED "1\na\r\n", malformed);
    EXPECT_RUN(CHUNKED "1\r\na\n", malformed);
    EXPECT_RUN(CHUNKED "1\r\nab\r\n", malformed);
    EXPECT_RUN(CHUNKED "1;a\nb\r\na\r\n", malformed);
    EXPECT_RUN(CHUNKED "1;a\rb\r\na\r\n", malformed);
    EXPECT_RUN(CHUNKED "1;a=\"\n\"\r\na\r\n", malformed);
    EXPECT_RUN(CHUNKED "1\r\na\r\n0\n\n", malformed);
    EXPECT_RUN(CHUNKED "1\r\na\r\n0\r\n\n", malformed);
    EXPECT_RUN(CHUNKED "1\r\na\r\n0\r\nX: a\nY: b\r\n\r\n", malformed);
    EXPECT_RUN(CHUNKED "1\r\na\r\n0\r\nX: a\x01\r\n\r\n", malformed);
    EXPECT_RUN(CHUNKED "\r\n", malformed);
    EXPECT_RUN(CHUNKED "10000000000000000\r\n", malformed);
}

Test(parser, bodies_over_the_limit_are_refused)
{
    char input[1024];
    char body[BODY_MAX + 2];
    memset(body, 'b', sizeof body);
    int len =
        snprintf(input, sizeof input, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%.*s",
                 BODY_MAX, BODY_MAX, body);
    char expected[256];
    snprintf(expected, sizeof expected, "PUT /? [Host=x;Content-Length=%d;] %.*s keep\n", BODY_MAX,
             BODY_MAX, body);
    expect_run(rt_str_n(input, (size_t)len), expected);
    EXPECT_RUN("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 65\r\n\r\n",
               "413 The body is too large");
    len = snprintf(input, sizeof input, CHUNKED "20\r\n%.*s\r\n21\r\n%.*s\r\n0\r\n\r\n", 32, body,
                   33, body);
    expect_run(rt_str_n(input, (size_t)len), "413 The body is too large");
    /* What a chunk announces is enough. */
    EXPECT_RUN(CHUNKED "41\r\n", "413 The body is too large");
    EXPECT_RUN(CHUNKED "1\r\na\r\n40\r\n", "413 The body is too large");
    EXPECT_RUN(CHUNKED "ffffffffffffffff\r\n", "413 The body is too large");
}

Test(parser, narrows_the_limit_of_one_body)
{
    static const struct {
        const char *input;
        bool fits;
        enum rt_http_event then;
    } cases[] = {
        {"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd", true, RT_HTTP_MESSAGE},
        {"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde", false, RT_HTTP_REFUSED},
        {CHUNKED "4\r\nabcd\r\n0\r\n\r\n", true, RT_HTTP_MESSAGE},
        {CHUNKED "3\r\nabc\r\n2\r\n", true, RT_HTTP_REFUSED},
    };
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    struct rt_http_parser *parser = rt_http_parser_new(&limits);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rt_bytes bytes = rt_str_bytes(rt_str(cases[i].input));
        size_t used;
        rt_http_parser_begin(parser, &arena);
        cr_assert_eq(rt_http_parser_feed(parser, bytes, &used), RT_HTTP_HEAD);
        cr_expect_eq(rt_http_parser_narrow(parser, 4), cases[i].fits, "case %zu", i);
        bytes = rt_bytes(bytes.data + used, bytes.len - used);
        cr_expect_eq(rt_http_parser_feed(parser, bytes, &used), cases[i].then, "case %zu", i);
        if (cases[i].then == RT_HTTP_REFUSED)
            cr_expect_eq(rt_http_parser_verdict(parser).status, 413);
    }
    rt_http_parser_free(parser);
    rt_arena_done(&arena);
}

Test(parser, limits_what_frames_a_body)
{
    char input[4096];
    int len = snprintf(input, sizeof input, CHUNKED "1;%0*d\r\na\r\n0\r\n\r\n", 3 * HEAD_MAX, 0);
    expect_run(rt_str_n(input, (size_t)len), "400 The chunked body is malformed");
    len = snprintf(input, sizeof input, CHUNKED "1\r\na\r\n0\r\nX: %0*d\r\n\r\n", 3 * HEAD_MAX, 0);
    expect_run(rt_str_n(input, (size_t)len), "400 The chunked body is malformed");
}

Test(parser, ambiguous_framing_is_refused)
{
#define SMUGGLED "\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
#define HEAD     "POST / HTTP/1.1\r\nHost: x\r\n"
    static const char *const length = "400 The Content-Length header is not valid";
    static const char *const coding = "400 The Transfer-Encoding header is not valid";
    static const char *const header = "400 A header is not valid";
    EXPECT_RUN(HEAD "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
               length);
    EXPECT_RUN(HEAD "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" SMUGGLED,
               length);
    EXPECT_RUN(HEAD "Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd" SMUGGLED, length);
    EXPECT_RUN(HEAD "Content-Length: 4\r\nContent-Length: 0\r\n\r\nabcd" SMUGGLED, length);
    EXPECT_RUN(HEAD "Content-Length: 4, 4\r\n\r\nabcd" SMUGGLED, length);
    EXPECT_RUN(HEAD "Content-Length: +4\r\n\r\nabcd" SMUGGLED, length);
    EXPECT_RUN(HEAD "Content-Length: 0x4\r\n\r\nabcd" SMUGGLED, length);
    EXPECT_RUN(HEAD "Content-Length : 4\r\n\r\nabcd" SMUGGLED, header);
    EXPECT_RUN(HEAD "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" SMUGGLED, header);
    EXPECT_RUN(HEAD "Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n" SMUGGLED, header);
    EXPECT_RUN(HEAD "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" SMUGGLED, coding);
    EXPECT_RUN(HEAD "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n" SMUGGLED, coding);
    EXPECT_RUN(HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
               "501 Only the transfer coding chunked is known here");
    EXPECT_RUN(HEAD "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SMUGGLED, coding);
    EXPECT_RUN(HEAD "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" SMUGGLED,
               coding);
    EXPECT_RUN(HEAD "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
               "400 A header line is folded");
    EXPECT_RUN(HEAD "X: a\r\n\tTransfer-Encoding: chunked\r\n\r\n" SMUGGLED,
               "400 A header line is folded");
    EXPECT_RUN(HEAD "X: a\nTransfer-Encoding: chunked\r\n\r\n" SMUGGLED,
               "400 A line of the head does not end in CR LF");
    EXPECT_RUN(HEAD "X: a\rTransfer-Encoding: chunked\r\n\r\n" SMUGGLED,
               "400 A line of the head does not end in CR LF");
    EXPECT_RUN(HEAD "X\xFF: a\r\n\r\n" SMUGGLED, header);
    EXPECT_RUN(HEAD ": a\r\n\r\n" SMUGGLED, "400 A header has no name");
    EXPECT_RUN(HEAD "\xC3\xA9: a\r\n\r\n" SMUGGLED, header);
    EXPECT_RUN(HEAD "X\r\n\r\n" SMUGGLED, header);
    EXPECT_RUN("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED,
               "400 HTTP/1.0 has no Transfer-Encoding");
    EXPECT_RUN("get / HTTP/1.1\r\nHost: x\r\n\r\n", "501 The method is not known here");
    EXPECT_RUN("FROB / HTTP/1.1\r\nHost: x\r\n\r\n", "501 The method is not known here");
}

Test(parser, tells_of_a_body_to_come)
{
    struct rt_http_parser *parser = rt_http_parser_new(&limits);
    struct rt_arena arena;
    struct rt_str input =
        RT_STR("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nab");
    size_t used = 0;
    rt_arena_init(&arena, 0);
    rt_http_parser_begin(parser, &arena);
    cr_expect_not(rt_http_parser_started(parser));
    cr_assert_eq(rt_http_parser_feed(parser, rt_str_bytes(input), &used), RT_HTTP_HEAD);
    cr_expect_eq(used, input.len - 2);
    cr_expect(rt_http_parser_started(parser));
    cr_expect(rt_http_parser_message(parser)->expects_continue);
    cr_assert_eq(rt_http_parser_feed(parser, rt_bytes("ab", 2), &used), RT_HTTP_MESSAGE);
    cr_expect(rt_bytes_eq(rt_http_parser_message(parser)->body, rt_bytes("ab", 2)));
    rt_arena_done(&arena);
    rt_http_parser_free(parser);
}
