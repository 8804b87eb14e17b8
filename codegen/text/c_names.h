/*
 * What names mean already where emitted code goes: in C and C++, in the headers of the system, and
 * in the libraries below a service.
 *
 * Threads: no shared state. All tables are sorted and constant.
 */
#ifndef TS_C_NAMES_H
#define TS_C_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* The words no member or parameter can be called by: `class`, `st_mtime`, `base`. */
const char *const *ts_c_words(size_t *ret_count);
bool ts_c_is_word(const char *name);

/* Names of several words that are taken as functions, types or macros: `clock_gettime`, `INT_MAX`;
 * those of whole libraries (ts_c_library) are not among them. */
bool ts_c_is_taken(const char *name);
/* Those that start with `prefix`. */
const char *const *ts_c_taken(const char *prefix, size_t *ret_count);

/* The library whose names all start with this name or with its first words, such as "libuv" of `uv`
 * and `uv_loop`; NULL when there is none. */
const char *ts_c_library(const char *name);

#endif
