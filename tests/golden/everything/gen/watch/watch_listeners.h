// Generated from schema everything; do not edit.
/* What runs without a request, each call in a transaction of its own. The functions are written
 * by hand; an event's effect and the note that it was taken are stored together. */
#ifndef WATCH_LISTENERS_H
#define WATCH_LISTENERS_H

#include "gen/things/things_events.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

/* On things.ThingMade, everything.tess line 179. */
#line 179 "everything.tess"
enum rt_listened watch_saw(struct rt_ctx *ctx, const struct things_thing_made *event);
#line 18 "gen/watch/watch_listeners.h"

/* On things.ThingMoved, everything.tess line 180. */
#line 180 "everything.tess"
enum rt_listened watch_followed(struct rt_ctx *ctx, const struct things_thing_moved *event);
#line 23 "gen/watch/watch_listeners.h"

/* On things.ThingTold, everything.tess line 181. */
#line 181 "everything.tess"
enum rt_listened watch_heard(struct rt_ctx *ctx, const struct things_thing_told *event);
#line 28 "gen/watch/watch_listeners.h"

extern const struct rt_listener watch_listeners[];
extern const struct rt_replica watch_replicas[];

#ifdef __cplusplus
}
#endif

#endif
