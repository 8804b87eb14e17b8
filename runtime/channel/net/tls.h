/*
 * TLS for the channel's connections: bytes of the wire in, plain bytes out, and the reverse. No
 * socket, clock or thread: link.c feeds it from libuv, cli/conn.c from a blocking socket. This is
 * the one place that knows OpenSSL and turns its errors into sentences.
 *
 * What is spoken: TLS 1.3, or 1.2 with forward secrecy and authenticated encryption; no
 * renegotiation, no compression, no resumption. A client always checks the server's certificate,
 * its name included. The channel's own GOING_AWAY ends a connection, so a missing close_notify
 * means no more than a lost connection.
 *
 * Threads: settings are read-only once made and may be shared; a session belongs to one thread.
 */
#ifndef RT_CHANNEL_TLS_H
#define RT_CHANNEL_TLS_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"

enum rt_tls_side { RT_TLS_CLIENT, RT_TLS_SERVER };

/* PEM files; NULL where there is none. */
struct rt_tls_options {
    const char *cert; /* our certificate and what is between it and its authority */
    const char *key;  /* of `cert`; readable by its owner only, not encrypted */
    const char *ca;   /* authorities whose certificates of the other side are accepted */
};

struct rt_tls;         /* settings of many connections */
struct rt_tls_session; /* one end of one connection */

/* A server needs `cert` and `key`, and with `ca` refuses clients without a certificate from there.
 * A client needs `ca`; `cert` and `key` are shown to a server that asks. The files are read here.
 * RT_EINVAL, RT_ENOTFOUND, RT_EDENIED (others may read the key). */
int rt_tls_new(enum rt_tls_side side, const struct rt_tls_options *options, struct rt_tls **ret,
               struct rt_error *error);
void rt_tls_free(struct rt_tls *tls);

/* `host` is the name or address that a server's certificate must be for; NULL in a server. */
struct rt_tls_session *rt_tls_session_new(struct rt_tls *tls, const char *host);
void rt_tls_session_free(struct rt_tls_session *session);

/* Takes all of `wire`; appends what it says to `plain` and what must be answered to `out`, also on
 * failure. A client starts its handshake with an empty `wire`. RT_EDENIED: the other side, or we,
 * refuse a certificate; RT_EUNSUPPORTED: this is not TLS; RT_ECLOSED: a clean end; RT_EINVAL. */
int rt_tls_input(struct rt_tls_session *session, struct rt_bytes wire, struct rt_buf *plain,
                 struct rt_buf *out, struct rt_error *error);
/* Appends `plain`, encrypted, to `out`. Only once ready. */
int rt_tls_output(struct rt_tls_session *session, struct rt_bytes plain, struct rt_buf *out);
/* The handshake is done. */
bool rt_tls_ready(const struct rt_tls_session *session);
/* True when the other side's certificate is for `name`: its common name, or one of its DNS names,
 * byte for byte. */
bool rt_tls_peer_is(const struct rt_tls_session *session, struct rt_str name);

#endif
