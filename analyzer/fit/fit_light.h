/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What light each stop of a file was made in, from its clock time and either the sunset and dusk in
 * the file or its date and the sun over --latitude and --longitude; and which stops the options
 * --window and --clock-change keep. Knows columns and options; the sun is analyzer/stat/veil.h's.
 */
#ifndef MAATSTAF_ANALYZER_FIT_FIT_LIGHT_H
#define MAATSTAF_ANALYZER_FIT_FIT_LIGHT_H

#include "analyzer/fit/fit_model.h"
#include "analyzer/stat/veil.h"

/* Numbers of columns; sunset and dusk are numbers, the others text. */
struct fit_light_columns {
    size_t minute, date, sunset, dusk;
};

/* Why a stop takes no part. */
enum fit_light_left_out {
    FIT_LIGHT_KEPT,
    FIT_LIGHT_TWILIGHT, /* after sunset, before dusk */
    FIT_LIGHT_OUTSIDE,  /* of the window, or of a day without dusk */
    FIT_LIGHT_FAR,      /* from a change of the clock */
    FIT_LIGHT_REASONS
};

struct fit_light {
    bool known;                /* dark says something */
    const bool *dark;          /* of each row that is kept */
    const uint8_t *left_out;   /* enum fit_light_left_out of each row; NULL: all are kept */
    struct veil_window window; /* NaN: none */
};

/* ERR_USAGE: options that do not go together or with the columns; ERR_INPUT: a date or a clock time
 * that is none. */
bool fit_light_of(struct fit *f, const struct fit_light_columns *columns, struct fit_light *light,
                  struct err *e);

#endif
