/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Verification of the ledger: its chain, and every stored row against the Merkle root of the batch
 * that brought it. Memory does not grow with the number of rows. Finds
 * what a chain inside the database can show; that the whole ledger was rewritten shows only against
 * a head that was kept elsewhere.
 */
#ifndef MAATSTAF_SQL_LEDGER_H
#define MAATSTAF_SQL_LEDGER_H

#include "common/digest.h"
#include "common/log.h"
#include "sql/db.h"

struct ledger_report {
    uint64_t entries, batches, leaves, erased;
    uint64_t differences;
    uint8_t head[DIGEST_BYTES];
};

/* What the verifier says of one difference: a line without personal data. */
typedef void ledger_difference_fn(void *context, const char *text);

/* True when the verification ran to its end, whatever it found; progress may be NULL. */
bool ledger_verify(struct db *db, struct arena *a, ledger_difference_fn *difference, void *context,
                   struct progress *progress, struct ledger_report *report, struct err *e);

#endif
