/* SPDX-License-Identifier: EUPL-1.2 */
/* Text columns as numbered levels: by sorting, so that many levels cost no more than many rows. */
#include "analyzer/fit/fit_cells.h"

#include <stdlib.h>
#include <string.h>

/* A label of one row, for sorting: equal labels by first appearance. */
struct entry {
    const char *label;
    size_t row;
};

static int
by_label(const void *left, const void *right)
{
    const struct entry *const a = left;
    const struct entry *const b = right;
    const int order = strcmp(a->label, b->label);

    return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

/* Numbers the sorted entries; first[l] is the first row with level l. */
static struct fit_factor
number_sorted(struct arena *a, const struct entry *sorted, size_t rows, size_t *first)
{
    struct fit_factor f = {
        .level = arena_array(a, rows, sizeof *f.level),
        .number = arena_array(a, rows, sizeof *f.number),
    };

    for (size_t i = 0; i < rows; i++) {
        if (i == 0 || strcmp(sorted[i].label, sorted[i - 1].label) != 0) {
            first[f.levels] = sorted[i].row;
            f.level[f.levels++] = sorted[i].label;
        }
        f.number[sorted[i].row] = f.levels - 1;
    }
    return f;
}

/* Numbers the levels again, in the order in which the rows come upon them. */
static void
number_as_read(struct arena *a, struct fit_factor *f, size_t rows, const size_t *first)
{
    size_t *const again = arena_array(a, f->levels, sizeof *again);
    size_t seen = 0;

    for (size_t r = 0; r < rows; r++)
        if (first[f->number[r]] == r)
            again[f->number[r]] = seen++;

    const char **const level = arena_array(a, f->levels, sizeof *level);

    for (size_t l = 0; l < f->levels; l++)
        level[again[l]] = f->level[l];
    for (size_t r = 0; r < rows; r++)
        f->number[r] = again[f->number[r]];
    f->level = level;
}

struct fit_factor
fit_factor_of(struct arena *a, const struct fit_cells *cells, size_t column, enum fit_order order)
{
    struct entry *const sorted = arena_array(a, cells->rows, sizeof *sorted);
    size_t *const first = arena_array(a, cells->rows, sizeof *first);

    for (size_t r = 0; r < cells->rows; r++)
        sorted[r] = (struct entry){cells->label[column][r], r};
    qsort(sorted, cells->rows, sizeof *sorted, by_label);

    struct fit_factor f = number_sorted(a, sorted, cells->rows, first);

    if (order == FIT_AS_READ)
        number_as_read(a, &f, cells->rows, first);
    return f;
}
