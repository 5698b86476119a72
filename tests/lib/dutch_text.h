/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Dutch texts as officers write them under "why this person", with one identifier in them or with
 * none. Everything is drawn: sentences and word lists come from a folder of tests/cases/screen,
 * numbers from the generator with their check digits worked out, names by joining a first to a last
 * name. No text speaks of a person that is. Same folder and seed, same texts.
 */
#ifndef MAATSTAF_TESTS_LIB_DUTCH_TEXT_H
#define MAATSTAF_TESTS_LIB_DUTCH_TEXT_H

#include "common/rng.h"
#include "common/str.h"

enum dutch_kind {
    DUTCH_BSN,
    DUTCH_IBAN,
    DUTCH_EMAIL,
    DUTCH_URL,
    DUTCH_PHONE,
    DUTCH_PLATE,
    DUTCH_ADDRESS, /* postcode and house number */
    DUTCH_STREET,  /* street and house number */
    DUTCH_BIRTH,
    DUTCH_DOCUMENT,
    DUTCH_TITLED,   /* a name after a word that announces it */
    DUTCH_NAME,     /* a name that nothing announces */
    DUTCH_INITIALS, /* initials and a surname */
    DUTCH_CLEAN,    /* none of these */
    DUTCH_KINDS
};

enum dutch_disguise {
    DUTCH_PLAIN,      /* as it is commonly written */
    DUTCH_SPACES,     /* a space between all letters and digits */
    DUTCH_DOTS,       /* a dot */
    DUTCH_DASHES,     /* a dash */
    DUTCH_GROUPS,     /* cut into pieces that are not the usual ones */
    DUTCH_WIDE,       /* full-width letters and digits */
    DUTCH_OTHER_ZERO, /* digits of other scripts */
    DUTCH_INVISIBLE,  /* characters without width in between */
    DUTCH_LOOKALIKE,  /* Cyrillic and Greek letters that look Latin */
    DUTCH_ALIKE,      /* O for 0, l or I for 1; in names 0, 1, 3, 4, 5 for letters */
    DUTCH_WORDS,      /* digits, signs and pairs of digits as words */
    DUTCH_SPLIT,      /* with words of the sentence in between */
    DUTCH_LOWER,      /* no capitals */
    DUTCH_UPPER,      /* all capitals */
    DUTCH_DISGUISES
};

struct dutch;

/* Reads templates.txt and words.txt of the folder; fails the test that asked when one is wrong. */
struct dutch *dutch_open(struct arena *a, const char *folder);

unsigned dutch_templates(const struct dutch *d, enum dutch_kind kind);

/* Whether a disguise makes sense for a kind; plain always does. */
bool dutch_can(enum dutch_kind kind, enum dutch_disguise how);

/* Draws a text into out, which is cleared first. */
void dutch_draw(struct dutch *d, struct rng *r, enum dutch_kind kind, enum dutch_disguise how,
                struct strbuf *out);

const char *dutch_kind_name(enum dutch_kind kind);
const char *dutch_disguise_name(enum dutch_disguise how);

#endif
