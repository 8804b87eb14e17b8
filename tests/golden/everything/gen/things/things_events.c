// Generated from schema everything; do not edit.
#include "gen/things/things_events.h"

static const ProtobufCFieldDescriptor point_pb[] = {
    RT_PB_NUMBER(things_point, x, 1, DOUBLE),
    RT_PB_NUMBER(things_point, y, 2, DOUBLE),
};
static const ProtobufCIntRange point_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits point_x_limits = {.min_f64 = -90, .max_f64 = 90};
const struct rt_field things_point_fields[] = {
    RT_FIELD(things_point, x, 1, "x", .kind = RT_F64, .flags = RT_FIELD_RANGE,
             .limits = &point_x_limits),
    RT_FIELD(things_point, y, 2, "y", .kind = RT_F64),
};
const struct rt_message things_point_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.Point", things_point, point_pb, 2, point_ranges, 1),
    .name = "Point",
    .fields = things_point_fields,
    .n_fields = 2,
};

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

static const ProtobufCFieldDescriptor thing_moved_way_entry_pb[] = {
    RT_PB_STRING(things_thing_moved_way_entry, key, 1),
    RT_PB_MESSAGE(things_thing_moved_way_entry, value, 2, &things_point_message),
};
static const ProtobufCIntRange thing_moved_way_entry_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits thing_moved_way_entry_key_limits = {.min = 1, .max = 10};
const struct rt_field things_thing_moved_way_entry_fields[] = {
    RT_FIELD(things_thing_moved_way_entry, key, 1, "key", .kind = RT_STRING,
             .flags = RT_FIELD_RANGE, .limits = &thing_moved_way_entry_key_limits),
    RT_FIELD(things_thing_moved_way_entry, value, 2, "value", .kind = RT_MESSAGE,
             .message = &things_point_message),
};
static const struct rt_message things_thing_moved_way_entry_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ThingMovedWayEntry", things_thing_moved_way_entry,
                           thing_moved_way_entry_pb, 2, thing_moved_way_entry_ranges, 1),
    .name = "ThingMovedWayEntry",
    .fields = things_thing_moved_way_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor thing_moved_pb[] = {
    RT_PB_STRING(things_thing_moved, id, 1), /* in order of number */
    RT_PB_ENUM(things_thing_moved, colour, 4),
    RT_PB_NUMBER(things_thing_moved, gone_at, 7, INT64),
    RT_PB_NUMBER(things_thing_moved, version, 12, INT64),
    RT_PB_LIST(things_thing_moved, tags, 13, STRING, NULL),
    RT_PB_LIST(things_thing_moved, marks, 14, INT32, NULL),
    RT_PB_LIST(things_thing_moved, way, 15, MESSAGE, &things_thing_moved_way_entry_message.pb),
    RT_PB_OPTIONAL_NUMBER(things_thing_moved, stars, 16, UINT32),
};
static const ProtobufCIntRange thing_moved_ranges[] = {{1, 0}, {4, 1}, {7, 2}, {12, 3}, {0, 8}};
static const struct rt_limits thing_tags_limits = {.min = 1, .max = 9, .items_max = 5};
static const struct rt_limits thing_marks_limits = {.min = 1, .max = 100, .items_max = 300};
static const struct rt_limits thing_way_limits = {.items_max = 3};
static const struct rt_limits thing_stars_limits = {.max = 5};
const struct rt_field things_thing_moved_fields[] = {
    RT_FIELD(things_thing_moved, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(things_thing_moved, colour, 4, "colour", .kind = RT_ENUM,
             .enumeration = &everything_colour_enum),
    RT_FIELD_MANY(things_thing_moved, tags, 13, "tags", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE, .limits = &thing_tags_limits),
    RT_FIELD_MANY(things_thing_moved, marks, 14, "marks", .shape = RT_LIST, .kind = RT_I32,
                  .flags = RT_FIELD_RANGE, .limits = &thing_marks_limits),
    RT_FIELD_MANY(things_thing_moved, way, 15, "way", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &things_thing_moved_way_entry_message, .limits = &thing_way_limits),
    RT_FIELD_HAS(things_thing_moved, stars, 16, "stars", .kind = RT_U32, .flags = RT_FIELD_HAS_MAX,
                 .limits = &thing_stars_limits),
    RT_FIELD(things_thing_moved, gone_at, 7, "goneAt", .kind = RT_TIME),
    RT_FIELD(things_thing_moved, version, 12, "version", .kind = RT_VERSION),
};
const struct rt_message things_thing_moved_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ThingMoved", things_thing_moved, thing_moved_pb, 8,
                           thing_moved_ranges, 4),
    .name = "ThingMoved",
    .fields = things_thing_moved_fields,
    .n_fields = 8,
};

static const ProtobufCFieldDescriptor thing_told_pb[] = {
    RT_PB_STRING(things_thing_told, id, 1),
    RT_PB_NUMBER(things_thing_told, version, 12, INT64),
    RT_PB_OPTIONAL_STRING(things_thing_told, story, 17),
};
static const ProtobufCIntRange thing_told_ranges[] = {{1, 0}, {12, 1}, {17, 2}, {0, 3}};
static const struct rt_limits thing_story_limits = {.max = 20000};
const struct rt_field things_thing_told_fields[] = {
    RT_FIELD(things_thing_told, id, 1, "id", .kind = RT_ID),
    RT_FIELD(things_thing_told, story, 17, "story", .shape = RT_OPTIONAL, .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX, .limits = &thing_story_limits),
    RT_FIELD(things_thing_told, version, 12, "version", .kind = RT_VERSION),
};
const struct rt_message things_thing_told_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ThingTold", things_thing_told, thing_told_pb, 3,
                           thing_told_ranges, 3),
    .name = "ThingTold",
    .fields = things_thing_told_fields,
    .n_fields = 3,
};
