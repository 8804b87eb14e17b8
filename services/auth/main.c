#include "gen/auth/auth_service.h"

int main(int argc, char **argv)
{
    return rt_service_main(&auth_service, argc, argv);
}
