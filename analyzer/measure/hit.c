/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How often a search finds something. Lower hit rates for a group may mean a lower bar for
 * searching it; they need not (infra-marginality), which is printed beside them.
 */
#include "analyzer/measure/share.h"

static const struct share shares[] = {
    {"hit-rate-strict", "", SUM_strict, SUM_strict_known, SUM_COUNT, FEATURE_HIT_STRICT, 1,
     "hit-difference-strict", "pooled-hit-odds-ratio-strict", "hit-cmh-strict", SEARCHES_LEAST,
     "A002"},
    {"hit-rate-broad", "", SUM_broad, SUM_broad_known, SUM_COUNT, FEATURE_HIT_BROAD, 1,
     "hit-difference-broad", "pooled-hit-odds-ratio-broad", "hit-cmh-broad", SEARCHES_LEAST,
     "A002"},
};

void
measure_hit(const struct measure *m)
{
    share_figures(m, shares, sizeof shares / sizeof *shares);
}
