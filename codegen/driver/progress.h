/*
 * What a run that takes long is doing, once a second, on a terminal: one line on the standard
 * error that is written over and gone at the end. Nothing appears within the first second, and
 * nothing at all when the standard error is no terminal.
 * It costs the run nothing: a timer's signal writes the line. One per process.
 */
#ifndef TS_PROGRESS_H
#define TS_PROGRESS_H

/* Sets what the run is doing from now on; the texts are borrowed until the next call. */
void ts_progress(const char *verb, const char *what);
/* Removes the line. Whatever else is printed to the terminal comes after this. */
void ts_progress_done(void);

#endif
