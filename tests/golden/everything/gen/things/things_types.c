// Generated from schema everything; do not edit.
#include "gen/things/things_types.h"

#include "runtime/wire/expr.h"

static const ProtobufCFieldDescriptor report_counts_entry_pb[] = {
    RT_PB_STRING(things_report_counts_entry, key, 1),
    RT_PB_NUMBER(things_report_counts_entry, value, 2, UINT32),
};
static const ProtobufCIntRange report_counts_entry_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits report_counts_entry_key_limits = {.min = 1, .max = 6};
const struct rt_field things_report_counts_entry_fields[] = {
    RT_FIELD(things_report_counts_entry, key, 1, "key", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &report_counts_entry_key_limits),
    RT_FIELD(things_report_counts_entry, value, 2, "value", .kind = RT_U32),
};
static const struct rt_message things_report_counts_entry_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ReportCountsEntry", things_report_counts_entry,
                           report_counts_entry_pb, 2, report_counts_entry_ranges, 1),
    .name = "ReportCountsEntry",
    .fields = things_report_counts_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor report_points_entry_pb[] = {
    RT_PB_STRING(things_report_points_entry, key, 1),
    RT_PB_MESSAGE(things_report_points_entry, value, 2, &things_point_message),
};
static const ProtobufCIntRange report_points_entry_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits report_points_entry_key_limits = {.min = 1, .max = 6};
const struct rt_field things_report_points_entry_fields[] = {
    RT_FIELD(things_report_points_entry, key, 1, "key", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &report_points_entry_key_limits),
    RT_FIELD(things_report_points_entry, value, 2, "value", .kind = RT_MESSAGE,
             .message = &things_point_message),
};
static const struct rt_message things_report_points_entry_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ReportPointsEntry", things_report_points_entry,
                           report_points_entry_pb, 2, report_points_entry_ranges, 1),
    .name = "ReportPointsEntry",
    .fields = things_report_points_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor report_texts_entry_pb[] = {
    RT_PB_STRING(things_report_texts_entry, key, 1),
    RT_PB_STRING(things_report_texts_entry, value, 2),
};
static const ProtobufCIntRange report_texts_entry_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits report_texts_entry_key_limits = {.min = 1, .max = 2};
static const struct rt_limits report_texts_entry_value_limits = {.max = 5};
const struct rt_field things_report_texts_entry_fields[] = {
    RT_FIELD(things_report_texts_entry, key, 1, "key", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &report_texts_entry_key_limits),
    RT_FIELD(things_report_texts_entry, value, 2, "value", .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX, .limits = &report_texts_entry_value_limits),
};
static const struct rt_message things_report_texts_entry_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ReportTextsEntry", things_report_texts_entry,
                           report_texts_entry_pb, 2, report_texts_entry_ranges, 1),
    .name = "ReportTextsEntry",
    .fields = things_report_texts_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor report_pb[] = {
    RT_PB_STRING(things_report, sensor, 1), /* in order of number */
    RT_PB_NUMBER(things_report, at, 2, INT64),
    RT_PB_NUMBER(things_report, day, 3, INT32),
    RT_PB_NUMBER(things_report, battery, 4, INT64),
    RT_PB_NUMBER(things_report, on, 5, BOOL),
    RT_PB_NUMBER(things_report, steps, 6, INT32),
    RT_PB_NUMBER(things_report, total, 7, INT64),
    RT_PB_NUMBER(things_report, ticks, 8, UINT32),
    RT_PB_NUMBER(things_report, serial, 9, UINT64),
    RT_PB_ENUM(things_report, colour, 10),
    RT_PB_NUMBER(things_report, uptime, 11, INT64),
    RT_PB_STRING(things_report, name, 12),
    RT_PB_BYTES(things_report, raw, 13),
    RT_PB_MESSAGE(things_report, place, 14, &things_point_message),
    RT_PB_OPTIONAL_STRING(things_report, maybe_name, 15),
    RT_PB_OPTIONAL_NUMBER(things_report, maybe_on, 16, BOOL),
    RT_PB_OPTIONAL_NUMBER(things_report, maybe_raw, 17, BYTES),
    RT_PB_MESSAGE(things_report, maybe_place, 18, &things_point_message),
    RT_PB_OPTIONAL_ENUM(things_report, maybe_colour, 19),
    RT_PB_OPTIONAL_NUMBER(things_report, maybe_total, 20, INT64),
    RT_PB_LIST(things_report, flags, 21, BOOL, NULL),
    RT_PB_LIST(things_report, samples, 22, DOUBLE, NULL),
    RT_PB_LIST(things_report, lines, 23, STRING, NULL),
    RT_PB_LIST(things_report, path, 24, MESSAGE, &things_point_message.pb),
    RT_PB_LIST(things_report, colours, 25, ENUM, &rt_pb_any_enum),
    RT_PB_LIST(things_report, blobs, 26, BYTES, NULL),
    RT_PB_LIST(things_report, counts, 30, MESSAGE, &things_report_counts_entry_message.pb),
    RT_PB_LIST(things_report, points, 31, MESSAGE, &things_report_points_entry_message.pb),
    RT_PB_LIST(things_report, texts, 1000, MESSAGE, &things_report_texts_entry_message.pb),
};
static const ProtobufCIntRange report_ranges[] = {{1, 0}, {30, 26}, {1000, 28}, {0, 29}};
static const struct rt_limits report_battery_limits = {.min = 0, .max = 1000};
static const struct rt_limits report_name_limits = {.min = 1, .max = 20};
static const struct rt_limits report_raw_limits = {.max = 12};
static const struct rt_limits report_maybe_name_limits = {.max = 8};
static const struct rt_limits report_maybe_raw_limits = {.max = 4};
static const struct rt_limits report_flags_limits = {.items_max = 3};
static const struct rt_limits report_samples_limits = {.items_min = 1, .items_max = 16};
static const struct rt_limits report_lines_limits = {.max = 10, .items_max = 4};
static const struct rt_limits report_path_limits = {.items_max = 5};
static const struct rt_limits report_colours_limits = {.items_max = 4};
static const struct rt_limits report_blobs_limits = {.min = 2, .max = 3, .items_max = 2};
static const struct rt_limits report_counts_limits = {.items_max = 4};
static const struct rt_limits report_points_limits = {.items_max = 2};
static const struct rt_limits report_texts_limits = {.items_max = 2};
const struct rt_field things_report_fields[] = {
    RT_FIELD(things_report, sensor, 1, "sensor", .kind = RT_REF), /* in schema order */
    RT_FIELD(things_report, at, 2, "at", .kind = RT_TIME),
    RT_FIELD(things_report, day, 3, "day", .kind = RT_DATE),
    RT_FIELD(things_report, battery, 4, "battery", .kind = RT_DECIMAL, .scale = 1,
             .flags = RT_FIELD_RANGE, .limits = &report_battery_limits),
    RT_FIELD(things_report, on, 5, "on", .kind = RT_BOOL),
    RT_FIELD(things_report, steps, 6, "steps", .kind = RT_I32),
    RT_FIELD(things_report, total, 7, "total", .kind = RT_I64),
    RT_FIELD(things_report, ticks, 8, "ticks", .kind = RT_U32),
    RT_FIELD(things_report, serial, 9, "serial", .kind = RT_U64),
    RT_FIELD(things_report, colour, 10, "colour", .kind = RT_ENUM,
             .enumeration = &everything_colour_enum),
    RT_FIELD(things_report, uptime, 11, "uptime", .kind = RT_DURATION),
    RT_FIELD(things_report, name, 12, "name", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &report_name_limits),
    RT_FIELD(things_report, raw, 13, "raw", .kind = RT_BYTES, .flags = RT_FIELD_HAS_MAX,
             .limits = &report_raw_limits),
    RT_FIELD(things_report, place, 14, "place", .kind = RT_MESSAGE,
             .message = &things_point_message),
    RT_FIELD(things_report, maybe_name, 15, "maybeName", .shape = RT_OPTIONAL, .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX, .limits = &report_maybe_name_limits),
    RT_FIELD_HAS(things_report, maybe_on, 16, "maybeOn", .kind = RT_BOOL),
    RT_FIELD_HAS(things_report, maybe_raw, 17, "maybeRaw", .kind = RT_BYTES,
                 .flags = RT_FIELD_HAS_MAX, .limits = &report_maybe_raw_limits),
    RT_FIELD(things_report, maybe_place, 18, "maybePlace", .shape = RT_OPTIONAL, .kind = RT_MESSAGE,
             .message = &things_point_message),
    RT_FIELD_HAS(things_report, maybe_colour, 19, "maybeColour", .kind = RT_ENUM,
                 .enumeration = &everything_colour_enum),
    RT_FIELD_HAS(things_report, maybe_total, 20, "maybeTotal", .kind = RT_I64),
    RT_FIELD_MANY(things_report, flags, 21, "flags", .shape = RT_LIST, .kind = RT_BOOL,
                  .limits = &report_flags_limits),
    RT_FIELD_MANY(things_report, samples, 22, "samples", .shape = RT_LIST, .kind = RT_F64,
                  .limits = &report_samples_limits),
    RT_FIELD_MANY(things_report, lines, 23, "lines", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_UNIQUE_ITEMS | RT_FIELD_HAS_MAX,
                  .limits = &report_lines_limits),
    RT_FIELD_MANY(things_report, path, 24, "path", .shape = RT_LIST, .kind = RT_MESSAGE,
                  .message = &things_point_message, .limits = &report_path_limits),
    RT_FIELD_MANY(things_report, colours, 25, "colours", .shape = RT_LIST, .kind = RT_ENUM,
                  .enumeration = &everything_colour_enum, .limits = &report_colours_limits),
    RT_FIELD_MANY(things_report, blobs, 26, "blobs", .shape = RT_LIST, .kind = RT_BYTES,
                  .flags = RT_FIELD_RANGE, .limits = &report_blobs_limits),
    RT_FIELD_MANY(things_report, counts, 30, "counts", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &things_report_counts_entry_message, .limits = &report_counts_limits),
    RT_FIELD_MANY(things_report, points, 31, "points", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &things_report_points_entry_message, .limits = &report_points_limits),
    RT_FIELD_MANY(things_report, texts, 1000, "texts", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &things_report_texts_entry_message, .limits = &report_texts_limits),
};
const struct rt_message things_report_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.Report", things_report, report_pb, 29, report_ranges,
                           3),
    .name = "Report",
    .fields = things_report_fields,
    .n_fields = 29,
};

static const ProtobufCFieldDescriptor name_pb[] = {
    RT_PB_STRING(things_name, name, 3),
    RT_PB_ENUM(things_name, colour, 4),
};
static const ProtobufCIntRange name_ranges[] = {{3, 0}, {0, 2}};
static const struct rt_limits thing_name_limits = {.min = 1, .max = 80};
static const enum everything_colour name_colour_default = EVERYTHING_COLOUR_RED;
const struct rt_field things_name_fields[] = {
    RT_FIELD(things_name, name, 3, "name", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &thing_name_limits),
    RT_FIELD(things_name, colour, 4, "colour", .kind = RT_ENUM,
             .enumeration = &everything_colour_enum, .flags = RT_FIELD_DEFAULT,
             .fallback = &name_colour_default),
};
const struct rt_message things_name_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.Name", things_name, name_pb, 2, name_ranges, 1),
    .name = "Name",
    .fields = things_name_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor values_by_name_entry_pb[] = {
    RT_PB_STRING(things_values_by_name_entry, key, 1),
    RT_PB_MESSAGE(things_values_by_name_entry, value, 2, &things_point_message),
};
static const ProtobufCIntRange values_by_name_entry_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits values_by_name_entry_key_limits = {.min = 1, .max = 10};
const struct rt_field things_values_by_name_entry_fields[] = {
    RT_FIELD(things_values_by_name_entry, key, 1, "key", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &values_by_name_entry_key_limits),
    RT_FIELD(things_values_by_name_entry, value, 2, "value", .kind = RT_MESSAGE,
             .message = &things_point_message),
};
static const struct rt_message things_values_by_name_entry_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ValuesByNameEntry", things_values_by_name_entry,
                           values_by_name_entry_pb, 2, values_by_name_entry_ranges, 1),
    .name = "ValuesByNameEntry",
    .fields = things_values_by_name_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor values_totals_entry_pb[] = {
    RT_PB_STRING(things_values_totals_entry, key, 1),
    RT_PB_NUMBER(things_values_totals_entry, value, 2, INT64),
};
static const ProtobufCIntRange values_totals_entry_ranges[] = {{1, 0}, {0, 2}};
const struct rt_field things_values_totals_entry_fields[] = {
    RT_FIELD(things_values_totals_entry, key, 1, "key", .kind = RT_STRING),
    RT_FIELD(things_values_totals_entry, value, 2, "value", .kind = RT_DECIMAL, .scale = 2),
};
static const struct rt_message things_values_totals_entry_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ValuesTotalsEntry", things_values_totals_entry,
                           values_totals_entry_pb, 2, values_totals_entry_ranges, 1),
    .name = "ValuesTotalsEntry",
    .fields = things_values_totals_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor values_pb[] = {
    RT_PB_NUMBER(things_values, yes, 1, BOOL), /* in order of number */
    RT_PB_NUMBER(things_values, small, 2, INT32),
    RT_PB_NUMBER(things_values, large, 3, INT64),
    RT_PB_NUMBER(things_values, count, 4, UINT32),
    RT_PB_NUMBER(things_values, huge, 5, UINT64),
    RT_PB_NUMBER(things_values, ratio, 6, DOUBLE),
    RT_PB_NUMBER(things_values, amount, 7, INT64),
    RT_PB_STRING(things_values, text, 8),
    RT_PB_STRING(things_values, link, 9),
    RT_PB_BYTES(things_values, raw, 10),
    RT_PB_NUMBER(things_values, day, 11, INT32),
    RT_PB_NUMBER(things_values, span, 12, INT64),
    RT_PB_ENUM(things_values, colour, 13),
    RT_PB_MESSAGE(things_values, point, 14, &things_point_message),
    RT_PB_OPTIONAL_NUMBER(things_values, maybe_yes, 15, BOOL),
    RT_PB_OPTIONAL_NUMBER(things_values, maybe_large, 16, INT64),
    RT_PB_OPTIONAL_NUMBER(things_values, maybe_raw, 17, BYTES),
    RT_PB_OPTIONAL_ENUM(things_values, maybe_colour, 18),
    RT_PB_MESSAGE(things_values, maybe_point, 19, &things_point_message),
    RT_PB_OPTIONAL_STRING(things_values, maybe_text, 20),
    RT_PB_LIST(things_values, flags, 21, BOOL, NULL),
    RT_PB_LIST(things_values, numbers, 22, INT64, NULL),
    RT_PB_LIST(things_values, texts, 23, STRING, NULL),
    RT_PB_LIST(things_values, colours, 24, ENUM, &rt_pb_any_enum),
    RT_PB_LIST(things_values, points, 25, MESSAGE, &things_point_message.pb),
    RT_PB_LIST(things_values, by_name, 30, MESSAGE, &things_values_by_name_entry_message.pb),
    RT_PB_LIST(things_values, totals, 31, MESSAGE, &things_values_totals_entry_message.pb),
    RT_PB_STRING(things_values, code, 40),
};
static const ProtobufCIntRange values_ranges[] = {{1, 0}, {30, 25}, {40, 27}, {0, 28}};
static const int32_t values_small_default = -5;
static const uint32_t values_count_default = 7;
static const struct rt_limits values_huge_limits = {.max = UINT64_C(9000000000000000)};
static const double values_ratio_default = 0.5;
static const struct rt_limits values_amount_limits = {.min = -1000, .max = 1000};
static const struct rt_limits values_link_limits = {.max = 200, .format = RT_FORMAT_URL};
static const struct rt_limits values_raw_limits = {.max = 16};
static const struct rt_limits values_span_limits = {.min = 1000, .max = 86400000};
static const enum everything_colour values_colour_default = EVERYTHING_COLOUR_GREEN;
static const struct rt_limits values_numbers_limits = {.items_max = 20};
static const struct rt_limits values_texts_limits = {
    .min = 1,
    .max = 9,
    .items_min = 1,
    .items_max = 9,
};
static const struct rt_limits values_points_limits = {.items_max = 10};
static const struct rt_limits values_totals_limits = {.items_max = 5};
static const struct rt_limits values_code_limits = {
    .min = 4,
    .max = 12,
    .pattern = "[A-Z]+-[0-9]{2,}",
};
const struct rt_field things_values_fields[] = {
    RT_FIELD(things_values, yes, 1, "yes", .kind = RT_BOOL), /* in schema order */
    RT_FIELD(things_values, small, 2, "small", .kind = RT_I32, .flags = RT_FIELD_DEFAULT,
             .fallback = &values_small_default),
    RT_FIELD(things_values, large, 3, "large", .kind = RT_I64),
    RT_FIELD(things_values, count, 4, "count", .kind = RT_U32, .flags = RT_FIELD_DEFAULT,
             .fallback = &values_count_default),
    RT_FIELD(things_values, huge, 5, "huge", .kind = RT_U64, .flags = RT_FIELD_HAS_MAX,
             .limits = &values_huge_limits),
    RT_FIELD(things_values, ratio, 6, "ratio", .kind = RT_F64, .flags = RT_FIELD_DEFAULT,
             .fallback = &values_ratio_default),
    RT_FIELD(things_values, amount, 7, "amount", .kind = RT_DECIMAL, .scale = 3,
             .flags = RT_FIELD_RANGE, .limits = &values_amount_limits),
    RT_FIELD(things_values, text, 8, "text", .kind = RT_STRING, .flags = RT_FIELD_DEFAULT,
             .fallback = "none"),
    RT_FIELD(things_values, link, 9, "link", .kind = RT_STRING, .flags = RT_FIELD_HAS_MAX,
             .limits = &values_link_limits),
    RT_FIELD(things_values, raw, 10, "raw", .kind = RT_BYTES, .flags = RT_FIELD_HAS_MAX,
             .limits = &values_raw_limits),
    RT_FIELD(things_values, day, 11, "day", .kind = RT_DATE),
    RT_FIELD(things_values, span, 12, "span", .kind = RT_DURATION, .flags = RT_FIELD_RANGE,
             .limits = &values_span_limits),
    RT_FIELD(things_values, colour, 13, "colour", .kind = RT_ENUM,
             .enumeration = &everything_colour_enum, .flags = RT_FIELD_DEFAULT,
             .fallback = &values_colour_default),
    RT_FIELD(things_values, point, 14, "point", .kind = RT_MESSAGE,
             .message = &things_point_message),
    RT_FIELD_HAS(things_values, maybe_yes, 15, "maybeYes", .kind = RT_BOOL),
    RT_FIELD_HAS(things_values, maybe_large, 16, "maybeLarge", .kind = RT_I64),
    RT_FIELD_HAS(things_values, maybe_raw, 17, "maybeRaw", .kind = RT_BYTES),
    RT_FIELD_HAS(things_values, maybe_colour, 18, "maybeColour", .kind = RT_ENUM,
                 .enumeration = &everything_colour_enum),
    RT_FIELD(things_values, maybe_point, 19, "maybePoint", .shape = RT_OPTIONAL, .kind = RT_MESSAGE,
             .message = &things_point_message),
    RT_FIELD(things_values, maybe_text, 20, "maybeText", .shape = RT_OPTIONAL, .kind = RT_STRING),
    RT_FIELD_MANY(things_values, flags, 21, "flags", .shape = RT_LIST, .kind = RT_BOOL),
    RT_FIELD_MANY(things_values, numbers, 22, "numbers", .shape = RT_LIST, .kind = RT_I64,
                  .flags = RT_FIELD_UNIQUE_ITEMS, .limits = &values_numbers_limits),
    RT_FIELD_MANY(things_values, texts, 23, "texts", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_RANGE, .limits = &values_texts_limits),
    RT_FIELD_MANY(things_values, colours, 24, "colours", .shape = RT_LIST, .kind = RT_ENUM,
                  .enumeration = &everything_colour_enum),
    RT_FIELD_MANY(things_values, points, 25, "points", .shape = RT_LIST, .kind = RT_MESSAGE,
                  .message = &things_point_message, .limits = &values_points_limits),
    RT_FIELD_MANY(things_values, by_name, 30, "byName", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &things_values_by_name_entry_message),
    RT_FIELD_MANY(things_values, totals, 31, "totals", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &things_values_totals_entry_message, .limits = &values_totals_limits),
    RT_FIELD(things_values, code, 40, "code", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &values_code_limits),
};
static const struct rt_step values_large_not_small_rule[] = {
    {RT_STEP_FIELD, .field = &things_values_fields[2]},
    {RT_STEP_FIELD, .field = &things_values_fields[15]},
    {.op = RT_STEP_GT},
};
static const struct rt_step values_later_rule[] = {
    {RT_STEP_FIELD, .field = &things_values_fields[15]},
    {RT_STEP_FIELD, .field = &things_values_fields[2]},
    {.op = RT_STEP_GE},
};
static const struct rt_step values_whole_rule[] = {
    {RT_STEP_FIELD, .field = &things_values_fields[0]},    /* yes */
    {RT_STEP_FIELD, .field = &things_values_fields[14]},   /* maybe_yes */
    {.op = RT_STEP_OR},                                    /* or */
    {.op = RT_STEP_NOT},                                   /* not */
    {RT_STEP_MESSAGE, .field = &things_values_fields[13]}, /* point */
    {RT_STEP_WITHIN, .field = &things_point_fields[0]},    /* x */
    {RT_STEP_REAL, .real = 0},                             /* 0 */
    {.op = RT_STEP_GT, .of = RT_CLASS_REAL},               /* > */
    {RT_STEP_FIELD, .field = &things_values_fields[6]},    /* amount */
    {RT_STEP_FIELD, .field = &things_values_fields[1]},    /* small */
    {.op = RT_STEP_MUL},                                   /* * */
    {RT_STEP_INT, .integer = 1000},                        /* 1.000 */
    {.op = RT_STEP_ADD},                                   /* + */
    {RT_STEP_INT, .integer = 2500},                        /* 2.500 */
    {.op = RT_STEP_NE},                                    /* != */
    {.op = RT_STEP_AND},                                   /* and */
    {.op = RT_STEP_OR},                                    /* or */
};
static const struct rt_rule values_rules[] = {
    {
        .name = "large_not_small",
        .pointer = "/large",
        .text = "Large must be larger",
        .condition = RT_EXPR(values_large_not_small_rule),
    },
    {
        .name = "later",
        .pointer = "/maybeLarge",
        .text = "Must not shrink",
        .condition = RT_EXPR(values_later_rule),
    },
    {
        .name = "whole",
        .pointer = "/yes",
        .text = "Must fit together",
        .condition = RT_EXPR(values_whole_rule),
    },
};
const struct rt_message things_values_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.Values", things_values, values_pb, 28, values_ranges,
                           3),
    .name = "Values",
    .fields = things_values_fields,
    .n_fields = 28,
    .rules = values_rules,
    .n_rules = 3,
};

static const ProtobufCFieldDescriptor thing_way_entry_pb[] = {
    RT_PB_STRING(things_thing_way_entry, key, 1),
    RT_PB_MESSAGE(things_thing_way_entry, value, 2, &things_point_message),
};
static const ProtobufCIntRange thing_way_entry_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits thing_way_entry_key_limits = {.min = 1, .max = 10};
const struct rt_field things_thing_way_entry_fields[] = {
    RT_FIELD(things_thing_way_entry, key, 1, "key", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &thing_way_entry_key_limits),
    RT_FIELD(things_thing_way_entry, value, 2, "value", .kind = RT_MESSAGE,
             .message = &things_point_message),
};
static const struct rt_message things_thing_way_entry_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ThingWayEntry", things_thing_way_entry,
                           thing_way_entry_pb, 2, thing_way_entry_ranges, 1),
    .name = "ThingWayEntry",
    .fields = things_thing_way_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor thing_pb[] = {
    RT_PB_STRING(things_thing, id, 1), /* in order of number */
    RT_PB_STRING(things_thing, owner, 2),
    RT_PB_STRING(things_thing, name, 3),
    RT_PB_ENUM(things_thing, colour, 4),
    RT_PB_OPTIONAL_STRING(things_thing, parent, 5),
    RT_PB_NUMBER(things_thing, ends_at, 6, INT64),
    RT_PB_NUMBER(things_thing, gone_at, 7, INT64),
    RT_PB_NUMBER(things_thing, done, 8, BOOL),
    RT_PB_STRING(things_thing, secret, 9),
    RT_PB_NUMBER(things_thing, version, 12, INT64),
    RT_PB_LIST(things_thing, tags, 13, STRING, NULL),
    RT_PB_LIST(things_thing, marks, 14, INT32, NULL),
    RT_PB_LIST(things_thing, way, 15, MESSAGE, &things_thing_way_entry_message.pb),
    RT_PB_OPTIONAL_NUMBER(things_thing, stars, 16, UINT32),
    RT_PB_OPTIONAL_STRING(things_thing, story, 17),
};
static const ProtobufCIntRange thing_ranges[] = {{1, 0}, {12, 9}, {0, 15}};
static const enum everything_colour thing_colour_default = EVERYTHING_COLOUR_RED;
static const struct rt_limits thing_tags_limits = {.min = 1, .max = 9, .items_max = 5};
static const struct rt_limits thing_marks_limits = {.min = 1, .max = 100, .items_max = 300};
static const struct rt_limits thing_way_limits = {.items_max = 3};
static const struct rt_limits thing_stars_limits = {.max = 5};
static const struct rt_limits thing_story_limits = {.max = 20000};
const struct rt_field things_thing_fields[] = {
    RT_FIELD(things_thing, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(things_thing, owner, 2, "owner", .kind = RT_REF),
    RT_FIELD(things_thing, name, 3, "name", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &thing_name_limits),
    RT_FIELD(things_thing, colour, 4, "colour", .kind = RT_ENUM,
             .enumeration = &everything_colour_enum, .flags = RT_FIELD_DEFAULT,
             .fallback = &thing_colour_default),
    RT_FIELD(things_thing, parent, 5, "parent", .shape = RT_OPTIONAL, .kind = RT_REF),
    RT_FIELD(things_thing, ends_at, 6, "endsAt", .kind = RT_TIME),
    RT_FIELD(things_thing, gone_at, 7, "goneAt", .kind = RT_TIME),
    RT_FIELD(things_thing, done, 8, "done", .kind = RT_BOOL),
    RT_FIELD(things_thing, secret, 9, "secret", .kind = RT_STRING, .flags = RT_FIELD_SECRET),
    RT_FIELD(things_thing, version, 12, "version", .kind = RT_VERSION),
    RT_FIELD_MANY(things_thing, tags, 13, "tags", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE, .limits = &thing_tags_limits),
    RT_FIELD_MANY(things_thing, marks, 14, "marks", .shape = RT_LIST, .kind = RT_I32,
                  .flags = RT_FIELD_RANGE, .limits = &thing_marks_limits),
    RT_FIELD_MANY(things_thing, way, 15, "way", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &things_thing_way_entry_message, .limits = &thing_way_limits),
    RT_FIELD_HAS(things_thing, stars, 16, "stars", .kind = RT_U32, .flags = RT_FIELD_HAS_MAX,
                 .limits = &thing_stars_limits),
    RT_FIELD(things_thing, story, 17, "story", .shape = RT_OPTIONAL, .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX, .limits = &thing_story_limits),
};
const struct rt_message things_thing_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.Thing", things_thing, thing_pb, 15, thing_ranges, 2),
    .name = "Thing",
    .fields = things_thing_fields,
    .n_fields = 15,
};

static const ProtobufCFieldDescriptor shown_pb[] = {
    RT_PB_STRING(things_shown, id, 1), /* in order of number */
    RT_PB_STRING(things_shown, owner, 2),
    RT_PB_STRING(things_shown, name, 3),
    RT_PB_ENUM(things_shown, colour, 4),
    RT_PB_OPTIONAL_STRING(things_shown, parent, 5),
    RT_PB_NUMBER(things_shown, ends_at, 6, INT64),
    RT_PB_NUMBER(things_shown, done, 8, BOOL),
    RT_PB_NUMBER(things_shown, version, 12, INT64),
};
static const ProtobufCIntRange shown_ranges[] = {{1, 0}, {8, 6}, {12, 7}, {0, 8}};
const struct rt_field things_shown_fields[] = {
    RT_FIELD(things_shown, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(things_shown, owner, 2, "owner", .kind = RT_REF),
    RT_FIELD(things_shown, name, 3, "name", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &thing_name_limits),
    RT_FIELD(things_shown, colour, 4, "colour", .kind = RT_ENUM,
             .enumeration = &everything_colour_enum),
    RT_FIELD(things_shown, parent, 5, "parent", .shape = RT_OPTIONAL, .kind = RT_REF),
    RT_FIELD(things_shown, ends_at, 6, "endsAt", .kind = RT_TIME),
    RT_FIELD(things_shown, done, 8, "done", .kind = RT_BOOL),
    RT_FIELD(things_shown, version, 12, "version", .kind = RT_VERSION),
};
const struct rt_message things_shown_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.Shown", things_shown, shown_pb, 8, shown_ranges, 3),
    .name = "Shown",
    .fields = things_shown_fields,
    .n_fields = 8,
};

static const ProtobufCFieldDescriptor thing_input_pb[] = {
    RT_PB_STRING(things_thing_input, name, 3),
    RT_PB_ENUM(things_thing_input, colour, 4),
    RT_PB_NUMBER(things_thing_input, ends_at, 6, INT64),
};
static const ProtobufCIntRange thing_input_ranges[] = {{3, 0}, {6, 2}, {0, 3}};
static const enum everything_colour thing_input_colour_default = EVERYTHING_COLOUR_RED;
const struct rt_field things_thing_input_fields[] = {
    RT_FIELD(things_thing_input, name, 3, "name", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &thing_name_limits),
    RT_FIELD(things_thing_input, colour, 4, "colour", .kind = RT_ENUM,
             .enumeration = &everything_colour_enum, .flags = RT_FIELD_DEFAULT,
             .fallback = &thing_input_colour_default),
    RT_FIELD(things_thing_input, ends_at, 6, "endsAt", .kind = RT_TIME),
};
const struct rt_message things_thing_input_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ThingInput", things_thing_input, thing_input_pb, 3,
                           thing_input_ranges, 2),
    .name = "ThingInput",
    .fields = things_thing_input_fields,
    .n_fields = 3,
};

static const ProtobufCFieldDescriptor list_query_pb[] = {
    RT_PB_OPTIONAL_ENUM(things_list_query, colour, 1),
    RT_PB_OPTIONAL_NUMBER(things_list_query, before, 2, INT64),
    RT_PB_OPTIONAL_STRING(things_list_query, name, 3),
};
static const ProtobufCIntRange list_query_ranges[] = {{1, 0}, {0, 3}};
static const struct rt_limits list_query_name_limits = {.max = 80};
const struct rt_field things_list_query_fields[] = {
    RT_FIELD_HAS(things_list_query, colour, 1, "colour", .kind = RT_ENUM,
                 .enumeration = &everything_colour_enum),
    RT_FIELD_HAS(things_list_query, before, 2, "before", .kind = RT_TIME),
    RT_FIELD(things_list_query, name, 3, "name", .shape = RT_OPTIONAL, .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX, .limits = &list_query_name_limits),
};
const struct rt_message things_list_query_message = {
    .pb = RT_PB_DESCRIPTOR("everything.things.ListQuery", things_list_query, list_query_pb, 3,
                           list_query_ranges, 1),
    .name = "ListQuery",
    .fields = things_list_query_fields,
    .n_fields = 3,
};
