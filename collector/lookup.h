/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A table from short text to a pointer, filled once and then only read: codes, areas, field names,
 * value maps. Keys are ours, never a sender's, so the hash needs no secret. Keys and values are
 * kept by reference and must live as long as the table.
 */
#ifndef MAATSTAF_COLLECTOR_LOOKUP_H
#define MAATSTAF_COLLECTOR_LOOKUP_H

#include "common/str.h"

struct lookup;

/* Room for `most` keys; adding more ends the process. */
struct lookup *lookup_new(struct arena *a, size_t most);

/* Adds or replaces; value is not NULL. */
void lookup_add(struct lookup *l, struct span key, const void *value);

/* NULL when the key is not there. */
const void *lookup_get(const struct lookup *l, struct span key);

#endif
