/* SPDX-License-Identifier: EUPL-1.2 */
/* Text columns as numbered levels, as they were read or sorted. */
#include "analyzer/fit/fit_cells.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    const char *label;
    size_t level;
};

static int
by_label(const void *left, const void *right)
{
    const struct entry *const a = left;
    const struct entry *const b = right;

    return strcmp(a->label, b->label); /* no two are equal */
}

/* Numbers the levels again, in the order of their bytes. */
static void
sort_levels(struct arena *a, struct fit_factor *f, size_t rows)
{
    struct entry *const sorted = arena_array(a, f->levels, sizeof *sorted);
    size_t *const again = arena_array(a, f->levels, sizeof *again);

    for (size_t l = 0; l < f->levels; l++)
        sorted[l] = (struct entry){f->level[l], l};
    qsort(sorted, f->levels, sizeof *sorted, by_label);
    for (size_t l = 0; l < f->levels; l++) {
        f->level[l] = sorted[l].label;
        again[sorted[l].level] = l;
    }
    for (size_t r = 0; r < rows; r++)
        f->number[r] = again[f->number[r]];
}

struct fit_factor
fit_factor_of(struct arena *a, const struct fit_cells *cells, size_t column, enum fit_order order)
{
    const struct fit_text *const t = &cells->text[column];
    struct fit_factor f = {
        .levels = t->levels,
        .level = arena_array(a, t->levels, sizeof *f.level),
        .number = arena_array(a, cells->rows, sizeof *f.number),
    };

    memcpy(f.level, t->level, t->levels * sizeof *f.level);
    for (size_t r = 0; r < cells->rows; r++)
        f.number[r] = t->code[r];
    if (order == FIT_SORTED)
        sort_levels(a, &f, cells->rows);
    return f;
}
