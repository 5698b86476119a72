/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reading ahead of the database: one thread decodes, checks and encodes records into parcels of
 * bounded size, while its owner stores the parcel before. A parcel belongs to the pipeline and is
 * the owner's between pipeline_next and pipeline_done.
 */
#ifndef MAATSTAF_COLLECTOR_PIPELINE_H
#define MAATSTAF_COLLECTOR_PIPELINE_H

#include "collector/decode.h"
#include "collector/parcel.h"

struct pipeline_input {
    struct decoder *decoder; /* these three are the thread's from now on, with their arena */
    struct checker *checker;
    struct zone *zone;              /* in which months are counted */
    const struct file_reader *file; /* for the position; NULL when read from memory */
    uint8_t key[KEY_BYTES];         /* of the record HMAC */
    const char *source;             /* records of another are refused; NULL: any */
    instant received;
};

struct pipeline;

/* Starts the thread; releasing the arena stops and joins it. */
struct pipeline *pipeline_start(struct arena *a, const struct pipeline_input *in, struct err *e);

/* The next parcel; waits for it. Do not ask again after one whose end is not PARCEL_MORE. */
struct parcel *pipeline_next(struct pipeline *p);

/* Gives a parcel back to be filled anew. */
void pipeline_done(struct pipeline *p, struct parcel *parcel);

/* Ends the thread, whatever it is doing, and waits for it. */
void pipeline_stop(struct pipeline *p);

#endif
