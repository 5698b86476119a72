/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What was set apart: look, try again, drop. Records are sealed under a key outside the database
 * and opened here only, for one record at a time; every look is logged with its reason. Corrections
 * of a record come from its source, as a new delivery: nothing is edited here.
 */
#ifndef MAATSTAF_COLLECTOR_QUARANTINE_H
#define MAATSTAF_COLLECTOR_QUARANTINE_H

#include "collector/import.h"

/* One line a record without its content; status NULL lists all. */
bool quarantine_list(struct db *db, struct arena *a, const char *status, struct strbuf *out,
                     struct err *e);

struct held { /* one record, opened */
    int64_t id, batch_id, line;
    const char *source_system, *codes;
    const char *form, *profile; /* "csv" or "ndjson"; "canonical" when none */
    struct span header, raw;
};

/* ERR_INPUT when there is no such record or it is not held any more. */
bool quarantine_open(struct db *db, struct arena *a, int64_t id, const char *why,
                     const uint8_t key[KEY_BYTES], struct held *h, struct err *e);

/*
 * Imports the record as a batch of its own when it would now be accepted (or is held already), and
 * settles it; else leaves it where it is. The report says which.
 */
bool quarantine_retry(const struct import *im, struct arena *a, const struct held *h,
                      const char *why, struct report **report, struct err *e);

bool quarantine_drop(struct db *db, struct arena *a, int64_t id, const char *why, struct err *e);

#endif
