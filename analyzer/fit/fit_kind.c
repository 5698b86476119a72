/* SPDX-License-Identifier: EUPL-1.2 */
/* Columns in words: which there are, what each can hold, and what makes a text a number. */
#include "analyzer/fit/fit_kind.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *text, *example;
} kinds[] = {
    [FIT_FACTOR] = {"text", "Centrum"},
    [FIT_COUNT] = {"a whole number from 0", "1234"},
    [FIT_AMOUNT] = {"a number from 0", "1234.5"},
    [FIT_REAL] = {"a number", "-1.5"},
};

const char *
fit_kind_text(enum fit_kind kind)
{
    return kinds[kind].text;
}

const char *
fit_kind_example(enum fit_kind kind)
{
    return kinds[kind].example;
}

const char *
fit_layout_text(struct arena *a, const struct fit_layout *l)
{
    const char *names = "";

    for (size_t i = 0; i < l->count; i++)
        names = arena_printf(a, "%s%s%s%s", names, i > 0 ? ", " : "", l->columns[i].name,
                             l->columns[i].optional ? " (optional)" : "");
    return l->extra ? arena_printf(a, "%s, and %s", names, l->extra) : names;
}

bool
fit_layout_hint(struct arena *a, const struct fit_layout *l, struct err *e)
{
    const char *const text = fit_layout_text(a, l);

    if (strlen("the columns are ") + strlen(text) < sizeof e->hint)
        return err_hint(e, "the columns are %s", text);
    return err_hint(e, "the columns are many: maatstaf analyzer fit MODEL --help names them");
}

const char *
fit_number_of(enum fit_kind kind, struct span text, double *number)
{
    if (!span_real(text, number))
        return text.length == 0 ? "is empty" : "is not a number";
    if (kind != FIT_REAL && *number < 0)
        return "is negative";
    if (kind == FIT_COUNT && *number != floor(*number))
        return "is not a whole number";
    if (kind == FIT_COUNT && *number > 9007199254740992.0)
        return "is larger than 2^53";
    return NULL;
}
