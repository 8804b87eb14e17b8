#include "runtime/base/error.h"

#include <stdio.h>
#include <stdlib.h>

int rt_error_set(struct rt_error *error, int code, const char *format, ...)
{
    if (error) {
        va_list args;
        va_start(args, format);
        error->code = code;
        vsnprintf(error->message, sizeof error->message, format, args);
        va_end(args);
    }
    return code;
}

const char *rt_err_name(int code)
{
    static const char *const names[] = {
        "OK",         "RT_EINVAL",   "RT_ENOTFOUND",    "RT_EEXIST", "RT_ECONFLICT",
        "RT_ETOOBIG", "RT_ECORRUPT", "RT_EIO",          "RT_EAGAIN", "RT_ECLOSED",
        "RT_EDENIED", "RT_ETIMEOUT", "RT_EUNSUPPORTED",
    };
    return code <= 0 && code >= RT_EUNSUPPORTED ? names[-code] : "unknown error";
}

void rt_panic(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("panic: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}
