#include <criterion/criterion.h>

#include "runtime/app/request/etag.h"

Test(etag, a_list_names_a_version_strongly_or_weakly)
{
    static const struct {
        const char *list;
        bool strong, weak; /* whether they name version 7 */
    } cases[] = {
        {"\"7\"", true, true},
        {"*", true, true},
        {" \"1\" , \"7\" ", true, true},
        {"W/\"7\"", false, true},
        {"\"1\",W/\"7\"", false, true},
        {"\"70\"", false, false},
        {"7", false, false},
        {"\"7", false, false},
        {"", false, false},
        {",,,", false, false},
        {"\"*\"", false, false},
        {"*, \"1\"", false, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        cr_assert_eq(rt_etag_listed(rt_str(cases[i].list), 7, false), cases[i].strong, "%s",
                     cases[i].list);
        cr_assert_eq(rt_etag_listed(rt_str(cases[i].list), 7, true), cases[i].weak, "%s",
                     cases[i].list);
    }
}

Test(etag, the_largest_version_fits)
{
    char text[RT_ETAG_MAX];
    struct rt_str tag = rt_etag(INT64_MAX, text);
    cr_assert(rt_str_eq(tag, RT_STR("\"9223372036854775807\"")));
}
