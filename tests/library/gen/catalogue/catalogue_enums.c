// Generated from schema library; do not edit.
#include "gen/catalogue/catalogue_enums.h"

#include "runtime/wire/message.h"

static const struct rt_enum_value shelf_values[] = {
    {CATALOGUE_SHELF_FICTION, "fiction", "fiction"},
    {CATALOGUE_SHELF_SCIENCE, "science", "science"},
    {CATALOGUE_SHELF_CHILDREN, "children", "for-children"},
};

const struct rt_enum catalogue_shelf_enum = {
    .name = "Shelf",
    .values = shelf_values,
    .n_values = 3,
};
