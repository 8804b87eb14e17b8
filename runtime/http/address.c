#include "runtime/http/address.h"

#include <arpa/inet.h>
#include <stdio.h>

static bool is_port(struct rt_str s)
{
    uint64_t port;
    return s.len >= 1 && s.len <= 5 && rt_str_to_u64(s, &port) && port <= 65535;
}

/* Takes brackets and port off. False: what is left cannot be an address. */
static bool host_of(struct rt_str text, struct rt_str *ret)
{
    if (text.len > 0 && text.data[0] == '[') {
        const char *end = memchr(text.data, ']', text.len);
        if (!end)
            return false;
        size_t len = (size_t)(end - text.data) - 1;
        struct rt_str rest = rt_str_n(end + 1, text.len - len - 2);
        *ret = rt_str_n(text.data + 1, len);
        return memchr(ret->data, ':', len) &&
               (rest.len == 0 ||
                (rest.data[0] == ':' && is_port(rt_str_n(rest.data + 1, rest.len - 1))));
    }
    const char *colon = text.len > 0 ? memchr(text.data, ':', text.len) : NULL;
    size_t len = colon ? (size_t)(colon - text.data) : text.len;
    bool one_colon = colon && !memchr(colon + 1, ':', text.len - len - 1);
    *ret = one_colon ? rt_str_n(text.data, len) : text;
    return !one_colon || is_port(rt_str_n(colon + 1, text.len - len - 1));
}

static void set_v4(const struct in_addr *address, struct rt_address *ret)
{
    inet_ntop(AF_INET, address, ret->text, sizeof ret->text);
    snprintf(ret->group, sizeof ret->group, "%s", ret->text);
    ret->loopback = ntohl(address->s_addr) >> 24 == 127;
}

static void set_v6(const struct in6_addr *address, struct rt_address *ret)
{
    struct in6_addr network = *address;
    char text[RT_ADDRESS_MAX + 1];
    memset(network.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, address, ret->text, sizeof ret->text);
    inet_ntop(AF_INET6, &network, text, sizeof text);
    snprintf(ret->group, sizeof ret->group, "%s/64", text);
    ret->loopback = IN6_IS_ADDR_LOOPBACK(address);
}

bool rt_address_parse(struct rt_str text, struct rt_address *ret)
{
    char host_text[RT_ADDRESS_MAX + 1];
    struct rt_str host;
    struct in_addr v4;
    struct in6_addr v6;
    if (!host_of(text, &host) || host.len == 0 || host.len > RT_ADDRESS_MAX ||
        memchr(host.data, '\0', host.len))
        return false;
    memcpy(host_text, host.data, host.len);
    host_text[host.len] = '\0';
    if (inet_pton(AF_INET, host_text, &v4) == 1) {
        set_v4(&v4, ret);
        return true;
    }
    if (inet_pton(AF_INET6, host_text, &v6) != 1)
        return false;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        memcpy(&v4, v6.s6_addr + 12, sizeof v4);
        set_v4(&v4, ret);
    } else {
        set_v6(&v6, ret);
    }
    return true;
}

/* Takes the last entry off the list. */
static struct rt_str take_last(struct rt_str *list)
{
    const char *comma = list->len > 0 ? memrchr(list->data, ',', list->len) : NULL;
    size_t start = comma ? (size_t)(comma - list->data) + 1 : 0;
    struct rt_str entry = rt_str_trim(rt_str_n(list->data + start, list->len - start));
    list->len = comma ? start - 1 : 0;
    return entry;
}

/* The entry of the list that all lines make together, `hops` from its end. */
static struct rt_str forwarded_entry(const struct rt_header *headers, size_t n_headers,
                                     unsigned hops)
{
    struct rt_str entry = rt_str_n(NULL, 0);
    for (size_t i = n_headers; i > 0 && hops > 0; i--) {
        struct rt_str list = headers[i - 1].value;
        if (!rt_str_eq_nocase(headers[i - 1].name, RT_STR("X-Forwarded-For")))
            continue;
        while (list.len > 0 && hops > 0) {
            struct rt_str last = take_last(&list);
            if (last.len == 0)
                continue; /* empty elements of a list do not count (RFC 9110 section 5.6.1) */
            entry = last;
            hops--;
        }
    }
    return entry;
}

void rt_address_client(struct rt_str peer, const struct rt_header *headers, size_t n_headers,
                       unsigned hops, struct rt_address *ret)
{
    *ret = (struct rt_address){.text = "unknown", .group = "unknown"};
    rt_address_parse(peer, ret);
    if (ret->loopback && hops > 0)
        rt_address_parse(forwarded_entry(headers, n_headers, hops), ret);
}
