/* Everything in the catalogue is automatic. */
#include "gen/catalogue/catalogue_service.h"

int main(int argc, char **argv)
{
    return rt_service_main(&catalogue_service, argc, argv);
}
