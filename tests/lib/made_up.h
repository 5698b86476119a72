/* SPDX-License-Identifier: EUPL-1.2 */
/* Inputs of a run over a city that is made up: usual choices for October 2026, no places yet. */
#ifndef MAATSTAF_TESTS_LIB_MADE_UP_H
#define MAATSTAF_TESTS_LIB_MADE_UP_H

#include "analyzer/cells/inputs.h"

/* Places, labels and residents are the suite's; so is settling the cells. */
struct inputs made_up_inputs(struct cells *cells);

#endif
