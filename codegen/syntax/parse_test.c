#include <criterion/criterion.h>

#include "codegen/syntax/parse.h"

struct fixture {
    struct rt_arena arena;
    struct ts_symbols symbols;
    struct ts_diags diags;
    struct ts_ast_file *file;
};

static struct fixture *parse(const char *text)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct ts_source *source = NULL;
    struct rt_error error;
    rt_arena_init(&f->arena, 0);
    ts_symbols_init(&f->symbols, &f->arena);
    ts_diags_init(&f->diags, &f->arena);
    cr_assert_eq(ts_source_from_text(&f->arena, "t.tess", rt_str(text), &source, &error), 0);
    f->file = ts_parse(&f->arena, &f->symbols, &f->diags, source);
    return f;
}

static void done(struct fixture *f)
{
    ts_symbols_done(&f->symbols);
    rt_arena_done(&f->arena);
    free(f);
}

Test(parse, a_model_keeps_all_that_was_written)
{
    struct fixture *f = parse("schema s\nservice a {\n"
                              "  /// A thing.\n"
                              "  model Thing expires(at) {\n"
                              "    id id @1\n"
                              "    name string(1..20)[0..10] trim distinct @2 unique // its name\n"
                              "    at time? @3\n"
                              "    reserved 4, 5\n"
                              "    unique by_name (name, at) while name in (\"x\") and at is set\n"
                              "  }\n}\n");
    cr_assert_eq(f->diags.n_errors, 0);
    struct ts_ast_message *thing = f->file->services->messages;
    cr_expect_eq(thing->kind, TS_AST_MODEL);
    cr_expect_str_eq(thing->name.symbol->text, "Thing");
    cr_expect_str_eq(thing->expires.symbol->text, "at");
    struct ts_ast_field *name = thing->fields->next;
    cr_expect(name->type.c->list);
    cr_expect_eq(name->type.builtin, TS_KW_STRING);
    cr_expect_gt(name->unique.len, 0);
    cr_expect_gt(name->doc.len, 0);
    cr_expect_gt(name->next->type.c->optional.len, 0);
    cr_expect_null(name->next->next);
    struct ts_ast_index *index = thing->indexes;
    cr_expect(index->unique);
    cr_expect_str_eq(index->fields->next->name.name.symbol->text, "at");
    cr_assert_eq(index->condition->op, TS_EXPR_AND);
    cr_expect_eq(index->condition->operands->op, TS_EXPR_IN);
    cr_expect_eq(index->condition->operands->next->op, TS_EXPR_SET);
    done(f);
}

Test(parse, a_route_keeps_all_that_was_written)
{
    struct fixture *f =
        parse("service a {\n  routes \"/t\" {\n"
              "    GET list \"/\" ?(by: ref b.Thing by by_owner) -> page of Thing public auto\n"
              "    POST make \"/\" (Input) -> 201 Thing\n"
              "      limit 10/min per email, address\n"
              "      emits Made, b.Other ! conflict\n  }\n}\n");
    cr_assert_eq(f->diags.n_errors, 0);
    struct ts_ast_route *list = f->file->services->routes->routes;
    cr_expect(list->page);
    cr_expect_str_eq(list->queries->index.symbol->text, "by_owner");
    cr_expect_str_eq(list->queries->type.target->service.symbol->text, "b");
    struct ts_ast_route *make = list->next;
    cr_expect_str_eq(make->body.name.symbol->text, "Input");
    cr_expect_str_eq(make->limit.keys->next->name.name.symbol->text, "address");
    cr_expect_str_eq(make->emits->next->name.name.symbol->text, "Other");
    cr_expect_str_eq(make->errors->name.name.symbol->text, "conflict");
    done(f);
}

Test(parse, goes_on_behind_a_mistake)
{
    struct fixture *f = parse("service a {\n"
                              "  message One {\n    a string\n    b string @2\n  }\n"
                              "  modle Two { }\n"
                              "  message Three { c string @1 }\n"
                              "}\n"
                              "error oops 400 \"Oops\"\n");
    cr_expect_eq(f->diags.n_errors, 2);
    struct ts_ast_message *one = f->file->services->messages;
    cr_expect(one->broken);
    cr_expect_str_eq(one->fields->next->name.symbol->text, "b");
    cr_expect_str_eq(one->next->name.symbol->text, "Three");
    cr_expect_str_eq(f->file->errors->name.symbol->text, "oops");
    done(f);
}

Test(parse, names_in_skipped_text_are_lost)
{
    struct fixture *f = parse("service a {\n  modle Two { }\n  message Three { c string @1 }\n}\n");
    cr_expect(ts_symbol(&f->symbols, RT_STR("Two"))->lost);
    cr_expect_not(ts_symbol(&f->symbols, RT_STR("Three"))->lost);
    done(f);
}

Test(parse, every_beginning_of_a_schema_ends)
{
    static const char whole[] =
        "schema s\ntype A = map<string(1..4), i32 in 1..5>[0..3]\nerror e 400 \"E\"\n"
        "session of a.U lasts 7d revoked by a.E\nservice a {\n  enum S { x @1 as \"y\" }\n"
        "  model M { id id @1 s S @2 = x rule r: s == x \"t\" }\n  view V of M { id s { t } }\n"
        "  replica R of b.M { id } from b.E\n  timer t at M.s while s is null emits E\n"
        "  on b.E l emits E\n  setting w duration = 1s in 1s..2s\n"
        "  routes \"/\" { GET g \"/\" ?(q: i32) -> 200 M owner s ! e } }\n";
    for (size_t len = 0; len < sizeof whole; len++) {
        char text[sizeof whole];
        memcpy(text, whole, len);
        text[len] = '\0';
        done(parse(text));
    }
}
