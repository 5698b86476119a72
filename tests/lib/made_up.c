/* SPDX-License-Identifier: EUPL-1.2 */
/* The choices that suites of measures share. */
#include "tests/lib/made_up.h"

#include <string.h>

struct inputs
made_up_inputs(struct cells *cells)
{
    struct inputs in = {
        .choices = {.month = {2026, 10},
                    .seed = 1,
                    .area_set = "made-up",
                    .zone = "Europe/Amsterdam",
                    .group_list = "groups",
                    .bridge_version = "",
                    .reference = "others",
                    .ledger_entry = 1,
                    .draws = 200,
                    .models = true,
                    .level = 0.95},
        .cells = cells,
        .city_name = "Made Up",
        .municipality = "",
    };

    memset(in.ledger_hash, '0', 64);
    return in;
}
