/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How an installation is put together from rows, whatever they come from: the database, the
 * embedded reference files, a profile. Inside the collector only; readers use codes.h.
 */
#ifndef MAATSTAF_COLLECTOR_CODES_BUILD_H
#define MAATSTAF_COLLECTOR_CODES_BUILD_H

#include "collector/codes.h"

struct code_row {
    const char *list;
    struct code code; /* next_period is set by the build */
};

struct code_rows {
    unsigned count, capacity;
    struct code_row *rows;
};

struct area_rows {
    unsigned count, capacity;
    struct area *rows;
};

void code_rows_add(struct arena *a, struct code_rows *rows, const char *list, struct code code);
void area_rows_add(struct arena *a, struct area_rows *rows, struct area area);

/* Sets in->lists; lists stand in the order in which they are first met. */
void installation_set_codes(struct arena *a, struct installation *in, const struct code_rows *rows);

/* Sets the area table, with each area's wijk and district found along its parents. */
void installation_set_areas(struct arena *a, struct installation *in, const struct area_rows *rows);

/* The bits of flag names separated by '|'; unknown names count for nothing. */
uint32_t code_flags_of(struct span names);

#endif
