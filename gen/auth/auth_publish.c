// Generated from schema ticketing; do not edit.
#include "gen/auth/auth_publish.h"

void auth_publish_session_revoked(struct rt_txn *txn, const struct auth_revocation *revocation)
{
    struct auth_session_revoked event = AUTH_SESSION_REVOKED_INIT;
    rt_message_pick(revocation, &event, txn->arena);
    rt_txn_publish(txn, &auth_revocation_model, revocation, RT_STR(AUTH_SESSION_REVOKED_SUBJECT),
                   rt_str(event.id), &event);
}

static void publish_session_revoked(struct rt_txn *txn, const void *record)
{
    auth_publish_session_revoked(txn, record);
}

const struct rt_event_type auth_session_revoked_event = {
    .name = "SessionRevoked",
    .subject = AUTH_SESSION_REVOKED_SUBJECT,
    .message = &auth_session_revoked_message,
    .model = &auth_revocation_model,
    .publish = publish_session_revoked,
};
