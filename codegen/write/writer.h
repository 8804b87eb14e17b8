/*
 * The text under an emitter: templates that look like what they produce. A template is any
 * number of lines; `$name` is a variable set before, `${name}` where a letter follows, `$$`
 * for a $. Every line ends with a line break, given or not.
 *
 * What comes out is already in the house's format. A line over TS_WRITER_COLUMNS is broken after
 * the last comma (or || or &&) that fits, and goes on below the bracket it is inside of, as
 * clang-format would do it. Lists, members with comments, and comments have functions of their
 * own, since their layout depends on all of their items.
 *
 * Ownership: values are borrowed until replaced. Threads: one at a time. Errors: none; a variable
 * that was never set is a broken invariant.
 */
#ifndef TS_WRITER_H
#define TS_WRITER_H

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"

enum { TS_WRITER_COLUMNS = 100, TS_WRITER_VARIABLES = 48 };

struct ts_writer {
    struct rt_buf *out;
    struct rt_arena *arena; /* for values formatted here */
    struct {
        const char *name;
        size_t name_len;
        struct rt_str value;
    } variables[TS_WRITER_VARIABLES];
    size_t n_variables;
    size_t lines; /* line breaks in the first `counted` bytes of `out` */
    size_t counted;
};

void ts_writer_init(struct ts_writer *w, struct rt_buf *out, struct rt_arena *arena);

/* Sets a variable; `name` is a literal, `value` is borrowed. */
void ts_set(struct ts_writer *w, const char *name, const char *value);
void ts_setf(struct ts_writer *w, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void ts_set_number(struct ts_writer *w, const char *name, uint64_t number);

/* Appends the lines of a template. */
void ts_put(struct ts_writer *w, const char *template);
/* The number, from 1, of the line that comes next. */
size_t ts_writer_line(struct ts_writer *w);
/* The template with its variables replaced, as text in the arena. */
char *ts_fill(struct ts_writer *w, const char *template);

/* `head = value` and `tail`, all templates; a value that is too long may go below the head. */
void ts_assign(struct ts_writer *w, const char *head, const char *value, const char *tail);

/* Puts a comment behind the last line when there is room, and says so. A table of five rows or
 * more needs one somewhere: without any, clang-format may set the rows in columns. */
bool ts_remark(struct ts_writer *w, const char *text);
enum { TS_ROWS_WITHOUT_REMARK = 4 };

/* `#define name body`, both of them templates; long ones go on below, after a backslash. */
void ts_define(struct ts_writer *w, const char *name, const char *body);

/* A comment of its own above something. Breaks in `text` are kept, long lines are broken;
 * NULL or "" writes nothing. */
void ts_comment(struct ts_writer *w, unsigned indent, const char *text);

/* `head = {a, b};` on one line if it fits, else an item a line; more than three items have their
 * comments then, without which clang-format would set them in columns. */
struct ts_item {
    const char *text;
    const char *comment; /* never NULL when there may be more than fits on a line */
};
void ts_list(struct ts_writer *w, const char *head, const struct ts_item *items, size_t count);

/* Members of a struct or enum, one a line, with aligned comments behind them; a comment with
 * line breaks, or too long, is above its member. `comment` may be NULL. */
void ts_members(struct ts_writer *w, const struct ts_item *members, size_t count);

/* The text as it may stand in a comment of C or proto: what would end the comment, continue its
 * line or turn the direction of what follows is written in another way. The text itself, or in the
 * arena. */
const char *ts_comment_safe(struct rt_arena *arena, const char *text);

/* `text` between quotes with escapes, as C reads it, trigraphs or not; in the arena. */
char *ts_quoted(struct rt_arena *arena, const char *text);

#endif
