/*
 * Limits of the channel. What a peer may send is bounded here, and so is what one may cost.
 */
#ifndef RT_CHANNEL_LIMITS_H
#define RT_CHANNEL_LIMITS_H

#include <stddef.h>
#include <stdint.h>

enum {
    RT_CHANNEL_VERSION = 1,

    RT_NAME_MAX = 128,    /* bytes of a client's or subscription's name */
    RT_TOKEN_MAX = 128,   /* bytes */
    RT_SUBJECT_MAX = 255, /* bytes */
    RT_KEY_MAX = 255,     /* bytes */
    RT_MESSAGE_ID_MAX = 128,
    RT_REASON_MAX = 255,
    RT_FILTERS_MAX = 32, /* of one subscription */
    RT_BACKOFF_MAX = 16, /* entries of a backoff list */
    RT_ACKS_MAX = 256,   /* sequences in one ACK frame */

    RT_FRAME_PREFIX = 8,         /* bytes in front of a frame's header */
    RT_FRAME_HEADER_MAX = 16384, /* bytes of a header; Subscribe is the largest */

    RT_HEARTBEAT_MS = 2000,
    RT_HEARTBEATS_MISSED = 3, /* silence of this many heartbeats is death */
    RT_HELLO_WAIT_MS = 5000,  /* for the first frame of a connection */

    RT_ACK_WAIT_MS = 30000,
    RT_MAX_DELIVER = 20,
    RT_NACK_MS = 200, /* after a first nack without delay or backoff; doubled each time, so that the
                         20 deliveries last a day */
    RT_FORMER_MS = 10 * 60 * 1000, /* a merged filter stays so long without a member that has it */
    RT_DELAY_MAX_MS = 24 * 3600 * 1000,

    RT_WINDOW_MESSAGES = 256,           /* default credit of a subscriber */
    RT_WINDOW_MESSAGES_MAX = 65536,     /* more is cut to this */
    RT_UNSETTLED_MAX = 1 << 20,         /* of a subscription; its cursor waits beyond */
    RT_UNSETTLED_ALL_MAX = 1 << 21,     /* of all together; beyond, each may have its part */
    RT_SUBSCRIPTIONS_MAX = 16384,       /* of the broker */
    RT_AHEAD_MAX = 1 << 20,             /* how far above the cursor an acknowledgement may be */
    RT_SUBSCRIPTIONS_PER_CONN_MAX = 64, /* on one connection */
    RT_DEAD_LIST_MAX = 10000            /* dead letters in one request */
};

#define RT_PAYLOAD_MAX          ((size_t)1 << 20)  /* default, bytes of one event */
#define RT_PAYLOAD_MAX_MAX      ((size_t)7 << 20)  /* what the option may raise it to */
#define RT_WINDOW_BYTES         ((size_t)8 << 20)  /* default credit of a subscriber */
#define RT_PAGE_BYTES           ((size_t)1 << 20)  /* of an answer, and one more item */
#define RT_ANSWER_MAX           ((size_t)11 << 20) /* the largest event in base64, and more */
#define RT_PUBLISH_WINDOW       ((size_t)16384)    /* unconfirmed events a client keeps */
#define RT_PUBLISH_WINDOW_BYTES ((size_t)16 << 20)
#define RT_OUT_HIGH_BYTES       ((size_t)1 << 20)  /* unread output: no more deliveries */
#define RT_BATCH_HIGH_BYTES     ((size_t)16 << 20) /* waiting for the log: stop reading */
#define RT_CACHE_BYTES          ((size_t)64 << 20) /* default for events kept in memory */

#endif
