/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a new run leaves open is chosen from what is loaded and what the month holds. A choice that
 * was given is checked and kept.
 */
#include "analyzer/cells/load_internal.h"

#include "gen/queries.h"

#include <string.h>

static const char *
needed_setting(const struct rows *settings, const char *name, struct err *e)
{
    const char *const value = load_setting(settings, name);

    if (!value) {
        err_set(e, ERR_CONFIG, "setting %s is missing", name);
        err_hint(e, "load the installation's settings with: maatstaf db load settings FILE");
    }
    return value;
}

struct set_count {
    const char *name;
    int64_t persons;
};

/* Persons of the month by area set; returns how many sets have any. */
static unsigned
count_sets(struct arena *a, const struct rows *areas, const struct cells *cells,
           struct set_count *sets, unsigned most)
{
    unsigned count = 0;
    int64_t *const persons = arena_array(a, names_count(cells->areas) + 1, sizeof *persons);

    for (size_t i = 0; i < cells->count; i++)
        if (cells->list[i].month == CELLS_MONTHS - 1 && cells->list[i].perspective == 0)
            persons[cells->list[i].area] += cells->list[i].sum[SUM_persons];
    for (int i = 0; i < rows_count(areas); i++) {
        const int area = names_find(cells->areas, rows_text(areas, i, "code"));
        const char *const set = rows_text(areas, i, "area_set");

        if (area < 0 || persons[area] == 0)
            continue;
        if (count == 0 || strcmp(sets[count - 1].name, set) != 0) {
            if (count == most)
                break;
            sets[count++] = (struct set_count){set, 0};
        }
        sets[count - 1].persons += persons[area];
    }
    return count;
}

enum { SETS_MOST = 64 };

static bool
choose_set(struct arena *a, const struct rows *areas, const struct cells *cells,
           const char *installation, struct choices *c, struct err *e)
{
    struct set_count sets[SETS_MOST];
    const unsigned count = count_sets(a, areas, cells, sets, SETS_MOST);
    char month[8];

    month_text(c->month, month);
    if (count == 0) {
        err_set(e, ERR_INPUT, "no stops in %s", month);
        return err_hint(e, "import registrations first, or choose another --month");
    }
    for (unsigned i = 0; i < count; i++)
        if (strcmp(sets[i].name, installation) == 0) {
            c->area_set = installation;
            return true;
        }
    if (count > 1) {
        err_set(e, ERR_INPUT, "%s has stops in %u area sets and none in %s", month, count,
                installation);
        return err_hint(e, "choose one with --area-set, for example %s", sets[0].name);
    }
    c->area_set = sets[0].name;
    return true;
}

/* The list of groups that has most of the group codes found. */
static const char *
choose_group_list(const struct rows *codes, const struct cells *cells, const char *fallback)
{
    const char *best = fallback;
    int most = 0;

    for (int i = 0; i < rows_count(codes); i++) {
        const char *const list = rows_text(codes, i, "list");
        int found = 0;

        if (strncmp(list, "perceived_group", 15) != 0)
            continue;
        for (int k = 0; k < rows_count(codes); k++)
            if (strcmp(rows_text(codes, k, "list"), list) == 0 &&
                names_find(cells->groups, rows_text(codes, k, "code")) >= 0)
                found++;
        if (found > most || (found == most && strcmp(list, fallback) == 0)) {
            best = list;
            most = found;
        }
    }
    return best;
}

static bool
roll_up(struct db *db, struct arena *a, struct choices *c, struct err *e)
{
    if (!zone_open(a, c->zone, e))
        return false;

    const char *const args[] = {c->zone};
    const struct rows *const r = db_query(db, a, &sql_analyzer_roll_up, args, e);

    if (!r)
        return err_context(e, "roll up registrations");
    c->ledger_entry = rows_int64(r, 0, "entry");
    return true;
}

/* The zone of an area set's own setting, else the installation's. */
static const char *
zone_of(struct arena *a, const struct rows *settings, const char *area_set,
        const char *installation)
{
    const char *const own =
        area_set ? load_setting(settings, arena_printf(a, "time_zone:%s", area_set)) : NULL;

    return own ? own : installation;
}

/* Counts, and settles area set and zone; leaves in *cells what was read. */
static bool
choose_place_and_time(struct db *db, struct arena *a, const struct rows *settings,
                      const struct rows *areas, struct cells *cells, struct choices *c,
                      struct err *e)
{
    const char *const zone = needed_setting(settings, "time_zone", e);
    const char *const installation = zone ? needed_setting(settings, "area_set", e) : NULL;
    const bool zone_given = c->zone != NULL;

    if (!installation)
        return false;
    if (!zone_given)
        c->zone = zone_of(a, settings, c->area_set, zone);
    if (!roll_up(db, a, c, e) || !load_cells(db, a, c, LOAD_ROLL_UP, cells, e))
        return false;
    if (c->area_set)
        return true;
    if (!choose_set(a, areas, cells, installation, c, e))
        return false;

    const char *const own = zone_of(a, settings, c->area_set, zone);

    if (zone_given || strcmp(own, c->zone) == 0)
        return true;
    c->zone = own;
    return roll_up(db, a, c, e);
}

static const char *
found_group_list(struct arena *a, const struct rows *areas, const struct rows *codes,
                 struct cells *cells, const struct choices *c, bool home, const char *fallback)
{
    struct cells *const kept = cells_new(a, cells->month);
    struct names *mine, *all;

    load_set_names(a, areas, c->area_set, &mine, &all);
    load_keep_set(cells, mine, all, home);
    for (size_t i = 0; i < cells->count; i++)
        names_add(kept->groups, names_text(cells->groups, cells->list[i].group));
    return choose_group_list(codes, kept, fallback);
}

static const char *
setting_or(const struct rows *settings, const char *name, const char *fallback)
{
    const char *const value = load_setting(settings, name);

    return value ? value : fallback;
}

/* A choice that names nothing must not quietly become another. */
static bool
check_choices(const struct rows *areas, const struct rows *codes, const struct choices *c,
              struct err *e)
{
    bool set = false, list = false, reference = strcmp(c->reference, "others") == 0;

    for (int i = 0; i < rows_count(areas); i++)
        set = set || strcmp(rows_text(areas, i, "area_set"), c->area_set) == 0;
    for (int i = 0; i < rows_count(codes); i++) {
        if (strcmp(rows_text(codes, i, "list"), c->group_list) != 0)
            continue;
        list = true;
        reference = reference || strcmp(rows_text(codes, i, "code"), c->reference) == 0;
    }
    if (!set) {
        err_set(e, ERR_USAGE, "there is no area set %s in that year", c->area_set);
        return err_hint(e, "maatstaf db psql -- -c 'select distinct area_set from reference.area'");
    }
    if (!list)
        return err_set(e, ERR_USAGE, "there is no group list %s", c->group_list);
    return reference || err_set(e, ERR_USAGE, "reference %s is not a group of the list %s",
                                c->reference, c->group_list);
}

/* Signals are carried on from the latest run of the month before that compared the same. */
static bool
find_previous(struct db *db, struct arena *a, struct choices *c, struct err *e)
{
    char month[8];

    month_text(month_add(c->month, -1), month);

    const char *const args[] = {month, c->area_set, c->group_list, c->reference};
    const struct rows *const r = db_query(db, a, &sql_analyzer_previous_run, args, e);

    if (!r)
        return err_context(e, "find the run of the month before");
    c->previous = rows_count(r) == 1 ? rows_text(r, 0, "run_id") : "";
    return true;
}

const struct held_month *
load_held_months(struct db *db, struct arena *a, struct choices *c, size_t *count, struct err *e)
{
    const struct rows *const heads = db_query(db, a, &sql_analyzer_heads, NULL, e);
    const char *const head[] = {heads ? rows_text(heads, 0, "load_head") : "0"};
    const struct rows *const settings =
        heads ? db_query(db, a, &sql_analyzer_settings, head, e) : NULL;
    const char *const zone = settings ? needed_setting(settings, "time_zone", e) : NULL;

    if (!zone)
        return NULL;
    if (!c->zone)
        c->zone = zone_of(a, settings, c->area_set, zone);
    if (!roll_up(db, a, c, e))
        return NULL;

    const char *const args[] = {c->zone};
    const struct rows *const r = db_query(db, a, &sql_analyzer_held_months, args, e);
    struct held_month *const list =
        r ? arena_array(a, (size_t)rows_count(r) + 1, sizeof *list) : NULL;

    *count = r ? (size_t)rows_count(r) : 0;
    for (size_t i = 0; i < *count; i++)
        list[i] = (struct held_month){month_of_index((int)rows_int64(r, (int)i, "month")),
                                      rows_int64(r, (int)i, "persons")};
    return list;
}

bool
load_choices(struct db *db, struct arena *a, struct choices *c, struct err *e)
{
    const struct rows *const heads = db_query(db, a, &sql_analyzer_heads, NULL, e);
    const char *const head[] = {heads ? rows_text(heads, 0, "load_head") : "0"};
    const struct rows *const settings =
        heads ? db_query(db, a, &sql_analyzer_settings, head, e) : NULL;
    const struct rows *const codes =
        settings ? db_query(db, a, &sql_analyzer_codes, head, e) : NULL;
    const char *const list = codes ? needed_setting(settings, "group_list", e) : NULL;
    struct cells *const cells = cells_new(a, month_index(c->month));

    if (!list)
        return false;
    c->load_head = rows_int64(heads, 0, "load_head");

    const struct rows *const areas = load_area_rows(db, a, c, e);

    if (!areas || !choose_place_and_time(db, a, settings, areas, cells, c, e))
        return false;
    if (!c->group_list)
        c->group_list =
            found_group_list(a, areas, codes, cells, c,
                             strcmp(c->area_set, load_setting(settings, "area_set")) == 0, list);
    if (!c->bridge_version)
        c->bridge_version = setting_or(settings, "bridge_version", "");
    if (!c->reference)
        c->reference = setting_or(settings, "reference_group", "others");
    return find_previous(db, a, c, e) && check_choices(areas, codes, c, e);
}
