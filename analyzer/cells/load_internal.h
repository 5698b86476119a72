/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Inside of loading: load_cells.c reads counts, choices.c settles what a run left open, load.c
 * reads the rest. Nobody else includes this.
 */
#ifndef MAATSTAF_ANALYZER_CELLS_LOAD_INTERNAL_H
#define MAATSTAF_ANALYZER_CELLS_LOAD_INTERNAL_H

#include "analyzer/cells/load.h"

/* A number as a query's argument. */
const char *load_number(struct arena *a, int64_t value);

/* NULL: not set. */
const char *load_setting(const struct rows *settings, const char *name);

/* Areas of all sets in the year of the month, as of the choices' load. */
const struct rows *load_area_rows(struct db *db, struct arena *a, const struct choices *c,
                                  struct err *e);

/* Codes of a set's areas, and of all sets'. */
void load_set_names(struct arena *a, const struct rows *areas, const char *set, struct names **mine,
                    struct names **all);

/* A perspective as the database numbers it; counts of a cell as it writes them. */
unsigned load_perspective(int64_t number);
void load_sums(const char *text, int32_t sum[SUM_COUNT]);

bool load_cells(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
                struct cells *cells, struct err *e);
bool load_reasons(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
                  struct cells *cells, struct err *e);

/*
 * Leaves only cells in areas of the set; an area that no set has, or none, counts for the
 * installation's.
 */
void load_keep_set(struct cells *c, const struct names *mine, const struct names *all,
                   bool installation);

/* Coordinates of an area set: its own settings, else the installation's when it is that one's. */
bool load_sun(struct arena *a, const struct rows *settings, bool home, struct inputs *in,
              struct err *e);

/* Counts the cells for models of the twelve months; cells and places must be there. */
bool load_models(struct db *db, struct arena *a, const struct rows *areas, bool home,
                 struct inputs *in, struct err *e);

/*
 * Counts of units and months, after cells_settle(): a unit that has no cell in the set is none of
 * the set's. Then the fields that sources do not have.
 */
bool load_unit_months(struct db *db, struct arena *a, struct inputs *in, struct err *e);
bool load_not_covered(struct db *db, struct arena *a, struct inputs *in, struct err *e);

#endif
