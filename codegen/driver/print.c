#include "codegen/driver/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "codegen/text/limits.h"

int ts_print_system_error(const struct rt_error *error)
{
    fprintf(stderr, "tessera: %s\n", error->message);
    return TS_EXIT_SYSTEM;
}

void ts_print_diagnostics(struct ts_diags *diags, enum ts_diag_format format)
{
    struct rt_buf out = {0};
    ts_diags_print(diags, format, isatty(STDERR_FILENO) && !getenv("NO_COLOR"), &out);
    size_t errors = diags->n_errors;
    size_t warnings = diags->n_warnings;
    if (format == TS_FORMAT_PRETTY && errors + warnings > 0)
        rt_buf_printf(&out, "%zu error%s, %zu warning%s", errors, errors == 1 ? "" : "s", warnings,
                      warnings == 1 ? "" : "s");
    if (format == TS_FORMAT_PRETTY && errors + warnings > TS_LIMIT_DIAGNOSTICS)
        rt_buf_printf(&out, "; the first %d are shown, %zu more are not", TS_LIMIT_DIAGNOSTICS,
                      errors + warnings - TS_LIMIT_DIAGNOSTICS);
    if (format == TS_FORMAT_PRETTY && errors + warnings > 0)
        rt_buf_byte(&out, '\n');
    if (out.len > 0)
        fwrite(out.data, 1, out.len, stderr);
    rt_buf_done(&out);
}
