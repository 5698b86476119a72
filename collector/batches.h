/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Files of registrations that came by HTTP: safe on disk before they are acknowledged, taken in one
 * after the other by a thread of its own through import.h, and taken up again by the next process
 * when this one ends. An upload is known by source, name and SHA-256: sent again it is the same
 * batch. A folder holds the file until it was taken in, and what became of it for longer.
 */
#ifndef MAATSTAF_COLLECTOR_BATCHES_H
#define MAATSTAF_COLLECTOR_BATCHES_H

#include "collector/import.h"
#include "common/json.h"

struct batches;

struct batches_options {
    struct db_target target; /* role "collector" */
    const char *folder;      /* is there, on the file system of the uploads */
    struct import_keys keys;
    bool (*hold)(void *context); /* true: what came before is not stored yet; NULL: never */
    void *context;
};

/* Looks for what was left in the folder and starts the thread. The arena's release stops it. */
struct batches *batches_start(struct arena *a, const struct batches_options *o, struct err *e);

struct upload {
    const char *source; /* of the identity: records of another are refused */
    const char *name;   /* the sender's, checked; "" for none */
    const char *path;   /* a regular file; renamed away when it is taken */
    const char *sha256; /* as the sender says, hexadecimal; NULL: it does not say */
    int64_t records;    /* the same; -1: it does not say */
};

/* Durable when true. ERR_INPUT: the content is not what the sender says; ERR_RETRY: the disk. */
bool batches_take(struct batches *b, struct arena *a, const struct upload *u, char id[37],
                  struct err *e);

/* What became of it, an object of the arena; NULL when this source has none of that id. */
json_t *batches_state(struct batches *b, struct arena *a, const char *id, const char *source);

/* Begins no other; one at hand is rolled back and taken up by the next process. */
void batches_stop(struct batches *b);
void batches_wait(struct batches *b, unsigned most_ms); /* for the thread to end */

struct batches_counts {
    uint64_t waiting, stored, refused, failed;
};
void batches_counts(struct batches *b, struct batches_counts *out);

/* The same name, source and content give the same id (UUIDv5). */
void batch_id(const char *source, const char *name, const uint8_t sha256[DIGEST_BYTES],
              char id[37]);

#endif
