#include "runtime/base/uuid.h"

#include <errno.h>
#include <sys/random.h>

#include "runtime/base/error.h"

void rt_random(void *out, size_t len)
{
    uint8_t *p = out;
    while (len > 0) {
        ssize_t got = getrandom(p, len, 0);
        if (got < 0 && errno != EINTR)
            rt_panic("getrandom: %s", strerror(errno));
        if (got > 0) {
            p += got;
            len -= (size_t)got;
        }
    }
}

static char *put_hex(char *p, const uint8_t *bytes, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        *p++ = digits[bytes[i] >> 4];
        *p++ = digits[bytes[i] & 15];
    }
    return p;
}

enum { RANDOM_PER_ID = 10 };

static void draw(struct rt_uuid_gen *gen, uint8_t out[RANDOM_PER_ID])
{
    if (gen->left < RANDOM_PER_ID) {
        rt_random(gen->pool, sizeof gen->pool);
        gen->left = sizeof gen->pool;
    }
    gen->left -= RANDOM_PER_ID;
    memcpy(out, gen->pool + gen->left, RANDOM_PER_ID);
}

void rt_uuid_next(struct rt_uuid_gen *gen, int64_t now_ms, char out[RT_UUID_LEN + 1])
{
    uint8_t b[16];
    draw(gen, b + 6);
    if (now_ms > gen->last_ms) {
        gen->last_ms = now_ms;
        gen->counter = b[6] & 0x3Fu; /* leave room to count up within this millisecond */
    } else if (++gen->counter > 0xFFF) {
        gen->last_ms++;
        gen->counter = 0;
    }
    for (int i = 0; i < 6; i++)
        b[i] = (uint8_t)((uint64_t)gen->last_ms >> (40 - 8 * i));
    b[6] = (uint8_t)(0x70 | gen->counter >> 8);
    b[7] = (uint8_t)gen->counter;
    b[8] = (uint8_t)(0x80 | (b[8] & 0x3F));
    char *p = put_hex(out, b, 4);
    *p++ = '-';
    p = put_hex(p, b + 4, 2);
    *p++ = '-';
    p = put_hex(p, b + 6, 2);
    *p++ = '-';
    p = put_hex(p, b + 8, 2);
    *p++ = '-';
    p = put_hex(p, b + 10, 6);
    *p = '\0';
}

bool rt_uuid_valid(struct rt_str text)
{
    if (text.len != RT_UUID_LEN)
        return false;
    for (size_t i = 0; i < RT_UUID_LEN; i++) {
        char c = text.data[i];
        bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}
