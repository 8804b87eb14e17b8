#include "codegen/emit.h"

void ts_emit_all(const struct ts_model *model, struct ts_output *output)
{
    (void)model;
    (void)output;
}
