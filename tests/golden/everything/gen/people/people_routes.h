// Generated from schema everything; do not edit.
/* The routes that are written by hand. A handler fills its reply and returns OK, or returns one
 * of the errors that the schema allows; then everything it wrote is undone. A record that the
 * path names is loaded (and its owner checked) before the call. */
#ifndef PEOPLE_ROUTES_H
#define PEOPLE_ROUTES_H

#include "gen/people/people_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

enum people_enter_result { PEOPLE_ENTER_OK, PEOPLE_ENTER_NOT_FOUND };
struct people_enter_work; /* the handler's own */
/* Runs on the worker pool before the handler, with a snapshot to read from; what it returns is
 * the handler's `work`. */
#line 36 "everything.tess"
struct people_enter_work *people_enter_work(struct rt_ctx *ctx, const struct people_login *login);
#line 22 "gen/people/people_routes.h"
/* POST /people/enter, everything.tess line 36; public. */
#line 36 "everything.tess"
enum people_enter_result people_enter(struct rt_ctx *ctx, const struct people_login *login,
                                      const struct people_enter_work *work,
                                      struct people_face *face);
#line 28 "gen/people/people_routes.h"

enum people_me_result { PEOPLE_ME_OK };
/* GET /people/me, everything.tess line 37. */
#line 37 "everything.tess"
enum people_me_result people_me(struct rt_ctx *ctx, struct people_face *face);
#line 34 "gen/people/people_routes.h"

enum people_greet_result { PEOPLE_GREET_OK };
/* POST /people/greetings, everything.tess line 41. */
#line 41 "everything.tess"
enum people_greet_result people_greet(struct rt_ctx *ctx);
#line 40 "gen/people/people_routes.h"

extern const struct rt_route people_routes[];

#ifdef __cplusplus
}
#endif

#endif
