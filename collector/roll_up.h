/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counts what an import stores into cells, so that an analysis never has to read registrations.
 * Memory is bounded: when the cells are many they go into the database and counting starts anew,
 * since rows of one key are added when they are read. Takes part in its owner's transaction.
 */
#ifndef MAATSTAF_COLLECTOR_ROLL_UP_H
#define MAATSTAF_COLLECTOR_ROLL_UP_H

#include "collector/cell_mark.h"
#include "sql/db.h"

struct roll_up;

/* zone: IANA name of the zone in which the marks' months were taken. */
struct roll_up *roll_up_new(struct arena *a, struct db *db, const char *zone);

bool roll_up_add(struct roll_up *r, const struct cell_mark *m, struct err *e);

/* After the ledger's entries of the batches that were counted. */
bool roll_up_close(struct roll_up *r, const int64_t *batches, unsigned count, struct err *e);

#endif
