/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Looks for what identifies a person in a text: certain (R010, the record is refused) or suspected
 * (E120, quarantined until somebody has looked). It sees through full-width and foreign digits,
 * look-alike letters, characters without width and separators between digits. A name is suspected
 * after a word that announces one, after initials, and where a capital stands on a word that is a
 * name or that the language does not know (lexicon.h).
 */
#ifndef MAATSTAF_COLLECTOR_SCREEN_H
#define MAATSTAF_COLLECTOR_SCREEN_H

#include "collector/lexicon.h"

enum screen_kind {                       /* bits */
                   SCREEN_BSN = 1 << 0,  /* nine digits that pass the 11-test */
                   SCREEN_IBAN = 1 << 1, /* NL, mod 97 */
                   SCREEN_EMAIL = 1 << 2,
                   SCREEN_PHONE = 1 << 3,      /* Dutch, ten digits or +31 */
                   SCREEN_PLATE = 1 << 4,      /* Dutch number plate */
                   SCREEN_ADDRESS = 1 << 5,    /* postcode with house number; suspected: postcode,
                                                  street with number */
                   SCREEN_BIRTH = 1 << 6,      /* full date after a word of birth */
                   SCREEN_DOCUMENT = 1 << 7,   /* passport, identity card, driving licence */
                   SCREEN_COORDINATE = 1 << 8, /* four decimals or more */
                   SCREEN_NAME = 1 << 9,
                   SCREEN_NUMBER = 1 << 10, /* seven digits or more */
                   SCREEN_DATE = 1 << 11,   /* a full date */
                   SCREEN_URL = 1 << 12,    /* web address or account name */
                   SCREEN_FAILED = 1 << 13, /* the text could not be judged */
                   SCREEN_KINDS = 14
};

struct screen_hits {
    uint32_t certain, suspected;
};

/* Free text. SCREEN_FAILED whatever it says when there is no dictionary to judge it by. */
struct screen_hits screen_text(struct lexicon *lexicon, struct span text);

/* A reference or code: only unmistakable forms (e-mail, IBAN, unbroken BSN or phone,
 * coordinate). */
struct screen_hits screen_reference(struct span text);

/* The name of a file: as a reference whose parts are kept apart by dashes, dots and underscores. */
bool screen_file_name(const char *name);

/* Whether there is an e-mail address. */
bool screen_has_email(struct span text);

/* "bsn", "iban", …; bit is a single kind. */
const char *screen_kind_name(uint32_t bit);

#endif
