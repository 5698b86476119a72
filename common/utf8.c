/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * UTF-8: validation by the byte ranges of Unicode 15 table 3-7; ICU's normaliser and character
 * types. ICU works on UTF-16, so text is converted only when its bytes allow it not to be NFC.
 */
#include "common/utf8.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <string.h>

/* ---- validation ------------------------------------------------------------------------------ */

/* Table 3-7, a row for each range of first bytes with its own range of second bytes. */
static const struct form {
    uint8_t first_least, first_most, length, second_least, second_most;
} forms[] = {
    {0x00, 0x7F, 1, 0, 0},       {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF},
    {0xE1, 0xEC, 3, 0x80, 0xBF}, {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF},
    {0xF0, 0xF0, 4, 0x90, 0xBF}, {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

/* Bytes of the well-formed sequence at p, of which `left` are there; 0 when there is none. */
static size_t
sequence_length(const uint8_t *p, size_t left)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const struct form *const f = &forms[i];

        if (p[0] < f->first_least || p[0] > f->first_most)
            continue;
        if (f->length == 1)
            return 1;
        if (left < f->length || p[1] < f->second_least || p[1] > f->second_most)
            return 0;
        for (size_t k = 2; k < f->length; k++) {
            if ((p[k] & 0xC0) != 0x80)
                return 0;
        }
        return f->length;
    }
    return 0;
}

/* Bytes of ASCII at the start, eight at a time. */
static size_t
ascii_length(const uint8_t *p, size_t length)
{
    size_t i = 0;

    for (; length - i >= 8; i += 8) {
        uint64_t word;

        memcpy(&word, p + i, 8);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < length && p[i] < 0x80)
        i++;
    return i;
}

bool
utf8_valid(struct span s, size_t *bad)
{
    const uint8_t *const p = (const uint8_t *)s.data;

    for (size_t i = 0; i < s.length;) {
        i += ascii_length(p + i, s.length - i);
        if (i == s.length)
            break;

        const size_t n = sequence_length(p + i, s.length - i);

        if (n == 0) {
            *bad = i;
            return false;
        }
        i += n;
    }
    return true;
}

void
utf8_trim(char *text)
{
    size_t length = strlen(text);
    size_t tail = 0;

    while (tail < 3 && tail < length && ((unsigned char)text[length - 1 - tail] & 0xC0) == 0x80)
        tail++;
    if (tail >= length)
        return;

    const unsigned char lead = (unsigned char)text[length - 1 - tail];
    const size_t want = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;

    if (want > tail)
        text[length - 1 - tail] = '\0';
}

size_t
utf8_length(struct span s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.length; i++)
        n += ((uint8_t)s.data[i] & 0xC0) != 0x80;
    return n;
}

/* ---- characters ------------------------------------------------------------------------------ */

static bool
is_forbidden(UChar32 c)
{
    static const struct {
        UChar32 first, last;
    } invisible[] = {
        {0x200B, 0x200D}, {0x202A, 0x202E}, {0x2060, 0x2060}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF},
    };

    if (c == '\t' || c == '\n')
        return false;
    for (size_t i = 0; i < sizeof invisible / sizeof invisible[0]; i++) {
        if (c >= invisible[i].first && c <= invisible[i].last)
            return true;
    }
    return U_IS_UNICODE_NONCHAR(c) || u_charType(c) == U_CONTROL_CHAR ||
           u_charType(c) == U_PRIVATE_USE_CHAR;
}

/* The code point at *i of valid UTF-8; moves *i past it. */
static UChar32
next_char(struct span s, size_t *i)
{
    const uint8_t *const p = (const uint8_t *)s.data + *i;
    const size_t n = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    UChar32 c = n == 1 ? p[0] : p[0] & (0x7F >> n);

    for (size_t k = 1; k < n; k++)
        c = c << 6 | (p[k] & 0x3F);
    *i += n;
    return c;
}

bool
utf8_has_forbidden(struct span s)
{
    for (size_t i = 0; i < s.length;) {
        if (is_forbidden(next_char(s, &i)))
            return true;
    }
    return false;
}

/* ---- normalisation --------------------------------------------------------------------------- */

/* Everything below U+0300, whose first byte is 0xCC, is NFC in any order. */
static bool
is_nfc_by_bytes(struct span s)
{
    for (size_t i = 0; i < s.length; i++) {
        if ((uint8_t)s.data[i] >= 0xCC)
            return false;
    }
    return true;
}

static void
icu_need(UErrorCode status)
{
    if (U_FAILURE(status))
        err_fatal("icu failed: no memory, or its installation is broken");
}

/* NFC of UTF-16 text in a scratch arena; *length is changed to match. */
static const UChar *
normalize(struct arena *scratch, const UNormalizer2 *nfc, const UChar *text, int32_t *length)
{
    const int32_t room = *length * 3; /* NFC makes at most three UTF-16 units of one (UAX #15) */
    UChar *const out = arena_array(scratch, (size_t)room + 1, sizeof *out);
    UErrorCode status = U_ZERO_ERROR;

    *length = unorm2_normalize(nfc, text, *length, out, room + 1, &status);
    icu_need(status);
    return out;
}

static struct span
from_utf16(struct arena *a, const UChar *text, int32_t length)
{
    const size_t room = (size_t)length * 3 + 1;
    char *const out = arena_alloc(a, room);
    UErrorCode status = U_ZERO_ERROR;
    int32_t used = 0;

    u_strToUTF8(out, (int32_t)room, &used, text, length, &status);
    icu_need(status);
    return (struct span){out, (size_t)used};
}

struct span
utf8_nfc(struct arena *a, struct span s)
{
    if (is_nfc_by_bytes(s))
        return s;
    if (s.length > INT32_MAX / 16)
        err_fatal("text is too long to normalise");

    struct arena *const scratch = arena_new();
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *const nfc = unorm2_getNFCInstance(&status);
    UChar *const text = arena_array(scratch, s.length + 1, sizeof *text);
    int32_t length = 0;

    icu_need(status);
    u_strFromUTF8(text, (int32_t)s.length + 1, &length, s.data, (int32_t)s.length, &status);
    icu_need(status);
    if (!unorm2_isNormalized(nfc, text, length, &status)) {
        const UChar *const normal = normalize(scratch, nfc, text, &length);

        s = from_utf16(a, normal, length);
    }
    icu_need(status);
    arena_free(scratch);
    return s;
}
