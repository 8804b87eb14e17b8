/*
 * The emitters, each in a file of its own: from the checked model to files in memory. They never
 * fail, never look at the disk, and never report a diagnostic. The table in emit.c names them.
 *
 * Threads: one at a time for an output.
 */
#ifndef TS_EMITTERS_H
#define TS_EMITTERS_H

#include "codegen/model/model.h"
#include "codegen/write/output.h"

void ts_emit_c(const struct ts_model *model, struct ts_output *output);
void ts_emit_meson(const struct ts_model *model, struct ts_output *output);
void ts_emit_proto(const struct ts_model *model, struct ts_output *output);
void ts_emit_schema(const struct ts_model *model, struct ts_output *output);
void ts_emit_services(const struct ts_model *model, struct ts_output *output);
void ts_emit_permissions(const struct ts_model *model, struct ts_output *output);
void ts_emit_nginx(const struct ts_model *model, struct ts_output *output);

#endif
