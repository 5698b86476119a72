/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An executable model of the spool: a plain list of records, driven beside the real one by random
 * actions with tiny limits. It knows from the folder which bytes of which file hold a record, so
 * that it can say what a truncation, a flipped bit or a missing file must cost, to the record.
 */
#ifndef MAATSTAF_TESTS_LIB_SPOOL_MODEL_H
#define MAATSTAF_TESTS_LIB_SPOOL_MODEL_H

#include "common/arena.h"

#include <stdbool.h>
#include <stdint.h>

struct spool_model_run {
    uint64_t seed;
    unsigned actions;
    bool honest_only; /* no damage to files: crashes, limits and failing calls only */
    unsigned lie;     /* every so many-th write says that it was whole and was not; 0: none */

    /* What happened. */
    uint64_t appended, refused, read, lost, crashes, damaged, failed;
    unsigned action; /* the one that failed */
    char why[400];
};

/* False when the spool did what the model does not; why and action say what. */
bool spool_model_run(struct spool_model_run *run, const char *dir);

#endif
