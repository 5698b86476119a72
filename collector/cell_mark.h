/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What one registered person adds to the cells that analyses read: made while the record is in
 * memory, counted once the database has taken it. Holds codes and areas, nothing of the person
 * beyond them. The texts belong to whoever keeps the mark.
 */
#ifndef MAATSTAF_COLLECTOR_CELL_MARK_H
#define MAATSTAF_COLLECTOR_CELL_MARK_H

#include "collector/record.h"
#include "sql/sums.h"

/* Perspective 0 counts everybody; 1 to 3 are those of a group. */
enum { CELL_PERSPECTIVES = 4 };

struct cell_mark {
    uint32_t entry; /* of the chunk */
    uint32_t sums;  /* bit SUM_x: counts in x */
    int month;      /* local: year * 12 + month - 1 */
    struct span area, unit, reason;
    struct span groups[CELL_PERSPECTIVES]; /* empty: does not count there; 0 is always empty */
};

/* Whether the record's persons are counted at all; a withdrawn one's are not. */
bool record_counts(const struct record *r);

/* The sums and groups of a person whose derived fields are set; the rest is the caller's. */
void cell_mark_person(struct cell_mark *m, const struct person *p);

#endif
