/* No program has this: it is what clang-tidy must find. */
#include <string.h>

int compare(const char *a, const char *b);

int compare(const char *a, const char *b)
{
    if (strcmp(a, b) == 1)
        return 1;
    return 0;
}
