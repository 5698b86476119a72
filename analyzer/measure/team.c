/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A unit beside what the other units' stops look like in the same places, at the same hours, on the
 * same legal bases and in the same modes: which groups are stopped, how often people are searched,
 * and so on. Units only: there is no officer here, and none in the cells.
 */
#include "analyzer/measure/like.h"
#include "analyzer/stat/local_fdr.h"

#include <math.h>
#include <string.h>

struct team {
    struct measure m;
    const struct like *like;
    unsigned place;            /* of the cube: the unit */
    uint16_t unit;             /* of the cells */
    struct like_result *share; /* of each group among those stopped */
    struct like_result outcome[LIKE_OUTCOMES];
};

/* Persons with a group proper: what group shares are of. */
static const struct like_outcome share_of_group = {"group-share", SUM_persons, SUM_persons,
                                                   FEATURE_STOPS, 0};

/* ---- the strata of a unit -------------------------------------------------------------------- */

/* Strata whose every level the unit has: in others nobody can have weight. */
static struct like_frame
frame_of(const struct team *t, struct arena *room)
{
    const struct like *const l = t->like;
    size_t *const stratum = arena_array(room, l->strata + 1, sizeof *stratum);
    bool *has[LIKE_FACTORS];
    size_t count = 0;

    for (enum like_factor f = 0; f < LIKE_FACTORS; f++)
        has[f] = arena_array(room, (size_t)UINT16_MAX + 1, sizeof *has[f]);
    for (size_t r = 0; r < l->rows; r++)
        for (enum like_factor f = 0; l->row[r].cell->unit == t->unit && f < LIKE_FACTORS; f++)
            has[f][l->level[f][l->row[r].stratum]] = true;
    for (size_t s = 0; s < l->strata; s++) {
        bool all = true;

        for (enum like_factor f = 0; f < LIKE_FACTORS; f++)
            all = all && has[f][l->level[f][s]];
        stratum[count] = s;
        count += all;
    }
    return like_frame_new(room, l, stratum, count);
}

/* Group -1: everybody with a group proper; else the outcome is to be of that group. */
static struct like_arms
arms_of(const struct team *t, struct arena *room, const struct like_frame *f,
        const struct like_outcome *o, int group)
{
    const struct like *const l = t->like;
    struct like_arms arms = like_arms_new(room, f);

    for (size_t i = 0; i < f->count; i++)
        for (size_t r = l->first[f->stratum[i]]; r < l->first[f->stratum[i] + 1]; r++) {
            const struct like_row *const row = &l->row[r];

            if (row->group >= 0)
                like_arms_add(&arms, f, i, row->cell->unit == t->unit,
                              group < 0 || row->group == group ? row->cell->sum[o->k] : 0,
                              row->cell->sum[o->n]);
        }
    return arms;
}

/* ---- comparing ------------------------------------------------------------------------------- */

static struct frame
frame_at(const struct team *t, int group, const struct like_outcome *o)
{
    return (struct frame){t->place, t->like->perspective, group, o->feature};
}

/*
 * A001 of the unit: the others' numbers are only shown as what they are worth, and when there are
 * hardly any, that says it (A009).
 */
static const char *
guard_of(const struct team *t, int group, const struct like_outcome *o, const struct like_result *r)
{
    const struct frame all = frame_at(t, -1, o);
    const struct frame own = frame_at(t, group, o);
    const char *const guard = like_guard(&t->m, &all, -1, o, r->n1, fmax(r->n0, LIKE_LEAST_OTHERS));

    if (guard || group < 0)
        return guard;
    return measure_small(&t->m, &own, group, o->n) ? "A001" : NULL;
}

static void
compare(const struct team *t, struct arena *room, const struct like_frame *f,
        const struct like_outcome *o, int group, const struct balance *weights,
        struct like_result *out)
{
    const struct like_arms arms = arms_of(t, room, f, o, group);

    *out = (struct like_result){
        .status = BALANCE_NO_WEIGHTS, .n1 = arms.sum_n1, .k1 = arms.sum_k1, .n0 = arms.sum_n0};
    if (!guard_of(t, group, o, out) && out->n1 >= LIKE_LEAST)
        like_compare(room, f, &arms, weights, cube_inputs(t->m.cube)->choices.level, out);
}

/* Who is compared is the same for all groups, and so are their weights. */
static void
compare_shares(struct team *t, struct arena *room, const struct like_frame *f)
{
    const struct like_arms arms = arms_of(t, room, f, &share_of_group, -1);
    struct balance weights = {.status = BALANCE_NO_OVERLAP, .effective = NAN, .largest = NAN};

    if (f->balance)
        balance_solve(room, f->balance, (struct balance_arms){arms.n1, arms.k1, arms.n0, arms.k0},
                      &weights);
    for (unsigned g = 0; g < cube_group_count(t->m.cube); g++) {
        struct arena *const own = arena_child(room);

        compare(t, own, f, &share_of_group, (int)g, &weights, &t->share[g]);
        arena_free(own);
    }
}

static void
run(void *context, struct arena *room)
{
    struct team *const t = context;
    const struct like_frame f = frame_of(t, room);

    compare_shares(t, room, &f);
    for (unsigned o = 0; o < LIKE_OUTCOMES; o++) {
        struct arena *const own = arena_child(room);

        compare(t, own, &f, &like_outcomes[o], -1, NULL, &t->outcome[o]);
        arena_free(own);
    }
}

/* ---- figures --------------------------------------------------------------------------------- */

static void
put(const struct team *t, int group, const struct like_outcome *o, const struct like_result *r)
{
    const char *const guard = guard_of(t, group, o, r);
    const struct frame f = frame_at(t, group, o);

    if (guard || r->n1 < LIKE_LEAST)
        return;

    struct figure *const x = measure_figure(&t->m, "team", "doubly-robust", &f);

    const struct frame all = frame_at(t, -1, o);

    x->term = o->term;
    x->reference = "others";
    like_put(&t->m, x, r, NULL, measure_of(&t->m, &all, -1, o->n));
}

static void
finish(void *context, struct figures *figures)
{
    const struct team *const t = context;

    (void)figures; /* the measure's own list */
    for (unsigned g = 0; g < cube_group_count(t->m.cube); g++)
        put(t, (int)g, &share_of_group, &t->share[g]);
    for (unsigned o = 0; o < LIKE_OUTCOMES; o++)
        put(t, -1, &like_outcomes[o], &t->outcome[o]);
}

void
measure_team(const struct measure *m)
{
    const unsigned perspective = measure_main_perspective(m);
    const struct names *const units = cube_inputs(m->cube)->cells->units;

    for (unsigned u = 0; m->like[perspective] && u < names_count(units); u++) {
        const int place = cube_place_find(m->cube, "unit", names_text(units, u));

        if (place < 0)
            continue;

        struct team *const t = arena_alloc(m->arena, sizeof *t);

        *t = (struct team){
            .m = *m,
            .like = m->like[perspective],
            .place = (unsigned)place,
            .unit = (uint16_t)u,
            .share = arena_array(m->arena, cube_group_count(m->cube) + 1, sizeof *t->share)};
        later_task(m->later, (struct later_task){run, finish, t});
    }
}

/* ---- many units ------------------------------------------------------------------------------ */

void
measure_team_adjust(struct figure *const *family, size_t count, struct arena *a)
{
    struct arena *const own = arena_child(a);
    double *const z = arena_array(own, count, sizeof *z);
    double *const fdr = arena_array(own, count, sizeof *fdr);
    struct local_fdr_null null;

    for (size_t i = 0; i < count; i++)
        z[i] = family[i]->statistic;

    const bool done = local_fdr(own, z, count, fdr, &null) == LOCAL_FDR_DONE;

    for (size_t i = 0; done && i < count; i++) {
        family[i]->q = fdr[i];
        family[i]->flagged = fdr[i] < 0.05;
        figure_note(a, family[i], NOTE_LOCAL_FDR, NULL);
    }
    arena_free(own);
}
