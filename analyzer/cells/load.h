/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The only place that reads from the database for an analysis. A new run counts the batches that
 * came since the last one into the roll-ups and reads those; `verify` has the registrations
 * themselves counted again as of the run's ledger entry. Both give the same inputs.
 */
#ifndef MAATSTAF_ANALYZER_CELLS_LOAD_H
#define MAATSTAF_ANALYZER_CELLS_LOAD_H

#include "analyzer/cells/inputs.h"
#include "sql/db.h"

enum load_source { LOAD_ROLL_UP, LOAD_REGISTRATIONS };

/*
 * Fills what the caller left open (NULL, 0) in the choices of a new run: area set (the
 * installation's when it has stops in the month, else the only one that has), zone, group list,
 * bridge, reference, ledger entry, load head. Brings the roll-ups up to date. ERR_INPUT when the
 * month has no stops or several foreign sets have.
 */
bool load_choices(struct db *db, struct arena *a, struct choices *c, struct err *e);

/* A month with stops in it, and how many persons were stopped. */
struct held_month {
    struct month month;
    int64_t persons;
};

/* All of them, of every area set, oldest first. Settles the zone and brings the roll-ups up to
 * date. */
const struct held_month *load_held_months(struct db *db, struct arena *a, struct choices *c,
                                          size_t *count, struct err *e);

/* Reads everything that complete choices name. */
bool load_inputs(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
                 struct inputs *in, struct err *e);

#endif
