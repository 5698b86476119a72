/* SPDX-License-Identifier: EUPL-1.2 */
/* See strata.h. What is withheld is small.h's to say. */
#include "analyzer/measure/strata.h"

/* What figures are pooled of. */
struct wanted {
    const struct measure *m;
    const struct frame *f;
    int reference;
    const struct strata_of *of;
};

double
strata_sum(const struct measure *m, const struct stratum *s, const struct frame *f, int group,
           unsigned sum)
{
    double total = 0;

    for (size_t i = 0; i < s->places; i++) {
        const struct frame at = {.place = s->place[i], .perspective = f->perspective};

        total += sum == SUM_BEFORE
                     ? cube_persons_before(m->cube, m->window, at.place, at.perspective, group)
                     : measure_of(m, &at, group, (enum sum)sum);
    }
    return total;
}

static bool
is_hidden(const struct wanted *w, unsigned place)
{
    const struct small *const s = w->m->small;
    const unsigned window = w->m->window, p = w->f->perspective;

    for (size_t i = 0; i < w->of->count; i++)
        if (small_hides(s, window, place, p, w->f->group, w->of->sums[i]) ||
            small_hides(s, window, place, p, w->reference, w->of->sums[i]))
            return true;

    struct frame at = *w->f;

    at.place = place;
    return w->of->withheld && w->of->withheld(w->m, &at, w->reference, w->of->context);
}

static bool
is_few(double n)
{
    return n > 0 && n < SMALL_NUMBER;
}

/* Whether the sums of these places may be told. */
static bool
may_be_one(const struct wanted *w, const struct stratum *rest)
{
    const struct measure *const m = w->m;
    const unsigned p = w->f->perspective;

    for (size_t i = 0; i < w->of->count; i++) {
        const double own = strata_sum(m, rest, w->f, w->f->group, w->of->sums[i]);
        const double other = strata_sum(m, rest, w->f, w->reference, w->of->sums[i]);

        if (!small_may_pool(m->small, m->window, p, w->f->group, w->of->sums[i]) ||
            !small_may_pool(m->small, m->window, p, w->reference, w->of->sums[i]) || is_few(own) ||
            is_few(w->reference < 0 ? other - own : other))
            return false;
    }
    return true;
}

struct strata
strata_new(const struct measure *m, const struct frame *f, int reference,
           const struct strata_of *of)
{
    const unsigned places = cube_place_count(m->cube);
    const struct wanted w = {m, f, reference, of};
    unsigned *const shown = arena_array(m->arena, places, sizeof *shown);
    unsigned *const hidden = arena_array(m->arena, places, sizeof *hidden);
    struct stratum rest = {.place = hidden};
    struct strata s = {.list = arena_array(m->arena, places + 1, sizeof *s.list)};

    for (unsigned i = 1; i < places; i++) {
        if (!measure_pools(m, i))
            continue;
        if (!is_hidden(&w, i)) {
            shown[s.count] = i;
            s.list[s.count] = (struct stratum){&shown[s.count], 1};
            s.count++;
        } else if (!of->may_join || of->may_join[i]) {
            hidden[rest.places++] = i;
        }
    }
    s.withheld = rest.places;
    if (rest.places > 0 && may_be_one(&w, &rest)) {
        s.together = rest.places;
        s.list[s.count++] = rest;
    }
    return s;
}

void
strata_note(const struct measure *m, const struct strata *s, struct figure *x)
{
    if (s->withheld > 0)
        figure_note(m->arena, x, s->together ? NOTE_PLACES_TOGETHER : NOTE_PLACES_LEFT_OUT,
                    arena_printf(m->arena, "%zu", s->withheld));
}
