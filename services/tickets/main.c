#include "gen/tickets/tickets_service.h"

int main(int argc, char **argv)
{
    return rt_service_main(&tickets_service, argc, argv);
}
