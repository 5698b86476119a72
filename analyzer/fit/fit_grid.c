/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows as a grid of places and groups, and the pair of a group and its reference in a place. */
#include "analyzer/fit/fit_model.h"

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

/* first[r]: the first row with row r's label. */
static size_t *
first_rows(struct arena *a, const char *const *label, size_t rows)
{
    struct entry *const sorted = arena_array(a, rows, sizeof *sorted);
    size_t *const first = arena_array(a, rows, sizeof *first);
    size_t head = 0;

    for (size_t r = 0; r < rows; r++)
        sorted[r] = (struct entry){label[r], r};
    qsort(sorted, rows, sizeof *sorted, by_label);
    for (size_t i = 0; i < rows; i++) {
        if (strcmp(sorted[i].label, sorted[head].label) != 0)
            head = i;
        first[sorted[i].row] = sorted[head].row;
    }
    return first;
}

/* number[r]: labels counted from 0 in order of first appearance; *names and the count returned. */
static size_t
number_labels(struct arena *a, const char *const *label, size_t rows, size_t *number,
              const char ***names)
{
    const size_t *const first = first_rows(a, label, rows);
    size_t count = 0;

    *names = arena_array(a, rows, sizeof(char *));
    for (size_t r = 0; r < rows; r++) {
        if (first[r] == r) {
            (*names)[count] = label[r];
            number[r] = count++;
        } else {
            number[r] = number[first[r]];
        }
    }
    return count;
}

static bool
find_reference(const struct fit *f, struct fit_grid *grid, struct err *e)
{
    grid->reference = FIT_NO_ROW;
    grid->reference_name = "others";
    if (!f->options->reference)
        return true;
    for (size_t g = 0; g < grid->groups; g++)
        if (strcmp(grid->group[g], f->options->reference) == 0)
            grid->reference = g;
    if (grid->reference == FIT_NO_ROW)
        return err_set(e, ERR_USAGE, "no row has the group that --reference names");
    grid->reference_name = grid->group[grid->reference];
    return true;
}

bool
fit_grid_of(struct fit *f, struct fit_grid *grid, struct err *e)
{
    const struct fit_cells *const cells = f->cells;
    size_t *const place = arena_array(f->arena, cells->rows, sizeof *place);
    size_t *const group = arena_array(f->arena, cells->rows, sizeof *group);

    grid->places = number_labels(f->arena, cells->label[0], cells->rows, place, &grid->place);
    grid->groups = number_labels(f->arena, cells->label[1], cells->rows, group, &grid->group);
    if (grid->groups > FIT_MOST_GROUPS)
        return err_set(e, ERR_INPUT, "more than %d groups", FIT_MOST_GROUPS);

    const size_t size = grid->places * grid->groups;
    size_t *const cell = arena_array(f->arena, size, sizeof *cell);

    for (size_t i = 0; i < size; i++)
        cell[i] = FIT_NO_ROW;
    for (size_t r = 0; r < cells->rows; r++) {
        size_t *const at = &cell[place[r] * grid->groups + group[r]];

        if (*at != FIT_NO_ROW)
            return fit_cells_refuse(cells, r, 1,
                                    arena_printf(f->arena,
                                                 "has a row in this place already, at line %ju",
                                                 (uintmax_t)cells->position[1][*at].line),
                                    e);
        *at = r;
    }
    grid->cell = cell;
    return find_reference(f, grid, e);
}

bool
fit_is_compared(const struct fit_grid *grid, size_t place, size_t group)
{
    return group != grid->reference && grid->cell[place * grid->groups + group] != FIT_NO_ROW;
}

/* All other groups are added up, not the total less this one:
 * exposures would not come out exact. */
static bool
add_others(const struct fit *f, const struct fit_grid *grid, size_t place, size_t group,
           struct fit_pair *pair)
{
    bool any = false;

    for (size_t g = 0; g < grid->groups; g++) {
        const size_t row = grid->cell[place * grid->groups + g];

        if (g == group || row == FIT_NO_ROW)
            continue;
        pair->a0 += f->cells->number[2][row];
        pair->b0 += f->cells->number[3][row];
        any = true;
    }
    return any;
}

bool
fit_pair_of(const struct fit *f, const struct fit_grid *grid, size_t place, size_t group,
            struct fit_pair *pair, const char **note)
{
    const size_t row = grid->cell[place * grid->groups + group];

    *pair = (struct fit_pair){f->cells->number[2][row], f->cells->number[3][row], 0, 0};
    *note = NULL;
    if (grid->reference == FIT_NO_ROW) {
        if (!add_others(f, grid, place, group, pair))
            *note = "no other group in this place";
        return !*note;
    }

    const size_t other = grid->cell[place * grid->groups + grid->reference];

    if (other == FIT_NO_ROW) {
        *note = "the reference has no row in this place";
        return false;
    }
    pair->a0 = f->cells->number[2][other];
    pair->b0 = f->cells->number[3][other];
    return true;
}
