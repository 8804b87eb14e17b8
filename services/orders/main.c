#include "gen/orders/orders_service.h"

int main(int argc, char **argv)
{
    return rt_service_main(&orders_service, argc, argv);
}
