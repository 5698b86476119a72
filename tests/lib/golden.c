/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reads the golden files; a file, key or number that is not there fails the test that asked for
 * it.
 */
#include "tests/lib/golden.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const json_t *
golden(struct arena *a, const char *name, const char *key)
{
    struct err e;
    const char *const path = arena_printf(a, "tests/stat/golden/%s.json", name);
    const json_t *const file = json_parse_file(a, path, &e);

    ck_assert_msg(file != NULL, "%s: %s", path, file ? "" : e.text);

    const json_t *const cases = json_object_get(file, key);

    ck_assert_msg(cases != NULL, "%s has no \"%s\"", path, key);
    ck_assert_msg(!json_is_array(cases) || json_array_size(cases) > 0, "%s: \"%s\" is empty", path,
                  key);
    return cases;
}

static double
number_of(const json_t *value, const char *key)
{
    static const struct {
        const char *text;
        double value;
    } words[] = {{"Inf", INFINITY}, {"-Inf", -INFINITY}, {"NaN", NAN}, {"NA", NAN}};

    if (json_is_number(value))
        return json_number_value(value);
    if (json_is_null(value))
        return NAN;
    for (size_t i = 0; json_is_string(value) && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(json_string_value(value), words[i].text) == 0)
            return words[i].value;
    ck_abort_msg("golden value \"%s\" is no number", key);
    return NAN;
}

double
golden_number(const json_t *of, const char *key)
{
    return number_of(json_object_get(of, key), key);
}

size_t
golden_numbers(const json_t *of, const char *key, double *out, size_t most)
{
    const json_t *const list = json_object_get(of, key);

    if (!json_is_array(list)) { /* a list of one was written as the number itself */
        out[0] = number_of(list, key);
        return 1;
    }
    ck_assert_uint_le(json_array_size(list), most);
    for (size_t i = 0; i < json_array_size(list); i++)
        out[i] = number_of(json_array_get(list, i), key);
    return json_array_size(list);
}

void
assert_relative(const char *what, double ours, double reference, double tolerance)
{
    if (isnan(ours) && isnan(reference))
        return;
    ck_assert_msg(ours == reference || fabs(ours - reference) <= tolerance * fabs(reference),
                  "%s: ours %.17g, reference %.17g, relative difference %.3g, allowed %.3g", what,
                  ours, reference, ours / reference - 1, tolerance);
}
