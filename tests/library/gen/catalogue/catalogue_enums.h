// Generated from schema library; do not edit.
#ifndef CATALOGUE_ENUMS_H
#define CATALOGUE_ENUMS_H

struct rt_enum;

#ifdef __cplusplus
extern "C" {
#endif

/* 0 is invalid everywhere. */
enum catalogue_shelf {
    CATALOGUE_SHELF_FICTION = 1,
    CATALOGUE_SHELF_SCIENCE = 2,
    CATALOGUE_SHELF_CHILDREN = 3, /* "for-children" in JSON */
};
extern const struct rt_enum catalogue_shelf_enum;

#ifdef __cplusplus
}
#endif

#endif
