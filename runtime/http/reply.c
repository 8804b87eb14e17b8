#include "runtime/http/reply.h"

#include <stdio.h>
#include <time.h>

struct rt_str rt_http_date_at(struct rt_http_date *date, int64_t now_ms)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t second = now_ms / 1000;
    if (date->second != second || date->text[0] == '\0') {
        struct tm tm = {0};
        time_t time = (time_t)second;
        gmtime_r(&time, &tm);
        snprintf(date->text, sizeof date->text, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT",
                 days + (size_t)tm.tm_wday * 3, (unsigned)tm.tm_mday % 100,
                 months + (size_t)tm.tm_mon * 3, (unsigned)(tm.tm_year + 1900) % 10000,
                 (unsigned)tm.tm_hour % 100, (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
        date->second = second;
    }
    return rt_str_n(date->text, RT_HTTP_DATE_LEN);
}

static bool is_ours(struct rt_str name)
{
    static const struct rt_str names[] = {{"Date", 4},
                                          {"Connection", 10},
                                          {"Content-Type", 12},
                                          {"Content-Length", 14},
                                          {"Transfer-Encoding", 17}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (rt_str_eq_nocase(name, names[i]))
            return true;
    return false;
}

static bool is_valid(const struct rt_reply *reply)
{
    if (reply->status < 200 || reply->status > 599)
        return false;
    if (reply->content_type && !rt_http_field_value(rt_str(reply->content_type)))
        return false;
    for (size_t i = 0; i < reply->n_headers; i++) {
        const struct rt_header *header = &reply->headers[i];
        if (!rt_http_token(header->name) || !rt_http_field_value(header->value) ||
            is_ours(header->name))
            return false;
    }
    return true;
}

static uint8_t *put(uint8_t *p, struct rt_str s)
{
    if (s.len > 0)
        memcpy(p, s.data, s.len);
    return p + s.len;
}

static uint8_t *put_header(uint8_t *p, struct rt_str name, struct rt_str value)
{
    p = put(p, name);
    p = put(p, RT_STR(": "));
    p = put(p, value);
    return put(p, RT_STR("\r\n"));
}

static uint8_t *put_number(uint8_t *p, size_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    return put(p, rt_str_n(digits + at, sizeof digits - at));
}

/* Room for everything but the texts of the caller. */
enum { FIXED_MAX = 256 };

int rt_reply_write(struct rt_buf *out, const struct rt_reply *reply,
                   const struct rt_reply_framing *framing)
{
    if (!is_valid(reply))
        return RT_EINVAL;
    struct rt_str type = rt_str(reply->content_type);
    struct rt_bytes body = type.data ? reply->body : rt_bytes(NULL, 0);
    size_t room = FIXED_MAX + framing->headers.len + type.len + body.len;
    for (size_t i = 0; i < reply->n_headers; i++)
        room += reply->headers[i].name.len + reply->headers[i].value.len + 4;
    rt_buf_reserve(out, room);

    uint8_t *p = out->data + out->len;
    p = put(p, RT_STR("HTTP/1.1 "));
    p = put_number(p, (size_t)reply->status);
    *p++ = ' ';
    p = put(p, rt_str(rt_status_reason(reply->status)));
    p = put(p, RT_STR("\r\nDate: "));
    p = put(p, framing->date);
    p = put(p, RT_STR("\r\n"));
    if (type.data)
        p = put_header(p, RT_STR("Content-Type"), type);
    if (reply->status != 204 && reply->status != 304) {
        p = put(p, RT_STR("Content-Length: "));
        p = put_number(p, body.len);
        p = put(p, RT_STR("\r\n"));
    } else {
        body.len = 0;
    }
    if (framing->close)
        p = put(p, RT_STR("Connection: close\r\n"));
    else if (framing->say_keep_alive)
        p = put(p, RT_STR("Connection: keep-alive\r\n"));
    p = put(p, framing->headers);
    for (size_t i = 0; i < reply->n_headers; i++)
        p = put_header(p, reply->headers[i].name, reply->headers[i].value);
    p = put(p, RT_STR("\r\n"));
    if (!framing->head_only)
        p = put(p, rt_str_n((const char *)body.data, body.len));
    out->len = (size_t)(p - out->data);
    return 0;
}
