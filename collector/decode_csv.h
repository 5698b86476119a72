/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The columns of canonical CSV and what a row of them says. Inside the collector only: decode_csv.c
 * has the frame of rows, csv_columns.c the columns.
 */
#ifndef MAATSTAF_COLLECTOR_DECODE_CSV_H
#define MAATSTAF_COLLECTOR_DECODE_CSV_H

#include "collector/decode_form.h"

struct csv_columns;

/* ERR_INPUT names the column that is unknown, forbidden, out of order or missing. */
struct csv_columns *csv_columns_new(struct decoder *d, const struct span *names, unsigned count,
                                    struct err *e);

/* Whether the row has the record number of the row that csv_row_person() read last. */
bool csv_same_stop(const struct csv_columns *c, const struct csv_row *row);

/* Adds the row's person to the record, and the stop's fields when it is the first. */
void csv_row_person(struct decoder *d, struct outcome *o, struct csv_columns *c,
                    const struct csv_row *row, struct record *r);

#endif
