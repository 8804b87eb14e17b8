// Generated from schema everything; do not edit.
#include "gen/things/things_publish.h"

void things_publish_thing_made(struct rt_txn *txn, const struct things_thing *thing)
{
    struct things_thing_made event = THINGS_THING_MADE_INIT;
    rt_message_pick(thing, &event, txn->arena);
    rt_txn_publish(txn, &things_thing_model, thing, RT_STR(THINGS_THING_MADE_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_thing_made(struct rt_txn *txn, const void *record)
{
    things_publish_thing_made(txn, record);
}

const struct rt_event_type things_thing_made_event = {
    .name = "ThingMade",
    .subject = THINGS_THING_MADE_SUBJECT,
    .message = &things_thing_made_message,
    .model = &things_thing_model,
    .publish = publish_thing_made,
};

void things_publish_thing_ended(struct rt_txn *txn, const struct things_thing *thing)
{
    struct things_thing_ended event = THINGS_THING_ENDED_INIT;
    rt_message_pick(thing, &event, txn->arena);
    rt_txn_publish(txn, &things_thing_model, thing, RT_STR(THINGS_THING_ENDED_SUBJECT),
                   rt_str(event.owner), &event);
}

static void publish_thing_ended(struct rt_txn *txn, const void *record)
{
    things_publish_thing_ended(txn, record);
}

const struct rt_event_type things_thing_ended_event = {
    .name = "ThingEnded",
    .subject = THINGS_THING_ENDED_SUBJECT,
    .message = &things_thing_ended_message,
    .model = &things_thing_model,
    .publish = publish_thing_ended,
};

void things_publish_thing_moved(struct rt_txn *txn, const struct things_thing *thing)
{
    struct things_thing_moved event = THINGS_THING_MOVED_INIT;
    rt_message_pick(thing, &event, txn->arena);
    rt_txn_publish(txn, &things_thing_model, thing, RT_STR(THINGS_THING_MOVED_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_thing_moved(struct rt_txn *txn, const void *record)
{
    things_publish_thing_moved(txn, record);
}

const struct rt_event_type things_thing_moved_event = {
    .name = "ThingMoved",
    .subject = THINGS_THING_MOVED_SUBJECT,
    .message = &things_thing_moved_message,
    .model = &things_thing_model,
    .publish = publish_thing_moved,
};

void things_publish_thing_told(struct rt_txn *txn, const struct things_thing *thing)
{
    struct things_thing_told event = THINGS_THING_TOLD_INIT;
    rt_message_pick(thing, &event, txn->arena);
    rt_txn_publish(txn, &things_thing_model, thing, RT_STR(THINGS_THING_TOLD_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_thing_told(struct rt_txn *txn, const void *record)
{
    things_publish_thing_told(txn, record);
}

const struct rt_event_type things_thing_told_event = {
    .name = "ThingTold",
    .subject = THINGS_THING_TOLD_SUBJECT,
    .message = &things_thing_told_message,
    .model = &things_thing_model,
    .publish = publish_thing_told,
};
