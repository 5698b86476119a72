/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Records that are decided and encoded, ready to be stored together: what each deserves by itself
 * (store, quarantine, refuse), what the rules said of it, and its bytes. Reading files and posts
 * both end here; what depends on stored records is store.h's, which writes its verdict into the
 * outcome. A parcel's arena owns what outlives a record; one thread at a time has it.
 */
#ifndef MAATSTAF_COLLECTOR_PARCEL_H
#define MAATSTAF_COLLECTOR_PARCEL_H

#include "collector/cell_mark.h"
#include "collector/check.h"
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
    bool has_id;
    uint8_t stop_id[16];

    /* Written by the store: what only stored records could tell. */
    bool known;          /* to quarantine: the same was set apart before */
    bool doubled, alike; /* W040, W062 */
    unsigned rule;       /* RULE_COUNT: accepted; RULE_I100: held already; else the R rule */
    unsigned layer;      /* which batch of the file took it */
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

/* The parcel's memory is a's; clearing it keeps what it has. */
void parcel_init(struct parcel *p, struct arena *a);
void parcel_clear(struct parcel *p);

uint32_t parcel_count(const struct parcel *p);
const struct outcome *parcel_outcome(const struct parcel *p, uint32_t i);
struct outcome *parcel_outcome_of(struct parcel *p, uint32_t i); /* for the store */
const struct finding *parcel_note(const struct parcel *p, uint32_t i);
uint32_t parcel_mark_count(const struct parcel *p);
const struct cell_mark *parcel_mark(const struct parcel *p, uint32_t i);

struct packer { /* what makes entries of records; one thread's */
    struct checker *checker;
    struct encoder *encoder;
    struct zone *zone;  /* in which months are counted; NULL: no marks are made */
    const char *source; /* records of another source system are refused; NULL: any */
};

/*
 * Checks a decoded record (unless it could not be read), decides and encodes it; scratch may be
 * emptied after it. False with p->err set when the parcel cannot hold it: then it is spoiled.
 */
bool parcel_take(struct parcel *p, const struct packer *k, struct arena *scratch, struct record *r,
                 instant received, struct findings *f);

/* Takes one that is decided already: refused, or set apart as it was delivered. */
bool parcel_add(struct parcel *p, uint64_t line, enum fate fate, struct span raw,
                const struct findings *f);

#endif
