#include <criterion/criterion.h>

#include "runtime/identity/password.h"

Test(password, only_the_password_itself_matches)
{
    struct rt_arena arena;
    rt_arena_init(&arena, 0);
    char *hash = rt_password_hash(&arena, "correct horse");
    cr_assert(strncmp(hash, "$scrypt$ln=15,r=8,p=3$", 22) == 0, "%s", hash);
    cr_assert_null(strstr(hash, "horse"));
    cr_assert_eq(rt_password_verify("correct horse", hash), RT_PASSWORD_RIGHT);
    cr_assert_eq(rt_password_verify("correct horsf", hash), RT_PASSWORD_WRONG);
    cr_assert_eq(rt_password_verify("", hash), RT_PASSWORD_WRONG);
    cr_assert_eq(rt_password_verify("correct horse", NULL), RT_PASSWORD_WRONG);
    char *again = rt_password_hash(&arena, "correct horse");
    cr_assert_str_neq(hash, again, "the salt is random");
    rt_arena_done(&arena);
}

/* RFC 7914 section 12, third vector, in our text form: other parameters still verify. */
Test(password, weaker_parameters_verify_as_stale)
{
    const char *hash = "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$"
                       "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkD"
                       "fzwF7RVdYhw";
    cr_assert_eq(rt_password_verify("pleaseletmein", hash), RT_PASSWORD_STALE);
    cr_assert_eq(rt_password_verify("pleaseletmeout", hash), RT_PASSWORD_WRONG);
}

Test(password, damaged_texts_never_match)
{
    static const char *const texts[] = {
        "",
        "$scrypt$",
        "$scrypt$ln=15,r=8,p=3$",
        "$scrypt$ln=1,r=1,p=1$AAAA$",
        "$scrypt$ln=1,r=1,p=1$$AAAA",
        "$scrypt$ln=1,r=1,p=1$AAAA$*",
        "$scrypt$ln=40,r=8,p=3$AAAA$AAAA",
        "$scrypt$ln=18,r=16,p=16$AAAA$AAAA",
        "$scrypt$ln=0,r=8,p=3$AAAA$AAAA",
        "plain text",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        cr_assert_eq(rt_password_verify("x", texts[i]), RT_PASSWORD_WRONG, "%s", texts[i]);
}
