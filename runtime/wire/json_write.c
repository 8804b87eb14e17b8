#include "runtime/wire/json_write.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/clock.h"
#include "runtime/wire/check.h"
#include "runtime/wire/json_scan.h"
#include "runtime/wire/text.h"

/* ------------------------------------------------------------------ strings */

static void write_escape(uint8_t c, struct rt_buf *out)
{
    static const char hex[] = "0123456789abcdef";
    static const char letters[0x20] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    rt_buf_byte(out, '\\');
    if (c >= 0x20) {
        rt_buf_byte(out, c);
    } else if (letters[c]) {
        rt_buf_byte(out, (uint8_t)letters[c]);
    } else {
        rt_buf_puts(out, "u00");
        rt_buf_byte(out, (uint8_t)hex[c >> 4]);
        rt_buf_byte(out, (uint8_t)hex[c & 15]);
    }
}

/* The bytes of the character at `p`, 0 when it is not UTF-8. */
static size_t character_size(const uint8_t *p, size_t len)
{
    size_t size = *p >= 0xF0 ? 4 : *p >= 0xE0 ? 3 : 2;
    return size <= len && rt_utf8_valid(rt_str_n((const char *)p, size)) ? size : 0;
}

/* The rest of a string from its first byte that is not plain ASCII on. */
static bool write_rest(const uint8_t *p, size_t left, struct rt_buf *out)
{
    bool utf8 = rt_utf8_valid(rt_str_n((const char *)p, left));
    bool clean = utf8;
    while (left > 0) {
        size_t taken = rt_json_plain(p, left, !utf8);
        if (taken > 0) {
            rt_buf_append(out, p, taken);
        } else if (*p < 0x80) {
            clean = clean && *p != 0;
            write_escape(*p, out);
            taken = 1;
        } else {
            size_t size = character_size(p, left);
            taken = size ? size : 1;
            if (size > 0)
                rt_buf_append(out, p, size);
            else
                rt_buf_puts(out, "\xEF\xBF\xBD"); /* U+FFFD */
        }
        p += taken;
        left -= taken;
    }
    return clean;
}

bool rt_json_string_checked(struct rt_str text, struct rt_buf *out)
{
    const uint8_t *p = (const uint8_t *)text.data;
    size_t plain = rt_json_plain(p, text.len, true);
    bool clean = true;
    rt_buf_reserve(out, text.len + 2);
    out->data[out->len++] = '"';
    if (plain > 0)
        memcpy(out->data + out->len, p, plain);
    out->len += plain;
    if (plain < text.len)
        clean = write_rest(p + plain, text.len - plain, out);
    rt_buf_byte(out, '"');
    return clean;
}

void rt_json_string(struct rt_str text, struct rt_buf *out)
{
    rt_json_string_checked(text, out);
}

/* ------------------------------------------------------------------ scalars */

void rt_json_null(struct rt_buf *out)
{
    rt_buf_append(out, "null", 4);
}

/* A decimal of at most 15 places, when that is exact: the quotient of two integers below 2^53 and
 * 10^22 is rounded as the decimal's text would be when it is read. */
static bool write_short_double(double value, struct rt_buf *out)
{
    enum { PLACES_MAX = 15 };
    const double limit = 9007199254740992.0; /* 2^53 */
    char text[RT_INT_TEXT_MAX + PLACES_MAX];
    double power = 1;
    for (unsigned places = 0; places <= PLACES_MAX; places++, power *= 10) {
        double scaled = value * power;
        if (!(scaled > -limit && scaled < limit))
            return false;
        int64_t digits = (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
        if ((double)digits / power == value) {
            rt_buf_append(out, text, (size_t)(rt_decimal_format(digits, places, text) - text));
            return true;
        }
    }
    return false;
}

void rt_json_double(double value, struct rt_buf *out)
{
    char text[40];
    value += 0.0; /* -0 is 0: proto3 does not store the difference */
    if (!isfinite(value)) {
        rt_json_null(out);
        return;
    }
    if (write_short_double(value, out))
        return;
    /* The shortest of these that reads back as the same double. */
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    for (char *p = text; *p; p++)
        if (*p == ',') /* a locale's decimal point */
            *p = '.';
    rt_buf_puts(out, text);
}

static void write_enum(const struct rt_enum *enumeration, int64_t number, struct rt_buf *out)
{
    char text[RT_INT_TEXT_MAX];
    for (size_t i = 0; i < enumeration->n_values; i++)
        if (enumeration->values[i].number == number) {
            rt_json_string(rt_str(enumeration->values[i].json), out);
            return;
        }
    /* A value of a newer schema keeps its number, as in protobuf's own JSON; 0 is no value. */
    if (number == 0)
        rt_json_null(out);
    else
        rt_buf_append(out, text, (size_t)(rt_i64_format(number, text) - text));
}

void rt_json_integer(const struct rt_field *field, int64_t value, struct rt_buf *out)
{
    char text[RT_TIME_TEXT_LEN + 3];
    char *end = text;
    switch (field->kind) {
    case RT_BOOL:
        rt_buf_append(out, value ? "true" : "false", value ? 4 : 5);
        return;
    case RT_ENUM:
        write_enum(field->enumeration, value, out);
        return;
    case RT_DECIMAL:
        end = rt_decimal_format(value, field->scale, text);
        break;
    case RT_U64:
        end = rt_u64_format((uint64_t)value, text);
        break;
    case RT_TIME:
        text[0] = '"';
        rt_time_format(value, text + 1);
        end = text + 1 + RT_TIME_TEXT_LEN;
        *end++ = '"';
        break;
    case RT_DATE:
        *end++ = '"';
        end = rt_date_format(value, end);
        *end++ = '"';
        break;
    default:
        end = rt_i64_format(value, text);
        break;
    }
    rt_buf_append(out, text, (size_t)(end - text));
}

void rt_json_bytes(struct rt_bytes bytes, struct rt_buf *out)
{
    rt_buf_byte(out, '"');
    size_t room = rt_base64_len(bytes.len) + 1;
    rt_buf_reserve(out, room);
    out->len += rt_base64_encode(bytes, false, (char *)out->data + out->len);
    rt_buf_byte(out, '"');
}

void rt_json_key(const struct rt_field *field, bool first, struct rt_buf *out)
{
    size_t len = strlen(field->json);
    uint8_t *p = rt_buf_extend(out, len + 3 + !first);
    if (!first)
        *p++ = ',';
    *p++ = '"';
    memcpy(p, field->json, len);
    memcpy(p + len, "\":", 2);
}

/* ----------------------------------------------------------------- messages */

void rt_json_slot(const struct rt_field *field, const void *slot, struct rt_buf *out)
{
    switch (field->kind) {
    case RT_STRING:
    case RT_PASSWORD:
    case RT_ID:
    case RT_REF: {
        const char *text = *(const char *const *)slot;
        rt_json_string(rt_str(text ? text : ""), out);
        break;
    }
    case RT_BYTES: {
        const ProtobufCBinaryData *data = slot;
        rt_json_bytes(rt_bytes(data->data, data->len), out);
        break;
    }
    case RT_F64:
        rt_json_double(*(const double *)slot, out);
        break;
    case RT_MESSAGE: {
        const void *message = *(const void *const *)slot;
        if (message)
            rt_json_encode(message, out);
        else
            rt_json_null(out);
        break;
    }
    default:
        rt_json_integer(field, rt_slot_int(field->kind, slot), out);
        break;
    }
}

static void write_list(const struct rt_field *field, const void *message, struct rt_buf *out)
{
    size_t n = rt_member_count(field, message);
    const char *items = *(const char *const *)rt_member(field, message);
    size_t size = rt_item_size(field);
    rt_buf_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            rt_buf_byte(out, ',');
        rt_json_slot(field, items + i * size, out);
    }
    rt_buf_byte(out, ']');
}

static void write_map(const struct rt_field *field, const void *message, struct rt_buf *out)
{
    size_t n = rt_member_count(field, message);
    const void *const *entries = *(const void *const *const *)rt_member(field, message);
    const struct rt_field *key = &field->message->fields[0];
    const struct rt_field *value = &field->message->fields[1];
    char key_text[RT_INT_TEXT_MAX];
    rt_buf_byte(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            rt_buf_byte(out, ',');
        rt_json_string(rt_map_key_text(key, entries[i], key_text), out);
        rt_buf_byte(out, ':');
        rt_json_slot(value, rt_member(value, entries[i]), out);
    }
    rt_buf_byte(out, '}');
}

void rt_json_encode(const void *message, struct rt_buf *out)
{
    const struct rt_message *type = rt_message_of(message);
    bool first = true;
    rt_buf_byte(out, '{');
    for (size_t i = 0; i < type->n_fields; i++) {
        const struct rt_field *field = &type->fields[i];
        if (rt_field_secret(field))
            continue;
        rt_json_key(field, first, out);
        first = false;
        if (field->shape == RT_LIST)
            write_list(field, message, out);
        else if (field->shape == RT_MAP)
            write_map(field, message, out);
        else if (rt_member_present(field, message))
            rt_json_slot(field, rt_member(field, message), out);
        else
            rt_json_null(out);
    }
    rt_buf_byte(out, '}');
}
