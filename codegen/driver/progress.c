#include "codegen/driver/progress.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

/* What the signal's handler reads; set only while the timer is off. */
static const char *verb_now;
static const char *what_now;
static volatile sig_atomic_t shown;

static void say(const char *text)
{
    ssize_t ignored = write(STDERR_FILENO, text, strlen(text));
    (void)ignored;
}

static const char line_start[] = "\r\033[K";

static void on_second(int signal_number)
{
    int saved = errno;
    (void)signal_number;
    shown = 1;
    say(line_start);
    say(verb_now);
    say(" ");
    say(what_now);
    say(" ...");
    errno = saved;
}

static void set_timer(time_t seconds)
{
    struct itimerval timer = {.it_interval = {.tv_sec = seconds}, .it_value = {.tv_sec = seconds}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

void ts_progress(const char *verb, const char *what)
{
    if (!isatty(STDERR_FILENO))
        return;
    struct sigaction action = {.sa_handler = on_second, .sa_flags = SA_RESTART};
    set_timer(0);
    verb_now = verb;
    what_now = what;
    sigaction(SIGALRM, &action, NULL);
    set_timer(1);
}

void ts_progress_done(void)
{
    set_timer(0);
    if (shown)
        say(line_start);
    shown = 0;
}
