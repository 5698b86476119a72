/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * UTF-8 as Unicode 15 table 3-7 has it: no overlong forms, no surrogates, nothing past U+10FFFF.
 * Validation is our own; normalisation and character classes are ICU's.
 */
#ifndef MAATSTAF_COMMON_UTF8_H
#define MAATSTAF_COMMON_UTF8_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

/* True when s is valid; otherwise *bad is the byte offset of the first ill-formed sequence. NUL is
 * valid UTF-8. */
bool utf8_valid(struct span s, size_t *bad);

/* Takes off the sequence that the cut at a text's end left incomplete. */
void utf8_trim(char *text);

/* Code points in a valid string. */
size_t utf8_length(struct span s);

/*
 * True when a valid string holds a character that free text must not have: C0 but tab and newline,
 * DEL, C1, bidi controls (U+202A-E, U+2066-9), U+FEFF, zero-width (U+200B-D, U+2060), private use,
 * noncharacters.
 */
bool utf8_has_forbidden(struct span s);

/* The NFC form (ICU); s must be valid. The span itself when it already is NFC. */
struct span utf8_nfc(struct arena *a, struct span s);

#endif
