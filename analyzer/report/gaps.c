/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tallies gap months by field and finds the field that a figure rests on. The table of fields is
 * the measures' own in short; a measure that is not in it has only its guard to say. Computes no
 * figure and allocates nothing.
 */
#include "analyzer/report/gaps.h"

#include <math.h>
#include <string.h>

void
gaps_add(struct gaps *g, const char *what, double coverage)
{
    size_t i = 0;

    while (i < g->count && strcmp(g->list[i].what, what) != 0)
        i++;
    if (i == GAPS_MOST)
        return;
    if (i == g->count)
        g->list[g->count++] = (struct gap){what, 0, 0};
    g->list[i].months++;
    g->list[i].empty += coverage <= 0;
}

static const struct gap *
find(const struct gaps *g, const char *what)
{
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->list[i].what, what) == 0)
            return &g->list[i];
    return NULL;
}

bool
gaps_absent(const struct gaps *g, const char *what)
{
    const struct gap *const silent = find(g, "stops");
    const struct gap *const gap = find(g, what);
    const unsigned months = GAP_MONTHS - (silent ? silent->months : 0);

    return gap && gap != silent && gap->empty == months;
}

/* What a measure whose name contains `part` rests on; every match counts. */
static const struct {
    const char *part, *field;
} fields[] = {
    {"search", "search"},          {"hit-", "search"},           {"strict", "hit-strict"},
    {"broad", "hit-broad"},        {"selection", "discretion"},  {"selection", "selection"},
    {"only-weak", "discretion"},   {"only-weak", "weak-reason"}, {"boilerplate", "discretion"},
    {"boilerplate", "text"},       {"explan", "explained"},      {"explained", "explained"},
    {"reason-match", "explained"}, {"respect", "treated"},       {"treated", "treated"},
    {"reflection", "reflection"},  {"repeat", "repeat"},
};

static bool
rests_on_absent(const struct gaps *g, const struct figure *f)
{
    if (strcmp(f->benchmark, "low-discretion") == 0 && gaps_absent(g, "discretion"))
        return true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strstr(f->measure, fields[i].part) && gaps_absent(g, fields[i].field))
            return true;
    return false;
}

bool
gaps_withheld(const struct figure *f)
{
    return f->guard && isnan(f->value);
}

const char *
gaps_why(const struct gaps *g, const struct figure *f)
{
    const bool undefined = strcmp(f->guard, "A005") == 0;

    if ((undefined || strcmp(f->guard, "A003") == 0) && rests_on_absent(g, f))
        return "not-covered";
    if (undefined && strcmp(f->benchmark, "residents") == 0)
        return "no-residents";
    if (undefined && strcmp(f->benchmark, "previous-year") == 0)
        return "no-year-before";
    return undefined && f->n == 0 ? "no-cases" : f->guard;
}
