/* SPDX-License-Identifier: EUPL-1.2 */
/* The logistic models of the veil of darkness, as formulas over cells. */
#include "analyzer/stat/veil.h"

#include "analyzer/stat/dist.h"

#include <math.h>
#include <string.h>

/* light + ns(minute, df) + adjust, or with light in each place. */
static bool
model(struct arena *a, const struct veil_data *data, const char *light, struct design *d,
      struct glm_fit *fit, struct err *e)
{
    struct design_data columns = *data->columns;
    struct formula *const f = arena_alloc(a, sizeof *f);
    const struct glm_data rows = {.rows = columns.rows, .y = data->y, .trials = data->n};
    const char *const text =
        arena_printf(a, "%s + ns(minute, %zu)%s%s", light, data->df, data->adjust ? " + " : "",
                     data->adjust ? data->adjust : "");

    columns.weight = data->n;
    return formula_parse(a, text, f, e) &&
           glm_fit_formula(a, f, &columns, &rows, GLM_BINOMIAL, d, fit, e);
}

static const struct design_variable *
variable_named(const struct design_data *columns, const char *name)
{
    size_t v = 0;

    while (v < columns->variable_count && strcmp(columns->variables[v].name, name) != 0)
        v++;
    return v < columns->variable_count ? &columns->variables[v] : NULL;
}

/* The number of the column of this name, or DESIGN_NONE. */
static size_t
column_named(const struct design *d, const char *name)
{
    size_t c = 0;

    while (c < d->columns && strcmp(d->name[c], name) != 0)
        c++;
    return c < d->columns ? c : DESIGN_NONE;
}

bool
veil_fit(struct arena *a, const struct veil_data *data, struct veil_result *out, struct err *e)
{
    const struct design_variable *const light = variable_named(data->columns, data->light);
    const char *const term = arena_printf(a, "as.numeric(%s)", data->light);
    struct design d;

    *out = (struct veil_result){.log_odds = NAN, .se = NAN, .state = GLM_ALIASED};
    if (!model(a, data, term, &d, &out->fit, e))
        return false;

    const size_t c = column_named(&d, term); /* the term is in the model */

    out->state = out->fit.state[c];
    if (out->fit.status == GLM_CONVERGED) {
        out->log_odds = out->fit.beta[c];
        out->se = out->fit.se[c];
    }
    for (size_t r = 0; r < data->columns->rows; r++) {
        out->stops += data->n[r];
        out->of_group += data->y[r];
        out->stops_dark += light && light->number[light->code[r]] == 1 ? data->n[r] : 0;
    }
    return true;
}

/* ---- by place ---- */

/* Column j of the written ones is the one with this number, or dense when it is not written. */
static size_t
written(const struct design *d, size_t column)
{
    size_t j = 0;

    while (j < d->dense && d->column[j] != column)
        j++;
    return j;
}

static void
pool(const struct design *d, const size_t *column, struct veil_places *out)
{
    double sum = 0, weighted = 0, variance = 0, q = 0;

    for (size_t i = 0; i < out->count; i++) {
        const struct veil_place *const p = &out->place[i];
        const double w = 1 / (p->se * p->se);

        if (!isfinite(w))
            continue;
        out->pooled++;
        sum += w;
        weighted += w * p->log_odds;
        for (size_t k = 0; k < out->count; k++)
            if (isfinite(out->place[k].se))
                variance += w * out->fit.covariance[column[i] * d->dense + column[k]] /
                            (out->place[k].se * out->place[k].se);
    }
    out->log_odds = weighted / sum; /* NaN without any */
    out->se = sqrt(variance) / sum;
    for (size_t i = 0; i < out->count; i++) {
        const double z = (out->place[i].log_odds - out->log_odds) / out->place[i].se;

        q += isfinite(z) ? z * z : 0;
    }
    if (out->pooled >= 2)
        out->homogeneity = (struct test){q, (double)out->pooled - 1,
                                         dist_chi_square_p(q, (double)out->pooled - 1, DIST_UPPER)};
}

bool
veil_fit_places(struct arena *a, const struct veil_data *data, const char *place,
                struct veil_places *out, struct err *e)
{
    const struct design_variable *const v = variable_named(data->columns, place);
    const char *const light =
        arena_printf(a, "`%s` + `%s`:as.numeric(%s)", place, place, data->light);
    struct design d;

    *out = (struct veil_places){.log_odds = NAN, .se = NAN, .homogeneity = TEST_UNDEFINED};
    if (!v) {
        err_set(e, ERR_USAGE, "there is no column \"%.60s\"", place);
        return err_hint(e, "places can be told apart when the cells have one");
    }
    if (!model(a, data, light, &d, &out->fit, e))
        return false;
    out->count = v->levels;
    out->place = arena_array(a, v->levels, sizeof *out->place);

    size_t *const column = arena_array(a, v->levels, sizeof *column);

    for (size_t l = 0; l < v->levels; l++) {
        const size_t c = column_named(
            &d, arena_printf(a, "%s%s:as.numeric(%s)", place, v->level[l], data->light));
        const bool usable = c != DESIGN_NONE && out->fit.status == GLM_CONVERGED;

        column[l] = written(&d, c);
        out->place[l] =
            (struct veil_place){v->level[l], c != DESIGN_NONE ? out->fit.state[c] : GLM_ALIASED,
                                usable ? out->fit.beta[c] : NAN, usable ? out->fit.se[c] : NAN};
    }
    pool(&d, column, out);
    return true;
}
