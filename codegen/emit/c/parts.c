/* Which files a service has: one of each kind that it needs. */
#include "codegen/emit/c/parts.h"

bool ts_has_events(const struct ts_service *service)
{
    bool any = service->n_events > 0;
    for (size_t i = 0; i < service->n_messages; i++)
        any = any || service->messages[i]->shared;
    return any;
}

bool ts_has_types(const struct ts_service *service)
{
    for (size_t i = 0; i < service->n_messages; i++)
        if (!service->messages[i]->shared)
            return true;
    for (size_t i = 0; i < service->n_routes; i++)
        if (service->routes[i]->query)
            return true;
    return false;
}

bool ts_has_devices(const struct ts_service *service)
{
    for (size_t i = 0; i < service->n_messages; i++)
        if (service->messages[i]->bounded)
            return true;
    return false;
}

bool ts_has_stores(const struct ts_service *service)
{
    for (size_t i = 0; i < service->n_messages; i++)
        if (ts_message_is_stored(service->messages[i]))
            return true;
    return false;
}

bool ts_has_routes(const struct ts_service *service)
{
    return service->n_routes > 0;
}

bool ts_has_listeners(const struct ts_service *service)
{
    return service->n_listeners + service->n_timers + service->n_consumes > 0;
}

bool ts_is_automatic(const struct ts_service *service)
{
    for (size_t i = 0; i < service->n_routes; i++)
        if (service->routes[i]->automatic == TS_AUTO_NONE)
            return false;
    return service->n_listeners + service->n_timers == 0;
}

size_t ts_replica_count(const struct ts_service *service)
{
    size_t count = 0;
    for (size_t i = 0; i < service->n_messages; i++)
        count += service->messages[i]->kind == TS_REPLICA;
    return count;
}
