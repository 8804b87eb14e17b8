// Generated from schema everything; do not edit.
#include "gen/common/everything_enums.h"

#include "runtime/wire/message.h"

static const struct rt_enum_value colour_values[] = {
    {EVERYTHING_COLOUR_RED, "red", "red"},
    {EVERYTHING_COLOUR_GREEN, "green", "green"},
    {EVERYTHING_COLOUR_BLUE, "blue", "sky-blue"},
};

const struct rt_enum everything_colour_enum = {
    .name = "Colour",
    .values = colour_values,
    .n_values = 3,
};
