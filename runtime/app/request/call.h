/*
 * One request on its way through the pipeline (dispatch.h has its order). A call lives in its
 * exchange's arena from the first byte of its handling until the reply is sent; while it is on
 * another thread the loop does not touch it.
 */
#ifndef RT_APP_CALL_H
#define RT_APP_CALL_H

#include "runtime/app/request/dispatch.h"
#include "runtime/app/request/problem.h"
#include "runtime/http/address.h"

enum { RT_PAGE_DEFAULT = 20, RT_PAGE_MAX = 100 };

/* What an Idempotency-Key means: see idempotency.h. */
struct rt_idempotent {
    struct rt_bytes key; /* data NULL: the request has none */
    uint8_t request_hash[32];
    bool replayed; /* the answer is an earlier one: these */
    struct rt_bytes body;
    int64_t version;
    const char *id;
};

struct rt_call {
    struct rt_dispatcher *dispatcher;
    struct rt_exchange *exchange;
    const struct rt_route *route;
    const struct rt_route_info *info;
    struct rt_ctx ctx;
    struct rt_request request;
    struct rt_session session;
    struct rt_address client; /* see rt_call_client; text "" until then */
    struct rt_paging paging;  /* of a page */
    struct rt_page page;
    struct rt_violations *violations;
    const uint8_t *given; /* of a PATCH: an enum rt_patched for each field of its body; else NULL */
    struct rt_idempotent idempotent;

    const struct rt_problem *problem; /* NULL: success */
    int failed;                       /* what a transaction of it met, 0: nothing */
    int64_t retry_after_ms;           /* with 429 and 503 */
    const char *opened_for;           /* rt_session_open: the user */
    bool session_closed;              /* rt_session_close */
    bool credential;                  /* the request has a token, whatever it is worth */
    const char *why;                  /* the same in words, or NULL */
    const char *unpublished;          /* the model whose change lacks its event */

    struct rt_write write;
    struct rt_job job;
    uv_work_t work;
};

/* Each step gives NULL to go on, or what to answer. */

/* origin.c: whether a browser says that a page of another site sends it. */
const struct rt_problem *rt_call_origin(const struct rt_call *call);
/* session.c: the user, as far as the token says; and whether that session was revoked. */
const struct rt_problem *rt_call_session(struct rt_call *call);
const struct rt_problem *rt_call_session_live(struct rt_call *call, struct rt_txn *txn);
/* The Set-Cookie value for what the handler did, or an empty slice. */
struct rt_str rt_call_cookie(struct rt_call *call);
/* limit.c: the client's address, in memory of the call. */
const struct rt_address *rt_call_client(struct rt_call *call);
/* limit.c: takes a token from each bucket; those that need the body come after it is decoded. */
const struct rt_problem *rt_call_limit(struct rt_call *call, bool decoded);
/* input.c: content type, then path, query and body, all violations at once. */
const struct rt_problem *rt_call_input(struct rt_call *call);
/* input.c: what a cursor of another list is answered with. */
const struct rt_problem *rt_call_bad_cursor(struct rt_call *call);
/* dispatch.c: whether the route's `allow` holds of a record, or of the user when there is none. */
bool rt_call_allows(struct rt_call *call, const void *record);
/* auto.c: what route->automatic says, in a transaction. */
const struct rt_problem *rt_call_auto(struct rt_call *call);
/* idempotency.c: finds an earlier answer, or a contradiction; keeps the answer of this one. */
const struct rt_problem *rt_call_idempotent_find(struct rt_call *call, struct rt_txn *txn);
void rt_call_idempotent_keep(struct rt_call *call, struct rt_txn *txn);
/* audit.c: writes what concerns security into the log. */
void rt_call_audit(struct rt_call *call);
/* answer.c: sends the reply. The call is gone afterwards. */
void rt_call_answer(struct rt_call *call);
/* Whether If-Match lets a change of this version pass; true without the header. */
bool rt_call_if_match(const struct rt_call *call, int64_t version);
/* The JSON of a successful reply, appended. */
void rt_call_body(const struct rt_call *call, struct rt_buf *out);

/* A member of a record that holds text (a ref, an id) as a C string. */
static inline const char *rt_text_member(const struct rt_field *field, const void *record)
{
    return rt_field_get(field, record).s.data;
}

#endif
