// Generated from schema library; do not edit.
#include "gen/lending/lending_events.h"

static const ProtobufCFieldDescriptor loan_made_book_pb[] = {
    RT_PB_STRING(lending_loan_made_book, id, 1),
};
static const ProtobufCIntRange loan_made_book_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field lending_loan_made_book_fields[] = {
    RT_FIELD(lending_loan_made_book, id, 1, "id", .kind = RT_ID),
};
const struct rt_message lending_loan_made_book_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.LoanMadeBook", lending_loan_made_book,
                           loan_made_book_pb, 1, loan_made_book_ranges, 1),
    .name = "LoanMadeBook",
    .fields = lending_loan_made_book_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor loan_made_pb[] = {
    RT_PB_STRING(lending_loan_made, id, 1), /* in order of number */
    RT_PB_MESSAGE(lending_loan_made, book, 3, &lending_loan_made_book_message),
    RT_PB_NUMBER(lending_loan_made, due_at, 5, INT64),
    RT_PB_OPTIONAL_NUMBER(lending_loan_made, returned_at, 6, INT64),
    RT_PB_NUMBER(lending_loan_made, version, 8, INT64),
};
static const ProtobufCIntRange loan_made_ranges[] = {{1, 0}, {3, 1}, {5, 2}, {8, 4}, {0, 5}};
const struct rt_field lending_loan_made_fields[] = {
    RT_FIELD(lending_loan_made, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(lending_loan_made, book, 3, "book", .kind = RT_MESSAGE,
             .message = &lending_loan_made_book_message),
    RT_FIELD(lending_loan_made, due_at, 5, "dueAt", .kind = RT_TIME),
    RT_FIELD_HAS(lending_loan_made, returned_at, 6, "returnedAt", .kind = RT_TIME),
    RT_FIELD(lending_loan_made, version, 8, "version", .kind = RT_VERSION),
};
const struct rt_message lending_loan_made_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.LoanMade", lending_loan_made, loan_made_pb, 5,
                           loan_made_ranges, 4),
    .name = "LoanMade",
    .fields = lending_loan_made_fields,
    .n_fields = 5,
};

static const ProtobufCFieldDescriptor loan_changed_book_pb[] = {
    RT_PB_STRING(lending_loan_changed_book, id, 1),
};
static const ProtobufCIntRange loan_changed_book_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field lending_loan_changed_book_fields[] = {
    RT_FIELD(lending_loan_changed_book, id, 1, "id", .kind = RT_ID),
};
const struct rt_message lending_loan_changed_book_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.LoanChangedBook", lending_loan_changed_book,
                           loan_changed_book_pb, 1, loan_changed_book_ranges, 1),
    .name = "LoanChangedBook",
    .fields = lending_loan_changed_book_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor loan_changed_pb[] = {
    RT_PB_STRING(lending_loan_changed, id, 1), /* in order of number */
    RT_PB_MESSAGE(lending_loan_changed, book, 3, &lending_loan_changed_book_message),
    RT_PB_NUMBER(lending_loan_changed, due_at, 5, INT64),
    RT_PB_OPTIONAL_NUMBER(lending_loan_changed, returned_at, 6, INT64),
    RT_PB_NUMBER(lending_loan_changed, version, 8, INT64),
};
static const ProtobufCIntRange loan_changed_ranges[] = {{1, 0}, {3, 1}, {5, 2}, {8, 4}, {0, 5}};
const struct rt_field lending_loan_changed_fields[] = {
    RT_FIELD(lending_loan_changed, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(lending_loan_changed, book, 3, "book", .kind = RT_MESSAGE,
             .message = &lending_loan_changed_book_message),
    RT_FIELD(lending_loan_changed, due_at, 5, "dueAt", .kind = RT_TIME),
    RT_FIELD_HAS(lending_loan_changed, returned_at, 6, "returnedAt", .kind = RT_TIME),
    RT_FIELD(lending_loan_changed, version, 8, "version", .kind = RT_VERSION),
};
const struct rt_message lending_loan_changed_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.LoanChanged", lending_loan_changed, loan_changed_pb, 5,
                           loan_changed_ranges, 4),
    .name = "LoanChanged",
    .fields = lending_loan_changed_fields,
    .n_fields = 5,
};
