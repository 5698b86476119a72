/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tallies gap months by field and finds the field that a figure rests on. The table of fields is
 * the measures' own in short; a measure that is not in it has only its guard to say. Computes no
 * figure and allocates nothing.
 */
#include "analyzer/report/gaps.h"

#include "common/clock.h"
#include "common/str.h"

#include <math.h>
#include <string.h>

static bool
follows(const char *earlier, const char *later)
{
    struct month a, b;

    return month_parse(span_of(earlier), &a) && month_parse(span_of(later), &b) &&
           month_index(b) == month_index(a) + 1;
}

static void
add_empty(struct gap *x, const char *month)
{
    x->empty++;
    if (x->runs > 0 && follows(x->until[x->runs - 1], month)) {
        x->until[x->runs - 1] = month;
    } else if (x->runs < GAP_MONTHS) {
        x->from[x->runs] = x->until[x->runs] = month;
        x->runs++;
    }
}

void
gaps_add(struct gaps *g, const char *what, const char *month, double coverage)
{
    size_t i = 0;

    while (i < g->count && strcmp(g->list[i].what, what) != 0)
        i++;
    if (i == GAPS_MOST)
        return;
    if (i == g->count)
        g->list[g->count++] = (struct gap){.what = what};
    g->list[i].months++;
    if (coverage <= 0)
        add_empty(&g->list[i], month);
}

static const struct gap *
find(const struct gaps *g, const char *what)
{
    for (size_t i = 0; i < g->count; i++)
        if (strcmp(g->list[i].what, what) == 0)
            return &g->list[i];
    return NULL;
}

const struct gap *
gaps_of_stops(const struct gaps *g)
{
    return find(g, "stops");
}

bool
gaps_absent(const struct gaps *g, const char *what)
{
    const struct gap *const silent = find(g, "stops");
    const struct gap *const gap = find(g, what);
    const unsigned months = GAP_MONTHS - (silent ? silent->empty : 0);

    return gap && gap != silent && gap->empty == months && !gaps_lacks(g, what);
}

void
gaps_add_lacking(struct gaps *g, const char *what)
{
    if (g->lacking_count < GAPS_MOST)
        g->lacking[g->lacking_count++] = what;
}

bool
gaps_lacks(const struct gaps *g, const char *what)
{
    for (size_t i = 0; i < g->lacking_count; i++)
        if (strcmp(g->lacking[i], what) == 0)
            return true;
    return false;
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
    {"reflection", "reflection"},  {"repeat", "repeat"},         {"robust", "search"},
    {"robust", "hit-strict"},      {"bodycam", "bodycam"},       {"robust", "hit-strict"},
    {"threshold", "hit-strict"},
};

static bool
rests_on(const struct gaps *g, const struct figure *f,
         bool (*is)(const struct gaps *g, const char *what))
{
    if (strcmp(f->benchmark, "low-discretion") == 0 && is(g, "discretion"))
        return true;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strstr(f->measure, fields[i].part) && is(g, fields[i].field))
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

    if ((undefined || strcmp(f->guard, "A003") == 0) && rests_on(g, f, gaps_lacks))
        return "not-in-source";
    if ((undefined || strcmp(f->guard, "A003") == 0) && rests_on(g, f, gaps_absent))
        return "not-covered";
    if (undefined && f->n > 0 && strcmp(f->measure, "robust") == 0 &&
        (!*f->benchmark || f->exposure > 0))
        return "no-hits";
    if (undefined && strcmp(f->benchmark, "residents") == 0)
        return "no-residents";
    if (undefined && strcmp(f->benchmark, "previous-year") == 0)
        return "no-year-before";
    return undefined && (f->n == 0 || strstr(f->measure, "bodycam")) ? "no-cases" : f->guard;
}

/* Parts of the names of measures that hold groups against each other. */
static const char *const of_groups[] = {"-ratio",   "difference", "-gap-",   "homogeneity",
                                        "-cmh",     "robust",     "e-value", "tipping",
                                        "distance", "perceived"};

const char *
gaps_why_none(const char *measure, bool groups)
{
    if (strcmp(measure, "coverage") == 0)
        return "no-controls";
    if (!groups)
        for (size_t i = 0; i < sizeof of_groups / sizeof *of_groups; i++)
            if (strstr(measure, of_groups[i]))
                return "no-groups";
    return strncmp(measure, "reason-", 7) == 0 && strcmp(measure, "reason-match") != 0
               ? "no-reasons"
               : "no-figures";
}
