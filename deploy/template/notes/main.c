#include "gen/notes/notes_service.h"

int main(int argc, char **argv)
{
    return rt_service_main(&notes_service, argc, argv);
}
