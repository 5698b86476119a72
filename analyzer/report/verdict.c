/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counts verdicts of `robust` over twelve months. Only those that adjustment for many comparisons
 * leaves standing count as concluded. What is returned belongs to the arena.
 */
#include "analyzer/report/verdict.h"

#include "analyzer/report/gaps.h"
#include "analyzer/report/words.h"

#include <math.h>
#include <string.h>

/* Of one decision. */
struct tally {
    struct strbuf *groups; /* against which both tests point in the whole city: 'a', 'b' */
    unsigned city;         /* groups compared in the whole city */
    unsigned places, against;
    const char *guard; /* of a figure of the city that was withheld */
};

static bool
is_verdict(const struct figure *f, const char *perspective, const char *term)
{
    return strcmp(f->measure, "robust") == 0 && strcmp(f->window, "12-months") == 0 &&
           strcmp(f->perspective, perspective) == 0 && strcmp(f->term, term) == 0;
}

static bool
is_pooled(const struct figure *f)
{
    return strcmp(f->method, "pooled") == 0;
}

static bool
is_against(const struct figure *f)
{
    return f->value > 0 && f->flagged == 1;
}

/* After contact where there are such figures, else the first that there is; "": none. */
static const char *
main_perspective(const struct analysis *x)
{
    const char *const after = perspective_names[PERSPECTIVE_AFTER];
    const char *first = "";

    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (strcmp(f->measure, "robust") != 0)
            continue;
        if (strcmp(f->perspective, after) == 0)
            return after;
        first = *first ? first : f->perspective;
    }
    return first;
}

/* Not when the same test within places says otherwise: then the places are what differs. */
static bool
holds_within_places(const struct analysis *x, const struct figure *of)
{
    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (is_verdict(f, of->perspective, of->term) && is_pooled(f) &&
            strcmp(f->group, of->group) == 0 && !gaps_withheld(f))
            return is_against(f);
    }
    return true;
}

static void
add_city(struct tally *t, const struct figure *f, const struct analysis *x, enum language l)
{
    const struct label *const found = inputs_label(x->in, NULL, f->group);

    if (gaps_withheld(f)) {
        t->guard = f->guard;
        return;
    }
    t->city++;
    if (is_against(f) && holds_within_places(x, f))
        strbuf_printf(t->groups, "%s'%s'", t->groups->length ? ", " : "",
                      !found             ? f->group
                      : l == LANGUAGE_NL ? found->nl
                                         : found->en);
}

/* Figures of one place follow each other. */
static struct tally
tally_of(const struct analysis *x, const char *perspective, const char *term, struct arena *a,
         enum language l)
{
    struct tally t = {.groups = strbuf_new(a, 65536)};
    const char *place = "";
    bool counted = false, against = false;

    for (size_t i = 0; i < x->figures.count; i++) {
        const struct figure *const f = &x->figures.list[i];

        if (!is_verdict(f, perspective, term) || is_pooled(f))
            continue;
        if (!*f->place) {
            add_city(&t, f, x, l);
            continue;
        }
        if (strcmp(place, f->place) != 0)
            counted = against = false;
        place = f->place;
        if (!counted && !gaps_withheld(f)) {
            t.places++;
            counted = true;
        }
        if (!against && is_against(f)) {
            t.against++;
            against = true;
        }
    }
    return t;
}

static void
add(struct strbuf *b, const char *s)
{
    strbuf_printf(b, "%s%s", b->length ? " " : "", s);
}

static void
add_decision(struct strbuf *b, const struct tally *t, const char *term, const char *reference,
             struct arena *a, enum language l)
{
    const char *const names[] = {t->groups->data, reference};
    const char *const numbers[] = {words_number(a, l, 0, t->against),
                                   words_number(a, l, 0, t->places)};
    const char *const why[] = {t->guard ? text(t->guard, l) : ""};

    if (t->city)
        add(b, text_fill(a, arena_printf(a, "verdict-%s%s", term, t->groups->length ? "" : "-none"),
                         l, names));
    else if (t->guard)
        add(b, text_fill(a, arena_printf(a, "verdict-%s-not-compared", term), l, why));
    if (t->places)
        add(b, text_fill(a, t->against ? "verdict-places" : "verdict-no-place", l, numbers));
}

const char *
verdict_sentence(const struct analysis *x, const char *reference, struct arena *a, enum language l)
{
    static const char *const terms[] = {"stop", "search"};
    const char *const perspective = main_perspective(x);
    struct strbuf *const b = strbuf_new(a, 65536);

    for (size_t i = 0; i < 2; i++) {
        const struct tally t = tally_of(x, perspective, terms[i], a, l);

        add_decision(b, &t, terms[i], reference, a, l);
    }
    if (b->length == 0)
        return "";

    const char *const seen = text(perspective, l);

    return arena_printf(a, "%s %s %s", text_fill(a, "verdict-lead", l, &seen), b->data,
                        text("verdict-caution", l));
}
