/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * From delivered bytes to a struct record: canonical NDJSON, canonical flat CSV, or a foreign CSV
 * through a profile. Decoding finds what the form alone can show (R001, R010 forbidden key, R011,
 * R012, R013); everything else is check.h's. It stores nothing and knows no database.
 */
#ifndef MAATSTAF_COLLECTOR_DECODE_H
#define MAATSTAF_COLLECTOR_DECODE_H

#include "collector/codes.h"
#include "collector/finding.h"
#include "collector/profile.h"
#include "collector/record.h"
#include "common/reader.h"

enum decode_status {
    DECODE_RECORD, /* *record is filled as far as it could be; findings say what is wrong */
    DECODE_END,
    DECODE_FATAL /* F001, F007, …: *fatal is the rule, *e the message with line and column; the
                    batch is refused whole */
};

struct decoder;

enum decode_form { FORM_CSV, FORM_NDJSON };

/* What the first bytes look like: '{' or '[' is NDJSON (an array is refused later, F001), else CSV.
 * ERR_INPUT for UTF-16, binary, gzip/zip. */
bool decode_detect(struct span head, enum decode_form *form, struct err *e);

/* profile NULL: canonical. The decoder belongs to a;
 * records go to the arena given to decoder_next. */
struct decoder *decoder_new(struct arena *a, struct reader in, enum decode_form form,
                            const struct profile *profile, const struct installation *installation,
                            struct err *e);

/*
 * The next record. Rows of one stop (same source_system and source_record_no, adjacent) make one
 * record. On DECODE_RECORD with a finding of severity REFUSE from the form (R001 …) the record may
 * be empty but for line, rows and raw.
 */
enum decode_status decoder_next(struct decoder *d, struct arena *a, struct record **record,
                                struct findings *findings, enum rule_id *fatal, struct err *e);

/*
 * One registration that is all of `text` (an HTTP body), through a decoder of canonical JSON, which
 * can be used again and again: making one costs more than a record. Never DECODE_END.
 */
enum decode_status decoder_text(struct decoder *d, struct arena *a, struct span text,
                                struct record **record, struct findings *findings,
                                enum rule_id *fatal, struct err *e);

/* The line that DECODE_FATAL is about; 0: the file as a whole. */
uint64_t decoder_fatal_line(const struct decoder *d);

/* Values that a profile's maps do not have and that it lets go ("unmapped": "drop"), so far. */
uint64_t decoder_dropped_values(const struct decoder *d);

#endif
