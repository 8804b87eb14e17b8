#include "runtime/http/parser.h"

#include <stdlib.h>

#include <llhttp.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"
#include "runtime/http/url.h"

enum {
    HEAD_FIRST_CAP = 1024,
    BODY_FIRST_CAP = 16 * 1024,
    /* What chunk sizes, extensions and trailers may add to a body: this much for each of its
     * bytes, and once as much as a head. */
    CHUNK_OVERHEAD_PER_BYTE = 16,
};

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_DONE, STAGE_REFUSED };

/* Bytes gathered in the arena; grows by doubling. */
struct gathered {
    uint8_t *data;
    size_t len;
    size_t cap;
};

struct rt_http_parser {
    llhttp_t llhttp;
    struct rt_http_limits limits;
    struct rt_http_guard guard;
    struct rt_arena *arena;
    enum stage stage;
    bool in_trailer;
    struct gathered head;
    struct gathered body;
    size_t body_max;     /* of this message */
    const char *framing; /* the first byte behind the last piece of the body */
    size_t framing_len;  /* bytes that frame the body, so far */
    bool after_cr;       /* the last one of them is a CR */
    struct rt_http_message message;
    struct rt_http_verdict verdict;
};

static void gather(struct gathered *gathered, struct rt_arena *arena, struct rt_bytes bytes,
                   size_t first_cap)
{
    if (gathered->cap - gathered->len < bytes.len) {
        size_t cap = gathered->cap ? gathered->cap * 2 : first_cap;
        while (cap - gathered->len < bytes.len)
            cap *= 2;
        uint8_t *data = rt_arena_alloc(arena, cap);
        if (gathered->len > 0)
            memcpy(data, gathered->data, gathered->len);
        gathered->data = data;
        gathered->cap = cap;
    }
    if (bytes.len > 0)
        memcpy(gathered->data + gathered->len, bytes.data, bytes.len);
    gathered->len += bytes.len;
}

static struct rt_http_parser *parser_of(llhttp_t *llhttp)
{
    return llhttp->data;
}

static int on_url(llhttp_t *llhttp, const char *at, size_t len)
{
    struct rt_url_target target;
    if (!rt_url_target_split(rt_str_n(at, len), &target))
        return -1; /* the guard lets no such target through */
    parser_of(llhttp)->message.path = target.path;
    parser_of(llhttp)->message.query = target.query;
    return 0;
}

/* The head is parsed in one piece, so each name and each value comes in one piece, too. */
static int on_header_field(llhttp_t *llhttp, const char *at, size_t len)
{
    struct rt_http_parser *parser = parser_of(llhttp);
    struct rt_http_message *message = &parser->message;
    if (parser->in_trailer)
        return 0;
    if (message->n_headers + 1 >= parser->guard.lines)
        return -1; /* more fields than lines, which cannot be */
    message->headers[message->n_headers++] =
        (struct rt_header){.name = rt_str_n(at, len), .value = {at + len, 0}};
    return 0;
}

static int on_header_value(llhttp_t *llhttp, const char *at, size_t len)
{
    struct rt_http_parser *parser = parser_of(llhttp);
    struct rt_http_message *message = &parser->message;
    if (!parser->in_trailer)
        message->headers[message->n_headers - 1].value = rt_str_trim(rt_str_n(at, len));
    return 0;
}

static enum rt_method method_of(uint8_t method)
{
    switch (method) {
    case HTTP_GET:
        return RT_GET;
    case HTTP_HEAD:
        return RT_HEAD;
    case HTTP_POST:
        return RT_POST;
    case HTTP_PUT:
        return RT_PUT;
    case HTTP_PATCH:
        return RT_PATCH;
    case HTTP_DELETE:
        return RT_DELETE;
    case HTTP_OPTIONS:
        return RT_OPTIONS;
    default:
        return RT_METHOD_OTHER;
    }
}

static int on_headers_complete(llhttp_t *llhttp)
{
    struct rt_http_parser *parser = parser_of(llhttp);
    parser->message.method = method_of(llhttp->method);
    parser->message.version_minor = llhttp->http_minor;
    parser->message.keep_alive = llhttp_should_keep_alive(llhttp);
    parser->in_trailer = true;
    llhttp->upgrade = 0; /* an offer that the server declines (RFC 9110 section 7.8) */
    return 0;
}

/*
 * Judges what frames a chunked body, up to `at`: its bytes, since llhttp takes a bare LF in the
 * trailer section, and that it is in proportion to the body. Asked before each piece of the body
 * and where the input ends, which finds the same for any split.
 */
static bool framing_is_fine(struct rt_http_parser *parser, const char *at)
{
    size_t len = (size_t)(at - parser->framing);
    struct rt_bytes bytes = rt_bytes(parser->framing, len);
    parser->framing = at;
    parser->framing_len += len;
    return rt_http_guard_chunk_framing(&parser->after_cr, bytes) &&
           parser->framing_len <=
               parser->limits.head_max + CHUNK_OVERHEAD_PER_BYTE * parser->body.len;
}

static const struct rt_http_verdict too_large = {413, "The body is too large"};

/* What a chunk says of its size counts at once, before its bytes are there. */
static int on_chunk_header(llhttp_t *llhttp)
{
    struct rt_http_parser *parser = parser_of(llhttp);
    if (llhttp->content_length <= parser->body_max - parser->body.len)
        return 0;
    parser->verdict = too_large;
    return -1;
}

static int on_body(llhttp_t *llhttp, const char *at, size_t len)
{
    struct rt_http_parser *parser = parser_of(llhttp);
    if (!framing_is_fine(parser, at))
        return -1;
    parser->framing = at + len;
    if (len > parser->body_max - parser->body.len) {
        parser->verdict = too_large;
        return -1;
    }
    size_t first = len > BODY_FIRST_CAP ? len : BODY_FIRST_CAP;
    if (llhttp->content_length > 0 && !(llhttp->flags & F_CHUNKED) && parser->body.cap == 0 &&
        llhttp->content_length + len < first)
        first = (size_t)llhttp->content_length + len;
    gather(&parser->body, parser->arena, rt_bytes(at, len), first);
    return 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    parser_of(llhttp)->stage = STAGE_DONE;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_url = on_url,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
    .on_chunk_header = on_chunk_header,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

struct rt_http_parser *rt_http_parser_new(const struct rt_http_limits *limits)
{
    struct rt_http_parser *parser = rt_zalloc(sizeof *parser);
    parser->limits = *limits;
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &settings);
    parser->llhttp.data = parser;
    return parser;
}

void rt_http_parser_free(struct rt_http_parser *parser)
{
    free(parser);
}

void rt_http_parser_begin(struct rt_http_parser *parser, struct rt_arena *arena)
{
    llhttp_reset(&parser->llhttp);
    rt_http_guard_init(&parser->guard, parser->limits.head_max, parser->limits.headers_max);
    parser->arena = arena;
    parser->stage = STAGE_HEAD;
    parser->in_trailer = false;
    parser->head = (struct gathered){0};
    parser->body = (struct gathered){0};
    parser->body_max = parser->limits.body_max;
    parser->framing_len = 0;
    parser->after_cr = false;
    parser->message = (struct rt_http_message){0};
    parser->verdict = (struct rt_http_verdict){0};
}

bool rt_http_parser_started(const struct rt_http_parser *parser)
{
    return parser->head.len > 0;
}

const struct rt_http_message *rt_http_parser_message(const struct rt_http_parser *parser)
{
    return &parser->message;
}

struct rt_http_verdict rt_http_parser_verdict(const struct rt_http_parser *parser)
{
    return parser->verdict;
}

static enum rt_http_event refused(struct rt_http_parser *parser, struct rt_http_verdict verdict)
{
    if (parser->verdict.status == 0)
        parser->verdict = verdict;
    parser->stage = STAGE_REFUSED;
    return RT_HTTP_REFUSED;
}

bool rt_http_parser_narrow(struct rt_http_parser *parser, size_t body_max)
{
    if (body_max < parser->body_max)
        parser->body_max = body_max;
    if (parser->message.content_length <= parser->body_max)
        return true;
    refused(parser, too_large);
    return false;
}

size_t rt_http_parser_held(const struct rt_http_parser *parser)
{
    return parser->body.cap;
}

/* What an error of llhttp means to the peer: the only place that translates them. */
static struct rt_http_verdict verdict_of(llhttp_errno_t rc)
{
    switch (rc) {
    case HPE_INVALID_METHOD:
        return (struct rt_http_verdict){501, "The method is not known here"};
    case HPE_INVALID_VERSION:
        return (struct rt_http_verdict){505, "Only HTTP/1.1 and HTTP/1.0 are spoken here"};
    case HPE_INVALID_URL:
        return (struct rt_http_verdict){400, "The request target is not valid"};
    case HPE_INVALID_HEADER_TOKEN:
        return (struct rt_http_verdict){400, "A header is not valid"};
    case HPE_UNEXPECTED_CONTENT_LENGTH:
    case HPE_INVALID_CONTENT_LENGTH:
        return (struct rt_http_verdict){400, "The Content-Length header is not valid"};
    case HPE_INVALID_TRANSFER_ENCODING:
        return (struct rt_http_verdict){400, "The Transfer-Encoding header is not valid"};
    default:
        return (struct rt_http_verdict){400, "The request is malformed"};
    }
}

/* Parses the gathered head. */
static enum rt_http_event take_head(struct rt_http_parser *parser)
{
    struct rt_http_message *message = &parser->message;
    struct rt_http_framing framing = {0};
    message->headers =
        rt_arena_alloc(parser->arena, parser->guard.lines * sizeof(struct rt_header));
    parser->stage = STAGE_BODY;
    llhttp_errno_t rc =
        llhttp_execute(&parser->llhttp, (const char *)parser->head.data, parser->head.len);
    if (rc != HPE_OK && rc != HPE_PAUSED)
        return refused(parser, verdict_of(rc));
    struct rt_http_verdict verdict =
        rt_http_guard_headers(message->version_minor, message->headers, message->n_headers,
                              parser->limits.body_max, &framing);
    if (verdict.status != 0)
        return refused(parser, verdict);
    message->expects_continue = framing.expects_continue;
    message->content_length = framing.content_length;
    return parser->stage == STAGE_DONE ? RT_HTTP_MESSAGE : RT_HTTP_HEAD;
}

static enum rt_http_event feed_head(struct rt_http_parser *parser, struct rt_bytes bytes,
                                    size_t *ret_used)
{
    /* Usually the whole head is in `bytes`, where it is judged, and copied once. */
    size_t before = parser->head.len;
    size_t taken = bytes.len;
    struct rt_bytes head = bytes;
    if (before > 0) {
        size_t room = parser->limits.head_max + 1 - before;
        taken = bytes.len < room ? bytes.len : room;
        gather(&parser->head, parser->arena, rt_bytes(bytes.data, taken), HEAD_FIRST_CAP);
        head = rt_bytes(parser->head.data, parser->head.len);
    }
    enum rt_http_scan scan = rt_http_guard_scan(&parser->guard, head, &parser->verdict);
    if (scan == RT_HTTP_SCAN_REFUSED)
        return refused(parser, parser->verdict);
    if (scan == RT_HTTP_SCAN_MORE) {
        if (before == 0)
            gather(&parser->head, parser->arena, bytes, HEAD_FIRST_CAP);
        *ret_used = taken;
        return RT_HTTP_MORE;
    }
    if (before == 0)
        gather(&parser->head, parser->arena, rt_bytes(bytes.data, parser->guard.scanned),
               parser->guard.scanned);
    parser->head.len = parser->guard.scanned;
    *ret_used = parser->guard.scanned - before;
    return take_head(parser);
}

static enum rt_http_event feed_body(struct rt_http_parser *parser, struct rt_bytes bytes,
                                    size_t *ret_used)
{
    const struct rt_http_verdict malformed = {400, "The chunked body is malformed"};
    const char *start = (const char *)bytes.data;
    const char *end = start + bytes.len;
    parser->framing = start;
    llhttp_errno_t rc = llhttp_execute(&parser->llhttp, start, bytes.len);
    if (rc != HPE_OK && rc != HPE_PAUSED)
        return refused(parser, malformed);
    if (rc == HPE_PAUSED)
        end = llhttp_get_error_pos(&parser->llhttp);
    if (!framing_is_fine(parser, end))
        return refused(parser, malformed);
    *ret_used = (size_t)(end - start);
    if (rc != HPE_PAUSED)
        return RT_HTTP_MORE;
    parser->message.body = rt_bytes(parser->body.data, parser->body.len);
    return RT_HTTP_MESSAGE;
}

enum rt_http_event rt_http_parser_feed(struct rt_http_parser *parser, struct rt_bytes bytes,
                                       size_t *ret_used)
{
    *ret_used = 0;
    switch (parser->stage) {
    case STAGE_HEAD:
        return bytes.len > 0 ? feed_head(parser, bytes, ret_used) : RT_HTTP_MORE;
    case STAGE_BODY:
        return bytes.len > 0 ? feed_body(parser, bytes, ret_used) : RT_HTTP_MORE;
    case STAGE_DONE:
        return RT_HTTP_MESSAGE;
    case STAGE_REFUSED:
        break;
    }
    return RT_HTTP_REFUSED;
}
