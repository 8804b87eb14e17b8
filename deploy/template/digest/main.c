#include "gen/digest/digest_service.h"

int main(int argc, char **argv)
{
    return rt_service_main(&digest_service, argc, argv);
}
