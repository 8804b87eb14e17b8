// Generated from schema community; do not edit.
/* The routes that are written by hand. A handler fills its reply and returns OK, or returns one
 * of the errors that the schema allows; then everything it wrote is undone. A record that the
 * path names is loaded (and its owner checked) before the call. */
#ifndef FORUM_ROUTES_H
#define FORUM_ROUTES_H

#include "gen/forum/forum_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

enum forum_sign_up_result { FORUM_SIGN_UP_OK, FORUM_SIGN_UP_NAME_TAKEN, FORUM_SIGN_UP_EMAIL_TAKEN };
struct forum_sign_up_work; /* the handler's own */
/* Runs on the worker pool before the handler, with a snapshot to read from; what it returns is
 * the handler's `work`. */
#line 91 "community.tess"
struct forum_sign_up_work *forum_sign_up_work(struct rt_ctx *ctx,
                                              const struct forum_new_person *person);
#line 23 "gen/forum/forum_routes.h"
/* POST /people, community.tess line 91; public. */
#line 91 "community.tess"
enum forum_sign_up_result forum_sign_up(struct rt_ctx *ctx, const struct forum_new_person *person,
                                        const struct forum_sign_up_work *work,
                                        struct forum_account *account);
#line 29 "gen/forum/forum_routes.h"

enum forum_sign_in_result { FORUM_SIGN_IN_OK, FORUM_SIGN_IN_WRONG_PASSWORD };
struct forum_sign_in_work; /* the handler's own */
/* Runs on the worker pool before the handler, with a snapshot to read from; what it returns is
 * the handler's `work`. */
#line 92 "community.tess"
struct forum_sign_in_work *forum_sign_in_work(struct rt_ctx *ctx,
                                              const struct forum_credentials *credentials);
#line 38 "gen/forum/forum_routes.h"
/* POST /people/session, community.tess line 92; public. */
#line 92 "community.tess"
enum forum_sign_in_result forum_sign_in(struct rt_ctx *ctx,
                                        const struct forum_credentials *credentials,
                                        const struct forum_sign_in_work *work,
                                        struct forum_account *account);
#line 45 "gen/forum/forum_routes.h"

enum forum_follow_result { FORUM_FOLLOW_OK, FORUM_FOLLOW_CANNOT_FOLLOW };
/* POST /people/:name/follow, community.tess line 95. */
#line 95 "community.tess"
enum forum_follow_result forum_follow(struct rt_ctx *ctx, struct forum_person *person);
#line 51 "gen/forum/forum_routes.h"

enum forum_unfollow_result { FORUM_UNFOLLOW_OK };
/* DELETE /people/:name/follow, community.tess line 96. */
#line 96 "community.tess"
enum forum_unfollow_result forum_unfollow(struct rt_ctx *ctx, struct forum_person *person);
#line 57 "gen/forum/forum_routes.h"

enum forum_retract_result { FORUM_RETRACT_OK };
/* DELETE /articles/:slug, community.tess line 104; the article is the signed-in user's (author). */
#line 104 "community.tess"
enum forum_retract_result forum_retract(struct rt_ctx *ctx, struct forum_article *article);
#line 63 "gen/forum/forum_routes.h"

enum forum_favour_result { FORUM_FAVOUR_OK };
/* POST /articles/:slug/favourite, community.tess line 105. */
#line 105 "community.tess"
enum forum_favour_result forum_favour(struct rt_ctx *ctx, struct forum_article *article,
                                      struct forum_written *written);
#line 70 "gen/forum/forum_routes.h"

enum forum_disfavour_result { FORUM_DISFAVOUR_OK };
/* DELETE /articles/:slug/favourite, community.tess line 106. */
#line 106 "community.tess"
enum forum_disfavour_result forum_disfavour(struct rt_ctx *ctx, struct forum_article *article,
                                            struct forum_written *written);
#line 77 "gen/forum/forum_routes.h"

enum forum_comment_result { FORUM_COMMENT_OK, FORUM_COMMENT_NOT_FOUND };
/* POST /comments, community.tess line 111. */
#line 111 "community.tess"
enum forum_comment_result forum_comment(struct rt_ctx *ctx, const struct forum_comment_input *input,
                                        struct forum_said *said);
#line 84 "gen/forum/forum_routes.h"

enum forum_feed_result { FORUM_FEED_OK };
/* GET /feed, community.tess line 116. */
#line 116 "community.tess"
enum forum_feed_result forum_feed(struct rt_ctx *ctx, const struct rt_paging *paging,
                                  struct rt_page *page);
#line 91 "gen/forum/forum_routes.h"

extern const struct rt_route forum_routes[];

#ifdef __cplusplus
}
#endif

#endif
