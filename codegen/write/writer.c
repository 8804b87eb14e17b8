#include "codegen/write/writer.h"

#include <stdarg.h>
#include <stdio.h>

#include "runtime/base/error.h"

void ts_writer_init(struct ts_writer *w, struct rt_buf *out, struct rt_arena *arena)
{
    *w = (struct ts_writer){.out = out, .arena = arena};
}

size_t ts_writer_line(struct ts_writer *w)
{
    for (; w->counted < w->out->len; w->counted++)
        w->lines += w->out->data[w->counted] == '\n';
    return w->lines + 1;
}

/* ---------------------------------------------------------------- variables */

void ts_set(struct ts_writer *w, const char *name, const char *value)
{
    size_t len = strlen(name);
    size_t i = 0;
    while (i < w->n_variables &&
           (w->variables[i].name_len != len || memcmp(w->variables[i].name, name, len) != 0))
        i++;
    if (i == w->n_variables) {
        RT_ASSERT(i < TS_WRITER_VARIABLES);
        w->n_variables++;
        w->variables[i].name = name;
        w->variables[i].name_len = len;
    }
    w->variables[i].value = rt_str(value);
}

void ts_setf(struct ts_writer *w, const char *name, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    RT_ASSERT(len >= 0 && (size_t)len < sizeof text);
    ts_set(w, name, rt_arena_strndup(w->arena, text, (size_t)len));
}

void ts_set_number(struct ts_writer *w, const char *name, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    ts_set(w, name, rt_arena_strndup(w->arena, digits + at, sizeof digits - at));
}

static struct rt_str value_of(const struct ts_writer *w, const char *name, size_t len)
{
    for (size_t i = 0; i < w->n_variables; i++)
        if (w->variables[i].name_len == len && memcmp(w->variables[i].name, name, len) == 0)
            return w->variables[i].value;
    rt_panic("no variable $%.*s", (int)len, name);
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Appends the line at `at` with its variables replaced; returns where the next one starts. */
static const char *fill_line(struct ts_writer *w, const char *at)
{
    for (;;) {
        size_t plain = strcspn(at, "$\n");
        rt_buf_append(w->out, at, plain);
        at += plain;
        if (*at != '$')
            return *at == '\n' ? at + 1 : at;
        if (at[1] == '$') {
            rt_buf_byte(w->out, '$');
            at += 2;
            continue;
        }
        bool braced = at[1] == '{';
        const char *name = at + 1 + braced;
        size_t len = 0;
        while (is_name(name[len]))
            len++;
        rt_buf_str(w->out, value_of(w, name, len));
        at = name + len + braced;
    }
}

char *ts_fill(struct ts_writer *w, const char *template)
{
    struct rt_buf *out = w->out;
    struct rt_buf text = {0};
    w->out = &text;
    fill_line(w, template);
    w->out = out;
    char *filled = rt_arena_strndup(w->arena, text.data ? (const char *)text.data : "", text.len);
    rt_buf_done(&text);
    return filled;
}

/* ----------------------------------------------------------------- wrapping */

/* How far `text` reaches on a screen. */
static size_t width(const char *text, size_t len)
{
    return rt_utf8_count(rt_str_n(text, len));
}

enum { NESTING_MAX = 32 };

/* The brackets that are open at some place of a line. */
struct nesting {
    size_t column[NESTING_MAX]; /* behind each open bracket; [0] is not used */
    size_t depth;
    size_t operands; /* where the operands of || and && start */
};

/* The last blank of `line` at which it can be broken and still fits, or 0. `nesting` is that at
 * the start of the line, and then that at the break. */
static size_t find_break(const char *line, size_t len, size_t columns, struct nesting *nesting)
{
    struct nesting now = *nesting;
    size_t best = 0;
    bool quoted = false;
    for (size_t i = 0; i < len && i <= columns; i++) {
        char c = line[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
            continue;
        }
        quoted = c == '"';
        if ((c == '(' || c == '{' || c == '[') && now.depth + 1 < NESTING_MAX)
            now.column[++now.depth] = now.operands = i + 1;
        else if ((c == ')' || c == '}' || c == ']') && now.depth > 0)
            now.depth--;
        else if (c == '=' && now.depth == 0)
            now.operands = i + 2;
        if (c != ' ' || i < 2)
            continue;
        const char *before = line + i - 2;
        bool list = before[1] == ',' && now.depth > 0;
        if (list || memcmp(before, "||", 2) == 0 || memcmp(before, "&&", 2) == 0) {
            best = i;
            *nesting = now;
            if (list)
                nesting->operands = now.column[now.depth];
        }
    }
    return best;
}

static void put_spaces(struct ts_writer *w, size_t count)
{
    memset(rt_buf_extend(w->out, count), ' ', count);
}

/* Where to split the string literal that a line is too long for: behind its last blank that fits.
 * 0 when there is none; else `ret_column` is that of its opening quote. */
static size_t find_split(const char *line, size_t len, size_t columns, size_t *ret_column)
{
    size_t best = 0;
    bool quoted = false;
    for (size_t i = 0; i < len && i + 1 < columns; i++) {
        if (quoted && line[i] == '\\')
            i++;
        else if (line[i] == '"' && !(quoted = !quoted))
            best = 0;
        else if (line[i] == '"')
            *ret_column = i;
        else if (quoted && line[i] == ' ')
            best = i + 1;
    }
    return best;
}

/* Breaks the last line of the output, which starts at `start` and has no line break yet. */
static void wrap_line(struct ts_writer *w, size_t start, size_t columns)
{
    struct nesting nesting = {0};
    for (;;) {
        const char *line = (const char *)w->out->data + start;
        size_t len = w->out->len - start;
        if (width(line, len) <= columns)
            return;
        size_t at = find_break(line, len, columns, &nesting);
        size_t column = nesting.operands;
        size_t split = at == 0 ? find_split(line, len, columns, &column) : 0;
        if (at == 0 && split == 0)
            return;
        size_t from = split ? split : at + 1; /* the blank at a break goes away */
        struct rt_str rest =
            rt_str_n(rt_arena_strndup(w->arena, line + from, len - from), len - from);
        w->out->len = start + (split ? split : at);
        rt_buf_puts(w->out, split ? "\"\n" : "\n");
        start = w->out->len;
        put_spaces(w, column);
        rt_buf_puts(w->out, split ? "\"" : "");
        rt_buf_str(w->out, rest);
    }
}

static void end_line(struct ts_writer *w, size_t start)
{
    if (w->out->len - start > TS_WRITER_COLUMNS)
        wrap_line(w, start, TS_WRITER_COLUMNS);
    rt_buf_byte(w->out, '\n');
}

void ts_put(struct ts_writer *w, const char *template)
{
    do {
        size_t start = w->out->len;
        template = fill_line(w, template);
        end_line(w, start);
    } while (*template != '\0');
}

static size_t n_lines(const struct rt_buf *buf, size_t from)
{
    size_t count = 0;
    for (size_t i = from; i < buf->len; i++)
        count += buf->data[i] == '\n';
    return count;
}

/* Puts the assignment with its value at once, or on the next line. Returns its lines. */
static size_t put_assignment(struct ts_writer *w, const char *head, const char *value,
                             const char *tail, bool below)
{
    size_t start = w->out->len;
    size_t line = start;
    fill_line(w, head);
    rt_buf_puts(w->out, below ? " =\n" : " = ");
    if (below) {
        line = w->out->len;
        put_spaces(w, strspn(head, " ") + 4);
    }
    fill_line(w, value);
    fill_line(w, tail);
    end_line(w, line);
    return n_lines(w->out, start);
}

void ts_assign(struct ts_writer *w, const char *head, const char *value, const char *tail)
{
    size_t start = w->out->len;
    size_t behind = put_assignment(w, head, value, tail, false);
    if (behind == 1)
        return;
    w->out->len = start;
    size_t below = put_assignment(w, head, value, tail, true);
    if (below <= behind)
        return;
    w->out->len = start;
    put_assignment(w, head, value, tail, false);
}

bool ts_remark(struct ts_writer *w, const char *text)
{
    struct rt_buf *out = w->out;
    size_t start = out->len - 1;
    while (start > 0 && out->data[start - 1] != '\n')
        start--;
    if (out->len - 1 - start + strlen(" /*  */") + strlen(text) > TS_WRITER_COLUMNS)
        return false;
    out->len--;
    rt_buf_printf(out, " /* %s */\n", text);
    return true;
}

/* Lines of a macro leave room for " \\" at their end. */
enum { MACRO_COLUMNS = TS_WRITER_COLUMNS - 2 };

void ts_define(struct ts_writer *w, const char *name, const char *body)
{
    size_t start = w->out->len;
    rt_buf_puts(w->out, "#define ");
    fill_line(w, name);
    size_t named = w->out->len - start;
    rt_buf_byte(w->out, ' ');
    fill_line(w, body);
    if (w->out->len - start <= MACRO_COLUMNS) {
        rt_buf_byte(w->out, '\n');
        return;
    }
    w->out->len = start + named;
    struct rt_buf lines = {0};
    struct rt_buf *out = w->out;
    w->out = &lines;
    put_spaces(w, 4);
    fill_line(w, body);
    wrap_line(w, 0, MACRO_COLUMNS);
    rt_buf_byte(&lines, '\n');
    w->out = out;
    for (size_t at = 0, column = named; at < lines.len;) {
        put_spaces(w, column <= MACRO_COLUMNS ? MACRO_COLUMNS + 1 - column : 1);
        rt_buf_puts(w->out, "\\\n");
        column =
            (size_t)((const uint8_t *)memchr(lines.data + at, '\n', lines.len - at) - lines.data) -
            at;
        rt_buf_append(w->out, lines.data + at, column);
        at += column + 1;
    }
    rt_buf_byte(w->out, '\n');
    rt_buf_done(&lines);
}

/* ----------------------------------------------------------------- comments */

/* The bytes of a character that changes the direction of what is behind it, 0 for any other: shown
 * as it is, it makes text look like what it is not, and compilers warn of it. */
static size_t direction_mark(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    if (at[0] == 0xD8 && at[1] == 0x9C) /* U+061C */
        return 2;
    if (at[0] != 0xE2)
        return 0;
    bool mark = at[1] == 0x80 && (at[2] == 0x8E || at[2] == 0x8F ||  /* U+200E, U+200F */
                                  (at[2] >= 0xAA && at[2] <= 0xAE)); /* U+202A to U+202E */
    bool isolate = at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9;  /* U+2066 to U+2069 */
    return mark || isolate ? 3 : 0;
}

static unsigned code_point(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    return len == 2 ? (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu)
                    : (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
}

const char *ts_comment_safe(struct rt_arena *arena, const char *text)
{
    struct rt_buf out = {0};
    size_t changed = 0;
    for (const char *at = text; *at != '\0';) {
        size_t mark = direction_mark(at);
        if (mark > 0) {
            rt_buf_printf(&out, "<U+%04X>", code_point(at, mark));
            at += mark;
            changed++;
            continue;
        }
        bool splits =
            strncmp(at, "/*", 2) == 0 || strncmp(at, "*/", 2) == 0 || strncmp(at, "?\?/", 3) == 0;
        rt_buf_byte(&out, (uint8_t)*at++);
        if (splits)
            rt_buf_byte(&out, ' ');
        changed += splits;
    }
    if (changed > 0)
        text = rt_arena_strndup(arena, (const char *)out.data, out.len);
    rt_buf_done(&out);
    return text;
}

/* Bytes of `text` that fit into `columns`, ending before a blank where there is one. */
static size_t fitting(const char *text, size_t len, size_t columns)
{
    if (width(text, len) <= columns)
        return len;
    size_t best = 0;
    size_t i = 0;
    for (; i < len && width(text, i) <= columns; i++)
        if (text[i] == ' ')
            best = i;
    while (best == 0 && i < len && text[i] != ' ')
        i++;
    return best ? best : i;
}

void ts_comment(struct ts_writer *w, unsigned indent, const char *text)
{
    if (!text || *text == '\0')
        return;
    text = ts_comment_safe(w->arena, text);
    const char *lead = "/* ";
    while (*text != '\0') {
        size_t line = strcspn(text, "\n");
        bool last = text[line] == '\0';
        size_t room = TS_WRITER_COLUMNS - indent - 3 - (last ? 3 : 0);
        size_t len = fitting(text, line, room);
        put_spaces(w, indent);
        rt_buf_puts(w->out, len > 0 ? lead : " *");
        rt_buf_append(w->out, text, len);
        text += len;
        while (*text == ' ')
            text++;
        if (*text == '\n')
            text++;
        rt_buf_puts(w->out, *text == '\0' ? " */\n" : "\n");
        lead = " * ";
    }
}

/* -------------------------------------------------------- lists and members */

void ts_list(struct ts_writer *w, const char *head, const struct ts_item *items, size_t count)
{
    size_t start = w->out->len;
    fill_line(w, head);
    rt_buf_puts(w->out, " = {");
    size_t opened = w->out->len;
    for (size_t i = 0; i < count; i++) {
        rt_buf_puts(w->out, i > 0 ? ", " : "");
        rt_buf_puts(w->out, items[i].text);
    }
    rt_buf_puts(w->out, "};");
    if (w->out->len - start > TS_WRITER_COLUMNS) {
        w->out->len = opened;
        rt_buf_byte(w->out, '\n');
        struct ts_item *rows = RT_ARENA_ARRAY(w->arena, count, struct ts_item);
        for (size_t i = 0; i < count; i++) {
            rows[i].text = rt_arena_printf(w->arena, "%s,", items[i].text);
            rows[i].comment = count > 3 ? items[i].comment : NULL;
        }
        ts_members(w, rows, count);
        rt_buf_puts(w->out, "};");
    }
    rt_buf_byte(w->out, '\n');
}

enum { MEMBER_INDENT = 4 };

/* True when the comment fits behind its member. */
static bool fits_behind(const struct ts_item *member)
{
    if (!member->comment || strchr(member->comment, '\n'))
        return false;
    return MEMBER_INDENT + strlen(member->text) + strlen(" /*  */") +
               width(member->comment, strlen(member->comment)) <=
           TS_WRITER_COLUMNS;
}

/* The members from `from` on whose comments share a column, which is left in `ret_column`;
 * returns the first one beyond them. The rule is clang-format's. */
static size_t aligned_until(const struct ts_item *members, size_t from, size_t count,
                            size_t *ret_column)
{
    size_t column = 0;
    size_t column_max = TS_WRITER_COLUMNS;
    size_t i = from;
    for (; i < count && fits_behind(&members[i]); i++) {
        size_t min = MEMBER_INDENT + strlen(members[i].text) + 1;
        size_t comment = strlen("/*  */") + width(members[i].comment, strlen(members[i].comment));
        size_t max = TS_WRITER_COLUMNS - comment;
        if (min > column_max || max < column)
            break;
        column = min > column ? min : column;
        column_max = max < column_max ? max : column_max;
    }
    *ret_column = column;
    return i;
}

void ts_members(struct ts_writer *w, const struct ts_item *unsafe, size_t count)
{
    struct ts_item *members = RT_ARENA_ARRAY(w->arena, count + 1, struct ts_item);
    for (size_t i = 0; i < count; i++) {
        members[i] = unsafe[i];
        if (members[i].comment)
            members[i].comment = ts_comment_safe(w->arena, members[i].comment);
    }
    for (size_t i = 0; i < count;) {
        size_t column;
        size_t end = aligned_until(members, i, count, &column);
        if (end == i) {
            ts_comment(w, MEMBER_INDENT, members[i].comment);
            put_spaces(w, MEMBER_INDENT);
            rt_buf_puts(w->out, members[i++].text);
            rt_buf_byte(w->out, '\n');
        }
        for (; i < end; i++) {
            put_spaces(w, MEMBER_INDENT);
            rt_buf_puts(w->out, members[i].text);
            put_spaces(w, column - MEMBER_INDENT - strlen(members[i].text));
            rt_buf_puts(w->out, "/* ");
            rt_buf_puts(w->out, members[i].comment);
            rt_buf_puts(w->out, " */\n");
        }
    }
}

char *ts_quoted(struct rt_arena *arena, const char *text)
{
    char *out = rt_arena_alloc(arena, 4 * strlen(text) + 3);
    size_t at = 0;
    out[at++] = '"';
    for (const char *from = text; *from != '\0'; from++) {
        unsigned char c = (unsigned char)*from;
        size_t mark = direction_mark(from);
        bool trigraph = c == '?' && from > text && from[-1] == '?';
        if (c == '"' || c == '\\' || trigraph) {
            out[at++] = '\\';
            out[at++] = (char)c;
        } else if (c < ' ' || c == 0x7f) {
            at += (size_t)snprintf(out + at, 5, "\\%03o", (unsigned)c);
        } else if (mark > 0) {
            for (size_t i = 0; i < mark; i++)
                at += (size_t)snprintf(out + at, 5, "\\%03o", (unsigned)(uint8_t)from[i]);
            from += mark - 1;
        } else {
            out[at++] = (char)c;
        }
    }
    out[at++] = '"';
    out[at] = '\0';
    return out;
}
