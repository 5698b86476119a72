/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The derived fields of sql/fields.h: what the analyzer counts by, so that its cells are one pass
 * over persons. Undefined is not given, never 0 or false. Nothing here judges a record.
 */
#ifndef MAATSTAF_COLLECTOR_DERIVE_H
#define MAATSTAF_COLLECTOR_DERIVE_H

#include "collector/rule.h"

enum discretion derive_discretion(const struct record *r);

/* Fills STOP_DERIVED but for `state`, which needs the findings. */
void derive_stop(const struct checking *c, struct record *r);

/* Fills PERSON_DERIVED and GROUP_DERIVED of one person; after derive_stop. */
void derive_person(const struct checking *c, struct person *p);

/* received, accepted, …: from the worst finding and the kind of transaction. */
void derive_state(struct record *r, const struct findings *f);

#endif
