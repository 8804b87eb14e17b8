/*
 * Eight bytes at a time: whether a word has a byte of some kind ("determine if a word has a byte
 * less than n", "... equal to n": Bit Twiddling Hacks, S. E. Anderson). For scans over text that
 * is nearly always fine; where a word is not, the caller looks at its bytes one by one.
 * Pure.
 */
#ifndef RT_HTTP_WORD_H
#define RT_HTTP_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RT_WORD_ONES UINT64_C(0x0101010101010101)
#define RT_WORD_TOPS UINT64_C(0x8080808080808080)

static inline uint64_t rt_word_load(const void *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* The next two answer in the top bits of the bytes (see RT_WORD_TOPS); other bits are noise. */
static inline uint64_t rt_word_less(uint64_t word, uint8_t limit)
{
    return (word - RT_WORD_ONES * limit) & ~word;
}

static inline uint64_t rt_word_equal(uint64_t word, uint8_t byte)
{
    return rt_word_less(word ^ RT_WORD_ONES * byte, 1);
}

static inline bool rt_word_any(uint64_t answers)
{
    return (answers & RT_WORD_TOPS) != 0;
}

#endif
