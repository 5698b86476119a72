/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Durable group commit of single registrations: posts of one source that come close together become
 * one transaction, one batch, one ledger entry. done() is called once for each post, after COMMIT
 * or after the spool's fsync, never before. It knows no HTTP and decides no access: `source` is
 * who the sender was found to be. No roll-up is written on this way; analyses count such batches.
 */
#ifndef MAATSTAF_COLLECTOR_COMMIT_H
#define MAATSTAF_COLLECTOR_COMMIT_H

#include "collector/finding.h"
#include "collector/import.h"
#include "sql/db.h"

struct spool; /* collector/spool.h */

enum post_result {
    POST_STORED,      /* in the database; may have warnings among its notes */
    POST_HELD,        /* the same registration was there already: nothing was stored twice */
    POST_CONFLICT,    /* R021: the key is there with other content */
    POST_REFUSED,     /* an F or R rule; nothing of it is kept but counts (R022-R024 too) */
    POST_QUARANTINED, /* an E rule: set apart, sealed; also when it was set apart before */
    POST_SPOOLED,     /* durable here, not yet in the database: its verdict comes with the replay */
    POST_BUSY         /* nothing was kept: try later */
};

struct post {
    /* The submitter's; untouched by it from committer_submit until done(). */
    struct span text;   /* one registration, canonical JSON; need not end in NUL */
    const char *source; /* source system of the identity */
    int64_t identity;   /* asked for again in the transaction whether it still holds; 0: do not */
    void (*done)(struct post *p); /* from the committer's thread: quick, and it may free the post */
    void *context;

    /* Filled before done(). */
    enum post_result result;
    bool foreign; /* refused because the record names another source (note F003): 403 */
    bool revoked; /* refused because the identity no longer holds (note F003): 401 */
    bool has_id;  /* stop_id is known: STORED, HELD, CONFLICT and others that could be read */
    uint8_t stop_id[16];
    int64_t batch_id, ledger_entry; /* STORED, QUARANTINED, REFUSED, …: 0 when there is none */
    uint64_t line;                  /* its number in that batch, from 1 */
    const struct finding *notes;    /* all that the rules say; gone when done() returns */
    unsigned note_count;

    /* The committer's own. */
    instant received;
    double queued;               /* clock_seconds() */
    bool poisoned;               /* cannot be stored: it is set apart as it came */
    const struct findings *told; /* refused while the database was away: only to be counted */
    struct post *next;
};

struct committer_options {
    struct db_target target; /* role "collector"; timeout_s also ends a wait for a hung server */
    struct import_keys keys; /* of records and of the quarantine */
    struct spool *spool;     /* NULL: what cannot be stored is POST_BUSY */
    unsigned queue_most;     /* posts waiting; 0: 4,096 */
    unsigned group_most;     /* posts of one transaction; 0: 500 */
    int64_t wait_us;         /* most that a post waits for company; 0: 20,000 */
    double budget_s;         /* how long a group is tried again before the spool; 0: 5 s */
};

struct committer;

/*
 * Starts the thread. A database that is away is no failure: posts are POST_BUSY until its codes
 * and areas were read once. The arena's release drains with no time left.
 */
struct committer *committer_start(struct arena *a, const struct committer_options *o,
                                  struct err *e);

/* Takes a post; false when the queue is full or it is draining: done() is not called then. */
bool committer_submit(struct committer *c, struct post *p);

/* Codes, areas, orders and settings are read anew before the next group. */
void committer_reload(struct committer *c);

/*
 * Takes no more posts, ends what it has, and stops the thread. What is not stored within the
 * seconds goes to the spool or is POST_BUSY; every done() has been called on return.
 */
void committer_drain(struct committer *c, double seconds);

/* Whether a registration of this id waits in the spool, as far as is known. */
bool committer_waiting(struct committer *c, const uint8_t stop_id[16]);

struct committer_counts {
    uint64_t results[POST_BUSY + 1]; /* posts by what became of them */
    uint64_t turned_away;            /* submit said false */
    uint64_t groups;                 /* transactions committed, replay included */
    uint64_t retries;                /* of a group after a passing fault */
    uint64_t replayed;               /* records taken from the spool into the database */
    uint64_t replay_refused;         /* of these, what the database or the rules did not take */
    double commit_seconds;           /* summed over groups: from the first post taken to COMMIT */
    unsigned queued;                 /* waiting now */
    bool loaded;                     /* codes and areas were read */
    bool database;                   /* the last exchange with the database went well */
};
void committer_counts(struct committer *c, struct committer_counts *out);

const char *post_result_name(enum post_result result); /* "stored", "held", … */

#endif
