/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The cells that a model is fitted to: CSV with a header, read whole, column by column, and
 * strictly: the first fault ends the reading, with line, column and remedy. Knows kinds of columns,
 * not what they mean. Texts are held once each, and for a model that asks for it rows that agree in
 * every column are one row with a count. Memory is the arena's and capped; what was read is not
 * changed afterwards, but that a text column may get numbers beside it.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_CELLS_H
#define MAATSTAF_ANALYZER_FIT_FIT_CELLS_H

#include "common/arena.h"
#include "common/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    FIT_MOST_COLUMNS = 64,
    FIT_MOST_ROWS = 1000000,
    FIT_MOST_BYTES = 128 << 20 /* held: of texts that differ, numbers and positions */
};

enum fit_kind {
    FIT_FACTOR, /* text that is not empty, UTF-8 */
    FIT_COUNT,  /* a whole number from 0 to 2^53 */
    FIT_AMOUNT, /* a finite number from 0 */
    FIT_REAL    /* any finite number */
};

struct fit_column {
    const char *name;
    enum fit_kind kind;
    bool optional; /* the file may lack it: see fit_cells_has() */
};

/* What a model reads. Columns may stand in any order in the file. */
struct fit_layout {
    const struct fit_column *columns;
    size_t count;
    const char *extra;  /* what further columns are, for help: "any factors"; NULL: none allowed */
    bool merges;        /* rows alike in every column that is held are held once, and counted */
    const char *wanted; /* of the further columns only those are held whose name stands in this
                           text; NULL: all */
};

struct fit_position {
    uint32_t line, column; /* 1-based; column in bytes */
};

/* A column of text: row r has level[code[r]]; levels in order of first appearance. */
struct fit_text {
    size_t levels;
    const char **level;
    uint32_t *code;
};

/*
 * Row r of column c is fit_cells_label() (FIT_FACTOR) or number[c][r] (the other kinds). The
 * layout's columns come first, in its order; further columns follow, as factors, in the file's
 * order. Rows stand in the file's order; of rows alike the first is held.
 */
struct fit_cells {
    size_t rows;
    size_t rows_read; /* in the file: more where rows alike are held once */
    struct fit_column columns[FIT_MOST_COLUMNS];
    size_t column_count;
    size_t field[FIT_MOST_COLUMNS]; /* of a row, from 0; FIT_NO_COLUMN: not in the file */
    struct fit_text text[FIT_MOST_COLUMNS];
    double *number[FIT_MOST_COLUMNS];
    const uint32_t *record; /* of each row `stride` words: times, line, where its fields start */
    size_t stride;
};

#define FIT_NO_COLUMN SIZE_MAX

/* Does the file have this column? */
static inline bool
fit_cells_has(const struct fit_cells *cells, size_t column)
{
    return cells->field[column] != FIT_NO_COLUMN;
}

/* The text of a cell; NULL when the file lacks the column. */
static inline const char *
fit_cells_label(const struct fit_cells *cells, size_t column, size_t row)
{
    const struct fit_text *const t = &cells->text[column];

    return t->code ? t->level[t->code[row]] : NULL;
}

/* How often the row stands in the file. */
static inline double
fit_cells_times(const struct fit_cells *cells, size_t row)
{
    return cells->record[row * cells->stride];
}

struct fit_position fit_cells_position(const struct fit_cells *cells, size_t row, size_t column);

bool fit_cells_read(struct arena *a, FILE *in, const struct fit_layout *layout,
                    struct fit_cells *cells, struct err *e);

/* The column of this name, or FIT_NO_COLUMN when the file has none. */
size_t fit_cells_column(const struct fit_cells *cells, const char *name);

/* Reads a text column that the file has as numbers into number[column] as well (a covariate, a
 * clock time). ERR_INPUT names the first cell that is no number. */
bool fit_cells_as_real(struct arena *a, struct fit_cells *cells, size_t column, struct err *e);

/* Fails, naming line, column and field of a cell: "line 3, column 7: k is larger than n". The
 * caller may add a remedy with err_hint(). */
bool fit_cells_refuse(const struct fit_cells *cells, size_t row, size_t column, const char *what,
                      struct err *e);

/* Refuses the first cell of column part that is larger than its row's whole: "k is larger than n".
 */
bool fit_cells_part_of(const struct fit_cells *cells, size_t part, size_t whole, const char *hint,
                       struct err *e);

/* "a whole number from 0, …": what a column of this kind holds. */
const char *fit_kind_text(enum fit_kind kind);

/* "place, group, k, n" and what may come after it. */
const char *fit_layout_text(struct arena *a, const struct fit_layout *layout);

/* Names the columns as the remedy of *e, or says where they are named when they are too many;
 * false. */
bool fit_layout_hint(struct arena *a, const struct fit_layout *l, struct err *e);

/* ---- factors ---- */

enum fit_order {
    FIT_AS_READ, /* levels in order of first appearance */
    FIT_SORTED /* by bytes, as R's factor() in the C locale: the first is the base of a contrast */
};

/* A text column as numbered levels: row r has level[number[r]]. */
struct fit_factor {
    size_t levels;
    const char **level;
    size_t *number;
};

struct fit_factor fit_factor_of(struct arena *a, const struct fit_cells *cells, size_t column,
                                enum fit_order order);

#endif
