// Generated from schema everything; do not edit.
#include "gen/things/things_device.h"

#include "runtime/wire/device.h"

RT_DEVICE_FITS(things_point_device);
static const uint32_t point_rows[] = {
    RT_DEVICE_ONE(things_point_device, x, 1, DOUBLE),
    RT_DEVICE_ONE(things_point_device, y, 2, DOUBLE),
    0,
};
static const pb_msgdesc_t *const point_parts[] = {NULL};
const pb_msgdesc_t things_point_device_msg = {
    .field_info = point_rows,
    .submsg_info = point_parts,
    .field_count = 2,
    .largest_tag = 2,
};

RT_DEVICE_FITS(things_report_device_counts_entry);
static const uint32_t report_counts_entry_rows[] = {
    RT_DEVICE_ONE(things_report_device_counts_entry, key, 1, STRING),
    RT_DEVICE_ONE(things_report_device_counts_entry, value, 2, UINT32),
    0,
};
static const pb_msgdesc_t *const report_counts_entry_parts[] = {NULL};
const pb_msgdesc_t things_report_device_counts_entry_msg = {
    .field_info = report_counts_entry_rows,
    .submsg_info = report_counts_entry_parts,
    .field_count = 2,
    .largest_tag = 2,
};

RT_DEVICE_FITS(things_report_device_points_entry);
static const uint32_t report_points_entry_rows[] = {
    RT_DEVICE_ONE(things_report_device_points_entry, key, 1, STRING),
    RT_DEVICE_OPTIONAL(things_report_device_points_entry, value, 2, MESSAGE),
    0,
};
static const pb_msgdesc_t *const report_points_entry_parts[] = {&things_point_device_msg, NULL};
const pb_msgdesc_t things_report_device_points_entry_msg = {
    .field_info = report_points_entry_rows,
    .submsg_info = report_points_entry_parts,
    .field_count = 2,
    .largest_tag = 2,
};

RT_DEVICE_FITS(things_report_device_texts_entry);
static const uint32_t report_texts_entry_rows[] = {
    RT_DEVICE_ONE(things_report_device_texts_entry, key, 1, STRING),
    RT_DEVICE_ONE(things_report_device_texts_entry, value, 2, STRING),
    0,
};
static const pb_msgdesc_t *const report_texts_entry_parts[] = {NULL};
const pb_msgdesc_t things_report_device_texts_entry_msg = {
    .field_info = report_texts_entry_rows,
    .submsg_info = report_texts_entry_parts,
    .field_count = 2,
    .largest_tag = 2,
};

RT_DEVICE_FITS(things_report_device);
static const uint32_t report_rows[] = {
    RT_DEVICE_ONE(things_report_device, sensor, 1, STRING), /* in order of number */
    RT_DEVICE_ONE(things_report_device, at, 2, INT64),
    RT_DEVICE_ONE(things_report_device, day, 3, INT32),
    RT_DEVICE_ONE(things_report_device, battery, 4, INT64),
    RT_DEVICE_ONE(things_report_device, on, 5, BOOL),
    RT_DEVICE_ONE(things_report_device, steps, 6, INT32),
    RT_DEVICE_ONE(things_report_device, total, 7, INT64),
    RT_DEVICE_ONE(things_report_device, ticks, 8, UINT32),
    RT_DEVICE_ONE(things_report_device, serial, 9, UINT64),
    RT_DEVICE_ONE(things_report_device, colour, 10, UENUM),
    RT_DEVICE_ONE(things_report_device, uptime, 11, INT64),
    RT_DEVICE_ONE(things_report_device, name, 12, STRING),
    RT_DEVICE_ONE(things_report_device, raw, 13, BYTES),
    RT_DEVICE_OPTIONAL(things_report_device, place, 14, MESSAGE),
    RT_DEVICE_OPTIONAL(things_report_device, maybe_name, 15, STRING),
    RT_DEVICE_OPTIONAL(things_report_device, maybe_on, 16, BOOL),
    RT_DEVICE_OPTIONAL(things_report_device, maybe_raw, 17, BYTES),
    RT_DEVICE_OPTIONAL(things_report_device, maybe_place, 18, MESSAGE),
    RT_DEVICE_OPTIONAL(things_report_device, maybe_colour, 19, UENUM),
    RT_DEVICE_OPTIONAL(things_report_device, maybe_total, 20, INT64),
    RT_DEVICE_LIST(things_report_device, flags, 21, BOOL),
    RT_DEVICE_LIST(things_report_device, samples, 22, DOUBLE),
    RT_DEVICE_LIST(things_report_device, lines, 23, STRING),
    RT_DEVICE_LIST(things_report_device, path, 24, MESSAGE),
    RT_DEVICE_LIST(things_report_device, colours, 25, UENUM),
    RT_DEVICE_LIST(things_report_device, blobs, 26, BYTES),
    RT_DEVICE_LIST(things_report_device, counts, 30, MESSAGE),
    RT_DEVICE_LIST(things_report_device, points, 31, MESSAGE),
    RT_DEVICE_LIST(things_report_device, texts, 1000, MESSAGE),
    0,
};
static const pb_msgdesc_t *const report_parts[] = {
    &things_point_device_msg,               /* place */
    &things_point_device_msg,               /* maybe_place */
    &things_point_device_msg,               /* path */
    &things_report_device_counts_entry_msg, /* counts */
    &things_report_device_points_entry_msg, /* points */
    &things_report_device_texts_entry_msg,  /* texts */
    NULL,                                   /* end */
};
const pb_msgdesc_t things_report_device_msg = {
    .field_info = report_rows,
    .submsg_info = report_parts,
    .field_count = 29,
    .largest_tag = 1000,
};

RT_DEVICE_FITS(things_name_device);
static const uint32_t name_rows[] = {
    RT_DEVICE_ONE(things_name_device, name, 3, STRING),
    RT_DEVICE_ONE(things_name_device, colour, 4, UENUM),
    0,
};
static const pb_msgdesc_t *const name_parts[] = {NULL};
const pb_msgdesc_t things_name_device_msg = {
    .field_info = name_rows,
    .submsg_info = name_parts,
    .field_count = 2,
    .largest_tag = 4,
};
