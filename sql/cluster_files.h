/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Folders, files and processes of the private cluster that belong to its owner, who is not the
 * caller when the caller is root.
 */
#ifndef MAATSTAF_SQL_CLUSTER_FILES_H
#define MAATSTAF_SQL_CLUSTER_FILES_H

#include "common/arena.h"
#include "common/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct owner {
    const char *name;
    uid_t uid;
    gid_t gid;
};

/* By name. */
bool owner_named(struct arena *a, const char *name, struct owner *o, struct err *e);

/* Who PostgreSQL runs as when we make a cluster: ourselves, or for root a system user. */
bool owner_choose(struct arena *a, struct owner *o, struct err *e);

/* Whether the owner can get into the folder. */
bool owner_reaches(const struct owner *o, const char *folder);

/* Makes the folder and its parents; the last one gets owner and mode. A link in its place is
 * refused. */
bool folder_make(const char *path, const struct owner *o, mode_t mode, struct err *e);

/* Writes the file whole, through a new file that is moved over it. */
bool file_write(struct arena *a, const char *path, const char *text, const struct owner *o,
                struct err *e);

/* Runs a program of PostgreSQL as the owner, its output appended to `log`; false unless it exits
 * with 0. */
bool owner_run(const struct owner *o, const char *program, const char *const *argv, const char *log,
               struct err *e);

#endif
