/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Residents of The Hague's wijken by perceived group, as the simulator has them: through the
 * shipped bridge, from the shipped figures. Apart from paper_city because the simulator and the
 * analyzer both name a `struct place`.
 */
#ifndef MAATSTAF_TESTS_LIB_PAPER_RESIDENTS_H
#define MAATSTAF_TESTS_LIB_PAPER_RESIDENTS_H

#include "common/arena.h"
#include "common/err.h"

#include <stdbool.h>

enum { PAPER_GROUPS_MOST = 16, PAPER_PLACES_MOST = 64 };

struct paper_residents {
    unsigned places, groups;
    const char *place[PAPER_PLACES_MOST], *group[PAPER_GROUPS_MOST]; /* groups in byte order */
    double persons[PAPER_PLACES_MOST][PAPER_GROUPS_MOST];
};

bool paper_residents_load(struct paper_residents *r, struct arena *a, struct err *e);

#endif
