/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A table of figures before it is laid out: what all rows share stands once in the caption, what
 * differs is a column, notes are numbered once. Every row can so be told from every other. Shared
 * by the text and HTML reports; texts belong to the view's arena.
 */
#ifndef MAATSTAF_ANALYZER_REPORT_TABLE_H
#define MAATSTAF_ANALYZER_REPORT_TABLE_H

#include "analyzer/report/view.h"

/* In the order in which they are shown. */
enum column {
    COLUMN_PLACE,
    COLUMN_GROUP,
    COLUMN_SEEN, /* by whom or when the group was perceived */
    COLUMN_TERM,
    COLUMN_WINDOW,
    COLUMN_VALUE,
    COLUMN_INTERVAL,
    COLUMN_N,
    COLUMN_BENCHMARK,
    COLUMN_REFERENCE,
    COLUMN_Q,
    COLUMN_DETECTABLE,
    COLUMN_NOTE,
    COLUMNS
};

enum { NOTES_MOST = 16 };

struct table {
    const struct view *view;
    const struct section *section;
    const struct figure *const *rows;
    size_t count;
    bool with_codes; /* of places */
    bool shown[COLUMNS];
    const char *caption;
    struct table_note {
        struct span code;        /* in the order of their numbers */
        struct span least, most; /* amounts over the rows, as they stand; empty: none */
        size_t rows;
    } notes[NOTES_MOST];
    size_t note_count;
};

struct table table_of(const struct view *v, const struct section *s,
                      const struct figure *const *rows, size_t count, bool with_codes);

const char *table_heading(const struct table *t, enum column c);
bool column_is_number(enum column c);

/* What a row has in a column; "" when it does not apply. */
const char *table_cell(const struct table *t, const struct figure *f, enum column c);

/* "1. text", or the text alone when it holds for every row. */
const char *table_note(const struct table *t, size_t i);

#endif
