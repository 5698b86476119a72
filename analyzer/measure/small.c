/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * For each window and sum a table of places by groups, whose lines add up: groups to the place's
 * total, areas to what they lie in, units to the city. What is under ten is hidden, then what
 * keeps hidden numbers from being worked out (network.h), until nothing changes. A reader is taken
 * to know every zero, and how many lie in no area or unit. Tables belong to the arena.
 */
#include "analyzer/measure/small.h"

#include "analyzer/measure/network.h"

#include <stdlib.h>
#include <string.h>

/* Sums that are the n of some figure. Persons first: what they hide is hidden in every other. */
static const unsigned tables[] = {
    SUM_persons,      SUM_search_known, SUM_strict_known,  SUM_broad_known,
    SUM_sound_known,  SUM_weak_known,   SUM_text_known,    SUM_match_known,
    SUM_plain_known,  SUM_worn,         SUM_reflect_known, SUM_explained_known,
    SUM_repeat_known, SUM_low,          SUM_discretionary, SUM_BEFORE,
};
enum { TABLES = sizeof tables / sizeof *tables, NOWHERE = -1 };

struct small {
    const struct cube *cube;
    const bool *inside;
    unsigned places, slots; /* places: one more, the part of the city with residents */
    bool *withheld[WINDOWS][TABLES];
};

/* One table while it is being made. Slot 0 is all, then the groups. */
struct table {
    struct arena *arena;
    const struct small *small;
    unsigned window, perspective;
    unsigned sum;
    int *parent;  /* by place: the place it is counted in; NOWHERE: it is not shown */
    bool *parted; /* by place: whether its parts are shown */
    bool units;
    double *value;
    bool *withheld;
};

static size_t
at(const struct small *s, unsigned place, unsigned perspective, unsigned slot)
{
    return ((size_t)place * PERSPECTIVES + perspective) * s->slots + slot;
}

static unsigned
slots_of(const struct table *t)
{
    return t->perspective == PERSPECTIVE_ALL ? 1 : t->small->slots;
}

static double
value_of(const struct table *t, unsigned place, unsigned slot)
{
    return t->value[at(t->small, place, t->perspective, slot)];
}

static bool *
mark_of(const struct table *t, unsigned place, unsigned slot)
{
    return &t->withheld[at(t->small, place, t->perspective, slot)];
}

static bool
is_unit(const struct table *t, unsigned place)
{
    return place < cube_place_count(t->small->cube) &&
           strcmp(cube_place(t->small->cube, place)->level, "unit") == 0;
}

/* ---- the lines ------------------------------------------------------------------------------- */

static bool
is_shown(const struct table *t, unsigned place)
{
    return cube_shows(t->small->cube, t->window, place);
}

static void
lay_out(struct table *t)
{
    const struct small *const s = t->small;
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
        if (is_unit(t, i)) {
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
read_value(const struct table *t, unsigned place, unsigned perspective, int group)
{
    const struct cube *const c = t->small->cube;

    return t->sum == SUM_BEFORE
               ? cube_persons_before(c, t->window, place, perspective, group)
               : cube_sum(c, t->window, place, perspective, group, (enum sum)t->sum);
}

static void
read_values(struct table *t)
{
    const struct small *const s = t->small;
    const unsigned last = s->places - 1;

    t->value = arena_array(t->arena, at(s, s->places, 0, 0), sizeof *t->value);
    for (unsigned i = 0; i < last; i++)
        for (unsigned p = 0; p < PERSPECTIVES; p++)
            for (unsigned k = 0; k < s->slots && t->parent[i] != NOWHERE; k++) {
                const double n = read_value(t, i, p, (int)k - 1);

                t->value[at(s, i, p, k)] = n;
                if (t->parent[last] != NOWHERE && s->inside[i])
                    t->value[at(s, last, p, k)] += n;
            }
}

/* ---- what is hidden -------------------------------------------------------------------------- */

static bool
is_small(double n)
{
    return n > 0 && n < SMALL_NUMBER;
}

static void
hide_small(struct table *t)
{
    for (size_t i = 0; i < at(t->small, t->small->places, 0, 0); i++)
        t->withheld[i] = t->withheld[i] || is_small(t->value[i]);
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
    if (!l->any || !is_small(l->hidden) || !l->smallest)
        return false;
    *l->smallest = true;
    return true;
}

static bool
fill_groups(struct table *t)
{
    bool any = false;

    for (unsigned i = 0; i < t->small->places; i++) {
        struct line l = {0};

        if (t->parent[i] == NOWHERE || *mark_of(t, i, 0))
            continue;
        for (unsigned k = 1; k < slots_of(t); k++)
            count_in(&l, value_of(t, i, k), mark_of(t, i, k));
        any = fill_up(&l) || any;
    }
    return any;
}

/* What a place has and none of its parts; units are the city's other parts. */
static double
left_over(const struct table *t, unsigned place, unsigned slot, bool units)
{
    double left = value_of(t, place, slot);

    for (unsigned i = 1; i < t->small->places; i++)
        if (t->parent[i] == (int)place && is_unit(t, i) == units)
            left -= value_of(t, i, slot);
    return left;
}

static bool
fill_parts(struct table *t, unsigned place, bool units)
{
    bool any = false;

    for (unsigned k = 0; k < slots_of(t); k++) {
        struct line l = {0};

        if (*mark_of(t, place, k))
            continue;
        for (unsigned i = 1; i < t->small->places; i++)
            if (t->parent[i] == (int)place && is_unit(t, i) == units)
                count_in(&l, value_of(t, i, k), mark_of(t, i, k));
        l.hidden += k ? left_over(t, place, k, units) : 0;
        any = fill_up(&l) || any;
    }
    return any;
}

static bool
fill_lines(struct table *t)
{
    bool any = fill_groups(t);

    for (unsigned i = 0; i < t->small->places; i++)
        if (t->parent[i] != NOWHERE && t->parted[i])
            any = fill_parts(t, i, false) || any;
    return (t->units && fill_parts(t, 0, true)) || any;
}

/* ---- what could be worked out ---------------------------------------------------------------- */

/*
 * Nodes: the row of each place, its parts by slot, the units by slot, the row of what each place
 * has left over, that of the units, and the ground. Of a place whose parts are shown the row
 * follows from those of its parts.
 */
static size_t
node_of(const struct table *t, unsigned place, unsigned slot)
{
    const size_t places = t->small->places;

    if (t->parent[place] == NOWHERE || (place == 0 && !t->parted[0] && t->units))
        return places * (2 + t->small->slots) + t->small->slots + 1;
    if (t->parted[place])
        return places + place * (size_t)t->small->slots + slot;
    return t->perspective == PERSPECTIVE_ALL ? places * (2 + t->small->slots) + t->small->slots + 1
                                             : place;
}

static size_t
node_of_units(const struct table *t, unsigned slot)
{
    return t->small->places * (size_t)(1 + t->small->slots) + slot;
}

static size_t
node_of_rest(const struct table *t, unsigned place, bool units)
{
    const size_t first = t->small->places * (size_t)(1 + t->small->slots) + t->small->slots;

    return first + (units ? t->small->places : place);
}

static size_t
ground(const struct table *t)
{
    return t->small->places * (size_t)(2 + t->small->slots) + t->small->slots + 1;
}

static size_t
node_above(const struct table *t, unsigned place, unsigned slot)
{
    if (place == 0)
        return t->units ? node_of_units(t, slot) : ground(t);
    return is_unit(t, place) ? node_of_units(t, slot)
                             : node_of(t, (unsigned)t->parent[place], slot);
}

static void
add_rest(struct table *t, struct network *n, unsigned place, bool units)
{
    for (unsigned k = 1; k < slots_of(t); k++)
        if (left_over(t, place, k, units) > 0)
            network_add(n, node_of_rest(t, place, units),
                        units ? node_of_units(t, k) : node_of(t, place, k), 0, true);
}

static void
protect(struct table *t)
{
    const struct small *const s = t->small;
    const size_t most = 3 * (size_t)s->places * s->slots;
    struct arena *const a = arena_child(t->arena);
    struct network *const n = network_new(a, ground(t) + 1, most);
    bool **const marks = arena_array(a, most, sizeof *marks);
    size_t count = 0;

    for (unsigned i = 0; i < s->places; i++)
        for (unsigned k = 0; k < slots_of(t) && t->parent[i] != NOWHERE; k++)
            if (value_of(t, i, k) > 0) {
                marks[count++] = mark_of(t, i, k);
                network_add(n, node_of(t, i, k), node_above(t, i, k), value_of(t, i, k),
                            *mark_of(t, i, k));
            }
    for (unsigned i = 0; i < s->places; i++)
        if (t->parent[i] != NOWHERE && t->parted[i])
            add_rest(t, n, i, false);
    if (t->units)
        add_rest(t, n, 0, true);

    network_protect(n);
    for (size_t i = 0; i < count; i++)
        *marks[i] = network_hidden(n, i);
    arena_free(a);
}

/* Where everybody has a group, the total of all and of those with a group are one number. */
static bool
tie_totals(struct table *t)
{
    const struct small *const s = t->small;
    bool any = false;

    for (unsigned p = 1; p < PERSPECTIVES; p++)
        for (unsigned i = 0; i < s->places && cube_has_perspective(s->cube, p); i++) {
            bool *const all = &t->withheld[at(s, i, 0, 0)], *const own =
                                                                &t->withheld[at(s, i, p, 0)];

            if (*all == *own || t->value[at(s, i, 0, 0)] != t->value[at(s, i, p, 0)])
                continue;
            *all = *own = true;
            any = true;
        }
    return any;
}

static void
settle(struct table *t)
{
    bool more = true;

    hide_small(t);
    while (more) {
        for (t->perspective = 0; t->perspective < PERSPECTIVES; t->perspective++)
            if (t->perspective == PERSPECTIVE_ALL ||
                cube_has_perspective(t->small->cube, t->perspective))
                do
                    protect(t);
                while (fill_lines(t));
        more = tie_totals(t);
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
compare_windows(struct table *t, const struct table *longer)
{
    for (size_t i = 0; i < at(t->small, t->small->places, 0, 0); i++) {
        const double more = longer->value[i] - t->value[i];

        if (t->value[i] > 0 &&
            (more == 0 ? longer->withheld[i] : is_small(more) && !longer->withheld[i]))
            t->withheld[i] = true;
    }
}

static void
make_tables(struct small *s, struct arena *a, size_t number, const unsigned order[WINDOWS])
{
    struct arena *const scratch = arena_child(a);
    struct table made[WINDOWS];
    const size_t size = at(s, s->places, 0, 0);

    for (unsigned w = 0; w < WINDOWS; w++) {
        struct table *const t = &made[w];

        *t =
            (struct table){.arena = scratch, .small = s, .window = order[w], .sum = tables[number]};
        lay_out(t);
        read_values(t);
        t->withheld = s->withheld[order[w]][number] = arena_array(a, size, sizeof *t->withheld);
        for (size_t i = 0; number > 0 && i < size; i++)
            t->withheld[i] = t->value[i] > 0 && s->withheld[order[w]][0][i];
        for (unsigned k = 0; k < w; k++)
            compare_windows(t, &made[k]);
        settle(t);
    }
    arena_free(scratch);
}

struct small *
small_new(struct arena *a, const struct cube *c, const bool *inside)
{
    struct small *const s = arena_alloc(a, sizeof *s);
    unsigned order[WINDOWS];

    *s = (struct small){.cube = c,
                        .inside = inside,
                        .places = cube_place_count(c) + 1,
                        .slots = cube_group_count(c) + 1};
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
    return s->withheld[window][table][at(s, place, perspective, (unsigned)(group + 1))];
}

bool
small_withheld(const struct small *s, unsigned window, unsigned place, unsigned perspective,
               int group, unsigned sum)
{
    const double n = sum == SUM_BEFORE
                         ? cube_persons_before(s->cube, window, place, perspective, group)
                         : cube_sum(s->cube, window, place, perspective, group, (enum sum)sum);

    for (size_t i = 0; i < TABLES; i++)
        if (tables[i] == sum)
            return n < SMALL_NUMBER || is_withheld(s, window, place, perspective, group, i);
    abort(); /* a sum that is nobody's n */
}

bool
small_withheld_inside(const struct small *s, unsigned window, unsigned perspective, int group)
{
    return is_withheld(s, window, s->places - 1, perspective, group, 0);
}

void
small_row(const double *n, unsigned count, bool *withheld)
{
    unsigned marked = 0;
    double together = 0;

    for (unsigned i = 0; i < count; i++) {
        withheld[i] = withheld[i] || is_small(n[i]);
        marked += withheld[i] && n[i] > 0;
        together += withheld[i] ? n[i] : 0;
    }
    while (marked == 1 || is_small(together)) {
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
