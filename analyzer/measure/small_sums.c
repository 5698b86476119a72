/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What follows from the numbers of a table that are shown, by the graph of its sums (network.h):
 * what must be hidden besides, and which sums figures pooled over places may tell. Keeps nothing.
 */
#include "analyzer/measure/network.h"
#include "analyzer/measure/small_table.h"

/* What a place has and none of its parts; units are the city's other parts. */
double
small_left_over(const struct small_table *t, unsigned place, unsigned slot, bool units)
{
    double left = small_value(t, place, slot);

    for (unsigned i = 1; i < t->small->places; i++)
        if (t->parent[i] == (int)place && small_is_unit(t, i) == units)
            left -= small_value(t, i, slot);
    return left;
}

/* ---- what could be worked out ---------------------------------------------------------------- */

/*
 * Nodes: the row of each place, its parts by slot, the units by slot, the row of what each place
 * has left over, that of the units, and the ground. Of a place whose parts are shown the row
 * follows from those of its parts.
 */
static size_t
node_of(const struct small_table *t, unsigned place, unsigned slot)
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
node_of_units(const struct small_table *t, unsigned slot)
{
    return t->small->places * (size_t)(1 + t->small->slots) + slot;
}

static size_t
node_of_rest(const struct small_table *t, unsigned place, bool units)
{
    const size_t first = t->small->places * (size_t)(1 + t->small->slots) + t->small->slots;

    return first + (units ? t->small->places : place);
}

static size_t
ground(const struct small_table *t)
{
    return t->small->places * (size_t)(2 + t->small->slots) + t->small->slots + 1;
}

static bool
is_told(const struct small_table *t, unsigned place, unsigned slot)
{
    return t->told && t->told[slot] && t->small->part[place] == NOT_POOLED;
}

/* Of a slot whose sums are told, places without residents make a sum of their own. */
static size_t
node_above(const struct small_table *t, unsigned place, unsigned slot)
{
    const unsigned above = place == 0 ? 0 : (unsigned)t->parent[place];

    if (place == 0)
        return t->units ? node_of_units(t, slot) : ground(t);
    if (small_is_unit(t, place))
        return node_of_units(t, slot);
    if (is_told(t, above, slot) && t->small->part[place] == WITHOUT_RESIDENTS)
        return ground(t) + 1 + above * (size_t)t->small->slots + slot;
    return node_of(t, above, slot);
}

/* What lies nowhere is the rest of sums that are told. */
static void
add_rest(struct small_table *t, struct network *n, unsigned place, bool units)
{
    for (unsigned k = 1; k < small_slots(t); k++)
        if (small_left_over(t, place, k, units) > 0 && (units || !is_told(t, place, k)))
            network_add(n, node_of_rest(t, place, units),
                        units ? node_of_units(t, k) : node_of(t, place, k), 0, true);
}

/* The numbers of a table as a graph, and where each edge's mark is. */
struct sums {
    struct network *network;
    bool **mark;
    size_t count;
};

static struct sums
sums_of(struct small_table *t, struct arena *a)
{
    const struct small_shape *const s = t->small;
    const size_t most = 3 * (size_t)s->places * s->slots;
    struct sums r = {
        .network = network_new(a, ground(t) + 1 + (size_t)s->places * s->slots, most),
        .mark = arena_array(a, most, sizeof *r.mark),
    };

    for (unsigned i = 0; i < s->places; i++)
        for (unsigned k = 0; k < small_slots(t) && t->parent[i] != NOWHERE; k++)
            if (small_value(t, i, k) > 0) {
                r.mark[r.count++] = small_mark(t, i, k);
                network_add(r.network, node_of(t, i, k), node_above(t, i, k), small_value(t, i, k),
                            *small_mark(t, i, k));
            }
    for (unsigned i = 0; i < s->places; i++)
        if (t->parent[i] != NOWHERE && t->parted[i])
            add_rest(t, r.network, i, false);
    if (t->units)
        add_rest(t, r.network, 0, true);
    return r;
}

void
small_protect(struct small_table *t)
{
    struct arena *const a = arena_child(t->arena);
    const struct sums r = sums_of(t, a);

    network_protect(r.network);
    for (size_t i = 0; i < r.count; i++)
        *r.mark[i] = network_hidden(r.network, i);
    arena_free(a);
}

/* ---- what figures pooled over places may tell ------------------------------------------------ */

/* How many hidden numbers follow from what is shown. */
static size_t
count_exposed(struct small_table *t)
{
    struct arena *const a = arena_child(t->arena);
    const struct sums r = sums_of(t, a);
    size_t count = 0;

    network_look(r.network);
    for (size_t i = 0; i < r.count; i++)
        count += network_is_bridge(r.network, i);
    arena_free(a);
    return count;
}

/* What the pooled places of either part hide below one place is ten together, or nothing. */
static bool
is_enough(const struct small_table *t, unsigned above, unsigned slot)
{
    double hidden[WITH_RESIDENTS + 1] = {0};

    for (unsigned i = 1; i < t->small->places; i++)
        if (t->parent[i] == (int)above && *small_mark(t, i, slot))
            hidden[t->small->part[i]] += small_value(t, i, slot);
    return !small_is_few(hidden[WITHOUT_RESIDENTS]) && !small_is_few(hidden[WITH_RESIDENTS]);
}

/* Sums must be those of shown totals: of the city, and of what else pooled places lie in. */
static bool
may_be_told(const struct small_table *t, unsigned slot)
{
    const struct small_shape *const s = t->small;

    for (unsigned i = 0; i < s->places; i++) {
        const bool outside = t->parent[i] != NOWHERE && !small_is_unit(t, i) &&
                             s->part[i] == NOT_POOLED && s->part[t->parent[i]] == NOT_POOLED;

        if (outside && small_value(t, i, slot) > 0 &&
            (*small_mark(t, i, slot) || !is_enough(t, i, slot)))
            return false;
    }
    return true;
}

/* All that may, else one after another as long as nothing follows. */
void
small_open(struct small_table *t, const bool *allowed, bool *open)
{
    const size_t exposed = count_exposed(t);
    const unsigned slots = small_slots(t);

    t->told = open;
    for (unsigned k = 0; k < slots; k++)
        open[k] = (!allowed || allowed[k]) && may_be_told(t, k);
    if (count_exposed(t) > exposed) {
        bool *const wanted = arena_array(t->arena, slots, sizeof *wanted);

        memcpy(wanted, open, slots * sizeof *wanted);
        memset(open, 0, slots * sizeof *open);
        for (unsigned k = 0; k < slots; k++) {
            open[k] = wanted[k];
            open[k] = wanted[k] && count_exposed(t) <= exposed;
        }
    }
    t->told = NULL;
}
