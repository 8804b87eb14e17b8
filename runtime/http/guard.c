#include "runtime/http/guard.h"

#include <arpa/inet.h>

#include "runtime/http/url.h"

static struct rt_http_verdict refuse(int status, const char *message)
{
    return (struct rt_http_verdict){status, message};
}

static const struct rt_http_verdict accepted = {0, NULL};

void rt_http_guard_init(struct rt_http_guard *guard, size_t head_max, size_t headers_max)
{
    *guard = (struct rt_http_guard){.head_max = head_max, .headers_max = headers_max};
}

/* Takes everything up to and including the first `c` off the front of `s`. */
static bool take_until(struct rt_str *s, char c, struct rt_str *ret)
{
    const char *at = s->len ? memchr(s->data, c, s->len) : NULL;
    if (!at)
        return false;
    *ret = rt_str_n(s->data, (size_t)(at - s->data));
    *s = rt_str_n(at + 1, s->len - ret->len - 1);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* request-line = method SP request-target SP "HTTP/" DIGIT "." DIGIT (RFC 9112 section 3) */
static struct rt_http_verdict judge_request_line(struct rt_str line)
{
    struct rt_str method;
    struct rt_str target;
    if (!take_until(&line, ' ', &method) || !rt_http_token(method))
        return refuse(400, "The request line has no valid method");
    if (!take_until(&line, ' ', &target))
        return refuse(400, "The request line has no version");
    if (line.len != 8 || memcmp(line.data, "HTTP/", 5) != 0 || !is_digit(line.data[5]) ||
        line.data[6] != '.' || !is_digit(line.data[7]))
        return refuse(400, "The request line does not end in a version");
    if (line.data[5] != '1' || line.data[7] > '1')
        return refuse(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here");
    if (rt_str_eq(method, RT_STR("CONNECT")))
        return refuse(501, "This is no proxy");
    struct rt_url_target parts;
    if (!rt_url_target_clean(target) || !rt_url_target_split(target, &parts) ||
        (parts.asterisk && !rt_str_eq(method, RT_STR("OPTIONS"))))
        return refuse(400, "The request target is not valid");
    return accepted;
}

static struct rt_http_verdict judge_line(const struct rt_http_guard *guard, struct rt_str line)
{
    if (guard->lines == 0)
        return judge_request_line(line);
    if (line.data[0] == ' ' || line.data[0] == '\t')
        return refuse(400, "A header line is folded");
    if (line.data[0] == ':')
        return refuse(400, "A header has no name");
    if (guard->lines > guard->headers_max)
        return refuse(431, "The request has too many headers");
    return accepted;
}

enum rt_http_scan rt_http_guard_scan(struct rt_http_guard *guard, struct rt_bytes head,
                                     struct rt_http_verdict *ret_verdict)
{
    size_t end = head.len < guard->head_max ? head.len : guard->head_max;
    size_t i = guard->scanned;
    for (;;) {
        i = rt_http_skip_plain(head.data, i, end);
        if (i == end || (head.data[i] == '\r' && i + 1 == end))
            break;
        if (head.data[i] != '\r' || head.data[i + 1] != '\n') {
            *ret_verdict = refuse(400, head.data[i] == '\r' || head.data[i] == '\n'
                                           ? "A line of the head does not end in CR LF"
                                           : "The head has a control character in it");
            return RT_HTTP_SCAN_REFUSED;
        }
        struct rt_str line = rt_str_n((const char *)head.data + guard->line, i - guard->line);
        i += 2;
        guard->line = guard->scanned = i;
        if (line.len > 0) {
            *ret_verdict = judge_line(guard, line);
            if (ret_verdict->status != 0)
                return RT_HTTP_SCAN_REFUSED;
            guard->lines++;
        } else if (guard->lines > 0) {
            return RT_HTTP_SCAN_DONE;
        }
    }
    guard->scanned = i;
    if (head.len <= guard->head_max)
        return RT_HTTP_SCAN_MORE;
    *ret_verdict = guard->lines == 0 ? refuse(414, "The request line is too long")
                                     : refuse(431, "The headers are too large");
    return RT_HTTP_SCAN_REFUSED;
}

bool rt_http_guard_chunk_framing(bool *after_cr, struct rt_bytes framing)
{
    for (size_t i = 0; i < framing.len; i++) {
        uint8_t c = framing.data[i];
        if (*after_cr != (c == '\n') || (c != '\r' && c != '\n' && !rt_http_plain(c)))
            return false;
        *after_cr = c == '\r';
    }
    return true;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

/* reg-name = *( unreserved / pct-encoded / sub-delims ); an IPv4 address has that form, too. */
static bool is_reg_name(struct rt_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        bool alnum = is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (c == '%' && i + 2 < s.len && is_hex(s.data[i + 1]) && is_hex(s.data[i + 2]))
            i += 2;
        else if (!alnum && (c == '\0' || !strchr("-._~!$&'()*+,;=", c)))
            return false;
    }
    return s.len > 0;
}

/* IP-literal = "[" IPv6address "]"; the form of future versions of IP is not taken. */
static bool is_ip_literal(struct rt_str s)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    if (s.len < 2 || s.len - 2 >= sizeof text || s.data[0] != '[' || s.data[s.len - 1] != ']' ||
        memchr(s.data, '\0', s.len))
        return false;
    memcpy(text, s.data + 1, s.len - 2);
    text[s.len - 2] = '\0';
    return inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_port(struct rt_str s)
{
    uint64_t port;
    return s.len == 0 || (s.len <= 5 && rt_str_to_u64(s, &port) && port <= 65535);
}

/* Host = uri-host [ ":" port ] (RFC 9110 section 7.2, RFC 3986 section 3.2.2) */
static bool is_host(struct rt_str s)
{
    bool literal = s.len > 0 && s.data[0] == '[';
    const char *end = s.len == 0 ? NULL : memchr(s.data, literal ? ']' : ':', s.len);
    size_t len = !end ? s.len : (size_t)(end - s.data) + (literal ? 1 : 0);
    struct rt_str host = rt_str_n(s.data, len);
    struct rt_str port = rt_str_n(s.data + len, s.len - len);
    if (port.len > 0 && (port.data[0] != ':' || !is_port(rt_str_n(port.data + 1, port.len - 1))))
        return false;
    return literal ? is_ip_literal(host) : is_reg_name(host);
}

/* Headers that have one value: readers of the first and of the last one would differ. */
enum single { HOST, LENGTH, CODING, TYPE, ORIGIN, SITE, KEY, N_SINGLES };

static const struct {
    struct rt_str name;
    const char *repeated;
} singles[] = {
    [HOST] = {{"Host", 4}, "The Host header is repeated"},
    [LENGTH] = {{"Content-Length", 14}, "The Content-Length header is repeated"},
    [CODING] = {{"Transfer-Encoding", 17}, "The Transfer-Encoding header is repeated"},
    [TYPE] = {{"Content-Type", 12}, "The Content-Type header is repeated"},
    [ORIGIN] = {{"Origin", 6}, "The Origin header is repeated"},
    [SITE] = {{"Sec-Fetch-Site", 14}, "The Sec-Fetch-Site header is repeated"},
    [KEY] = {{"Idempotency-Key", 15}, "The Idempotency-Key header is repeated"},
};

static struct rt_http_verdict judge_coding(struct rt_str value)
{
    static const struct rt_str chunked = {"chunked", 7};
    if (rt_str_eq_nocase(value, chunked))
        return accepted;
    const char *comma = value.len ? memrchr(value.data, ',', value.len) : NULL;
    size_t before = comma ? (size_t)(comma + 1 - value.data) : 0;
    struct rt_str last = rt_str_trim(rt_str_n(value.data + before, value.len - before));
    if (!rt_str_eq_nocase(last, chunked))
        return refuse(400, "The last transfer coding is not chunked");
    return refuse(501, "Only the transfer coding chunked is known here");
}

static struct rt_http_verdict judge_single(enum single single, struct rt_str value,
                                           struct rt_http_framing *framing)
{
    switch (single) {
    case HOST:
        return is_host(value) ? accepted : refuse(400, "The Host header is not valid");
    case LENGTH:
        return rt_str_to_u64(value, &framing->content_length)
                   ? accepted
                   : refuse(400, "The Content-Length header is not a number");
    case CODING:
        framing->chunked = true;
        return judge_coding(value);
    case TYPE:
    case ORIGIN:
    case SITE:
    case KEY:
    case N_SINGLES:
        break;
    }
    return accepted;
}

static struct rt_http_verdict judge_header(const struct rt_header *header, int version_minor,
                                           unsigned *seen, struct rt_http_framing *framing)
{
    for (enum single i = 0; i < N_SINGLES; i++) {
        if (header->name.len != singles[i].name.len ||
            !rt_str_eq_nocase(header->name, singles[i].name))
            continue;
        if (*seen & 1u << i)
            return refuse(400, singles[i].repeated);
        *seen |= 1u << i;
        return judge_single(i, header->value, framing);
    }
    if (version_minor > 0 && rt_str_eq_nocase(header->name, RT_STR("Expect"))) {
        if (!rt_str_eq_nocase(header->value, RT_STR("100-continue")))
            return refuse(417, "Only the expectation 100-continue is known here");
        framing->expects_continue = true;
    }
    return accepted;
}

struct rt_http_verdict rt_http_guard_headers(int version_minor, const struct rt_header *headers,
                                             size_t n_headers, uint64_t body_max,
                                             struct rt_http_framing *ret_framing)
{
    struct rt_http_framing framing = {0};
    unsigned seen = 0;
    for (size_t i = 0; i < n_headers; i++) {
        struct rt_http_verdict verdict = judge_header(&headers[i], version_minor, &seen, &framing);
        if (verdict.status != 0)
            return verdict;
    }
    if (!(seen & 1u << HOST) && version_minor > 0)
        return refuse(400, "The Host header is missing");
    if (framing.chunked && (seen & 1u << LENGTH))
        return refuse(400, "Both Transfer-Encoding and Content-Length are given");
    if (framing.chunked && version_minor == 0)
        return refuse(400, "HTTP/1.0 has no Transfer-Encoding");
    if (framing.content_length > body_max)
        return refuse(413, "The body is too large");
    *ret_framing = framing;
    return accepted;
}
