/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows as a grid of places and groups, and each group beside its reference. */
#include "analyzer/fit/fit_model.h"

#include <string.h>

/* The word for all other groups of a place together, as in `analyzer run --reference`. */
static const char OTHERS[] = "others";

bool
fit_grid_of(struct fit *f, size_t place, size_t group, struct fit_grid *grid, struct err *e)
{
    const struct fit_cells *const cells = f->cells;
    const struct fit_factor p = fit_factor_of(f->arena, cells, place, FIT_AS_READ);
    const struct fit_factor g = fit_factor_of(f->arena, cells, group, FIT_AS_READ);

    if (cells->rows > FIT_MOST_PAIRED_ROWS || g.levels > FIT_MOST_GROUPS) {
        err_set(e, ERR_INPUT, "%zu rows with %zu groups: more than %d rows or %d groups",
                cells->rows, g.levels, FIT_MOST_PAIRED_ROWS, FIT_MOST_GROUPS);
        return err_hint(e, "split the file by place");
    }

    const size_t size = p.levels * g.levels;
    size_t *const cell = arena_array(f->arena, size, sizeof *cell);

    for (size_t i = 0; i < size; i++)
        cell[i] = FIT_NO_ROW;
    for (size_t r = 0; r < cells->rows; r++) {
        size_t *const at = &cell[p.number[r] * g.levels + g.number[r]];

        if (*at != FIT_NO_ROW) {
            fit_cells_refuse(cells, r, group,
                             arena_printf(f->arena, "has a row in this place already, at line %ju",
                                          (uintmax_t)fit_cells_position(cells, *at, group).line),
                             e);
            return err_hint(e, "give one row for each place and group: add them up");
        }
        *at = r;
    }
    *grid = (struct fit_grid){p.levels, g.levels, p.level, g.level, cell};
    return true;
}

/* ---- comparison ---- */

/* The group that the others are compared with; FIT_NO_ROW: all others. */
struct reference {
    size_t group;
    const char *name;
};

static bool
refuse_others(const struct fit *f, struct err *e)
{
    size_t r = 0;

    while (strcmp(fit_cells_label(f->cells, 1, r), OTHERS) != 0)
        r++;
    fit_cells_refuse(f->cells, r, 1, "is \"others\", the word for all other groups together", e);
    return err_hint(e, "give the group another name in the file, or compare with a named group by "
                       "--reference");
}

static bool
find_reference(const struct fit *f, const struct fit_grid *grid, struct reference *reference,
               struct err *e)
{
    const char *const wanted = f->options->reference ? f->options->reference : OTHERS;
    const bool all_others = strcmp(wanted, OTHERS) == 0;
    size_t g = 0;

    while (g < grid->groups && strcmp(grid->group[g], wanted) != 0)
        g++;
    if (all_others && g < grid->groups)
        return refuse_others(f, e);
    if (!all_others && g == grid->groups) {
        err_set(e, ERR_USAGE, "no row has the group that --reference names");
        return err_hint(e, "name a group of the column group, as it is spelled there");
    }
    *reference = (struct reference){all_others ? FIT_NO_ROW : g, wanted};
    return true;
}

static size_t
row_of(const struct fit_grid *grid, size_t place, size_t group)
{
    return grid->cell[place * grid->groups + group];
}

/* 0 where the model or the file has no such column. */
static double
number_at(const struct fit_cells *cells, size_t column, size_t row)
{
    return column < cells->column_count && cells->number[column] ? cells->number[column][row] : 0;
}

/* All other groups are added up, not the total less this one:
 * exposures would not come out exact. */
static bool
add_others(const struct fit *f, const struct fit_grid *grid, size_t place, size_t group,
           struct fit_pair *pair)
{
    bool any = false;

    for (size_t g = 0; g < grid->groups; g++) {
        const size_t row = row_of(grid, place, g);

        if (g == group || row == FIT_NO_ROW)
            continue;
        pair->a0 += number_at(f->cells, 2, row);
        pair->b0 += number_at(f->cells, 3, row);
        pair->c0 += number_at(f->cells, 4, row);
        pair->d0 += number_at(f->cells, 5, row);
        any = true;
    }
    return any;
}

/* False, with *missing, when there is nothing to compare with. */
static bool
pair_of(const struct fit *f, const struct fit_grid *grid, size_t reference, size_t place,
        size_t group, struct fit_pair *pair, const char **missing)
{
    const size_t row = row_of(grid, place, group);
    const size_t other = reference == FIT_NO_ROW ? FIT_NO_ROW : row_of(grid, place, reference);

    *pair = (struct fit_pair){
        .a1 = number_at(f->cells, 2, row),
        .b1 = number_at(f->cells, 3, row),
        .c1 = number_at(f->cells, 4, row),
        .d1 = number_at(f->cells, 5, row),
    };
    *missing = NULL;
    if (reference == FIT_NO_ROW) {
        if (!add_others(f, grid, place, group, pair))
            *missing = "no other group in this place";
    } else if (other == FIT_NO_ROW) {
        *missing = "the reference has no row in this place";
    } else {
        pair->a0 = number_at(f->cells, 2, other);
        pair->b0 = number_at(f->cells, 3, other);
        pair->c0 = number_at(f->cells, 4, other);
        pair->d0 = number_at(f->cells, 5, other);
    }
    return !*missing;
}

bool
fit_compare(struct fit *f, const struct fit_comparison *how, struct err *e)
{
    struct fit_grid grid = {0};
    struct reference reference = {FIT_NO_ROW, OTHERS};

    if (!fit_grid_of(f, 0, 1, &grid, e) || !find_reference(f, &grid, &reference, e))
        return false;

    struct fit_pair *const pairs = arena_array(f->arena, grid.places, sizeof *pairs);

    for (size_t g = 0; g < grid.groups; g++) {
        struct fit_subject about = {.group = grid.group[g], .reference = reference.name};
        size_t count = 0;

        if (g == reference.group)
            continue;
        for (size_t p = 0; p < grid.places; p++) {
            const char *missing;

            if (row_of(&grid, p, g) == FIT_NO_ROW)
                continue;

            const bool paired = pair_of(f, &grid, reference.group, p, g, &pairs[count], &missing);

            about.place = grid.place[p];
            how->place(f, about, pairs[count], missing);
            count += paired;
        }
        about.place = NULL;
        how->pooled(f, about, pairs, count);
    }
    return true;
}
