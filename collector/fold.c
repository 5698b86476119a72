/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Folding to ASCII. Latin letters lose their marks by a table over U+00C0-U+017F, above it by
 * their decomposition (ICU); Cyrillic and Greek letters become the Latin letter that they look
 * like; digits of other scripts and styles become digits. Normalisation proper is ICU's (utf8.h):
 * this one is for suspicion, so it is deliberately coarser.
 */
#include "collector/fold.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

/* ---- one character -------------------------------------------------------------------------- */

/* U+00C0 - U+017F: base letter; '?' for the signs among them. */
static const char latin[] = "AAAAAAACEEEEIIIIDNOOOOO?OUUUUYTsaaaaaaaceeeeiiiidnooooo?ouuuuyty"
                            "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIiIiJjKkkLlLlLlL"
                            "lLlNnNnNnnNnOoOoOoOoRrRrRrSsSsSsSsTtTtTtUuUuUuUuUuUuWwYyYZzZzZzs";

struct alike {
    uint32_t from;
    char to;
};

/* Letters that look Latin; lower case of most Cyrillic ones follows from the table itself. */
static const struct alike alikes[] = {
    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'}, {0x0399, 'I'},
    {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'},
    {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x03B1, 'a'}, {0x03B9, 'i'}, {0x03BA, 'k'}, {0x03BD, 'v'},
    {0x03BF, 'o'}, {0x03C1, 'p'}, {0x03C5, 'u'}, {0x03C7, 'x'}, {0x0405, 'S'}, {0x0406, 'I'},
    {0x0408, 'J'}, {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x0417, '3'}, {0x041A, 'K'},
    {0x041C, 'M'}, {0x041D, 'H'}, {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'},
    {0x0423, 'Y'}, {0x0425, 'X'}, {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'}, {0x043A, 'k'},
    {0x043C, 'm'}, {0x043D, 'h'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'}, {0x0442, 't'},
    {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x04BB, 'h'},
    {0x0501, 'd'}, {0x051B, 'q'}, {0x051D, 'w'},
};

/* Decimal digits of other scripts: the code point of their zero. */
static const uint32_t zeros[] = {0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6,
                                 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
                                 0x0F20, 0x1040, 0x17E0, 0x1810, 0x2080, 0xFF10};

static bool
within(uint32_t c, uint32_t first, uint32_t last)
{
    return c >= first && c <= last;
}

/* Superscripts, circled and parenthesised digits; mathematical digits; -1 when it is none. */
static int
digit_of(uint32_t c)
{
    for (unsigned i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (within(c, zeros[i], zeros[i] + 9))
            return (int)(c - zeros[i]);
    if (within(c, 0x1D7CE, 0x1D7FF))
        return (int)((c - 0x1D7CE) % 10);
    if (within(c, 0x2460, 0x2468))
        return (int)(c - 0x2460) + 1;
    if (within(c, 0x2474, 0x247C))
        return (int)(c - 0x2474) + 1;
    if (within(c, 0x2488, 0x2490))
        return (int)(c - 0x2488) + 1;
    if (within(c, 0x2074, 0x2079))
        return (int)(c - 0x2070);
    if (within(c, 0x2776, 0x277E))
        return (int)(c - 0x2776) + 1;
    switch (c) {
    case 0x2070:
    case 0x24EA:
    case 0x24FF:
        return 0;
    case 0xB9:
        return 1;
    case 0xB2:
        return 2;
    case 0xB3:
        return 3;
    default:
        return -1;
    }
}

/* Bold, italic, script, … letters for mathematics stand in alphabets of 52 from U+1D400. */
static char
letter_of(uint32_t c)
{
    if (within(c, 0x1D400, 0x1D6A3)) {
        const uint32_t i = (c - 0x1D400) % 52;

        return (char)(i < 26 ? 'A' + i : 'a' + i - 26);
    }
    if (within(c, 0x24B6, 0x24CF))
        return (char)('A' + (c - 0x24B6));
    if (within(c, 0x24D0, 0x24E9))
        return (char)('a' + (c - 0x24D0));
    for (unsigned i = 0; i < sizeof alikes / sizeof *alikes; i++)
        if (alikes[i].from == c)
            return alikes[i].to;
    return 0;
}

/* The base letter of Romanian, Vietnamese, … letters; 0 when it is no Latin one. */
static char
base_of(uint32_t c)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *const nfd = unorm2_getNFDInstance(&status);
    UChar parts[8];
    const int32_t length =
        U_SUCCESS(status) ? unorm2_getDecomposition(nfd, (UChar32)c, parts, 8, &status) : -1;

    if (U_FAILURE(status) || length < 1)
        return 0;
    if (within(parts[0], 0xC0, 0x17F))
        return latin[parts[0] - 0xC0];
    return within(parts[0] | 0x20u, 'a', 'z') ? (char)parts[0] : 0;
}

/* 0: leave the character out. */
static char
plain_of(uint32_t c)
{
    if (within(c, 0xC0, 0x17F))
        return latin[c - 0xC0];
    if (within(c, 0xFF01, 0xFF5E))
        return (char)(c - 0xFF01 + '!');
    if (within(c, 0x300, 0x36F) || within(c, 0x1AB0, 0x1AFF) || within(c, 0x20D0, 0x20FF) ||
        within(c, 0xE0000, 0xE007F) || within(c, 0x115F, 0x1160) || c == 0x3164 || c == 0xFFA0 ||
        c == 0x2800 || within(c, 0x200B, 0x200F) || within(c, 0x202A, 0x202E) ||
        within(c, 0x2060, 0x2069) || within(c, 0xFE00, 0xFE0F) || c == 0xAD || c == 0xFEFF ||
        c == 0x61C || c == 0x180E || c == 0x34F)
        return 0;
    if (within(c, 0x2010, 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63 || c == 0x2043)
        return '-';
    if (within(c, 0x2000, 0x200A) || c == 0xA0 || c == 0x202F || c == 0x205F || c == 0x3000 ||
        c == 0x2028 || c == 0x2029 || c == 0x85 || c == 0x1680)
        return ' ';
    if (within(c, 0x2018, 0x201F) || within(c, 0x2B9, 0x2BD) || c == 0xB4 || c == 0x2032 ||
        c == 0x2033)
        return '\'';
    if (c == 0xB7 || c == 0x2022 || c == 0x2024 || c == 0x2027 || c == 0x3002 || c == 0x22C5)
        return '.';
    if (c == 0xB0 || c == 0xBA)
        return '~'; /* the sign of a degree */

    const int digit = digit_of(c);
    char letter = digit >= 0 ? (char)('0' + digit) : letter_of(c);

    if (!letter && (within(c, 0x180, 0x24F) || within(c, 0x1E00, 0x1EFF)))
        letter = base_of(c);
    return letter ? letter : '?';
}

/* The next character of UTF-8, moving *at; UINT32_MAX when ill-formed (overlong forms need not be
 * told apart here). */
static uint32_t
next_character(struct span s, size_t *at)
{
    const unsigned char first = (unsigned char)s.data[*at];
    const unsigned more = first < 0x80   ? 0
                          : first < 0xC2 ? 9
                          : first < 0xE0 ? 1
                          : first < 0xF0 ? 2
                          : first < 0xF5 ? 3
                                         : 9;
    uint32_t c = more == 0 ? first : first & (0x3Fu >> more);

    if (more == 9 || s.length - *at <= more)
        return UINT32_MAX;
    for (unsigned i = 1; i <= more; i++) {
        const unsigned char byte = (unsigned char)s.data[*at + i];

        if ((byte & 0xC0) != 0x80)
            return UINT32_MAX;
        c = c << 6 | (byte & 0x3Fu);
    }
    *at += more + 1;
    return c;
}

/* ---- whole texts ---------------------------------------------------------------------------- */

bool
fold_plain_from(struct span s, char out[FOLD_BYTES], uint16_t from[FOLD_BYTES], size_t *length)
{
    size_t n = 0;

    if (s.length > UINT16_MAX)
        return false;
    for (size_t at = 0; at < s.length;) {
        const size_t start = at;
        const unsigned char byte = (unsigned char)s.data[at];
        char plain = byte < ' ' || byte == 0x7F ? ' ' : (char)byte;

        if (n + 2 > FOLD_BYTES)
            return false;
        if (byte < 0x80) {
            at++;
        } else {
            const uint32_t c = next_character(s, &at);

            if (c == UINT32_MAX)
                return false;
            plain = plain_of(c);
        }
        if (from)
            from[n] = (uint16_t)start;
        if (plain)
            out[n++] = plain;
    }
    if (from)
        from[n] = (uint16_t)s.length;
    out[n] = '\0';
    *length = n;
    return true;
}

bool
fold_plain(struct span s, char out[FOLD_BYTES], size_t *length)
{
    return fold_plain_from(s, out, NULL, length);
}

bool
fold_loses_letters(struct span s)
{
    for (size_t at = 0; at < s.length;) {
        const uint32_t c =
            (unsigned char)s.data[at] < 0x80 ? (unsigned char)s.data[at++] : next_character(s, &at);

        if (c == UINT32_MAX)
            return false;
        if (c >= 0x100 && u_isalpha((UChar32)c) && plain_of(c) == '?')
            return true;
    }
    return false;
}

bool
fold_words(struct span s, char out[FOLD_BYTES], size_t *length)
{
    size_t n = 0, plain = 0;

    if (!fold_plain(s, out, &plain))
        return false;
    for (size_t i = 0; i < plain; i++) {
        const char c = out[i];

        if (c >= 'a' && c <= 'z')
            out[n++] = c;
        else if (c >= 'A' && c <= 'Z')
            out[n++] = (char)(c - 'A' + 'a');
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    if (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    *length = n;
    return true;
}
