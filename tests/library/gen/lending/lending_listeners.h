// Generated from schema library; do not edit.
/* What runs without a request, each call in a transaction of its own. The functions are written
 * by hand; an event's effect and the note that it was taken are stored together. */
#ifndef LENDING_LISTENERS_H
#define LENDING_LISTENERS_H

#include "gen/lending/lending_events.h"
#include "gen/lending/lending_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A loan not returned in time is marked, once.
 * Once the time in Loan.due_at has come, library.tess line 136. Emits LoanChanged. */
#line 136 "library.tess"
void lending_overdue(struct rt_ctx *ctx, struct lending_loan *loan);
#line 20 "gen/lending/lending_listeners.h"

extern const struct rt_replica lending_replicas[];
extern const struct rt_timer lending_timers[];

#ifdef __cplusplus
}
#endif

#endif
