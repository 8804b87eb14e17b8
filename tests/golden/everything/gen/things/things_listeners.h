// Generated from schema everything; do not edit.
/* What runs without a request, each call in a transaction of its own. The functions are written
 * by hand; an event's effect and the note that it was taken are stored together. */
#ifndef THINGS_LISTENERS_H
#define THINGS_LISTENERS_H

#include "gen/things/things_events.h"
#include "gen/things/things_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* On things.ThingEnded, everything.tess line 167. */
#line 167 "everything.tess"
enum rt_listened things_ended(struct rt_ctx *ctx, const struct things_thing_ended *event);
#line 19 "gen/things/things_listeners.h"

/* Once the time in Thing.ends_at has come, everything.tess line 165. Emits ThingEnded. */
#line 165 "everything.tess"
void things_end(struct rt_ctx *ctx, struct things_thing *thing);
#line 24 "gen/things/things_listeners.h"

extern const struct rt_listener things_listeners[];
extern const struct rt_timer things_timers[];

#ifdef __cplusplus
}
#endif

#endif
