#include "runtime/http/media.h"

#include "runtime/http/message.h"

static struct rt_str rest_from(struct rt_str s, size_t at)
{
    return rt_str_n(s.data + at, s.len - at);
}

/* Takes what is before the first `c` off the front, without white space around it; all of it
 * when there is none. */
static struct rt_str take_until(struct rt_str *s, char c)
{
    const char *at = s->len > 0 ? memchr(s->data, c, s->len) : NULL;
    size_t len = at ? (size_t)(at - s->data) : s->len;
    struct rt_str taken = rt_str_trim(rt_str_n(s->data, len));
    *s = rest_from(*s, at ? len + 1 : len);
    return taken;
}

/* quoted-string without escapes: no value that means something here needs one. */
static bool unquote(struct rt_str *s)
{
    const char *end = s->len > 1 ? memchr(s->data + 1, '"', s->len - 1) : NULL;
    if (!end || end + 1 != s->data + s->len || memchr(s->data, '\\', s->len))
        return false;
    *s = rt_str_n(s->data + 1, s->len - 2);
    return true;
}

/* media-type = type "/" subtype *( OWS ";" OWS [ token "=" ( token / quoted-string ) ] ) */
static bool is_of_type(struct rt_str value, struct rt_str type)
{
    bool charset = false;
    if (!rt_str_eq_nocase(take_until(&value, ';'), type))
        return false;
    while (value.len > 0) {
        struct rt_str parameter = take_until(&value, ';');
        const char *equals = parameter.len > 0 ? memchr(parameter.data, '=', parameter.len) : NULL;
        if (parameter.len == 0)
            continue;
        if (!equals)
            return false;
        struct rt_str name = rt_str_n(parameter.data, (size_t)(equals - parameter.data));
        struct rt_str text = rest_from(parameter, name.len + 1);
        bool quoted = text.len > 0 && text.data[0] == '"';
        if (!rt_http_token(name) || (quoted ? !unquote(&text) : !rt_http_token(text)))
            return false;
        if (!rt_str_eq_nocase(name, RT_STR("charset")))
            continue;
        if (charset || !rt_str_eq_nocase(text, RT_STR("utf-8")))
            return false;
        charset = true;
    }
    return true;
}

bool rt_media_is_json(struct rt_str value)
{
    return is_of_type(value, RT_STR("application/json"));
}

bool rt_media_is_merge_patch(struct rt_str value)
{
    return is_of_type(value, RT_STR("application/merge-patch+json"));
}
