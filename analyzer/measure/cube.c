/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One pass over the cells fills sums for every window, place, perspective and group; all else here
 * finds the places, the groups and the months that take part. No statistics and no small-number
 * guard: sums are exact and not for showing. The cube owns its arrays through its arena; the
 * inputs must stay.
 */
#include "analyzer/measure/cube.h"

#include <stdlib.h>
#include <string.h>

const char *const window_names[WINDOWS] = {"month", "3-months", "12-months", "year-to-date"};
const char *const feature_names[FEATURE_COUNT] = {
    "stops",     "discretion",  "search",     "hit-strict", "hit-broad",
    "selection", "weak-reason", "text",       "explained",  "match",
    "treated",   "bodycam",     "reflection", "sanction",   "repeat",
};

enum { LAST = CELLS_MONTHS - 1, FIRST_FULL = CELLS_MONTHS - 12, LEVELS_MOST = 6 };

/* Slots of a place in one perspective: 0 everybody, 1 no group proper, 2 … the groups. */
enum { SLOT_ALL, SLOT_NONE, SLOT_GROUPS };

struct cube {
    struct arena *arena;
    const struct inputs *in;
    unsigned place_count, group_count, slots;
    struct cube_place *places;
    const char **groups;
    int *place_of_area; /* by area number of the cells */
    int *place_of_unit;
    int *slot_of_group; /* by group number of the cells */
    unsigned first[WINDOWS];
    double *sums;                 /* [window][place][perspective][slot][sum] */
    double *before;               /* [window][place][perspective][slot] */
    struct cube_outcome *outcome; /* the same shape */
    bool left_out[CELLS_MONTHS][FEATURE_COUNT];
    bool perspective_out[CELLS_MONTHS][PERSPECTIVES];
    bool has_perspective[PERSPECTIVES];
    struct cube_gap *gaps;
    size_t gap_count;
    const char *pool_level;
};

/* ---- places and groups ----------------------------------------------------------------------- */

/* The place of an area's code, or -1; a code of NULL (lies in nothing) is no place. */
static int
place_by_area(const struct cube *c, const char *code)
{
    for (unsigned i = 0; code && i < c->place_count; i++)
        if (c->places[i].area && strcmp(c->places[i].area, code) == 0)
            return (int)i;
    return -1;
}

static void
make_places(struct cube *c)
{
    const struct inputs *const in = c->in;
    const unsigned units = names_count(in->cells->units);

    c->places = arena_array(c->arena, in->place_count + units + 1, sizeof *c->places);
    c->places[0] = (struct cube_place){"", in->city_name, "city", "", -1, false};
    c->place_count = 1;
    c->pool_level = "area";
    for (size_t i = 0; i < in->place_count; i++) {
        const struct place *const x = &in->places[i];

        if (strcmp(x->level, "city") == 0) {
            c->places[0].area = x->code;
            continue;
        }
        if (strcmp(x->level, "wijk") == 0)
            c->pool_level = "wijk";
        c->places[c->place_count++] = (struct cube_place){
            x->code, x->name, x->level, x->code, 0, strcmp(x->level, "unknown") == 0};
    }
    for (size_t i = 0; i < in->place_count; i++) {
        const int own = place_by_area(c, in->places[i].code);
        const int parent = place_by_area(c, in->places[i].parent);

        if (own > 0 && parent > 0 && parent != own)
            c->places[own].parent = parent;
    }
}

static void
make_units(struct cube *c)
{
    const struct cells *const cells = c->in->cells;
    const unsigned units = names_count(cells->units);
    bool *const used = arena_array(c->arena, units + 1, sizeof *used);

    c->place_of_unit = arena_array(c->arena, units + 1, sizeof *c->place_of_unit);
    for (size_t i = 0; i < cells->count; i++)
        used[cells->list[i].unit] = true;
    for (unsigned i = 0; i < units; i++) {
        const char *const code = names_text(cells->units, i);

        c->place_of_unit[i] = -1;
        if (!used[i] || code[0] == '\0')
            continue;
        c->place_of_unit[i] = (int)c->place_count;
        c->places[c->place_count++] = (struct cube_place){code, code, "unit", NULL, -1, false};
    }
}

/* Groups that no code list of the installation names: a foreign source's own, after the listed
 * ones. */
static void
add_unlisted(struct cube *c, const bool *used)
{
    const struct names *const groups = c->in->cells->groups;

    for (unsigned i = 0; i < names_count(groups) && c->group_count < GROUPS_MOST; i++) {
        const char *const code = names_text(groups, i);

        if (!used[i] || c->slot_of_group[i] != SLOT_NONE || code[0] == '\0' ||
            strcmp(code, "not_perceived") == 0 || strcmp(code, "not_recorded") == 0 ||
            inputs_label(c->in, NULL, code))
            continue;
        c->slot_of_group[i] = (int)(SLOT_GROUPS + c->group_count);
        c->groups[c->group_count++] = code;
    }
}

static void
make_groups(struct cube *c)
{
    const struct inputs *const in = c->in;
    const unsigned names = names_count(in->cells->groups);
    bool *const used = arena_array(c->arena, names + 1, sizeof *used);

    c->groups = arena_array(c->arena, GROUPS_MOST, sizeof *c->groups);
    c->slot_of_group = arena_array(c->arena, names + 1, sizeof *c->slot_of_group);
    for (size_t i = 0; i < in->cells->count; i++)
        if (in->cells->list[i].perspective != PERSPECTIVE_ALL)
            used[in->cells->list[i].group] = true;
    for (unsigned i = 0; i < names; i++)
        c->slot_of_group[i] = SLOT_NONE;
    for (size_t i = 0; i < in->label_count && c->group_count < GROUPS_MOST; i++) {
        const struct label *const x = &in->labels[i];
        const int number = names_find(in->cells->groups, x->code);

        if (strcmp(x->list, in->choices.group_list) != 0 || x->not_perceived || number < 0 ||
            !used[number])
            continue;
        c->slot_of_group[number] = (int)(SLOT_GROUPS + c->group_count);
        c->groups[c->group_count++] = x->code;
    }
    add_unlisted(c, used);
    c->slots = SLOT_GROUPS + c->group_count;
}

static void
map_areas(struct cube *c)
{
    const struct names *const areas = c->in->cells->areas;

    c->place_of_area = arena_array(c->arena, names_count(areas) + 1, sizeof *c->place_of_area);
    for (unsigned i = 0; i < names_count(areas); i++)
        c->place_of_area[i] = place_by_area(c, names_text(areas, i));
}

/* ---- which months take part ------------------------------------------------------------------ */

static void
add_gap(struct cube *c, int month, const char *what, double coverage)
{
    c->gaps[c->gap_count++] = (struct cube_gap){month, what, coverage};
}

/* Of a month: how many a feature applies to, and how many have it. Applies to 0: not judged. */
struct share_of_month {
    enum feature feature;
    int known, also, of; /* sums; also -1: none */
};

static const struct share_of_month judged[] = {
    {FEATURE_DISCRETION, SUM_low, SUM_discretionary, SUM_persons},
    {FEATURE_SEARCH, SUM_search_known, -1, SUM_persons},
    {FEATURE_HIT_STRICT, SUM_strict_known, -1, SUM_searched},
    {FEATURE_HIT_BROAD, SUM_broad_known, -1, SUM_searched},
    {FEATURE_SELECTION, SUM_sound_known, -1, SUM_discretionary},
    {FEATURE_WEAK, SUM_weak_known, -1, SUM_discretionary},
    {FEATURE_TEXT, SUM_text_known, -1, SUM_discretionary},
    {FEATURE_EXPLAINED, SUM_explained_known, -1, SUM_persons},
    {FEATURE_TREATMENT, SUM_plain_known, -1, SUM_persons},
    {FEATURE_REFLECTION, SUM_reflect_known, -1, SUM_persons},
    {FEATURE_SANCTION, SUM_sanction_known, -1, SUM_persons},
    {FEATURE_REPEAT, SUM_repeat_known, -1, SUM_persons},
};

static void
judge_features(struct cube *c, int month, const double total[SUM_COUNT])
{
    for (size_t i = 0; i < sizeof judged / sizeof *judged; i++) {
        const struct share_of_month *const j = &judged[i];
        const double known = total[j->known] + (j->also >= 0 ? total[j->also] : 0);

        if (total[j->of] > 0 && known / total[j->of] < 0.5) {
            c->left_out[month][j->feature] = true;
            add_gap(c, month, feature_names[j->feature], known / total[j->of]);
        }
    }
}

/* Control totals that count what a sum counts, and the features that lean on it. */
static const struct {
    const char *kind;
    enum sum sum;
    enum feature features[3]; /* FEATURE_STOPS: every feature */
} controlled[] = {
    {"stops", SUM_persons, {FEATURE_STOPS}},
    {"persons", SUM_persons, {FEATURE_STOPS}},
    {"searches", SUM_searched, {FEATURE_SEARCH, FEATURE_HIT_STRICT, FEATURE_HIT_BROAD}},
    {"bodycam", SUM_worn, {FEATURE_BODYCAM}},
    {"sanctions", SUM_sanctioned, {FEATURE_SANCTION}},
    {"fines", SUM_sanctioned, {FEATURE_SANCTION}},
};

static void
leave_out(struct cube *c, int month, const enum feature features[3], double coverage)
{
    if (features[0] == FEATURE_STOPS)
        for (unsigned f = 0; f < FEATURE_COUNT; f++)
            c->left_out[month][f] = true;
    for (unsigned i = 0; i < 3 && (i == 0 || features[i] != FEATURE_STOPS); i++) {
        c->left_out[month][features[i]] = true;
        add_gap(c, month, feature_names[features[i]], coverage);
    }
}

/* Months of which less than half was registered, by a total of one month of the whole city. */
static void
judge_controls(struct cube *c, double (*total)[SUM_COUNT])
{
    for (size_t i = 0; i < c->in->control_count; i++) {
        const struct control_total *const t = &c->in->controls[i];
        const int month = t->from - (c->in->cells->month - LAST);

        if (t->unit[0] || t->from != t->until || month < FIRST_FULL || month > LAST ||
            t->count <= 0)
            continue;
        for (size_t k = 0; k < sizeof controlled / sizeof *controlled; k++) {
            const double coverage = total[month][controlled[k].sum] / t->count;

            if (strcmp(t->kind, controlled[k].kind) == 0 && coverage < 0.5 &&
                !c->left_out[month][controlled[k].features[0]])
                leave_out(c, month, controlled[k].features, coverage);
        }
    }
}

static void
judge_months(struct cube *c)
{
    const struct cells *const cells = c->in->cells;
    double(*const total)[SUM_COUNT] = arena_array(c->arena, CELLS_MONTHS, sizeof *total);
    double persons[CELLS_MONTHS][PERSPECTIVES] = {{0}};

    c->gaps = arena_array(c->arena, (size_t)CELLS_MONTHS * (2 * FEATURE_COUNT + PERSPECTIVES + 1),
                          sizeof *c->gaps);
    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *const x = &cells->list[i];

        persons[x->month][x->perspective] += x->sum[SUM_persons];
        if (x->perspective == PERSPECTIVE_ALL)
            for (unsigned s = 0; s < SUM_COUNT; s++)
                total[x->month][s] += x->sum[s];
        else if (x->month >= FIRST_FULL && c->slot_of_group[x->group] != SLOT_NONE)
            c->has_perspective[x->perspective] = true;
    }
    for (int m = 0; m < CELLS_MONTHS; m++) {
        const double all = persons[m][PERSPECTIVE_ALL];

        if (all == 0) {
            for (unsigned f = 0; f < FEATURE_COUNT; f++)
                c->left_out[m][f] = true;
            if (m >= FIRST_FULL)
                add_gap(c, m, "stops", 0);
            continue;
        }
        if (m >= FIRST_FULL)
            judge_features(c, m, total[m]);
        for (unsigned p = 1; p < PERSPECTIVES; p++)
            if (c->has_perspective[p] && persons[m][p] / all < 0.5) {
                c->perspective_out[m][p] = true;
                if (m >= FIRST_FULL)
                    add_gap(c, m, perspective_names[p], persons[m][p] / all);
            }
    }
    judge_controls(c, total);
}

/* ---- sums ------------------------------------------------------------------------------------ */

static size_t
index_of(const struct cube *c, unsigned window, unsigned place, unsigned perspective, unsigned slot)
{
    return (((size_t)window * c->place_count + place) * PERSPECTIVES + perspective) * c->slots +
           slot;
}

static bool
has_outcome(const struct cube *c, unsigned month)
{
    return !c->left_out[month][FEATURE_STOPS] && !c->left_out[month][FEATURE_SEARCH] &&
           !c->left_out[month][FEATURE_HIT_STRICT];
}

static void
add_at(struct cube *c, const struct cell *x, unsigned window, int place, unsigned slot)
{
    double *const into =
        c->sums + index_of(c, window, (unsigned)place, x->perspective, slot) * SUM_COUNT;

    for (unsigned s = 0; s < SUM_COUNT; s++)
        if (!c->left_out[x->month][sum_features[s]])
            into[s] += x->sum[s];
    if (has_outcome(c, x->month)) {
        struct cube_outcome *const o =
            &c->outcome[index_of(c, window, (unsigned)place, x->perspective, slot)];

        o->persons += x->sum[SUM_persons];
        o->hits += x->sum[SUM_strict];
    }
}

/* The city, the area and what it lies in, the unit. */
static unsigned
places_of(const struct cube *c, const struct cell *x, int out[LEVELS_MOST])
{
    unsigned n = 0;

    out[n++] = 0;
    for (int p = c->place_of_area[x->area]; p > 0 && n < LEVELS_MOST - 1; p = c->places[p].parent)
        out[n++] = p;
    if (c->place_of_unit[x->unit] >= 0)
        out[n++] = c->place_of_unit[x->unit];
    return n;
}

static void
add_cell(struct cube *c, const struct cell *x)
{
    int at[LEVELS_MOST];
    const unsigned places = places_of(c, x, at);
    const unsigned slot =
        x->perspective == PERSPECTIVE_ALL ? SLOT_ALL : (unsigned)c->slot_of_group[x->group];

    if (c->perspective_out[x->month][x->perspective])
        return;
    for (unsigned w = 0; w < WINDOWS; w++)
        for (unsigned i = 0; i < places; i++) {
            if (x->month >= c->first[w]) {
                add_at(c, x, w, at[i], slot);
                if (slot >= SLOT_GROUPS)
                    add_at(c, x, w, at[i], SLOT_ALL);
            } else if (x->month + 12 >= (int)c->first[w] && x->month + 12 <= LAST) {
                c->before[index_of(c, w, (unsigned)at[i], x->perspective, slot)] +=
                    x->sum[SUM_persons];
                if (slot >= SLOT_GROUPS)
                    c->before[index_of(c, w, (unsigned)at[i], x->perspective, SLOT_ALL)] +=
                        x->sum[SUM_persons];
            }
        }
}

struct cube *
cube_new(struct arena *a, const struct inputs *in)
{
    struct cube *const c = arena_alloc(a, sizeof *c);

    *c = (struct cube){.arena = a, .in = in};
    make_places(c);
    map_areas(c);
    make_units(c);
    make_groups(c);
    judge_months(c);
    c->first[WINDOW_MONTH] = LAST;
    c->first[WINDOW_3] = LAST - 2;
    c->first[WINDOW_12] = LAST - 11;
    c->first[WINDOW_YEAR] = LAST - ((unsigned)in->choices.month.month - 1);

    const size_t slots = (size_t)WINDOWS * c->place_count * PERSPECTIVES * c->slots;

    c->sums = arena_array(a, slots * SUM_COUNT, sizeof *c->sums);
    c->before = arena_array(a, slots, sizeof *c->before);
    c->outcome = arena_array(a, slots, sizeof *c->outcome);
    for (size_t i = 0; i < in->cells->count; i++)
        add_cell(c, &in->cells->list[i]);
    return c;
}

/* ---- reading --------------------------------------------------------------------------------- */

const struct inputs *
cube_inputs(const struct cube *c)
{
    return c->in;
}

unsigned
cube_place_count(const struct cube *c)
{
    return c->place_count;
}

const struct cube_place *
cube_place(const struct cube *c, unsigned place)
{
    return &c->places[place];
}

unsigned
cube_group_count(const struct cube *c)
{
    return c->group_count;
}

const char *
cube_group(const struct cube *c, unsigned group)
{
    return c->groups[group];
}

int
cube_group_find(const struct cube *c, const char *code)
{
    for (unsigned g = 0; g < c->group_count; g++)
        if (strcmp(c->groups[g], code) == 0)
            return (int)g;
    return -1;
}

bool
cube_has_perspective(const struct cube *c, unsigned perspective)
{
    return c->has_perspective[perspective];
}

static unsigned
slot_of(int group)
{
    return group < 0 ? SLOT_ALL : (unsigned)group + SLOT_GROUPS;
}

double
cube_sum(const struct cube *c, unsigned window, unsigned place, unsigned perspective, int group,
         enum sum sum)
{
    return c->sums[index_of(c, window, place, perspective, slot_of(group)) * SUM_COUNT + sum];
}

double
cube_persons_before(const struct cube *c, unsigned window, unsigned place, unsigned perspective,
                    int group)
{
    return c->before[index_of(c, window, place, perspective, slot_of(group))];
}

struct cube_outcome
cube_outcome(const struct cube *c, unsigned window, unsigned place, unsigned perspective, int group)
{
    return c->outcome[index_of(c, window, place, perspective, slot_of(group))];
}

unsigned
cube_months_with_outcome(const struct cube *c, unsigned window, unsigned perspective)
{
    unsigned used = 0;

    for (unsigned m = c->first[window]; m <= LAST; m++)
        used += has_outcome(c, m) && !c->perspective_out[m][perspective];
    return used;
}

double
cube_not_perceived(const struct cube *c, unsigned window, unsigned place, unsigned perspective)
{
    return c->sums[index_of(c, window, place, perspective, SLOT_NONE) * SUM_COUNT + SUM_persons];
}

unsigned
cube_months(const struct cube *c, unsigned window)
{
    return LAST - c->first[window] + 1;
}

bool
cube_shows(const struct cube *c, unsigned window, unsigned place)
{
    return !c->places[place].unknown &&
           (window == WINDOW_12 || strcmp(c->places[place].level, "buurt") != 0);
}

bool
cube_month_counts(const struct cube *c, unsigned month, enum feature feature, unsigned perspective)
{
    return !c->left_out[month][feature] && !c->perspective_out[month][perspective];
}

unsigned
cube_months_used(const struct cube *c, unsigned window, enum feature feature, unsigned perspective)
{
    unsigned used = 0;

    for (unsigned m = c->first[window]; m <= LAST; m++)
        used += cube_month_counts(c, m, feature, perspective);
    return used;
}

unsigned
cube_first_month(const struct cube *c, unsigned window)
{
    return c->first[window];
}

size_t
cube_gap_count(const struct cube *c)
{
    return c->gap_count;
}

const struct cube_gap *
cube_gap(const struct cube *c, size_t i)
{
    return &c->gaps[i];
}

int
cube_place_of_area(const struct cube *c, unsigned area)
{
    return c->place_of_area[area];
}

int
cube_place_find(const struct cube *c, const char *level, const char *code)
{
    for (unsigned i = 0; i < c->place_count; i++)
        if (strcmp(c->places[i].level, level) == 0 && strcmp(c->places[i].code, code) == 0)
            return (int)i;
    return -1;
}

const char *
cube_pool_level(const struct cube *c)
{
    return c->pool_level;
}
