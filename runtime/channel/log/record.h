/*
 * The body of an event record: the fixed part that the log's readers (broker, command line,
 * verification) share. The record's header already holds the sequence; which kind number says
 * "event" is the broker's choice.
 *
 * Errors: decoding never trusts a length; a body that does not add up is RT_ECORRUPT.
 */
#ifndef RT_CHANNEL_LOG_RECORD_H
#define RT_CHANNEL_LOG_RECORD_H

#include "runtime/base/error.h"
#include "runtime/channel/log/batch.h"

enum {
    RT_LOG_SUBJECT_MAX = 255,   /* bytes */
    RT_LOG_KEY_MAX = 1024,      /* bytes */
    RT_LOG_PRODUCER_MAX = 255,  /* bytes */
    RT_LOG_HEADERS_MAX = 65535, /* bytes */
};

struct rt_log_event {
    int64_t time_ms;            /* when it happened, says its producer */
    uint64_t producer_sequence; /* 0: not deduplicated */
    struct rt_str subject;      /* 1..RT_LOG_SUBJECT_MAX bytes */
    struct rt_str key;          /* empty: no order to keep */
    struct rt_str producer;     /* empty: anonymous */
    struct rt_bytes headers;    /* opaque here */
    struct rt_bytes payload;
};

/* Bytes of the body that holds `event`. */
size_t rt_log_event_size(const struct rt_log_event *event);
/* RT_EINVAL or RT_ETOOBIG when a field breaks its bound; the batch is untouched then. */
int rt_log_event_append(struct rt_log_batch *batch, uint8_t kind, const struct rt_log_event *event,
                        uint64_t *ret_sequence);
/* Slices of `ret` borrow from `body`. */
int rt_log_event_decode(struct rt_bytes body, struct rt_log_event *ret);

#endif
