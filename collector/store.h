/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One batch on its way into the database, inside its owner's transaction: keys are claimed, rows go
 * in by binary COPY, leaves into the Merkle tree, every record into exactly one count of the
 * report. It commits nothing. A file that brings a record and its update makes a second batch for
 * the update: two versions of one stop cannot share a batch.
 */
#ifndef MAATSTAF_COLLECTOR_STORE_H
#define MAATSTAF_COLLECTOR_STORE_H

#include "collector/pipeline.h"
#include "collector/report.h"
#include "sql/db.h"

struct store_input {
    struct db *db;
    struct report *report;
    const char *profile; /* "canonical" when there is none */
    const char *file;    /* base name */
    const char *form;    /* "csv" or "ndjson" */
    const char *zone;    /* in which the marks' months were taken */
    struct span header;  /* of a CSV: its first line, kept with quarantined rows */
    uint8_t quarantine_key[KEY_BYTES];
    bool again; /* a quarantined record is tried: that it is held already says nothing */
    bool posts; /* a group of single posts: small, and without a roll-up of its own */
    struct store_memory *memory; /* NULL: each batch asks for its own */
};

struct store;

/*
 * What a process knows from batch to batch: months whose partitions are there, and how many texts
 * of a unit were compared with stored ones (after the first, its checker knows them).
 */
struct store_memory;
struct store_memory *store_memory_new(struct arena *a);
bool store_memory_doubt(struct store_memory *m);  /* of the months; whether there were any */
void store_memory_forget(struct store_memory *m); /* of all, with its checker */

struct store *store_new(struct arena *a, const struct store_input *in);

/* Stores a parcel and counts it; opens the batch with the first one. */
bool store_parcel(struct store *s, struct parcel *p, struct err *e);

/* Counts a parcel without the database: for a batch that will be refused whole. */
void store_count(struct store *s, struct parcel *p);

/* After COMMIT: what the batch made is there for the next ones. */
void store_committed(struct store *s);

/* Counts that the batch's rules ask for, and the ledger entry; the caller commits. */
bool store_close(struct store *s, struct err *e);

/* The share of the first 1,000 records, or of all that were received, set apart or refused. */
double store_bad_share(const struct store *s);
double store_bad_share_of_first(const struct store *s); /* 0 before 1,000 were received */

/* What a quarantined record is bound to when it is sealed. */
struct span quarantine_context(struct arena *a, int64_t batch_id, int64_t line);

/* The number of the file's batch; 0 before there is one. */
int64_t store_batch(const struct store *s);

/* The batch and ledger entry, after store_close, of an outcome's layer. */
int64_t store_layer(const struct store *s, unsigned layer, int64_t *entry);

/* W040 or W062 of an outcome, as a finding. */
struct finding store_warning(const struct outcome *o, enum rule_id rule);

/* The source system of the batch, as its first readable record has it. */
const char *store_source_system(const struct store *s);

#endif
