// Generated from schema everything; do not edit.
#ifndef EVERYTHING_COMMON_ENUMS_H
#define EVERYTHING_COMMON_ENUMS_H

struct rt_enum;

#ifdef __cplusplus
extern "C" {
#endif

/* 0 is invalid everywhere. */
enum everything_colour {
    EVERYTHING_COLOUR_RED = 1,
    EVERYTHING_COLOUR_GREEN = 3,
    EVERYTHING_COLOUR_BLUE = 4, /* "sky-blue" in JSON */
};
extern const struct rt_enum everything_colour_enum;

#ifdef __cplusplus
}
#endif

#endif
