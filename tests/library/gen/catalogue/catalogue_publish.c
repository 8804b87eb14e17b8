// Generated from schema library; do not edit.
#include "gen/catalogue/catalogue_publish.h"

void catalogue_publish_book_added(struct rt_txn *txn, const struct catalogue_book *book)
{
    struct catalogue_book_added event = CATALOGUE_BOOK_ADDED_INIT;
    rt_message_pick(book, &event, txn->arena);
    rt_txn_publish(txn, &catalogue_book_model, book, RT_STR(CATALOGUE_BOOK_ADDED_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_book_added(struct rt_txn *txn, const void *record)
{
    catalogue_publish_book_added(txn, record);
}

const struct rt_event_type catalogue_book_added_event = {
    .name = "BookAdded",
    .subject = CATALOGUE_BOOK_ADDED_SUBJECT,
    .message = &catalogue_book_added_message,
    .model = &catalogue_book_model,
    .publish = publish_book_added,
};

void catalogue_publish_book_changed(struct rt_txn *txn, const struct catalogue_book *book)
{
    struct catalogue_book_changed event = CATALOGUE_BOOK_CHANGED_INIT;
    rt_message_pick(book, &event, txn->arena);
    rt_txn_publish(txn, &catalogue_book_model, book, RT_STR(CATALOGUE_BOOK_CHANGED_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_book_changed(struct rt_txn *txn, const void *record)
{
    catalogue_publish_book_changed(txn, record);
}

const struct rt_event_type catalogue_book_changed_event = {
    .name = "BookChanged",
    .subject = CATALOGUE_BOOK_CHANGED_SUBJECT,
    .message = &catalogue_book_changed_message,
    .model = &catalogue_book_model,
    .publish = publish_book_changed,
};

void catalogue_publish_book_removed(struct rt_txn *txn, const struct catalogue_book *book)
{
    struct catalogue_book_removed event = CATALOGUE_BOOK_REMOVED_INIT;
    rt_message_pick(book, &event, txn->arena);
    rt_txn_publish(txn, &catalogue_book_model, book, RT_STR(CATALOGUE_BOOK_REMOVED_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_book_removed(struct rt_txn *txn, const void *record)
{
    catalogue_publish_book_removed(txn, record);
}

const struct rt_event_type catalogue_book_removed_event = {
    .name = "BookRemoved",
    .subject = CATALOGUE_BOOK_REMOVED_SUBJECT,
    .message = &catalogue_book_removed_message,
    .model = &catalogue_book_model,
    .publish = publish_book_removed,
};
