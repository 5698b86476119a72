/* SPDX-License-Identifier: EUPL-1.2 */
/* How often a stop becomes a search. */
#include "analyzer/measure/share.h"

static const struct share shares[] = {
    {"search-rate", "", SUM_searched, SUM_search_known, SUM_COUNT, FEATURE_SEARCH, 1,
     "search-difference", "pooled-search-odds-ratio", "search-cmh", 0, NULL},
};

void
measure_search(const struct measure *m)
{
    share_figures(m, shares, sizeof shares / sizeof *shares);
}
