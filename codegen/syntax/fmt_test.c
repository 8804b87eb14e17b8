#include <criterion/criterion.h>

#include "codegen/driver/compile.h"
#include "codegen/syntax/fmt.h"
#include "codegen/text/lexer.h"

/* The canonical form of a text, on the heap. */
static char *format(const char *text)
{
    struct ts_compile compile;
    struct ts_source *source = NULL;
    struct rt_error error;
    struct rt_buf out = {0};
    ts_compile_init(&compile);
    cr_assert_eq(ts_source_from_text(&compile.arena, "t.tess", rt_str(text), &source, &error), 0);
    cr_assert(ts_compile_parses(&compile, source), "%s", text);
    ts_fmt(&compile.arena, &compile.symbols, source, &out);
    char *copy = strdup(rt_buf_cstr(&out));
    rt_buf_done(&out);
    ts_compile_done(&compile);
    return copy;
}

static void expect(const char *text, const char *wanted)
{
    char *once = format(text);
    char *twice = format(once);
    cr_expect_str_eq(once, wanted);
    cr_expect_str_eq(twice, once, "formatting again changes it");
    free(once);
    free(twice);
}

Test(fmt, fields_share_columns)
{
    expect("schema s\n\n\n\nservice a {\n/// Doc.\n model M {\n  id id @1 // the key\n"
           "name   string( 1 .. 20 )[0..3]  trim @2   unique\n\n  a map < string , i32 > @10 = 1\n"
           "  index by_name(name,id) while name==\"x\"\n}\n  }",
           "schema s\n\nservice a {\n  /// Doc.\n  model M {\n"
           "    id    id                        @1  // the key\n"
           "    name  string(1..20)[0..3] trim  @2  unique\n\n"
           "    a  map<string, i32>  @10  = 1\n"
           "    index by_name (name, id) while name == \"x\"\n  }\n}\n");
}

Test(fmt, routes_share_columns)
{
    expect("service a {\nroutes \"/a\" {\nGET list \"/\" ?(x :i32) -> page of M public auto\n"
           "DELETE remove_it \"/:id\" -> 204\nlimit 10 / min per address\n  }\n}\n",
           "service a {\n  routes \"/a\" {\n"
           "    GET    list       \"/\"     ?(x: i32) -> page of M  public  auto\n"
           "    DELETE remove_it  \"/:id\"            -> 204\n"
           "      limit 10/min per address\n  }\n}\n");
}

Test(fmt, one_line_blocks_and_comments_stay)
{
    expect("// first\n\n\n// second\nenum E {x @1 yy @2}\n// last",
           "// first\n\n// second\nenum E { x @1  yy @2 }\n// last\n");
}

Test(fmt, items_of_one_line_stand_apart)
{
    expect("enum E { a @1 as \"A\" b @2 }\nservice s {\n"
           "message M { a i32 @1 = 5 b E @2 example a c string @3 secret }\n}\n",
           "enum E { a @1 as \"A\"  b @2 }\nservice s {\n"
           "  message M { a i32 @1 = 5  b E @2 example a  c string @3 secret }\n}\n");
}

Test(fmt, an_empty_file_stays_empty)
{
    expect("", "");
    expect("\n\n// only a comment", "// only a comment\n");
}
