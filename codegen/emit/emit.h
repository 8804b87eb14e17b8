/*
 * The emitters: one file emit_x.c per kind of artifact, each a function from the checked model to
 * files in memory. They never fail, never look at the disk, and never report a diagnostic.
 */
#ifndef TS_EMIT_H
#define TS_EMIT_H

#include "codegen/model/model.h"
#include "codegen/write/output.h"

/* Runs every emitter. */
void ts_emit_all(const struct ts_model *model, struct ts_output *output);

void ts_emit_c(const struct ts_model *model, struct ts_output *output); /* and meson.build */
void ts_emit_proto(const struct ts_model *model, struct ts_output *output);
void ts_emit_nginx(const struct ts_model *model, struct ts_output *output);
void ts_emit_services(const struct ts_model *model, struct ts_output *output); /* services.txt */
void ts_emit_schema(const struct ts_model *model, struct ts_output *output);   /* schema.binpb */

#endif
