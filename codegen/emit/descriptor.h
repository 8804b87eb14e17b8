/*
 * The descriptors of the emitted .proto files: the part of schema.binpb that any protobuf tool
 * reads.
 */
#ifndef TS_EMIT_DESCRIPTOR_H
#define TS_EMIT_DESCRIPTOR_H

#include "codegen/model/model.h"
#include "runtime/base/arena.h"
#include "runtime/base/buf.h"

/* Appends the files of a google.protobuf.FileDescriptorSet, each after those it imports. */
void ts_put_descriptors(const struct ts_model *model, struct rt_buf *out, struct rt_arena *arena);

#endif
