#include "runtime/channel/client/settling.h"

#include <stdlib.h>

#include <utlist.h>

#include "runtime/base/alloc.h"
#include "runtime/base/error.h"
#include "runtime/base/table.h"
#include "runtime/channel/protocol/frame.h"

enum state { SHOWN, GIVEN, STALE, AWAITED };

struct rt_settled {
    uint64_t sequence;
    enum state state;
    bool terminate;
    struct rt_str reason;           /* owned */
    struct rt_settled *prev, *next; /* of those given */
    UT_hash_handle hh;
};

static struct rt_settled *find(const struct rt_settling *settling, uint64_t sequence)
{
    struct rt_settled *settled;
    HASH_FIND(hh, settling->entries, &sequence, sizeof sequence, settled);
    return settled;
}

static void forget(struct rt_settling *settling, struct rt_settled *settled)
{
    HASH_DEL(settling->entries, settled);
    if (settled->state == GIVEN)
        DL_DELETE(settling->given, settled);
    free((void *)(uintptr_t)settled->reason.data);
    free(settled);
}

void rt_settling_done(struct rt_settling *settling)
{
    struct rt_settled *settled, *next;
    HASH_ITER (hh, settling->entries, settled, next)
        forget(settling, settled);
}

void rt_settling_begin(struct rt_settling *settling, uint64_t log_id)
{
    bool other = log_id != 0 && settling->log_id != 0 && log_id != settling->log_id;
    struct rt_settled *settled, *next;
    if (other) {
        HASH_ITER (hh, settling->entries, settled, next) {
            if (settled->state == GIVEN)
                forget(settling, settled);
            else
                settled->state = STALE;
        }
    }
    if (log_id != 0)
        settling->log_id = log_id;
    settling->unsent = settling->given;
}

bool rt_settling_show(struct rt_settling *settling, uint64_t sequence)
{
    struct rt_settled *settled = find(settling, sequence);
    if (!settled) {
        settled = rt_zalloc(sizeof *settled);
        settled->sequence = sequence;
        HASH_ADD(hh, settling->entries, sequence, sizeof settled->sequence, settled);
    }
    if (settled->state == STALE)
        settled->state = AWAITED;
    /* It comes again though its acknowledgement was sent: that did not count, or crossed it. */
    if (settled->state == GIVEN && settled != settling->unsent) {
        DL_DELETE(settling->given, settled);
        DL_APPEND(settling->given, settled);
        if (!settling->unsent)
            settling->unsent = settled;
    }
    return settled->state == SHOWN;
}

bool rt_settling_is_shown(const struct rt_settling *settling, uint64_t sequence)
{
    const struct rt_settled *settled = find(settling, sequence);
    return settled && settled->state == SHOWN;
}

/* The answer to what was shown of an earlier log ends here. Whether the channel has sent another
 * event under this sequence meanwhile. */
static bool forget_stale(struct rt_settling *settling, struct rt_settled *settled)
{
    bool awaited = settled->state == AWAITED;
    if (awaited || settled->state == STALE)
        forget(settling, settled);
    return awaited;
}

bool rt_settling_give(struct rt_settling *settling, uint64_t sequence, bool terminate,
                      struct rt_str reason)
{
    struct rt_settled *settled = find(settling, sequence);
    if (!settled)
        return false;
    if (settled->state != SHOWN)
        return forget_stale(settling, settled);
    settled->state = GIVEN;
    settled->terminate = terminate;
    if (terminate) {
        char *text = rt_alloc(reason.len + 1);
        settled->reason = rt_str_n(text, rt_pb_copy((uint8_t *)text, reason.len, reason));
    }
    DL_APPEND(settling->given, settled);
    if (!settling->unsent)
        settling->unsent = settled;
    return false;
}

bool rt_settling_nack(struct rt_settling *settling, uint64_t sequence)
{
    struct rt_settled *settled = find(settling, sequence);
    if (!settled)
        return false;
    if (settled->state != SHOWN)
        return forget_stale(settling, settled);
    forget(settling, settled);
    return true;
}

void rt_settling_again(struct rt_settling *settling)
{
    settling->unsent = settling->given;
}

void rt_settling_send(struct rt_settling *settling, uint32_t subscription, struct rt_buf *out)
{
    uint64_t sequences[RT_ACKS_MAX];
    size_t count = 0;
    for (; settling->unsent; settling->unsent = settling->unsent->next) {
        const struct rt_settled *settled = settling->unsent;
        if (!settled->terminate) {
            sequences[count++] = settled->sequence;
        } else {
            channel_Terminate terminate = {subscription, settled->sequence, {0}};
            RT_PB_SET(&terminate.reason, settled->reason);
            rt_frame_put(out, channel_FrameType_FRAME_TERMINATE, channel_Terminate_fields,
                         &terminate, (struct rt_bytes){0});
        }
        if (count < RT_ACKS_MAX)
            continue;
        rt_frame_put_acks(out, channel_FrameType_FRAME_ACK, subscription, sequences, count);
        count = 0;
    }
    rt_frame_put_acks(out, channel_FrameType_FRAME_ACK, subscription, sequences, count);
}

bool rt_settling_confirm(struct rt_settling *settling, uint64_t sequence)
{
    struct rt_settled *settled = find(settling, sequence);
    if (!settled || settled->state != GIVEN || settled == settling->unsent)
        return false;
    forget(settling, settled);
    return true;
}
