#include "runtime/wire/expr.h"

#include "runtime/wire/wire.h"

struct operand {
    struct rt_value value;
    const void *message; /* of RT_STEP_MESSAGE and RT_STEP_INTO; NULL: absent */
};

struct machine {
    const struct rt_expr_env *env;
    bool overflow;
    size_t depth;
    struct operand stack[RT_EXPR_DEPTH_MAX];
};

static void push(struct machine *m, struct rt_value value)
{
    RT_ASSERT(m->depth < RT_EXPR_DEPTH_MAX);
    m->stack[m->depth++] = (struct operand){.value = value};
}

static void push_message(struct machine *m, const void *message)
{
    RT_ASSERT(m->depth < RT_EXPR_DEPTH_MAX);
    m->stack[m->depth++] = (struct operand){.message = message};
}

static struct operand *pop(struct machine *m)
{
    RT_ASSERT(m->depth > 0);
    return &m->stack[--m->depth];
}

static void push_bool(struct machine *m, bool known, bool value)
{
    push(m, (struct rt_value){.present = known, .i = known && value});
}

static const void *message_in(const struct rt_field *field, const void *message)
{
    return *(const void *const *)(const void *)((const char *)message + field->offset);
}

/* a < b: negative, a == b: 0, a > b: positive. */
static int compare(enum rt_class class, struct rt_value a, struct rt_value b)
{
    switch (class) {
    case RT_CLASS_INT:
        return (a.i > b.i) - (a.i < b.i);
    case RT_CLASS_NATURAL:
        return (a.u > b.u) - (a.u < b.u);
    case RT_CLASS_REAL:
        return (a.f > b.f) - (a.f < b.f);
    case RT_CLASS_TEXT:
        break;
    }
    size_t n = a.s.len < b.s.len ? a.s.len : b.s.len;
    int order = n > 0 ? memcmp(a.s.data, b.s.data, n) : 0;
    return order != 0 ? order : (a.s.len > b.s.len) - (a.s.len < b.s.len);
}

static bool compares_so(enum rt_step_op op, int order)
{
    switch (op) {
    case RT_STEP_EQ:
        return order == 0;
    case RT_STEP_NE:
        return order != 0;
    case RT_STEP_LT:
        return order < 0;
    case RT_STEP_LE:
        return order <= 0;
    case RT_STEP_GT:
        return order > 0;
    default:
        return order >= 0;
    }
}

static void run_comparison(struct machine *m, const struct rt_step *step)
{
    struct rt_value b = pop(m)->value, a = pop(m)->value;
    bool known = a.present && b.present;
    push_bool(m, known,
              known &&
                  compares_so((enum rt_step_op)step->op, compare((enum rt_class)step->of, a, b)));
}

static void run_in(struct machine *m, const struct rt_step *step)
{
    RT_ASSERT(m->depth > step->n);
    m->depth -= step->n;
    const struct operand *values = &m->stack[m->depth];
    struct rt_value value = pop(m)->value;
    bool found = false, all_known = true;
    for (size_t i = 0; i < step->n; i++) {
        all_known = all_known && values[i].value.present;
        found = found || (values[i].value.present &&
                          compare((enum rt_class)step->of, value, values[i].value) == 0);
    }
    push_bool(m, value.present && (found || all_known), found);
}

/* `dominant` decides alone: false of and, true of or. */
static void run_logic(struct machine *m, bool dominant)
{
    struct rt_value b = pop(m)->value, a = pop(m)->value;
    bool decided = (a.present && (a.i != 0) == dominant) || (b.present && (b.i != 0) == dominant);
    push_bool(m, decided || (a.present && b.present), decided ? dominant : !dominant);
}

static bool integers(enum rt_step_op op, int64_t a, int64_t b, int64_t *ret)
{
    return op == RT_STEP_ADD   ? !__builtin_add_overflow(a, b, ret)
           : op == RT_STEP_SUB ? !__builtin_sub_overflow(a, b, ret)
                               : !__builtin_mul_overflow(a, b, ret);
}

static bool naturals(enum rt_step_op op, uint64_t a, uint64_t b, uint64_t *ret)
{
    return op == RT_STEP_ADD   ? !__builtin_add_overflow(a, b, ret)
           : op == RT_STEP_SUB ? !__builtin_sub_overflow(a, b, ret)
                               : !__builtin_mul_overflow(a, b, ret);
}

static double reals(enum rt_step_op op, double a, double b)
{
    return op == RT_STEP_ADD ? a + b : op == RT_STEP_SUB ? a - b : a * b;
}

static void run_arithmetic(struct machine *m, const struct rt_step *step)
{
    struct rt_value b = pop(m)->value, a = pop(m)->value;
    struct rt_value result = {.present = a.present && b.present};
    enum rt_step_op op = (enum rt_step_op)step->op;
    bool fits = true;
    if (!result.present)
        result.i = 0;
    else if (step->of == RT_CLASS_NATURAL)
        fits = naturals(op, a.u, b.u, &result.u);
    else if (step->of == RT_CLASS_REAL)
        result.f = reals(op, a.f, b.f);
    else
        fits = integers(op, a.i, b.i, &result.i);
    m->overflow = m->overflow || !fits;
    result.present = result.present && fits;
    push(m, result);
}

/* Small letters and digits of ASCII stay; what is between them becomes one hyphen. */
static void run_slug(struct machine *m, const struct rt_step *step)
{
    struct rt_value text = pop(m)->value;
    size_t max = text.present && text.s.len < step->n ? text.s.len : step->n;
    char *slug = rt_arena_alloc(m->env->arena, max + 1);
    size_t len = 0;
    bool gap = false;
    for (size_t i = 0; text.present && i < text.s.len && len < max; i++) {
        char c = text.s.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool stays = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (stays && gap && len > 0)
            slug[len++] = '-';
        if (stays && len < max)
            slug[len++] = c;
        gap = !stays;
    }
    while (len > 0 && slug[len - 1] == '-')
        len--;
    push(m, (struct rt_value){.present = len > 0, .s = rt_str_n(slug, len)});
}

static void run_load(struct machine *m, const struct rt_step *step)
{
    struct rt_value id = pop(m)->value;
    const struct rt_expr_env *env = m->env;
    bool known = id.present && id.s.len > 0;
    push_message(m, known ? env->load(env->arg, step->model,
                                      rt_arena_strndup(env->arena, id.s.data, id.s.len))
                          : NULL);
}

static void run_operand(struct machine *m, const struct rt_step *step)
{
    const void *message;
    switch ((enum rt_step_op)step->op) {
    case RT_STEP_FIELD:
        push(m, rt_field_get(step->field, m->env->record));
        break;
    case RT_STEP_MESSAGE:
        push_message(m, message_in(step->field, m->env->record));
        break;
    case RT_STEP_WITHIN:
        message = pop(m)->message;
        push(m, message ? rt_field_get(step->field, message) : (struct rt_value){0});
        break;
    case RT_STEP_INTO:
        message = pop(m)->message;
        push_message(m, message ? message_in(step->field, message) : NULL);
        break;
    case RT_STEP_LOAD:
        run_load(m, step);
        break;
    case RT_STEP_NOW:
        push(m, (struct rt_value){.present = true, .i = m->env->now_ms});
        break;
    case RT_STEP_USER:
        push(m, (struct rt_value){.present = m->env->user != NULL,
                                  .s = rt_str(m->env->user ? m->env->user : "")});
        break;
    case RT_STEP_INT:
        push(m, (struct rt_value){.present = true, .i = step->integer});
        break;
    case RT_STEP_NATURAL:
        push(m, (struct rt_value){.present = true, .u = step->natural});
        break;
    case RT_STEP_REAL:
        push(m, (struct rt_value){.present = true, .f = step->real});
        break;
    default:
        push(m, (struct rt_value){.present = true, .s = rt_str(step->text)});
    }
}

static void run_step(struct machine *m, const struct rt_step *step)
{
    const struct operand *top;
    struct rt_value a;
    switch ((enum rt_step_op)step->op) {
    case RT_STEP_EQ:
    case RT_STEP_NE:
    case RT_STEP_LT:
    case RT_STEP_LE:
    case RT_STEP_GT:
    case RT_STEP_GE:
        run_comparison(m, step);
        break;
    case RT_STEP_IN:
        run_in(m, step);
        break;
    case RT_STEP_SET:
        top = pop(m);
        push_bool(m, true, top->value.present || top->message);
        break;
    case RT_STEP_AND:
        run_logic(m, false);
        break;
    case RT_STEP_OR:
        run_logic(m, true);
        break;
    case RT_STEP_NOT:
        a = pop(m)->value;
        push_bool(m, a.present, a.i == 0);
        break;
    case RT_STEP_SLUG:
        run_slug(m, step);
        break;
    case RT_STEP_ADD:
    case RT_STEP_SUB:
    case RT_STEP_MUL:
        run_arithmetic(m, step);
        break;
    default:
        run_operand(m, step);
    }
}

static struct rt_value run(struct machine *m, const struct rt_expr *expr)
{
    m->overflow = false;
    m->depth = 0;
    for (size_t i = 0; i < expr->n_steps; i++)
        run_step(m, &expr->steps[i]);
    RT_ASSERT(m->depth == 1);
    return m->stack[0].value;
}

bool rt_expr_holds(const struct rt_expr *expr, const void *record)
{
    const struct rt_expr_env env = {.record = record};
    struct machine m;
    if (!expr->steps)
        return true;
    m.env = &env;
    struct rt_value value = run(&m, expr);
    return value.present && value.i != 0;
}

bool rt_expr_broken(const struct rt_expr *expr, const void *record)
{
    const struct rt_expr_env env = {.record = record};
    struct machine m;
    m.env = &env;
    struct rt_value value = run(&m, expr);
    return m.overflow || (value.present && value.i == 0);
}

struct rt_value rt_expr_value(const struct rt_expr *expr, const struct rt_expr_env *env)
{
    struct machine m;
    m.env = env;
    return run(&m, expr);
}

/* --------------------------------------------------------------- definition */

void rt_expr_define(const struct rt_expr *expr, struct rt_buf *out)
{
    static const char *const words[] = {
        [RT_STEP_NOW] = "now", [RT_STEP_USER] = "user", [RT_STEP_SLUG] = "slug",
        [RT_STEP_EQ] = "==",   [RT_STEP_NE] = "!=",     [RT_STEP_LT] = "<",
        [RT_STEP_LE] = "<=",   [RT_STEP_GT] = ">",      [RT_STEP_GE] = ">=",
        [RT_STEP_IN] = "in",   [RT_STEP_SET] = "set",   [RT_STEP_AND] = "and",
        [RT_STEP_OR] = "or",   [RT_STEP_NOT] = "not",   [RT_STEP_ADD] = "+",
        [RT_STEP_SUB] = "-",   [RT_STEP_MUL] = "*",
    };
    for (size_t i = 0; i < expr->n_steps; i++) {
        const struct rt_step *step = &expr->steps[i];
        rt_buf_puts(out, i > 0 ? " " : "");
        switch ((enum rt_step_op)step->op) {
        case RT_STEP_FIELD:
        case RT_STEP_MESSAGE:
            rt_buf_printf(out, "@%u", step->field->number);
            break;
        case RT_STEP_WITHIN:
        case RT_STEP_INTO:
            rt_buf_printf(out, ".%u", step->field->number);
            break;
        case RT_STEP_INT:
            rt_buf_printf(out, "%lld", (long long)step->integer);
            break;
        case RT_STEP_NATURAL:
            rt_buf_printf(out, "%llu", (unsigned long long)step->natural);
            break;
        case RT_STEP_REAL:
            rt_buf_printf(out, "%.17g", step->real);
            break;
        case RT_STEP_TEXT:
            rt_buf_printf(out, "%zu:%s", strlen(step->text), step->text);
            break;
        case RT_STEP_IN:
            rt_buf_printf(out, "in%u", (unsigned)step->n);
            break;
        default:
            rt_buf_puts(out, words[step->op]);
        }
    }
}
