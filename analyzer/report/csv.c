/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * All figures as CSV: one row a figure, empty for undefined. Numbers in full and in the machine's
 * notation whatever the language. Chooses no rows and computes nothing; the buffer belongs to the
 * arena.
 */
#include "analyzer/report/view.h"

#include "common/csv.h"

#include <math.h>

enum { CSV_CAP = 1 << 28 };

static void
put_text(struct strbuf *b, const char *s)
{
    csv_put(b, span_of(s ? s : ""), false);
    strbuf_add_char(b, ',');
}

static void
put_number(struct strbuf *b, double x)
{
    char out[32];

    if (isfinite(x)) {
        json_real_text(x, out);
        csv_put(b, span_of(out), true);
    }
    strbuf_add_char(b, ',');
}

struct strbuf *
csv_write(struct arena *a, const struct view *v)
{
    struct strbuf *const b = strbuf_new(a, CSV_CAP);

    strbuf_add_text(
        b, "measure,method,month,window,level_of_place,place,perspective,group,reference,term,"
           "benchmark,value,lower,upper,level,n,events,exposure,p,q,statistic,df,detectable,"
           "flagged,guard,note\r\n");
    for (size_t i = 0; i < v->figures.count; i++) {
        const struct figure *const f = &v->figures.list[i];
        const char *const texts[] = {f->measure,        f->method, view_run(v, "month"), f->window,
                                     f->level_of_place, f->place,  f->perspective,       f->group,
                                     f->reference,      f->term,   f->benchmark};
        const double numbers[] = {f->value, f->lower,     f->upper,    f->level,
                                  f->n,     f->events,    f->exposure, f->p,
                                  f->q,     f->statistic, f->df,       f->detectable};

        for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
            put_text(b, texts[k]);
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            put_number(b, numbers[k]);
        put_text(b, f->flagged < 0 ? "" : f->flagged ? "yes" : "no");
        put_text(b, f->guard);
        csv_put(b, span_of(f->note ? f->note : ""), false);
        strbuf_add_text(b, "\r\n");
    }
    return b;
}
