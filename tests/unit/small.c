/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Small numbers: the rule within one list, the graph of sums, and an attack. The attack reads the
 * figures of made-up cities as a reader would, knows every zero besides, and tries to solve for
 * each count from 1 to 9, in exact arithmetic over all windows, places and perspectives together.
 * Of a figure pooled over places it works out which counts went into it, and what they tell.
 */
#include "analyzer/cells/inputs.h"
#include "analyzer/measure/measure.h"
#include "analyzer/measure/network.h"
#include "analyzer/measure/small.h"
#include "analyzer/report/document.h"
#include "common/rng.h"
#include "tests/lib/fixture.h"
#include "tests/lib/made_up.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *small_suite(void);

/* ---- within one list ------------------------------------------------------------------------- */

START_TEST(two_small_numbers_that_are_ten_together_protect_each_other)
{
    const double n[] = {3, 40, 7, 90};
    bool withheld[4] = {false};

    small_row(n, 4, withheld);
    ck_assert(withheld[0] && !withheld[1] && withheld[2] && !withheld[3]);
}
END_TEST

START_TEST(two_small_numbers_that_are_not_ten_take_the_next)
{
    const double n[] = {3, 40, 2, 90};
    bool withheld[4] = {false};

    small_row(n, 4, withheld);
    ck_assert(withheld[0] && withheld[1] && withheld[2] && !withheld[3]);
}
END_TEST

START_TEST(a_zero_protects_nobody)
{
    const double n[] = {3, 0, 50, 40};
    bool withheld[4] = {false};

    small_row(n, 4, withheld);
    ck_assert(withheld[0] && !withheld[1] && !withheld[2] && withheld[3]);
}
END_TEST

START_TEST(ten_is_shown)
{
    const double n[] = {10, 40};
    bool withheld[2] = {false};

    small_row(n, 2, withheld);
    ck_assert(!withheld[0] && !withheld[1]);
}
END_TEST

/* ---- sums as a graph ------------------------------------------------------------------------- */

START_TEST(a_hidden_number_gets_the_cheapest_way_round)
{
    struct network *const n = network_new(a, 4, 6);
    const size_t hidden = network_add(n, 0, 1, 3, true);
    const size_t dear = network_add(n, 0, 1, 90, false);
    const size_t first = network_add(n, 0, 2, 20, false);
    const size_t second = network_add(n, 2, 1, 30, false);
    const size_t aside = network_add(n, 2, 3, 1, false);

    network_protect(n);
    ck_assert(network_hidden(n, hidden) && network_hidden(n, first) && network_hidden(n, second));
    ck_assert(!network_hidden(n, dear) && !network_hidden(n, aside));
}
END_TEST

START_TEST(two_cycles_do_not_hide_the_number_between_them)
{
    /* Triangles 0 1 2 and 3 4 5, joined by a hidden edge that lies on neither, and a shown one. */
    struct network *const n = network_new(a, 6, 8);

    for (size_t i = 0; i < 3; i++) {
        network_add(n, i, (i + 1) % 3, 5, true);
        network_add(n, 3 + i, 3 + (i + 1) % 3, 5, true);
    }
    network_add(n, 0, 3, 5, true);

    const size_t other = network_add(n, 1, 4, 50, false);

    network_protect(n);
    ck_assert(network_hidden(n, other));
}
END_TEST

START_TEST(where_there_is_no_way_round_nothing_is_hidden_for_it)
{
    struct network *const n = network_new(a, 3, 2);
    const size_t hidden = network_add(n, 0, 1, 5, true);
    const size_t other = network_add(n, 1, 2, 5, false);

    network_protect(n);
    ck_assert(network_hidden(n, hidden) && !network_hidden(n, other));
}
END_TEST

/* ---- a city to attack ------------------------------------------------------------------------ */

enum { LEAVES = 9, UNITS = 3, GROUPS = 4, PIECES = 4, NOW = CELLS_MONTHS - 1 };
enum { VARIABLES = LEAVES * UNITS * GROUPS * GROUPS * PIECES, ROWS_MOST = 4000 };

/* Group 0 is "not perceived"; the last leaf is in no area, the last unit is none. */
static const char *const leaves[LEAVES] = {"B11", "B12", "B21", "B22", "B31",
                                           "B41", "B51", "B61", ""};
static const char *const units[UNITS] = {"u1", "u2", ""};
static const char *const groups[GROUPS] = {"unseen", "x", "y", "z"};
/* The month itself, one more of the three, of the year, of the twelve. */
static const unsigned pieces[PIECES] = {NOW, NOW - 1, NOW - 5, NOW - 11};
static const unsigned pieces_of[WINDOWS] = {
    [WINDOW_MONTH] = 1, [WINDOW_3] = 2, [WINDOW_YEAR] = 3, [WINDOW_12] = 4};

static struct place places[] = {
    {"C", "City", "city", NULL},   {"W1", "W1", "wijk", "C"},     {"W2", "W2", "wijk", "C"},
    {"W3", "W3", "wijk", "C"},     {"W4", "W4", "wijk", "C"},     {"W5", "W5", "wijk", "C"},
    {"W6", "W6", "wijk", "C"},     {"B11", "B11", "buurt", "W1"}, {"B12", "B12", "buurt", "W1"},
    {"B21", "B21", "buurt", "W2"}, {"B22", "B22", "buurt", "W2"}, {"B31", "B31", "buurt", "W3"},
    {"B41", "B41", "buurt", "W4"}, {"B51", "B51", "buurt", "W5"}, {"B61", "B61", "buurt", "W6"},
};
static struct label labels[] = {
    {"groups", "x", "x", "x", false, false},
    {"groups", "y", "y", "y", false, false},
    {"groups", "z", "z", "z", false, false},
    {"groups", "unseen", "niet", "not", true, false},
};
/* W6 has none. */
enum { WIJKEN = 6, WITH_RESIDENTS = 5 };
static const double residents[WITH_RESIDENTS][GROUPS] = {{4000, 1000, 1000, 2000},
                                                         {3000, 500, 1500, 1000},
                                                         {2500, 900, 400, 1200},
                                                         {3300, 250, 1750, 1300},
                                                         {1700, 640, 510, 550}};
static struct population population[] = {
    {"C", "all", 2026, 14500, 1}, {"C", "x", 2026, 3290, 1},    {"C", "y", 2026, 5160, 1},
    {"C", "z", 2026, 6050, 1},    {"W1", "all", 2026, 4000, 1}, {"W1", "x", 2026, 1000, 1},
    {"W1", "y", 2026, 1000, 1},   {"W1", "z", 2026, 2000, 1},   {"W2", "all", 2026, 3000, 1},
    {"W2", "x", 2026, 500, 1},    {"W2", "y", 2026, 1500, 1},   {"W2", "z", 2026, 1000, 1},
    {"W3", "all", 2026, 2500, 1}, {"W3", "x", 2026, 900, 1},    {"W3", "y", 2026, 400, 1},
    {"W3", "z", 2026, 1200, 1},   {"W4", "all", 2026, 3300, 1}, {"W4", "x", 2026, 250, 1},
    {"W4", "y", 2026, 1750, 1},   {"W4", "z", 2026, 1300, 1},   {"W5", "all", 2026, 1700, 1},
    {"W5", "x", 2026, 640, 1},    {"W5", "y", 2026, 510, 1},    {"W5", "z", 2026, 550, 1},
};
enum { POPULATION = sizeof population / sizeof *population, OF_CITY = 4 };

enum { PERSONS, SEARCHES, HITS, COUNTED };

struct city {
    unsigned counts[COUNTED][VARIABLES];
    struct analysis *analysis;
};

struct who {
    unsigned leaf, unit, before, after, piece;
};

static struct who
who_of(unsigned variable)
{
    return (struct who){
        .leaf = variable % LEAVES,
        .unit = variable / LEAVES % UNITS,
        .before = variable / (LEAVES * UNITS) % GROUPS,
        .after = variable / (LEAVES * UNITS * GROUPS) % GROUPS,
        .piece = variable / (LEAVES * UNITS * GROUPS * GROUPS),
    };
}

static void
add_cells(struct cells *c, struct who w, unsigned persons, unsigned searched)
{
    static const unsigned perspectives[] = {PERSPECTIVE_ALL, PERSPECTIVE_BEFORE, PERSPECTIVE_AFTER};

    for (unsigned i = 0; i < 3; i++) {
        const char *const group = i == 0 ? "" : groups[i == 1 ? w.before : w.after];
        struct cell *const x = cells_add(c);

        x->month = (uint16_t)pieces[w.piece];
        x->area = (uint16_t)names_add(c->areas, leaves[w.leaf]);
        x->unit = (uint16_t)names_add(c->units, units[w.unit]);
        x->perspective = (uint16_t)perspectives[i];
        x->group = (uint16_t)names_add(c->groups, group);
        x->sum[SUM_persons] = x->sum[SUM_search_known] = (int32_t)persons;
        x->sum[SUM_searched] = x->sum[SUM_strict_known] = (int32_t)searched;
        x->sum[SUM_strict] = (int32_t)(searched / 2);
    }
}

/* A city of few or many stops; every third has no residents of its own row; some see everybody. */
static struct city *
city_of(uint64_t seed)
{
    struct city *const city = arena_alloc(a, sizeof *city);
    struct cells *const c = cells_new(a, 2026 * 12 + 9);
    struct inputs *const in = arena_alloc(a, sizeof *in);
    struct rng rng = rng_stream(seed, 1);
    const double many = exp(3 * rng_open(&rng) - 1.5);

    for (unsigned i = 0; i < VARIABLES; i++) {
        const struct who w = who_of(i);
        const bool unseen = w.before == 0 || w.after == 0;
        const double size = many * (w.before == w.after ? 3 : 0.3) * (w.leaf % 3 == 0 ? 3 : 0.4) *
                            (unseen ? (double)(seed % 2) * 0.3 : 1);
        const double count = floor(-log(rng_open(&rng)) * size * (rng_open(&rng) < 0.5));

        city->counts[PERSONS][i] = (unsigned)count;
        city->counts[SEARCHES][i] = (unsigned)floor(count * rng_open(&rng));
        city->counts[HITS][i] = city->counts[SEARCHES][i] / 2;
        if (count > 0)
            add_cells(c, w, city->counts[PERSONS][i], city->counts[SEARCHES][i]);
    }
    cells_settle(c);
    *in = made_up_inputs(c);
    in->choices.draws = 10;
    in->choices.models = false;
    in->places = places;
    in->place_count = sizeof places / sizeof *places;
    in->labels = labels;
    in->label_count = sizeof labels / sizeof *labels;
    in->population = seed % 3 == 0 ? population + OF_CITY : population;
    in->population_count = seed % 3 == 0 ? POPULATION - OF_CITY : POPULATION;
    city->analysis = analysis_new(a, in);
    return city;
}

/* ---- what a reader is told, as equations ----------------------------------------------------- */

/* The counts that a number adds up. group -1: all with a group; -2: everybody; 0: not perceived. */
struct sum_of {
    unsigned window;
    const char *place;
    unsigned perspective;
    int group;
    bool inside; /* only where there are residents: not in W6 */
};

static bool
lies_in(const char *place, struct who w)
{
    const char *const leaf = leaves[w.leaf];

    if (place[0] == '\0' || strcmp(place, leaf) == 0 || strcmp(place, units[w.unit]) == 0)
        return true;
    return place[0] == 'W' && leaf[0] == 'B' && place[1] == leaf[1];
}

static bool
is_counted(const struct sum_of *s, unsigned variable)
{
    const struct who w = who_of(variable);
    const unsigned group = s->perspective == PERSPECTIVE_BEFORE ? w.before : w.after;
    const char ward = leaves[w.leaf][0] ? leaves[w.leaf][1] : '0';

    if (w.piece >= pieces_of[s->window] || !lies_in(s->place, w) ||
        (s->inside && (ward < '1' || ward > '5')))
        return false;
    return s->group == -2 || (s->group == -1 ? group > 0 : group == (unsigned)s->group);
}

static const uint64_t prime = 2147483647;

static uint64_t
inverse(uint64_t x)
{
    uint64_t y = 1;

    for (uint64_t power = prime - 2; power; power /= 2) {
        y = power % 2 ? y * x % prime : y;
        x = x * x % prime;
    }
    return y;
}

struct equations {
    unsigned count;
    uint64_t *row[ROWS_MOST];
    unsigned pivot[ROWS_MOST];
    bool zero[VARIABLES]; /* known to be none */
};

/* Takes multiples of all equations off; true when nothing is left: the row follows from them. */
static bool
reduce(const struct equations *q, uint64_t *row)
{
    for (unsigned i = 0; i < q->count; i++) {
        const uint64_t by = row[q->pivot[i]];

        for (unsigned k = q->pivot[i]; by && k < VARIABLES; k++)
            row[k] = (row[k] + (prime - by) * q->row[i][k]) % prime;
    }
    for (unsigned k = 0; k < VARIABLES; k++)
        if (row[k])
            return false;
    return true;
}

static uint64_t *
row_of(const struct equations *q, const struct sum_of *s)
{
    uint64_t *const row = arena_array(a, VARIABLES, sizeof *row);

    for (unsigned k = 0; k < VARIABLES; k++)
        row[k] = !q->zero[k] && is_counted(s, k);
    return row;
}

static void
tell_row(struct equations *q, uint64_t *row)
{
    unsigned pivot = 0;

    if (reduce(q, row))
        return;
    while (!row[pivot])
        pivot++;

    const uint64_t by = inverse(row[pivot]);

    for (unsigned k = pivot; k < VARIABLES; k++)
        row[k] = row[k] * by % prime;
    ck_assert_uint_lt(q->count, ROWS_MOST);
    q->pivot[q->count] = pivot;
    q->row[q->count++] = row;
}

static void
tell(struct equations *q, const struct sum_of *s)
{
    tell_row(q, row_of(q, s));
}

static double
count_of(const struct city *city, const struct sum_of *s, unsigned what)
{
    double count = 0;

    for (unsigned k = 0; k < VARIABLES; k++)
        if (is_counted(s, k))
            count += city->counts[what][k];
    return count;
}

static int
number_of(const char *const *names, unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

/* Adds what a figure's number is the sum of, after making sure that it is. */
static void
read_number(struct equations *q, const struct city *city, const struct figure *f, unsigned what,
            struct sum_of s, double number)
{
    if (isnan(number))
        return;
    ck_assert_msg(number == count_of(city, &s, what), "%s %s %s %s %s: %g is not %g", f->measure,
                  f->window, f->place, f->perspective, f->group, number, count_of(city, &s, what));
    tell(q, &s);
}

static struct sum_of
sum_of_figure(const struct figure *f)
{
    return (struct sum_of){
        .window = (unsigned)number_of(window_names, WINDOWS, f->window),
        .place = f->place,
        .perspective = (unsigned)number_of(perspective_names, PERSPECTIVES, f->perspective),
        .group = f->group[0]         ? number_of(groups, GROUPS, f->group)
                 : f->perspective[0] ? -1
                                     : -2,
    };
}

static struct sum_of
with_group(struct sum_of s, int group)
{
    s.group = group;
    return s;
}

static void
read_persons(struct equations *q, const struct city *city, const struct figure *f, bool sum)
{
    struct sum_of s = sum_of_figure(f);
    const bool residents_of_figure = strcmp(f->benchmark, "residents") == 0;

    if (strcmp(f->measure, "share-not-perceived") == 0) {
        read_number(q, city, f, 0, with_group(s, -2), f->n);
        read_number(q, city, f, 0, with_group(s, 0), f->events);
    }
    s.inside = residents_of_figure && sum && !f->place[0];
    if (strcmp(f->measure, "stop-rate") == 0 || strcmp(f->measure, "search-rate") == 0 ||
        strcmp(f->measure, "share-unknown-area") == 0 ||
        strcmp(f->measure, "search-difference") == 0)
        read_number(q, city, f, 0, s, f->n);
    if (strcmp(f->measure, "pooled-rate-ratio") == 0 && residents_of_figure)
        read_number(q, city, f, 0, s, f->n);
    if (strcmp(f->measure, "rate-ratio") == 0 && residents_of_figure) {
        read_number(q, city, f, 0, s, f->events);
        read_number(q, city, f, 0, with_group(s, -1), f->n);
    }
    if (strcmp(f->measure, "search-difference") == 0 && !isnan(f->exposure))
        read_number(q, city, f, 0, with_group(s, -1), f->n + f->exposure);
}

static void
read_searches(struct equations *q, const struct city *city, const struct figure *f)
{
    const struct sum_of s = sum_of_figure(f);

    if (strncmp(f->measure, "hit-rate-strict", 15) == 0 ||
        strcmp(f->measure, "hit-difference-strict") == 0 ||
        strcmp(f->measure, "pooled-hit-odds-ratio-strict") == 0)
        read_number(q, city, f, 1, s, f->n);
    if (strcmp(f->measure, "hit-difference-strict") == 0 && !isnan(f->exposure))
        read_number(q, city, f, 1, with_group(s, -1), f->n + f->exposure);
}

/* ---- the attack ------------------------------------------------------------------------------ */

static const char *const levels[] = {"",    "W1",  "W2",  "W3",  "W4",  "W5",  "W6",  "u1", "u2",
                                     "B11", "B12", "B21", "B22", "B31", "B41", "B51", "B61"};
enum { LEVELS = sizeof levels / sizeof *levels, WITHOUT_BUURTEN = 9, FIRST_WIJK = 1 };

static void
know_zeros(struct equations *q, const struct city *city, unsigned what)
{
    for (unsigned w = 0; w < WINDOWS; w++)
        for (unsigned i = 0; i < (w == WINDOW_12 ? LEVELS : WITHOUT_BUURTEN); i++)
            for (unsigned p = 1; p <= PERSPECTIVE_AFTER; p++)
                for (int g = 0; g < GROUPS; g++) {
                    const struct sum_of s = {w, levels[i], p, g, false};
                    const bool zero = count_of(city, &s, what) == 0;

                    for (unsigned k = 0; zero && k < VARIABLES; k++)
                        q->zero[k] = q->zero[k] || is_counted(&s, k);
                }
}

static bool
is_small(double n)
{
    return n > 0 && n < SMALL_NUMBER;
}

/* Whether a count, less another that is part of it, is small and follows from the equations. */
static bool
is_given_away(const struct equations *q, const struct city *city, unsigned what,
              const struct sum_of *s, const struct sum_of *less, unsigned *targets)
{
    uint64_t *row;

    if (!is_small(count_of(city, s, what) - (less ? count_of(city, less, what) : 0)))
        return false;
    ++*targets;
    row = row_of(q, s);
    for (unsigned k = 0; less && k < VARIABLES; k++)
        row[k] -= row[k] && is_counted(less, k);
    if (!reduce(q, row))
        return false;
    printf("given away: %s %s %s group %d%s%s\n", window_names[s->window], s->place,
           perspective_names[s->perspective], s->group, less ? " less " : "",
           less ? window_names[less->window] : "");
    return true;
}

/* The count of each group and of all, each less a shorter window, and the others of each group
 * where the total is known. */
static unsigned
given_away(const struct equations *q, const struct city *city, unsigned what, unsigned *targets)
{
    unsigned wrong = 0;

    for (unsigned w = 0; w < WINDOWS; w++)
        for (unsigned i = 0; i < (w == WINDOW_12 ? LEVELS : WITHOUT_BUURTEN); i++)
            for (unsigned p = 1; p <= PERSPECTIVE_AFTER; p++)
                for (int g = -2; g < GROUPS; g++) {
                    const struct sum_of s = {w, levels[i], p, g, false};
                    const struct sum_of all = with_group(s, -1);

                    if (g == 0)
                        continue;
                    wrong += is_given_away(q, city, what, &s, NULL, targets);
                    if (g > 0 && reduce(q, row_of(q, &all)))
                        wrong += is_given_away(q, city, what, &all, &s, targets);
                    for (unsigned v = 0; v < WINDOWS && i < WITHOUT_BUURTEN; v++) {
                        const struct sum_of shorter = {v, levels[i], p, g, false};

                        if (pieces_of[v] < pieces_of[w])
                            wrong += is_given_away(q, city, what, &s, &shorter, targets);
                    }
                }
    return wrong;
}

/* ---- figures pooled over places ---------------------------------------------------------------
 */

/* A pooled figure that is shown, and the numbers that it was made of. */
struct pooled {
    const struct figure *figure;
    enum { RATE_POOLED, RATE_STANDARDISED, ODDS } how;
    unsigned k, n; /* what is counted; of rates k alone */
    struct sum_of of;
    double one[2][WIJKEN], all[2][WIJKEN]; /* k and n of the group, of all with a group */
    bool one_unknown[WIJKEN], all_unknown[WIJKEN];
    unsigned places, unknown; /* those with residents, or all; and those of which not all is told */
};

/* What became of them. */
struct tally {
    unsigned targets, told, wrong; /* counts, equations, counts given away */
    unsigned together, left_out;   /* pooled figures, by what they do with withheld places */
    unsigned open, solved;         /* that rest on the withheld places one by one; solved */
};

static bool
is_pooled(const struct figure *f, struct pooled *p)
{
    static const struct {
        const char *measure, *benchmark;
        int how;
        unsigned k, n;
    } kinds[] = {
        {"pooled-rate-ratio", "residents", RATE_POOLED, PERSONS, PERSONS},
        {"standardised-ratio", "residents", RATE_STANDARDISED, PERSONS, PERSONS},
        {"pooled-search-odds-ratio", "", ODDS, SEARCHES, PERSONS},
        {"pooled-hit-odds-ratio-strict", "", ODDS, HITS, SEARCHES},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(f->measure, kinds[i].measure) == 0 && !isnan(f->value) &&
            strcmp(f->benchmark, kinds[i].benchmark) == 0) {
            *p = (struct pooled){.figure = f,
                                 .how = (unsigned)kinds[i].how,
                                 .k = kinds[i].k,
                                 .n = kinds[i].n,
                                 .of = sum_of_figure(f),
                                 .places = kinds[i].how == ODDS ? WIJKEN : WITH_RESIDENTS};
            return true;
        }
    return false;
}

/* Zeros are known; else a number is known that follows from those that are told. */
static bool
is_unknown(const struct equations *q, const struct sum_of *s)
{
    return !reduce(q, row_of(q, s));
}

static void
fill_pooled(const struct equations *q, const struct city *city, struct pooled *p)
{
    for (unsigned i = 0; i < p->places; i++) {
        struct sum_of one = p->of, all;

        one.place = levels[FIRST_WIJK + i];
        all = with_group(one, -1);
        p->one[0][i] = count_of(city, &one, p->k);
        p->one[1][i] = count_of(city, &one, p->n);
        p->all[0][i] = count_of(city, &all, p->k);
        p->all[1][i] = count_of(city, &all, p->n);
        p->one_unknown[i] = is_unknown(q, &one);
        p->all_unknown[i] = is_unknown(q, &all);
        p->unknown += p->one_unknown[i] || p->all_unknown[i];
    }
}

/* Above and below of the figure's ratio. */
struct fraction {
    double above, below;
};

static void
add_stratum(const struct pooled *p, const double one[2], const double all[2], const double n[2],
            struct fraction *x)
{
    const double others[2] = {all[0] - one[0], all[1] - one[1]};
    const double n1 = p->how == ODDS ? one[1] : n[0], n0 = p->how == ODDS ? others[1] : n[1];
    const double total = n1 + n0;

    if (!(n1 > 0 && n0 > 0))
        return;
    if (p->how == RATE_STANDARDISED) {
        x->above += one[0] * total / n1;
        x->below += others[0] * total / n0;
    } else if (p->how == RATE_POOLED) {
        x->above += one[0] * n0 / total;
        x->below += others[0] * n1 / total;
    } else {
        x->above += one[0] * (n0 - others[0]) / total;
        x->below += (n1 - one[0]) * others[0] / total;
    }
}

/* One stratum of all places whose numbers are (not) known, or each by itself. */
static struct fraction
strata_of(const struct pooled *p, bool unknown, bool together)
{
    double one[2] = {0}, all[2] = {0}, n[2] = {0};
    struct fraction x = {0};

    for (unsigned i = 0; i < p->places; i++) {
        if ((p->one_unknown[i] || p->all_unknown[i]) != unknown)
            continue;
        for (unsigned k = 0; k < 2; k++) {
            one[k] += p->one[k][i];
            all[k] += p->all[k][i];
        }
        if (p->how != ODDS) {
            n[0] += residents[i][p->of.group];
            n[1] += residents[i][0] - residents[i][p->of.group];
        }
        if (!together) {
            add_stratum(p, one, all, n, &x);
            memset(one, 0, sizeof one);
            memset(all, 0, sizeof all);
            memset(n, 0, sizeof n);
        }
    }
    if (together)
        add_stratum(p, one, all, n, &x);
    return x;
}

static bool
is_value(const struct pooled *p, struct fraction x, struct fraction y)
{
    const double value = (x.above + y.above) / (x.below + y.below);

    return fabs(value - p->figure->value) <= 1e-12 * p->figure->value;
}

/* Tries what the unknown counts may be, one place after another; how many ways give the figure. */
static unsigned
ways(struct pooled *p, unsigned place, double left, unsigned *most)
{
    unsigned found = 0;
    const double own = place < p->places ? p->one[0][place] : 0;

    if (place == p->places) {
        --*most;
        return left == 0 && is_value(p, strata_of(p, false, false), strata_of(p, true, false));
    }
    if (!p->one_unknown[place])
        return ways(p, place + 1, left, most);
    for (double x = 1; x <= left && x <= p->all[0][place] && *most > 0; x++) {
        p->one[0][place] = x;
        found += ways(p, place + 1, left - x, most);
    }
    p->one[0][place] = own;
    return found;
}

/* The sum of the group's count over the wijken is known with what lies nowhere
 * (share-unknown-area); how many it is of each group is taken as known here. */
static bool
is_solved(struct pooled *p)
{
    unsigned most = 200000;
    double together = 0;

    if (p->how == ODDS)
        return false;
    for (unsigned i = 0; i < p->places; i++) {
        if (p->all_unknown[i])
            return false;
        together += p->one_unknown[i] ? p->one[0][i] : 0;
    }
    return ways(p, 0, together, &most) == 1 && most > 0;
}

/* The sum over the places that are not known. */
static void
tell_sum(struct equations *q, const struct pooled *p, int group)
{
    uint64_t *const row = arena_array(a, VARIABLES, sizeof *row);

    for (unsigned i = 0; i < p->places; i++) {
        struct sum_of s = with_group(p->of, group);

        s.place = levels[FIRST_WIJK + i];
        for (unsigned k = 0; (p->one_unknown[i] || p->all_unknown[i]) && k < VARIABLES; k++)
            row[k] += !q->zero[k] && is_counted(&s, k);
    }
    tell_row(q, row);
}

/* Of a place without anybody of the group nothing but the total may be unknown. Where that is no
 * small number, the figure may tell it. */
static bool
tell_totals(struct equations *q, struct pooled *p)
{
    bool any = false;

    for (unsigned i = 0; i < p->places; i++) {
        struct sum_of all = with_group(p->of, -1);

        if (p->one_unknown[i] || !p->all_unknown[i] || is_small(p->all[1][i]))
            continue;
        all.place = levels[FIRST_WIJK + i];
        tell(q, &all);
        p->all_unknown[i] = false;
        any = true;
    }
    return any;
}

/* A figure without the places that are not known tells nothing; one in which they are one stratum,
 * their sums; any other is open. */
static void
read_pooled(struct equations *q, struct pooled *p, struct tally *t)
{
    const struct fraction shown = strata_of(p, false, false);

    if (p->unknown == 0)
        return;
    if (is_value(p, shown, (struct fraction){0, 0})) {
        t->left_out++;
    } else if (is_value(p, shown, strata_of(p, true, true))) {
        t->together++;
        tell_sum(q, p, p->of.group);
        tell_sum(q, p, -1);
    } else if (tell_totals(q, p)) {
        read_pooled(q, p, t);
    } else {
        t->open++;
        if (is_solved(p)) {
            if (t->solved++ == 0)
                printf("solved: %s %s %s %s\n", p->figure->measure, p->figure->window,
                       p->figure->perspective, p->figure->group);
        }
    }
}

/* What is known is known before any pooled figure is looked at: that is what went into them. */
static void
read_all_pooled(struct equations *q, const struct city *city, unsigned what, struct tally *t)
{
    const struct figures *const f = &city->analysis->figures;
    struct pooled *const list = arena_array(a, f->count, sizeof *list);
    size_t count = 0;

    for (size_t i = 0; i < f->count; i++)
        if (is_pooled(&f->list[i], &list[count]) && list[count].n == what)
            fill_pooled(q, city, &list[count++]);
    for (size_t i = 0; i < count; i++)
        read_pooled(q, &list[i], t);
}

static void
attack(uint64_t seed, unsigned what, struct tally *t)
{
    const struct city *const city = city_of(seed);
    struct equations *const q = arena_alloc(a, sizeof *q);

    know_zeros(q, city, what);
    for (size_t i = 0; i < city->analysis->figures.count; i++) {
        const struct figure *const f = &city->analysis->figures.list[i];

        if (what == PERSONS)
            read_persons(q, city, f, seed % 3 == 0);
        else
            read_searches(q, city, f);
    }
    read_all_pooled(q, city, what, t);
    t->told += q->count;
    t->wrong += given_away(q, city, what, &t->targets);
}

START_TEST(no_small_count_follows_from_what_is_shown)
{
    struct tally t = {0};

    for (uint64_t i = 0; i < 3; i++) {
        attack((uint64_t)_i * 3 + i, PERSONS, &t);
        attack((uint64_t)_i * 3 + i, SEARCHES, &t);
    }
    printf("attack %d: %u small counts, %u equations, %u given away; pooled figures: %u with "
           "withheld places together, %u without them, %u with each of them (%u solved)\n",
           _i, t.targets, t.told, t.wrong, t.together, t.left_out, t.open, t.solved);
    fflush(stdout);
    ck_assert_uint_eq(t.wrong, 0);
    ck_assert_uint_eq(t.open, 0);
    ck_assert_uint_gt(t.targets, 100);
    ck_assert_uint_gt(t.told, 50);
}
END_TEST

START_TEST(withheld_places_enter_pooled_figures_together_or_not_at_all)
{
    struct tally t = {0};

    for (uint64_t seed = 12; seed < 16; seed++)
        attack(seed, PERSONS, &t);
    ck_assert_uint_eq(t.open, 0);
    ck_assert_uint_gt(t.together, 0);
    ck_assert_uint_gt(t.left_out, 0);
}
END_TEST

START_TEST(the_attack_solves_what_one_number_too_many_tells)
{
    const struct city *const city = city_of(1);
    unsigned solved = 0, targets = 0;

    /* Every group but one of every place in the month is told, and the total. */
    struct equations *const q = arena_alloc(a, sizeof *q);

    for (unsigned i = 0; i < WITHOUT_BUURTEN; i++)
        for (int g = -1; g < GROUPS - 1; g++)
            tell(q, &(struct sum_of){WINDOW_MONTH, levels[i], PERSPECTIVE_AFTER, g, false});
    for (unsigned i = 0; i < WITHOUT_BUURTEN; i++, targets++)
        solved += reduce(q, row_of(q, &(struct sum_of){WINDOW_MONTH, levels[i], PERSPECTIVE_AFTER,
                                                       GROUPS - 1, false}));
    ck_assert_uint_eq(solved, targets);
    ck_assert(city->analysis->figures.count > 0);
}
END_TEST

Suite *
small_suite(void)
{
    Suite *const s = suite_create("small");
    TCase *const t = tcase_create("small");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, two_small_numbers_that_are_ten_together_protect_each_other);
    tcase_add_test(t, two_small_numbers_that_are_not_ten_take_the_next);
    tcase_add_test(t, a_zero_protects_nobody);
    tcase_add_test(t, ten_is_shown);
    tcase_add_test(t, a_hidden_number_gets_the_cheapest_way_round);
    tcase_add_test(t, two_cycles_do_not_hide_the_number_between_them);
    tcase_add_test(t, where_there_is_no_way_round_nothing_is_hidden_for_it);
    tcase_add_test(t, the_attack_solves_what_one_number_too_many_tells);
    tcase_add_test(t, withheld_places_enter_pooled_figures_together_or_not_at_all);
    tcase_add_loop_test(t, no_small_count_follows_from_what_is_shown, 0, 20);
    suite_add_tcase(s, t);
    return s;
}
