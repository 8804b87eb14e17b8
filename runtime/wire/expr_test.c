/* Expressions: every operator, what is absent, and what leaves its 64 bits. */
#include <criterion/criterion.h>

#include "runtime/wire/expr.h"
#include "tests/support/sample.h"

static struct rt_arena arena;
static struct sample *sample;

static void set_up(void)
{
    rt_arena_init(&arena, 0);
    sample = sample_new(&arena);
}

static void tear_down(void)
{
    rt_arena_done(&arena);
}

TestSuite(expr, .init = set_up, .fini = tear_down);

static struct rt_step field(const char *name)
{
    const struct rt_field *found = rt_message_field(&sample_message, rt_str(name));
    cr_assert_not_null(found, "%s", name);
    return (struct rt_step){.op = RT_STEP_FIELD, .field = found};
}

static struct rt_step number(int64_t value)
{
    return (struct rt_step){RT_STEP_INT, .integer = value};
}

/* True: "t", false: "f", neither: "?", and "!" behind it when a rule on it is broken. */
static const char *truth(const struct rt_step *steps, size_t n)
{
    struct rt_step negated[16];
    const struct rt_expr expr = {steps, n}, inverse = {negated, n + 1};
    memcpy(negated, steps, n * sizeof *steps);
    negated[n] = (struct rt_step){.op = RT_STEP_NOT};
    bool broken = rt_expr_broken(&expr, sample);
    if (rt_expr_holds(&expr, sample))
        return broken ? "t!" : "t";
    if (rt_expr_holds(&inverse, sample))
        return broken ? "f!" : "f";
    return broken ? "?!" : "?";
}

#define TRUTH(...)                                                                                 \
    truth((const struct rt_step[]){__VA_ARGS__},                                                   \
          sizeof((const struct rt_step[]){__VA_ARGS__}) / sizeof(struct rt_step))
#define EXPECT(expected, ...) cr_expect_str_eq(TRUTH(__VA_ARGS__), expected)
#define OP(name)                                                                                   \
    {                                                                                              \
        .op = RT_STEP_##name                                                                       \
    }
#define OP_OF(name, class_name)                                                                    \
    {                                                                                              \
        .op = RT_STEP_##name, .of = RT_CLASS_##class_name                                          \
    }

Test(expr, integers_are_compared_in_their_class)
{
    sample->small = 5;
    EXPECT("t", field("small"), number(5), OP(EQ));
    EXPECT("f!", field("small"), number(6), OP(EQ));
    EXPECT("t", field("small"), number(6), OP(NE));
    EXPECT("t", field("small"), number(6), OP(LT));
    EXPECT("f!", field("small"), number(5), OP(LT));
    EXPECT("t", field("small"), number(5), OP(LE));
    EXPECT("f!", field("small"), number(5), OP(GT));
    EXPECT("t", field("small"), number(5), OP(GE));
    sample->big = INT64_MIN;
    EXPECT("t", field("big"), number(INT64_MAX), OP(LT));
}

Test(expr, compares_what_is_no_integer)
{
    sample->huge = UINT64_MAX;
    sample->ratio = 0.5;
    sample->title = "b";
    EXPECT("t", field("huge"), {RT_STEP_NATURAL, .natural = 1}, OP_OF(GT, NATURAL));
    EXPECT("t", field("ratio"), {RT_STEP_REAL, .real = 0.75}, OP_OF(LT, REAL));
    EXPECT("t", field("title"), {RT_STEP_TEXT, .text = "b"}, OP_OF(EQ, TEXT));
    EXPECT("t", field("title"), {RT_STEP_TEXT, .text = "bb"}, OP_OF(NE, TEXT));
    EXPECT("f!", field("title"), {RT_STEP_TEXT, .text = ""}, OP_OF(EQ, TEXT));
}

Test(expr, what_is_absent_is_neither_true_nor_false)
{
    sample->has_maybe = false;
    EXPECT("?", field("maybe"), number(5), OP(EQ));
    EXPECT("?", field("maybe"), number(5), OP(NE));
    EXPECT("?", field("maybe"), number(5), number(6), {RT_STEP_IN, .n = 2});
    EXPECT("?", field("maybe"), number(1), OP(ADD), number(6), OP(LT));
    EXPECT("f!", field("maybe"), OP(SET));
    sample->has_maybe = true;
    sample->maybe = 6;
    EXPECT("t", field("maybe"), OP(SET));
    EXPECT("t", field("maybe"), number(5), number(6), {RT_STEP_IN, .n = 2});
    EXPECT("f!", field("maybe"), number(5), number(7), {RT_STEP_IN, .n = 2});
}

/* Kleene's tables: what is known decides where it can. */
Test(expr, logic_has_three_values)
{
    static const char *const and_table[] = {"t", "f!", "?", "f!", "f!", "f!", "?", "f!", "?"};
    static const char *const or_table[] = {"t", "t", "t", "t", "f!", "?", "t", "?", "?"};
    static const char *const not_table[] = {"f!", "t", "?"};
    sample->has_sure = false;
    const struct rt_step values[] = {number(1), number(0), field("sure")};
    for (size_t i = 0; i < 9; i++) {
        EXPECT(and_table[i], values[i / 3], values[i % 3], OP(AND));
        EXPECT(or_table[i], values[i / 3], values[i % 3], OP(OR));
    }
    for (size_t i = 0; i < 3; i++)
        EXPECT(not_table[i], values[i], OP(NOT));
}

Test(expr, numbers_are_added_subtracted_and_multiplied)
{
    sample->small = -3;
    sample->huge = 7;
    sample->ratio = 0.5;
    EXPECT("t", field("small"), number(2), OP(ADD), number(-1), OP(EQ));
    EXPECT("t", field("small"), number(2), OP(SUB), number(-5), OP(EQ));
    EXPECT("t", field("small"), number(2), OP(MUL), number(-6), OP(EQ));
    EXPECT("t", field("huge"), {RT_STEP_NATURAL, .natural = 7}, OP_OF(SUB, NATURAL),
           {RT_STEP_NATURAL, .natural = 0}, OP_OF(EQ, NATURAL));
    EXPECT("t", field("ratio"), {RT_STEP_REAL, .real = 2.0}, OP_OF(MUL, REAL),
           {RT_STEP_REAL, .real = 1.5}, OP_OF(LT, REAL));
}

/* Nobody knows what it would be: a condition does not hold, and a rule is broken. */
Test(expr, what_leaves_64_bits_holds_nowhere)
{
    sample->big = INT64_MAX;
    sample->huge = 1;
    EXPECT("?!", field("big"), number(1), OP(ADD), number(0), OP(GT));
    EXPECT("?!", field("big"), number(2), OP(MUL), number(0), OP(GT));
    EXPECT("?!", number(-2), field("big"), OP(SUB), number(0), OP(LT));
    EXPECT("?!", field("huge"), {RT_STEP_NATURAL, .natural = 2}, OP_OF(SUB, NATURAL),
           {RT_STEP_NATURAL, .natural = 0}, OP_OF(GE, NATURAL));
    EXPECT("?!", field("huge"), {RT_STEP_NATURAL, .natural = UINT64_MAX}, OP_OF(ADD, NATURAL),
           {RT_STEP_NATURAL, .natural = 0}, OP_OF(GE, NATURAL));
}

Test(expr, looks_into_messages)
{
    const struct rt_field *part = rt_message_field(&sample_message, RT_STR("part"));
    const struct rt_field *inner = rt_message_field(&sample_part_message, RT_STR("inner"));
    const struct rt_field *amount = rt_message_field(&sample_part_message, RT_STR("amount"));
    const struct rt_step steps[] = {{RT_STEP_MESSAGE, .field = part},
                                    {RT_STEP_INTO, .field = inner},
                                    {RT_STEP_WITHIN, .field = amount},
                                    number(4),
                                    OP(EQ)};
    struct sample_part *outer = rt_message_new(&sample_part_message, &arena);
    sample->part = NULL;
    cr_expect_str_eq(truth(steps, 5), "?");
    sample->part = outer;
    cr_expect_str_eq(truth(steps, 5), "?", "the inner one is absent");
    outer->inner = rt_message_new(&sample_part_message, &arena);
    outer->inner->amount = 4;
    cr_expect_str_eq(truth(steps, 5), "t");
    EXPECT("t", {RT_STEP_MESSAGE, .field = part}, {RT_STEP_INTO, .field = inner}, OP(SET));
    sample->part = NULL;
    EXPECT("f!", {RT_STEP_MESSAGE, .field = part}, {RT_STEP_INTO, .field = inner}, OP(SET));
}

static const void *load_part(void *arg, const struct rt_model *model, const char *id)
{
    (void)model;
    return strcmp(id, "known") == 0 ? arg : NULL;
}

Test(expr, looks_a_record_up_by_its_id)
{
    struct sample_part *part = rt_message_new(&sample_part_message, &arena);
    const struct rt_field *amount = rt_message_field(&sample_part_message, RT_STR("amount"));
    const struct rt_step steps[] = {
        field("owner_id"), {RT_STEP_LOAD, .model = NULL}, {RT_STEP_WITHIN, .field = amount}};
    const struct rt_expr expr = {steps, 3};
    const struct rt_expr_env env = {
        .record = sample, .arena = &arena, .load = load_part, .arg = part};
    part->amount = 4;
    sample->owner_id = "known";
    cr_expect_eq(rt_expr_value(&expr, &env).i, 4);
    sample->owner_id = "unknown";
    cr_expect_not(rt_expr_value(&expr, &env).present);
    sample->owner_id = "";
    cr_expect_not(rt_expr_value(&expr, &env).present, "nothing is looked up");
}

static const char *slug_of(const char *text, uint16_t max)
{
    const struct rt_step steps[] = {field("title"), {.op = RT_STEP_SLUG, .n = max}};
    const struct rt_expr expr = {steps, 2};
    const struct rt_expr_env env = {.record = sample, .arena = &arena};
    sample->title = text;
    struct rt_value value = rt_expr_value(&expr, &env);
    return value.present ? rt_arena_strndup(&arena, value.s.data, value.s.len) : "(absent)";
}

Test(expr, a_slug_is_a_part_of_a_url)
{
    cr_expect_str_eq(slug_of("Hello, World", 80), "hello-world");
    cr_expect_str_eq(slug_of("  --a  1--  ", 80), "a-1");
    cr_expect_str_eq(slug_of("caf\xC3\xA9 au lait", 80), "caf-au-lait");
    cr_expect_str_eq(slug_of("abc def", 4), "abc", "no hyphen at the end");
    cr_expect_str_eq(slug_of("abc def", 5), "abc-d");
    cr_expect_str_eq(slug_of("", 80), "(absent)");
    cr_expect_str_eq(slug_of("\xD0\x96 !", 80), "(absent)");
}

Test(expr, knows_who_asks_and_when)
{
    const struct rt_step now[] = {{.op = RT_STEP_NOW}, number(5), OP(ADD)};
    const struct rt_step user[] = {{.op = RT_STEP_USER}};
    const struct rt_expr later = {now, 3}, who = {user, 1};
    struct rt_expr_env env = {.record = sample, .now_ms = 7, .user = "u1", .arena = &arena};
    cr_expect_eq(rt_expr_value(&later, &env).i, 12);
    cr_expect(rt_str_eq(rt_expr_value(&who, &env).s, RT_STR("u1")));
    env.user = NULL;
    cr_expect_not(rt_expr_value(&who, &env).present);
    env.now_ms = INT64_MAX;
    cr_expect_not(rt_expr_value(&later, &env).present);
}

Test(expr, no_expression_holds)
{
    cr_expect(rt_expr_holds(&(const struct rt_expr){NULL, 0}, sample));
}

Test(expr, equal_definitions_are_equal_expressions)
{
    const struct rt_step steps[] = {field("small"),
                                    number(-1),
                                    {RT_STEP_IN, .n = 1},
                                    field("title"),
                                    {RT_STEP_TEXT, .text = "a b"},
                                    OP_OF(EQ, TEXT),
                                    OP(AND),
                                    OP(NOT)};
    const struct rt_expr expr = {steps, 8};
    struct rt_buf text = {0};
    rt_expr_define(&expr, &text);
    cr_expect_str_eq(rt_buf_cstr(&text), "@8 -1 in1 @2 3:a b == and not");
    rt_buf_done(&text);
}
