/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a delivery says of itself: how many records and which bytes each file has. JSON, either
 * {"files":[{"name","records","sha256"}, …]} or, beside one file, {"records","sha256"}. It opens no
 * delivered file; import.c compares.
 */
#ifndef MAATSTAF_COLLECTOR_MANIFEST_H
#define MAATSTAF_COLLECTOR_MANIFEST_H

#include "common/digest.h"
#include "common/err.h"

#include <stdbool.h>
#include <stdint.h>

struct promise {      /* what is declared of one file */
    const char *name; /* base name; NULL in the short form, which is about any one file */
    uint64_t records; /* CSV rows, NDJSON lines */
    uint8_t sha256[DIGEST_BYTES];
};

struct manifest {
    unsigned count;
    const struct promise *promises;
};

/* ERR_INPUT names the place of a mistake: unknown keys, names with a path or twice, bad digests. */
bool manifest_parse(struct arena *a, struct span text, struct manifest *m, struct err *e);
bool manifest_read(struct arena *a, const char *path, struct manifest *m, struct err *e);

/* What is declared of the file of that base name, or NULL. */
const struct promise *manifest_find(const struct manifest *m, const char *name);

#endif
