/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the models of `analyzer fit` share: the cells as read, places and groups by number, and the
 * building of figures. All memory is the arena's of the run.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_MODEL_H
#define MAATSTAF_ANALYZER_FIT_FIT_MODEL_H

#include "analyzer/fit/fit.h"
#include "analyzer/stat/estimate.h"
#include "common/json.h"

#include <stdint.h>

enum { FIT_COLUMNS = 8, FIT_MOST_ROWS = 20000, FIT_MOST_GROUPS = 1000 };

enum fit_kind {
    FIT_LABEL,   /* text that is not empty */
    FIT_COUNT,   /* a whole number from 0 to 2^53 */
    FIT_EXPOSURE /* a finite number from 0 */
};

struct fit_column {
    const char *name;
    enum fit_kind kind;
};

struct fit_position {
    uint64_t line;
    uint32_t column;
};

/* Column c of row r: label[c][r] or number[c][r], as the column's kind says; both 0 else. */
struct fit_cells {
    size_t rows;
    const struct fit_column *columns;
    size_t column_count;
    const char **label[FIT_COLUMNS];
    double *number[FIT_COLUMNS];
    struct fit_position *position[FIT_COLUMNS];
};

/* Reads all rows. Every column must be there once, in any order, and no other. */
bool fit_cells_read(struct arena *a, FILE *in, const struct fit_column *columns, size_t count,
                    struct fit_cells *cells, struct err *e);

/* Fails, naming line, column and field of a cell: "line 3, column 7: k is larger than n". */
bool fit_cells_refuse(const struct fit_cells *cells, size_t row, size_t column, const char *what,
                      struct err *e);

/* One run: what the model reads and where its figures go. */
struct fit {
    struct arena *arena;
    const struct fit_options *options;
    const struct fit_cells *cells;
    json_t *figures;     /* array */
    json_t *diagnostics; /* object */
    bool converged;
};

struct fit_model {
    const char *name;
    const struct fit_column *columns;
    size_t column_count;
    bool (*run)(struct fit *f, struct err *e);
};

extern const struct fit_model fit_rate;
extern const struct fit_model fit_proportion;

/* ---- figures ---- */

/* What a figure is about; NULL is left out. */
struct fit_subject {
    const char *place, *group, *reference;
};

/* Appends a figure and returns it (the array owns it). */
json_t *fit_figure(struct fit *f, const char *name, const char *method, struct fit_subject about);
void fit_put(json_t *figure, const char *key, double number); /* not finite: null */
void fit_put_estimate(const struct fit *f, json_t *figure, struct estimate e);
void fit_put_test(json_t *figure, struct test t); /* value and statistic are the same number */
void fit_note(json_t *figure, const char *note);  /* NULL: nothing */

/* ---- places and groups ---- */

/* Rows by place and group, in order of first appearance; cell[p * groups + g] is a row or
 * FIT_NO_ROW. */
#define FIT_NO_ROW SIZE_MAX

struct fit_grid {
    size_t places, groups;
    const char **place, **group;
    const size_t *cell;
    size_t reference;           /* group index, or FIT_NO_ROW: all others */
    const char *reference_name; /* "others" then */
};

/* Columns 0 and 1 must be place and group. ERR_INPUT when a place has a group twice. */
bool fit_grid_of(struct fit *f, struct fit_grid *grid, struct err *e);

/* Two numbers of the group and of its reference in one place; false (with a note why) when one is
 * missing. */
struct fit_pair {
    double a1, b1, a0, b0;
};
bool fit_pair_of(const struct fit *f, const struct fit_grid *grid, size_t place, size_t group,
                 struct fit_pair *pair, const char **note);

/* Is this group compared with a reference in this place? */
bool fit_is_compared(const struct fit_grid *grid, size_t place, size_t group);

#endif
