/* What all commands print in the same way, and their exit status. */
#ifndef TS_PRINT_H
#define TS_PRINT_H

#include "codegen/text/diag.h"

enum { TS_EXIT_FINE, TS_EXIT_ERRORS, TS_EXIT_USAGE, TS_EXIT_SYSTEM };

/* Prints what was found on the standard error, and a last line with its count. */
void ts_print_diagnostics(struct ts_diags *diags, enum ts_diag_format format);
/* "tessera: ..."; returns TS_EXIT_SYSTEM. */
int ts_print_system_error(const struct rt_error *error);

#endif
