// Generated from schema ticketing; do not edit.
/* The routes that are written by hand. A handler fills its reply and returns OK, or returns one
 * of the errors that the schema allows; then everything it wrote is undone. A record that the
 * path names is loaded (and its owner checked) before the call. */
#ifndef AUTH_ROUTES_H
#define AUTH_ROUTES_H

#include "gen/auth/auth_events.h"
#include "gen/auth/auth_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

enum auth_signup_result { AUTH_SIGNUP_OK, AUTH_SIGNUP_EMAIL_IN_USE };
struct auth_signup_work; /* the handler's own */
/* Runs on the worker pool before the handler, with a snapshot to read from; what it returns is
 * the handler's `work`. */
#line 54 "ticketing.tess"
struct auth_signup_work *auth_signup_work(struct rt_ctx *ctx,
                                          const struct auth_credentials *credentials);
#line 24 "gen/auth/auth_routes.h"
/* POST /api/users/signup, ticketing.tess line 54; public. Emits SessionRevoked. */
#line 54 "ticketing.tess"
enum auth_signup_result auth_signup(struct rt_ctx *ctx, const struct auth_credentials *credentials,
                                    const struct auth_signup_work *work,
                                    struct auth_current_user *user);
#line 30 "gen/auth/auth_routes.h"

enum auth_signin_result { AUTH_SIGNIN_OK, AUTH_SIGNIN_INVALID_CREDENTIALS };
struct auth_signin_work; /* the handler's own */
/* Runs on the worker pool before the handler, with a snapshot to read from; what it returns is
 * the handler's `work`. */
#line 55 "ticketing.tess"
struct auth_signin_work *auth_signin_work(struct rt_ctx *ctx,
                                          const struct auth_credentials *credentials);
#line 39 "gen/auth/auth_routes.h"
/* POST /api/users/signin, ticketing.tess line 55; public. Emits SessionRevoked. */
#line 55 "ticketing.tess"
enum auth_signin_result auth_signin(struct rt_ctx *ctx, const struct auth_credentials *credentials,
                                    const struct auth_signin_work *work,
                                    struct auth_current_user *user);
#line 45 "gen/auth/auth_routes.h"

enum auth_signout_result { AUTH_SIGNOUT_OK };
/* POST /api/users/signout, ticketing.tess line 56. Emits SessionRevoked. */
#line 56 "ticketing.tess"
enum auth_signout_result auth_signout(struct rt_ctx *ctx);
#line 51 "gen/auth/auth_routes.h"

enum auth_current_user_result { AUTH_CURRENT_USER_OK };
/* GET /api/users/currentuser, ticketing.tess line 57; public. */
#line 57 "ticketing.tess"
enum auth_current_user_result auth_current_user(struct rt_ctx *ctx,
                                                struct auth_current_user_reply *reply);
#line 58 "gen/auth/auth_routes.h"

extern const struct rt_route auth_routes[];

#ifdef __cplusplus
}
#endif

#endif
