/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Word lists against which a folded text is held: words that name origin, skin, nationality or
 * religion (E063), and phrases that say nothing about this stop (W062). The lists are the
 * installation's (code lists origin_word, colour_word with person_word, plate_word, banned_phrase,
 * the phrase being the Dutch label); no word of them stands in the program. Read-only after it is
 * made.
 */
#ifndef MAATSTAF_COLLECTOR_WORDS_H
#define MAATSTAF_COLLECTOR_WORDS_H

#include "collector/codes.h"

struct words;

/* A phrase is words separated by spaces; a word ending in '*' matches every word that starts so. */
struct words *words_new(struct arena *a, const struct installation *in);

/* folded: as fold_words gives it. */
bool words_name_origin(const struct words *w, struct span folded);
bool words_are_banned(const struct words *w, struct span folded);

/* The code lists that there must be; NULL-terminated. */
extern const char *const words_lists_needed[];

#endif
