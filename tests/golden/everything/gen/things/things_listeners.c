// Generated from schema everything; do not edit.
#include "gen/things/things_listeners.h"

#include "gen/things/things_events.h"
#include "gen/things/things_store.h"

static const struct rt_event_type things_thing_ended = {
    .name = "ThingEnded",
    .subject = THINGS_THING_ENDED_SUBJECT,
    .message = &things_thing_ended_message,
};

static enum rt_listened on_ended(struct rt_ctx *ctx, const void *event)
{
    return things_ended(ctx, event);
}

const struct rt_listener things_listeners[] = {
    {.name = "ended", .event = &things_thing_ended, .handle = on_ended},
};

static void at_end(struct rt_ctx *ctx, void *record)
{
    things_end(ctx, record);
}

const struct rt_timer things_timers[] = {
    {
        .name = "end",
        .model = &things_thing_model,
        .index = &things_thing_indexes[THINGS_THING_END],
        .handle = at_end,
    },
};
