/* SPDX-License-Identifier: EUPL-1.2 */
/* See sampled.h. Cells and notes belong to the run's arena. */
#include "analyzer/measure/sampled.h"

#include <string.h>

enum { STREAMS = 64 };

unsigned
sampled_perspective(const struct measure *m)
{
    static const unsigned wanted[] = {PERSPECTIVE_AFTER, PERSPECTIVE_BEFORE, PERSPECTIVE_SELF};

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (cube_has_perspective(m->cube, wanted[i]))
            return wanted[i];
    return PERSPECTIVE_ALL;
}

static bool
is_pooled(const struct measure *m, unsigned place)
{
    const struct cube_place *const p = cube_place(m->cube, place);

    return !p->unknown && strcmp(p->level, cube_pool_level(m->cube)) == 0;
}

/* Numbers those that are used from 0, in order; the others get SAMPLED_NONE. */
static size_t
number(const bool *used, size_t count, unsigned *of, size_t *number_of)
{
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        number_of[i] = used[i] ? n : SAMPLED_NONE;
        if (used[i])
            of[n++] = (unsigned)i;
    }
    return n;
}

struct sampled_cells
sampled_cells(const struct measure *m, unsigned perspective,
              bool (*has)(const struct measure *m, const struct frame *f))
{
    const unsigned places = cube_place_count(m->cube), groups = cube_group_count(m->cube);
    const size_t most = (size_t)places * groups + 1;
    bool *const used = arena_array(m->arena, most, sizeof *used);
    bool *const used_place = arena_array(m->arena, places + 1, sizeof *used_place);
    bool *const used_group = arena_array(m->arena, groups + 1, sizeof *used_group);
    size_t *const place_number = arena_array(m->arena, places + 1, sizeof *place_number);
    size_t *const group_number = arena_array(m->arena, groups + 1, sizeof *group_number);
    struct sampled_cells c = {
        .place = arena_array(m->arena, most, sizeof *c.place),
        .group = arena_array(m->arena, most, sizeof *c.group),
        .place_of = arena_array(m->arena, places + 1, sizeof *c.place_of),
        .group_of = arena_array(m->arena, groups + 1, sizeof *c.group_of),
    };

    for (size_t i = 0; i + 1 < most; i++) {
        const struct frame f = {.place = (unsigned)(i / groups),
                                .perspective = perspective,
                                .group = (int)(i % groups)};

        used[i] = is_pooled(m, f.place) && has(m, &f);
        used_place[f.place] = used_place[f.place] || used[i];
        used_group[f.group] = used_group[f.group] || used[i];
    }
    c.places = number(used_place, places, c.place_of, place_number);
    c.groups = number(used_group, groups, c.group_of, group_number);
    c.at = arena_array(m->arena, c.places * c.groups + 1, sizeof *c.at);
    for (size_t i = 0; i < c.places * c.groups; i++)
        c.at[i] = SAMPLED_NONE;
    for (size_t i = 0; i + 1 < most; i++) {
        if (!used[i])
            continue;
        c.place[c.count] = (unsigned)place_number[i / groups];
        c.group[c.count] = (unsigned)group_number[i % groups];
        c.at[c.place[c.count] * c.groups + c.group[c.count]] = c.count;
        c.count++;
    }
    return c;
}

size_t
sampled_number(const struct sampled_cells *c, int group)
{
    for (size_t g = 0; g < c->groups; g++)
        if ((int)c->group_of[g] == group)
            return g;
    return SAMPLED_NONE;
}

/* FNV-1a: a stream by name, so that a model that is added moves no other. */
static uint64_t
seed_of(uint64_t seed, const char *name)
{
    uint64_t h = 0xcbf29ce484222325;

    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * 0x100000001b3;
    return (h ^ seed) & INT64_MAX;
}

struct nuts_options
sampled_options(const struct measure *m, const char *name)
{
    struct nuts_options o = NUTS_DEFAULTS;

    o.seed = seed_of(cube_inputs(m->cube)->choices.seed, name);
    o.threads = 1;
    return o;
}

void
sampled_draw(struct arena *room, const struct nuts_target *target,
             const struct nuts_options *options, size_t judged, double level, struct posterior *p)
{
    struct arena *const first = arena_child(room);
    struct nuts_options longer = *options;

    posterior_sample(first, target, options, p);
    posterior_judge(first, judged, level, p);
    if (p->converged)
        return;
    arena_free(first);
    longer.first = STREAMS; /* beyond those that the first run can have used */
    longer.warmup *= 2;
    longer.thin *= 3;
    longer.accept = 0.95;
    posterior_sample(room, target, &longer, p);
    posterior_judge(room, judged, level, p);
}

struct sampled_verdict
sampled_verdict(const struct posterior *p)
{
    return (struct sampled_verdict){p->converged, p->rhat, p->ess_bulk, p->ess_tail,
                                    p->run.divergences};
}

void
sampled_note(struct arena *a, const struct sampled_verdict *v, struct figure *x)
{
    figure_note(a, x, NOTE_RHAT, arena_printf(a, "%.4f", v->rhat));
    figure_note(a, x, NOTE_ESS_BULK, arena_printf(a, "%.0f", v->ess_bulk));
    figure_note(a, x, NOTE_ESS_TAIL, arena_printf(a, "%.0f", v->ess_tail));
    figure_note(a, x, NOTE_DIVERGENCES, arena_printf(a, "%zu", v->divergences));
}
