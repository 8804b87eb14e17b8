/*
 * uthash with our hash function. The macros' own reads keys byte by byte, falls through cases in
 * a way that clang warns of, and exits where there is no memory. The order of a walk is that of
 * insertion and does not depend on the hash.
 */
#ifndef RT_BASE_TABLE_H
#define RT_BASE_TABLE_H

#include "runtime/base/error.h"
#include "runtime/base/str.h"

#define HASH_FUNCTION(key, len, hash) ((hash) = (unsigned)rt_hash(rt_bytes((key), (len)), 0))
#define uthash_fatal(message)         rt_panic("%s", message)
#include <uthash.h>

#endif
