/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The veil of darkness: is a group a smaller share of those stopped when it is dark, at the same
 * clock time and in the same places? For the city and its districts, over twelve months, by the
 * definition of group that most figures use. Fits stat/veil.h to the cells by light; when it was
 * dark is theirs to say. Fits run beside each other; each owns the room it is given.
 */
#include "analyzer/measure/sampled.h"
#include "analyzer/stat/dist.h"
#include "analyzer/stat/veil.h"

#include <math.h>
#include <string.h>

enum { SPLINE = 6, DAY = 1440, OTHER = -1, LEFT_OUT = -2 };

/* One way to ask, and the variants of cells that it takes. */
struct question {
    const char *term;
    enum light_variant first, last;
    bool pooled; /* one answer a place, put together */
};

static const struct question questions[] = {
    {"light", LIGHT_YEAR, LIGHT_CLOCK_CHANGE, false},
    {"light-pooled", LIGHT_YEAR, LIGHT_CLOCK_CHANGE, true},
    {"clock-change", LIGHT_CLOCK_CHANGE, LIGHT_CLOCK_CHANGE, false},
    {"before-contact", LIGHT_BEFORE, LIGHT_BEFORE, false},
};

/* Stops of the group and of its reference, by light. */
struct sides {
    double group[2], reference[2];
};

/* A fit that is put off. */
struct fit {
    const struct inputs *in;
    const struct question *question;
    unsigned perspective;
    const int *side_of;     /* by group of the cells: 1 the group, 0 its reference, LEFT_OUT */
    const bool *takes_part; /* by area */
    size_t figure;
    struct veil_result result;
    struct veil_places places;
};

/* ---- cells ----------------------------------------------------------------------------------- */

static bool
takes(const struct fit *f, const struct light_cell *x)
{
    return x->variant >= f->question->first && x->variant <= f->question->last &&
           x->perspective == f->perspective && f->takes_part[x->area] &&
           f->side_of[x->group] != LEFT_OUT;
}

static struct sides
sides_of(const struct fit *f)
{
    struct sides s = {{0, 0}, {0, 0}};

    for (size_t i = 0; i < f->in->light_count; i++) {
        const struct light_cell *const x = &f->in->light[i];

        if (takes(f, x))
            (f->side_of[x->group] == 1 ? s.group : s.reference)[x->dark] += x->n;
    }
    return s;
}

/* Rows of the model: one for each place, clock time and light. */
struct rows {
    size_t count;
    size_t *minute, *dark, *place; /* numbers of levels */
    double *y, *n;
};

static bool
same_row(const struct light_cell *x, const struct light_cell *y)
{
    return x->variant == y->variant && x->area == y->area && x->minute == y->minute &&
           x->dark == y->dark;
}

/* Cells of one row follow each other. */
static struct rows
rows_of(const struct fit *f, struct arena *a)
{
    const size_t most = f->in->light_count + 1;
    struct rows r = {0,
                     arena_array(a, most, sizeof(size_t)),
                     arena_array(a, most, sizeof(size_t)),
                     arena_array(a, most, sizeof(size_t)),
                     arena_array(a, most, sizeof(double)),
                     arena_array(a, most, sizeof(double))};
    const struct light_cell *last = NULL;

    for (size_t i = 0; i < f->in->light_count; i++) {
        const struct light_cell *const x = &f->in->light[i];

        if (!takes(f, x))
            continue;
        if (!last || !same_row(last, x)) {
            r.minute[r.count] = x->minute;
            r.dark[r.count] = x->dark;
            r.place[r.count++] = x->area;
        }
        r.n[r.count - 1] += x->n;
        r.y[r.count - 1] += f->side_of[x->group] == 1 ? x->n : 0;
        last = x;
    }
    return r;
}

/* Numbers levels from 0 in their own order; returns how many occur, and which. */
static size_t
number_levels(struct arena *a, size_t *code, size_t rows, size_t most, size_t **occurring)
{
    size_t *const fresh = arena_array(a, most + 1, sizeof *fresh);
    size_t count = 0;

    *occurring = arena_array(a, most + 1, sizeof **occurring);
    for (size_t i = 0; i < rows; i++)
        fresh[code[i]] = 1;
    for (size_t l = 0; l < most; l++)
        if (fresh[l]) {
            (*occurring)[count] = l;
            fresh[l] = count++;
        }
    for (size_t i = 0; i < rows; i++)
        code[i] = fresh[code[i]];
    return count;
}

static struct design_variable
number_variable(struct arena *a, const char *name, size_t *code, size_t rows, size_t most)
{
    size_t *occurring;
    const size_t levels = number_levels(a, code, rows, most, &occurring);
    const char **const level = arena_array(a, levels + 1, sizeof *level);
    double *const number = arena_array(a, levels + 1, sizeof *number);

    for (size_t l = 0; l < levels; l++) {
        number[l] = (double)occurring[l];
        level[l] = arena_printf(a, "%zu", occurring[l]);
    }
    return (struct design_variable){
        .name = name, .levels = levels, .level = level, .number = number, .code = code};
}

static struct design_variable
place_variable(const struct fit *f, struct arena *a, size_t *code, size_t rows)
{
    const struct names *const areas = f->in->model_areas;
    size_t *occurring;
    const size_t levels = number_levels(a, code, rows, names_count(areas), &occurring);
    const char **const level = arena_array(a, levels + 1, sizeof *level);

    for (size_t l = 0; l < levels; l++)
        level[l] = names_text(areas, (unsigned)occurring[l]);
    return (struct design_variable){
        .name = "place", .levels = levels, .level = level, .code = code, .is_factor = true};
}

/* ---- fitting --------------------------------------------------------------------------------- */

static void
run(void *context, struct arena *room)
{
    struct fit *const f = context;
    struct rows r = rows_of(f, room);
    const struct design_variable variables[] = {
        number_variable(room, "minute", r.minute, r.count, DAY),
        number_variable(room, "dark", r.dark, r.count, 2),
        place_variable(f, room, r.place, r.count),
    };
    const struct design_data columns = {.rows = r.count,
                                        .variables = variables,
                                        .variable_count = sizeof variables / sizeof *variables};
    const struct veil_data data = {&columns, r.y,    r.n,
                                   "dark",   SPLINE, variables[2].levels > 1 ? "place" : NULL};
    struct err e = {0};

    f->result = (struct veil_result){.log_odds = NAN, .se = NAN};
    f->places = (struct veil_places){.log_odds = NAN, .se = NAN};
    if (variables[0].levels < 2 || variables[1].levels < 2)
        return;
    /* What cannot be fitted is undefined, like what has no finite estimate. */
    if (!f->question->pooled)
        veil_fit(room, &data, &f->result, &e);
    else if (variables[2].levels > 1)
        veil_fit_places(room, &data, "place", &f->places, &e);
}

static void
finish(void *context, struct figures *list)
{
    const struct fit *const f = context;
    struct figure *const x = &list->list[f->figure];
    const bool pooled = f->question->pooled;
    const double se = pooled ? f->places.se : f->result.se;

    x->value = pooled ? f->places.log_odds : f->result.log_odds;
    x->statistic = x->value / se;
    x->lower = x->value - dist_normal_z(x->level) * se;
    x->upper = x->value + dist_normal_z(x->level) * se;
    x->p = 2 * dist_normal_p(fabs(x->statistic), 0, 1, DIST_UPPER);
    if (pooled && f->places.pooled < PLACES_LEAST)
        measure_withhold(x, "A004");
    else if (isnan(x->value) || isnan(se))
        measure_withhold(x, "A005");
}

/* ---- who and where --------------------------------------------------------------------------- */

static const int *
sides_by_group(const struct measure *m, const struct frame *f, int reference)
{
    const struct names *const groups = cube_inputs(m->cube)->cells->groups;
    int *const side = arena_array(m->arena, names_count(groups) + 1, sizeof *side);

    for (unsigned g = 0; g < names_count(groups); g++) {
        const int found = cube_group_find(m->cube, names_text(groups, g));

        side[g] = found == f->group                                     ? 1
                  : found >= 0 && (reference < 0 || found == reference) ? 0
                                                                        : LEFT_OUT;
    }
    return side;
}

/* Of the areas that the cells tell apart, those that lie in a place. */
static const bool *
areas_inside(const struct measure *m, unsigned place)
{
    const struct names *const areas = cube_inputs(m->cube)->model_areas;
    bool *const inside =
        arena_array(m->arena, (areas ? names_count(areas) : 0) + 1, sizeof *inside);

    for (unsigned i = 0; areas && i < names_count(areas); i++) {
        int at = cube_place_find(m->cube, cube_pool_level(m->cube), names_text(areas, i));

        while (at > 0 && (unsigned)at != place)
            at = cube_place(m->cube, (unsigned)at)->parent;
        inside[i] = place == 0 || (at > 0 && (unsigned)at == place);
    }
    return inside;
}

/* With what is shown elsewhere, fewer than ten must not be left over. */
static bool
gives_away(double whole, double part)
{
    return whole - part > 0 && whole - part < SMALL_NUMBER;
}

static bool
is_small(const struct measure *m, const struct frame *at, int reference, const struct fit *f,
         struct sides s)
{
    static const struct question whole = {"light", LIGHT_YEAR, LIGHT_CLOCK_CHANGE, false};
    const double of_group = s.group[0] + s.group[1];
    struct fit of_year = *f;

    of_year.question = &whole;

    const struct sides y = sides_of(&of_year);

    return s.group[0] < SMALL_NUMBER || s.group[1] < SMALL_NUMBER ||
           s.reference[0] < SMALL_NUMBER || s.reference[1] < SMALL_NUMBER ||
           measure_small(m, at, at->group, SUM_persons) ||
           measure_small_reference(m, at, reference, SUM_persons) ||
           gives_away(measure_of(m, at, at->group, SUM_persons), of_group) ||
           (f->question->first == LIGHT_CLOCK_CHANGE &&
            gives_away(y.group[0] + y.group[1], of_group));
}

/* Why there is nothing to fit; NULL: there is. */
static const char *
guard_of(const struct measure *m, const struct frame *at, int reference, const struct fit *f)
{
    const struct sides s = sides_of(f);
    const double light = s.group[0] + s.reference[0];
    const double dark = s.group[1] + s.reference[1];

    if (light + dark == 0)
        return "A003";
    if (is_small(m, at, reference, f, s))
        return "A001";
    return NULL;
}

static void
ask(const struct measure *m, const struct frame *at, const struct question *q)
{
    const struct inputs *const in = cube_inputs(m->cube);
    struct fit *const f = arena_alloc(m->arena, sizeof *f);
    const char *name;
    const int reference = measure_reference(m, at->group, &name);

    if (reference == -2)
        return;
    *f = (struct fit){.in = in,
                      .question = q,
                      .perspective = at->perspective,
                      .side_of = sides_by_group(m, at, reference),
                      .takes_part = areas_inside(m, at->place)};

    const char *const guard = guard_of(m, at, reference, f);

    if (!measure_wanted(at, guard != NULL))
        return;

    const struct sides s = sides_of(f);
    struct figure *const x =
        measure_figure(m, "veil", q->pooled ? "inverse-variance" : "logistic", at);

    x->note = NULL; /* all twelve months take part */
    x->term = q->term;
    x->reference = name;
    if (at->place == 0) { /* elsewhere others could be worked out from the city's */
        x->n = s.group[0] + s.group[1] + s.reference[0] + s.reference[1];
        x->events = s.group[0] + s.group[1];
    }
    if (!in->has_sun && q->first != LIGHT_BEFORE)
        figure_note(m->arena, x, NOTE_NO_COORDINATES, NULL);
    if (in->light_coarse[at->perspective] >= SMALL_NUMBER && at->place == 0)
        figure_note(m->arena, x, NOTE_TIMES_TOO_COARSE,
                    arena_printf(m->arena, "%.0f", in->light_coarse[at->perspective]));
    if (guard) {
        measure_withhold(x, guard);
        return;
    }
    f->figure = m->out->count - 1;
    later_task(m->later, (struct later_task){run, finish, f});
}

void
measure_veil(const struct measure *m)
{
    struct frame at = {.perspective = sampled_perspective(m), .feature = FEATURE_STOPS};

    for (; at.perspective && at.place < cube_place_count(m->cube); at.place++) {
        if (at.place > 0 && strcmp(cube_place(m->cube, at.place)->level, "district") != 0)
            continue;
        for (unsigned g = 0; g < cube_group_count(m->cube); g++)
            for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
                at.group = (int)g;
                if (at.place == 0 || !questions[i].pooled)
                    ask(m, &at, &questions[i]);
            }
    }
}
