/*
 * What a handler sees. A handler is a synchronous, straight-line function that the schema gives
 * its prototype: from a context and a checked request to a reply, or to one of the errors that
 * the schema allows. It takes no lock, frees nothing and waits for nothing: all memory comes from
 * the context's arena, all state from its transaction.
 *
 * Where it runs follows from the schema: a GET on the event loop against a snapshot, everything
 * else on the store's writer thread in a serializable transaction. Work that takes long (a
 * password hash) is a function of its own, run on the worker pool before the transaction.
 *
 * An error result, or a transaction that failed, undoes everything the handler wrote.
 */
#ifndef RT_APP_HANDLER_H
#define RT_APP_HANDLER_H

#include "runtime/identity/password.h"
#include "runtime/store/txn.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rt_session {
    const char *id;      /* the token's jti */
    const char *user_id; /* its sub */
    int64_t issued_at_ms;
    int64_t expires_at_ms; /* nobody takes the token from then on, not even with a clock that is
                            * late; until then its revocation has to be kept */
};

struct rt_call; /* the request behind a context; the runtime's */

struct rt_ctx {
    struct rt_txn *txn;
    struct rt_arena *arena;           /* for everything that the reply or the records point to */
    int64_t now_ms;                   /* the transaction's time */
    const struct rt_session *session; /* NULL: signed out, or no request (listener, timer) */
    struct rt_call *call;             /* NULL in listeners and timers */
};

/* What a client asks of a list, checked: ?limit=, ?after= and ?sort=. Given to a scan as it is; a
 * cursor that the scan refuses is answered with 400 by the runtime, whatever the handler returns.
 */
struct rt_paging {
    size_t limit;
    struct rt_str after;
    const struct rt_index *sort; /* one of the route's, or NULL */
    bool descending;
};

/* What a listener did with an event. */
enum rt_listened {
    RT_LISTENED, /* its effect (or that there is none) is in the transaction */
    RT_RETRY     /* not yet: undo, and deliver the event again after a delay */
};

/* What the client said of a field of the body of a PATCH, by its number in the schema: nothing, so
 * that it stays as it is; null, so that it goes; or a value, which the body then holds. */
enum rt_patched rt_patch_given(const struct rt_ctx *ctx, uint32_t number);
/* Changes in a record what the body of a PATCH gives, and nothing else (RFC 7396); storing it is
 * the caller's. False: the result breaks a rule of the body or the record, and whatever the handler
 * returns, the client gets 400 with what is wrong. */
RT_MUST_USE bool rt_patch(struct rt_ctx *ctx, void *record);

/* The reply of this request will carry a cookie for a new session of that user, if the
 * transaction commits. */
void rt_session_open(struct rt_ctx *ctx, const char *user_id);
/* The reply will clear the cookie. That the token is dead is the handler's to record and publish
 * (see `session ... revoked by` in the schema). */
void rt_session_close(struct rt_ctx *ctx);

#ifdef __cplusplus
}
#endif

#endif
