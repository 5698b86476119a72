/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Names of fields that the city must not receive (privacy class P4): names, numbers of people,
 * documents and vehicles, contact data, coordinates, pictures, nationality, the officer's own
 * reflection. It judges names of fields only; values are the checks' work.
 */
#ifndef MAATSTAF_COLLECTOR_FORBIDDEN_H
#define MAATSTAF_COLLECTOR_FORBIDDEN_H

#include "common/str.h"

/* The forbidden name that this is, whatever its case, width, separators and accents;
 * NULL for none. */
const char *forbidden_name(struct span name);

#endif
