/* Expressions as tables of steps, operands before their operator: runtime/wire/expr.h. */
#include "codegen/emit/c/c.h"
#include "codegen/text/limits.h"

struct steps {
    struct ts_c *c;
    struct ts_item *items;
    size_t count;
    unsigned text_max; /* characters of a slug */
};

static void add_step(struct steps *s, const char *text, const char *comment)
{
    s->items[s->count++] = (struct ts_item){text, comment};
}

static const char *class_of(enum ts_kind kind)
{
    switch (kind) {
    case TS_U64:
        return "NATURAL";
    case TS_F64:
        return "REAL";
    case TS_STRING:
    case TS_ID:
    case TS_REF:
    case TS_PASSWORD:
        return "TEXT";
    default:
        return "INT";
    }
}

static void add_constant(struct steps *s, const struct ts_expr *expr)
{
    static const struct {
        const char *class, *step;
    } table[] = {{"NATURAL", "NATURAL, .natural"},
                 {"REAL", "REAL, .real"},
                 {"TEXT", "TEXT, .text"},
                 {"INT", "INT, .integer"}};
    const char *class = class_of(expr->type->kind);
    const char *value = ts_c_value(s->c, expr->type, &expr->value);
    size_t i = 0;
    while (strcmp(table[i].class, class) != 0)
        i++;
    add_step(s, rt_arena_printf(s->c->arena, "{RT_STEP_%s = %s}", table[i].step, value),
             /* A text may hold what would end a comment. */
             strcmp(class, "TEXT") == 0 ? "a constant"
                                        : ts_value_text(s->c->arena, expr->type, &expr->value));
}

static void add_expr(struct steps *s, const struct ts_expr *expr);

/* A field or, on the way to one, the message in it. */
static void add_path(struct steps *s, const struct ts_expr *expr, bool is_way)
{
    if (expr->loads) {
        add_expr(s, expr->within);
        add_step(s,
                 rt_arena_printf(s->c->arena, "{RT_STEP_LOAD, .model = &%s_model}",
                                 ts_c_type(s->c, expr->loads)),
                 expr->loads->name);
    } else if (expr->within) {
        add_path(s, expr->within, true);
    }
    const char *op = expr->within ? (is_way ? "INTO" : "WITHIN") : is_way ? "MESSAGE" : "FIELD";
    add_step(s,
             rt_arena_printf(s->c->arena, "{RT_STEP_%s, .field = &%s_fields[%u]}", op,
                             ts_c_type(s->c, expr->field->message),
                             (unsigned)expr->field->position),
             expr->field->name);
}

static void add_operator(struct steps *s, const struct ts_expr *expr)
{
    static const struct {
        const char *step, *comment;
    } table[] = {
        [TS_EXPR_SLUG] = {"SLUG", "slug of"}, [TS_EXPR_EQ] = {"EQ", "=="},
        [TS_EXPR_NE] = {"NE", "!="},          [TS_EXPR_LT] = {"LT", "<"},
        [TS_EXPR_LE] = {"LE", "<="},          [TS_EXPR_GT] = {"GT", ">"},
        [TS_EXPR_GE] = {"GE", ">="},          [TS_EXPR_IN] = {"IN", "in"},
        [TS_EXPR_SET] = {"SET", "is set"},    [TS_EXPR_AND] = {"AND", "and"},
        [TS_EXPR_OR] = {"OR", "or"},          [TS_EXPR_NOT] = {"NOT", "not"},
        [TS_EXPR_ADD] = {"ADD", "+"},         [TS_EXPR_SUB] = {"SUB", "-"},
        [TS_EXPR_MUL] = {"MUL", "*"},
    };
    const char *step = table[expr->op].step, *comment = table[expr->op].comment;
    const char *class = class_of(expr->operands[0]->type->kind);
    struct rt_arena *arena = s->c->arena;
    bool joins = expr->op == TS_EXPR_AND || expr->op == TS_EXPR_OR;
    for (size_t i = 0; i < expr->n_operands; i++) {
        add_expr(s, expr->operands[i]);
        if (joins && i > 0)
            add_step(s, rt_arena_printf(arena, "{.op = RT_STEP_%s}", step), comment);
    }
    if (joins)
        return;
    const char *text = rt_arena_printf(arena, "{.op = RT_STEP_%s", step);
    if (expr->op == TS_EXPR_SLUG)
        text = rt_arena_printf(arena, "%s, .n = %u", text, s->text_max);
    else if (expr->op != TS_EXPR_SET && expr->op != TS_EXPR_NOT && strcmp(class, "INT") != 0)
        text = rt_arena_printf(arena, "%s, .of = RT_CLASS_%s", text, class);
    if (expr->op == TS_EXPR_IN)
        text = rt_arena_printf(arena, "%s, .n = %zu", text, expr->n_operands - 1);
    add_step(s, rt_arena_printf(arena, "%s}", text), comment);
}

static void add_expr(struct steps *s, const struct ts_expr *expr)
{
    if (expr->op == TS_EXPR_NOW || expr->op == TS_EXPR_USER)
        add_step(s, expr->op == TS_EXPR_NOW ? "{.op = RT_STEP_NOW}" : "{.op = RT_STEP_USER}",
                 expr->op == TS_EXPR_NOW ? "now" : "user");
    else if (expr->op == TS_EXPR_VALUE)
        add_constant(s, expr);
    else if (expr->op == TS_EXPR_PATH)
        add_path(s, expr, expr->type->kind == TS_MESSAGE);
    else
        add_operator(s, expr);
}

static void put_expr(struct ts_c *c, struct ts_writer *w, const char *name,
                     const struct ts_expr *expr, unsigned text_max)
{
    /* Each name and constant is a step, and each operator; `is null` is two. */
    struct steps s = {c, RT_ARENA_ARRAY(c->arena, 2 * TS_LIMIT_EXPR_NODES, struct ts_item), 0,
                      text_max};
    add_expr(&s, expr);
    ts_list(w, rt_arena_printf(c->arena, "static const struct rt_step %s[]", name), s.items,
            s.count);
}

void ts_put_expr(struct ts_c *c, struct ts_writer *w, const char *name, const struct ts_expr *expr)
{
    put_expr(c, w, name, expr, 0);
}

enum { SLUG_MAX = 1000 }; /* where the schema sets no bound */

static const char *given_name(struct ts_c *c, const struct ts_message *model,
                              const struct ts_field *field)
{
    return ts_c_local(c, field,
                      rt_arena_join(c->arena, model->c_name, "_", field->name, "_given", NULL));
}

size_t ts_put_given(struct ts_c *c, struct ts_writer *w, const struct ts_message *model)
{
    size_t count = 0;
    for (size_t i = 0; i < model->n_fields; i++) {
        const struct ts_field *field = &model->fields[i];
        if (!field->given)
            continue;
        if (count++ == 0)
            ts_put(w, "");
        put_expr(c, w, given_name(c, model, field), field->given,
                 field->type.max_len < SLUG_MAX ? field->type.max_len : SLUG_MAX);
    }
    if (count == 0)
        return 0;
    ts_set(w, "given",
           ts_c_local(c, model, rt_arena_join(c->arena, model->c_name, "_given", NULL)));
    ts_put(w, "static const struct rt_given $given[] = {");
    for (size_t i = 0; i < model->n_fields; i++) {
        const struct ts_field *field = &model->fields[i];
        const struct ts_index *index = ts_index_of_field(model, field);
        if (!field->given)
            continue;
        ts_set(w, "value", given_name(c, model, field));
        ts_set(w, "position", ts_c_position(c, field));
        ts_put(w, "    {\n"
                  "        .field = $position,");
        if (field->given_on_update)
            ts_put(w, "        .on_update = true,");
        if (field->given->op == TS_EXPR_SLUG && index) {
            ts_set(w, "index", ts_c_index(c, model, index->name));
            ts_put(w, "        .distinct = &$index,");
        }
        ts_put(w, "        .value = RT_EXPR($value),\n"
                  "    },");
    }
    ts_put(w, "};");
    return count;
}

/* "/price", "/place/x": the member that a broken rule is about, the first one that it names. */
static const char *pointer_of(struct ts_c *c, const struct ts_expr *path)
{
    const char *before = path->within ? pointer_of(c, path->within) : "";
    return rt_arena_printf(c->arena, "%s/%s", before, path->field->json_name);
}

static const char *rule_name(struct ts_c *c, const struct ts_message *message,
                             const struct ts_rule *rule)
{
    return ts_c_local(c, rule,
                      rt_arena_join(c->arena, message->c_name, "_", rule->name, "_rule", NULL));
}

void ts_put_rules(struct ts_c *c, struct ts_writer *w, const struct ts_message *message)
{
    for (size_t i = 0; i < message->n_rules; i++) {
        ts_put_expr(c, w, rule_name(c, message, &message->rules[i]), message->rules[i].condition);
    }
    ts_put(w, "static const struct rt_rule ${short}_rules[] = {");
    for (size_t i = 0; i < message->n_rules; i++) {
        const struct ts_rule *rule = &message->rules[i];
        const struct ts_expr *path = ts_expr_first_path(rule->condition);
        ts_set(w, "rule", rule->name);
        ts_set(w, "condition", rule_name(c, message, rule));
        ts_set(w, "pointer", pointer_of(c, path));
        ts_set(w, "text", ts_quoted(c->arena, rule->text));
        ts_put(w, "    {\n"
                  "        .name = \"$rule\",\n"
                  "        .pointer = \"$pointer\",\n"
                  "        .text = $text,\n"
                  "        .condition = RT_EXPR($condition),\n"
                  "    },");
    }
    ts_put(w, "};");
}
