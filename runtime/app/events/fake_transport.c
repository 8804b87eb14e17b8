#include "runtime/app/events/fake_transport.h"

#include <stdio.h>

static int publish(struct rt_transport *transport, const struct rt_publish *publish)
{
    struct fake_transport *fake = (struct fake_transport *)transport;
    if (fake->n_published == fake->window)
        return RT_EAGAIN;
    snprintf(fake->keys[fake->n_published], sizeof fake->keys[0], "%.*s", (int)publish->key.len,
             publish->key.data);
    fake->published[fake->n_published++] = publish->sequence;
    return 0;
}

static int ack(struct rt_transport *transport, uint64_t sequence)
{
    struct fake_transport *fake = (struct fake_transport *)transport;
    fake->acked[fake->n_acked++] = sequence;
    return 0;
}

static int nack(struct rt_transport *transport, uint64_t sequence, int64_t delay_ms)
{
    struct fake_transport *fake = (struct fake_transport *)transport;
    fake->delays[fake->n_nacked] = delay_ms;
    fake->nacked[fake->n_nacked++] = sequence;
    return 0;
}

static int terminate(struct rt_transport *transport, uint64_t sequence, struct rt_str reason)
{
    struct fake_transport *fake = (struct fake_transport *)transport;
    (void)reason;
    fake->dead[fake->n_dead++] = sequence;
    return 0;
}

void fake_transport_init(struct fake_transport *fake, size_t window)
{
    static const struct rt_transport_ops ops = {
        .publish = publish, .ack = ack, .nack = nack, .terminate = terminate};
    *fake = (struct fake_transport){.base.ops = &ops, .window = window};
}
