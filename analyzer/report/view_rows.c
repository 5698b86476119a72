/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Which figures of a section are shown, and in which order: the most notable first, withheld ones
 * counted by their reason. Says nothing of how a row looks (view.c). Rows belong to the view's
 * arena.
 */
#include "analyzer/report/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Differences that rest on less come last, however large they are. */
static const double TINY = 50;

/* Of differences: what stands out first, and the larger number before the smaller; the size of a
 * difference says little, as the smallest groups have the largest. */
static double
weight(const struct figure *f)
{
    const double n = isnan(f->n) ? TINY : f->n; /* several numbers and none of them the one */

    return n < TINY ? n / TINY : n + (f->flagged == 1 ? 1e12 : 0);
}

/* How far the sure end of the interval lies from "no difference"; 0 where nothing was judged. */
static double
notability(const struct section *s, const struct figure *f)
{
    const bool ratio = s->unit == UNIT_RATIO;
    const double none = ratio ? 1 : 0;
    double sure = 0;

    if ((s->unit == UNIT_DIFFERENCE || s->unit == UNIT_GAP) && !isnan(f->value))
        return weight(f);
    if (s->unit == UNIT_VERDICT)
        return (f->flagged == 1 ? 1000 : 0) +
               (f->value > 0   ? 500
                : f->value < 0 ? 200
                               : 0) +
               (f->place[0] == '\0' ? 100 : 0);
    if (s->unit == UNIT_SHARE_AT_LEAST)
        return isnan(f->lower) ? 0 : (f->place[0] == '\0' ? 10 : 1) + f->lower;
    if (s->unit == UNIT_FUNNEL || (isnan(f->lower) && !isnan(f->value)))
        return (f->flagged == 1 ? 1000 : 0) + fabs(s->unit == UNIT_FUNNEL ? f->statistic : 0);
    if (f->flagged < 0 || isnan(f->lower))
        return isnan(f->value) ? -1 : 0;
    if (f->lower > none)
        sure = ratio ? log(f->lower) : f->lower;
    else if (f->upper < none)
        sure = ratio ? -log(f->upper) : -f->upper;
    return (f->flagged == 1 ? 1000 : 0) + sure;
}

struct ranked {
    const struct figure *figure;
    double notable;
};

static int
most_notable_first(const void *a, const void *b)
{
    const struct ranked *const x = a;
    const struct ranked *const y = b;

    if (x->notable != y->notable)
        return x->notable > y->notable ? -1 : 1;
    return x->figure < y->figure ? -1 : x->figure > y->figure;
}

/* One group as one perspective saw it, in one window: its benchmarks stand side by side. */
static bool
same_people(const struct figure *x, const struct figure *y)
{
    return strcmp(x->group, y->group) == 0 && strcmp(x->perspective, y->perspective) == 0 &&
           strcmp(x->window, y->window) == 0 && strcmp(x->reference, y->reference) == 0;
}

/* Rows about the same people follow the most notable of them. */
static void
keep_together(struct ranked *list, size_t count)
{
    for (size_t at = 0; at < count;) {
        size_t next = at + 1;

        for (size_t i = next; i < count; i++)
            if (same_people(list[at].figure, list[i].figure)) {
                const struct ranked moved = list[i];

                memmove(&list[next + 1], &list[next], (i - next) * sizeof *list);
                list[next++] = moved;
            }
        at = next;
    }
}

static bool
in_window(const struct view *v, const struct figure *f)
{
    return v->how->measure || strcmp(f->window, v->how->window) == 0 ||
           strcmp(f->measure, "coverage") == 0;
}

static void
count_reason(struct section_rows *r, const char *why)
{
    size_t i = 0;

    while (i < REASONS_MOST - 1 && r->reasons[i].why && strcmp(r->reasons[i].why, why) != 0)
        i++;
    r->reasons[i].why = why;
    r->reasons[i].count++;
    r->undefined++;
}

/* Most places and groups have no verdict and lie within their limits: tables of little else. */
static bool
is_left_out(const struct view *v, const struct section *s, const struct figure *f)
{
    return !v->how->measure &&
           (s->unit == UNIT_VERDICT ? f->value == 0 && f->place[0] != '\0'
                                    : s->unit == UNIT_FUNNEL && f->flagged != 1);
}

static bool
is_too_little(const char *guard)
{
    static const char *const guards[] = {"A001", "A002", "A004"};

    for (size_t i = 0; i < sizeof guards / sizeof *guards; i++)
        if (strcmp(guard, guards[i]) == 0)
            return true;
    return false;
}

struct section_rows
view_rows(const struct view *v, const struct section *s)
{
    struct ranked *const ranked = arena_array(v->arena, v->figures.count + 1, sizeof *ranked);
    struct section_rows r = {.of = s,
                             .list = arena_array(v->arena, v->figures.count + 1, sizeof *r.list)};

    if (s->on_request && !v->how->measure)
        return r;
    for (size_t i = 0; i < v->figures.count; i++) {
        const struct figure *const f = &v->figures.list[i];

        if (strcmp(f->measure, s->measure) != 0 || !in_window(v, f))
            continue;
        if (is_left_out(v, s, f)) {
            r.inconclusive++;
        } else if (!gaps_withheld(f)) {
            ranked[r.count++] = (struct ranked){f, notability(s, f)};
        } else if (is_too_little(f->guard)) {
            r.small++;
        } else {
            count_reason(&r, gaps_why(&v->gaps, f));
        }
    }
    if (r.count)
        qsort(ranked, r.count, sizeof *ranked, most_notable_first);
    if (strcmp(s->measure, "pooled-rate-ratio") == 0)
        keep_together(ranked, r.count);
    for (size_t i = 0; i < r.count; i++)
        r.list[i] = ranked[i].figure;
    return r;
}

static bool
has_figures(const struct view *v, const char *measure)
{
    for (size_t i = 0; i < v->figures.count; i++)
        if (strcmp(v->figures.list[i].measure, measure) == 0)
            return true;
    return false;
}

const char *
view_on_request(const struct view *v)
{
    struct strbuf *const names = strbuf_new(v->arena, 65536);

    for (size_t i = 0; i < section_count && !v->how->measure; i++)
        if (sections[i].on_request && has_figures(v, sections[i].measure))
            strbuf_printf(names, "%s%s (%s)", names->length ? "; " : "",
                          view_text(v, sections[i].measure), sections[i].measure);

    const char *const values[] = {names->data};

    return names->length ? text_fill(v->arena, "on-request", v->how->language, values) : "";
}
