/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Inside of the store: store.c moves rows, store_tally.c counts, sets apart and warns. Nobody else
 * includes this.
 */
#ifndef MAATSTAF_COLLECTOR_STORE_INTERNAL_H
#define MAATSTAF_COLLECTOR_STORE_INTERNAL_H

#include "collector/roll_up.h"
#include "collector/store.h"

#define DAY (INT64_C(86400) * MICROS)

enum {
    ACCEPTED = RULE_COUNT, /* a verdict that is no rule */
    LAYERS_MOST = 16,
    MONTHS_FROM = 1970,
    MONTHS = 12 * 200,
    SHARE_FIRST = 1000,
    REPORT_MOST = 8 * 1024 * 1024,
    RECENT_BITS = 18, /* of starts in a file, and in a group of posts */
    RECENT_BITS_POSTS = 12,
    UNITS_MOST = 512,
    UNIT_TEXTS_MOST = 32
};

struct verdict {   /* what the database said of an entry */
    unsigned rule; /* ACCEPTED, RULE_I100 (already held) or the R rule that it breaks */
    unsigned layer;
    bool warned; /* by what is stored */
};

struct unit_texts { /* how many texts of a unit were compared with stored ones */
    const char *unit;
    unsigned count;
};

struct store_memory {
    struct arena *arena;
    bool made[MONTHS];
    unsigned unit_count;
    struct unit_texts units[UNITS_MOST];
};

struct layer { /* one batch */
    int64_t batch;
    struct merkle merkle;
    uint64_t rows; /* as delivered, accepted in this batch */
    int64_t entry; /* of the ledger, once it is closed */
};

struct store {
    struct arena *arena;
    struct store_input in;
    const char *source_system;
    struct hmac *quarantine_hmac; /* knows a record again that was set apart */
    unsigned layer_count;
    struct layer layers[LAYERS_MOST];
    struct roll_up *roll_up;
    bool months[MONTHS]; /* whose partitions this batch has asked for */
    int64_t last_day;
    uint64_t first_received, first_bad; /* of the first 1,000 */
    uint64_t *starts;            /* fingerprints of recent starts, for doubles within the file */
    struct store_memory *memory; /* of the process, or of this file */
};

/* Remembers the source system from the first parcel that shows one. */
void store_learn_source(struct store *s, const struct parcel *p);

/* W040 and W062 of accepted entries, against the file so far and against stored batches. */
bool store_warn(struct store *s, struct parcel *p, struct verdict *verdicts, struct err *e);

/* Every record of the parcel into one count; findings and quarantined records into the database. */
bool store_tally(struct store *s, struct parcel *p, const struct verdict *verdicts, struct err *e);

/* The report's tallies into the database. */
bool store_count_messages(struct store *s, struct err *e);

#endif
