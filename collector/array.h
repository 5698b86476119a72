/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * One-dimensional arrays in PostgreSQL's binary send format, for parameters of db_query_binary:
 * built element by element, finished once. It knows no table and checks no value.
 */
#ifndef MAATSTAF_COLLECTOR_ARRAY_H
#define MAATSTAF_COLLECTOR_ARRAY_H

#include "common/str.h"
#include "sql/db.h"

/* OIDs of PostgreSQL's element types. */
enum array_type {
    ARRAY_BYTEA = 17,
    ARRAY_INT8 = 20,
    ARRAY_INT2 = 21,
    ARRAY_INT4 = 23,
    ARRAY_TEXT = 25,
    ARRAY_TIMESTAMPTZ = 1184,
    ARRAY_UUID = 2950
};

struct array {
    struct strbuf *bytes;
    uint32_t count;
};

struct array array_new(struct arena *a, enum array_type type);
void array_add(struct array *array, const void *data, size_t length);
void array_add_text(struct array *array, const char *text); /* NULL: SQL NULL */
void array_add_int2(struct array *array, int64_t value);
void array_add_int4(struct array *array, int64_t value);
void array_add_int8(struct array *array, int64_t value);
void array_add_time(struct array *array, int64_t time); /* microseconds since 1970 */
void array_add_null(struct array *array);

/* The parameter; the array must not change after it. */
struct sql_binary array_end(struct array *array);

/* A bigint as a parameter. */
struct sql_binary binary_int8(struct arena *a, int64_t value);
struct sql_binary binary_text(const char *text); /* NULL: SQL NULL */

#endif
