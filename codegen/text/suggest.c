#include "codegen/text/suggest.h"

void ts_suggest_help(const struct rt_suggest *suggest, struct ts_diag *diag)
{
    if (suggest->best)
        ts_help(diag, "did you mean `%s`?", suggest->best);
}
