/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Builds records for tests: a registration that trips no rule of the embedded installation, and
 * edits of it in text form. Names are those of sql/fields.h; a mistake in an edit ends the test. It
 * does not decode: what decoding makes of a file is decode's test.
 */
#ifndef MAATSTAF_TESTS_LIB_RECORD_BUILDER_H
#define MAATSTAF_TESTS_LIB_RECORD_BUILDER_H

#include "collector/codes.h"
#include "collector/record.h"

/* When the record of record_valid was received: 2026-11-20T22:00+01:00. */
extern const instant record_valid_received;

/* A stop of one driver on 2026-11-20, individually chosen, with text, explanation and outcome. */
struct record *record_valid(struct arena *a, const struct installation *in);

/*
 * Changes the record by edits separated by ';', in order:
 *   name=value      sets a field; codes are separated by '|'; nothing after '=' takes the value
 * away,
 *                   [] gives an empty list; of persons and child rows the last one is meant
 *   +person +action +find +result +group    adds a row (a person as the valid one, the next number)
 *   -action -find -result -group -person    takes all rows (persons: the last) away
 *   seq=2           number of the last person
 */
void record_edit(struct arena *a, const struct installation *in, struct record *r,
                 const char *edits);

#endif
