/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The committer's own side: a desk at which its one thread works, with the connection, what was
 * read from it, and the parcel. commit.c has the queue and the thread, commit_group.c brings groups
 * into the database, commit_spool.c puts them beside it and fetches them back. Nobody else includes
 * this.
 */
#ifndef MAATSTAF_COLLECTOR_COMMIT_INTERNAL_H
#define MAATSTAF_COLLECTOR_COMMIT_INTERNAL_H

#include "collector/commit.h"
#include "collector/commit_waiting.h"
#include "collector/decode.h"
#include "collector/parcel.h"
#include "collector/store.h"

#include <stdatomic.h>

struct tally_board { /* numbers for committer_counts, written by the thread */
    atomic_uint_fast64_t results[POST_BUSY + 1];
    atomic_uint_fast64_t turned_away, groups, retries, replayed, replay_refused, commit_micros;
    atomic_bool loaded, database;
};

struct desk {
    struct committer_options o; /* defaults filled in */
    struct arena *arena;        /* the thread's, all below are its children */
    struct tally_board *board;
    struct waiting *waiting;        /* ids in the spool */
    atomic_int_fast64_t end_micros; /* monotonic: no work on the database after it; 0: none */
    atomic_bool reload;

    struct arena *line; /* the connection's; NULL: there is none */
    struct db *db;
    bool away;          /* the last try failed */
    double next_try;    /* clock_seconds(), while it is away */
    bool spool_refuses; /* said once */

    struct arena *ground; /* what was read from the database; NULL: nothing yet */
    const struct installation *installation;
    struct decoder *decoder;
    struct packer packer;
    char version[64];
    int64_t day;
    double looked; /* when the version was asked for */

    struct store_memory *memory;
    struct arena *work, *scratch; /* of a group, of a record */
    struct parcel parcel;

    struct arena *taken, *kept; /* of what is replayed; of the record that waits for its group */
    bool has_kept;
    uint64_t kept_sequence;
    struct span kept_record;
};

/* ---- commit_group.c -------------------------------------------------------------------------- */

/* A connection and what is to be known, by the moment of clock_seconds(). */
bool desk_ready(struct desk *d, double until, struct err *e);

/* Gives the connection up; the next desk_ready makes another. */
void desk_hang_up(struct desk *d);

/* Decides and encodes posts of one source into the desk's parcel, outcome i of post i. */
bool desk_pack(struct desk *d, struct post **posts, unsigned count, struct err *e);

/*
 * Stores and answers posts of one source; those that are answered become NULL. False: the rest may
 * be stored later (ERR_RETRY, ERR_CONFIG); whether they were is known by their keys only.
 */
bool desk_store(struct desk *d, struct post **posts, unsigned count, struct err *e);

/* The notes of outcome i into its post, which has its result. */
void desk_tell(struct desk *d, struct post *p, uint32_t i);
void desk_answer(struct desk *d, struct post *p);

/* Stores them within the budget, or puts them beside the database. */
void desk_posts(struct desk *d, struct post **posts, unsigned count);

/* ---- commit_spool.c -------------------------------------------------------------------------- */

bool desk_has_spooled(const struct desk *d);

/* Puts posts into the spool and answers them; without one they are POST_BUSY. */
void desk_spool(struct desk *d, struct post **posts, unsigned count);

/* Takes a group from the spool into the database. */
void desk_replay(struct desk *d);

#endif
