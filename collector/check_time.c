/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rules about time (R030-E036, W110). Times are instants; the local date comes with the checking.
 * A start that was rounded is given the benefit of its precision.
 */
#include "collector/rule.h"

static const int64_t MINUTE = 60 * MICROS;
static const int64_t DAY = INT64_C(86400) * MICROS;
/* Two clocks that are kept may still differ: the same allowance wherever ours meets another's. */
static const int64_t SKEW = 5 * 60 * MICROS;

int64_t
precision_slack_min(const struct record *r)
{
    static const struct {
        const char *code;
        int64_t minutes;
    } slack[] = {{"quarter", 15}, {"hour", 60}, {"date_only", 1440}};

    for (unsigned i = 0; i < sizeof slack / sizeof *slack; i++)
        if (value_is(&r->v[STOP_time_precision], slack[i].code))
            return slack[i].minutes;
    return 0;
}

static int64_t
stop_end(const struct checking *c)
{
    const struct value *const duration = &c->r->v[STOP_duration_min];

    return c->start + (duration->given ? duration->number * MINUTE : 0);
}

static bool
registered_late(const struct checking *c)
{
    const struct value *const registered = &c->r->v[STOP_registered_at];

    return c->dated && registered->given &&
           registered->number - stop_end(c) > DAY + precision_slack_min(c->r) * MINUTE;
}

bool
trips_R030(const struct checking *c)
{
    return c->dated && (c->start > c->received + SKEW || c->day < c->go_live);
}

bool
trips_E031(const struct checking *c)
{
    const struct value *const duration = &c->r->v[STOP_duration_min];

    return duration->given && (duration->number < 1 || duration->number > 1440);
}

bool
trips_E032(const struct checking *c)
{
    const struct value *const registered = &c->r->v[STOP_registered_at];

    if (!registered->given)
        return false;
    return c->received + SKEW < registered->number ||
           (c->dated && registered->number < stop_end(c) - precision_slack_min(c->r) * MINUTE);
}

bool
trips_W033(const struct checking *c)
{
    return registered_late(c) &&
           (c->r->v[STOP_late_reason].given || !coverage_has(c->coverage, AT(STOP, late_reason)));
}

bool
trips_E034(const struct checking *c)
{
    return registered_late(c) && !c->r->v[STOP_late_reason].given;
}

bool
trips_W035(const struct checking *c)
{
    return precision_slack_min(c->r) > 15;
}

bool
trips_E036(const struct checking *c)
{
    return !c->r->started_at_has_offset && (c->r->started_at_missing || c->r->started_at_ambiguous);
}

bool
trips_W110(const struct checking *c)
{
    return c->dated && value_is(&c->p->v[PERSON_reflection], "planned") &&
           c->received - c->start > 7 * DAY;
}
