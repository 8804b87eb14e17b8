/* A transport that only notes what it was asked, for the tests of this directory. */
#ifndef RT_APP_EVENTS_FAKE_TRANSPORT_H
#define RT_APP_EVENTS_FAKE_TRANSPORT_H

#include "runtime/channel/transport.h"

enum { FAKE_MAX = 1024 };

struct fake_transport {
    struct rt_transport base; /* first */
    size_t window;            /* publishes it takes before RT_EAGAIN */
    uint64_t published[FAKE_MAX];
    char keys[FAKE_MAX][40];
    size_t n_published;
    uint64_t acked[FAKE_MAX];
    size_t n_acked;
    uint64_t nacked[FAKE_MAX];
    int64_t delays[FAKE_MAX];
    size_t n_nacked;
    uint64_t dead[FAKE_MAX];
    size_t n_dead;
};

void fake_transport_init(struct fake_transport *fake, size_t window);

#endif
