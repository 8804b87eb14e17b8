// Generated from schema library; do not edit.
#include "gen/catalogue/catalogue_events.h"

static const ProtobufCFieldDescriptor book_added_pb[] = {
    RT_PB_STRING(catalogue_book_added, id, 1),
    RT_PB_STRING(catalogue_book_added, title, 3),
    RT_PB_ENUM(catalogue_book_added, shelf, 5),
    RT_PB_NUMBER(catalogue_book_added, version, 9, INT64),
};
static const ProtobufCIntRange book_added_ranges[] = {{1, 0}, {3, 1}, {5, 2}, {9, 3}, {0, 4}};
static const struct rt_limits name_limits = {.min = 1, .max = 120};
const struct rt_field catalogue_book_added_fields[] = {
    RT_FIELD(catalogue_book_added, id, 1, "id", .kind = RT_ID),
    RT_FIELD(catalogue_book_added, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(catalogue_book_added, shelf, 5, "shelf", .kind = RT_ENUM,
             .enumeration = &catalogue_shelf_enum),
    RT_FIELD(catalogue_book_added, version, 9, "version", .kind = RT_VERSION),
};
const struct rt_message catalogue_book_added_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.BookAdded", catalogue_book_added, book_added_pb, 4,
                           book_added_ranges, 4),
    .name = "BookAdded",
    .fields = catalogue_book_added_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor book_changed_pb[] = {
    RT_PB_STRING(catalogue_book_changed, id, 1),
    RT_PB_STRING(catalogue_book_changed, title, 3),
    RT_PB_ENUM(catalogue_book_changed, shelf, 5),
    RT_PB_NUMBER(catalogue_book_changed, version, 9, INT64),
};
static const ProtobufCIntRange book_changed_ranges[] = {{1, 0}, {3, 1}, {5, 2}, {9, 3}, {0, 4}};
const struct rt_field catalogue_book_changed_fields[] = {
    RT_FIELD(catalogue_book_changed, id, 1, "id", .kind = RT_ID),
    RT_FIELD(catalogue_book_changed, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(catalogue_book_changed, shelf, 5, "shelf", .kind = RT_ENUM,
             .enumeration = &catalogue_shelf_enum),
    RT_FIELD(catalogue_book_changed, version, 9, "version", .kind = RT_VERSION),
};
const struct rt_message catalogue_book_changed_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.BookChanged", catalogue_book_changed, book_changed_pb,
                           4, book_changed_ranges, 4),
    .name = "BookChanged",
    .fields = catalogue_book_changed_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor book_removed_pb[] = {
    RT_PB_STRING(catalogue_book_removed, id, 1),
    RT_PB_STRING(catalogue_book_removed, title, 3),
    RT_PB_ENUM(catalogue_book_removed, shelf, 5),
    RT_PB_NUMBER(catalogue_book_removed, version, 9, INT64),
};
static const ProtobufCIntRange book_removed_ranges[] = {{1, 0}, {3, 1}, {5, 2}, {9, 3}, {0, 4}};
const struct rt_field catalogue_book_removed_fields[] = {
    RT_FIELD(catalogue_book_removed, id, 1, "id", .kind = RT_ID),
    RT_FIELD(catalogue_book_removed, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(catalogue_book_removed, shelf, 5, "shelf", .kind = RT_ENUM,
             .enumeration = &catalogue_shelf_enum),
    RT_FIELD(catalogue_book_removed, version, 9, "version", .kind = RT_VERSION),
};
const struct rt_message catalogue_book_removed_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.BookRemoved", catalogue_book_removed, book_removed_pb,
                           4, book_removed_ranges, 4),
    .name = "BookRemoved",
    .fields = catalogue_book_removed_fields,
    .n_fields = 4,
};
