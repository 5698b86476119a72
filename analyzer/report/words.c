/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Notation by language: decimal mark, thousands, names of months. Rounds for reading and decides
 * nothing else; what there is to say is in texts.c. Everything returned belongs to the arena.
 */
#include "analyzer/report/words.h"

#include "analyzer/report/gaps.h"
#include "common/clock.h"
#include "common/str.h"

#include <math.h>
#include <string.h>

static const struct {
    char decimal, thousands;
} marks[LANGUAGES] = {{',', '.'}, {'.', ','}};

enum { NUMBER_CAP = 1024 }; /* a double has at most 309 digits before the point */

const char *
words_number(struct arena *a, enum language l, int decimals, double value)
{
    if (!isfinite(value))
        return isnan(value) ? "" : value > 0 ? "∞" : "-∞";

    const char *const plain = arena_printf(a, "%.*f", decimals, value);
    const char *at = plain + (*plain == '-');
    struct strbuf *const b = strbuf_new(a, NUMBER_CAP);

    strbuf_add(b, plain, (size_t)(at - plain));
    for (size_t left = strcspn(at, "."); left > 0; left--) {
        strbuf_add_char(b, *at++);
        if (left > 1 && left % 3 == 1)
            strbuf_add_char(b, marks[l].thousands);
    }
    if (*at == '.') {
        strbuf_add_char(b, marks[l].decimal);
        strbuf_add_text(b, at + 1);
    }
    return b->data;
}

const char *
words_month(struct arena *a, enum language l, const char *month)
{
    struct month m;

    if (!month_parse(span_of(month), &m))
        return month;
    return arena_printf(a, "%s %d", text(arena_printf(a, "month-%d", m.month), l), m.year);
}

/* "March 2026, June 2026 to August 2026" */
static const char *
runs_text(struct arena *a, enum language l, const struct gap *g)
{
    struct strbuf *const b = strbuf_new(a, 4096);

    for (unsigned i = 0; i < g->runs; i++) {
        strbuf_printf(b, "%s%s", i ? ", " : "", words_month(a, l, g->from[i]));
        if (strcmp(g->from[i], g->until[i]) != 0)
            strbuf_printf(b, " %s %s", text("until", l), words_month(a, l, g->until[i]));
    }
    return b->data;
}

const char *
words_silence(struct arena *a, enum language l, const struct gap *stops, bool none, const char *key)
{
    const unsigned months = !stops ? 0 : none ? stops->empty : stops->months - stops->empty;

    if (months == 0)
        return "";

    const char *const values[] = {runs_text(a, l, stops), arena_printf(a, "%u", months)};

    return text_fill(a, key, l, values);
}

const char *
words_capital(struct arena *a, const char *s)
{
    char *const out = arena_strdup(a, s);

    if (*out >= 'a' && *out <= 'z')
        *out = (char)(*out - 'a' + 'A');
    return out;
}
