/*
 * Pages of other sites, as far as the schema's `cors` names them: what their browsers get
 * (Fetch Standard, section 3.2).
 * Threads: the loop's.
 */
#ifndef RT_APP_REQUEST_CORS_H
#define RT_APP_REQUEST_CORS_H

#include "runtime/app/request/dispatch.h"

/* Whether a page of that origin may call; of one without `credentials` in the schema, only
 * requests without a cookie. */
bool rt_cors_admits(const struct rt_cors *cors, const struct rt_exchange *exchange);
/* Sends a reply with what the browser of such a page has to know. */
void rt_cors_reply(const struct rt_cors *cors, struct rt_exchange *exchange,
                   const struct rt_reply *reply);
/* Answers OPTIONS: the methods of a path, and of a preflight what may be sent. */
void rt_cors_options(const struct rt_cors *cors, struct rt_exchange *exchange, struct rt_str allow);

#endif
