/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the ratio of rates would be if those stopped were counted by how they describe themselves:
 * the city's counts, moved by the matrix of persons of whom both are known. Says nothing without
 * such persons, and corrects no other figure. The draws are put off; each task owns its counts.
 */
#include "analyzer/measure/exposure.h"
#include "analyzer/measure/residents.h"
#include "analyzer/stat/misclassified.h"

#include <math.h>
#include <string.h>

enum { STREAM = 100, GROUPS_USED = MISCLASSIFIED_MOST_GROUPS - 1 };

/* All groups, and after them residents who are in none, if there are any. */
struct table {
    double count[MISCLASSIFIED_MOST_GROUPS], exposure[MISCLASSIFIED_MOST_GROUPS];
    double matrix[MISCLASSIFIED_MOST_GROUPS * MISCLASSIFIED_MOST_GROUPS];
    struct misclassified data;
    double both; /* persons in the matrix */
};

struct task {
    const struct table *table;
    size_t group, reference, figure;
    double level;
    uint64_t seed;
    struct estimate result;
};

static void
fill_matrix(const struct measure *m, struct table *t)
{
    const struct inputs *const in = cube_inputs(m->cube);
    const struct names *const groups = in->cells->groups;

    for (size_t i = 0; i < in->both_count; i++) {
        const int after = cube_group_find(m->cube, names_text(groups, in->both[i].after));
        const int self = cube_group_find(m->cube, names_text(groups, in->both[i].self));

        if (after < 0 || self < 0)
            continue;
        t->matrix[(size_t)after * t->data.groups + (size_t)self] += in->both[i].n;
        t->both += in->both[i].n;
    }
}

static const struct table *
table_of(const struct measure *m, struct frame at)
{
    struct table *const t = arena_alloc(m->arena, sizeof *t);
    const unsigned groups = cube_group_count(m->cube);
    double rest = exposure_mean(m->residents, at.place, -1);

    t->data = (struct misclassified){groups, t->count, t->exposure, t->matrix};
    for (unsigned g = 0; g < groups; g++) {
        const double residents = exposure_mean(m->residents, at.place, (int)g);

        t->count[g] = residents_persons(m, &at, (int)g);
        t->exposure[g] = isnan(residents) ? 0 : residents;
        rest -= t->exposure[g];
    }
    if (rest > 0.5) {
        t->exposure[groups] = rest;
        t->data.groups++;
    }
    fill_matrix(m, t);
    return t;
}

/* Whether a number of persons is not to be read off; nobody is known to be nobody. */
static bool
is_few(double persons)
{
    return persons > 0 && persons < SMALL_NUMBER;
}

/* A group that officers never perceive may still be one that people describe themselves as. */
static bool
is_thin(const struct table *t, size_t group)
{
    double perceived = 0, described = 0;

    for (size_t i = 0; i < t->data.groups; i++) {
        perceived += t->matrix[group * t->data.groups + i];
        described += t->matrix[i * t->data.groups + group];
    }
    return is_few(perceived) || described < SMALL_NUMBER;
}

static bool
is_small(const struct measure *m, const struct frame *at, int group, const struct table *t)
{
    return residents_small(m, at, group) && (group < 0 || t->count[group] > 0);
}

static const char *
guard_of(const struct measure *m, const struct frame *at, int reference, const struct table *t)
{
    if (t->both == 0 || residents_months_share(m, at) == 0)
        return "A003";
    if (!(t->exposure[at->group] > 0) || !misclassified_is_known(&t->data))
        return "A005";
    if (is_small(m, at, at->group, t) || is_small(m, at, reference, t) ||
        is_thin(t, (size_t)at->group) || (reference >= 0 && is_thin(t, (size_t)reference)))
        return "A001";
    return NULL;
}

static void
run(void *context, struct arena *room)
{
    struct task *const t = context;
    struct rng rng = rng_stream(t->seed, STREAM + (unsigned)t->group);

    t->result = misclassified_ratio(&t->table->data, t->group, t->reference, t->level, &rng,
                                    arena_array(room, MISCLASSIFIED_DRAWS, sizeof(double)));
}

static void
finish(void *context, struct figures *list)
{
    const struct task *const t = context;
    struct figure *const x = &list->list[t->figure];

    x->value = t->result.value;
    x->lower = t->result.lower;
    x->upper = t->result.upper;
    if (isnan(x->value))
        measure_withhold(x, "A005");
}

static void
correct(const struct measure *m, const struct frame *at, const struct table *t)
{
    const char *name;
    const int reference = measure_reference(m, at->group, &name);

    if (reference == -2)
        return;

    const char *const guard = guard_of(m, at, reference, t);
    struct figure *const x = measure_figure(m, "misclassified-ratio", "monte-carlo", at);

    x->reference = name;
    x->benchmark = residents_benchmark;
    x->n = t->both >= SMALL_NUMBER ? t->both : NAN;
    if (guard) {
        measure_withhold(x, guard);
        return;
    }
    if (exposures_bridged(m->residents))
        figure_note(m->arena, x, NOTE_RESIDENTS_PERCEIVED, NULL);

    struct task *const task = arena_alloc(m->arena, sizeof *task);

    *task = (struct task){.table = t,
                          .group = (size_t)at->group,
                          .reference = reference < 0 ? SIZE_MAX : (size_t)reference,
                          .figure = m->out->count - 1,
                          .level = x->level,
                          .seed = cube_inputs(m->cube)->choices.seed};
    later_task(m->later, (struct later_task){run, finish, task});
}

void
measure_misclassified(const struct measure *m)
{
    struct frame at = {.perspective = PERSPECTIVE_AFTER, .feature = FEATURE_STOPS};
    const unsigned groups = cube_group_count(m->cube);

    if (!cube_has_perspective(m->cube, PERSPECTIVE_AFTER) || groups > GROUPS_USED)
        return;

    const struct table *const t = table_of(m, at);

    for (; at.group < (int)groups; at.group++)
        correct(m, &at, t);
}
