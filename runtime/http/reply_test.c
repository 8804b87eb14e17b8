#include <criterion/criterion.h>

#include "runtime/http/reply.h"

#define DATE "Sun, 06 Nov 1994 08:49:37 GMT"

static const char *written(const struct rt_reply *reply, struct rt_reply_framing framing)
{
    static struct rt_buf out;
    framing.date = RT_STR(DATE);
    rt_buf_clear(&out);
    cr_assert_eq(rt_reply_write(&out, reply, &framing), 0);
    return rt_buf_cstr(&out);
}

Test(reply, writes_heads_and_bodies)
{
    struct rt_header headers[] = {{RT_STR("ETag"), RT_STR("\"1\"")}, {RT_STR("Empty"), {NULL, 0}}};
    struct rt_reply reply = {.status = 201,
                             .content_type = "text/plain",
                             .body = rt_bytes("hello", 5),
                             .headers = headers,
                             .n_headers = 2};
    cr_expect_str_eq(written(&reply, (struct rt_reply_framing){0}),
                     "HTTP/1.1 201 Created\r\nDate: " DATE "\r\nContent-Type: text/plain\r\n"
                     "Content-Length: 5\r\nETag: \"1\"\r\nEmpty: \r\n\r\nhello");
    reply.n_headers = 0;
    cr_expect_str_eq(written(&reply, (struct rt_reply_framing){.head_only = true, .close = true}),
                     "HTTP/1.1 201 Created\r\nDate: " DATE "\r\nContent-Type: text/plain\r\n"
                     "Content-Length: 5\r\nConnection: close\r\n\r\n");
    reply.content_type = NULL;
    cr_expect_str_eq(written(&reply, (struct rt_reply_framing){.say_keep_alive = true}),
                     "HTTP/1.1 201 Created\r\nDate: " DATE "\r\nContent-Length: 0\r\n"
                     "Connection: keep-alive\r\n\r\n");
    reply.status = 204;
    cr_expect_str_eq(written(&reply, (struct rt_reply_framing){0}),
                     "HTTP/1.1 204 No Content\r\nDate: " DATE "\r\n\r\n");
    reply.status = 599;
    cr_expect_str_eq(written(&reply, (struct rt_reply_framing){0}),
                     "HTTP/1.1 599 Status\r\nDate: " DATE "\r\nContent-Length: 0\r\n\r\n");
}

Test(reply, a_204_or_304_never_has_a_body)
{
    struct rt_reply reply = {
        .status = 304, .content_type = "text/plain", .body = rt_bytes("hello", 5)};
    cr_expect_str_eq(written(&reply, (struct rt_reply_framing){0}),
                     "HTTP/1.1 304 Not Modified\r\nDate: " DATE "\r\n"
                     "Content-Type: text/plain\r\n\r\n");
}

Test(reply, refuses_what_breaks_the_framing)
{
    static const struct rt_header headers[] = {
        {{"X", 1}, {"a\r\nb", 4}},
        {{"X", 1}, {"a\nb", 3}},
        {{"X", 1}, {"a\0b", 3}},
        {{"X: y", 4}, {"a", 1}},
        {{"", 0}, {"a", 1}},
        {{"X\r", 2}, {"a", 1}},
        {{"content-length", 14}, {"0", 1}},
        {{"Transfer-Encoding", 17}, {"chunked", 7}},
        {{"Connection", 10}, {"close", 5}},
    };
    struct rt_buf out = {0};
    struct rt_reply_framing framing = {.date = RT_STR(DATE)};
    struct rt_reply reply = {.status = 200, .n_headers = 1};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        reply.headers = &headers[i];
        cr_expect_eq(rt_reply_write(&out, &reply, &framing), RT_EINVAL, "header %zu", i);
    }
    reply.n_headers = 0;
    reply.content_type = "text/plain\r\nX: y";
    cr_expect_eq(rt_reply_write(&out, &reply, &framing), RT_EINVAL);
    reply.content_type = NULL;
    static const int statuses[] = {0, 100, 199, 600, -1};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        reply.status = statuses[i];
        cr_expect_eq(rt_reply_write(&out, &reply, &framing), RT_EINVAL);
    }
    cr_expect_eq(out.len, 0, "nothing is appended");
    rt_buf_done(&out);
}

Test(reply, dates_as_the_rfc_wants)
{
    struct rt_http_date date = {0};
    cr_expect(rt_str_eq(rt_http_date_at(&date, 0), RT_STR("Thu, 01 Jan 1970 00:00:00 GMT")));
    cr_expect(rt_str_eq(rt_http_date_at(&date, INT64_C(784111777999)), RT_STR(DATE)));
    cr_expect(rt_str_eq(rt_http_date_at(&date, INT64_C(784111778000)),
                        RT_STR("Sun, 06 Nov 1994 08:49:38 GMT")));
}
