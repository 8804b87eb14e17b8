#include "tests/support/http_transcript.h"

#include "runtime/base/error.h"

static void write_message(const struct rt_http_message *message, struct rt_buf *out)
{
    RT_ASSERT(message->path.len > 0);
    RT_ASSERT(message->path.data[0] == '/' || message->method == RT_OPTIONS);
    rt_buf_puts(out, rt_method_name(message->method));
    rt_buf_byte(out, ' ');
    rt_buf_str(out, message->path);
    rt_buf_byte(out, '?');
    rt_buf_str(out, message->query);
    rt_buf_puts(out, " [");
    for (size_t i = 0; i < message->n_headers; i++) {
        const struct rt_header *header = &message->headers[i];
        RT_ASSERT(rt_http_token(header->name));
        RT_ASSERT(rt_http_field_value(header->value));
        rt_buf_str(out, header->name);
        rt_buf_byte(out, '=');
        rt_buf_str(out, header->value);
        rt_buf_byte(out, ';');
    }
    rt_buf_puts(out, "] ");
    rt_buf_append(out, message->body.data, message->body.len);
    rt_buf_puts(out, message->keep_alive ? " keep\n" : " close\n");
}

void http_transcript(struct rt_str input, size_t step, const struct rt_http_limits *limits,
                     struct rt_buf *out)
{
    struct rt_http_parser *parser = rt_http_parser_new(limits);
    struct rt_arena arena;
    bool refused = false;
    rt_arena_init(&arena, 256);
    rt_http_parser_begin(parser, &arena);
    for (size_t at = 0, end = 0; at < input.len && !refused;) {
        size_t used = 0;
        if (at == end)
            end = input.len - at < step ? input.len : at + step;
        enum rt_http_event event =
            rt_http_parser_feed(parser, rt_bytes(input.data + at, end - at), &used);
        RT_ASSERT(used <= end - at);
        at += used;
        switch (event) {
        case RT_HTTP_MORE:
            RT_ASSERT(at == end);
            break;
        case RT_HTTP_HEAD:
            break;
        case RT_HTTP_MESSAGE:
            RT_ASSERT(rt_http_parser_message(parser)->n_headers <= limits->headers_max);
            RT_ASSERT(rt_http_parser_message(parser)->body.len <= limits->body_max);
            write_message(rt_http_parser_message(parser), out);
            rt_arena_reset(&arena);
            rt_http_parser_begin(parser, &arena);
            break;
        case RT_HTTP_REFUSED: {
            struct rt_http_verdict verdict = rt_http_parser_verdict(parser);
            RT_ASSERT(verdict.status >= 400 && verdict.status <= 505);
            rt_buf_printf(out, "%d %s", verdict.status, verdict.message);
            refused = true;
        }
        }
    }
    rt_arena_done(&arena);
    rt_http_parser_free(parser);
}
