// Generated from schema library; do not edit.
/* The routes that are written by hand. A handler fills its reply and returns OK, or returns one
 * of the errors that the schema allows; then everything it wrote is undone. A record that the
 * path names is loaded (and its owner checked) before the call. */
#ifndef LENDING_ROUTES_H
#define LENDING_ROUTES_H

#include "gen/lending/lending_events.h"
#include "gen/lending/lending_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lending_lend_result {
    LENDING_LEND_OK,
    LENDING_LEND_TOO_MANY_LOANS,
    LENDING_LEND_BOOK_LENT,
    LENDING_LEND_NOT_FOUND,
};
/* At most so many books at a time as the setting says, and each of them only once.
 * POST /loans, library.tess line 126; public. Emits LoanMade. */
#line 126 "library.tess"
enum lending_lend_result lending_lend(struct rt_ctx *ctx, const struct lending_loan_input *input,
                                      struct lending_loan *loan);
#line 28 "gen/lending/lending_routes.h"

enum lending_at_home_result { LENDING_AT_HOME_OK };
/* What members have at home, soonest due first; of one member, if asked.
 * GET /at-home, library.tess line 132; public. */
#line 132 "library.tess"
enum lending_at_home_result lending_at_home(struct rt_ctx *ctx,
                                            const struct lending_at_home_query *query,
                                            const struct rt_paging *paging, struct rt_page *page);
#line 37 "gen/lending/lending_routes.h"

extern const struct rt_route lending_routes[];

#ifdef __cplusplus
}
#endif

#endif
