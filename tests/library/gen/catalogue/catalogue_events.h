// Generated from schema library; do not edit.
/* What the events of service catalogue carry. */
#ifndef CATALOGUE_EVENTS_H
#define CATALOGUE_EVENTS_H

#include "gen/catalogue/catalogue_enums.h"
#include "runtime/wire/message.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Event "book:added" of a Book. */
struct catalogue_book_added {
    ProtobufCMessage base;
    const char *id;
    const char *title; /* 1..120 characters, trimmed */
    enum catalogue_shelf shelf;
    int64_t version;
};
#define CATALOGUE_BOOK_ADDED_SUBJECT "book:added"
extern const struct rt_message catalogue_book_added_message;
extern const struct rt_field catalogue_book_added_fields[];
#define CATALOGUE_BOOK_ADDED_INIT RT_MESSAGE_INIT(catalogue_book_added)

/* Event "book:changed" of a Book. */
struct catalogue_book_changed {
    ProtobufCMessage base;
    const char *id;
    const char *title; /* 1..120 characters, trimmed */
    enum catalogue_shelf shelf;
    int64_t version;
};
#define CATALOGUE_BOOK_CHANGED_SUBJECT "book:changed"
extern const struct rt_message catalogue_book_changed_message;
extern const struct rt_field catalogue_book_changed_fields[];
#define CATALOGUE_BOOK_CHANGED_INIT RT_MESSAGE_INIT(catalogue_book_changed)

/* Event "book:removed" of a Book. */
struct catalogue_book_removed {
    ProtobufCMessage base;
    const char *id;
    const char *title; /* 1..120 characters, trimmed */
    enum catalogue_shelf shelf;
    int64_t version;
};
#define CATALOGUE_BOOK_REMOVED_SUBJECT "book:removed"
extern const struct rt_message catalogue_book_removed_message;
extern const struct rt_field catalogue_book_removed_fields[];
#define CATALOGUE_BOOK_REMOVED_INIT RT_MESSAGE_INIT(catalogue_book_removed)

#ifdef __cplusplus
}
#endif

#endif
