#include "runtime/base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>

#include "runtime/base/alloc.h"
#include "runtime/base/pattern_syntax.h"

struct rt_pattern {
    pcre2_code *code;
    uint64_t longest; /* code points; no longer text matches */
};

/* What matching needs besides the pattern, one for each thread. */
struct scratch {
    pcre2_match_data *data;
    pcre2_match_context *limits;
    int *states; /* of the matcher that follows all ways at once */
    size_t n_states;
};

enum {
    STEPS = 1000,    /* of backtracking, before the other matcher takes over: so many, */
    STEPS_EACH = 20, /* and so many for each byte of the text */
    HEAP_KIB = 1024,
    STATES_MIN = 4096,
    STATES_MAX = 64 << 20
};

/* ---------------------------------------------------------------- compiling */

static int measure(const struct rt_pattern_shape *shape, uint32_t text_max, struct rt_error *error)
{
    uint64_t length = shape->longest < text_max ? shape->longest : text_max;
    if (shape->size * shape->size * (length > 0 ? length : 1) <= RT_PATTERN_WORK_MAX)
        return 0;
    return rt_error_set(error, RT_ETOOBIG,
                        "matching it could take too long: its %llu characters, repetitions written "
                        "out, squared and times the %llu of the longest text are more than %d",
                        (unsigned long long)shape->size, (unsigned long long)length,
                        RT_PATTERN_WORK_MAX);
}

static int compile(const char *text, size_t len, pcre2_code **ret, struct rt_error *error)
{
    /* No (*VERB) is read from a pattern: each starts with "(?:". */
    uint32_t options = PCRE2_UTF | PCRE2_ANCHORED | PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_BACKSLASH_C;
    PCRE2_UCHAR why[128];
    PCRE2_SIZE offset;
    int code;
    *ret = pcre2_compile((PCRE2_SPTR)text, len, options, &code, &offset, NULL);
    if (*ret)
        return 0;
    if (code == PCRE2_ERROR_HEAP_FAILED)
        rt_panic("out of memory: a pattern");
    pcre2_get_error_message(code, why, sizeof why);
    return rt_error_set(error, code == PCRE2_ERROR_PATTERN_TOO_LARGE ? RT_ETOOBIG : RT_EINVAL, "%s",
                        (const char *)why);
}

int rt_pattern_new(const char *pattern, uint32_t text_max, struct rt_pattern **ret,
                   struct rt_error *error)
{
    struct rt_pattern_shape shape;
    struct rt_buf text = {0};
    pcre2_code *code = NULL;
    int status = rt_pattern_translate(pattern, &text, &shape, error);
    if (status == 0)
        status = measure(&shape, text_max, error);
    if (status == 0)
        status = compile((const char *)text.data, text.len, &code, error);
    rt_buf_done(&text);
    if (status != 0)
        return status;
    *ret = rt_alloc(sizeof **ret);
    **ret = (struct rt_pattern){.code = code, .longest = shape.longest};
    return 0;
}

void rt_pattern_free(struct rt_pattern *pattern)
{
    if (!pattern)
        return;
    pcre2_code_free(pattern->code);
    free(pattern);
}

int rt_pattern_check(const char *pattern, uint32_t text_max, struct rt_error *error)
{
    struct rt_pattern *made = NULL;
    int status = rt_pattern_new(pattern, text_max, &made, error);
    rt_pattern_free(made);
    return status;
}

/* ----------------------------------------------------------------- matching */

static pthread_key_t scratch_key;

static void scratch_free(void *arg)
{
    struct scratch *scratch = arg;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->limits);
    free(scratch->states);
    free(scratch);
}

static void scratch_key_make(void)
{
    if (pthread_key_create(&scratch_key, scratch_free) != 0)
        rt_panic("no key for the state of patterns");
}

static struct scratch *scratch_of_thread(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static _Thread_local struct scratch *mine;
    if (mine)
        return mine;
    pthread_once(&once, scratch_key_make);
    mine = rt_zalloc(sizeof *mine);
    mine->data = pcre2_match_data_create(1, NULL);
    mine->limits = pcre2_match_context_create(NULL);
    if (!mine->data || !mine->limits || pthread_setspecific(scratch_key, mine) != 0)
        rt_panic("out of memory: a pattern");
    pcre2_set_heap_limit(mine->limits, HEAP_KIB);
    return mine;
}

/* Follows all ways at once; the states grow until they suffice. */
static int match_all_ways(struct scratch *scratch, const struct rt_pattern *pattern,
                          struct rt_str text)
{
    int rc = PCRE2_ERROR_DFA_WSSIZE;
    while (rc == PCRE2_ERROR_DFA_WSSIZE && scratch->n_states < STATES_MAX) {
        if (scratch->n_states > 0)
            rc = pcre2_dfa_match(pattern->code, (PCRE2_SPTR)text.data, text.len, 0,
                                 PCRE2_NO_UTF_CHECK, scratch->data, scratch->limits,
                                 scratch->states, scratch->n_states);
        if (rc != PCRE2_ERROR_DFA_WSSIZE)
            break;
        scratch->n_states = scratch->n_states > 0 ? scratch->n_states * 2 : STATES_MIN;
        scratch->states = rt_resize(scratch->states, scratch->n_states, sizeof *scratch->states);
    }
    return rc;
}

bool rt_pattern_match(const struct rt_pattern *pattern, struct rt_str text)
{
    enum { BYTES_MAX = 4 }; /* of a code point */
    struct scratch *scratch = scratch_of_thread();
    if (text.len / BYTES_MAX > pattern->longest)
        return false;
    uint64_t steps = STEPS + (uint64_t)STEPS_EACH * text.len;
    pcre2_set_match_limit(scratch->limits, steps < UINT32_MAX ? (uint32_t)steps : UINT32_MAX);
    int rc = pcre2_match(pattern->code, (PCRE2_SPTR)text.data, text.len, 0, PCRE2_NO_UTF_CHECK,
                         scratch->data, scratch->limits);
    if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT)
        rc = match_all_ways(scratch, pattern, text);
    /* Whatever else went wrong is no match: what cannot be checked is refused. */
    return rc >= 0;
}
