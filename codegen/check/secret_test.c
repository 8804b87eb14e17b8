#include <criterion/criterion.h>

#include "codegen/driver/compile.h"

/* The ways in which a message may hold another: by itself, optional, in a list, in a map, in a
 * message in between, and picked from one that has more. */
static const struct {
    const char *name;
    const char *messages; /* that lead from B to L */
} ways[] = {
    {"itself", "message B { l L @1 }"},
    {"optional", "message B { l L? @1 }"},
    {"a list", "message B { l L[..5] @1 }"},
    {"a map", "message B { l map<string(1..5), L>[..5] @1 }"},
    {"two deep", "message M { l L @1 } message B { m M @1 }"},
    {"five deep, in lists and maps",
     "message M1 { l L[..5] @1 } message M2 { m map<string(1..5), M1>[..5] @1 } message M3 { m M2? "
     "@1 } "
     "message M4 { a string(..9) @1 m M3[..5] @2 } message B { a u32 @1 m M4 @2 }"},
    {"the second of two ways", "message M { a u32 @1 } message B { m M @1 l L @2 }"},
    {"a picked part", "message M { l L @1 a u32 @2 } message B = M { l }"},
};

/* Checks `schema` with $1 and $2 in it replaced. */
static const struct ts_model *check(struct ts_compile *compile, struct rt_buf *said,
                                    const char *schema, const char *one, const char *two)
{
    struct rt_error error;
    struct rt_buf text = {0};
    for (const char *p = schema; *p; p++) {
        if (p[0] == '$' && (p[1] == '1' || p[1] == '2'))
            rt_buf_puts(&text, *++p == '1' ? one : two);
        else
            rt_buf_byte(&text, (uint8_t)*p);
    }
    ts_compile_init(compile);
    cr_assert_eq(ts_compile_text(compile, "s.tess", rt_str(rt_buf_cstr(&text)), &error), 0);
    ts_diags_print(&compile->diags, TS_FORMAT_SHORT, false, said);
    rt_buf_done(&text);
    return compile->model;
}

/* Hashing takes a tenth of a second, which the writer thread cannot spare. */
Test(secret, any_way_to_a_password_implies_work)
{
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (int has = 0; has < 2; has++) {
            struct ts_compile compile;
            struct rt_buf said = {0};
            const struct ts_model *model =
                check(&compile, &said,
                      has ? "schema s service s { model U { id id @1 } "
                            "message L { pw password(8..20) @1 } $1 "
                            "routes \"/m\" { POST login \"/\" (B) -> 204 public of U } }"
                          : "schema s service s { model U { id id @1 } message L { pw string @1 "
                            "secret } $1 "
                            "routes \"/m\" { POST login \"/\" (B) -> 204 public of U } }",
                      ways[i].messages, "");
            cr_assert_not_null(model, "%s: %s", ways[i].name, rt_buf_cstr(&said));
            cr_expect_eq(model->services[0]->routes[0]->work, has, "%s", ways[i].name);
            rt_buf_done(&said);
            ts_compile_done(&compile);
        }
}

static const struct {
    const char *name;
    const char *schema; /* with what leads from B to L, and perhaps "secret", put in */
    const char *said;
} outlets[] = {
    {"a reply",
     "schema s service s { model U { id id @1 } message L { pin string(4) @1 $2 } $1 "
     "routes \"/m\" { GET one \"/:id\" -> 200 B public of U } }",
     "the reply of `one` contains `pin`"},
    {"a page",
     "schema s service s { model U { id id @1 } message L { pin string(4) @1 $2 } $1 "
     "routes \"/m\" { GET all \"/\" -> page of B public of U } }",
     "the reply of `all` contains `pin`"},
    {"a view, which no route shows",
     "schema s service s { model U { id id @1 b B @2 } message L { pin string(4) @1 $2 } $1 "
     "view V of U { id b } }",
     "`b` contains `pin`, which is secret: it cannot be in a view"},
    {"an event",
     "schema s service s { model U { id id @1 b B @2 version version @3 } "
     "message L { pin string(4) @1 $2 } $1 event E \"e\" of U { id b version } "
     "routes \"/m\" { POST make \"/\" -> 204 public of U emits E } }",
     "`b` contains `pin`, which is secret: it cannot be in an event"},
    {"a view of a view's part",
     "schema s service s { model W { id id @1 b B @2 } model U { id id @1 w ref W @2 embed } "
     "message L { pin string(4) @1 $2 } $1 view V of U { id w { id b } } }",
     "`b` contains `pin`, which is secret: it cannot be in a view"},
};

Test(secret, no_way_leads_a_secret_out)
{
    for (size_t o = 0; o < sizeof outlets / sizeof *outlets; o++)
        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
            for (int has = 0; has < 2; has++) {
                struct ts_compile compile;
                struct rt_buf said = {0};
                check(&compile, &said, outlets[o].schema, ways[i].messages, has ? "secret" : "");
                cr_expect_eq(compile.diags.n_errors, (size_t)has, "%s by way of %s: %s",
                             outlets[o].name, ways[i].name, rt_buf_cstr(&said));
                cr_expect_eq(strstr(rt_buf_cstr(&said), outlets[o].said) != NULL, has,
                             "%s by way of %s: %s", outlets[o].name, ways[i].name,
                             rt_buf_cstr(&said));
                rt_buf_done(&said);
                ts_compile_done(&compile);
            }
}
