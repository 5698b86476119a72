/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * For each window and sum a table of places by groups, whose lines add up: groups to the place's
 * total, areas to what they lie in, units to the city. What is under ten is hidden, then what
 * keeps hidden numbers from being worked out (network.h), until nothing changes. A reader is taken
 * to know every zero, and how many lie in no area or unit. Tables belong to the arena.
 */
#include "analyzer/measure/small.h"

#include "analyzer/measure/exposure.h"
#include "analyzer/measure/small_table.h"

#include <stdlib.h>
#include <string.h>

/* Sums that are the n of some figure. Persons first: what they hide is hidden in every other. */
static const unsigned tables[] = {
    SUM_persons,      SUM_search_known, SUM_strict_known,  SUM_broad_known,
    SUM_sound_known,  SUM_weak_known,   SUM_text_known,    SUM_match_known,
    SUM_plain_known,  SUM_worn,         SUM_reflect_known, SUM_explained_known,
    SUM_repeat_known, SUM_low,          SUM_discretionary, SUM_BEFORE,
};
enum { TABLES = sizeof tables / sizeof *tables };

/* Those of them that figures are pooled over places of. */
static const unsigned pooled[] = {SUM_persons, SUM_search_known,  SUM_strict_known, SUM_broad_known,
                                  SUM_low,     SUM_discretionary, SUM_BEFORE};

struct small {
    struct small_shape shape;
    bool *withheld[WINDOWS][TABLES];
    bool *open[WINDOWS][TABLES]; /* by perspective and slot: sums of what is hidden may be told */
};

/* ---- the lines ------------------------------------------------------------------------------- */

static bool
is_shown(const struct small_table *t, unsigned place)
{
    return cube_shows(t->small->cube, t->window, place);
}

static void
lay_out(struct small_table *t)
{
    const struct small_shape *const s = t->small;
    const unsigned last = s->places - 1;
    const bool inside = s->inside && t->sum == SUM_persons;

    t->parent = arena_array(t->arena, s->places, sizeof *t->parent);
    t->parted = arena_array(t->arena, s->places, sizeof *t->parted);
    t->parent[0] = 0;
    t->parent[last] = inside ? 0 : NOWHERE;
    t->parted[0] = t->parted[last] = inside;
    for (unsigned i = 1; i < last; i++) {
        int parent = cube_place(s->cube, i)->parent;

        t->parent[i] = NOWHERE;
        if (!is_shown(t, i))
            continue;
        if (small_is_unit(t, i)) {
            t->parent[i] = 0;
            t->units = true;
            continue;
        }
        while (parent > 0 && !is_shown(t, (unsigned)parent))
            parent = cube_place(s->cube, (unsigned)parent)->parent;
        if (inside && s->inside[i] && parent <= 0)
            parent = (int)last;
        t->parent[i] = parent > 0 ? parent : 0;
        t->parted[t->parent[i]] = true;
    }
}

static double
count_of(const struct cube *c, unsigned window, unsigned place, unsigned perspective, int group,
         unsigned sum)
{
    return sum == SUM_BEFORE ? cube_persons_before(c, window, place, perspective, group)
                             : cube_sum(c, window, place, perspective, group, (enum sum)sum);
}

static void
read_values(struct small_table *t)
{
    const struct small_shape *const s = t->small;
    const unsigned last = s->places - 1;

    t->value = arena_array(t->arena, small_at(s, s->places, 0, 0), sizeof *t->value);
    for (unsigned i = 0; i < last; i++)
        for (unsigned p = 0; p < PERSPECTIVES; p++)
            for (unsigned k = 0; k < s->slots && t->parent[i] != NOWHERE; k++) {
                const double n = count_of(s->cube, t->window, i, p, (int)k - 1, t->sum);

                t->value[small_at(s, i, p, k)] = n;
                if (t->parent[last] != NOWHERE && s->inside && s->inside[i])
                    t->value[small_at(s, last, p, k)] += n;
            }
}

/* ---- what is hidden -------------------------------------------------------------------------- */

static void
hide_small(struct small_table *t)
{
    for (size_t i = 0; i < small_at(t->small, t->small->places, 0, 0); i++)
        t->withheld[i] = t->withheld[i] || small_is_few(t->value[i]);
}

/* A line of numbers whose total is shown; what is hidden in it must be ten together, or nothing. */
struct line {
    double hidden; /* together */
    bool *smallest;
    double of_smallest;
    bool any;
};

static void
count_in(struct line *l, double n, bool *mark)
{
    if (n == 0)
        return;
    if (*mark) {
        l->hidden += n;
        l->any = true;
    } else if (!l->smallest || n < l->of_smallest) {
        l->smallest = mark;
        l->of_smallest = n;
    }
}

static bool
fill_up(const struct line *l)
{
    if (!l->any || !small_is_few(l->hidden) || !l->smallest)
        return false;
    *l->smallest = true;
    return true;
}

static bool
fill_groups(struct small_table *t)
{
    bool any = false;

    for (unsigned i = 0; i < t->small->places; i++) {
        struct line l = {0};

        if (t->parent[i] == NOWHERE || *small_mark(t, i, 0))
            continue;
        for (unsigned k = 1; k < small_slots(t); k++)
            count_in(&l, small_value(t, i, k), small_mark(t, i, k));
        any = fill_up(&l) || any;
    }
    return any;
}

static bool
fill_parts(struct small_table *t, unsigned place, bool units)
{
    bool any = false;

    for (unsigned k = 0; k < small_slots(t); k++) {
        struct line l = {0};

        if (*small_mark(t, place, k))
            continue;
        for (unsigned i = 1; i < t->small->places; i++)
            if (t->parent[i] == (int)place && small_is_unit(t, i) == units)
                count_in(&l, small_value(t, i, k), small_mark(t, i, k));
        l.hidden += k ? small_left_over(t, place, k, units) : 0;
        any = fill_up(&l) || any;
    }
    return any;
}

static bool
fill_lines(struct small_table *t)
{
    bool any = fill_groups(t);

    for (unsigned i = 0; i < t->small->places; i++)
        if (t->parent[i] != NOWHERE && t->parted[i])
            any = fill_parts(t, i, false) || any;
    return (t->units && fill_parts(t, 0, true)) || any;
}

/* Where everybody has a group, the total of all and of those with a group are one number. */
static bool
tie_totals(struct small_table *t)
{
    const struct small_shape *const s = t->small;
    bool any = false;

    for (unsigned p = 1; p < PERSPECTIVES; p++)
        for (unsigned i = 0; i < s->places && cube_has_perspective(s->cube, p); i++) {
            bool *const all = &t->withheld[small_at(s, i, 0, 0)],
                        *const own = &t->withheld[small_at(s, i, p, 0)];

            if (*all == *own || t->value[small_at(s, i, 0, 0)] != t->value[small_at(s, i, p, 0)])
                continue;
            *all = *own = true;
            any = true;
        }
    return any;
}

static void
settle(struct small_table *t)
{
    bool more = true;

    hide_small(t);
    while (more) {
        for (t->perspective = 0; t->perspective < PERSPECTIVES; t->perspective++)
            if (t->perspective == PERSPECTIVE_ALL ||
                cube_has_perspective(t->small->cube, t->perspective))
                do
                    small_protect(t);
                while (fill_lines(t));
        more = tie_totals(t);
    }
}

static void
open_table(struct small *s, struct arena *a, struct small_table *t, size_t number)
{
    bool *const open = arena_array(a, (size_t)PERSPECTIVES * s->shape.slots, sizeof *open);
    const bool *const of_persons = number > 0 ? s->open[t->window][0] : NULL;
    bool wanted = false;

    s->open[t->window][number] = open;
    for (size_t i = 0; i < sizeof pooled / sizeof *pooled; i++)
        wanted = wanted || pooled[i] == t->sum;
    for (t->perspective = 1; wanted && t->perspective < PERSPECTIVES; t->perspective++) {
        const size_t from = (size_t)t->perspective * s->shape.slots;

        if (cube_has_perspective(s->shape.cube, t->perspective))
            small_open(t, of_persons ? of_persons + from : NULL, open + from);
    }
}

/* ---- windows --------------------------------------------------------------------------------- */

/* Longest first: each window lies in all before it. */
static void
order_windows(const struct cube *c, unsigned order[WINDOWS])
{
    static const unsigned by_places[WINDOWS] = {WINDOW_12, WINDOW_YEAR, WINDOW_3, WINDOW_MONTH};

    for (unsigned i = 0; i < WINDOWS; i++) {
        unsigned k = i;

        for (; k > 0 && cube_months(c, order[k - 1]) < cube_months(c, by_places[i]); k--)
            order[k] = order[k - 1];
        order[k] = by_places[i];
    }
}

/* Less a shorter window, a longer one must not leave from 1 to 9; equal ones are hidden alike. */
static void
compare_windows(struct small_table *t, const struct small_table *longer)
{
    for (size_t i = 0; i < small_at(t->small, t->small->places, 0, 0); i++) {
        const double more = longer->value[i] - t->value[i];

        if (t->value[i] > 0 &&
            (more == 0 ? longer->withheld[i] : small_is_few(more) && !longer->withheld[i]))
            t->withheld[i] = true;
    }
}

static void
make_tables(struct small *s, struct arena *a, size_t number, const unsigned order[WINDOWS])
{
    struct arena *const scratch = arena_child(a);
    struct small_table made[WINDOWS];
    const size_t size = small_at(&s->shape, s->shape.places, 0, 0);

    for (unsigned w = 0; w < WINDOWS; w++) {
        struct small_table *const t = &made[w];

        *t = (struct small_table){
            .arena = scratch, .small = &s->shape, .window = order[w], .sum = tables[number]};
        lay_out(t);
        read_values(t);
        t->withheld = s->withheld[order[w]][number] = arena_array(a, size, sizeof *t->withheld);
        for (size_t i = 0; number > 0 && i < size; i++)
            t->withheld[i] = t->value[i] > 0 && s->withheld[order[w]][0][i];
        for (unsigned k = 0; k < w; k++)
            compare_windows(t, &made[k]);
        settle(t);
        open_table(s, a, t, number);
    }
    arena_free(scratch);
}

static void
find_parts(struct small *s, const struct exposures *residents)
{
    const bool *const complete = residents ? exposures_complete(residents) : NULL;

    for (unsigned i = 1; i + 1 < s->shape.places; i++) {
        const struct cube_place *const place = cube_place(s->shape.cube, i);

        if (!place->unknown && strcmp(place->level, cube_pool_level(s->shape.cube)) == 0)
            s->shape.part[i] = complete && complete[i] ? WITH_RESIDENTS : WITHOUT_RESIDENTS;
    }
}

struct small *
small_new(struct arena *a, const struct cube *c, const struct exposures *residents)
{
    struct small *const s = arena_alloc(a, sizeof *s);
    unsigned order[WINDOWS];

    s->shape = (struct small_shape){.cube = c,
                                    .inside = residents ? exposures_inside(residents) : NULL,
                                    .places = cube_place_count(c) + 1,
                                    .slots = cube_group_count(c) + 1};
    s->shape.part = arena_array(a, s->shape.places, sizeof *s->shape.part);
    find_parts(s, residents);
    order_windows(c, order);
    for (size_t i = 0; i < TABLES; i++)
        make_tables(s, a, i, order);
    return s;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool
is_withheld(const struct small *s, unsigned window, unsigned place, unsigned perspective, int group,
            size_t table)
{
    return s
        ->withheld[window][table][small_at(&s->shape, place, perspective, (unsigned)(group + 1))];
}

static size_t
table_of(unsigned sum)
{
    for (size_t i = 0; i < TABLES; i++)
        if (tables[i] == sum)
            return i;
    abort(); /* a sum that is nobody's n */
}

bool
small_withheld(const struct small *s, unsigned window, unsigned place, unsigned perspective,
               int group, unsigned sum)
{
    return count_of(s->shape.cube, window, place, perspective, group, sum) < SMALL_NUMBER ||
           is_withheld(s, window, place, perspective, group, table_of(sum));
}

bool
small_hides(const struct small *s, unsigned window, unsigned place, unsigned perspective, int group,
            unsigned sum)
{
    return count_of(s->shape.cube, window, place, perspective, group, sum) > 0 &&
           is_withheld(s, window, place, perspective, group, table_of(sum));
}

bool
small_may_pool(const struct small *s, unsigned window, unsigned perspective, int group,
               unsigned sum)
{
    return s
        ->open[window][table_of(sum)][(size_t)perspective * s->shape.slots + (size_t)(group + 1)];
}

bool
small_withheld_inside(const struct small *s, unsigned window, unsigned perspective, int group)
{
    return is_withheld(s, window, s->shape.places - 1, perspective, group, 0);
}

void
small_row(const double *n, unsigned count, bool *withheld)
{
    unsigned marked = 0;
    double together = 0;

    for (unsigned i = 0; i < count; i++) {
        withheld[i] = withheld[i] || small_is_few(n[i]);
        marked += withheld[i] && n[i] > 0;
        together += withheld[i] ? n[i] : 0;
    }
    while (marked == 1 || small_is_few(together)) {
        unsigned least = count;

        for (unsigned i = 0; i < count; i++)
            if (!withheld[i] && n[i] > 0 && (least == count || n[i] < n[least]))
                least = i;
        if (least == count)
            return;
        withheld[least] = true;
        together += n[least];
        marked++;
    }
}
