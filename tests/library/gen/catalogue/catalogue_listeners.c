// Generated from schema library; do not edit.
#include "gen/catalogue/catalogue_listeners.h"

#include "gen/catalogue/catalogue_store.h"
#include "gen/lending/lending_events.h"

static const struct rt_event_type lending_loan_made = {
    .name = "LoanMade",
    .subject = LENDING_LOAN_MADE_SUBJECT,
    .message = &lending_loan_made_message,
};

static const struct rt_event_type lending_loan_changed = {
    .name = "LoanChanged",
    .subject = LENDING_LOAN_CHANGED_SUBJECT,
    .message = &lending_loan_changed_message,
};

static const struct rt_event_type *const loan_sources[] = {
    &lending_loan_made,
    &lending_loan_changed,
};

const struct rt_replica catalogue_replicas[] = {
    {.model = &catalogue_loan_model, .events = loan_sources, .n_events = 2},
};
