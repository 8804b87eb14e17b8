#include "runtime/base/pattern_syntax.h"

#include <stdint.h>
#include <stdio.h>

#include "runtime/base/pattern.h"

/* Where reading is, and what was found wrong first. */
struct reader {
    const char *start;
    const char *at;
    struct rt_buf *out;
    struct rt_error *error;
    int status;
    unsigned depth;
};

static void fail(struct reader *r, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void fail(struct reader *r, int code, const char *format, ...)
{
    char text[RT_ERROR_MESSAGE_MAX];
    va_list args;
    if (r->status != 0)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t place = rt_utf8_count(rt_str_n(r->start, (size_t)(r->at - r->start))) + 1;
    r->status = rt_error_set(r->error, code, "character %zu: %s", place, text);
}

static bool starts(const struct reader *r, const char *text)
{
    return strncmp(r->at, text, strlen(text)) == 0;
}

/* -------------------------------------------------------- what others write */

/* Spellings of other engines, and what says the same here. The first that fits counts. */
struct foreign {
    const char *text;
    const char *answer;
};

static const struct foreign foreign_escapes[] = {
    {"\\b", "a pattern cannot look around itself: say which characters may be there"},
    {"\\B", "a pattern cannot look around itself: say which characters may be there"},
    {"\\A", "a pattern covers the whole text anyway: drop the `\\A`"},
    {"\\Z", "a pattern covers the whole text anyway: drop the `\\Z`"},
    {"\\z", "a pattern covers the whole text anyway: drop the `\\z`"},
    {"\\k", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\1", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\2", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\3", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\4", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\5", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\6", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\7", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\8", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\9", "a pattern cannot refer back to a group: matching could take exponential time"},
    {"\\x", "write the character itself: patterns are UTF-8"},
    {"\\u", "write the character itself: patterns are UTF-8"},
    {"\\0", "no text has a NUL character"},
    {"\\h", "write `[ \\t]`"},
    {"\\R", "write `\\n`"},
    {"\\Q", "put a backslash before each character that has a meaning"},
};

static const struct foreign foreign_groups[] = {
    {"(?=", "a pattern cannot look ahead: say what follows, or add a `rule`"},
    {"(?!", "a pattern cannot look ahead: say what may follow, or add a `rule`"},
    {"(?<=", "a pattern cannot look behind: say what comes before"},
    {"(?<!", "a pattern cannot look behind: say what may come before"},
    {"(?<", "groups have no names: write `(`"},
    {"(?P", "groups have no names: write `(`"},
    {"(?i", "a pattern minds capitals: write `[Aa]`, or add `lower` to the type"},
    {"(?>", "a group is never atomic: write `(`"},
    {"(?#", "a pattern has no comments: document the field with `///`"},
    {"(?", "this kind of group is not known: write `(` or `(?:`"},
    {"(*", "this is no pattern: nothing comes before the `*`"},
};

static bool answer_foreign(struct reader *r, const struct foreign *table, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (starts(r, table[i].text)) {
            fail(r, RT_EINVAL, "%s", table[i].answer);
            return true;
        }
    return false;
}

/* --------------------------------------------------------------- characters */

/* The code point at `at`, which is well-formed UTF-8; moves over it. */
static uint32_t take_code_point(struct reader *r)
{
    const unsigned char *p = (const unsigned char *)r->at;
    unsigned more = p[0] < 0x80 ? 0 : p[0] < 0xE0 ? 1 : p[0] < 0xF0 ? 2 : 3;
    uint32_t value = more == 0 ? p[0] : p[0] & (0x3Fu >> more);
    for (unsigned i = 1; i <= more; i++)
        value = value << 6 | (p[i] & 0x3Fu);
    r->at += more + 1;
    return value;
}

static void put_code_point(struct reader *r, uint32_t value)
{
    rt_buf_printf(r->out, "\\x{%x}", (unsigned)value);
}

/* What ECMA-262 says that \d and its like are, as members of a set of PCRE2; their opposites with
 * the other letter. */
static const struct {
    char letter;
    const char *members;
} classes[] = {
    {'d', "0-9"},
    {'D', "\\x{0}-/:-\\x{10ffff}"},
    {'w', "0-9A-Z_a-z"},
    {'W', "\\x{0}-/:-@\\[-\\^`{-\\x{10ffff}"},
    {'s', "\\x{9}-\\x{d} \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}"
          "\\x{3000}\\x{feff}"},
    {'S', "\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}"
          "\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}"
          "\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"},
};

/* `\p{L}`: a general category of Unicode, in its short form. */
static bool take_category(struct reader *r)
{
    static const char categories[] =
        " C Cc Cf Cn Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc "
        "Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs ";
    const char *close = r->at[2] == '{' ? strchr(r->at, '}') : NULL;
    size_t len = close ? (size_t)(close - r->at) - 3 : 0;
    char wanted[5];
    if (len == 1 || len == 2) {
        snprintf(wanted, sizeof wanted, " %.*s ", (int)len, r->at + 3);
        if (strstr(categories, wanted)) {
            rt_buf_append(r->out, r->at, len + 4);
            r->at = close + 1;
            return true;
        }
    }
    fail(r, RT_EINVAL,
         "`\\p` takes a general category of Unicode in braces, such as `\\p{L}` for letters "
         "or `\\p{Nd}` for digits");
    return false;
}

/* Something that stands for a set of characters; written as members when `in_set`. */
static bool take_class(struct reader *r, bool in_set)
{
    char letter = r->at[1];
    if (letter == 'p' || letter == 'P')
        return take_category(r);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (classes[i].letter == letter) {
            rt_buf_printf(r->out, in_set ? "%s" : "[%s]", classes[i].members);
            r->at += 2;
            return true;
        }
    return false;
}

static bool is_class(const char *at)
{
    return at[0] == '\\' && at[1] && strchr("dDwWsSpP", at[1]);
}

/* One character, written in itself or behind a backslash. */
static uint32_t take_character(struct reader *r, bool in_set)
{
    static const char plain[] = "^$\\.*+?()[]{}|/";
    static const struct {
        char letter;
        uint32_t value;
    } controls[] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}};
    if (*r->at != '\\')
        return take_code_point(r);
    char letter = r->at[1];
    if (letter && (strchr(plain, letter) || (in_set && letter == '-'))) {
        r->at += 2;
        return (unsigned char)letter;
    }
    for (size_t i = 0; i < sizeof controls / sizeof *controls; i++)
        if (controls[i].letter == letter) {
            r->at += 2;
            return controls[i].value;
        }
    if (!letter)
        fail(r, RT_EINVAL, "a backslash at the end: write two of them for a backslash");
    else if (!answer_foreign(r, foreign_escapes, sizeof foreign_escapes / sizeof *foreign_escapes))
        fail(r, RT_EINVAL, "`\\%c` means nothing: a backslash comes before one of %s", letter,
             "^$\\.*+?()[]{}|/ or one of dDwWsSpPnrt");
    return 0;
}

/* --------------------------------------------------------------------- sets */

static void read_member(struct reader *r)
{
    if (is_class(r->at)) {
        take_class(r, true);
        if (*r->at == '-' && r->at[1] != ']')
            fail(r, RT_EINVAL, "a range goes from one character to another: write `\\-` for a `-`");
        return;
    }
    if (*r->at == '[') {
        fail(r, RT_EINVAL,
             r->at[1] == ':' ? "classes such as [:alpha:] are not known: write `a-z`, `\\d`, or "
                               "`\\p{L}` for the letters of all languages"
                             : "write `\\[` for a bracket within a set");
        return;
    }
    uint32_t first = take_character(r, true);
    put_code_point(r, first);
    if (r->status != 0 || *r->at != '-' || r->at[1] == ']' || !r->at[1])
        return;
    if (is_class(r->at + 1)) {
        fail(r, RT_EINVAL, "a range goes from one character to another: write `\\-` for a `-`");
        return;
    }
    r->at++;
    uint32_t last = take_character(r, true);
    if (last < first)
        fail(r, RT_EINVAL, "this range ends before it starts");
    rt_buf_byte(r->out, '-');
    put_code_point(r, last);
}

static void read_set(struct reader *r)
{
    rt_buf_byte(r->out, (uint8_t)*r->at++);
    if (*r->at == '^')
        rt_buf_byte(r->out, (uint8_t)*r->at++);
    if (*r->at == ']')
        fail(r, RT_EINVAL, "an empty set: write `\\]` for a bracket within a set");
    while (r->status == 0 && *r->at && *r->at != ']')
        read_member(r);
    if (!*r->at)
        fail(r, RT_EINVAL, "the `]` that ends the set is missing");
    if (r->status != 0)
        return;
    rt_buf_byte(r->out, (uint8_t)*r->at++);
}

/* -------------------------------------------------------------------- items */

static uint64_t times(uint64_t a, uint64_t b)
{
    uint64_t product;
    return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t read_digits(struct reader *r)
{
    uint64_t value = 0;
    if (*r->at < '0' || *r->at > '9')
        fail(r, RT_EINVAL,
             "braces hold a number of times, `{2}`, `{2,}` or `{2,4}`: write `\\{` "
             "for a brace");
    for (; *r->at >= '0' && *r->at <= '9'; r->at++)
        if (value <= RT_PATTERN_SIZE_MAX)
            value = value * 10 + (uint64_t)(*r->at - '0');
    return value;
}

/* "{2,4}" behind an item; an open end is UINT64_MAX. */
static void read_braces(struct reader *r, uint64_t *ret_min, uint64_t *ret_max)
{
    r->at++;
    *ret_min = *ret_max = read_digits(r);
    if (r->status == 0 && *r->at == ',') {
        r->at++;
        *ret_max = *r->at == '}' ? UINT64_MAX : read_digits(r);
    }
    if (*r->at != '}')
        fail(r, RT_EINVAL, "the `}` that ends the number of times is missing");
    else if (*ret_max < *ret_min)
        fail(r, RT_EINVAL, "this number of times is an empty range");
    else
        r->at++;
}

/* "xx*" for "x+", but of groups: PCRE2's matcher of all ways counts how often the x of an x+ was
 * there, and takes each count for a state of its own. */
static void put_quantifier(struct reader *r, size_t item, uint64_t min, uint64_t max)
{
    struct rt_buf copy = {0};
    if (min == 1 && max == UINT64_MAX && r->out->data[item] != '(') {
        rt_buf_append(&copy, r->out->data + item, r->out->len - item);
        rt_buf_append(r->out, copy.data, copy.len);
        rt_buf_done(&copy);
        min = 0;
    }
    if (max != UINT64_MAX)
        rt_buf_printf(r->out, "{%llu,%llu}", (unsigned long long)min, (unsigned long long)max);
    else if (min > 0)
        rt_buf_printf(r->out, "{%llu,}", (unsigned long long)min);
    else
        rt_buf_byte(r->out, '*');
}

/* Behind an item that starts at `item` in the output. */
static void read_quantifier(struct reader *r, size_t item, struct rt_pattern_shape *shape)
{
    const char *start = r->at;
    uint64_t min = *r->at == '+';
    uint64_t max = *r->at == '?' ? 1 : UINT64_MAX;
    if (!*r->at || !strchr("*+?{", *r->at))
        return;
    if (*r->at == '{')
        read_braces(r, &min, &max);
    else
        r->at++;
    uint64_t copies = max != UINT64_MAX ? max : min + 1;
    shape->size = times(shape->size, copies > 1 ? copies : 1);
    shape->longest = shape->longest == 0 ? 0 : times(shape->longest, max);
    if (r->status == 0 && shape->size > RT_PATTERN_SIZE_MAX)
        fail(r, RT_ETOOBIG,
             "with its repetitions written out, a+ as aa* and a{2} as aa, the pattern has more "
             "than %d characters",
             RT_PATTERN_SIZE_MAX);
    if (r->status != 0)
        return;
    put_quantifier(r, item, min, max);
    if (*r->at == '?')
        fail(r, RT_EINVAL, "the whole text matches or it does not: drop the `?` behind `%.*s`",
             (int)(r->at - start), start);
    else if (*r->at && strchr("*+{", *r->at))
        fail(r, RT_EINVAL, "`%.*s` is repeated itself: put it into a group, `(a*)+`",
             (int)(r->at - start), start);
}

static struct rt_pattern_shape read_pattern(struct reader *r);

static struct rt_pattern_shape read_group(struct reader *r)
{
    struct rt_pattern_shape shape = {0};
    if (!starts(r, "(?:") &&
        answer_foreign(r, foreign_groups, sizeof foreign_groups / sizeof *foreign_groups))
        return shape;
    if (r->depth == RT_PATTERN_DEPTH_MAX) {
        fail(r, RT_ETOOBIG, "groups are nested deeper than %d", RT_PATTERN_DEPTH_MAX);
        return shape;
    }
    const char *open = r->at;
    r->at += starts(r, "(?:") ? 3 : 1;
    rt_buf_puts(r->out, "(?:");
    r->depth++;
    shape = read_pattern(r);
    r->depth--;
    if (r->status == 0 && *r->at != ')') {
        r->at = open;
        fail(r, RT_EINVAL, "the `)` that ends this group is missing");
    }
    if (r->status == 0)
        rt_buf_byte(r->out, (uint8_t)*r->at++);
    return shape;
}

static struct rt_pattern_shape read_item(struct reader *r)
{
    struct rt_pattern_shape one = {.size = 1, .longest = 1};
    switch (*r->at) {
    case '(':
        return read_group(r);
    case '[':
        read_set(r);
        return one;
    case '.': /* all but the line breaks of ECMA-262 */
        rt_buf_puts(r->out, "[^\\n\\r\\x{2028}\\x{2029}]");
        r->at++;
        return one;
    case '^':
    case '$':
        fail(r, RT_EINVAL, "a pattern covers the whole text anyway: drop the `%c`, or write `\\%c`",
             *r->at, *r->at);
        return one;
    case '*':
    case '+':
    case '?':
        fail(r, RT_EINVAL, "nothing comes before the `%c` that it repeats: write `\\%c`", *r->at,
             *r->at);
        return one;
    case '{':
    case '}':
    case ']':
        fail(r, RT_EINVAL, "write `\\%c` for the character", *r->at);
        return one;
    default:
        if (is_class(r->at))
            take_class(r, false);
        else
            put_code_point(r, take_character(r, false));
        return one;
    }
}

static struct rt_pattern_shape read_branch(struct reader *r)
{
    struct rt_pattern_shape whole = {0};
    while (r->status == 0 && *r->at && *r->at != '|' && *r->at != ')') {
        size_t start = r->out->len;
        struct rt_pattern_shape item = read_item(r);
        if (r->status == 0)
            read_quantifier(r, start, &item);
        whole.size = plus(whole.size, item.size);
        whole.longest = plus(whole.longest, item.longest);
    }
    return whole;
}

static struct rt_pattern_shape read_pattern(struct reader *r)
{
    struct rt_pattern_shape whole = read_branch(r);
    while (r->status == 0 && *r->at == '|') {
        rt_buf_byte(r->out, (uint8_t)*r->at++);
        struct rt_pattern_shape branch = read_branch(r);
        whole.size = plus(whole.size, branch.size);
        whole.longest = branch.longest > whole.longest ? branch.longest : whole.longest;
    }
    return whole;
}

int rt_pattern_translate(const char *pattern, struct rt_buf *out, struct rt_pattern_shape *ret,
                         struct rt_error *error)
{
    struct reader r = {.start = pattern, .at = pattern, .out = out, .error = error};
    if (!rt_utf8_valid(rt_str(pattern)))
        return rt_error_set(error, RT_EINVAL, "it is not UTF-8");
    rt_buf_puts(out, "(?:");
    struct rt_pattern_shape shape = read_pattern(&r);
    if (*r.at == ')')
        fail(&r, RT_EINVAL, "this `)` ends no group: write `\\)` for the character");
    if (shape.size > RT_PATTERN_SIZE_MAX)
        fail(&r, RT_ETOOBIG, "the pattern has more than %d characters", RT_PATTERN_SIZE_MAX);
    if (r.status != 0)
        return r.status;
    rt_buf_puts(out, ")\\z");
    *ret = shape;
    return 0;
}
