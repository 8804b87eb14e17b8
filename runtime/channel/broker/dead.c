/* Dead letters: copies of what was given up, under "$dead:<subscription>:<subject>". */
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/channel/broker/state.h"

void rt_dead_note(struct rt_broker *broker, uint64_t sequence, int64_t died_ms)
{
    struct rt_dead *dead;
    HASH_FIND(hh, broker->dead, &sequence, sizeof sequence, dead);
    if (dead)
        return;
    dead = rt_zalloc(sizeof *dead);
    dead->sequence = sequence;
    dead->died_ms = died_ms;
    HASH_ADD(hh, broker->dead, sequence, sizeof dead->sequence, dead);
}

void rt_dead_drop(struct rt_broker *broker, uint64_t sequence)
{
    struct rt_dead *dead;
    HASH_FIND(hh, broker->dead, &sequence, sizeof sequence, dead);
    if (!dead)
        return;
    HASH_DEL(broker->dead, dead);
    free(dead);
}

static bool over_limit(const struct rt_broker *broker, const struct rt_dead *oldest)
{
    const struct rt_broker_options *options = &broker->options;
    return (options->dead_max > 0 && HASH_COUNT(broker->dead) > options->dead_max) ||
           (options->dead_age_ms > 0 && oldest->died_ms > 0 &&
            rt_broker_age_clock(broker) - oldest->died_ms >= options->dead_age_ms);
}

void rt_dead_limit(struct rt_broker *broker)
{
    record_Settled drop = {0};
    const size_t most = sizeof drop.sequences / sizeof *drop.sequences;
    /* uthash keeps the order of insertion, which is that of sequences. */
    while (broker->dead && over_limit(broker, broker->dead)) {
        drop.sequences[drop.sequences_count++] = broker->dead->sequence;
        rt_dead_drop(broker, broker->dead->sequence);
        broker->dead_expired++;
        if (drop.sequences_count == most || !broker->dead || !over_limit(broker, broker->dead)) {
            rt_record_append(broker, record_Kind_KIND_DEAD_DROP, record_Settled_fields, &drop);
            drop.sequences_count = 0;
        }
    }
    if (broker->dead && broker->options.dead_age_ms > 0 && broker->dead->died_ms > 0)
        rt_broker_wake_at(broker, broker->now_ms + broker->dead->died_ms +
                                      broker->options.dead_age_ms - rt_broker_age_clock(broker));
}

uint64_t rt_dead_append(struct rt_sub *sub, struct rt_entry *entry,
                        const struct rt_log_event *event)
{
    struct rt_broker *broker = sub->broker;
    char subject[RT_SUBJECT_MAX];
    size_t len = 0;
    struct rt_str parts[] = {RT_STR("$dead:"), sub->name, RT_STR(":"), event->subject};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        len += rt_pb_copy((uint8_t *)subject + len, sizeof subject - len, parts[i]);

    record_EventExtra extra = {.dead_sequence = entry->sequence,
                               .dead_attempts = entry->attempts,
                               .dead_time_ms = rt_broker_age_clock(broker)};
    RT_PB_SET(&extra.dead_subscription, sub->name);
    RT_PB_SET(&extra.dead_reason, rt_str(entry->reason));
    RT_PB_SET(&extra.dead_producer, event->producer);
    RT_PB_SET(&extra.dead_subject, event->subject);
    struct rt_log_event copy = {
        .time_ms = event->time_ms,
        .subject = rt_str_n(subject, len),
        .key = event->key,
        .producer = event->producer,
        .payload = event->payload,
    };
    uint64_t sequence = rt_record_event(broker, &copy, &extra);
    rt_dead_note(broker, sequence, extra.dead_time_ms);
    rt_dead_limit(broker);
    sub->dead++;
    if (entry->confirm)
        rt_pending_push(broker, (struct rt_pending){.record = sequence,
                                                    .conn = entry->confirm,
                                                    .sequence = entry->sequence,
                                                    .local = entry->confirm_local});
    return sequence;
}
