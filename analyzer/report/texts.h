/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every text that a report shows, in Dutch (B1) and English, declared once. A table and not gettext
 * catalogues: a document must give the same bytes whatever locale a machine has, and a page may
 * speak both languages at once (docs/decisions/010-texts.md). Labels of codes and areas are data,
 * not here.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_TEXTS_H
#define MAATSTAF_ANALYZER_REPORT_TEXTS_H

#include "common/arena.h"

#include <stddef.h>

enum language { LANGUAGE_NL, LANGUAGE_EN, LANGUAGES };
extern const char *const language_codes[LANGUAGES]; /* "nl", "en" */

/* Texts of signals (texts_signals.c); whoever looks a text up needs not know where it stands. */
struct text_row {
    const char *key, *in[LANGUAGES];
};
extern const struct text_row signal_texts[];
extern const size_t signal_text_count;

/* The text of a key, or NULL when the table has none. */
const char *text_find(const char *key, enum language language);

/* The same; a key without a text gives the key itself. */
const char *text(const char *key, enum language language);

/* The text with {1} … {9} replaced by values[0] … */
const char *text_fill(struct arena *a, const char *key, enum language language,
                      const char *const *values);

size_t text_count(void);
const char *text_key(size_t i);

#endif
