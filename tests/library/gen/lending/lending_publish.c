// Generated from schema library; do not edit.
#include "gen/lending/lending_publish.h"

void lending_publish_loan_made(struct rt_txn *txn, const struct lending_loan *loan)
{
    struct lending_loan_made event = LENDING_LOAN_MADE_INIT;
    rt_message_pick(loan, &event, txn->arena);
    rt_txn_publish(txn, &lending_loan_model, loan, RT_STR(LENDING_LOAN_MADE_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_loan_made(struct rt_txn *txn, const void *record)
{
    lending_publish_loan_made(txn, record);
}

const struct rt_event_type lending_loan_made_event = {
    .name = "LoanMade",
    .subject = LENDING_LOAN_MADE_SUBJECT,
    .message = &lending_loan_made_message,
    .model = &lending_loan_model,
    .publish = publish_loan_made,
};

void lending_publish_loan_changed(struct rt_txn *txn, const struct lending_loan *loan)
{
    struct lending_loan_changed event = LENDING_LOAN_CHANGED_INIT;
    rt_message_pick(loan, &event, txn->arena);
    rt_txn_publish(txn, &lending_loan_model, loan, RT_STR(LENDING_LOAN_CHANGED_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_loan_changed(struct rt_txn *txn, const void *record)
{
    lending_publish_loan_changed(txn, record);
}

const struct rt_event_type lending_loan_changed_event = {
    .name = "LoanChanged",
    .subject = LENDING_LOAN_CHANGED_SUBJECT,
    .message = &lending_loan_changed_message,
    .model = &lending_loan_model,
    .publish = publish_loan_changed,
};
