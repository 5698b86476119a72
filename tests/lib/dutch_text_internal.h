/* SPDX-License-Identifier: EUPL-1.2 */
/* What the parts of the generator of Dutch texts share; nothing outside includes it. */
#ifndef MAATSTAF_TESTS_LIB_DUTCH_TEXT_INTERNAL_H
#define MAATSTAF_TESTS_LIB_DUTCH_TEXT_INTERNAL_H

#include "tests/lib/dutch_text.h"

enum { DUTCH_FORM_BYTES = 160 };

/* A word of a list of words.txt, drawn. */
const char *dutch_word(const struct dutch *d, struct rng *r, const char *list);

/* An identifier as it is commonly written. */
void dutch_form(const struct dutch *d, struct rng *r, enum dutch_kind kind,
                char out[DUTCH_FORM_BYTES]);

/* Adds the form, disguised. */
void dutch_disguise(struct rng *r, enum dutch_kind kind, enum dutch_disguise how, const char *form,
                    struct strbuf *out);

static inline unsigned
dutch_below(struct rng *r, unsigned n)
{
    return (unsigned)rng_below(r, n);
}

#endif
