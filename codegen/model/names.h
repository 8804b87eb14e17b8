/*
 * Names between the languages: snake_case in the schema, C and proto, lowerCamelCase in JSON,
 * UPPER_CASE for C constants, PascalCase for types.
 *
 * Words end at an underscore and before a capital that follows a small letter or digit, or that
 * starts a word after a run of capitals (HTTPServer -> http_server).
 * Ownership: results belong to the arena. Threads: no shared state.
 */
#ifndef TS_NAMES_H
#define TS_NAMES_H

#include "runtime/base/arena.h"

char *ts_name_snake(struct rt_arena *arena, const char *name);  /* OrderStatus -> order_status */
char *ts_name_upper(struct rt_arena *arena, const char *name);  /* OrderStatus -> ORDER_STATUS */
char *ts_name_camel(struct rt_arena *arena, const char *name);  /* order_status -> orderStatus */
char *ts_name_pascal(struct rt_arena *arena, const char *name); /* order_status -> OrderStatus */

#endif
