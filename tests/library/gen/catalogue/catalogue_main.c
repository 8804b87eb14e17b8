// Generated from schema library; do not edit.
/* Everything here is automatic: this is the whole service. */
#include "gen/catalogue/catalogue_service.h"

int main(int argc, char **argv)
{
    return rt_service_main(&catalogue_service, argc, argv);
}
