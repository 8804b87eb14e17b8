/*
 * Holds what is published to the system's schema (runtime/wire/schema.h): its subject has to be an
 * event's, and the payload within that event's greatest size, decodable, and valid.
 *
 * Threads: one at a time.
 */
#ifndef RT_CHANNEL_SCHEMA_CHECK_H
#define RT_CHANNEL_SCHEMA_CHECK_H

#include <stdbool.h>

#include "runtime/base/buf.h"
#include "runtime/base/error.h"

struct rt_schema;
struct rt_schema_check;

/* A schema from a file; errors name it. RT_EIO when it cannot be read, else as rt_schema_load.
 * The file's bytes come too, unless `ret_file` is NULL. */
int rt_schema_read(const char *path, struct rt_schema **ret, struct rt_buf *ret_file,
                   struct rt_error *error);
/* RT_EINVAL, with the nearest subject that it has: for one that it does not. */
int rt_schema_unknown(const struct rt_schema *schema, struct rt_str subject,
                      struct rt_error *error);

/* Reads the file. `open`: subjects that the schema does not have are let pass. RT_EIO when it
 * cannot be read, RT_EINVAL or RT_ETOOBIG when it is no schema. `path` is borrowed. */
int rt_schema_check_new(const char *path, bool open, struct rt_schema_check **ret,
                        struct rt_error *error);
void rt_schema_check_free(struct rt_schema_check *check);
/* Reads the file again. A bad one changes nothing. */
int rt_schema_check_reload(struct rt_schema_check *check, struct rt_error *error);

/* The broker's struct rt_event_check: 0, or RT_EINVAL or RT_ETOOBIG with a reason such as
 * "thing:made: /price: Must be at least 0.01 (min)". `check` is a struct rt_schema_check. */
int rt_schema_check_event(void *check, struct rt_str subject, struct rt_bytes payload,
                          struct rt_error *error);
/* And the file as it was read; borrowed until it is read again. */
struct rt_bytes rt_schema_check_file(void *check);

#endif
