/*
 * Who is at the other end: the address of a client by one rule, whether it speaks to us or to
 * proxies of ours in front.
 *
 * Each trusted proxy appends the address that it saw to X-Forwarded-For, so of the list that all
 * lines of that header make together, the last `hops` entries are words of ours and everything
 * before them is what a client may have made up (RFC 7239 section 8.1). The client is the
 * `hops`th entry from the end, or the first one of a shorter list. An entry that is no address, as
 * RFC 7239 allows ("unknown", "_hidden"), names nobody, and the peer counts.
 *
 * Entries have the forms 1.2.3.4, 1.2.3.4:80, 2001:db8::1, [2001:db8::1] and [2001:db8::1]:80. An
 * IPv4 address within IPv6 (::ffff:1.2.3.4) is that IPv4 address.
 *
 * Pure. Threads: no state.
 */
#ifndef RT_HTTP_ADDRESS_H
#define RT_HTTP_ADDRESS_H

#include "runtime/http/message.h"

enum { RT_ADDRESS_MAX = 46 };

struct rt_address {
    char text[RT_ADDRESS_MAX + 1]; /* canonical: "1.2.3.4", "2001:db8::1" */
    /* What one client has for itself: the address, or of IPv6 the first 64 bits ("2001:db8::/64"),
     * within which hosts choose their addresses as they like (RFC 4291 section 2.5.1). */
    char group[RT_ADDRESS_MAX + 4];
    bool loopback;
};

/* Reads one of the forms above. False: it is none; `ret` is untouched. */
bool rt_address_parse(struct rt_str text, struct rt_address *ret);

/* The client behind `peer` (the address of the socket's other end). `hops` proxies are trusted, and
 * only when the peer, as the last of them, is on this machine; 0: X-Forwarded-For is not read. */
void rt_address_client(struct rt_str peer, const struct rt_header *headers, size_t n_headers,
                       unsigned hops, struct rt_address *ret);

#endif
