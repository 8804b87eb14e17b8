/* `tessera breaking`: compares two schemas and prints what the change breaks and for whom. */
#ifndef TS_DRIVER_BREAKING_H
#define TS_DRIVER_BREAKING_H

#include "codegen/driver/compile.h"

struct ts_breaking_request {
    const char *old_path; /* NULL with `against` */
    const char *new_path;
    const char *against; /* a revision of git in which `new_path` is the old schema; or NULL */
    enum ts_diag_format format;
};

/* Returns the exit status of the command: 0 nothing breaks, 1 something does or a schema has
 * errors, 3 a file that cannot be read. Prints on both outputs. */
int ts_breaking_run(const struct ts_breaking_request *request);

#endif
