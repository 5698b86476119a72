/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bank accounts: the countries' own lengths and shapes, then the remainder by 97. A Dutch number
 * that fails the test is suspected still, a foreign one is not: other things look so.
 */
#include "collector/screen_internal.h"

/* Of the IBAN registry: n digit, a letter, c either; a count before each. */
static const struct country {
    char code[3];
    const char *shape;
} countries[] = {
    {"nl", "4a10n"},   {"ad", "8n12c"},    {"al", "8n16c"},    {"at", "16n"},
    {"ba", "16n"},     {"be", "12n"},      {"bg", "4a6n8c"},   {"ch", "5n12c"},
    {"cy", "8n16c"},   {"cz", "20n"},      {"de", "18n"},      {"dk", "14n"},
    {"ee", "16n"},     {"es", "20n"},      {"fi", "14n"},      {"fr", "10n11c2n"},
    {"gb", "4a14n"},   {"gi", "4a15c"},    {"gr", "7n16c"},    {"hr", "17n"},
    {"hu", "24n"},     {"ie", "4a14n"},    {"is", "22n"},      {"it", "1a10n12c"},
    {"lb", "4n20c"},   {"li", "5n12c"},    {"lt", "16n"},      {"lu", "3n13c"},
    {"lv", "4a13c"},   {"mc", "10n11c2n"}, {"md", "20c"},      {"me", "18n"},
    {"mk", "3n10c2n"}, {"mt", "4a5n18c"},  {"no", "11n"},      {"pl", "24n"},
    {"pt", "21n"},     {"ro", "4a16c"},    {"rs", "18n"},      {"se", "20n"},
    {"si", "15n"},     {"sk", "20n"},      {"sm", "1a10n12c"}, {"tn", "20n"},
    {"tr", "6n16c"},   {"ua", "6n19c"},    {"xk", "16n"},
};

enum { IBAN_MOST = 34, GAP_MOST = 3, DOUBTS_MOST = 6, DIGITS_LEAST = 10 };

static unsigned
remainder_of(const char *c, unsigned count)
{
    unsigned remainder = 0;

    for (unsigned k = 0; k < count; k++) {
        const char x = c[(k + 4) % count];

        if (is_digit(x))
            remainder = (10 * remainder + (unsigned)(x - '0')) % 97;
        else
            remainder = (100 * remainder + (unsigned)(to_lower(x) - 'a') + 10) % 97;
    }
    return remainder;
}

/* The whole shape: two letters, two digits, and the country's; its length. */
static unsigned
spell_out(const char *shape, char out[IBAN_MOST + 1])
{
    unsigned n = 4;

    memcpy(out, "aann", 4);
    while (*shape) {
        unsigned count = 0;

        while (is_digit(*shape))
            count = 10 * count + (unsigned)(*shape++ - '0');
        while (count-- > 0 && n < IBAN_MOST)
            out[n++] = *shape;
        shape++;
    }
    out[n] = '\0';
    return n;
}

static bool
is_alike(char c)
{
    return c && strchr("OolIi", c) != NULL;
}

/* The character as the shape wants it, or NUL. */
static char
as_shape(char shape, char c)
{
    if (shape == 'n' && is_alike(c))
        return c == 'O' || c == 'o' ? '0' : '1';
    if (shape == 'a' && c == '0')
        return 'O';
    if (shape == 'n' ? !is_digit(c) : shape == 'a' ? !is_letter(c) : !is_alnum(c))
        return '\0';
    return c;
}

/* Reads with up to three separators between characters; its end or 0. */
static size_t
iban_at(const struct screening *s, size_t i, const char *shape, char out[IBAN_MOST])
{
    for (unsigned k = 0; shape[k]; k++) {
        for (unsigned gap = 0; k > 0 && gap < GAP_MOST && s->t[i] && strchr(" .-_/*:", s->t[i]);
             gap++)
            i++;
        out[k] = as_shape(shape[k], s->t[i++]);
        if (!out[k])
            return 0;
    }
    return i;
}

/* Where a letter or a digit may stand, a look-alike is tried as both; when there are too many, all
 * as digits and all as letters. */
static bool
passes(const char *shape, const char *c, unsigned length)
{
    unsigned at[IBAN_MOST], doubts = 0;

    for (unsigned k = 0; k < length; k++)
        if (shape[k] == 'c' && is_alike(c[k]))
            at[doubts++] = k;

    const unsigned last = doubts > DOUBTS_MOST ? 1 : (1u << doubts) - 1;

    for (unsigned as_digits = 0; as_digits <= last; as_digits++) {
        char tried[IBAN_MOST];

        memcpy(tried, c, length);
        for (unsigned k = 0; k < doubts; k++)
            if (doubts > DOUBTS_MOST ? as_digits == 1 : (as_digits >> k & 1) != 0)
                tried[at[k]] = as_shape('n', c[at[k]]);
        if (remainder_of(tried, length) == 1)
            return true;
    }
    return false;
}

/* Words of a sentence may fit a shape of letters: a number it must be for the most part. */
static bool
is_number(const char *c, unsigned length)
{
    unsigned digits = 0;

    for (unsigned k = 0; k < length; k++)
        digits += is_digit(c[k]) || is_alike(c[k]);
    return digits >= DIGITS_LEAST;
}

static const struct country *
country_at(const struct screening *s, size_t i)
{
    size_t next = i + 1;

    while (next < i + 3 && s->t[next] && strchr(" .-_/*:", s->t[next]))
        next++;
    for (unsigned k = 0; k < sizeof countries / sizeof *countries; k++)
        if (to_lower(s->t[i]) == countries[k].code[0] &&
            to_lower(s->t[next]) == countries[k].code[1])
            return &countries[k];
    return NULL;
}

void
screen_iban(struct screening *s)
{
    for (size_t i = 0; i + 15 <= s->length; i++) {
        char shape[IBAN_MOST + 1], c[IBAN_MOST] = {0};

        if (!is_letter(s->t[i]) || is_letter(before(s, i)))
            continue;

        const struct country *const country = country_at(s, i);

        if (!country)
            continue;

        const unsigned length = spell_out(country->shape, shape);
        const size_t end = iban_at(s, i, shape, c);

        if (end == 0 || !is_number(c, length))
            continue;
        if (passes(shape, c, length))
            s->hits.certain |= SCREEN_IBAN;
        else if (country == countries)
            s->hits.suspected |= SCREEN_IBAN;
        else
            continue;
        blank(s, i, end);
    }
}
