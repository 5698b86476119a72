/* SPDX-License-Identifier: EUPL-1.2 */
/* Figures as JSON: keys that do not apply are left out, what is undefined is null. */
#include "analyzer/fit/fit_model.h"

static void
put_text(json_t *figure, const char *key, const char *text)
{
    if (text)
        json_object_set_new(figure, key, json_string(text));
}

json_t *
fit_figure(struct fit *f, const char *name, const char *method, struct fit_subject about)
{
    json_t *const figure = json_object();

    put_text(figure, "name", name);
    put_text(figure, "method", method);
    put_text(figure, "place", about.place);
    put_text(figure, "group", about.group);
    put_text(figure, "reference", about.reference);
    put_text(figure, "term", about.term);
    json_array_append_new(f->figures, figure);
    return figure;
}

void
fit_put(json_t *figure, const char *key, double number)
{
    json_object_set_new(figure, key, json_number_or_null(number));
}

void
fit_put_estimate(const struct fit *f, json_t *figure, struct estimate e)
{
    fit_put(figure, "value", e.value);
    fit_put(figure, "lower", e.lower);
    fit_put(figure, "upper", e.upper);
    fit_put(figure, "level", f->options->level);
}

void
fit_put_test(json_t *figure, struct test t)
{
    fit_put(figure, "value", t.statistic);
    fit_put(figure, "statistic", t.statistic);
    fit_put(figure, "df", t.df);
    fit_put(figure, "p", t.p);
}

void
fit_put_pooled(struct fit *f, const char *name, struct fit_subject about,
               struct pooled_ratio pooled, const char *why)
{
    json_t *const figure = fit_figure(f, name, "mantel-haenszel", about);

    fit_put_estimate(f, figure, pooled.ratio);
    fit_put(figure, "se", pooled.se_log);
    fit_put(figure, "statistic", pooled.z);
    fit_put(figure, "p", pooled.p);
    fit_put(figure, "n", (double)pooled.strata);
    fit_note(figure, pooled.strata == 0 ? "no informative place" : why,
             "se is of the log ratio; n counts informative places");
}

static bool
has_null(json_t *figure)
{
    const char *key;
    json_t *value;

    json_object_foreach(figure, key, value)
    {
        if (json_is_null(value))
            return true;
    }
    return false;
}

void
fit_note(json_t *figure, const char *why, const char *otherwise)
{
    if (has_null(figure))
        put_text(figure, "note", why ? why : "undefined for these numbers");
    else
        put_text(figure, "note", otherwise);
}
