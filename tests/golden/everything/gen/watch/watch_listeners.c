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

static const char *const guard_saw_name[] = {"none"};
static const int64_t guard_saw_version[] = {1, 2};
static const struct rt_condition guard_saw_where[] = {
    {
        .field = 2 /* name */,
        .op = RT_NOT_IN,
        .texts = guard_saw_name,
        .n_values = 1,
    },
    {
        .field = 3 /* version */,
        .op = RT_IN,
        .values = guard_saw_version,
        .n_values = 2,
    },
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
        .where = guard_saw_where,
        .n_where = 2,
        .handle = on_saw,
    },
    {.name = "followed", .event = &things_thing_moved, .handle = on_followed},
    {.name = "heard", .event = &things_thing_told, .handle = on_heard},
};

static const struct rt_event_type *const thing_sources[] = {&things_thing_made};

const struct rt_replica watch_replicas[] = {
    {.model = &watch_thing_model, .events = thing_sources, .n_events = 1},
};
