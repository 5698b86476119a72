/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The growing list of figures. Gives an empty figure and nothing else: which numbers apply is for
 * the measure to say. The list moves when it grows, so a figure is addressed by number once others
 * may have been added. The arena owns the list and never gives a moved one back before its own
 * end.
 */
#include "analyzer/measure/figure.h"

#include "analyzer/cells/grow.h"

#include <math.h>
#include <string.h>

#define X(name, code) code,
const char *const note_codes[NOTES] = {FIGURE_NOTES(X)};
#undef X

struct figure *
figure_add(struct figures *f)
{
    f->list = grown(f->arena, f->list, f->count, &f->capacity, 1024, sizeof *f->list);

    struct figure *const x = &f->list[f->count++];

    *x = (struct figure){
        .measure = "",
        .method = "",
        .window = "",
        .level_of_place = "",
        .place = "",
        .perspective = "",
        .group = "",
        .reference = "",
        .term = "",
        .benchmark = "",
        .value = NAN,
        .lower = NAN,
        .upper = NAN,
        .level = NAN,
        .n = NAN,
        .events = NAN,
        .exposure = NAN,
        .p = NAN,
        .q = NAN,
        .statistic = NAN,
        .df = NAN,
        .detectable = NAN,
        .flagged = -1,
    };
    return x;
}

void
figure_note(struct arena *a, struct figure *x, enum note note, const char *amount)
{
    x->note = arena_printf(a, "%s%s%s%s%s", x->note ? x->note : "", x->note ? "; " : "",
                           note_codes[note], amount ? "=" : "", amount ? amount : "");
}
