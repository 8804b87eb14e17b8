/*
 * A database whose reads fail when a test says so. Programs that link it have LevelDB's wrapper
 * between: everything else works as ever.
 *
 * Threads: any.
 */
#ifndef TESTS_FAILING_DB_H
#define TESTS_FAILING_DB_H

/* From now on reading a key that contains `part` gives RT_ECORRUPT; NULL: none does. The string
 * is borrowed. */
void failing_db_key(const char *part);
/* From now on walks over keys end with RT_ECORRUPT, or do not. */
void failing_db_walks(_Bool fail);
/* How many reads failed so far. */
unsigned failing_db_count(void);

#endif
