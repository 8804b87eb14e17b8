#include "runtime/http/message.h"

#include "runtime/http/word.h"

const char *rt_method_name(enum rt_method method)
{
    static const char *const names[] = {"GET",   "HEAD",   "POST",    "PUT",
                                        "PATCH", "DELETE", "OPTIONS", "OTHER"};
    _Static_assert(sizeof names / sizeof *names == RT_METHOD_COUNT, "a name for each method");
    return (unsigned)method < RT_METHOD_COUNT ? names[method] : "OTHER";
}

struct rt_str rt_header_find(const struct rt_header *headers, size_t n_headers, struct rt_str name)
{
    for (size_t i = 0; i < n_headers; i++)
        if (rt_str_eq_nocase(headers[i].name, name))
            return headers[i].value;
    return (struct rt_str){NULL, 0};
}

static bool is_tchar(unsigned char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

bool rt_http_token(struct rt_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_tchar((unsigned char)s.data[i]))
            return false;
    return s.len > 0;
}

size_t rt_http_skip_plain(const uint8_t *bytes, size_t at, size_t end)
{
    for (uint64_t word; end - at >= sizeof word; at += sizeof word) {
        word = rt_word_load(bytes + at);
        if (rt_word_any(rt_word_less(word, 0x20) | rt_word_equal(word, 0x7F)))
            break;
    }
    while (at < end && rt_http_plain(bytes[at]))
        at++;
    return at;
}

bool rt_http_field_value(struct rt_str s)
{
    return rt_http_skip_plain((const uint8_t *)s.data, 0, s.len) == s.len;
}

const char *rt_status_reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {201, "Created"},
        {202, "Accepted"},
        {204, "No Content"},
        {301, "Moved Permanently"},
        {302, "Found"},
        {303, "See Other"},
        {304, "Not Modified"},
        {307, "Temporary Redirect"},
        {308, "Permanent Redirect"},
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {406, "Not Acceptable"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {410, "Gone"},
        {411, "Length Required"},
        {412, "Precondition Failed"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {428, "Precondition Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Status";
}
