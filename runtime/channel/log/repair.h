/*
 * Reading a whole log to see whether it is whole, and making a damaged one usable again.
 *
 * What repair does: where records that had been durable cannot be read any more, marks of the
 * same sequences take their place, so that everything before and after them stays where it is and
 * the log opens. What was in them is lost, and repair says so, sequence by sequence. It never
 * cuts off what follows. A damaged segment header is made again from its copy, a lost end of a
 * file from its header. A segment behind which there are only spares, and that is missing or cannot
 * be read at all, is given up; a missing one between others is beyond it.
 *
 * A torn tail is no damage; opening the log cuts it.
 *
 * Threads: one at a time. No process may have the log open (RT_EEXIST).
 */
#ifndef RT_CHANNEL_LOG_REPAIR_H
#define RT_CHANNEL_LOG_REPAIR_H

#include "runtime/base/error.h"
#include "runtime/channel/log/batch.h"

struct rt_log_io;

struct rt_log_inspection {
    const char *dir;
    const struct rt_log_io *io; /* NULL for the system's */
    /* Each thing that is wrong, a sentence with file and offset. May be NULL. */
    void (*finding)(void *arg, const char *text);
    /* Each whole record in order, marks and gaps included. May be NULL. Negative stops. */
    int (*record)(void *arg, const struct rt_log_record *record);
    void *arg;
};

struct rt_log_report {
    uint64_t segments, spares;
    uint64_t records, marks; /* read whole */
    uint64_t gaps, removed;  /* places where records were removed, and how many these were */
    uint64_t bytes;          /* of all those */
    uint64_t first, last;    /* sequences; last < first: none */
    uint64_t checkpoint;     /* sequence of the newest valid one, 0: none */
    uint64_t damages;        /* places */
    uint64_t lost;           /* records in them */
};

/* Reads every record; changes nothing. 0: whole; RT_ECORRUPT: `ret` and the findings say what is
 * damaged; any other error: it could not be read. `ret` is filled in all cases. */
int rt_log_verify(const struct rt_log_inspection *inspection, struct rt_log_report *ret,
                  struct rt_error *error);
/* The same, replacing what is damaged. 0: the log can be opened now. */
int rt_log_repair(const struct rt_log_inspection *inspection, struct rt_log_report *ret,
                  struct rt_error *error);

#endif
