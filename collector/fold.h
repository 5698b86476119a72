/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Text in a form in which spelling tricks do not matter: case, accents, full-width forms and
 * look-alike letters become plain ASCII, characters without width vanish. For comparing only; what
 * is stored is what was given.
 */
#ifndef MAATSTAF_COLLECTOR_FOLD_H
#define MAATSTAF_COLLECTOR_FOLD_H

#include "common/str.h"

#include <stdint.h>

enum { FOLD_BYTES = 1536 }; /* room for the longest text field with expansions */

/*
 * Plain ASCII in out: letters keep their case, every kind of dash is '-', of space ' ', of quote
 * '\''; what has no plain form is '?'. False when s is not UTF-8 or does not fit.
 */
bool fold_plain(struct span s, char out[FOLD_BYTES], size_t *length);

/* The same; from[i] is the offset in s of the character that out[i] stands for, from[*length] that
 * of the end. */
bool fold_plain_from(struct span s, char out[FOLD_BYTES], uint16_t from[FOLD_BYTES],
                     size_t *length);

/* Whether some letter has no plain form at all: a word in another script. */
bool fold_loses_letters(struct span s);

/* Lower-case letters, each run of anything else one space, none at the ends.
 * False as fold_plain. */
bool fold_words(struct span s, char out[FOLD_BYTES], size_t *length);

#endif
