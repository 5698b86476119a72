/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Draws each month, wijk, part of the day and group as one cell: persons by Poisson, everything
 * that is counted of them by binomials. The residents are the simulator's own, so that the sizes
 * and mixtures of wijken are a real city's; they are known exactly here, without the bridge.
 */
#include "tests/lib/paper_city.h"

#include "common/rng.h"
#include "tests/lib/paper_residents.h"

#include <math.h>
#include <string.h>

enum { DAYPARTS = 4 };

/* Shares that places differ in, and their level in a middling place. */
enum share {
    SHARE_LOW,
    SHARE_SEARCHED,
    SHARE_STRICT,
    SHARE_SOUND,
    SHARE_UNPROMPTED,
    SHARE_MATCH,
    SHARE_PLAIN,
    SHARE_WORN,
    SHARE_RECORDED,
    SHARE_REFLECTED,
    SHARES
};
static const double middling[SHARES] = {0.30, 0.12, 0.28, 0.62, 0.78, 0.90, 0.93, 0.85, 0.80, 0.55};

/* A late stop is a search more often, whoever it is of. */
static const double odds_by_daypart[DAYPARTS] = {0.7, 0.9, 1.1, 1.4};
static const double busy_by_daypart[DAYPARTS] = {0.15, 0.25, 0.35, 0.25};

struct drawn {
    int32_t sum[SUM_COUNT];
};

struct paper_city {
    struct paper_options how;
    struct paper_residents of;
    double level[PAPER_PLACES_MOST], share[PAPER_PLACES_MOST][SHARES];
    struct drawn *cells; /* month, place, daypart, group */
};

static struct drawn *
cell_of(const struct paper_city *c, unsigned month, unsigned place, unsigned daypart,
        unsigned group)
{
    return &c->cells[((month * c->of.places + place) * DAYPARTS + daypart) * c->of.groups + group];
}

/* ---- drawing --------------------------------------------------------------------------------- */

static double
with_odds(double p, double odds)
{
    return p * odds / (1 - p + p * odds);
}

static int32_t
some_of(struct rng *r, int32_t n, double p)
{
    return (int32_t)rng_binomial(r, (uint64_t)n, p);
}

static bool
is_planted(const struct paper_city *c, unsigned place, unsigned group)
{
    const struct paper_plant *const p = &c->how.plant;

    return p->group == (int)group && (p->place == PAPER_EVERYWHERE || p->place == (int)place);
}

static void
draw_treatment(const double *share, const struct paper_plant *p, struct rng *r, int32_t *s)
{
    const int32_t n = s[SUM_persons];

    s[SUM_explained_known] = n;
    s[SUM_unprompted] = some_of(r, n, share[SHARE_UNPROMPTED] * p->explained);
    s[SUM_explained_well] = some_of(r, s[SUM_unprompted], share[SHARE_MATCH]);
    s[SUM_match_known] = s[SUM_unprompted];
    s[SUM_match_full] = s[SUM_explained_well];
    s[SUM_plain_known] = n;
    s[SUM_plain] = some_of(r, n, share[SHARE_PLAIN]);
    s[SUM_worn] = some_of(r, n, share[SHARE_WORN]);
    s[SUM_recorded] = some_of(r, s[SUM_worn], share[SHARE_RECORDED] * p->bodycam);
    s[SUM_reflect_known] = n;
    s[SUM_reflected] = some_of(r, n, share[SHARE_REFLECTED]);
}

static void
draw_cell(const struct paper_city *c, unsigned place, unsigned daypart, unsigned group, double mean,
          struct rng *r, int32_t *s)
{
    static const struct paper_plant none = {0, 0, 1, 1, 1, 1};
    const struct paper_plant *const p = is_planted(c, place, group) ? &c->how.plant : &none;
    const double *const share = c->share[place];
    const double odds = odds_by_daypart[daypart];
    const double searched = with_odds(share[SHARE_SEARCHED], odds * p->searches);
    const double found = share[SHARE_STRICT] / p->searches * (1 + (p->stops - 1) / 2) / p->stops;

    s[SUM_persons] = (int32_t)rng_poisson(r, mean * p->stops);
    s[SUM_low] = some_of(r, s[SUM_persons], share[SHARE_LOW] / p->stops);
    s[SUM_discretionary] = s[SUM_persons] - s[SUM_low];
    s[SUM_search_known] = s[SUM_persons];
    s[SUM_searched] = some_of(r, s[SUM_persons], searched);
    s[SUM_strict_known] = s[SUM_broad_known] = s[SUM_searched];
    s[SUM_strict] = some_of(r, s[SUM_searched], found);
    s[SUM_broad] = s[SUM_strict] + some_of(r, s[SUM_searched] - s[SUM_strict], 0.1);
    s[SUM_sound_known] = s[SUM_discretionary];
    s[SUM_sound] = some_of(r, s[SUM_discretionary], share[SHARE_SOUND]);
    draw_treatment(share, p, r, s);
}

static void
draw_months(struct paper_city *c)
{
    struct rng r = rng_stream(c->how.seed, 2 * c->how.stream + 1);
    double total = 0;

    for (unsigned p = 0; p < c->of.places; p++)
        for (unsigned g = 0; g < c->of.groups; g++)
            total += c->of.persons[p][g] * c->level[p];
    for (unsigned m = 0; m < c->how.months; m++)
        for (unsigned p = 0; p < c->of.places; p++)
            for (unsigned d = 0; d < DAYPARTS; d++)
                for (unsigned g = 0; g < c->of.groups; g++)
                    draw_cell(c, p, d, g,
                              c->how.stops * busy_by_daypart[d] * c->of.persons[p][g] *
                                  c->level[p] / total,
                              &r, cell_of(c, m, p, d, g)->sum);
}

/* ---- the city -------------------------------------------------------------------------------- */

struct paper_city *
paper_city_new(struct arena *a, const struct paper_options *o, struct err *e)
{
    struct paper_city *const c = arena_alloc(a, sizeof *c);
    struct rng r = rng_stream(o->seed, 2 * o->stream);

    if (!paper_residents_load(&c->of, a, e))
        return NULL;
    c->how = *o;
    for (unsigned p = 0; p < c->of.places; p++) {
        c->level[p] = exp(0.4 * rng_normal(&r));
        for (unsigned s = 0; s < SHARES; s++)
            c->share[p][s] = with_odds(middling[s], exp(o->spread * rng_normal(&r)));
    }
    c->cells = arena_array(a, (size_t)o->months * c->of.places * DAYPARTS * c->of.groups,
                           sizeof *c->cells);
    draw_months(c);
    return c;
}

unsigned
paper_city_places(const struct paper_city *c)
{
    return c->of.places;
}

const char *
paper_city_place(const struct paper_city *c, unsigned place)
{
    return c->of.place[place];
}

unsigned
paper_city_home(const struct paper_city *c, unsigned group)
{
    unsigned best = 0;

    for (unsigned p = 1; p < c->of.places; p++)
        if (c->of.persons[p][group] > c->of.persons[best][group])
            best = p;
    return best;
}

const char *
paper_city_group(const struct paper_city *c, unsigned group)
{
    return c->of.group[group];
}

/* ---- as inputs ------------------------------------------------------------------------------- */

static struct cell *
add_cell(struct cells *cells, unsigned month, const char *area, unsigned perspective,
         const char *group)
{
    struct cell *const x = cells_add(cells);

    x->month = (uint16_t)month;
    x->area = (uint16_t)names_add(cells->areas, area);
    x->unit = (uint16_t)names_add(cells->units, "unit");
    x->perspective = (uint16_t)perspective;
    x->group = (uint16_t)names_add(cells->groups, group);
    return x;
}

static void
add_month(const struct paper_city *c, unsigned month, unsigned at, struct cells *cells)
{
    for (unsigned p = 0; p < c->of.places; p++)
        for (unsigned g = 0; g < c->of.groups; g++) {
            struct cell sum = {0};

            for (unsigned d = 0; d < DAYPARTS; d++)
                for (unsigned s = 0; s < SUM_COUNT; s++)
                    /* The first twelve months count persons only. */
                    if (at >= CELLS_MONTHS - 12 || s == SUM_persons)
                        sum.sum[s] += cell_of(c, month, p, d, g)->sum[s];
            memcpy(add_cell(cells, at, c->of.place[p], PERSPECTIVE_ALL, "")->sum, sum.sum,
                   sizeof sum.sum);
            memcpy(add_cell(cells, at, c->of.place[p], PERSPECTIVE_AFTER, c->of.group[g])->sum,
                   sum.sum, sizeof sum.sum);
        }
}

static void
add_reference(struct arena *a, const struct paper_city *c, struct inputs *in)
{
    in->places = arena_array(a, c->of.places + 1, sizeof *in->places);
    in->places[in->place_count++] = (struct place){"PAPER", "Paper", "city", NULL};
    in->labels = arena_array(a, c->of.groups, sizeof *in->labels);
    in->population =
        arena_array(a, (size_t)c->of.places * (c->of.groups + 1), sizeof *in->population);
    for (unsigned g = 0; g < c->of.groups; g++)
        in->labels[in->label_count++] = (struct label){
            .list = "groups", .code = c->of.group[g], .nl = c->of.group[g], .en = c->of.group[g]};
    for (unsigned p = 0; p < c->of.places; p++) {
        double all = 0;

        in->places[in->place_count++] =
            (struct place){c->of.place[p], c->of.place[p], "wijk", "PAPER"};
        for (unsigned g = 0; g < c->of.groups; g++) {
            all += c->of.persons[p][g];
            in->population[in->population_count++] =
                (struct population){c->of.place[p], c->of.group[g], 2020, c->of.persons[p][g], 1};
        }
        in->population[in->population_count++] =
            (struct population){c->of.place[p], "all", 2020, all, 1};
    }
}

static void
add_totals(struct arena *a, const struct paper_city *c, unsigned last, struct inputs *in)
{
    const int now = in->cells->month;

    in->controls = arena_array(a, 12, sizeof *in->controls);
    for (unsigned m = 0; m < 12; m++) {
        double persons = 0;

        for (unsigned p = 0; p < c->of.places; p++)
            for (unsigned d = 0; d < DAYPARTS; d++)
                for (unsigned g = 0; g < c->of.groups; g++)
                    persons += cell_of(c, last - m, p, d, g)->sum[SUM_persons];
        in->controls[in->control_count++] = (struct control_total){
            "dispatch", "", "stops", now - (int)m, now - (int)m, persons / c->how.registered};
    }
}

static void
add_like(struct arena *a, const struct paper_city *c, unsigned last, struct inputs *in)
{
    static const char *const names[DAYPARTS] = {"wd 04-08", "wd 08-12", "wd 16-20", "wd 20-24"};
    struct names *const areas = names_new(a), *const dayparts = names_new(a);
    struct names *const bases = names_new(a), *const modes = names_new(a);

    in->like = arena_array(a, (size_t)c->of.places * DAYPARTS * c->of.groups, sizeof *in->like);
    for (unsigned p = 0; p < c->of.places; p++)
        for (unsigned d = 0; d < DAYPARTS; d++)
            for (unsigned g = 0; g < c->of.groups; g++) {
                struct like_cell x = {
                    .area = (uint16_t)names_add(areas, c->of.place[p]),
                    .unit = (uint16_t)names_find(in->cells->units, "unit"),
                    .daypart = (uint16_t)names_add(dayparts, names[d]),
                    .basis = (uint16_t)names_add(bases, "WVW160_1"),
                    .mode = (uint16_t)names_add(modes, "car"),
                    .perspective = PERSPECTIVE_AFTER,
                    .group = (uint16_t)names_find(in->cells->groups, c->of.group[g]),
                };

                for (unsigned m = last - 11; m <= last; m++)
                    for (unsigned s = 0; s < SUM_COUNT; s++)
                        x.sum[s] += cell_of(c, m, p, d, g)->sum[s];
                if (x.sum[SUM_persons] > 0)
                    in->like[in->like_count++] = x;
            }
    in->model_areas = areas;
    in->dayparts = dayparts;
    in->bases = bases;
    in->modes = modes;
}

struct inputs *
paper_city_inputs(struct arena *a, const struct paper_city *c, unsigned last)
{
    struct inputs *const in = arena_alloc(a, sizeof *in);
    const int month = 2021 * 12 + (int)(last - (CELLS_MONTHS - 1));
    struct cells *const cells = cells_new(a, month);

    for (unsigned m = 0; m < CELLS_MONTHS; m++)
        add_month(c, last - (CELLS_MONTHS - 1) + m, m, cells);
    cells_settle(cells);
    *in = (struct inputs){.choices = {.month = month_of_index(month),
                                      .seed = 1,
                                      .area_set = "paper",
                                      .zone = "Europe/Amsterdam",
                                      .group_list = "groups",
                                      .bridge_version = "",
                                      .reference = "others",
                                      .previous = "",
                                      .draws = 1,
                                      .level = 0.95,
                                      .models = true},
                          .cells = cells,
                          .city_name = "Paper",
                          .municipality = ""};
    memset(in->ledger_hash, '0', 64);
    add_reference(a, c, in);
    if (c->how.registered > 0)
        add_totals(a, c, last, in);
    add_like(a, c, last, in);
    return in;
}
