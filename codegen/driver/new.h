/*
 * A new project that builds and serves at once, from the files in deploy/template.
 *
 * Threads: one at a time.
 */
#ifndef TS_NEW_H
#define TS_NEW_H

#include "runtime/base/error.h"

/* Makes the folder `name` with a schema of that name and all that it takes but for gen/. RT_EINVAL
 * when the name cannot be a schema's, RT_EEXIST when there is something of that name, RT_EIO when
 * a file cannot be written; the reason is in `error`. Nothing is removed after a failure. */
int ts_new(const char *name, struct rt_error *error);

#endif
