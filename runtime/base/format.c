#include "runtime/base/format.h"

#include "runtime/base/uuid.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_alnum(char c)
{
    return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

/* Labels of letters, digits and inner hyphens, 1 to 63 bytes each, joined by dots; RFC 1123
 * section 2.1. Returns how many, 0 when it is no host name. */
static size_t host_labels(struct rt_str host)
{
    size_t labels = 0;
    if (host.len == 0 || host.len > 253)
        return 0;
    while (true) {
        const char *dot = memchr(host.data, '.', host.len);
        size_t len = dot ? (size_t)(dot - host.data) : host.len;
        if (len == 0 || len > 63 || host.data[0] == '-' || host.data[len - 1] == '-')
            return 0;
        for (size_t i = 0; i < len; i++)
            if (!is_alnum(host.data[i]) && host.data[i] != '-')
                return 0;
        labels++;
        if (!dot)
            return labels;
        host = rt_str_n(host.data + len + 1, host.len - len - 1);
        if (host.len == 0)
            return 0;
    }
}

/* The HTML standard's "valid email address", with a dot in the domain and the lengths of RFC 5321
 * section 4.5.3.1. */
static bool is_email(struct rt_str text)
{
    const char *at = text.len > 0 && text.len <= 254 ? memchr(text.data, '@', text.len) : NULL;
    if (!at)
        return false;
    struct rt_str local = rt_str_n(text.data, (size_t)(at - text.data));
    if (local.len == 0 || local.len > 64)
        return false;
    for (size_t i = 0; i < local.len; i++)
        if (!is_alnum(local.data[i]) && !memchr(".!#$%&'*+/=?^_`{|}~-", local.data[i], 20))
            return false;
    return host_labels(rt_str_n(at + 1, text.len - local.len - 1)) >= 2;
}

static bool all_digits(struct rt_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.data[i]))
            return false;
    return true;
}

/* Characters of RFC 3986's grammar; a percent sign needs two hexadecimal digits behind it. */
static bool is_uri_text(struct rt_str text)
{
    static const char marks[] = "-._~:/?#[]@!$&'()*+,;=";
    static const char hex[] = "0123456789abcdefABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '%') {
            if (text.len - i < 3 || !memchr(hex, text.data[i + 1], 22) ||
                !memchr(hex, text.data[i + 2], 22))
                return false;
        } else if (!is_alnum(c) && !memchr(marks, c, sizeof marks - 1)) {
            return false;
        }
    }
    return true;
}

/* An absolute http or https URL without user information. */
static bool is_url(struct rt_str text)
{
    struct rt_str rest;
    if (text.len >= 7 && rt_str_eq_nocase(rt_str_n(text.data, 7), RT_STR("http://")))
        rest = rt_str_n(text.data + 7, text.len - 7);
    else if (text.len >= 8 && rt_str_eq_nocase(rt_str_n(text.data, 8), RT_STR("https://")))
        rest = rt_str_n(text.data + 8, text.len - 8);
    else
        return false;
    size_t len = 0;
    while (len < rest.len && !memchr("/?#", rest.data[len], 3))
        len++;
    struct rt_str host = rt_str_n(rest.data, len);
    const char *bracket = len > 0 && host.data[0] == '[' ? memchr(host.data, ']', len) : NULL;
    if (bracket) {
        /* An IPv6 address: the characters, not the groups, are checked. */
        for (const char *p = host.data + 1; p < bracket; p++)
            if (!memchr("0123456789abcdefABCDEF:.", *p, 24))
                return false;
        host = rt_str_n(bracket + 1, len - (size_t)(bracket + 1 - host.data));
        if (bracket - rest.data < 3 || (host.len > 0 && host.data[0] != ':'))
            return false;
    }
    const char *colon = host.len > 0 ? memchr(host.data, ':', host.len) : NULL;
    if (colon) {
        size_t before = (size_t)(colon - host.data);
        struct rt_str port = rt_str_n(colon + 1, host.len - before - 1);
        if (port.len > 5 || !all_digits(port))
            return false;
        host.len = before;
    }
    return (bracket || host_labels(host) > 0) && is_uri_text(rt_str_n(rest.data, rest.len));
}

/* Lower-case words and digits, joined by single hyphens. */
static bool is_slug(struct rt_str text)
{
    char last = '-';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (!is_digit(c) && !is_lower(c) && (c != '-' || last == '-'))
            return false;
        last = c;
    }
    return last != '-';
}

bool rt_format_valid(enum rt_format format, struct rt_str text)
{
    switch (format) {
    case RT_FORMAT_EMAIL:
        return is_email(text);
    case RT_FORMAT_URL:
        return is_url(text);
    case RT_FORMAT_UUID:
        return rt_uuid_valid(text);
    case RT_FORMAT_SLUG:
        return is_slug(text);
    case RT_FORMAT_NONE:
        break;
    }
    return true;
}

const char *rt_format_noun(enum rt_format format)
{
    switch (format) {
    case RT_FORMAT_EMAIL:
        return "an email address";
    case RT_FORMAT_URL:
        return "an http or https URL";
    case RT_FORMAT_UUID:
        return "a UUID";
    case RT_FORMAT_SLUG:
        return "lower-case letters and digits joined by hyphens";
    case RT_FORMAT_NONE:
        break;
    }
    return "text";
}
