// Generated from schema library; do not edit.
#include "gen/lending/lending_listeners.h"

#include "gen/catalogue/catalogue_events.h"
#include "gen/lending/lending_store.h"

static const struct rt_event_type catalogue_book_added = {
    .name = "BookAdded",
    .subject = CATALOGUE_BOOK_ADDED_SUBJECT,
    .message = &catalogue_book_added_message,
};

static const struct rt_event_type catalogue_book_changed = {
    .name = "BookChanged",
    .subject = CATALOGUE_BOOK_CHANGED_SUBJECT,
    .message = &catalogue_book_changed_message,
};

static const struct rt_event_type catalogue_book_removed = {
    .name = "BookRemoved",
    .subject = CATALOGUE_BOOK_REMOVED_SUBJECT,
    .message = &catalogue_book_removed_message,
    .last = true,
};

static const struct rt_event_type *const book_sources[] = {
    &catalogue_book_added,
    &catalogue_book_changed,
    &catalogue_book_removed,
};

const struct rt_replica lending_replicas[] = {
    {.model = &lending_book_model, .events = book_sources, .n_events = 3},
};

static void at_overdue(struct rt_ctx *ctx, void *record)
{
    lending_overdue(ctx, record);
}

const struct rt_timer lending_timers[] = {
    {
        .name = "overdue",
        .model = &lending_loan_model,
        .index = &lending_loan_indexes[LENDING_LOAN_OVERDUE],
        .handle = at_overdue,
    },
};
