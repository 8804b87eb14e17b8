// Generated from schema ticketing; do not edit.
/* The routes that are written by hand. A handler fills its reply and returns OK, or returns one
 * of the errors that the schema allows; then everything it wrote is undone. A record that the
 * path names is loaded (and its owner checked) before the call. */
#ifndef TICKETS_ROUTES_H
#define TICKETS_ROUTES_H

#include "gen/tickets/tickets_events.h"
#include "gen/tickets/tickets_types.h"
#include "runtime/app/service.h"

#ifdef __cplusplus
extern "C" {
#endif

enum tickets_create_result { TICKETS_CREATE_OK };
/* POST /api/tickets, ticketing.tess line 84. Emits TicketCreated. */
#line 84 "ticketing.tess"
enum tickets_create_result tickets_create(struct rt_ctx *ctx,
                                          const struct tickets_ticket_input *input,
                                          struct tickets_ticket *ticket);
#line 23 "gen/tickets/tickets_routes.h"

enum tickets_update_result { TICKETS_UPDATE_OK, TICKETS_UPDATE_TICKET_RESERVED };
/* PUT /api/tickets/:id, ticketing.tess line 85; the ticket is the signed-in user's (user_id).
 * Emits TicketUpdated. */
#line 85 "ticketing.tess"
enum tickets_update_result tickets_update(struct rt_ctx *ctx,
                                          const struct tickets_ticket_input *input,
                                          struct tickets_ticket *ticket);
#line 32 "gen/tickets/tickets_routes.h"

extern const struct rt_route tickets_routes[];

#ifdef __cplusplus
}
#endif

#endif
