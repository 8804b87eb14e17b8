// Generated from schema everything; do not edit.
#include "gen/watch/watch_listeners.h"

#include "gen/things/things_events.h"
#include "gen/watch/watch_store.h"

static const struct rt_event_type things_thing_made = {
    .name = "ThingMade",
    .subject = THINGS_THING_MADE_SUBJECT,
    .message = &things_thing_made_message,
};

static const struct rt_event_type things_thing_moved = {
    .name = "ThingMoved",
    .subject = THINGS_THING_MOVED_SUBJECT,
    .message = &things_thing_moved_message,
};

static const struct rt_event_type things_thing_told = {
    .name = "ThingTold",
    .subject = THINGS_THING_TOLD_SUBJECT,
    .message = &things_thing_told_message,
};

static const struct rt_step guard_saw_where[] = {
    {RT_STEP_FIELD, .field = &things_thing_made_fields[2]}, /* name */
    {RT_STEP_TEXT, .text = "none"},                         /* a constant */
    {.op = RT_STEP_NE, .of = RT_CLASS_TEXT},                /* != */
    {RT_STEP_FIELD, .field = &things_thing_made_fields[3]}, /* version */
    {RT_STEP_INT, .integer = 1},                            /* 1 */
    {RT_STEP_INT, .integer = 2},                            /* 2 */
    {.op = RT_STEP_IN, .n = 2},                             /* in */
    {.op = RT_STEP_AND},                                    /* and */
};

static enum rt_listened on_saw(struct rt_ctx *ctx, const void *event)
{
    return watch_saw(ctx, event);
}

static enum rt_listened on_followed(struct rt_ctx *ctx, const void *event)
{
    return watch_followed(ctx, event);
}

static enum rt_listened on_heard(struct rt_ctx *ctx, const void *event)
{
    return watch_heard(ctx, event);
}

const struct rt_listener watch_listeners[] = {
    {
        .name = "saw",
        .event = &things_thing_made,
        .where = RT_EXPR(guard_saw_where),
        .handle = on_saw,
    },
    {.name = "followed", .event = &things_thing_moved, .handle = on_followed},
    {.name = "heard", .event = &things_thing_told, .handle = on_heard},
};

static const struct rt_event_type *const thing_sources[] = {&things_thing_made};

const struct rt_replica watch_replicas[] = {
    {.model = &watch_thing_model, .events = thing_sources, .n_events = 1},
};
