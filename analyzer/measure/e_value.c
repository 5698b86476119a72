/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How strong something unmeasured would have to be to explain a pooled ratio away (E-value), and
 * its limit nearer to 1. Speaks of the pooled figures of the same window, made before; those of
 * searches are odds ratios, brought to the scale of risks where searches are common.
 */
#include "analyzer/measure/found.h"
#include "analyzer/stat/bounds.h"

#include <math.h>

/* An odds ratio of what happens to more than this share is far from a ratio of shares; its square
 * root is near (VanderWeele 2017). */
static const double COMMON = 0.15;

/* A pooled ratio, and the events that make its odds common. */
struct subject {
    const char *term, *measure, *benchmark;
    enum feature feature;
    bool odds;
};

static const struct subject subjects[] = {
    {"stop", "pooled-rate-ratio", "residents", FEATURE_STOPS, false},
    {"search", "pooled-search-odds-ratio", "", FEATURE_SEARCH, true},
};

/* Made once per subject. */
struct about {
    const struct subject *subject;
    const struct found *ratios;
};

static struct estimate
risk_ratio(const struct measure *m, const struct frame *f, const struct subject *s,
           const struct figure *of)
{
    const struct estimate r = {of->value, of->lower, of->upper};
    const double share =
        measure_of(m, f, -1, SUM_searched) / measure_of(m, f, -1, SUM_search_known);

    if (!s->odds || !(share > COMMON))
        return r;
    return (struct estimate){sqrt(r.value), sqrt(r.lower), sqrt(r.upper)};
}

static void
one_value(const struct measure *m, const struct frame *f, bool withheld, const void *context)
{
    const struct about *const about = context;
    const struct figure *const found = found_at(about->ratios, f);

    (void)withheld;
    if (!found)
        return;

    const struct figure of = *found; /* adding a figure may move the list */
    const struct e_value e = bounds_e_value(risk_ratio(m, f, about->subject, &of));
    struct figure *const x = measure_figure(m, "e-value", "vanderweele-ding", f);

    x->term = about->subject->term;
    x->reference = of.reference;
    x->benchmark = of.benchmark;
    x->n = of.n;
    x->events = of.events;
    x->value = e.value;
    x->lower = e.limit;
    x->guard = of.guard;
    x->note = of.note;
    if (!found_usable(&of))
        measure_withhold(x, of.guard ? of.guard : "A005");
    else if (isnan(e.value))
        measure_withhold(x, "A005");
}

void
measure_e_value(const struct measure *m)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        const struct subject *const s = &subjects[i];
        const struct about about = {s, found_new(m, m->out, s->measure, s->benchmark)};

        measure_each_group(m, (struct frame){.feature = s->feature},
                           (struct by_group){.figure = one_value, .context = &about});
    }
}
