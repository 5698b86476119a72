/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A table of numbers of figures, place x perspective x group. Belongs to the arena of the run;
 * figures stay the list's.
 */
#include "analyzer/measure/found.h"

#include <math.h>
#include <string.h>

enum { NONE = 0 }; /* else the number + 1 */

struct found {
    const struct figures *figures;
    unsigned groups;
    size_t *number;
};

static size_t
at(const struct found *x, unsigned place, unsigned perspective, unsigned group)
{
    return ((size_t)place * PERSPECTIVES + perspective) * x->groups + group;
}

static unsigned
perspective_of(const char *name)
{
    for (unsigned p = 1; p < PERSPECTIVES; p++)
        if (strcmp(perspective_names[p], name) == 0)
            return p;
    return PERSPECTIVE_ALL;
}

struct found *
found_new(const struct measure *m, const struct figures *f, const char *measure,
          const char *benchmark)
{
    struct found *const x = arena_alloc(m->arena, sizeof *x);

    x->figures = f;
    x->groups = cube_group_count(m->cube);
    x->number =
        arena_array(m->arena, at(x, cube_place_count(m->cube), 0, 0) + 1, sizeof *x->number);
    for (size_t i = 0; i < f->count; i++) {
        const struct figure *const y = &f->list[i];

        if (strcmp(y->measure, measure) != 0 || strcmp(y->window, window_names[m->window]) != 0 ||
            strcmp(y->benchmark, benchmark) != 0)
            continue;

        const int place = cube_place_find(m->cube, y->level_of_place, y->place);
        const int group = cube_group_find(m->cube, y->group);

        if (place >= 0 && group >= 0)
            x->number[at(x, (unsigned)place, perspective_of(y->perspective), (unsigned)group)] =
                i + 1;
    }
    return x;
}

const struct figure *
found_at(const struct found *x, const struct frame *f)
{
    const size_t number =
        f->group < 0 ? NONE : x->number[at(x, f->place, f->perspective, (unsigned)f->group)];

    return number == NONE ? NULL : &x->figures->list[number - 1];
}

bool
found_usable(const struct figure *f)
{
    return f && !isnan(f->value);
}
