#include <criterion/criterion.h>

#include "runtime/http/address.h"

Test(address, forms_of_one_address_are_one)
{
    static const struct {
        const char *text, *address, *group; /* NULL: no address */
    } cases[] = {
        {"1.2.3.4", "1.2.3.4", "1.2.3.4"},
        {"1.2.3.4:80", "1.2.3.4", "1.2.3.4"},
        {"::ffff:1.2.3.4", "1.2.3.4", "1.2.3.4"},
        {"[::FFFF:102:304]:80", "1.2.3.4", "1.2.3.4"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
        {"2001:0DB8:1:2::7", "2001:db8:1:2::7", "2001:db8:1:2::/64"},
        {"[2001:db8:1:2::8]", "2001:db8:1:2::8", "2001:db8:1:2::/64"},
        {"[2001:db8:1:2::8]:443", "2001:db8:1:2::8", "2001:db8:1:2::/64"},
        {"::1", "::1", "::/64"},
        {"", NULL, NULL},
        {"unknown", NULL, NULL},
        {"_hidden", NULL, NULL},
        {"1.2.3", NULL, NULL},
        {"1.2.3.4:", NULL, NULL},
        {"1.2.3.4:65536", NULL, NULL},
        {"1.2.3.4:80x", NULL, NULL},
        {"01.2.3.4", NULL, NULL},
        {"[1.2.3.4]", NULL, NULL},
        {"[::1", NULL, NULL},
        {"[::1]x", NULL, NULL},
        {"[]", NULL, NULL},
        {"fe80::1%lo", NULL, NULL},
        {"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct rt_address address;
        bool parsed = rt_address_parse(rt_str(cases[i].text), &address);
        cr_assert_eq(parsed, cases[i].address != NULL, "%s", cases[i].text);
        if (!parsed)
            continue;
        cr_expect_str_eq(address.text, cases[i].address);
        cr_expect_str_eq(address.group, cases[i].group);
    }
}

struct lines {
    const char *peer;
    unsigned hops;
    const char *lines[3];
    const char *client;
};

Test(address, client_is_what_trusted_proxies_saw)
{
    static const struct lines cases[] = {
        {"9.9.9.9", 0, {NULL}, "9.9.9.9"},
        {"9.9.9.9", 1, {"1.1.1.1"}, "9.9.9.9"}, /* no proxy of ours */
        {"127.0.0.1", 0, {"1.1.1.1"}, "127.0.0.1"},
        {"127.0.0.1", 1, {NULL}, "127.0.0.1"},
        {"127.0.0.1", 1, {"1.1.1.1"}, "1.1.1.1"},
        {"::1", 1, {"1.1.1.1"}, "1.1.1.1"},
        {"::ffff:127.0.0.1", 1, {"1.1.1.1"}, "1.1.1.1"},
        {"127.0.0.1", 1, {"6.6.6.6, 1.1.1.1"}, "1.1.1.1"},
        {"127.0.0.1", 1, {"1.1.1.1", "2.2.2.2"}, "2.2.2.2"},
        {"127.0.0.1", 1, {"1.1.1.1:1234"}, "1.1.1.1"},
        {"127.0.0.1", 1, {"1.1.1.1 , "}, "1.1.1.1"},
        {"127.0.0.1", 1, {"1.1.1.1", ""}, "1.1.1.1"},
        {"127.0.0.1", 1, {"1.1.1.1, unknown"}, "127.0.0.1"},
        {"127.0.0.1", 2, {"6.6.6.6, 1.1.1.1, 2.2.2.2"}, "1.1.1.1"},
        {"127.0.0.1", 2, {"6.6.6.6, 1.1.1.1", "2.2.2.2"}, "1.1.1.1"},
        {"127.0.0.1", 2, {"2.2.2.2"}, "2.2.2.2"},
        {"127.0.0.1", 3, {"1.1.1.1", "2.2.2.2", "3.3.3.3"}, "1.1.1.1"},
        {"", 1, {"1.1.1.1"}, "unknown"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct rt_header headers[4] = {{RT_STR("Host"), RT_STR("1.2.3.4")}};
        size_t n_headers = 1;
        for (size_t k = 0; k < 3 && cases[i].lines[k]; k++)
            headers[n_headers++] =
                (struct rt_header){RT_STR("x-forwarded-for"), rt_str(cases[i].lines[k])};
        struct rt_address address;
        rt_address_client(rt_str(cases[i].peer), headers, n_headers, cases[i].hops, &address);
        cr_expect_str_eq(address.text, cases[i].client, "case %zu: %s", i, address.text);
    }
}
