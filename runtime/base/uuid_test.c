#include <criterion/criterion.h>

#include "runtime/base/uuid.h"

Test(uuid, increases_even_when_the_clock_does_not)
{
    struct rt_uuid_gen gen = {0};
    char last[RT_UUID_LEN + 1] = "";
    for (int i = 0; i < 10000; i++) {
        char id[RT_UUID_LEN + 1];
        rt_uuid_next(&gen, 1700000000000 - i / 5000, id);
        cr_assert(rt_uuid_valid(rt_str(id)));
        cr_assert_eq(id[14], '7');
        cr_assert_gt(strcmp(id, last), 0);
        memcpy(last, id, sizeof last);
    }
}

Test(uuid, the_textual_form_is_recognised)
{
    cr_assert(rt_uuid_valid(RT_STR("0190163D-8694-739b-aea5-966c26f8ad91")));
    cr_assert_not(rt_uuid_valid(RT_STR("0190163d-8694-739b-aea5-966c26f8ad9")));
    cr_assert_not(rt_uuid_valid(RT_STR("0190163d-8694-739b-aea5_966c26f8ad91")));
    cr_assert_not(rt_uuid_valid(RT_STR("0190163d-8694-739b-aea5-966c26f8ad9g")));
}
