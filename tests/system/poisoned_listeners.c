/* The listeners of tickets with a mistake: one never gets over an order of a certain price. */
#include "gen/tickets/tickets_listeners.h"

enum rt_listened tickets_reserve_whole(struct rt_ctx *ctx,
                                       const struct orders_order_created *event);

#define tickets_reserve tickets_reserve_whole
#include "services/tickets/listeners.c" // NOLINT(bugprone-suspicious-include): all but one
#undef tickets_reserve

enum { POISON_CENTS = 66600 };

enum rt_listened tickets_reserve(struct rt_ctx *ctx, const struct orders_order_created *event)
{
    return event->ticket->price == POISON_CENTS ? RT_RETRY : tickets_reserve_whole(ctx, event);
}
