/* SPDX-License-Identifier: EUPL-1.2 */
/* One call of a regression; a term that is not there fails the test that asked for it. */
#include "tests/lib/regression.h"

#include <math.h>
#include <string.h>

const json_t *
regression(struct arena *a, struct regression_call c, const char *csv)
{
    const struct fit_options options = {.formula = c.formula,
                                        .family = c.family ? c.family : "poisson",
                                        .reference = c.reference,
                                        .level = 0.95,
                                        .seed = 1};

    return fit_document(a, c.model, csv, &options);
}

/* The figure of that name and term; fails when there is none. */
const json_t *
regression_term(const json_t *document, const char *term)
{
    const json_t *const figures = json_object_get(document, "figures");

    for (size_t i = 0; i < json_array_size(figures); i++) {
        const json_t *const f = json_array_get(figures, i);
        const char *const own = json_string_value(json_object_get(f, "term"));

        if (own && strcmp(own, term) == 0)
            return f;
    }
    ck_abort_msg("there is no term \"%s\"", term);
    return NULL;
}

const json_t *
regression_figure(const json_t *document, const char *name)
{
    const json_t *const figures = json_object_get(document, "figures");

    for (size_t i = 0; i < json_array_size(figures); i++) {
        const json_t *const f = json_array_get(figures, i);

        if (strcmp(json_string_value(json_object_get(f, "name")), name) == 0)
            return f;
    }
    ck_abort_msg("there is no figure \"%s\"", name);
    return NULL;
}

double
regression_number(const json_t *figure, const char *key)
{
    const json_t *const value = json_object_get(figure, key);

    return json_is_number(value) ? json_number_value(value) : NAN;
}

double
regression_beta(const json_t *document, const char *term)
{
    return regression_number(regression_term(document, term), "value");
}
