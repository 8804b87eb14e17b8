// Generated from schema library; do not edit.
#include "gen/catalogue/catalogue_types.h"

static const ProtobufCFieldDescriptor book_notes_entry_pb[] = {
    RT_PB_STRING(catalogue_book_notes_entry, key, 1),
    RT_PB_STRING(catalogue_book_notes_entry, value, 2),
};
static const ProtobufCIntRange book_notes_entry_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits book_notes_entry_key_limits = {.min = 1, .max = 20};
static const struct rt_limits book_notes_entry_value_limits = {.max = 200};
const struct rt_field catalogue_book_notes_entry_fields[] = {
    RT_FIELD(catalogue_book_notes_entry, key, 1, "key", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &book_notes_entry_key_limits),
    RT_FIELD(catalogue_book_notes_entry, value, 2, "value", .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX, .limits = &book_notes_entry_value_limits),
};
static const struct rt_message catalogue_book_notes_entry_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.BookNotesEntry", catalogue_book_notes_entry,
                           book_notes_entry_pb, 2, book_notes_entry_ranges, 1),
    .name = "BookNotesEntry",
    .fields = catalogue_book_notes_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor book_pb[] = {
    RT_PB_STRING(catalogue_book, id, 1), /* in order of number */
    RT_PB_STRING(catalogue_book, isbn, 2),
    RT_PB_STRING(catalogue_book, title, 3),
    RT_PB_LIST(catalogue_book, authors, 4, STRING, NULL),
    RT_PB_ENUM(catalogue_book, shelf, 5),
    RT_PB_OPTIONAL_NUMBER(catalogue_book, published, 6, INT32),
    RT_PB_NUMBER(catalogue_book, pages, 7, UINT32),
    RT_PB_LIST(catalogue_book, notes, 8, MESSAGE, &catalogue_book_notes_entry_message.pb),
    RT_PB_NUMBER(catalogue_book, version, 9, INT64),
};
static const ProtobufCIntRange book_ranges[] = {{1, 0}, {0, 9}};
static const struct rt_limits isbn_limits = {.min = 13, .max = 13, .pattern = "97[89][0-9]{10}"};
static const struct rt_limits name_limits = {.min = 1, .max = 120};
static const struct rt_limits book_authors_limits = {
    .min = 1,
    .max = 120,
    .items_min = 1,
    .items_max = 10,
};
static const enum catalogue_shelf book_shelf_default = CATALOGUE_SHELF_FICTION;
static const struct rt_limits book_pages_limits = {.min = 1, .max = 20000};
static const uint32_t book_pages_default = 100;
const struct rt_field catalogue_book_fields[] = {
    RT_FIELD(catalogue_book, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(catalogue_book, isbn, 2, "isbn", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &isbn_limits),
    RT_FIELD(catalogue_book, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD_MANY(catalogue_book, authors, 4, "authors", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_TRIM | RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE,
                  .limits = &book_authors_limits),
    RT_FIELD(catalogue_book, shelf, 5, "shelf", .kind = RT_ENUM,
             .enumeration = &catalogue_shelf_enum, .flags = RT_FIELD_DEFAULT,
             .fallback = &book_shelf_default),
    RT_FIELD_HAS(catalogue_book, published, 6, "published", .kind = RT_DATE),
    RT_FIELD(catalogue_book, pages, 7, "pages", .kind = RT_U32,
             .flags = RT_FIELD_RANGE | RT_FIELD_DEFAULT, .limits = &book_pages_limits,
             .fallback = &book_pages_default),
    RT_FIELD_MANY(catalogue_book, notes, 8, "notes", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &catalogue_book_notes_entry_message),
    RT_FIELD(catalogue_book, version, 9, "version", .kind = RT_VERSION),
};
const struct rt_message catalogue_book_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.Book", catalogue_book, book_pb, 9, book_ranges, 1),
    .name = "Book",
    .fields = catalogue_book_fields,
    .n_fields = 9,
};

static const ProtobufCFieldDescriptor book_input_notes_entry_pb[] = {
    RT_PB_STRING(catalogue_book_input_notes_entry, key, 1),
    RT_PB_STRING(catalogue_book_input_notes_entry, value, 2),
};
static const ProtobufCIntRange book_input_notes_entry_ranges[] = {{1, 0}, {0, 2}};
static const struct rt_limits book_input_notes_entry_key_limits = {.min = 1, .max = 20};
static const struct rt_limits book_input_notes_entry_value_limits = {.max = 200};
const struct rt_field catalogue_book_input_notes_entry_fields[] = {
    RT_FIELD(catalogue_book_input_notes_entry, key, 1, "key", .kind = RT_STRING,
             .flags = RT_FIELD_RANGE, .limits = &book_input_notes_entry_key_limits),
    RT_FIELD(catalogue_book_input_notes_entry, value, 2, "value", .kind = RT_STRING,
             .flags = RT_FIELD_HAS_MAX, .limits = &book_input_notes_entry_value_limits),
};
static const struct rt_message catalogue_book_input_notes_entry_message = {
    .pb =
        RT_PB_DESCRIPTOR("library.catalogue.BookInputNotesEntry", catalogue_book_input_notes_entry,
                         book_input_notes_entry_pb, 2, book_input_notes_entry_ranges, 1),
    .name = "BookInputNotesEntry",
    .fields = catalogue_book_input_notes_entry_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor book_input_pb[] = {
    RT_PB_STRING(catalogue_book_input, isbn, 2), /* in order of number */
    RT_PB_STRING(catalogue_book_input, title, 3),
    RT_PB_LIST(catalogue_book_input, authors, 4, STRING, NULL),
    RT_PB_ENUM(catalogue_book_input, shelf, 5),
    RT_PB_OPTIONAL_NUMBER(catalogue_book_input, published, 6, INT32),
    RT_PB_NUMBER(catalogue_book_input, pages, 7, UINT32),
    RT_PB_LIST(catalogue_book_input, notes, 8, MESSAGE,
               &catalogue_book_input_notes_entry_message.pb),
};
static const ProtobufCIntRange book_input_ranges[] = {{2, 0}, {0, 7}};
static const enum catalogue_shelf book_input_shelf_default = CATALOGUE_SHELF_FICTION;
static const uint32_t book_input_pages_default = 100;
const struct rt_field catalogue_book_input_fields[] = {
    RT_FIELD(catalogue_book_input, isbn, 2, "isbn", .kind = RT_STRING, .flags = RT_FIELD_RANGE,
             .limits = &isbn_limits), /* in schema order */
    RT_FIELD(catalogue_book_input, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD_MANY(catalogue_book_input, authors, 4, "authors", .shape = RT_LIST, .kind = RT_STRING,
                  .flags = RT_FIELD_TRIM | RT_FIELD_UNIQUE_ITEMS | RT_FIELD_RANGE,
                  .limits = &book_authors_limits),
    RT_FIELD(catalogue_book_input, shelf, 5, "shelf", .kind = RT_ENUM,
             .enumeration = &catalogue_shelf_enum, .flags = RT_FIELD_DEFAULT,
             .fallback = &book_input_shelf_default),
    RT_FIELD_HAS(catalogue_book_input, published, 6, "published", .kind = RT_DATE),
    RT_FIELD(catalogue_book_input, pages, 7, "pages", .kind = RT_U32,
             .flags = RT_FIELD_RANGE | RT_FIELD_DEFAULT, .limits = &book_pages_limits,
             .fallback = &book_input_pages_default),
    RT_FIELD_MANY(catalogue_book_input, notes, 8, "notes", .shape = RT_MAP, .kind = RT_MESSAGE,
                  .message = &catalogue_book_input_notes_entry_message),
};
const struct rt_message catalogue_book_input_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.BookInput", catalogue_book_input, book_input_pb, 7,
                           book_input_ranges, 1),
    .name = "BookInput",
    .fields = catalogue_book_input_fields,
    .n_fields = 7,
};

static const ProtobufCFieldDescriptor loan_book_pb[] = {
    RT_PB_STRING(catalogue_loan_book, id, 1),
};
static const ProtobufCIntRange loan_book_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field catalogue_loan_book_fields[] = {
    RT_FIELD(catalogue_loan_book, id, 1, "id", .kind = RT_ID),
};
const struct rt_message catalogue_loan_book_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.LoanBook", catalogue_loan_book, loan_book_pb, 1,
                           loan_book_ranges, 1),
    .name = "LoanBook",
    .fields = catalogue_loan_book_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor loan_pb[] = {
    RT_PB_STRING(catalogue_loan, id, 1), /* in order of number */
    RT_PB_MESSAGE(catalogue_loan, book, 3, &catalogue_loan_book_message),
    RT_PB_NUMBER(catalogue_loan, due_at, 5, INT64),
    RT_PB_OPTIONAL_NUMBER(catalogue_loan, returned_at, 6, INT64),
    RT_PB_NUMBER(catalogue_loan, version, 8, INT64),
};
static const ProtobufCIntRange loan_ranges[] = {{1, 0}, {3, 1}, {5, 2}, {8, 4}, {0, 5}};
const struct rt_field catalogue_loan_fields[] = {
    RT_FIELD(catalogue_loan, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(catalogue_loan, book, 3, "book", .kind = RT_MESSAGE,
             .message = &catalogue_loan_book_message),
    RT_FIELD(catalogue_loan, due_at, 5, "dueAt", .kind = RT_TIME),
    RT_FIELD_HAS(catalogue_loan, returned_at, 6, "returnedAt", .kind = RT_TIME),
    RT_FIELD(catalogue_loan, version, 8, "version", .kind = RT_VERSION),
};
const struct rt_message catalogue_loan_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.Loan", catalogue_loan, loan_pb, 5, loan_ranges, 4),
    .name = "Loan",
    .fields = catalogue_loan_fields,
    .n_fields = 5,
};

static const ProtobufCFieldDescriptor list_query_pb[] = {
    RT_PB_OPTIONAL_ENUM(catalogue_list_query, shelf, 1),
};
static const ProtobufCIntRange list_query_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field catalogue_list_query_fields[] = {
    RT_FIELD_HAS(catalogue_list_query, shelf, 1, "shelf", .kind = RT_ENUM,
                 .enumeration = &catalogue_shelf_enum),
};
const struct rt_message catalogue_list_query_message = {
    .pb = RT_PB_DESCRIPTOR("library.catalogue.ListQuery", catalogue_list_query, list_query_pb, 1,
                           list_query_ranges, 1),
    .name = "ListQuery",
    .fields = catalogue_list_query_fields,
    .n_fields = 1,
};
