/*
 * Expressions of a schema: the rules of a message and the conditions behind `while`, as the
 * compiler emits them.
 *
 * An expression is a list of steps for a machine with a stack, operands before their operator. The
 * compiler has typed it and bounded its length and its depth. It is total and pure: no step fails
 * or changes anything, and each takes the same time.
 *
 * A value that is absent stays absent in whatever is computed from it, and a condition on it is
 * neither true nor false (S. C. Kleene's strong logic, which is that of NULL in SQL): a `while`
 * holds when it is true, a rule is broken when it is false.
 *
 * Threads: all tables are constant. Ownership: static.
 */
#ifndef RT_WIRE_EXPR_H
#define RT_WIRE_EXPR_H

#include "runtime/wire/wire.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rt_model; /* runtime/store/model.h */

enum rt_step_op {
    RT_STEP_FIELD,   /* pushes `field` of the record; of an embedded record, its id */
    RT_STEP_MESSAGE, /* pushes the message in `field` of the record */
    RT_STEP_WITHIN,  /* pops a message, pushes `field` of it */
    RT_STEP_INTO,    /* pops a message, pushes the message in `field` of it */
    RT_STEP_LOAD,    /* pops an id, pushes that record of `model`, a message */
    RT_STEP_INT,     /* push a constant */
    RT_STEP_NATURAL,
    RT_STEP_REAL,
    RT_STEP_TEXT,
    RT_STEP_NOW,  /* pushes the time of the transaction */
    RT_STEP_USER, /* pushes the id of the signed-in user; absent when nobody is */
    RT_STEP_SLUG, /* pops a text, pushes at most n characters of a URL made of it; absent when
                     nothing is left */
    RT_STEP_EQ,   /* pop two values of a class, push whether they compare so */
    RT_STEP_NE,
    RT_STEP_LT,
    RT_STEP_LE,
    RT_STEP_GT,
    RT_STEP_GE,
    RT_STEP_IN,  /* pops n values and one below, pushes whether that is equal to one of them */
    RT_STEP_SET, /* pops a value or a message, pushes whether it is there */
    RT_STEP_AND,
    RT_STEP_OR,
    RT_STEP_NOT,
    RT_STEP_ADD, /* pop two numbers of a class, push a third one */
    RT_STEP_SUB,
    RT_STEP_MUL
};

/* How values are compared: signed integers of all kinds, times, enums and bools; u64; f64; text. */
enum rt_class { RT_CLASS_INT, RT_CLASS_NATURAL, RT_CLASS_REAL, RT_CLASS_TEXT };

struct rt_step {
    uint8_t op; /* enum rt_step_op */
    uint8_t of; /* enum rt_class, of comparisons and arithmetic */
    uint16_t n; /* RT_STEP_IN, RT_STEP_SLUG */
    union {
        const struct rt_field *field;
        const struct rt_model *model;
        int64_t integer;
        uint64_t natural;
        double real;
        const char *text;
    };
};

struct rt_expr {
    const struct rt_step *steps; /* NULL: no expression was written */
    size_t n_steps;
};

/* Values on the stack at most; the compiler refuses an expression that is deeper. */
enum { RT_EXPR_DEPTH_MAX = 256 };

/* A row of an emitted table: RT_EXPR(loan_overdue_while). */
#define RT_EXPR(steps)                                                                             \
    {                                                                                              \
        steps, sizeof(steps) / sizeof *(steps)                                                     \
    }

/* Whether the condition is true of a record. Without an expression it is. */
bool rt_expr_holds(const struct rt_expr *expr, const void *record);
/* Whether the condition is false of a record, or unknown because a number in it left its 64 bits.
 */
bool rt_expr_broken(const struct rt_expr *expr, const void *record);

/* What an expression is evaluated in. */
struct rt_expr_env {
    const void *record;
    int64_t now_ms;
    const char *user;       /* the id of the signed-in user, or NULL */
    struct rt_arena *arena; /* for texts that are made */
    /* For RT_STEP_LOAD: the record, or NULL. */
    const void *(*load)(void *arg, const struct rt_model *model, const char *id);
    void *arg;
};

/* The value; absent too when a number left its 64 bits. Text is borrowed from the record or in the
 * arena. */
struct rt_value rt_expr_value(const struct rt_expr *expr, const struct rt_expr_env *env);

/* A rule of a message: what is said, and about which member, when its condition is broken. */
struct rt_rule {
    const char *name;
    const char *pointer; /* a JSON pointer from the message, such as "/endsAt" */
    const char *text;
    struct rt_expr condition;
};

/* What decides the value, as text without blanks around it: equal texts mean equal expressions.
 * Fields go by their number, which is what a stored record knows them by. */
void rt_expr_define(const struct rt_expr *expr, struct rt_buf *out);

#ifdef __cplusplus
}
#endif

#endif
