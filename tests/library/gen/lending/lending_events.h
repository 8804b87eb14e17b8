// Generated from schema library; do not edit.
/* What the events of service lending carry. */
#ifndef LENDING_EVENTS_H
#define LENDING_EVENTS_H

#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What LoanMade carries of a Book. */
struct lending_loan_made_book {
    ProtobufCMessage base;
    const char *id;
};
extern const struct rt_message lending_loan_made_book_message;
extern const struct rt_field lending_loan_made_book_fields[];
#define LENDING_LOAN_MADE_BOOK_INIT RT_MESSAGE_INIT(lending_loan_made_book)

/* Event "loan:made" of a Loan. */
struct lending_loan_made {
    ProtobufCMessage base;
    const char *id;
    struct lending_loan_made_book *book;
    int64_t due_at; /* ms since 1970 */
    protobuf_c_boolean has_returned_at;
    int64_t returned_at; /* ms since 1970 */
    int64_t version;
};
#define LENDING_LOAN_MADE_SUBJECT "loan:made"
extern const struct rt_message lending_loan_made_message;
extern const struct rt_field lending_loan_made_fields[];
#define LENDING_LOAN_MADE_INIT RT_MESSAGE_INIT(lending_loan_made)

/* What LoanChanged carries of a Book. */
struct lending_loan_changed_book {
    ProtobufCMessage base;
    const char *id;
};
extern const struct rt_message lending_loan_changed_book_message;
extern const struct rt_field lending_loan_changed_book_fields[];
#define LENDING_LOAN_CHANGED_BOOK_INIT RT_MESSAGE_INIT(lending_loan_changed_book)

/* Event "loan:changed" of a Loan. */
struct lending_loan_changed {
    ProtobufCMessage base;
    const char *id;
    struct lending_loan_changed_book *book;
    int64_t due_at; /* ms since 1970 */
    protobuf_c_boolean has_returned_at;
    int64_t returned_at; /* ms since 1970 */
    int64_t version;
};
#define LENDING_LOAN_CHANGED_SUBJECT "loan:changed"
extern const struct rt_message lending_loan_changed_message;
extern const struct rt_field lending_loan_changed_fields[];
#define LENDING_LOAN_CHANGED_INIT RT_MESSAGE_INIT(lending_loan_changed)

#ifdef __cplusplus
}
#endif

#endif
