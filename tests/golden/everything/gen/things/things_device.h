// Generated from schema everything; do not edit.
/* The bounded messages of service things for devices: pb_encode and pb_decode of nanopb work on
 * structs of static size and allocate nothing. No message takes more than its BYTES_MAX; text
 * that is longer than its array is an error of pb_decode. */
#ifndef THINGS_DEVICE_H
#define THINGS_DEVICE_H

#include <pb.h>

#include "gen/common/everything_enums.h"

#ifdef __cplusplus
extern "C" {
#endif

struct things_point_device {
    double x; /* -90..90 */
    double y;
};
extern const pb_msgdesc_t things_point_device_msg;
enum { THINGS_POINT_DEVICE_BYTES_MAX = 18 };

/* One of counts below. */
struct things_report_device_counts_entry {
    char key[25]; /* 1..6 characters */
    uint32_t value;
};
extern const pb_msgdesc_t things_report_device_counts_entry_msg;

/* One of points below. */
struct things_report_device_points_entry {
    char key[25]; /* 1..6 characters */
    bool has_value;
    struct things_point_device value;
};
extern const pb_msgdesc_t things_report_device_points_entry_msg;

/* One of texts below. */
struct things_report_device_texts_entry {
    char key[9];    /* 1..2 characters */
    char value[21]; /* at most 5 characters */
};
extern const pb_msgdesc_t things_report_device_texts_entry_msg;

/* What a device sends: every kind that has a bound. */
struct things_report_device {
    char sensor[65]; /* id of things.Thing */
    int64_t at;      /* ms since 1970 */
    int32_t day;     /* days since 1970-01-01 */
    int64_t battery; /* times 10^1, 0.0..100.0 */
    bool on;
    int32_t steps;
    int64_t total;
    uint32_t ticks;
    uint64_t serial;
    enum everything_colour colour;
    int64_t uptime;           /* ms */
    char name[81];            /* 1..20 characters */
    PB_BYTES_ARRAY_T(12) raw; /* bytes, at most 12 of them */
    bool has_place;
    struct things_point_device place;
    bool has_maybe_name;
    char maybe_name[33]; /* at most 8 characters */
    bool has_maybe_on;
    bool maybe_on;
    bool has_maybe_raw;
    PB_BYTES_ARRAY_T(4) maybe_raw; /* bytes, at most 4 of them */
    bool has_maybe_place;
    struct things_point_device maybe_place;
    bool has_maybe_colour;
    enum everything_colour maybe_colour;
    bool has_maybe_total;
    int64_t maybe_total;
    pb_size_t n_flags;
    bool flags[3]; /* at most 3 items */
    pb_size_t n_samples;
    double samples[16]; /* 1..16 items */
    pb_size_t n_lines;
    char lines[4][41]; /* at most 10 characters, at most 4 items, all different */
    pb_size_t n_path;
    struct things_point_device path[5]; /* at most 5 items */
    pb_size_t n_colours;
    enum everything_colour colours[4]; /* at most 4 items */
    pb_size_t n_blobs;
    PB_BYTES_ARRAY_T(3) blobs[2]; /* bytes, 2..3 of them, at most 2 items */
    pb_size_t n_counts;
    struct things_report_device_counts_entry counts[4]; /* at most 4 entries */
    pb_size_t n_points;
    struct things_report_device_points_entry points[2]; /* at most 2 entries */
    pb_size_t n_texts;
    struct things_report_device_texts_entry texts[2]; /* at most 5 characters, at most 2 entries */
};
extern const pb_msgdesc_t things_report_device_msg;
enum { THINGS_REPORT_DEVICE_BYTES_MAX = 1081 };

struct things_name_device {
    /* 1..80 characters; what it is called by those who own it, which may be quite a long text */
    char name[321];
    enum everything_colour colour; /* red unless given */
};
extern const pb_msgdesc_t things_name_device_msg;
enum { THINGS_NAME_DEVICE_BYTES_MAX = 325 };

#ifdef __cplusplus
}
#endif

#endif
