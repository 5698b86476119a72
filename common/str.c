/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Spans, strict numbers in text, and the capped buffer. A buffer grows by doubling on the heap and
 * adds a piece whole or not at all, so after an overflow it holds a prefix made of whole pieces.
 */
#include "common/str.h"
#include "common/err.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- spans ----------------------------------------------------------------------------------- */

struct span
span_of(const char *s)
{
    return s ? (struct span){s, strlen(s)} : (struct span){"", 0};
}

bool
span_equal(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool
span_is(struct span a, const char *s)
{
    return span_equal(a, span_of(s));
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct span
span_trim(struct span s)
{
    while (s.length > 0 && is_blank(s.data[0])) {
        s.data++;
        s.length--;
    }
    while (s.length > 0 && is_blank(s.data[s.length - 1]))
        s.length--;
    return s;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool
span_int64(struct span s, int64_t least, int64_t most, int64_t *value)
{
    const bool negative = s.length > 0 && s.data[0] == '-';
    const size_t start = negative ? 1 : 0;
    const size_t digits = s.length - start;
    int64_t v = 0; /* kept negative: -INT64_MIN does not exist */

    if (digits == 0 || digits > 19 || (s.data[start] == '0' && (digits > 1 || negative)))
        return false;
    for (size_t i = start; i < s.length; i++) {
        if (!is_digit(s.data[i]))
            return false;

        const int digit = s.data[i] - '0';

        if (v < (INT64_MIN + digit) / 10)
            return false;
        v = v * 10 - digit;
    }
    if (!negative) {
        if (v == INT64_MIN)
            return false;
        v = -v;
    }
    if (v < least || v > most)
        return false;
    *value = v;
    return true;
}

static size_t
count_digits(struct span s, size_t from)
{
    size_t i = from;

    while (i < s.length && is_digit(s.data[i]))
        i++;
    return i - from;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit before or after the point. */
static bool
is_decimal(struct span s)
{
    size_t i = s.length > 0 && (s.data[0] == '-' || s.data[0] == '+') ? 1 : 0;
    size_t digits = count_digits(s, i);

    i += digits;
    if (i < s.length && s.data[i] == '.') {
        const size_t fraction = count_digits(s, i + 1);

        i += 1 + fraction;
        digits += fraction;
    }
    if (digits == 0)
        return false;
    if (i < s.length && (s.data[i] == 'e' || s.data[i] == 'E')) {
        i++;
        if (i < s.length && (s.data[i] == '-' || s.data[i] == '+'))
            i++;

        const size_t exponent = count_digits(s, i);

        if (exponent == 0)
            return false;
        i += exponent;
    }
    return i == s.length;
}

/*
 * A number of at most 15 digits, at most 15 of them after the point and no exponent: its digits as
 * an integer and the power of ten are both exact, so that one division rounds as strtod does
 * (Clinger 1990). False: not of this form.
 */
static bool
short_decimal(struct span s, double *value)
{
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const size_t first = s.length > 0 && s.data[0] == '-';
    int64_t digits = 0;
    size_t point = s.length;

    if (s.length > 16)
        return false;
    for (size_t i = first; i < s.length; i++) {
        const char c = s.data[i];

        if (c == '.' && point == s.length)
            point = i;
        else if (c >= '0' && c <= '9')
            digits = 10 * digits + (c - '0');
        else
            return false;
    }

    const size_t count = s.length - first - (point < s.length);
    const double whole = (double)digits;

    if (count == 0 || count > 15)
        return false;
    *value = point < s.length ? whole / powers[s.length - point - 1] : whole;
    if (first)
        *value = -*value;
    return true;
}

bool
span_real(struct span s, double *value)
{
    char text[1024]; /* longer than any double needs; more is not a number somebody meant */

    if (short_decimal(s, value))
        return true;
    if (s.length >= sizeof text || !is_decimal(s))
        return false;
    memcpy(text, s.data, s.length);
    text[s.length] = '\0';

    const double v = strtod(text, NULL);

    if (!isfinite(v))
        return false;
    *value = v;
    return true;
}

/* ---- the buffer ------------------------------------------------------------------------------ */

static void
strbuf_release(void *buffer)
{
    struct strbuf *const b = buffer;

    if (b->data != &b->nothing)
        free(b->data);
}

struct strbuf *
strbuf_new(struct arena *a, size_t cap)
{
    struct strbuf *const b = arena_alloc(a, sizeof *b);

    b->cap = cap < SIZE_MAX / 4 ? cap : SIZE_MAX / 4;
    b->data = &b->nothing;
    arena_own(a, b, strbuf_release);
    return b;
}

void
strbuf_clear(struct strbuf *b)
{
    b->length = 0;
    b->overflow = false;
    b->data[0] = '\0';
}

/* Makes the capacity at least `needed`, which is at most the cap. */
static void
grow(struct strbuf *b, size_t needed)
{
    size_t capacity = b->capacity < 32 ? 64 : b->capacity * 2;

    if (capacity < needed)
        capacity = needed;
    if (capacity > b->cap)
        capacity = b->cap;

    const bool first = b->data == &b->nothing;
    char *const data = realloc(first ? NULL : b->data, capacity + 1); /* and the NUL */

    if (!data)
        err_fatal("out of memory");
    if (first)
        data[0] = '\0';
    b->data = data;
    b->capacity = capacity;
}

bool
strbuf_reserve(struct strbuf *b, size_t length)
{
    if (b->overflow || length > b->cap - b->length) {
        b->overflow = true;
        return false;
    }
    if (length > b->capacity - b->length)
        grow(b, b->length + length);
    return true;
}

bool
strbuf_add(struct strbuf *b, const void *data, size_t length)
{
    if (!strbuf_reserve(b, length))
        return false;
    if (length > 0)
        memcpy(b->data + b->length, data, length);
    b->length += length;
    b->data[b->length] = '\0';
    return true;
}

bool
strbuf_add_char(struct strbuf *b, char c)
{
    return strbuf_add(b, &c, 1);
}

bool
strbuf_add_text(struct strbuf *b, const char *s)
{
    return strbuf_add(b, s, strlen(s));
}

bool
strbuf_printf(struct strbuf *b, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    const int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        err_fatal("text cannot be formatted");
    if (!strbuf_reserve(b, (size_t)n))
        return false;
    va_start(args, format);
    (void)vsnprintf(b->data + b->length, (size_t)n + 1, format, args);
    va_end(args);
    b->length += (size_t)n;
    return true;
}

bool
strbuf_add_be16(struct strbuf *b, uint16_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 8), (uint8_t)value};

    return strbuf_add(b, bytes, sizeof bytes);
}

bool
strbuf_add_be32(struct strbuf *b, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};

    return strbuf_add(b, bytes, sizeof bytes);
}

bool
strbuf_add_be64(struct strbuf *b, uint64_t value)
{
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
    return strbuf_add(b, bytes, sizeof bytes);
}
