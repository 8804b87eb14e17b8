/*
 * Errors. A fallible function returns 0 or a negative enum rt_err; what a person needs to know
 * goes into a struct rt_error of the caller's. Outputs are untouched on failure.
 *
 * Threads: no shared state. Libraries never log or exit; the one exception is rt_panic, for an
 * exhausted heap and for broken invariants, where going on could acknowledge what is not durable.
 */
#ifndef RT_BASE_ERROR_H
#define RT_BASE_ERROR_H

#include <stdarg.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum rt_err {
    RT_EINVAL = -1,       /* malformed input or argument */
    RT_ENOTFOUND = -2,    /* no such key, file, name */
    RT_EEXIST = -3,       /* already there, unique index violated */
    RT_ECONFLICT = -4,    /* version or state differs from what was expected */
    RT_ETOOBIG = -5,      /* over a stated limit */
    RT_ECORRUPT = -6,     /* stored bytes fail their check */
    RT_EIO = -7,          /* the operating system refused a read, write or sync */
    RT_EAGAIN = -8,       /* not now: queue full, would block, disk full; try again later */
    RT_ECLOSED = -9,      /* the resource is closing or closed */
    RT_EDENIED = -10,     /* not allowed */
    RT_ETIMEOUT = -11,    /* a deadline passed */
    RT_EUNSUPPORTED = -12 /* known, but not by this version */
};

enum { RT_ERROR_MESSAGE_MAX = 512 };

struct rt_error {
    int code; /* 0 or enum rt_err */
    char message[RT_ERROR_MESSAGE_MAX];
};

/* Before a prototype: its result must be looked at. */
#define RT_MUST_USE __attribute__((warn_unused_result))

/* Before a prototype: it does not return. */
#define RT_NO_RETURN __attribute__((noreturn))

/* Fills `error` (which may be NULL) and returns `code`, so that a caller can write
 * `return rt_error_set(error, RT_EINVAL, ...)`. A message over the bound is cut. */
int rt_error_set(struct rt_error *error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A static name such as "RT_EIO"; never NULL. */
const char *rt_err_name(int code);

/* Prints one line to stderr and aborts. */
RT_NO_RETURN void rt_panic(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What must hold in every build; never fed by input. */
#define RT_ASSERT(condition)                                                                       \
    ((condition) ? (void)0                                                                         \
                 : rt_panic("%s:%d: broken invariant: %s", __FILE__, __LINE__, #condition))

#ifdef __cplusplus
}
#endif

#endif
