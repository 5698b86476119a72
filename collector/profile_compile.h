/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The compilation of a profile while it goes on: its mistakes, and the pieces that both of its
 * files need. Inside profile_compile.c and profile_compile_source.c only.
 */
#ifndef MAATSTAF_COLLECTOR_PROFILE_COMPILE_H
#define MAATSTAF_COLLECTOR_PROFILE_COMPILE_H

#include "collector/profile_source.h"
#include "common/json.h"

struct compile {
    struct arena *a;
    struct profile *p;
    struct err *e;
    struct span columns[PROFILE_COLUMNS_MOST];
    bool used[PROFILE_COLUMNS_MOST];
    const char *dropped[PROFILE_COLUMNS_MOST]; /* the reason */
};

/* Names the place; always false. */
bool compile_mistake(struct compile *c, const char *place, const char *what);

/* "place.name" */
const char *compile_place(struct compile *c, const char *place, const char *name);

struct span compile_text(const json_t *j);

/* Whether every key of an object is one of the names, which end with NULL. */
bool compile_keys(struct compile *c, const char *place, const json_t *object,
                  const char *const *names);

/* The column of that name, which counts as used. */
bool compile_column_name(struct compile *c, const char *place, const json_t *j, unsigned *column);

/* An array of texts. */
bool compile_texts(struct compile *c, const char *place, const json_t *j, const struct span **texts,
                   unsigned *count);

bool compile_when(struct compile *c, const char *place, const json_t *j, struct when *out);
bool compile_source(struct compile *c, const char *place, const json_t *j, struct source *s);

#endif
