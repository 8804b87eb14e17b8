#include "runtime/wire/json_read.h"

#include "runtime/wire/json_scan.h"
#include "runtime/wire/limits.h"

void rt_json_in_init(struct rt_json_in *in, struct rt_bytes bytes)
{
    const uint8_t *start = bytes.data ? bytes.data : (const uint8_t *)"";
    *in = (struct rt_json_in){.start = start, .p = start, .end = start + bytes.len};
}

static bool fail_at(struct rt_json_in *in, const uint8_t *at, const char *error)
{
    if (!in->error) {
        in->error = error;
        in->p = at;
    }
    return false;
}

static bool fail(struct rt_json_in *in, const char *error)
{
    return fail_at(in, in->p, in->p < in->end ? error : "unexpected end");
}

static void skip_space(struct rt_json_in *in)
{
    while (in->p < in->end && (*in->p == ' ' || *in->p == '\n' || *in->p == '\r' || *in->p == '\t'))
        in->p++;
}

enum rt_json_type rt_json_peek(struct rt_json_in *in)
{
    if (in->error)
        return RT_JSON_ERROR;
    skip_space(in);
    switch (in->p < in->end ? *in->p : 0) {
    case 'n':
        return RT_JSON_NULL;
    case 'f':
        return RT_JSON_FALSE;
    case 't':
        return RT_JSON_TRUE;
    case '"':
        return RT_JSON_STRING;
    case '[':
        return RT_JSON_ARRAY;
    case '{':
        return RT_JSON_OBJECT;
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return RT_JSON_NUMBER;
    default:
        fail(in, "expected a value");
        return RT_JSON_ERROR;
    }
}

bool rt_json_literal(struct rt_json_in *in, enum rt_json_type type)
{
    struct rt_str word = type == RT_JSON_NULL   ? RT_STR("null")
                         : type == RT_JSON_TRUE ? RT_STR("true")
                                                : RT_STR("false");
    if (in->error)
        return false;
    for (size_t i = 0; i < word.len; i++, in->p++)
        if (in->p == in->end || *in->p != (uint8_t)word.data[i])
            return fail(in, "expected null, true or false");
    return true;
}

static bool at_digit(const struct rt_json_in *in)
{
    return in->p < in->end && *in->p >= '0' && *in->p <= '9';
}

static bool take_digits(struct rt_json_in *in)
{
    if (!at_digit(in))
        return fail(in, "expected a digit");
    while (at_digit(in))
        in->p++;
    return true;
}

/* number = [ "-" ] ( "0" / digit1-9 *digit ) [ "." 1*digit ] [ ( "e" / "E" ) [ "+" / "-" ] 1*digit
 * ] */
bool rt_json_number(struct rt_json_in *in, struct rt_str *ret)
{
    if (in->error)
        return false;
    const uint8_t *start = in->p;
    if (in->p < in->end && *in->p == '-')
        in->p++;
    if (in->p < in->end && *in->p == '0') {
        in->p++;
        if (at_digit(in))
            return fail(in, "a number has no leading zeros");
    } else if (!take_digits(in)) {
        return false;
    }
    if (in->p < in->end && *in->p == '.') {
        in->p++;
        if (!take_digits(in))
            return false;
    }
    if (in->p < in->end && (*in->p == 'e' || *in->p == 'E')) {
        in->p++;
        if (in->p < in->end && (*in->p == '+' || *in->p == '-'))
            in->p++;
        if (!take_digits(in))
            return false;
    }
    *ret = rt_str_n((const char *)start, (size_t)(in->p - start));
    if (ret->len > RT_WIRE_NUMBER_BYTES_MAX)
        return fail_at(in, start, "a number is too long");
    return true;
}

bool rt_json_is_number(struct rt_str text)
{
    struct rt_json_in in;
    struct rt_str number;
    rt_json_in_init(&in, rt_str_bytes(text));
    return rt_json_number(&in, &number) && number.len == text.len;
}

/* Four hexadecimal digits at `p`, or -1. */
static int32_t hex4(const uint8_t *p, const uint8_t *end)
{
    int32_t value = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        uint8_t c = p[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

static uint8_t *put_utf8(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (uint8_t)c;
    } else if (c < 0x800) {
        *out++ = (uint8_t)(0xC0 | c >> 6);
        *out++ = (uint8_t)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = (uint8_t)(0xE0 | c >> 12);
        *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        *out++ = (uint8_t)(0x80 | (c & 0x3F));
    } else {
        *out++ = (uint8_t)(0xF0 | c >> 18);
        *out++ = (uint8_t)(0x80 | (c >> 12 & 0x3F));
        *out++ = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        *out++ = (uint8_t)(0x80 | (c & 0x3F));
    }
    return out;
}

/* The escape at in->p, which is its backslash; a pair of surrogates is one code point. */
static bool take_escape(struct rt_json_in *in, uint8_t **out)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    const uint8_t *start = in->p++;
    if (in->p == in->end)
        return fail(in, "unexpected end");
    if (*in->p != 'u') {
        const char *letter = memchr(letters, *in->p, sizeof letters - 1);
        if (!letter)
            return fail_at(in, start, "no such escape");
        *(*out)++ = (uint8_t)values[letter - letters];
        in->p++;
        return true;
    }
    int32_t unit = hex4(++in->p, in->end);
    if (unit < 0)
        return fail_at(in, start, "\\u needs four hexadecimal digits");
    in->p += 4;
    uint32_t code = (uint32_t)unit;
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        int32_t low = -1;
        if (unit <= 0xDBFF && in->end - in->p >= 6 && in->p[0] == '\\' && in->p[1] == 'u')
            low = hex4(in->p + 2, in->end);
        if (low < 0xDC00 || low > 0xDFFF)
            return fail_at(in, start, "a surrogate without its pair");
        in->p += 6;
        code = 0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
    }
    *out = put_utf8(*out, code);
    return true;
}

/* Steps to the closing quote, a backslash, a control character or the end; notes in `ascii` when
 * there was a byte of 0x80 or more. */
static void skip_plain(struct rt_json_in *in, bool *ascii)
{
    in->p += rt_json_plain(in->p, (size_t)(in->end - in->p), true);
    if (in->p < in->end && *in->p >= 0x80) {
        *ascii = false;
        in->p += rt_json_plain(in->p, (size_t)(in->end - in->p), false);
    }
}

/* The rest of a string from its first escape on; `start` is behind the opening quote. */
static bool take_escaped(struct rt_json_in *in, const uint8_t *start, struct rt_arena *arena,
                         bool *ascii, struct rt_str *ret)
{
    /* An escape is never shorter than what it means, so the distance to the closing quote is
     * enough: find that first. */
    const uint8_t *close = in->p;
    while (close < in->end && *close != '"' && *close >= 0x20)
        close += *close == '\\' && in->end - close > 1 ? 2 : 1;
    uint8_t *text = rt_arena_alloc(arena, (size_t)(close - start) + 1);
    size_t plain = (size_t)(in->p - start);
    memcpy(text, start, plain);
    uint8_t *out = text + plain;
    while (in->p < in->end && *in->p == '\\') {
        if (!take_escape(in, &out))
            return false;
        const uint8_t *from = in->p;
        skip_plain(in, ascii);
        memcpy(out, from, (size_t)(in->p - from));
        out += in->p - from;
    }
    *ret = rt_str_n((const char *)text, (size_t)(out - text));
    return true;
}

bool rt_json_text(struct rt_json_in *in, struct rt_arena *arena, struct rt_str *ret)
{
    if (in->error)
        return false;
    const uint8_t *start = ++in->p;
    bool ascii = true;
    skip_plain(in, &ascii);
    struct rt_str text = rt_str_n((const char *)start, (size_t)(in->p - start));
    if (in->p < in->end && *in->p == '\\' && !take_escaped(in, start, arena, &ascii, &text))
        return false;
    if (in->p == in->end)
        return fail(in, "unexpected end");
    if (*in->p != '"')
        return fail(in, "a control character in a string");
    if (!ascii && !rt_utf8_valid(text))
        return fail_at(in, start, "a string is not UTF-8");
    in->p++;
    *ret = text;
    return true;
}

bool rt_json_enter(struct rt_json_in *in)
{
    if (in->error)
        return false;
    if (in->depth == RT_WIRE_DEPTH_MAX)
        return fail(in, "nested too deep");
    in->depth++;
    in->p++;
    return true;
}

/* Takes the closing bracket, or the comma before anything but the first. */
static enum rt_json_next next(struct rt_json_in *in, size_t *n, uint8_t close, const char *expected)
{
    if (in->error)
        return RT_JSON_END;
    skip_space(in);
    if (in->p < in->end && *in->p == close) {
        in->p++;
        in->depth--;
        return RT_JSON_END;
    }
    if (*n > 0) {
        if (in->p == in->end || *in->p != ',') {
            fail(in, expected);
            return RT_JSON_END;
        }
        in->p++;
        skip_space(in);
    }
    ++*n;
    return RT_JSON_MORE;
}

enum rt_json_next rt_json_member(struct rt_json_in *in, size_t *n, struct rt_arena *arena,
                                 struct rt_str *ret_key)
{
    if (next(in, n, '}', "expected , or }") == RT_JSON_END)
        return RT_JSON_END;
    if (in->p == in->end || *in->p != '"') {
        fail(in, "expected a name in quotes");
        return RT_JSON_END;
    }
    if (!rt_json_text(in, arena, ret_key))
        return RT_JSON_END;
    skip_space(in);
    if (in->p == in->end || *in->p != ':') {
        fail(in, "expected :");
        return RT_JSON_END;
    }
    in->p++;
    return RT_JSON_MORE;
}

enum rt_json_next rt_json_item(struct rt_json_in *in, size_t *n)
{
    return next(in, n, ']', "expected , or ]");
}

static bool skip_container(struct rt_json_in *in, struct rt_arena *arena, bool object)
{
    size_t n = 0;
    struct rt_str key;
    if (!rt_json_enter(in))
        return false;
    while ((object ? rt_json_member(in, &n, arena, &key) : rt_json_item(in, &n)) == RT_JSON_MORE)
        rt_json_skip(in, arena);
    return !in->error;
}

bool rt_json_skip(struct rt_json_in *in, struct rt_arena *arena)
{
    struct rt_str text;
    enum rt_json_type type = rt_json_peek(in);
    switch (type) {
    case RT_JSON_NULL:
    case RT_JSON_FALSE:
    case RT_JSON_TRUE:
        return rt_json_literal(in, type);
    case RT_JSON_NUMBER:
        return rt_json_number(in, &text);
    case RT_JSON_STRING:
        return rt_json_text(in, arena, &text);
    case RT_JSON_ARRAY:
    case RT_JSON_OBJECT:
        return skip_container(in, arena, type == RT_JSON_OBJECT);
    case RT_JSON_ERROR:
        break;
    }
    return false;
}

bool rt_json_finish(struct rt_json_in *in)
{
    if (in->error)
        return false;
    skip_space(in);
    return in->p == in->end || fail(in, "expected nothing more");
}

void rt_json_position(const struct rt_json_in *in, unsigned *ret_line, unsigned *ret_column)
{
    *ret_line = 1;
    *ret_column = 1;
    for (const uint8_t *p = in->start; p < in->p; p++) {
        bool new_line = *p == '\n';
        *ret_line += new_line;
        *ret_column = new_line ? 1 : *ret_column + 1;
    }
}
