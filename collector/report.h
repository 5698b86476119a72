/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What became of one file: the counts, which rules spoke and where first, what the source does not
 * cover. Received = accepted + duplicate + quarantined + refused, always. It holds lines and field
 * names, never a value of a record. Memory does not grow with the file.
 */
#ifndef MAATSTAF_COLLECTOR_REPORT_H
#define MAATSTAF_COLLECTOR_REPORT_H

#include "collector/finding.h"
#include "collector/profile.h"
#include "common/digest.h"
#include "common/json.h"

enum batch_status {
    BATCH_FAILED, /* nothing stored, for a reason outside the file (or it could not be opened) */
    BATCH_STORED,
    BATCH_REFUSED, /* the file breaks an F rule: nothing of it is stored */
    BATCH_DRY_RUN,
    BATCH_HELD /* a quarantined record that was tried again and stays where it is */
};

enum { EXAMPLES_MOST = 5, TALLY_FIELDS_MOST = 40 };

struct example {
    uint64_t line;      /* 0: not one line's */
    const char *field;  /* JSON pointer, with indices */
    const char *reason; /* which cause of the rule it is, or NULL */
    int64_t person_seq;
};

struct field_count {
    const char *field; /* JSON pointer, without indices */
    uint64_t count;
};

struct tally { /* of one rule; fields past the limit are counted under "", examples are the first by
                  line */
    uint64_t count;
    unsigned example_count, field_count;
    struct example examples[EXAMPLES_MOST];
    struct field_count *fields;
};

struct report {
    struct arena *arena;
    const char *file;     /* base name */
    const char *profile;  /* NULL: the canonical form */
    const char *area_set; /* whose areas the records name; NULL: not known yet */
    const char *unit;   /* what all five counts count: "CSV rows", "NDJSON lines"; NULL: unknown */
    const char *reason; /* why it was refused or failed, or NULL */
    enum batch_status status;
    bool has_sha256;
    uint8_t sha256[DIGEST_BYTES];
    uint64_t received, accepted, duplicate, quarantined, refused;
    int64_t batch_id, ledger_entry; /* 0: none */
    struct tally tallies[RULE_COUNT];
    const uint64_t *not_applicable;  /* [RULE_COUNT], or NULL */
    const struct coverage *coverage; /* NULL: everything is covered */
};

struct report *report_new(struct arena *a, const char *file);

/* A rule spoke, `times` times at once; what is kept of the finding is copied. */
void report_note(struct report *r, const struct finding *f, uint64_t line, uint64_t times);

/* The batch is refused whole: every row counts as refused. line 0: no line in particular. */
void report_refuse(struct report *r, enum rule_id rule, uint64_t line, const char *reason);

/* Whether received is the sum of its four parts. */
bool report_balances(const struct report *r);

/* 0 all accepted or already held, 3 something was quarantined or refused, 1 failed. */
int report_exit_status(const struct report *r);

const char *severity_letter(enum severity severity);

/* The object inside {"batch": …}; the arena owns it. */
json_t *report_json(const struct report *r, struct arena *a);

/* For people, in 100 columns. */
void report_text(const struct report *r, struct strbuf *out);

#endif
