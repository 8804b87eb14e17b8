/*
 * "Did you mean" as a line of help.
 */
#ifndef TS_SUGGEST_H
#define TS_SUGGEST_H

#include "codegen/text/diag.h"
#include "runtime/base/suggest.h"

/* Adds the help line when something was near. */
void ts_suggest_help(const struct rt_suggest *suggest, struct ts_diag *diag);

#endif
