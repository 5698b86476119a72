/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reading ahead of the database: one thread decodes, checks and encodes records into parcels of
 * bounded size, while its owner stores the parcel before. It decides what a record deserves by
 * itself (store, quarantine, refuse); what depends on stored records is store.h's. A parcel belongs
 * to the pipeline and is the owner's between pipeline_next and pipeline_done.
 */
#ifndef MAATSTAF_COLLECTOR_PIPELINE_H
#define MAATSTAF_COLLECTOR_PIPELINE_H

#include "collector/cell_mark.h"
#include "collector/check.h"
#include "collector/decode.h"
#include "collector/encode.h"

enum fate { FATE_STORE, FATE_QUARANTINE, FATE_REFUSE };

struct outcome { /* of one record, in file order */
    uint64_t line, rows;
    enum fate fate;
    uint32_t first_note, note_count;
    struct span raw;        /* to quarantine: as delivered */
    struct span unit, area; /* to store: empty when not given */
    struct span text;       /* of its first person with one, who is: */
    struct finding author;
    bool exact; /* the time is known to the minute */
};

enum parcel_end {
    PARCEL_MORE,
    PARCEL_LAST,  /* the file was read to its end */
    PARCEL_FATAL, /* it breaks rule `fatal`: nothing of it may be stored */
    PARCEL_FAILED /* reading failed for a reason outside the file's content */
};

struct parcel {
    struct arena *arena;
    struct chunk chunk;        /* entry i is the i-th outcome to store */
    struct strbuf *outcomes;   /* struct outcome */
    struct strbuf *notes;      /* struct finding, outliving its record */
    struct strbuf *marks;      /* struct cell_mark, in the order of the entries */
    struct span source_system; /* of its first record that has one */
    uint64_t position;         /* bytes of the file read so far */
    enum parcel_end end;
    enum rule_id fatal;
    uint64_t fatal_line; /* 0: not one line's fault */
    struct err err;      /* of PARCEL_FATAL and PARCEL_FAILED */
};

uint32_t parcel_count(const struct parcel *p);
const struct outcome *parcel_outcome(const struct parcel *p, uint32_t i);
const struct finding *parcel_note(const struct parcel *p, uint32_t i);
uint32_t parcel_mark_count(const struct parcel *p);
const struct cell_mark *parcel_mark(const struct parcel *p, uint32_t i);

struct pipeline_input {
    struct decoder *decoder; /* these three are the thread's from now on, with their arena */
    struct checker *checker;
    struct zone *zone;              /* in which months are counted */
    const struct file_reader *file; /* for the position; NULL when read from memory */
    uint8_t key[KEY_BYTES];         /* of the record HMAC */
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
