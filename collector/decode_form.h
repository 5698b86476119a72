/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the forms of decoding share: the decoder, and the last look at a record (mandatory fields,
 * validity of codes, versions, identity) that is the same for JSON, CSV and profiles. Inside the
 * collector only; readers use decode.h.
 */
#ifndef MAATSTAF_COLLECTOR_DECODE_FORM_H
#define MAATSTAF_COLLECTOR_DECODE_FORM_H

#include "collector/decode.h"
#include "collector/profile_source.h"
#include "collector/value.h"
#include "common/csv.h"

enum { RECORD_BYTES_MOST = 65536 }; /* a line of NDJSON, a record of CSV */

struct decoder {
    struct arena *arena;
    const struct installation *installation; /* as seen through the profile */
    const struct profile *profile;
    struct values *values;
    uint64_t records, dropped_values;
    uint64_t fatal_line; /* 0: not one line's fault */
    bool started, ended;
    union {
        struct json_form *json;
        struct csv_form *csv;
    };
};

/* Where one record's findings and fatal fault go. */
struct outcome {
    struct decoder *d;
    struct arena *a;
    struct findings *findings;
    enum rule_id *fatal;
    struct err *e;
};

/* The rule that a fault of a value breaks, at its field. */
void decode_fault(struct outcome *o, enum value_fault fault, const char *field, int64_t person_seq);

/* A row or line that cannot be read at all: R001, a record that holds no fields. The reason quotes
 * nothing of it. */
struct record *decode_unreadable(struct outcome *o, uint64_t line, struct span raw,
                                 const char *reason);

/* Ends the batch: always DECODE_FATAL. */
enum decode_status decode_fatal(struct outcome *o, enum rule_id rule);

/* Keeps the started_at flags of the time that was read last. */
void decode_note_time(struct decoder *d, struct record *r, const struct slot *s);

/*
 * Mandatory fields, codes on their day, versions, defaults, stop_id. DECODE_FATAL (F002) for a
 * version that this program does not know.
 */
enum decode_status decode_finish(struct decoder *d, struct outcome *o, struct record *r);

bool json_form_start(struct decoder *d, struct reader in, struct err *e);
enum decode_status json_form_next(struct decoder *d, struct outcome *o, struct record **record);
enum decode_status json_form_text(struct decoder *d, struct outcome *o, struct span text,
                                  struct record **record);
bool csv_form_start(struct decoder *d, struct reader in, struct err *e);
enum decode_status csv_form_next(struct decoder *d, struct outcome *o, struct record **record);

/* Rows of a CSV through a profile; d->profile is set. Called by csv_form. */
struct profile_form;
struct profile_form *profile_form_new(struct decoder *d, const struct span *names, unsigned count,
                                      struct err *e);
void profile_form_record(struct decoder *d, struct profile_form *form, struct outcome *o,
                         const struct csv_row *row, struct record *r);

#endif
