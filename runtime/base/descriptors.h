/*
 * How many files a process may have open, and how many of them may be connections. What a client
 * can open must leave room for what the process itself needs to open, or a client could end it.
 *
 * Threads: any, but raise once, before anything is opened.
 */
#ifndef RT_BASE_DESCRIPTORS_H
#define RT_BASE_DESCRIPTORS_H

#include <stddef.h>

/* Raises the soft limit of the process (RLIMIT_NOFILE) to its hard limit, as far as it can, and
 * returns what it is then. */
size_t rt_descriptors_raise(void);

/* Of `limit` descriptors, those that connections may take. Kept back are a fifth, which is what
 * LevelDB allows itself for tables that it does not map, and RT_DESCRIPTORS_OWN for logs, the
 * listener, the channel and files of a moment. 0: the limit is too low to serve anybody. */
size_t rt_descriptors_for_connections(size_t limit);

enum { RT_DESCRIPTORS_OWN = 64 };

#endif
