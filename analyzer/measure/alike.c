/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A group beside its reference, like with like: weights give the reference's persons the group's
 * places, hours, legal bases and modes, and a weighted logistic regression takes off what is left.
 * Says nothing about what is not in the strata, and takes unit for none of them: a team that treats
 * a group's places worse is part of what is looked for (docs/methods/balance.md).
 */
#include "analyzer/measure/like.h"

#include <string.h>

/* One place, or one group and outcome of it: what one thread does at a time. */
struct comparison {
    struct measure m;
    const struct like *like;
    struct like_range range;
    const struct like_frame *frame; /* NULL: of the place, made where it is used */
    unsigned place;
    unsigned group, groups; /* from, and how many */
    unsigned outcome, outcomes;
    struct like_result *results; /* groups x outcomes */
};

static struct frame
frame_of(const struct comparison *c, unsigned group, unsigned outcome)
{
    return (struct frame){c->place, c->like->perspective, (int)group,
                          like_outcomes[outcome].feature};
}

/* Persons of the group are on the one side, those of its reference on the other. */
static struct like_arms
arms_of(struct arena *room, const struct like_frame *f, int group, int reference,
        const struct like_outcome *o)
{
    const struct like *const l = f->like;
    struct like_arms arms = like_arms_new(room, f);

    for (size_t i = 0; i < f->count; i++)
        for (size_t r = l->first[f->stratum[i]]; r < l->first[f->stratum[i] + 1]; r++) {
            const int own = l->row[r].group;

            if (own == group || (own >= 0 && (reference < 0 || own == reference)))
                like_arms_add(&arms, f, i, own == group, l->row[r].cell->sum[o->k],
                              l->row[r].cell->sum[o->n]);
        }
    return arms;
}

static void
compare(const struct comparison *c, struct arena *room, const struct like_frame *f, unsigned group,
        unsigned outcome, struct like_result *out)
{
    const struct like_outcome *const o = &like_outcomes[outcome];
    const struct frame at = frame_of(c, group, outcome);
    const char *name;
    const int reference = measure_reference(&c->m, (int)group, &name);

    if (reference == -2)
        return;

    const struct like_arms arms = arms_of(room, f, (int)group, reference, o);

    *out = (struct like_result){
        .status = BALANCE_NO_WEIGHTS, .n1 = arms.sum_n1, .k1 = arms.sum_k1, .n0 = arms.sum_n0};
    if (!like_guard(&c->m, &at, reference, o, out->n1, out->n0) &&
        (c->place == 0 || like_is_enough(out)))
        like_compare(room, f, &arms, NULL, cube_inputs(c->m.cube)->choices.level, out);
}

static void
run(void *context, struct arena *room)
{
    struct comparison *const c = context;
    const struct like_frame own =
        c->frame ? *c->frame : like_frame_of_range(room, c->like, c->range);

    for (unsigned g = 0; g < c->groups; g++)
        for (unsigned o = 0; o < c->outcomes; o++) {
            struct arena *const each = arena_child(room);

            compare(c, each, &own, c->group + g, c->outcome + o, &c->results[g * c->outcomes + o]);
            arena_free(each);
        }
}

static void
put(const struct comparison *c, unsigned group, unsigned outcome, const struct like_result *r)
{
    const struct like_outcome *const o = &like_outcomes[outcome];
    const struct frame f = frame_of(c, group, outcome);
    const char *name;
    const int reference = measure_reference(&c->m, f.group, &name);

    if (reference == -2)
        return;

    const char *const guard = like_guard(&c->m, &f, reference, o, r->n1, r->n0);

    if (c->place > 0 && (guard || !like_is_enough(r)))
        return;

    struct figure *const x = measure_figure(&c->m, "alike", "doubly-robust", &f);

    x->term = o->term;
    x->reference = name;
    like_put(&c->m, x, r, guard, measure_of(&c->m, &f, f.group, o->n));
}

static void
finish(void *context, struct figures *figures)
{
    const struct comparison *const c = context;

    (void)figures; /* the measure's own list */
    for (unsigned o = 0; o < c->outcomes; o++)
        for (unsigned g = 0; g < c->groups; g++)
            put(c, c->group + g, c->outcome + o, &c->results[g * c->outcomes + o]);
}

static void
put_off(const struct measure *m, struct comparison c)
{
    struct comparison *const own = arena_alloc(m->arena, sizeof *own);

    *own = c;
    own->m = *m;
    own->results = arena_array(m->arena, (size_t)c.groups * c.outcomes, sizeof *own->results);
    later_task(m->later, (struct later_task){run, finish, own});
}

/* The dearest: one frame, and a task for each group and outcome. */
static void
put_off_city(const struct measure *m, const struct like *l)
{
    const struct like_range all = like_range(l, m->cube, 0);
    struct like_frame *const frame = arena_alloc(m->arena, sizeof *frame);

    *frame = like_frame_of_range(m->arena, l, all);
    for (unsigned o = 0; o < LIKE_OUTCOMES; o++)
        for (unsigned g = 0; g < cube_group_count(m->cube); g++)
            put_off(m, (struct comparison){.like = l,
                                           .range = all,
                                           .frame = frame,
                                           .group = g,
                                           .groups = 1,
                                           .outcome = o,
                                           .outcomes = 1});
}

static void
put_off_places(const struct measure *m, const struct like *l)
{
    for (unsigned p = 1; p < cube_place_count(m->cube); p++) {
        const struct cube_place *const place = cube_place(m->cube, p);
        const struct like_range range = like_range(l, m->cube, p);

        if (strcmp(place->level, cube_pool_level(m->cube)) == 0 && range.to > range.from)
            put_off(m, (struct comparison){.like = l,
                                           .range = range,
                                           .place = p,
                                           .groups = cube_group_count(m->cube),
                                           .outcomes = LIKE_OUTCOMES});
    }
}

void
measure_alike(const struct measure *m)
{
    const unsigned first = measure_main_perspective(m);

    for (unsigned p = 1; p < PERSPECTIVES; p++) {
        if (!m->like[p])
            continue;
        put_off_city(m, m->like[p]);
        if (p == first)
            put_off_places(m, m->like[p]);
    }
}
