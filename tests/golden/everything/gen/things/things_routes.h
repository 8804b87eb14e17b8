// Generated from schema everything; do not edit.
/* The routes that are written by hand. A handler fills its reply and returns OK, or returns one
 * of the errors that the schema allows; then everything it wrote is undone. A record that the
 * path names is loaded (and its owner checked) before the call. */
#ifndef THINGS_ROUTES_H
#define THINGS_ROUTES_H

#include "gen/things/things_events.h"
#include "gen/things/things_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

enum things_list_result { THINGS_LIST_OK };
/* GET /things, everything.tess line 156; of the signed-in user. */
#line 156 "everything.tess"
enum things_list_result things_list(struct rt_ctx *ctx, const struct things_list_query *query,
                                    const struct rt_paging *paging, struct rt_page *page);
#line 22 "gen/things/things_routes.h"

enum things_make_result { THINGS_MAKE_OK, THINGS_MAKE_TOO_LATE, THINGS_MAKE_TOO_EARLY };
/* POST /things, everything.tess line 158. Emits ThingMade. */
#line 158 "everything.tess"
enum things_make_result things_make(struct rt_ctx *ctx, const struct things_thing_input *input,
                                    struct things_shown *shown);
#line 29 "gen/things/things_routes.h"

enum things_change_result { THINGS_CHANGE_OK, THINGS_CHANGE_TOO_LATE };
/* PUT /things/:id, everything.tess line 159; the thing is the signed-in user's (owner). Emits
 * ThingMoved, ThingTold. */
#line 159 "everything.tess"
enum things_change_result things_change(struct rt_ctx *ctx, const struct things_thing_input *input,
                                        struct things_thing *thing, struct things_shown *shown);
#line 37 "gen/things/things_routes.h"

enum things_remove_result { THINGS_REMOVE_OK };
/* DELETE /things/:id, everything.tess line 160; the thing is the signed-in user's (owner). */
#line 160 "everything.tess"
enum things_remove_result things_remove(struct rt_ctx *ctx, struct things_thing *thing);
#line 43 "gen/things/things_routes.h"

enum things_values_result { THINGS_VALUES_OK };
struct things_values_work; /* the handler's own */
/* Runs on the worker pool before the handler, with a snapshot to read from; what it returns is
 * the handler's `work`. */
#line 161 "everything.tess"
struct things_values_work *things_values_work(struct rt_ctx *ctx, const char *index,
                                              const struct things_values *values);
#line 52 "gen/things/things_routes.h"
/* POST /things/:id/values/:index, everything.tess line 161. */
#line 161 "everything.tess"
enum things_values_result things_values(struct rt_ctx *ctx, const char *index,
                                        const struct things_values *values,
                                        const struct things_values_work *work,
                                        struct things_thing *thing,
                                        struct things_values *values_reply);
#line 60 "gen/things/things_routes.h"

enum things_report_result { THINGS_REPORT_OK };
/* POST /things/:id/report, everything.tess line 162. */
#line 162 "everything.tess"
enum things_report_result things_report(struct rt_ctx *ctx, const struct things_report *report,
                                        struct things_thing *thing,
                                        struct things_report *report_reply);
#line 68 "gen/things/things_routes.h"

extern const struct rt_route things_routes[];

#ifdef __cplusplus
}
#endif

#endif
