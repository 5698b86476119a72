/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * JSON over jansson: strict parsing into an arena, and a canonical writer (RFC 8785's spirit: keys
 * sorted by byte, shortest round-trip numbers, UTF-8, no insignificant space) whose bytes depend on
 * nothing but the value.
 */
#ifndef MAATSTAF_COMMON_JSON_H
#define MAATSTAF_COMMON_JSON_H

#include "common/arena.h"
#include "common/err.h"
#include "common/str.h"

#include <jansson.h>

/* Rejects duplicate keys, trailing bytes, NUL, nesting deeper than max_depth (0: 8). The arena owns
 * the tree. */
json_t *json_parse(struct arena *a, struct span text, unsigned max_depth, struct err *e);

/* Reads a whole small file (at most 16 MiB); nesting as deep as jansson allows. */
json_t *json_parse_file(struct arena *a, const char *path, struct err *e);

/* Hands a fresh tree to the arena; returns it. */
json_t *json_own(struct arena *a, json_t *tree);

enum json_style {
    JSON_CANONICAL, /* shortest round-trip numbers */
    JSON_SEVENTEEN, /* reals with 17 significant digits (analyzer fit) */
    JSON_PRETTY     /* for people: indented by two, else as canonical */
};

/* Appends value to b; a real that is not finite is written as null. */
void json_write(struct strbuf *b, const json_t *value, enum json_style style);

/* Shortest decimal that reads back as the same double; at most 32 bytes with NUL. */
void json_real_text(double value, char out[32]);

/* json_real, or json_null when the value is NaN or infinite (undefined is NULL, never 0). */
json_t *json_number_or_null(double value);

#endif
