#include "runtime/http/url.h"

#include "runtime/http/word.h"

/* Visible ASCII but '"', '#', '<' and '>'. The rest of what RFC 3986 reserves is accepted:
 * browsers send it as it is (WHATWG URL, percent-encode sets). */
static bool is_target_char(char c)
{
    return c > ' ' && c < 0x7F && c != '"' && c != '#' && c != '<' && c != '>';
}

bool rt_url_target_clean(struct rt_str s)
{
    size_t at = 0;
    for (uint64_t word; s.len - at >= sizeof word; at += sizeof word) {
        word = rt_word_load(s.data + at);
        if (rt_word_any(word | rt_word_less(word, '!') | rt_word_equal(word, '"') |
                        rt_word_equal(word, '#') | rt_word_equal(word, '<') |
                        rt_word_equal(word, '>') | rt_word_equal(word, 0x7F)))
            return false;
    }
    while (at < s.len && is_target_char(s.data[at]))
        at++;
    return at == s.len;
}

/* Skips "http://host" or "https://host" of an absolute form, without user information. */
static bool skip_authority(struct rt_str *target)
{
    static const struct rt_str schemes[] = {{"http://", 7}, {"https://", 8}};
    for (size_t i = 0; i < 2; i++) {
        struct rt_str scheme = schemes[i];
        if (target->len <= scheme.len ||
            !rt_str_eq_nocase(rt_str_n(target->data, scheme.len), scheme))
            continue;
        size_t at = scheme.len;
        while (at < target->len && target->data[at] != '/' && target->data[at] != '?')
            if (target->data[at++] == '@')
                return false;
        bool has_host = at > scheme.len;
        *target = rt_str_n(target->data + at, target->len - at);
        return has_host;
    }
    return false;
}

bool rt_url_target_split(struct rt_str target, struct rt_url_target *ret)
{
    if (rt_str_eq(target, RT_STR("*"))) {
        *ret = (struct rt_url_target){.path = target, .query = {"", 0}, .asterisk = true};
        return true;
    }
    if (target.len == 0 || (target.data[0] != '/' && !skip_authority(&target)))
        return false;
    const char *mark = target.len ? memchr(target.data, '?', target.len) : NULL;
    size_t path_len = mark ? (size_t)(mark - target.data) : target.len;
    struct rt_str path = path_len ? rt_str_n(target.data, path_len) : RT_STR("/");
    if (memchr(path.data, '\\', path.len))
        return false;
    *ret = (struct rt_url_target){
        .path = path,
        .query = mark ? rt_str_n(mark + 1, target.len - path_len - 1) : RT_STR(""),
    };
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Whether `raw` is its own decoded form: ASCII, and nothing to resolve. */
static bool is_decoded(struct rt_str raw, bool spaces)
{
    const uint8_t plus = spaces ? '+' : '%';
    size_t at = 0;
    for (uint64_t word; raw.len - at >= sizeof word; at += sizeof word) {
        word = rt_word_load(raw.data + at);
        if (rt_word_any(word | rt_word_less(word, 1) | rt_word_equal(word, '%') |
                        rt_word_equal(word, plus)))
            return false;
    }
    for (; at < raw.len; at++) {
        uint8_t c = (uint8_t)raw.data[at];
        if (c == '\0' || c >= 0x80 || c == '%' || c == plus)
            return false;
    }
    return true;
}

/* The byte that the escape at the front of `s` means, or -1. */
static int unescape(struct rt_str s)
{
    int high = s.len > 2 ? hex_digit(s.data[1]) : -1;
    int low = high >= 0 ? hex_digit(s.data[2]) : -1;
    return low >= 0 ? high << 4 | low : -1;
}

bool rt_url_decode(struct rt_str raw, enum rt_url_plus plus, struct rt_arena *arena,
                   struct rt_str *ret)
{
    bool spaces = plus == RT_URL_PLUS_IS_SPACE;
    if (is_decoded(raw, spaces)) {
        *ret = raw;
        return true;
    }
    char *text = rt_arena_alloc(arena, raw.len);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        int c = (unsigned char)raw.data[i];
        if (c == '%') {
            c = unescape(rt_str_n(raw.data + i, raw.len - i));
            i += 2;
        } else if (c == '+' && spaces) {
            c = ' ';
        }
        if (c == 0 || c == -1)
            return false;
        text[len++] = (char)c;
    }
    if (!rt_utf8_valid(rt_str_n(text, len)))
        return false;
    *ret = rt_str_n(text, len);
    return true;
}

bool rt_query_next(struct rt_str *query, struct rt_url_param *ret)
{
    while (query->len > 0 && query->data[0] == '&')
        *query = rt_str_n(query->data + 1, query->len - 1);
    if (query->len == 0)
        return false;
    const char *end = memchr(query->data, '&', query->len);
    size_t len = end ? (size_t)(end - query->data) : query->len;
    struct rt_str pair = rt_str_n(query->data, len);
    *query = rt_str_n(query->data + len, query->len - len);
    const char *equals = memchr(pair.data, '=', pair.len);
    size_t name_len = equals ? (size_t)(equals - pair.data) : pair.len;
    ret->name = rt_str_n(pair.data, name_len);
    ret->value = equals ? rt_str_n(equals + 1, pair.len - name_len - 1) : RT_STR("");
    return true;
}
