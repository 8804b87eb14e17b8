// Generated from schema library; do not edit.
/* Messages of service catalogue that no event carries. */
#ifndef CATALOGUE_TYPES_H
#define CATALOGUE_TYPES_H

#include "gen/catalogue/catalogue_enums.h"
#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One of notes below. */
struct catalogue_book_notes_entry {
    ProtobufCMessage base;
    const char *key;
    const char *value;
};

/* A book that the library owns. */
struct catalogue_book {
    ProtobufCMessage base;
    const char *id;
    const char *isbn;  /* 13 characters, like 97[89][0-9]{10} */
    const char *title; /* 1..120 characters, trimmed */
    size_t n_authors;
    const char **authors;       /* 1..120 characters, trimmed, 1..10 items, all different */
    enum catalogue_shelf shelf; /* fiction unless given */
    protobuf_c_boolean has_published;
    int32_t published; /* days since 1970-01-01 */
    uint32_t pages;    /* 1..20000, 100 unless given */
    size_t n_notes;
    struct catalogue_book_notes_entry **notes; /* at most 200 characters; by language */
    int64_t version;                           /* 1 on create, +1 per update */
};
extern const struct rt_message catalogue_book_message;
extern const struct rt_field catalogue_book_fields[];
#define CATALOGUE_BOOK_INIT                                                                        \
    RT_MESSAGE_INIT_WITH(catalogue_book, .shelf = CATALOGUE_SHELF_FICTION, .pages = 100)

/* One of notes below. */
struct catalogue_book_input_notes_entry {
    ProtobufCMessage base;
    const char *key;
    const char *value;
};

/* Fields of a Book. */
struct catalogue_book_input {
    ProtobufCMessage base;
    const char *isbn;  /* 13 characters, like 97[89][0-9]{10} */
    const char *title; /* 1..120 characters, trimmed */
    size_t n_authors;
    const char **authors;       /* 1..120 characters, trimmed, 1..10 items, all different */
    enum catalogue_shelf shelf; /* fiction unless given */
    protobuf_c_boolean has_published;
    int32_t published; /* days since 1970-01-01 */
    uint32_t pages;    /* 1..20000, 100 unless given */
    size_t n_notes;
    struct catalogue_book_input_notes_entry **notes; /* at most 200 characters; by language */
};
extern const struct rt_message catalogue_book_input_message;
extern const struct rt_field catalogue_book_input_fields[];
#define CATALOGUE_BOOK_INPUT_INIT                                                                  \
    RT_MESSAGE_INIT_WITH(catalogue_book_input, .shelf = CATALOGUE_SHELF_FICTION, .pages = 100)

/* What Loan carries of a Book. */
struct catalogue_loan_book {
    ProtobufCMessage base;
    const char *id;
};
extern const struct rt_message catalogue_loan_book_message;
extern const struct rt_field catalogue_loan_book_fields[];
#define CATALOGUE_LOAN_BOOK_INIT RT_MESSAGE_INIT(catalogue_loan_book)

/* What is lent at present, as far as its events have arrived. */
struct catalogue_loan {
    ProtobufCMessage base;
    const char *id;
    struct catalogue_loan_book *book;
    int64_t due_at; /* ms since 1970 */
    protobuf_c_boolean has_returned_at;
    int64_t returned_at; /* ms since 1970 */
    int64_t version;
};
extern const struct rt_message catalogue_loan_message;
extern const struct rt_field catalogue_loan_fields[];
#define CATALOGUE_LOAN_INIT RT_MESSAGE_INIT(catalogue_loan)

/* The query of GET /books. */
struct catalogue_list_query {
    ProtobufCMessage base;
    protobuf_c_boolean has_shelf;
    enum catalogue_shelf shelf;
};
extern const struct rt_message catalogue_list_query_message;
extern const struct rt_field catalogue_list_query_fields[];
#define CATALOGUE_LIST_QUERY_INIT RT_MESSAGE_INIT(catalogue_list_query)

#ifdef __cplusplus
}
#endif

#endif
