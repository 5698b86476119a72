/* SPDX-License-Identifier: EUPL-1.2 */
/* Reads and checks a plan, and multiplies or adds up what applies to a place, group and month. */
#include "tests/simulator/plan.h"

#include <limits.h>
#include <string.h>

static const struct {
    const char *name, *amount;
    enum plan_kind kind;
} kinds[] = {
    {"rate", "factor", PLAN_RATE},
    {"threshold", "shift", PLAN_THRESHOLD},
    {"reason", "factor", PLAN_REASON},
    {"explanation", "factor", PLAN_EXPLANATION},
    {"registration", "factor", PLAN_REGISTRATION},
};

static bool
read_month(const json_t *entry, const char *key, int absent, int *index, struct err *e)
{
    const char *const text = json_string_value(json_object_get(entry, key));
    struct month m;

    *index = absent;
    if (!text)
        return true;
    if (!month_parse(span_of(text), &m))
        return err_set(e, ERR_INPUT, "%s is not a month like 2026-03", key);
    *index = month_index(m);
    return true;
}

static bool
known_place(const struct city *city, const char *place)
{
    for (unsigned p = 0; p < city->place_count; p++)
        if (strcmp(city->places[p].buurt, place) == 0 || strcmp(city->places[p].wijk, place) == 0)
            return true;
    return false;
}

static bool
read_disparity(struct disparity *d, const json_t *entry, const struct city *city, struct err *e)
{
    const char *const kind = json_string_value(json_object_get(entry, "kind"));
    const char *const group = json_string_value(json_object_get(entry, "group"));
    unsigned k = 0;

    while (k < sizeof kinds / sizeof *kinds && (!kind || strcmp(kind, kinds[k].name) != 0))
        k++;
    if (k == sizeof kinds / sizeof *kinds)
        return err_set(e, ERR_INPUT,
                       "kind is not rate, threshold, reason, explanation or registration");
    d->kind = kinds[k].kind;
    d->place = json_string_value(json_object_get(entry, "place"));
    d->code = json_string_value(json_object_get(entry, "code"));
    d->group = group ? city_group(city, group) : -1;

    const json_t *const amount = json_object_get(entry, kinds[k].amount);

    if (group && d->group < 0)
        return err_set(e, ERR_INPUT, "group is not in the bridge");
    if (d->place && !known_place(city, d->place))
        return err_set(e, ERR_INPUT, "place is not a wijk or buurt of the city");
    if (!json_is_number(amount) || (d->kind != PLAN_THRESHOLD && json_number_value(amount) <= 0))
        return err_set(e, ERR_INPUT, "%s is not a number%s", kinds[k].amount,
                       d->kind == PLAN_THRESHOLD ? "" : " above 0");
    if (d->kind == PLAN_REASON && !d->code)
        return err_set(e, ERR_INPUT, "code is missing");
    d->factor = json_number_value(amount);
    return read_month(entry, "from", INT_MIN, &d->from, e) &&
           read_month(entry, "until", INT_MAX, &d->until, e);
}

bool
plan_load(struct plan *plan, struct arena *a, const char *path, const struct city *city,
          struct err *e)
{
    *plan = (struct plan){.name = "nothing planted"};
    if (!path)
        return true;

    const json_t *const root = json_parse_file(a, path, e);

    if (!root)
        return false;

    const json_t *const list = json_object_get(root, "disparities");
    const char *const name = json_string_value(json_object_get(root, "name"));

    if (!json_is_array(list))
        return err_set(e, ERR_INPUT, "%s: no array \"disparities\"", path);
    plan->name = name ? name : path;
    plan->source = root;
    plan->list = arena_array(a, json_array_size(list) + 1, sizeof *plan->list);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!read_disparity(&plan->list[plan->count++], json_array_get(list, i), city, e))
            return err_context(e, "%s: disparities[%zu]", path, i);
    return true;
}

double
plan_effect(const struct plan *plan, enum plan_kind kind, const struct place *place, int group,
            int month, const char *code)
{
    double effect = kind == PLAN_THRESHOLD ? 0.0 : 1.0;

    for (unsigned i = 0; i < plan->count; i++) {
        const struct disparity *const d = &plan->list[i];

        if (d->kind != kind || month < d->from || month > d->until ||
            (d->group >= 0 && d->group != group) ||
            (d->place && strcmp(d->place, place->wijk) != 0 &&
             strcmp(d->place, place->buurt) != 0) ||
            (d->code && (!code || strcmp(d->code, code) != 0)))
            continue;
        if (kind == PLAN_THRESHOLD)
            effect += d->factor;
        else
            effect *= d->factor;
    }
    return effect;
}
