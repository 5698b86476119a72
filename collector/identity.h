/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who a running service lets in: the identities that hold, read from the database each second by a
 * thread of its own, so that the way of a request never waits for a query. While the database is
 * away the last known ones hold. What is stored is held against the database once more, in the
 * transaction that stores it (commit.h). Safe between threads.
 */
#ifndef MAATSTAF_COLLECTOR_IDENTITY_H
#define MAATSTAF_COLLECTOR_IDENTITY_H

#include "common/clock.h"
#include "common/str.h"
#include "sql/db.h"

struct identity {
    int64_t id;
    const char *source;
};

struct identities;

/* Reads them once (a database that is away is no failure) and starts the thread. The arena's
 * release stops it. */
struct identities *identities_start(struct arena *a, const struct db_target *target, struct err *e);

/* Reads them now, or as soon as the thread comes to it. */
void identities_refresh(struct identities *s);

/* False: no such token holds now. The comparison takes as long whatever is sent. */
bool identities_by_token(struct identities *s, struct span token, instant now, struct arena *a,
                         struct identity *out);
bool identities_by_certificate(struct identities *s, const char *common_name, instant now,
                               struct arena *a, struct identity *out);

/* How many hold as last read, and how long ago that was (seconds; negative: never). */
unsigned identities_count(struct identities *s, double *age_s);

#endif
