// Generated from schema everything; do not edit.
#include "gen/things/things_events.h"

static const ProtobufCFieldDescriptor thing_made_pb[] = {
    RT_PB_STRING(things_thing_made, id, 1),
    RT_PB_STRING(things_thing_made, owner, 2),
    RT_PB_STRING(things_thing_made, name, 3),
    RT_PB_NUMBER(things_thing_made, version, 12, INT64),
};
static const ProtobufCIntRange thing_made_ranges[] = {{1, 0}, {12, 3}, {0, 4}};
static const struct rt_limits thing_name_limits = {.min = 1, .max = 80};
const struct rt_field things_thing_made_fields[] = {
    RT_FIELD(things_thing_made, id, 1, "id", .kind = RT_ID),
    RT_FIELD(things_thing_made, owner, 2, "owner", .kind = RT_REF),
    RT_FIELD(things_thing_made, name, 3, "name", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &thing_name_limits),
    RT_FIELD(things_thing_made, version, 12, "version", .kind = RT_VERSION),
};
const struct rt_message things_thing_made_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ThingMade", things_thing_made, thing_made_pb, 4,
                           thing_made_ranges, 2),
    .name = "ThingMade",
    .fields = things_thing_made_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor thing_ended_pb[] = {
    RT_PB_STRING(things_thing_ended, id, 1),
    RT_PB_STRING(things_thing_ended, owner, 2),
    RT_PB_NUMBER(things_thing_ended, done, 8, BOOL),
    RT_PB_NUMBER(things_thing_ended, version, 12, INT64),
};
static const ProtobufCIntRange thing_ended_ranges[] = {{1, 0}, {8, 2}, {12, 3}, {0, 4}};
const struct rt_field things_thing_ended_fields[] = {
    RT_FIELD(things_thing_ended, id, 1, "id", .kind = RT_ID),
    RT_FIELD(things_thing_ended, owner, 2, "owner", .kind = RT_REF),
    RT_FIELD(things_thing_ended, done, 8, "done", .kind = RT_BOOL),
    RT_FIELD(things_thing_ended, version, 12, "version", .kind = RT_VERSION),
};
const struct rt_message things_thing_ended_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ThingEnded", things_thing_ended, thing_ended_pb, 4,
                           thing_ended_ranges, 3),
    .name = "ThingEnded",
    .fields = things_thing_ended_fields,
    .n_fields = 4,
};
