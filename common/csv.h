/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Strict RFC 4180 CSV from a stream, with line and column of every fault. Memory is one record,
 * capped; a longer one is a bad row that is read over. Quotes only around a whole field; CRLF or
 * LF, one kind a file; a UTF-8 byte-order mark is taken off the first record. A line `\.` is a row
 * like any other. Character encoding, NUL and field counts are the caller's to judge, except that a
 * NUL makes a bad row.
 */
#ifndef MAATSTAF_COMMON_CSV_H
#define MAATSTAF_COMMON_CSV_H

#include "common/reader.h"

enum csv_status {
    CSV_ROW,  /* row is filled */
    CSV_END,  /* no more rows */
    CSV_BAD,  /* this row is malformed: e says how; reading goes on after it */
    CSV_FATAL /* nothing after this can be trusted (unclosed quote, lines that end in CR alone, read
                 error) */
};

struct csv_options {
    char separator;      /* ',' when 0 */
    size_t record_bytes; /* longest record; 65,536 when 0 */
    size_t fields;       /* most fields; 512 when 0 */
};

struct csv_field {
    struct span text; /* unquoted, doubled quotes undone; valid until the next csv_next */
    bool quoted;
    uint32_t column; /* 1-based byte column of the field's first byte in its line */
    uint64_t line;   /* 1-based line of the field's first byte */
};

struct csv_row {
    uint64_t line; /* line where the record starts, 1-based */
    size_t count;
    const struct csv_field *fields;
    bool terminated; /* ended by a newline (false: the last record had none) */
};

struct csv;

struct csv *csv_new(struct arena *a, struct reader in, const struct csv_options *options);

/* Empty lines are skipped and counted. For CSV_BAD and CSV_FATAL, row->line is set (an unclosed
 * quote: the line where it opens) and *e names line and column. */
enum csv_status csv_next(struct csv *c, struct csv_row *row, struct err *e);

/* For a file in which one fault is one too many: true with a row; false at the end, when e->code is
 * ERR_NONE, and at a fault. */
bool csv_next_row(struct csv *c, struct csv_row *row, struct err *e);

/* Whether CSV_FATAL was because of a quoted field that nothing closes. */
bool csv_quote_open(const struct csv *c);

uint64_t csv_empty_lines(const struct csv *c);

/* Adds one field in RFC 4180 form, quoted when needed; spreadsheet formulas (= + - @ tab CR LF NUL
 * first) get a leading '. */
void csv_put(struct strbuf *b, struct span field, bool typed_number);

#endif
