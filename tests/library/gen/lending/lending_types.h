// Generated from schema library; do not edit.
/* Messages of service lending that no event carries. */
#ifndef LENDING_TYPES_H
#define LENDING_TYPES_H

#include "gen/catalogue/catalogue_enums.h"
#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A book that the library owns. */
struct lending_book {
    ProtobufCMessage base;
    const char *id;
    const char *title; /* 1..120 characters, trimmed */
    enum catalogue_shelf shelf;
    int64_t version;
};
extern const struct rt_message lending_book_message;
extern const struct rt_field lending_book_fields[];
#define LENDING_BOOK_INIT RT_MESSAGE_INIT(lending_book)

struct lending_member {
    ProtobufCMessage base;
    const char *id;
    const char *name;  /* 1..120 characters, trimmed */
    const char *email; /* an email address, 3..254 characters, trimmed, lower case */
    int32_t joined;    /* days since 1970-01-01 */
    int64_t fee;       /* times 10^2, 0.00..99.99, 12.50 unless given */
    int64_t version;   /* 1 on create, +1 per update */
};
extern const struct rt_message lending_member_message;
extern const struct rt_field lending_member_fields[];
#define LENDING_MEMBER_INIT RT_MESSAGE_INIT_WITH(lending_member, .fee = 1250)

/* Fields of a Member. */
struct lending_member_input {
    ProtobufCMessage base;
    const char *name;  /* 1..120 characters, trimmed */
    const char *email; /* an email address, 3..254 characters, trimmed, lower case */
    int32_t joined;    /* days since 1970-01-01 */
    int64_t fee;       /* times 10^2, 0.00..99.99, 12.50 unless given */
};
extern const struct rt_message lending_member_input_message;
extern const struct rt_field lending_member_input_fields[];
#define LENDING_MEMBER_INPUT_INIT RT_MESSAGE_INIT_WITH(lending_member_input, .fee = 1250)

/* A book at a member's home, until it is back. */
struct lending_loan {
    ProtobufCMessage base;
    const char *id;
    const char *member;        /* id of lending.Member */
    struct lending_book *book; /* its id alone when stored */
    int64_t lent_at;           /* ms since 1970 */
    int64_t due_at;            /* ms since 1970 */
    protobuf_c_boolean has_returned_at;
    int64_t returned_at;        /* ms since 1970 */
    protobuf_c_boolean overdue; /* false unless given */
    int64_t version;            /* 1 on create, +1 per update */
};
extern const struct rt_message lending_loan_message;
extern const struct rt_field lending_loan_fields[];
#define LENDING_LOAN_INIT RT_MESSAGE_INIT_WITH(lending_loan, .overdue = 0)

struct lending_loan_input {
    ProtobufCMessage base;
    const char *member; /* id of lending.Member */
    const char *book;   /* id of lending.Book */
};
extern const struct rt_message lending_loan_input_message;
extern const struct rt_field lending_loan_input_fields[];
#define LENDING_LOAN_INPUT_INIT RT_MESSAGE_INIT(lending_loan_input)

/* Fields of a Loan. */
struct lending_return_input {
    ProtobufCMessage base;
    protobuf_c_boolean has_returned_at;
    int64_t returned_at; /* ms since 1970 */
};
extern const struct rt_message lending_return_input_message;
extern const struct rt_field lending_return_input_fields[];
#define LENDING_RETURN_INPUT_INIT RT_MESSAGE_INIT(lending_return_input)

/* The query of GET /loans. */
struct lending_loans_query {
    ProtobufCMessage base;
    const char *member; /* id of lending.Member, or NULL */
};
extern const struct rt_message lending_loans_query_message;
extern const struct rt_field lending_loans_query_fields[];
#define LENDING_LOANS_QUERY_INIT RT_MESSAGE_INIT(lending_loans_query)

/* The query of GET /at-home. */
struct lending_at_home_query {
    ProtobufCMessage base;
    const char *member; /* id of lending.Member, or NULL */
};
extern const struct rt_message lending_at_home_query_message;
extern const struct rt_field lending_at_home_query_fields[];
#define LENDING_AT_HOME_QUERY_INIT RT_MESSAGE_INIT(lending_at_home_query)

#ifdef __cplusplus
}
#endif

#endif
