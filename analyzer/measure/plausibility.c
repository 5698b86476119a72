/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * W130-W136: what a unit registered in a month, held against what is plausible. Each rule is a part
 * of a whole; the rule speaks when the part is over its share. One figure a finding, none for what
 * is in order. Works on counts alone and belongs to the arena of the run.
 */
#include "analyzer/measure/plausibility.h"

#include "analyzer/stat/proportion.h"

#include <math.h>
#include <string.h>

enum { FIRST = CELLS_MONTHS - 12, BASE_MONTHS = 3 };

#define X(code, severity, percent, nl, en, reading) #code,
const char *const unit_rule_codes[UNIT_RULE_COUNT] = {UNIT_RULES(X)};
#undef X
#define LETTER_WARNING                              'W'
#define LETTER_CROSS                                'X'
#define X(code, severity, percent, nl, en, reading) LETTER_##severity,
const char unit_rule_severities[UNIT_RULE_COUNT] = {UNIT_RULES(X)};
#undef X
#define X(code, severity, percent, nl, en, reading) percent,
static const double percents[UNIT_RULE_COUNT] = {UNIT_RULES(X)};
#undef X

/* Rules that are judged here, and the counts of a share; the last three are made from cells. */
static const struct {
    enum unit_rule rule;
    int part, whole; /* unit_month_count; -1: see from_cells() and from_months_before() */
} judged[] = {
    {UNIT_W130, UNIT_on_quarter, UNIT_timed},
    {UNIT_W131, UNIT_lasted_the_same, UNIT_lasted},
    {UNIT_W133, UNIT_other, UNIT_reasoned},
    {UNIT_W136, UNIT_at_close, UNIT_registered},
    {UNIT_W132, -1, -1},
    {UNIT_W134, -1, -1},
    {UNIT_W135, -1, -1},
};
enum { JUDGED = sizeof judged / sizeof *judged };

struct share {
    double part, whole;
};

struct plausibility {
    const struct cube *cube;
    unsigned units;
    unsigned perspective; /* of W132 and W134; PERSPECTIVE_ALL: none has groups */
    struct share *shares; /* [UNIT_X200][units][CELLS_MONTHS] */
    double *persons;      /* [units][CELLS_MONTHS] */
};

static struct share *
share_at(const struct plausibility *p, enum unit_rule rule, unsigned unit, unsigned month)
{
    return &p->shares[((size_t)rule * p->units + unit) * CELLS_MONTHS + month];
}

/* ---- counting -------------------------------------------------------------------------------- */

static void
from_counts(struct plausibility *p, const struct inputs *in)
{
    for (size_t i = 0; i < in->unit_month_count; i++) {
        const struct unit_month *const x = &in->unit_months[i];

        for (unsigned j = 0; j < JUDGED; j++)
            if (judged[j].whole >= 0)
                *share_at(p, judged[j].rule, x->unit, x->month) = (struct share){
                    .part = x->count[judged[j].part], .whole = x->count[judged[j].whole]};
    }
}

/* Of each group of the cells: whether it is the mixed class, or none at all. */
static const bool *
marked_groups(struct arena *a, const struct inputs *in, bool unseen)
{
    const struct names *const groups = in->cells->groups;
    bool *const marked = arena_array(a, names_count(groups) + 1, sizeof *marked);

    for (unsigned g = 0; g < names_count(groups); g++) {
        const char *const code = names_text(groups, g);
        const struct label *const label = inputs_label(in, NULL, code);

        marked[g] = unseen ? label && label->not_perceived
                           : in->mixed_class && strcmp(code, in->mixed_class) == 0;
    }
    return marked;
}

static void
from_cells(struct plausibility *p, const struct inputs *in, struct arena *a)
{
    const struct cells *const cells = in->cells;
    const bool *const mixed = marked_groups(a, in, false), *const none = marked_groups(a, in, true);
    const bool mixes = in->mixed_class && inputs_label(in, NULL, in->mixed_class);

    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *const x = &cells->list[i];
        const double persons = x->sum[SUM_persons];

        if (x->perspective == PERSPECTIVE_ALL)
            p->persons[x->unit * CELLS_MONTHS + x->month] += persons;
        if (p->perspective == PERSPECTIVE_ALL || x->perspective != p->perspective)
            continue;

        struct share *const unclear = share_at(p, UNIT_W132, x->unit, x->month);
        struct share *const unseen = share_at(p, UNIT_W134, x->unit, x->month);

        unclear->whole += mixes ? persons : 0;
        unclear->part += mixes && mixed[x->group] ? persons : 0;
        unseen->whole += persons;
        unseen->part += none[x->group] ? persons : 0;
    }
}

/* Persons of all units; a month without any is a gap of the city and no unit's drop. */
static double
in_city(const struct plausibility *p, unsigned month)
{
    double sum = 0;

    for (unsigned u = 0; u < p->units; u++)
        sum += p->persons[u * CELLS_MONTHS + month];
    return sum;
}

static void
from_months_before(struct plausibility *p)
{
    for (unsigned m = FIRST; m < CELLS_MONTHS; m++) {
        if (in_city(p, m) == 0)
            continue;
        for (unsigned u = 0; u < p->units; u++) {
            const double *const now = &p->persons[u * CELLS_MONTHS + m];
            double sum = 0;
            bool all = true;

            for (unsigned b = 1; b <= BASE_MONTHS; b++) {
                sum += now[-(int)b];
                all = all && now[-(int)b] > 0;
            }
            if (all)
                *share_at(p, UNIT_W135, u, m) =
                    (struct share){.part = sum / BASE_MONTHS - *now, .whole = sum / BASE_MONTHS};
        }
    }
}

static struct plausibility
count_all(struct arena *a, const struct cube *c)
{
    const struct inputs *const in = cube_inputs(c);
    const unsigned units = names_count(in->cells->units);
    struct plausibility p = {
        .cube = c,
        .units = units,
        .perspective = cube_has_perspective(c, PERSPECTIVE_AFTER)    ? PERSPECTIVE_AFTER
                       : cube_has_perspective(c, PERSPECTIVE_BEFORE) ? PERSPECTIVE_BEFORE
                                                                     : PERSPECTIVE_ALL,
        .shares =
            arena_array(a, (size_t)UNIT_X200 * units * CELLS_MONTHS + 1, sizeof(struct share)),
        .persons = arena_array(a, (size_t)units * CELLS_MONTHS + 1, sizeof(double)),
    };

    from_counts(&p, in);
    from_cells(&p, in, a);
    from_months_before(&p);
    return p;
}

/* ---- judging --------------------------------------------------------------------------------- */

/* Stops of no unit are of no use here; a unit that is no place of the set is another city's. */
static bool
is_unit(const struct plausibility *p, unsigned unit)
{
    const char *const name = names_text(cube_inputs(p->cube)->cells->units, unit);

    return *name && cube_place_find(p->cube, "unit", name) >= 0;
}

static bool
trips(enum unit_rule rule, const struct share *s)
{
    return s->whole >= UNIT_MONTH_LEAST && 100 * s->part > percents[rule] * s->whole;
}

static struct share
rest_of_city(const struct plausibility *p, enum unit_rule rule, unsigned unit, unsigned month)
{
    struct share rest = {0, 0};

    for (unsigned u = 0; u < p->units; u++)
        if (u != unit) {
            rest.part += share_at(p, rule, u, month)->part;
            rest.whole += share_at(p, rule, u, month)->whole;
        }
    return rest;
}

/* A001: so few that the finding would tell of them; clock times and durations are of no person. */
static bool
tells_of_few(enum unit_rule rule, const struct share *s)
{
    const double left = s->whole - s->part;

    return (rule == UNIT_W132 || rule == UNIT_W134 || rule == UNIT_W135) && left > 0 &&
           left < SMALL_NUMBER;
}

static void
add_finding(const struct measure *m, const struct plausibility *p, enum unit_rule rule,
            unsigned unit, unsigned month)
{
    const struct inputs *const in = cube_inputs(p->cube);
    const char *const name = names_text(in->cells->units, unit);
    const struct share s = *share_at(p, rule, unit, month);
    const struct share rest = rest_of_city(p, rule, unit, month);
    const bool grouped = rule == UNIT_W132 || rule == UNIT_W134, drop = rule == UNIT_W135;
    struct figure *const x = figure_add(m->out);
    char when[8];

    month_text(month_of_index(in->cells->month - CELLS_MONTHS + 1 + (int)month), when);
    x->measure = "plausibility";
    x->method = drop                                 ? "three-months-before"
                : s.part < 5 || s.whole - s.part < 5 ? "clopper-pearson"
                                                     : "wilson";
    x->window = window_names[WINDOW_MONTH];
    x->level_of_place = "unit";
    x->place = name;
    x->perspective = grouped ? perspective_names[p->perspective] : "";
    x->term = arena_printf(m->arena, "%s %s", unit_rule_codes[rule], when);
    x->level = in->choices.level;
    x->value = s.part / s.whole;
    x->n = drop ? round(s.whole - s.part) : s.whole;
    x->events = drop ? NAN : s.part;
    x->exposure = drop ? s.whole : NAN;
    if (grouped)
        x->cells = arena_printf(m->arena, "months=%s..%s; unit=%s; %s=*; sums=persons", when, when,
                                name, x->perspective);
    if (!drop) {
        const struct estimate e = proportion_shown(s.part, s.whole, x->level);

        x->lower = e.lower;
        x->upper = e.upper;
    }
    figure_note(m->arena, x, NOTE_RULE, unit_rule_codes[rule]);
    if (rest.whole > 0)
        figure_note(m->arena, x, NOTE_REST_OF_CITY,
                    arena_printf(m->arena, "%.4f", rest.part / rest.whole));
    if (tells_of_few(rule, &s)) {
        measure_withhold(x, "A001");
        x->exposure = NAN;
    }
}

void
measure_plausibility(const struct measure *m)
{
    const struct plausibility p = count_all(m->arena, m->cube);

    for (unsigned j = 0; j < UNIT_X200; j++)
        for (unsigned u = 0; u < p.units; u++)
            for (unsigned month = FIRST; month < CELLS_MONTHS; month++)
                if (is_unit(&p, u) &&
                    trips((enum unit_rule)j, share_at(&p, (enum unit_rule)j, u, month)))
                    add_finding(m, &p, (enum unit_rule)j, u, month);
}

/* ---- how often ------------------------------------------------------------------------------- */

int
figure_rule(const struct figure *f)
{
    const char *const at = f->note ? strstr(f->note, "rule=") : NULL;

    for (int i = 0; at && i < UNIT_RULE_COUNT; i++)
        if (strncmp(at + strlen("rule="), unit_rule_codes[i], 4) == 0)
            return i;
    return -1;
}

const struct unit_gap *
plausibility_gaps(struct arena *a, const struct cube *c, size_t *count)
{
    const struct plausibility p = count_all(a, c);
    struct unit_gap *const list = arena_array(a, (size_t)p.units * 12 + 1, sizeof *list);

    *count = 0;
    for (unsigned u = 0; u < p.units; u++)
        for (unsigned m = FIRST; m < CELLS_MONTHS; m++)
            if (is_unit(&p, u) && p.persons[u * CELLS_MONTHS + m] < UNIT_MONTH_LEAST)
                list[(*count)++] =
                    (struct unit_gap){names_text(cube_inputs(c)->cells->units, u), m};
    return list;
}

void
plausibility_checks(const struct cube *c, const struct figures *f,
                    struct unit_check out[UNIT_RULE_COUNT])
{
    struct arena *const a = arena_child(f->arena);
    const struct plausibility p = count_all(a, c);
    size_t gaps;

    memset(out, 0, UNIT_RULE_COUNT * sizeof *out);
    plausibility_gaps(a, c, &gaps);
    out[UNIT_X205].found = (unsigned)gaps;
    for (unsigned u = 0; u < p.units; u++) {
        if (!is_unit(&p, u))
            continue;
        out[UNIT_X205].judged += 12;
        for (unsigned j = 0; j < UNIT_X200; j++)
            for (unsigned m = FIRST; m < CELLS_MONTHS; m++) {
                const double whole = share_at(&p, (enum unit_rule)j, u, m)->whole;

                out[j].judged += whole >= UNIT_MONTH_LEAST;
                out[j].small += whole > 0 && whole < UNIT_MONTH_LEAST;
            }
    }
    for (size_t i = 0; i < f->count; i++) {
        const int rule = figure_rule(&f->list[i]);

        if (rule >= 0)
            out[rule].found++;
    }
    coverage_judged(c, out);
    arena_free(a);
}
