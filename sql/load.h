/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reference data from files: read whole, checked cell by cell (a fault names file, line and
 * column), stored in one transaction with a ledger entry; the same file again changes nothing. CSV
 * of our own form and CBS's tables as they are published.
 */
#ifndef MAATSTAF_SQL_LOAD_H
#define MAATSTAF_SQL_LOAD_H

#include "common/str.h"
#include "sql/db.h"

#include <jansson.h>

enum load_type {
    LOAD_TEXT,
    LOAD_INT,    /* a whole number, 0 or more */
    LOAD_NUMBER, /* a decimal number, 0 or more */
    LOAD_DATE,   /* yyyy-mm-dd */
    LOAD_TIME,   /* with an offset */
    LOAD_LIST    /* separated by | */
};

struct load_column {
    const char *name;
    enum load_type type;
    const char *other; /* another name that is understood, or NULL */
    const char
        *fallback; /* used when empty or absent: NULL means it has to be there, "" means SQL NULL */
    const char *option; /* option that gives the fallback ("area-set", "year", "table"), or NULL */
};

struct load_kind {
    const char *name; /* "population" */
    const struct load_column *columns;
    size_t column_count;
    const struct sql_query *store; /* $1 jsonb rows, $2 load */
};

struct load_options {
    const char *area_set;     /* NULL: the file says */
    const char *year;         /* NULL: the file says */
    const char *table;        /* where the figures come from; NULL: the file's name */
    const char *municipality; /* of a CBS table: "GM0518" */
};

struct load_file {
    const char *name; /* for messages and the record */
    struct span bytes;
};

struct load_result {
    uint64_t rows;
    bool known; /* loaded before: nothing changed */
};

extern const struct load_kind load_areas, load_population, load_bridge, load_benchmark,
    load_control_totals, load_area_orders, load_codes, load_settings, load_shipped_settings;

/* Reads a regular file whole (at most 64 MiB). */
bool load_read(struct arena *a, const char *path, struct load_file *file, struct err *e);

/* Stores a file; db's role may write reference data. */
bool load_store(struct db *db, struct arena *a, const struct load_kind *kind,
                const struct load_file *file, const struct load_options *options,
                struct load_result *result, struct err *e);

/* Stores what the program ships: code lists, settings, the city's areas, residents and bridge. */
bool load_shipped(struct db *db, struct arena *a, uint64_t *rows, struct err *e);

/* A table as CBS publishes it: `;` between fields, a Codering column. */
bool load_is_kwb(const struct load_file *file);

/* The rows of a CBS table as objects for load_kwb_areas or load_population; NULL on a fault. */
json_t *load_kwb_rows(struct arena *a, const struct load_kind *kind, const struct load_file *file,
                      const struct load_options *options, struct err *e);

#endif
