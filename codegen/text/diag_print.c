/* Diagnostics as text: sorted, each once, in one of three formats. */
#include <stdlib.h>

#include "codegen/text/diag.h"
#include "codegen/text/limits.h"

enum { TAB_WIDTH = 4, LINE_SHOWN_MAX = 200 /* columns of a source line */ };

static int compare(const void *a, const void *b)
{
    const struct ts_diag *x = *(struct ts_diag *const *)a, *y = *(struct ts_diag *const *)b;
    uint32_t x_file = x->span.source ? x->span.source->index : 0;
    uint32_t y_file = y->span.source ? y->span.source->index : 0;
    if (x_file != y_file)
        return x_file < y_file ? -1 : 1;
    if (x->span.offset != y->span.offset)
        return x->span.offset < y->span.offset ? -1 : 1;
    return (x->serial > y->serial) - (x->serial < y->serial);
}

static bool same(const struct ts_diag *a, const struct ts_diag *b)
{
    return a->code == b->code && a->span.source == b->span.source &&
           a->span.offset == b->span.offset && strcmp(a->message, b->message) == 0;
}

/* ------------------------------------------------------------------- pretty */

struct palette {
    const char *error, *warning, *place, *help, *strong, *off;
};

static const struct palette plain = {"", "", "", "", "", ""};
static const struct palette coloured = {"\033[1;31m", "\033[1;33m", "\033[1;34m",
                                        "\033[1;32m", "\033[1m",    "\033[0m"};

/* Columns on a terminal of one code point: none for combining marks, two for wide scripts. */
static unsigned point_width(uint32_t point)
{
    if ((point >= 0x300 && point <= 0x36F) || point == 0x200B || point == 0x200D ||
        (point >= 0xFE00 && point <= 0xFE0F))
        return 0;
    bool wide = (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
                (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
                (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
                (point >= 0x1F300 && point <= 0x1FAFF) || (point >= 0x20000 && point <= 0x3FFFD);
    return wide ? 2 : 1;
}

enum { REPLACEMENT = 0xFFFD };

/* Reads one code point and returns its length in bytes; of what is not UTF-8, one byte as the
 * replacement character. */
static size_t read_point(const char *at, const char *end, uint32_t *ret)
{
    uint8_t first = (uint8_t)*at;
    size_t len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (len > (size_t)(end - at) || !rt_utf8_valid(rt_str_n(at, len))) {
        *ret = REPLACEMENT;
        return 1;
    }
    uint32_t point = len == 1 ? first : first & (0x7Fu >> len);
    for (size_t i = 1; i < len; i++)
        point = point << 6 | ((uint8_t)at[i] & 0x3F);
    *ret = point;
    return len;
}

/* Appends a line with tabs widened and what cannot be shown replaced; `out` may be NULL to
 * measure only. Returns its width in columns. */
static unsigned put_line(struct rt_buf *out, struct rt_str line, unsigned column)
{
    const char *at = line.data, *end = line.data + line.len;
    while (at < end) {
        uint32_t point;
        size_t len = read_point(at, end, &point);
        if (point == '\t') {
            unsigned to = (column / TAB_WIDTH + 1) * TAB_WIDTH;
            for (; column < to; column++)
                if (out)
                    rt_buf_byte(out, ' ');
        } else if (point < 0x20 || point == 0x7F) {
            column++;
            if (out)
                rt_buf_byte(out, '?');
        } else {
            column += point_width(point);
            if (out && point == REPLACEMENT)
                rt_buf_puts(out, "\xEF\xBF\xBD");
            else if (out)
                rt_buf_append(out, at, len);
        }
        at += len;
    }
    return column;
}

static unsigned digits(uint32_t number)
{
    unsigned count = 1;
    while (number >= 10) {
        number /= 10;
        count++;
    }
    return count;
}

/* The part of a long line around a span: byte offsets within the line. */
static struct rt_str shown_part(struct rt_str line, uint32_t *offset, uint32_t *len)
{
    if (line.len <= LINE_SHOWN_MAX)
        return line;
    size_t start = *offset > LINE_SHOWN_MAX / 2 ? *offset - LINE_SHOWN_MAX / 2 : 0;
    while (start > 0 && ((uint8_t)line.data[start] & 0xC0) == 0x80)
        start--;
    size_t stop = start + LINE_SHOWN_MAX < line.len ? start + LINE_SHOWN_MAX : line.len;
    while (stop < line.len && ((uint8_t)line.data[stop] & 0xC0) == 0x80)
        stop++;
    *offset -= (uint32_t)start;
    if (*offset + *len > stop - start)
        *len = (uint32_t)(stop - start) - *offset;
    return rt_str_n(line.data + start, stop - start);
}

/* The source line and the carets below it. */
static void put_excerpt(struct rt_buf *out, struct ts_span span, unsigned margin, char mark,
                        const char *colour, const char *label, const struct palette *palette)
{
    uint32_t number = ts_span_line(span);
    struct rt_str line = ts_source_line(span.source, number);
    uint32_t offset = span.offset - span.source->lines[number - 1];
    uint32_t len = span.len;
    if (offset > line.len)
        offset = (uint32_t)line.len;
    if (offset + len > line.len)
        len = (uint32_t)line.len - offset;
    line = shown_part(line, &offset, &len);
    rt_buf_printf(out, "%s %*u |%s ", palette->place, (int)margin, number, palette->off);
    put_line(out, line, 0);
    unsigned start = put_line(NULL, rt_str_n(line.data, offset), 0);
    unsigned stop = put_line(NULL, rt_str_n(line.data + offset, len), start);
    rt_buf_printf(out, "\n%s %*s |%s %*s%s", palette->place, (int)margin, "", palette->off,
                  (int)start, "", colour);
    for (unsigned column = start; column < stop || column == start; column++)
        rt_buf_byte(out, (uint8_t)mark);
    rt_buf_printf(out, "%s%s%s\n", label ? " " : "", label ? label : "", palette->off);
}

static unsigned margin_of(const struct ts_diag *diag)
{
    unsigned margin = digits(ts_span_line(diag->span));
    for (const struct ts_remark *remark = diag->remarks; remark; remark = remark->next) {
        unsigned width = digits(ts_span_line(remark->span));
        margin = width > margin ? width : margin;
    }
    return margin;
}

static void put_place(struct rt_buf *out, struct ts_span span)
{
    if (!span.source)
        return;
    struct ts_line_column at = ts_source_locate(span.source, span.offset);
    rt_buf_printf(out, "%s:%u:%u", span.source->path, at.line, at.column);
}

static const char *severity_text(const struct ts_diag *diag)
{
    return diag->severity == TS_ERROR ? "error" : "warning";
}

static void put_headline(struct rt_buf *out, const struct ts_diag *diag,
                         const struct palette *palette)
{
    const char *colour = diag->severity == TS_ERROR ? palette->error : palette->warning;
    rt_buf_puts(out, palette->strong);
    put_place(out, diag->span);
    rt_buf_printf(out, "%s: %s%s[T%04d]%s: %s%s%s\n", palette->off, colour, severity_text(diag),
                  (int)diag->code, palette->off, palette->strong, diag->message, palette->off);
}

static void put_pretty(struct rt_buf *out, const struct ts_diag *diag,
                       const struct palette *palette)
{
    const char *colour = diag->severity == TS_ERROR ? palette->error : palette->warning;
    unsigned margin = margin_of(diag);
    put_headline(out, diag, palette);
    if (diag->span.source)
        put_excerpt(out, diag->span, margin, '^', colour, NULL, palette);
    for (const struct ts_remark *remark = diag->remarks; remark; remark = remark->next) {
        if (remark->kind != TS_LABEL || !remark->span.source)
            continue;
        rt_buf_printf(out, "%s %*s ->%s ", palette->place, (int)margin, "", palette->off);
        put_place(out, remark->span);
        rt_buf_byte(out, '\n');
        put_excerpt(out, remark->span, margin, '-', palette->place, remark->text, palette);
    }
    for (const struct ts_remark *remark = diag->remarks; remark; remark = remark->next)
        if (remark->kind != TS_LABEL)
            rt_buf_printf(out, "%s %*s = %s%s: %s\n", palette->place, (int)margin, "", palette->off,
                          remark->kind == TS_NOTE ? "note" : "help", remark->text);
    rt_buf_byte(out, '\n');
}

/* --------------------------------------------------------------------- json */

static void put_json_text(struct rt_buf *out, const char *text)
{
    rt_buf_byte(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            rt_buf_printf(out, "\\%c", *text);
        else if ((uint8_t)*text < 0x20)
            rt_buf_printf(out, "\\u%04x", (unsigned)(uint8_t)*text);
        else
            rt_buf_byte(out, (uint8_t)*text);
    }
    rt_buf_byte(out, '"');
}

static void put_json_span(struct rt_buf *out, struct ts_span span)
{
    if (!span.source) {
        rt_buf_puts(out, "null");
        return;
    }
    struct ts_line_column from = ts_source_locate(span.source, span.offset);
    struct ts_line_column to = ts_source_locate(span.source, span.offset + span.len);
    rt_buf_puts(out, "{\"file\":");
    put_json_text(out, span.source->path);
    rt_buf_printf(out,
                  ",\"line\":%u,\"column\":%u,\"endLine\":%u,\"endColumn\":%u,\"offset\":%u,"
                  "\"length\":%u}",
                  from.line, from.column, to.line, to.column, span.offset, span.len);
}

static void put_json(struct rt_buf *out, const struct ts_diag *diag)
{
    static const char *const kinds[] = {"label", "note", "help"};
    rt_buf_printf(out, "{\"severity\":\"%s\",\"code\":\"T%04d\",\"message\":", severity_text(diag),
                  (int)diag->code);
    put_json_text(out, diag->message);
    rt_buf_puts(out, ",\"span\":");
    put_json_span(out, diag->span);
    rt_buf_puts(out, ",\"remarks\":[");
    for (const struct ts_remark *remark = diag->remarks; remark; remark = remark->next) {
        rt_buf_printf(out, "%s{\"kind\":\"%s\",\"message\":", remark == diag->remarks ? "" : ",",
                      kinds[remark->kind]);
        put_json_text(out, remark->text);
        if (remark->kind == TS_LABEL) {
            rt_buf_puts(out, ",\"span\":");
            put_json_span(out, remark->span);
        }
        rt_buf_byte(out, '}');
    }
    rt_buf_puts(out, "]}\n");
}

/* ---------------------------------------------------------------------- all */

static void put_short(struct rt_buf *out, const struct ts_diag *diag)
{
    put_headline(out, diag, &plain);
}

void ts_diags_print(struct ts_diags *diags, enum ts_diag_format format, bool colour,
                    struct rt_buf *out)
{
    if (diags->count == 0)
        return;
    qsort(diags->list, diags->count, sizeof(struct ts_diag *), compare);
    size_t kept = 0;
    for (size_t i = 0; i < diags->count; i++) {
        struct ts_diag *diag = diags->list[i];
        if (kept > 0 && same(diags->list[kept - 1], diag)) {
            *(diag->severity == TS_ERROR ? &diags->n_errors : &diags->n_warnings) -= 1;
            continue;
        }
        diags->list[kept++] = diag;
    }
    diags->count = kept;
    for (size_t i = 0; i < kept && i < TS_LIMIT_DIAGNOSTICS; i++) {
        if (format == TS_FORMAT_JSON)
            put_json(out, diags->list[i]);
        else if (format == TS_FORMAT_SHORT)
            put_short(out, diags->list[i]);
        else
            put_pretty(out, diags->list[i], colour ? &coloured : &plain);
    }
}
