/*
 * Finds the end of what a JSON string holds unescaped, eight bytes at a time. Private to
 * runtime/wire; shared by the reader and the writer, which stop at the same bytes.
 */
#ifndef RT_WIRE_JSON_SCAN_H
#define RT_WIRE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* How many bytes from `p` on are neither below 0x20 nor a quote nor a backslash (and, when
 * `ascii_only`, below 0x80). */
static inline size_t rt_json_plain(const uint8_t *p, size_t len, bool ascii_only)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t highs = UINT64_C(0x8080808080808080);
    size_t i = 0;
    /* The subtractions set the high bit of each byte that is below 0x20, or zero after the xor
     * ("Bit Twiddling Hacks", hasless and haszero); any byte of 0x80 and more ends the loop, too.
     */
    for (uint64_t bytes; len - i >= sizeof bytes; i += sizeof bytes) {
        memcpy(&bytes, p + i, sizeof bytes);
        uint64_t quote = bytes ^ (ones * '"');
        uint64_t slash = bytes ^ (ones * '\\');
        if (((bytes - ones * 0x20) | (quote - ones) | (slash - ones) | bytes) & highs)
            break;
    }
    while (i < len && p[i] >= 0x20 && p[i] != '"' && p[i] != '\\' && !(ascii_only && p[i] >= 0x80))
        i++;
    return i;
}

#endif
