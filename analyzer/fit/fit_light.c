/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A day of the sun for each date that occurs, the window over the whole years that they lie in,
 * then each row's clock time beside its day. Sunset and dusk in the file go before the computed
 * ones: whoever has an almanac means it.
 */
#include "analyzer/fit/fit_light.h"

#include <math.h>
#include <string.h>

enum { FIRST_YEAR = 1900, LAST_YEAR = 2100 }; /* what the sun is good for */

struct work {
    struct fit *fit;
    const struct fit_light_columns *at;
    struct sun_place place;
    struct zone *zone;    /* NULL: no --time-zone */
    bool computed;        /* the sun, from dates */
    bool given;           /* sunset and dusk in the file */
    const double *minute; /* of each row */
    const int64_t *day;   /* of each level of the date; NULL: no date is needed */
    struct veil_day *sun; /* of each level of the date, when computed */
    struct veil_window window;
};

/* ---- options --------------------------------------------------------------------------------- */

static bool
degrees(const char *text, double most, double *value)
{
    return span_real(span_of(text), value) && fabs(*value) <= most;
}

static bool
read_place(struct work *w, struct err *e)
{
    const struct fit_options *const o = w->fit->options;

    if (!o->latitude && !o->longitude)
        return true;
    if (!o->latitude || !o->longitude || !o->time_zone) {
        err_set(e, ERR_USAGE, "the sun needs --latitude, --longitude and --time-zone");
        return err_hint(e, "The Hague is at 52.08, 4.31 in Europe/Amsterdam");
    }
    if (!degrees(o->latitude, 90, &w->place.latitude) ||
        !degrees(o->longitude, 180, &w->place.longitude)) {
        err_set(e, ERR_USAGE, "--latitude or --longitude is no number of degrees");
        return err_hint(e, "north and east are positive, from -90 to 90 and from -180 to 180");
    }
    w->computed = true;
    return true;
}

static bool
read_zone(struct work *w, struct err *e)
{
    const char *const name = w->fit->options->time_zone;

    if (!name)
        return true;
    w->zone = zone_open(w->fit->arena, name, e);
    if (w->zone)
        return true;
    err_set(e, ERR_USAGE, "there is no time zone \"%.60s\"", name);
    return err_hint(e, "name it as IANA does, like Europe/Amsterdam");
}

/* One or two digits. */
static bool
digits(struct span text, int most, int *value)
{
    *value = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *value = 10 * *value + (text.data[i] - '0');
    }
    return text.length >= 1 && text.length <= 2 && *value <= most;
}

/* "17:06", or minutes after midnight. */
static bool
clock_time(struct span text, double *minute)
{
    const char *const colon = memchr(text.data, ':', text.length);
    int hours, minutes;

    if (!colon)
        return span_real(text, minute) && *minute >= 0;

    const size_t before = (size_t)(colon - text.data);

    if (!digits((struct span){text.data, before}, 47, &hours) ||
        !digits((struct span){colon + 1, text.length - before - 1}, 59, &minutes))
        return false;
    *minute = 60.0 * hours + minutes;
    return true;
}

static bool
read_window(struct work *w, struct err *e)
{
    const char *const text = w->fit->options->window;
    const char *const dash = text ? strchr(text, '-') : NULL;

    w->window = (struct veil_window){NAN, NAN};
    if (!text)
        return true;
    if (dash && clock_time((struct span){text, (size_t)(dash - text)}, &w->window.from) &&
        clock_time(span_of(dash + 1), &w->window.to) && w->window.from <= w->window.to)
        return true;
    err_set(e, ERR_USAGE, "--window is not two clock times");
    return err_hint(e, "write 17:06-21:42, or minutes after midnight: 1026-1302");
}

static bool
check(struct work *w, struct err *e)
{
    const struct fit_cells *const cells = w->fit->cells;
    const bool change = w->fit->options->clock_change != 0;

    w->given = fit_cells_has(cells, w->at->sunset) && fit_cells_has(cells, w->at->dusk);
    if (fit_cells_has(cells, w->at->sunset) != fit_cells_has(cells, w->at->dusk)) {
        err_set(e, ERR_INPUT, "of the columns sunset and dusk one is missing");
        return err_hint(e, "give both, in minutes after midnight, or neither");
    }
    if (w->computed && w->given) {
        err_set(e, ERR_USAGE, "the file has sunset and dusk, and --latitude asks for others");
        return err_hint(e, "leave the columns or the options out");
    }
    if ((w->computed || change) && !fit_cells_has(cells, w->at->date)) {
        err_set(e, ERR_USAGE, "%s needs a column date", change ? "--clock-change" : "--latitude");
        return err_hint(e, "a date is written 2026-10-25, as the local clock has it");
    }
    if (w->zone && !w->computed && !change) {
        err_set(e, ERR_USAGE, "--time-zone needs --latitude and --longitude, or --clock-change");
        return err_hint(e, "leave it out when the file says what was dark");
    }
    if (change &&
        (!w->zone || w->fit->options->clock_change < 0 || w->fit->options->clock_change > 182)) {
        err_set(e, ERR_USAGE, "--clock-change needs --time-zone and 1 to 182 days");
        return err_hint(e, "30 days before and after a change are usual");
    }
    return true;
}

/* ---- days ------------------------------------------------------------------------------------ */

static bool
read_days(struct work *w, struct err *e)
{
    const struct fit_text *const date = &w->fit->cells->text[w->at->date];
    int64_t *const day = arena_array(w->fit->arena, date->levels, sizeof *day);

    for (size_t l = 0; l < date->levels; l++) {
        size_t row = 0;

        if (date_parse(span_of(date->level[l]), &day[l]) &&
            day[l] >= civil_days(FIRST_YEAR, 1, 1) && day[l] < civil_days(LAST_YEAR + 1, 1, 1))
            continue;
        while (date->code[row] != l)
            row++;
        fit_cells_refuse(w->fit->cells, row, w->at->date, "is no date of these centuries", e);
        return err_hint(e, "a date is written 2026-10-25, from %d to %d", FIRST_YEAR, LAST_YEAR);
    }
    w->day = day;
    return true;
}

/* The window of the years that the dates lie in, whole. */
static struct veil_window
window_of_years(const struct work *w, int64_t first, int64_t last)
{
    int year, last_year, month, day;

    civil_from_days(first, &year, &month, &day);
    civil_from_days(last, &last_year, &month, &day);

    const int64_t from = civil_days(year, 1, 1);
    const size_t count = (size_t)(civil_days(last_year + 1, 1, 1) - from);
    struct veil_day *const days = arena_array(w->fit->arena, count, sizeof *days);

    for (size_t d = 0; d < count; d++)
        days[d] = veil_day_of(w->place, w->zone, from + (int64_t)d);
    return veil_window_of(days, count);
}

static void
compute_days(struct work *w)
{
    const size_t levels = w->fit->cells->text[w->at->date].levels;
    int64_t first = w->day[0], last = w->day[0];

    w->sun = arena_array(w->fit->arena, levels, sizeof *w->sun);
    for (size_t l = 0; l < levels; l++) {
        w->sun[l] = veil_day_of(w->place, w->zone, w->day[l]);
        first = w->day[l] < first ? w->day[l] : first;
        last = w->day[l] > last ? w->day[l] : last;
    }
    if (isnan(w->window.from))
        w->window = window_of_years(w, first, last);
}

static void
window_of_file(struct work *w)
{
    const struct fit_cells *const cells = w->fit->cells;
    const double *const dusk = cells->number[w->at->dusk];

    if (!isnan(w->window.from))
        return;
    for (size_t r = 0; r < cells->rows; r++) {
        w->window.from = fmin(w->window.from, dusk[r]); /* NaN gives way */
        w->window.to = fmax(w->window.to, dusk[r]);
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum fit_light_left_out
judge(const struct work *w, size_t row, const bool *near, bool *dark)
{
    const struct fit_cells *const cells = w->fit->cells;
    const size_t date = w->day ? cells->text[w->at->date].code[row] : 0;
    const double minute = w->minute[row];
    enum veil_light light = VEIL_DAYLIGHT;

    if (near && !near[date])
        return FIT_LIGHT_FAR;
    if (w->given || w->computed) {
        const struct veil_day day = w->computed
                                        ? w->sun[date]
                                        : (struct veil_day){cells->number[w->at->sunset][row],
                                                            cells->number[w->at->dusk][row]};

        light = veil_light_of(day, w->window, minute);
    } else if (minute < w->window.from || minute > w->window.to) {
        light = VEIL_OUTSIDE;
    }
    *dark = light == VEIL_DARK;
    return light == VEIL_TWILIGHT  ? FIT_LIGHT_TWILIGHT
           : light == VEIL_OUTSIDE ? FIT_LIGHT_OUTSIDE
                                   : FIT_LIGHT_KEPT;
}

/* Of each level of the date, whether it is near a change; NULL when that is not asked. */
static const bool *
near_changes(const struct work *w)
{
    const size_t levels = w->fit->cells->text[w->at->date].levels;
    const int days = (int)w->fit->options->clock_change;

    if (days == 0)
        return NULL;

    bool *const near = arena_array(w->fit->arena, levels, sizeof *near);

    for (size_t l = 0; l < levels; l++)
        near[l] = veil_near_clock_change(w->zone, w->day[l], days);
    return near;
}

static void
judge_rows(struct work *w, struct fit_light *light)
{
    const size_t rows = w->fit->cells->rows;
    const bool *const near = near_changes(w);
    bool *const dark = arena_array(w->fit->arena, rows, sizeof *dark);
    uint8_t *const left_out = arena_array(w->fit->arena, rows, sizeof *left_out);

    for (size_t r = 0; r < rows; r++)
        left_out[r] = (uint8_t)judge(w, r, near, &dark[r]);
    *light = (struct fit_light){w->computed || w->given, dark, left_out, w->window};
}

bool
fit_light_of(struct fit *f, const struct fit_light_columns *columns, struct fit_light *light,
             struct err *e)
{
    struct work *const w = arena_alloc(f->arena, sizeof *w);

    *light = (struct fit_light){.window = {NAN, NAN}};
    w->fit = f;
    w->at = columns;
    if (!read_place(w, e) || !read_zone(w, e) || !read_window(w, e) || !check(w, e))
        return false;
    if (!w->computed && !w->given && !f->options->window && f->options->clock_change == 0)
        return true;
    if (!fit_cells_as_real(f->arena, f->cells, columns->minute, e))
        return false;
    w->minute = f->cells->number[columns->minute];
    if ((w->computed || f->options->clock_change != 0) && !read_days(w, e))
        return false;
    if (w->computed)
        compute_days(w);
    if (w->given)
        window_of_file(w);
    judge_rows(w, light);
    return true;
}
