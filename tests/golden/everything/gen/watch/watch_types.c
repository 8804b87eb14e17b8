// Generated from schema everything; do not edit.
#include "gen/watch/watch_types.h"

static const ProtobufCFieldDescriptor thing_pb[] = {
    RT_PB_STRING(watch_thing, id, 1),
    RT_PB_STRING(watch_thing, name, 3),
    RT_PB_NUMBER(watch_thing, version, 12, INT64),
};
static const ProtobufCIntRange thing_ranges[] = {{1, 0}, {3, 1}, {12, 2}, {0, 3}};
static const struct rt_limits thing_name_limits = {.min = 1, .max = 80};
const struct rt_field watch_thing_fields[] = {
    RT_FIELD(watch_thing, id, 1, "id", .kind = RT_ID),
    RT_FIELD(watch_thing, name, 3, "name", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &thing_name_limits),
    RT_FIELD(watch_thing, version, 12, "version", .kind = RT_VERSION),
};
const struct rt_message watch_thing_message = {
    .pb = RT_PB_DESCRIPTOR("everything.watch.Thing", watch_thing, thing_pb, 3, thing_ranges, 3),
    .name = "Thing",
    .fields = watch_thing_fields,
    .n_fields = 3,
};
