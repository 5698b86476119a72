/* SPDX-License-Identifier: EUPL-1.2 */
/* Text columns as numbered levels: by hashing, so that a million rows cost a look each, and only
 * the levels are sorted. */
#include "analyzer/fit/fit_cells.h"

#include <stdlib.h>
#include <string.h>

#define NO_LEVEL SIZE_MAX

/* FNV-1a, 64 bits (Fowler, Noll, Vo). */
static uint64_t
hash(const char *text)
{
    uint64_t h = UINT64_C(14695981039346656037);

    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return h ^ h >> 32;
}

/* Where the level of this label stands in the open table, or the free slot for it. */
static size_t *
slot_of(size_t *table, size_t room, const struct fit_factor *f, const char *label)
{
    size_t at = (size_t)hash(label) & (room - 1);

    while (table[at] != NO_LEVEL && strcmp(f->level[table[at]], label) != 0)
        at = (at + 1) & (room - 1);
    return &table[at];
}

static struct fit_factor
number_as_read(struct arena *a, const char *const *label, size_t rows)
{
    struct fit_factor f = {
        .level = arena_array(a, rows, sizeof *f.level),
        .number = arena_array(a, rows, sizeof *f.number),
    };
    size_t room = 16;

    while (room < 2 * rows)
        room *= 2;

    size_t *const table = arena_array(a, room, sizeof *table);

    for (size_t i = 0; i < room; i++)
        table[i] = NO_LEVEL;
    for (size_t r = 0; r < rows; r++) {
        size_t *const slot = slot_of(table, room, &f, label[r]);

        if (*slot == NO_LEVEL) {
            *slot = f.levels;
            f.level[f.levels++] = label[r];
        }
        f.number[r] = *slot;
    }
    return f;
}

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
    struct fit_factor f = number_as_read(a, cells->label[column], cells->rows);

    if (order == FIT_SORTED)
        sort_levels(a, &f, cells->rows);
    return f;
}
