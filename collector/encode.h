/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From a checked record to bytes: binary COPY tuples per table, the HMAC of what was received, and
 * the salted leaves of the ledger, all from one pass over the fields (docs/decisions: the canonical
 * form is the tuple's own bytes). It knows no database: which batch a record belongs to and its
 * place in the ledger are written into the finished bytes by chunk_place.
 */
#ifndef MAATSTAF_COLLECTOR_ENCODE_H
#define MAATSTAF_COLLECTOR_ENCODE_H

#include "collector/record.h"
#include "common/digest.h"
#include "common/err.h"

enum table {
    TABLE_STOP,
    TABLE_PERSON,
    TABLE_ACTION,
    TABLE_FIND,
    TABLE_RESULT,
    TABLE_TEXT,
    TABLE_GROUP,
    TABLE_TRAIT,
    TABLE_OFFICER,
    TABLE_COUNT
};

/* One tuple in its table's bytes, its entry, and which of the entry's leaves covers it. */
struct tuple {
    uint32_t offset;
    uint32_t entry;
    uint32_t leaf;
};

struct tuples {
    struct strbuf *bytes; /* COPY tuples one after another, without header and trailer */
    struct strbuf *index; /* struct tuple, in the order of the bytes */
};

/* One record, ready to be claimed. */
struct entry {
    uint8_t stop_id[16];
    uint8_t mac[DIGEST_BYTES];
    uint8_t group_mac[DIGEST_BYTES];
    bool has_group;
    char tx_type; /* 'I', 'U', 'N' or 'W' */
    int32_t version;
    instant started_at;
    uint32_t first_leaf; /* in the chunk's leaves: core, texts, traits, groups, officer */
    uint32_t leaf_count;
};

/* Encoded records waiting to be claimed and sent; bounded by its owner, who asks chunk_bytes(). */
struct chunk {
    struct tuples tables[TABLE_COUNT];
    struct strbuf *entries; /* struct entry */
    struct strbuf *leaves;  /* DIGEST_BYTES each */
};

struct encoder; /* keys, hashes and scratch; one per thread */

struct encoder *encoder_new(struct arena *a, const uint8_t key[KEY_BYTES]);

void chunk_init(struct chunk *c, struct arena *a);
void chunk_clear(struct chunk *c); /* keeps its memory */
size_t chunk_bytes(const struct chunk *c);
uint32_t chunk_count(const struct chunk *c);
const struct entry *chunk_entry(const struct chunk *c, uint32_t i);
const uint8_t *chunk_leaf(const struct chunk *c, uint32_t i);
uint32_t tuples_count(const struct tuples *t);

/* Adds a record; ERR_INPUT when it is larger than a chunk can hold, which spoils the chunk. */
bool encode_record(struct encoder *en, struct arena *scratch, struct chunk *c,
                   const struct record *r, struct err *e);

/*
 * Raises the state of the entries that are warned[] from ACCEPTED to ACCEPTED_WITH_WARNINGS, with
 * their leaves. Before chunk_place; a is for scratch.
 */
bool chunk_warn(struct chunk *c, struct arena *a, const bool *warned, struct err *e);

/* Where an accepted entry goes. batch 0: it is not stored, its tuples are left out. */
struct place {
    int64_t batch;
    int32_t first_leaf;
};

/*
 * Writes batch and leaf number into every tuple of the table and closes the gaps of entries that
 * are not stored; returns how many tuples remain. places[] has one element an entry. Once per
 * chunk and table.
 */
uint32_t chunk_place(struct chunk *c, enum table table, const struct place *places);

/* The 19 bytes before and the 2 bytes after the tuples of a binary COPY. */
extern const uint8_t copy_header[19];
extern const uint8_t copy_trailer[2];

#endif
