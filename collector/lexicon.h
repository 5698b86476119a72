/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a written word may be: a given name, a surname, a place, a make, an ordinary word of the
 * language. The lists are the installation's (code lists given_name, surname, known_word, …; with
 * ":en" after it a list counts for that language only), its areas' names are known words, and a
 * dictionary says what the language knows. Which of these makes a text suspect is screen_name.c's.
 * One thread at a time; the arena owns it. What it found is kept in a bounded cache.
 */
#ifndef MAATSTAF_COLLECTOR_LEXICON_H
#define MAATSTAF_COLLECTOR_LEXICON_H

#include "collector/codes.h"
#include "collector/words.h"

enum word_class {                           /* bits */
                  WORD_GIVEN = 1 << 0,      /* given name */
                  WORD_SURNAME = 1 << 1,    /* surname, also one that is an ordinary word */
                  WORD_KNOWN = 1 << 2,      /* not a person's: a place, a shop, an abbreviation */
                  WORD_BRAND = 1 << 3,      /* a make: the next word is its model */
                  WORD_PLACE_WORD = 1 << 4, /* "laan", "station": a place's name is beside it */
                  WORD_PLACE_ENDING = 1 << 5,
                  WORD_TITLE = 1 << 6,     /* a capital after it begins a name */
                  WORD_ANNOUNCER = 1 << 7, /* any word after it is a name */
                  WORD_PARTICLE = 1 << 8,  /* within a surname */
                  WORD_FILLER = 1 << 9,    /* between a title and a name */
                  WORD_NO_NAME = 1 << 10,  /* after an announcer, yet no name */
                  /* "der", "el": seldom before anything but a surname */
                  WORD_SURNAME_PARTICLE = 1 << 11,
                  WORD_PHRASE = 1 << 12, /* some known phrase begins with it */
                  /* not of a list: */
                  WORD_PLACE = 1 << 13,  /* ends as places do: "Hobbemaplein" */
                  WORD_COMMON = 1 << 14, /* the language knows it in small letters */
                  WORD_PROPER = 1 << 15, /* only with a capital */
                  WORD_JOINED = 1 << 16, /* unknown, but ends in a word of five letters or more */
                  WORD_STREET = 1 << 17  /* of a list again: a street that does not end as one */
};

struct lexicon;

/* Opens nothing yet: a source without free text needs no dictionary. */
struct lexicon *lexicon_new(struct arena *a, const struct installation *in,
                            const struct words *words);

/* Whether there is a dictionary of the text's language; while not, no text can be judged. */
bool lexicon_ready(const struct lexicon *n);

/* The lists that a word is in. folded: ASCII letters of either case. */
uint32_t lexicon_listed(const struct lexicon *n, struct span folded);

/* All that a word may be; written is the same word as it stands in the text. */
uint32_t lexicon_class(struct lexicon *n, struct span folded, struct span written);

/* The classes of the longest known phrase that starts at text (folded, NUL-ended) and its length;
 * 0 when none does. */
uint32_t lexicon_phrase(const struct lexicon *n, const char *text, size_t *length);

/*
 * A quick look at a word of two letters or more without finding it: what kind of list it may be in
 * (it may be in none: the hash is short). hash: LEXICON_HINT_START, then each letter in order.
 */
enum {
    LEXICON_HINT_NAME = 1, /* a name, or a word that announces one */
    LEXICON_HINT_NUMBER = 2,
    LEXICON_HINT_SIGN = 4, /* "punt", "apenstaartje" */
    LEXICON_HINT_START = 5381,
    LEXICON_HINTS = 1 << 16
};

static inline uint32_t
lexicon_hint_next(uint32_t hash, char letter)
{
    return hash * 33 + ((unsigned char)letter | 0x20u);
}

unsigned lexicon_hint(const struct lexicon *n, uint32_t hash);

/* The code lists without which there is no screen; NULL-terminated. */
extern const char *const lexicon_lists_needed[];

#endif
