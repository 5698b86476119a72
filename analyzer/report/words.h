/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Numbers, months and the beginning of a sentence as a language writes them. Locale of the machine
 * plays no part: sentences are in the document, whose bytes are compared. For people only; CSV and
 * JSON keep the machine's notation. What is returned belongs to the arena.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_WORDS_H
#define MAATSTAF_ANALYZER_REPORT_WORDS_H

#include "analyzer/report/texts.h"

#include <stdbool.h>

/* Thousands apart: 63496.25 with two decimals is "63.496,25" in Dutch, "63,496.25" in English. */
const char *words_number(struct arena *a, enum language l, int decimals, double value);

/* "2026-10" as "oktober 2026" or "October 2026"; anything else as it is. */
const char *words_month(struct arena *a, enum language l, const char *month);

struct gap;

/*
 * That no stops (or less than half) were registered, by the text `key`: {1} the months of the gap
 * as words, {2} how many. "" when there were none such.
 */
const char *words_silence(struct arena *a, enum language l, const struct gap *stops, bool none,
                          const char *key);

/* The same text with a capital first; a first letter beyond ASCII stays as it is. */
const char *words_capital(struct arena *a, const char *s);

#endif
