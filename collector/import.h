/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One file = one batch = one transaction: every row of it and its ledger entry, or nothing. A file
 * that breaks an F rule is rolled back and recorded as refused. Interrupting is safe at any time;
 * the same file again brings what is missing and nothing twice. It prints nothing.
 */
#ifndef MAATSTAF_COLLECTOR_IMPORT_H
#define MAATSTAF_COLLECTOR_IMPORT_H

#include "collector/codes.h"
#include "collector/manifest.h"
#include "collector/report.h"

struct import_keys {
    uint8_t record[KEY_BYTES];     /* HMAC of records */
    uint8_t quarantine[KEY_BYTES]; /* seals what is set apart */
};

/* Both key files under <home>/keys, made when they are missing. */
bool import_keys_read(struct arena *a, const char *home, struct import_keys *keys, struct err *e);

struct import {
    struct db *db;
    const struct installation *installation;
    const struct profile *profile; /* NULL: canonical */
    const struct import_keys *keys;
    const struct manifest *manifest; /* NULL: FILE.manifest.json is used when it is there */
    const char *source;              /* records of another source system are refused; NULL: any */
    bool require_manifest;
    bool dry_run;
    bool again;          /* one record of the quarantine is tried once more */
    double refuse_share; /* more than this share set apart or refused: the batch is refused whole */
};

/*
 * Imports one file. The report is always there, filled as far as it came, also when false is
 * returned: then nothing was stored, for a reason that is not the content's (ERR_RETRY: try again).
 */
bool import_file(const struct import *im, struct arena *a, const char *path, struct report **report,
                 struct err *e);

/* As import_file, for bytes in memory under a name: a quarantined record that is tried again. */
bool import_bytes(const struct import *im, struct arena *a, struct span bytes, const char *name,
                  struct report **report, struct err *e);

/* SIGINT and SIGTERM end the import at the next parcel, with a rollback. */
void import_catch_signals(void);
bool import_interrupted(void);
void import_interrupt(void); /* the same, without a signal */

#endif
