/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Of a place and group whose ratio (or difference) stands out among those of all places and groups:
 * the chance that it is one of the bulk all the same. Reads the p values of figures that are there
 * as z values; under 100 of them there is no bulk to see, and there is no figure.
 */
#include "analyzer/stat/local_fdr.h"

#include "analyzer/measure/found.h"
#include "analyzer/stat/dist.h"

#include <math.h>

static const double FLAGGED = 0.05;
static const double LEAST_P = 1e-300; /* what is smaller has no z in doubles */

/* Figures of places whose p is two-sided; `none` is the value of no difference. */
struct source {
    const char *term, *measure, *benchmark;
    double none;
    enum feature feature;
};

static const struct source sources[] = {
    {"stop", "rate-ratio", "residents", 1, FEATURE_STOPS},
    {"search", "search-difference", "", 0, FEATURE_SEARCH},
    {"hit", "hit-difference-strict", "", 0, FEATURE_HIT_STRICT},
};

/* One of them, with its z. */
struct unit {
    struct frame at;
    struct figure of;
};

struct units {
    size_t count;
    struct unit *list;
    double *z;
};

static double
z_of(const struct figure *f, double none)
{
    if (!found_usable(f) || isnan(f->p))
        return NAN;
    return copysign(dist_normal_q(fmin(fmax(f->p / 2, LEAST_P), 0.5), 0, 1, DIST_UPPER),
                    f->value - none);
}

static struct units
units_of(const struct measure *m, const struct source *s, const struct found *found,
         unsigned perspective)
{
    const size_t most = (size_t)cube_place_count(m->cube) * cube_group_count(m->cube) + 1;
    struct units u = {.list = arena_array(m->arena, most, sizeof *u.list),
                      .z = arena_array(m->arena, most, sizeof *u.z)};
    struct frame f = {.perspective = perspective, .feature = s->feature};

    for (f.place = 1; f.place < cube_place_count(m->cube); f.place++)
        for (unsigned g = 0; g < cube_group_count(m->cube) && measure_pools(m, f.place); g++) {
            f.group = (int)g;

            const struct figure *const of = found_at(found, &f);
            const double z = z_of(of, s->none);

            if (isnan(z))
                continue;
            u.z[u.count] = z;
            u.list[u.count++] = (struct unit){f, *of};
        }
    return u;
}

static void
put(const struct measure *m, const struct source *s, const struct unit *u, double z, double fdr,
    size_t count)
{
    struct figure *const x = measure_figure(m, "local-fdr", "empirical-null", &u->at);

    x->term = s->term;
    x->reference = u->of.reference;
    x->benchmark = s->benchmark;
    x->n = (double)count;
    x->value = fdr;
    x->statistic = z;
    x->flagged = fdr < FLAGGED;
    x->guard = u->of.guard; /* of a figure with a value: it only warns */
    x->note = u->of.note;
}

static void
one_perspective(const struct measure *m, const struct source *s, const struct found *found,
                unsigned perspective)
{
    const struct units u = units_of(m, s, found, perspective);
    double *const fdr = arena_array(m->arena, u.count + 1, sizeof *fdr);
    struct local_fdr_null null;

    if (local_fdr(m->arena, u.z, u.count, fdr, &null) != LOCAL_FDR_DONE)
        return;
    for (size_t i = 0; i < u.count; i++)
        put(m, s, &u.list[i], u.z[i], fdr[i], u.count);
}

/* Intervals and p of ratios are there only when what was put off is done. */
static void
finish(void *context, struct figures *f)
{
    const struct measure *const m = context;

    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        const struct source *const s = &sources[i];
        const struct found *const found = found_new(m, f, s->measure, s->benchmark);

        for (unsigned p = 1; p < PERSPECTIVES; p++)
            if (cube_has_perspective(m->cube, p))
                one_perspective(m, s, found, p);
    }
}

void
measure_local_fdr(const struct measure *m)
{
    struct measure *const own = arena_alloc(m->arena, sizeof *own);

    *own = *m;
    later_task(m->later, (struct later_task){.finish = finish, .context = own});
}
