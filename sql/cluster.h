/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The private PostgreSQL cluster under --home: made, started and stopped by ourselves, reachable
 * through a Unix socket only, by the system user who owns it and by the one who made it, who may
 * act as each role. PostgreSQL does not run as root: then the files belong to a system user, and
 * lie where that user can reach them. Knows nothing of what is in the database.
 */
#ifndef MAATSTAF_SQL_CLUSTER_H
#define MAATSTAF_SQL_CLUSTER_H

#include "common/arena.h"
#include "common/err.h"

#include <stdbool.h>

#define CLUSTER_PORT      "5432" /* part of the socket's file name; nothing listens on TCP */
#define CLUSTER_SUPERUSER "maatstaf"
#define CLUSTER_DATABASE  "maatstaf"

struct cluster {
    const char *home;   /* absolute */
    const char *base;   /* where data, log and run lie: home, or a folder under /var/lib/maatstaf */
    const char *data;   /* PostgreSQL's data directory */
    const char *socket; /* directory of the socket */
    const char *owner;  /* system user that PostgreSQL runs as */
    const char *operator; /* system user that made it */
};

/* Reads the record in home; ERR_CONFIG with the remedy when there is no cluster. */
bool cluster_find(struct arena *a, const char *home, struct cluster *c, struct err *e);

/* Makes the cluster (and home/keys, for its operator alone) unless it is there. */
bool cluster_init(struct arena *a, const char *home, struct cluster *c, struct err *e);

/* Starts it and waits until it answers; nothing to do when it runs. */
bool cluster_start(struct arena *a, const struct cluster *c, struct err *e);

/* Stops it, ending its sessions; nothing to do when it does not run. */
bool cluster_stop(struct arena *a, const struct cluster *c, struct err *e);

/* It answers on its socket. */
bool cluster_running(const struct cluster *c);

/* Whether this user may come near the socket; when not, whether it runs cannot be told from here.
 */
bool cluster_reachable(const struct cluster *c, struct err *e);

/* A role that one may log in as; names of all of them, ended by NULL. */
bool cluster_has_role(const char *role);
extern const char *const cluster_roles[];

#endif
