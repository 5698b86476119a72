/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Every stored row in the order of the ledger, a stretch of it at a time, so that neither side
 * holds more than a stretch. The stretches cover every batch and leaf number there can be:
 * a row that belongs to no entry of the ledger comes too. The server reads a stretch while the
 * caller works on the one before it.
 */
#ifndef MAATSTAF_SQL_LEDGER_ROWS_H
#define MAATSTAF_SQL_LEDGER_ROWS_H

#include "sql/db.h"

/* One row of audit.leaf_rows; spans point into the answer. */
struct ledger_row {
    int64_t batch;
    int32_t leaf;
    int16_t tag, person_seq, ord;
    struct span salt, content;
    int64_t expected;
};

/* Takes the rows of one stretch, in order; they are gone when it returns. */
typedef bool ledger_rows_fn(void *context, const struct ledger_row *rows, size_t count,
                            struct err *e);

/* Leaves that a stretch should have: some 50 MB here, as much on the server. */
enum { STRETCH_LEAVES = 65536 };

bool ledger_rows(struct db *db, int64_t stretch_leaves, ledger_rows_fn *each, void *context,
                 struct err *e);

#endif
