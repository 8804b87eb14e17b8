// Generated from schema library; do not edit.
#include "gen/lending/lending_types.h"

#include "runtime/wire/expr.h"

static const ProtobufCFieldDescriptor book_pb[] = {
    RT_PB_STRING(lending_book, id, 1),
    RT_PB_STRING(lending_book, title, 3),
    RT_PB_ENUM(lending_book, shelf, 5),
    RT_PB_NUMBER(lending_book, version, 9, INT64),
};
static const ProtobufCIntRange book_ranges[] = {{1, 0}, {3, 1}, {5, 2}, {9, 3}, {0, 4}};
static const struct rt_limits name_limits = {.min = 1, .max = 120};
const struct rt_field lending_book_fields[] = {
    RT_FIELD(lending_book, id, 1, "id", .kind = RT_ID),
    RT_FIELD(lending_book, title, 3, "title", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(lending_book, shelf, 5, "shelf", .kind = RT_ENUM,
             .enumeration = &catalogue_shelf_enum),
    RT_FIELD(lending_book, version, 9, "version", .kind = RT_VERSION),
};
const struct rt_message lending_book_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.Book", lending_book, book_pb, 4, book_ranges, 4),
    .name = "Book",
    .fields = lending_book_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor member_pb[] = {
    RT_PB_STRING(lending_member, id, 1), /* in order of number */
    RT_PB_STRING(lending_member, name, 2),
    RT_PB_STRING(lending_member, email, 3),
    RT_PB_NUMBER(lending_member, joined, 4, INT32),
    RT_PB_NUMBER(lending_member, fee, 5, INT64),
    RT_PB_NUMBER(lending_member, version, 6, INT64),
};
static const ProtobufCIntRange member_ranges[] = {{1, 0}, {0, 6}};
static const struct rt_limits member_email_limits = {
    .min = 3,
    .max = 254,
    .format = RT_FORMAT_EMAIL,
};
static const struct rt_limits member_fee_limits = {.min = 0, .max = 9999};
static const int64_t member_fee_default = 1250;
const struct rt_field lending_member_fields[] = {
    RT_FIELD(lending_member, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(lending_member, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(lending_member, email, 3, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE,
             .limits = &member_email_limits),
    RT_FIELD(lending_member, joined, 4, "joined", .kind = RT_DATE),
    RT_FIELD(lending_member, fee, 5, "fee", .kind = RT_DECIMAL, .scale = 2,
             .flags = RT_FIELD_RANGE | RT_FIELD_DEFAULT, .limits = &member_fee_limits,
             .fallback = &member_fee_default),
    RT_FIELD(lending_member, version, 6, "version", .kind = RT_VERSION),
};
const struct rt_message lending_member_message = {
    .pb =
        RT_PB_DESCRIPTOR("library.lending.Member", lending_member, member_pb, 6, member_ranges, 1),
    .name = "Member",
    .fields = lending_member_fields,
    .n_fields = 6,
};

static const ProtobufCFieldDescriptor member_input_pb[] = {
    RT_PB_STRING(lending_member_input, name, 2),
    RT_PB_STRING(lending_member_input, email, 3),
    RT_PB_NUMBER(lending_member_input, joined, 4, INT32),
    RT_PB_NUMBER(lending_member_input, fee, 5, INT64),
};
static const ProtobufCIntRange member_input_ranges[] = {{2, 0}, {0, 4}};
static const int64_t member_input_fee_default = 1250;
const struct rt_field lending_member_input_fields[] = {
    RT_FIELD(lending_member_input, name, 2, "name", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_RANGE, .limits = &name_limits),
    RT_FIELD(lending_member_input, email, 3, "email", .kind = RT_STRING,
             .flags = RT_FIELD_TRIM | RT_FIELD_LOWER | RT_FIELD_RANGE,
             .limits = &member_email_limits),
    RT_FIELD(lending_member_input, joined, 4, "joined", .kind = RT_DATE),
    RT_FIELD(lending_member_input, fee, 5, "fee", .kind = RT_DECIMAL, .scale = 2,
             .flags = RT_FIELD_RANGE | RT_FIELD_DEFAULT, .limits = &member_fee_limits,
             .fallback = &member_input_fee_default),
};
const struct rt_message lending_member_input_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.MemberInput", lending_member_input, member_input_pb, 4,
                           member_input_ranges, 1),
    .name = "MemberInput",
    .fields = lending_member_input_fields,
    .n_fields = 4,
};

static const ProtobufCFieldDescriptor loan_pb[] = {
    RT_PB_STRING(lending_loan, id, 1), /* in order of number */
    RT_PB_STRING(lending_loan, member, 2),
    RT_PB_MESSAGE(lending_loan, book, 3, &lending_book_message),
    RT_PB_NUMBER(lending_loan, lent_at, 4, INT64),
    RT_PB_NUMBER(lending_loan, due_at, 5, INT64),
    RT_PB_OPTIONAL_NUMBER(lending_loan, returned_at, 6, INT64),
    RT_PB_NUMBER(lending_loan, overdue, 7, BOOL),
    RT_PB_NUMBER(lending_loan, version, 8, INT64),
};
static const ProtobufCIntRange loan_ranges[] = {{1, 0}, {0, 8}};
static const protobuf_c_boolean loan_overdue_default = 0;
const struct rt_field lending_loan_fields[] = {
    RT_FIELD(lending_loan, id, 1, "id", .kind = RT_ID), /* in schema order */
    RT_FIELD(lending_loan, member, 2, "member", .kind = RT_REF),
    RT_FIELD(lending_loan, book, 3, "book", .kind = RT_MESSAGE, .message = &lending_book_message,
             .flags = RT_FIELD_EMBED),
    RT_FIELD(lending_loan, lent_at, 4, "lentAt", .kind = RT_TIME),
    RT_FIELD(lending_loan, due_at, 5, "dueAt", .kind = RT_TIME),
    RT_FIELD_HAS(lending_loan, returned_at, 6, "returnedAt", .kind = RT_TIME),
    RT_FIELD(lending_loan, overdue, 7, "overdue", .kind = RT_BOOL, .flags = RT_FIELD_DEFAULT,
             .fallback = &loan_overdue_default),
    RT_FIELD(lending_loan, version, 8, "version", .kind = RT_VERSION),
};
static const struct rt_step loan_due_after_lent_rule[] = {
    {RT_STEP_FIELD, .field = &lending_loan_fields[4]},
    {RT_STEP_FIELD, .field = &lending_loan_fields[3]},
    {.op = RT_STEP_GT},
};
static const struct rt_step loan_back_after_lent_rule[] = {
    {RT_STEP_FIELD, .field = &lending_loan_fields[5]},
    {RT_STEP_FIELD, .field = &lending_loan_fields[3]},
    {.op = RT_STEP_GE},
};
static const struct rt_rule loan_rules[] = {
    {
        .name = "due_after_lent",
        .pointer = "/dueAt",
        .text = "A loan lasts a while",
        .condition = RT_EXPR(loan_due_after_lent_rule),
    },
    {
        .name = "back_after_lent",
        .pointer = "/returnedAt",
        .text = "A book comes back after it was lent",
        .condition = RT_EXPR(loan_back_after_lent_rule),
    },
};
const struct rt_message lending_loan_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.Loan", lending_loan, loan_pb, 8, loan_ranges, 1),
    .name = "Loan",
    .fields = lending_loan_fields,
    .n_fields = 8,
    .rules = loan_rules,
    .n_rules = 2,
};

static const ProtobufCFieldDescriptor loan_input_pb[] = {
    RT_PB_STRING(lending_loan_input, member, 1),
    RT_PB_STRING(lending_loan_input, book, 2),
};
static const ProtobufCIntRange loan_input_ranges[] = {{1, 0}, {0, 2}};
const struct rt_field lending_loan_input_fields[] = {
    RT_FIELD(lending_loan_input, member, 1, "member", .kind = RT_REF),
    RT_FIELD(lending_loan_input, book, 2, "book", .kind = RT_REF),
};
const struct rt_message lending_loan_input_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.LoanInput", lending_loan_input, loan_input_pb, 2,
                           loan_input_ranges, 1),
    .name = "LoanInput",
    .fields = lending_loan_input_fields,
    .n_fields = 2,
};

static const ProtobufCFieldDescriptor return_input_pb[] = {
    RT_PB_OPTIONAL_NUMBER(lending_return_input, returned_at, 6, INT64),
};
static const ProtobufCIntRange return_input_ranges[] = {{6, 0}, {0, 1}};
const struct rt_field lending_return_input_fields[] = {
    RT_FIELD_HAS(lending_return_input, returned_at, 6, "returnedAt", .kind = RT_TIME),
};
const struct rt_message lending_return_input_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.ReturnInput", lending_return_input, return_input_pb, 1,
                           return_input_ranges, 1),
    .name = "ReturnInput",
    .fields = lending_return_input_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor loans_query_pb[] = {
    RT_PB_OPTIONAL_STRING(lending_loans_query, member, 1),
};
static const ProtobufCIntRange loans_query_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field lending_loans_query_fields[] = {
    RT_FIELD(lending_loans_query, member, 1, "member", .shape = RT_OPTIONAL, .kind = RT_REF),
};
const struct rt_message lending_loans_query_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.LoansQuery", lending_loans_query, loans_query_pb, 1,
                           loans_query_ranges, 1),
    .name = "LoansQuery",
    .fields = lending_loans_query_fields,
    .n_fields = 1,
};

static const ProtobufCFieldDescriptor at_home_query_pb[] = {
    RT_PB_OPTIONAL_STRING(lending_at_home_query, member, 1),
};
static const ProtobufCIntRange at_home_query_ranges[] = {{1, 0}, {0, 1}};
const struct rt_field lending_at_home_query_fields[] = {
    RT_FIELD(lending_at_home_query, member, 1, "member", .shape = RT_OPTIONAL, .kind = RT_REF),
};
const struct rt_message lending_at_home_query_message = {
    .pb = RT_PB_DESCRIPTOR("library.lending.AtHomeQuery", lending_at_home_query, at_home_query_pb,
                           1, at_home_query_ranges, 1),
    .name = "AtHomeQuery",
    .fields = lending_at_home_query_fields,
    .n_fields = 1,
};
