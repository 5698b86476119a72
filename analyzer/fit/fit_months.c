/* SPDX-License-Identifier: EUPL-1.2 */
/* Months as numbers and back. */
#include "analyzer/fit/fit_months.h"

#include <math.h>
#include <string.h>

static const double LARGEST_NUMBER = 1e6;

/* Four digits, a hyphen, 01 to 12. */
static bool
calendar_month(const char *text, long *index)
{
    static const char shape[] = "0000-00";

    if (strlen(text) != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < sizeof shape - 1; i++)
        if (shape[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;

    const long year =
        (text[0] - '0') * 1000L + (text[1] - '0') * 100L + (text[2] - '0') * 10L + (text[3] - '0');
    const long month = (text[5] - '0') * 10L + (text[6] - '0');

    *index = year * 12 + month - 1;
    return month >= 1 && month <= 12;
}

static bool
month_of(bool calendar, const char *text, long *index)
{
    double number;

    if (calendar)
        return calendar_month(text, index);
    if (!span_real(span_of(text), &number) || number != floor(number) ||
        fabs(number) > LARGEST_NUMBER)
        return false;
    *index = (long)number;
    return true;
}

static const char *
example_of(bool calendar)
{
    return calendar ? "a month like the first one, 2026-10" : "2026-10, or a whole number like 10";
}

bool
fit_months_of(struct fit *f, size_t column, struct fit_months *months, struct err *e)
{
    const struct fit_cells *const c = f->cells;
    long ignored;

    *months = (struct fit_months){
        .calendar = calendar_month(fit_cells_label(c, column, 0), &ignored),
        .index = arena_array(f->arena, c->rows, sizeof *months->index),
    };
    for (size_t r = 0; r < c->rows; r++) {
        long *const index = &months->index[r];

        if (!month_of(months->calendar, fit_cells_label(c, column, r), index)) {
            fit_cells_refuse(c, r, column, "is not a month", e);
            return err_hint(e, "month takes %s", example_of(months->calendar));
        }
        months->first = r == 0 || *index < months->first ? *index : months->first;
        months->last = r == 0 || *index > months->last ? *index : months->last;
        if (months->last - months->first >= FIT_MOST_MONTHS) {
            fit_cells_refuse(c, r, column, "lies more than 1200 months from another", e);
            return err_hint(e, "give months that follow one another; months that are missing are "
                               "gaps");
        }
    }
    return true;
}

const char *
fit_month_name(struct arena *a, const struct fit_months *months, long index)
{
    return months->calendar ? arena_printf(a, "%04ld-%02ld", index / 12, index % 12 + 1)
                            : arena_printf(a, "%ld", index);
}

bool
fit_month_option(const struct fit_months *months, const char *option, const char *text, long *index,
                 struct err *e)
{
    if (month_of(months->calendar, text, index))
        return true;
    err_set(e, ERR_USAGE, "--%s is not a month", option);
    return err_hint(e, "write it as the column month does: %s",
                    months->calendar ? "2026-10" : "10");
}
