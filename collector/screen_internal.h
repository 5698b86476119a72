/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Inside of the text screen: one folded text and what was found in it. A part that has recognised a
 * stretch may blank it out, so that a later part does not see a number where there was a date.
 */
#ifndef MAATSTAF_COLLECTOR_SCREEN_INTERNAL_H
#define MAATSTAF_COLLECTOR_SCREEN_INTERNAL_H

#include "collector/fold.h"
#include "collector/screen.h"

#include <string.h>

struct screening {
    size_t length;
    struct screen_hits hits;
    struct lexicon *lexicon; /* of free text only */
    struct span text;        /* as given */
    bool plain;              /* the text is ASCII: t has its offsets */
    bool rewritten;          /* t is what screen_rewrite made */
    bool shouted;            /* most of it is in capitals */
    char t[FOLD_BYTES + 8];  /* plain ASCII, ended by NULs */
};

/* Numbers: in this order, because each blanks out what it has recognised. */
void screen_coordinates(struct screening *s);
void screen_iban(struct screening *s);
void screen_dates(struct screening *s);
void screen_digits(struct screening *s); /* BSN, phone, document after its word, loose number */

/* Forms with letters. */
void screen_plates(struct screening *s);
void screen_addresses(struct screening *s);
void screen_streets(struct screening *s);
void screen_documents(struct screening *s);
void screen_email(struct screening *s);
void screen_urls(struct screening *s);
void screen_names(struct screening *s);

/* A second text in which digits said in words are digits and what was kept apart is together; false
 * when that changes nothing. spoken: there may be numbers in words. */
bool screen_rewrite(const struct screening *s, bool spoken, struct screening *out);

/* The first word of a text that nothing else asked to look into. */
bool screen_first_word(struct lexicon *lexicon, struct span text);

static inline bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool
is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool
is_letter(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z');
}

static inline bool
is_alnum(char c)
{
    return is_letter(c) || is_digit(c);
}

static inline char
to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

/* The character before i; a space before the first. */
static inline char
before(const struct screening *s, size_t i)
{
    return i > 0 ? s->t[i - 1] : ' ';
}

static inline void
blank(struct screening *s, size_t from, size_t until)
{
    memset(s->t + from, ' ', until - from);
}

/* The value of `count` digits at i. */
static inline unsigned
digits_value(const struct screening *s, size_t i, size_t count)
{
    unsigned value = 0;

    while (count-- > 0)
        value = 10 * value + (unsigned)(s->t[i++] - '0');
    return value;
}

static inline size_t
digits_at(const struct screening *s, size_t i)
{
    const size_t start = i;

    while (is_digit(s->t[i]))
        i++;
    return i - start;
}

static inline size_t
letters_at(const struct screening *s, size_t i)
{
    const size_t start = i;

    while (is_letter(s->t[i]))
        i++;
    return i - start;
}

/* Whether the lower-case word stands at i, whatever its case in the text;
 * no look at what follows. */
bool screen_word_at(const struct screening *s, size_t i, const char *word);

/* Whether the letters at i..i+length are one of the words of a NULL-terminated list. */
bool screen_word_in(const struct screening *s, size_t i, size_t length, const char *const *words);

/* Whether some word of the list (one that ends in $ as a whole) starts a word in the `reach`
 * characters before i. */
bool screen_word_before(const struct screening *s, size_t i, size_t reach,
                        const char *const *words);

#endif
