/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * `fit veil`: the veil of darkness on cells, for each group against all others (or a reference),
 * and the same question asked of what officers say they saw beforehand. What light a stop was made
 * in is said by the file (dark), or follows from its clock time and the sun (fit_light.h).
 */
#include "analyzer/fit/fit_frame.h"
#include "analyzer/fit/fit_light.h"
#include "analyzer/stat/veil.h"

#include <math.h>
#include <string.h>

enum { MINUTE, DARK, PLACE, GROUP, STOPS, PERCEIVED, PRECISION, DATE, SUNSET, DUSK };

static const struct fit_column columns[] = {
    [MINUTE] = {"minute", FIT_FACTOR, false},
    [DARK] = {"dark", FIT_FACTOR, true},
    [PLACE] = {"place", FIT_FACTOR, true},
    [GROUP] = {"group", FIT_FACTOR, false},
    [STOPS] = {"n", FIT_COUNT, false},
    [PERCEIVED] = {"perceived_before_decision", FIT_FACTOR, true},
    [PRECISION] = {"time_precision", FIT_FACTOR, true},
    [DATE] = {"date", FIT_FACTOR, true},
    [SUNSET] = {"sunset", FIT_REAL, true},
    [DUSK] = {"dusk", FIT_REAL, true},
};

static const struct fit_light_columns light_columns = {MINUTE, DATE, SUNSET, DUSK};

static const struct fit_output figures[] = {
    {"log-odds-dark", "logistic"},
    {"log-odds-dark-place", "interaction"},
    {"log-odds-dark-pooled", "inverse-variance"},
    {"homogeneity-dark", "cochran"},
    {"log-odds-unseen", "logistic"},
};

/* One way to ask: which column is the veil, how its figures are called. */
struct question {
    size_t column;
    const char *figure;
    const char *variable; /* of the frame: 1 behind the veil */
    const char *one;      /* what the column says behind the veil */
    bool is_of_light;     /* and so of stops whose light is known, and of the places */
};

static const struct question questions[] = {
    {DARK, "log-odds-dark", "dark", "1", true},
    {PERCEIVED, "log-odds-unseen", "unseen", "0", false},
};

static const struct {
    const char *text, *bit;
} bits[] = {{"0", "0"},     {"1", "1"},    {"FALSE", "0"}, {"TRUE", "1"},
            {"false", "0"}, {"true", "1"}, {"no", "0"},    {"yes", "1"}};

/* ---- columns ---- */

static const char *
bit_of(const char *text)
{
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
        if (strcmp(bits[i].text, text) == 0)
            return bits[i].bit;
    return NULL;
}

/* Is the row behind the veil? The file's own word goes before the computed light. */
static bool
is_behind(struct fit *f, const struct question *q, const struct fit_light *light, size_t row,
          size_t *behind, struct err *e)
{
    const char *const text = fit_cells_label(f->cells, q->column, row);
    const char *const bit = text ? bit_of(text) : NULL;

    if (text && !bit) {
        fit_cells_refuse(f->cells, row, q->column, "is neither 0 nor 1", e);
        return err_hint(e, "%s takes 0 or 1 (or FALSE, TRUE, no, yes)", columns[q->column].name);
    }
    *behind = text ? strcmp(bit, q->one) == 0 : light->dark[row];
    return true;
}

/* A yes or no column as a variable that is 1 behind the veil. */
static bool
veil_variable(struct fit *f, const struct question *q, const struct fit_light *light,
              struct fit_rows rows, struct design_variable *v, struct err *e)
{
    static const char *const level[] = {"0", "1"};
    static const double number[] = {0, 1};
    size_t *const code = arena_array(f->arena, rows.count, sizeof *code);

    for (size_t i = 0; i < rows.count; i++)
        if (!is_behind(f, q, light, rows.row[i], &code[i], e))
            return false;
    *v = (struct design_variable){
        .name = q->variable, .levels = 2, .level = level, .number = number, .code = code};
    return true;
}

static double
stops_in(const struct fit_cells *c, size_t row)
{
    return c->number[STOPS][row] * fit_cells_times(c, row);
}

static bool
takes_part(const struct fit *f, const char *group, size_t row)
{
    const char *const reference = f->options->reference;
    const char *const own = fit_cells_label(f->cells, GROUP, row);

    return !reference || strcmp(reference, "others") == 0 || strcmp(own, group) == 0 ||
           strcmp(own, reference) == 0;
}

/* Rows with stops whose time and light are known well enough, and whose group takes part. */
static struct fit_rows
choose_rows(struct fit *f, const struct question *q, const struct fit_light *light,
            const char *group)
{
    const struct fit_cells *const c = f->cells;
    size_t *const row = arena_array(f->arena, c->rows, sizeof *row);
    size_t n = 0;

    for (size_t r = 0; r < c->rows; r++) {
        if (fit_cells_has(c, PRECISION) && !veil_is_precise(fit_cells_label(c, PRECISION, r)))
            continue;
        if (q->is_of_light && light->left_out && light->left_out[r] != FIT_LIGHT_KEPT)
            continue;
        row[n] = r;
        n += takes_part(f, group, r) && c->number[STOPS][r] > 0;
    }
    return (struct fit_rows){n, row};
}

/* How many stops are left out, and why; and of how many the file says another light. */
static void
put_left_out(struct fit *f, const struct fit_light *light)
{
    static const char *const names[FIT_LIGHT_REASONS] = {
        [FIT_LIGHT_TWILIGHT] = "stops_twilight",
        [FIT_LIGHT_OUTSIDE] = "stops_outside_window",
        [FIT_LIGHT_FAR] = "stops_far_from_clock_change",
    };
    const struct fit_cells *const c = f->cells;
    double stops[FIT_LIGHT_REASONS] = {0}, coarse = 0, otherwise = 0;

    for (size_t r = 0; r < c->rows; r++) {
        const char *const said = fit_cells_label(c, DARK, r);
        const char *const bit = said ? bit_of(said) : NULL;

        if (fit_cells_has(c, PRECISION) && !veil_is_precise(fit_cells_label(c, PRECISION, r)))
            coarse += stops_in(c, r);
        else if (light->left_out && light->left_out[r] != FIT_LIGHT_KEPT)
            stops[light->left_out[r]] += stops_in(c, r);
        else if (light->known && bit)
            otherwise += (bit[0] == '1') == light->dark[r] ? 0 : stops_in(c, r);
    }
    fit_put(f->diagnostics, "stops_too_coarse", coarse);
    for (size_t i = FIT_LIGHT_KEPT + 1; i < FIT_LIGHT_REASONS && light->left_out; i++)
        fit_put(f->diagnostics, names[i], stops[i]);
    if (light->known && fit_cells_has(c, DARK))
        fit_put(f->diagnostics, "stops_dark_otherwise", otherwise);
    if (light->left_out && !isnan(light->window.from)) {
        fit_put(f->diagnostics, "window_from", light->window.from);
        fit_put(f->diagnostics, "window_to", light->window.to);
    }
}

static const char *
adjustment(const struct fit *f)
{
    const char *const text = f->options->adjust;

    if (!text || strcmp(text, "none") == 0)
        return NULL;
    if (strcmp(text, "place") == 0 && !fit_cells_has(f->cells, PLACE))
        return NULL; /* the default, in a file without places */
    return text;
}

/* minute, the veil, place and what the adjustment names. */
static bool
make_frame(struct fit *f, const struct question *q, const struct fit_light *light,
           struct fit_rows rows, struct design_data *data, struct err *e)
{
    struct formula *const formula = arena_alloc(f->arena, sizeof *formula);
    const char *const adjust = adjustment(f);
    const char *const text =
        arena_printf(f->arena, "minute%s%s%s", fit_cells_has(f->cells, PLACE) ? " + place" : "",
                     adjust ? " + " : "", adjust ? adjust : "");

    if (!formula_parse(f->arena, text, formula, e) || !fit_frame_of(f, formula, rows, data, e))
        return false;

    struct design_variable *const list =
        arena_array(f->arena, data->variable_count + 1, sizeof *list);

    memcpy(list + 1, data->variables, data->variable_count * sizeof *list);
    data->variables = list;
    data->variable_count++;
    return veil_variable(f, q, light, rows, &list[0], e);
}

/* ---- figures ---- */

static void
put_log_odds(struct fit *f, json_t *figure, double value, double se, const char *why)
{
    fit_put_wald(f, figure, value, se, NAN);
    fit_note(figure, why, NULL);
}

static const char *
why_not(const struct veil_result *r)
{
    if (r->stops_dark == 0 || r->stops_dark == r->stops)
        return "all stops are on one side of the veil";
    if (r->of_group == 0 || r->of_group == r->stops)
        return "nobody to compare with";
    return fit_why_not(r->fit.status, r->state);
}

static bool
put_places(struct fit *f, const struct veil_data *data, struct fit_subject about, struct err *e)
{
    struct veil_places p;
    struct fit_subject of = about;

    if (!veil_fit_places(f->arena, data, "place", &p, e))
        return false;
    for (size_t i = 0; i < p.count; i++) {
        of.place = p.place[i].place;
        put_log_odds(f, fit_figure(f, "log-odds-dark-place", "interaction", of),
                     p.place[i].log_odds, p.place[i].se,
                     fit_why_not(p.fit.status, p.place[i].state));
    }

    json_t *const pooled = fit_figure(f, "log-odds-dark-pooled", "inverse-variance", about);

    fit_put(pooled, "n", (double)p.pooled);
    fit_put_wald(f, pooled, p.log_odds, p.se, NAN);
    fit_note(pooled, "no place has a finite estimate", "n counts places with a finite estimate");

    json_t *const same = fit_figure(f, "homogeneity-dark", "cochran", about);

    fit_put_test(same, p.homogeneity);
    fit_note(same, "fewer than two places with a finite estimate", NULL);
    return true;
}

static bool
ask(struct fit *f, const struct question *q, const struct fit_light *light, const char *group,
    struct err *e)
{
    const char *const reference = f->options->reference ? f->options->reference : "others";
    const struct fit_subject about = {.group = group, .reference = reference};
    const struct fit_rows rows = choose_rows(f, q, light, group);
    double *const y = arena_array(f->arena, rows.count, sizeof *y);
    double *const n = arena_array(f->arena, rows.count, sizeof *n);
    struct design_data frame;
    struct veil_result r;

    for (size_t i = 0; i < rows.count; i++) {
        n[i] = stops_in(f->cells, rows.row[i]);
        y[i] = strcmp(fit_cells_label(f->cells, GROUP, rows.row[i]), group) == 0 ? n[i] : 0;
    }
    if (rows.count == 0) {
        err_set(e, ERR_INPUT, "no row has stops %s",
                light->left_out ? "in the window, by daylight or in the dark"
                                : "whose time is known to a quarter");
        return err_hint(e, "n counts stops; time_precision is exact, quarter, hour or date_only");
    }
    if (!make_frame(f, q, light, rows, &frame, e))
        return false;

    const struct veil_data data = {&frame,       y, n, q->variable, (size_t)f->options->df,
                                   adjustment(f)};

    if (!veil_fit(f->arena, &data, &r, e))
        return false;

    json_t *const figure = fit_figure(f, q->figure, "logistic", about);

    fit_put(figure, "n", r.stops);
    fit_put(figure, "events", r.of_group);
    put_log_odds(f, figure, r.log_odds, r.se, why_not(&r));
    f->converged = f->converged && r.fit.status == GLM_CONVERGED;
    return !q->is_of_light || !f->options->by_place || put_places(f, &data, about, e);
}

/* ---- run ---- */

static bool
check(const struct fit *f, const struct fit_factor *group, const struct fit_light *light,
      struct err *e)
{
    const char *const named[] = {f->options->group, f->options->reference};

    if (f->options->df < 1 || f->options->df > 50) {
        err_set(e, ERR_USAGE, "--df must lie between 1 and 50");
        return err_hint(e, "6 is usual");
    }
    if (!fit_cells_has(f->cells, DARK) && !fit_cells_has(f->cells, PERCEIVED) && !light->known) {
        err_set(e, ERR_INPUT, "there is neither a column dark nor perceived_before_decision");
        return err_hint(e, "give one of the two with 0 and 1, or sunset and dusk, or date and "
                           "--latitude, --longitude and --time-zone");
    }
    if (f->options->by_place && !fit_cells_has(f->cells, PLACE)) {
        err_set(e, ERR_USAGE, "--by-place needs a column place");
        return err_hint(e, "leave the option out");
    }
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        size_t g = 0;

        if (!named[i] || (i == 1 && strcmp(named[i], "others") == 0))
            continue;
        while (g < group->levels && strcmp(group->level[g], named[i]) != 0)
            g++;
        if (g == group->levels) {
            err_set(e, ERR_USAGE, "no row has the group that --%s names",
                    i == 0 ? "group" : "reference");
            return err_hint(e, "name a group of the column group, as it is spelled there");
        }
    }
    return true;
}

static bool
run(struct fit *f, struct err *e)
{
    const struct fit_factor group = fit_factor_of(f->arena, f->cells, GROUP, FIT_AS_READ);
    const char *const only = f->options->group;
    const char *const reference = f->options->reference;
    struct fit_light light;

    if (!fit_light_of(f, &light_columns, &light, e) || !check(f, &group, &light, e))
        return false;
    put_left_out(f, &light);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        if (!fit_cells_has(f->cells, questions[i].column) &&
            !(questions[i].is_of_light && light.known))
            continue;
        for (size_t g = 0; g < group.levels; g++) {
            if ((only && strcmp(only, group.level[g]) != 0) ||
                (reference && strcmp(reference, group.level[g]) == 0))
                continue;
            if (!ask(f, &questions[i], &light, group.level[g], e))
                return false;
        }
    }
    return true;
}

const struct fit_model fit_veil = {
    .name = "veil",
    .summary = "the veil of darkness: a group's share of stops by dark and by daylight",
    .layout = {FIT_LIST(columns), "any factors", true, NULL},
    .options = FIT_READS(group) | FIT_READS(reference) | FIT_READS(df) | FIT_READS(adjust) |
               FIT_READS(by_place) | FIT_READS(level) | FIT_READS(latitude) | FIT_READS(longitude) |
               FIT_READS(time_zone) | FIT_READS(window) | FIT_READS(clock_change),
    FIT_FIGURES(figures),
    .run = run,
};
