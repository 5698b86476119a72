/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rules of a record, run from one table, and the derived fields. A rule runs when the source
 * covers the fields it needs; otherwise it is counted as not applicable. Rules that need what is
 * stored (R021-R025, W040, W062 against older batches) are decided in the database (schema ingest).
 */
#ifndef MAATSTAF_COLLECTOR_CHECK_H
#define MAATSTAF_COLLECTOR_CHECK_H

#include "collector/codes.h"
#include "collector/finding.h"
#include "collector/profile.h"
#include "collector/record.h"

#include <stdio.h>

struct checker; /* one per thread: holds the recent texts of each unit (W062) and counters */

struct checker *checker_new(struct arena *a, const struct installation *installation,
                            const struct profile *profile, instant now, struct err *e);

/* Fills the derived fields, then adds every finding. `received` is the time of receipt. */
void check_record(struct checker *c, struct arena *a, struct record *r, instant received,
                  struct findings *f);

/* How often each rule could not be applied because the source does not cover what it needs, or left
 * it out of the record where its profile says that it may. */
const uint64_t *checker_not_applicable(const struct checker *c); /* [RULE_COUNT] */

/* The table of rules as text, or as the page docs/user-guide/rules.md. */
void rules_print(FILE *out, bool markdown);

#endif
