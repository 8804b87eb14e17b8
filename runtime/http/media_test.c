#include <criterion/criterion.h>

#include "runtime/http/media.h"

Test(media, json_in_utf_8_is_taken_and_nothing_else)
{
    static const struct {
        const char *value;
        bool taken;
    } cases[] = {
        {"application/json", true},
        {"Application/JSON", true},
        {"application/json;charset=utf-8", true},
        {"application/json ; charset=\"UTF-8\"", true},
        {"application/json; charset=utf-8; profile=\"x y\"", true},
        {"application/json;", true},
        {"application/json;;v=1", true},
        {"application/json; charset=utf-16", false},
        {"application/json; charset=\"utf-16\"", false},
        {"application/json; charset=", false},
        {"application/json; charset", false},
        {"application/json; charset=utf-8; charset=utf-16", false},
        {"application/json; charset=utf-8; charset=utf-8", false},
        {"application/json; charset = utf-8", false},
        {"application/json; charset=\"utf-8", false},
        {"application/json; charset=\"utf\\-8\"", false},
        {"application/json; =utf-8", false},
        {"application/json, application/json", false},
        {"application/jsonx", false},
        {"application/problem+json", false},
        {"text/plain", false},
        {"json", false},
        {";", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        cr_expect_eq(rt_media_is_json(rt_str(cases[i].value)), cases[i].taken, "%s",
                     cases[i].value);
    cr_expect_not(rt_media_is_json(rt_str_n(NULL, 0)));
}

Test(media, a_merge_patch_is_another_type)
{
    cr_expect(rt_media_is_merge_patch(RT_STR("application/merge-patch+json; charset=utf-8")));
    cr_expect_not(rt_media_is_merge_patch(RT_STR("application/json")));
    cr_expect_not(rt_media_is_merge_patch(RT_STR("application/merge-patch+json; charset=latin1")));
    cr_expect_not(rt_media_is_json(RT_STR("application/merge-patch+json")));
}
