/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rows of the database as inputs: first what a new run leaves open is chosen, then everything that
 * the choices name is read. Counts nothing itself (the queries do) and judges nothing (the
 * measures do). All that is read belongs to the caller's arena; texts point into query results
 * that it owns too.
 */
#include "analyzer/cells/load.h"

#include "common/digest.h"
#include "gen/queries.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *
number(struct arena *a, int64_t value)
{
    return arena_printf(a, "%" PRId64, value);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static unsigned
perspective_of(int64_t number)
{
    return number > 0 && number < PERSPECTIVES ? (unsigned)number : PERSPECTIVE_ALL;
}

static void
read_sums(const char *text, struct cell *x)
{
    const char *at = text;

    for (unsigned s = 0; s < SUM_COUNT && *at; s++) {
        char *end;

        x->sum[s] = (int32_t)strtol(at, &end, 10);
        at = *end == ' ' ? end + 1 : end;
    }
}

static bool
read_cells(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
           struct cells *cells, struct err *e)
{
    const int first = cells->month - CELLS_MONTHS + 1;
    const char *const args[] = {c->zone, number(a, c->ledger_entry), number(a, first),
                                number(a, cells->month), number(a, cells->month - 11)};
    const struct rows *const r = db_query(
        db, a, source == LOAD_ROLL_UP ? &sql_analyzer_cells : &sql_analyzer_recount, args, e);

    if (!r)
        return err_context(e, "count registrations");
    for (int i = 0; i < rows_count(r); i++) {
        struct cell *const x = cells_add(cells);

        x->month = (uint16_t)(rows_int64(r, i, "month") - first);
        x->area = (uint16_t)names_add(cells->areas, rows_text(r, i, "area"));
        x->unit = (uint16_t)names_add(cells->units, rows_text(r, i, "unit"));
        x->perspective = (uint16_t)perspective_of(rows_int64(r, i, "perspective"));
        x->group = (uint16_t)names_add(cells->groups, rows_text(r, i, "group_code"));
        read_sums(rows_text(r, i, "sums"), x);
    }
    return true;
}

static bool
read_reasons(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
             struct cells *cells, struct err *e)
{
    const int first = cells->month - 11;
    const char *const args[] = {c->zone, number(a, c->ledger_entry), number(a, first),
                                number(a, cells->month)};
    const struct rows *const r = db_query(
        db, a, source == LOAD_ROLL_UP ? &sql_analyzer_reasons : &sql_analyzer_recount_reasons, args,
        e);

    if (!r)
        return err_context(e, "count reasons");
    for (int i = 0; i < rows_count(r); i++) {
        struct reason_cell *const x = cells_add_reason(cells);

        x->month = (uint16_t)(rows_int64(r, i, "month") - first + CELLS_MONTHS - 12);
        x->area = (uint16_t)names_add(cells->areas, rows_text(r, i, "area"));
        x->perspective = (uint16_t)perspective_of(rows_int64(r, i, "perspective"));
        x->group = (uint16_t)names_add(cells->groups, rows_text(r, i, "group_code"));
        x->reason = (uint16_t)names_add(cells->reasons, rows_text(r, i, "reason"));
        x->persons = (int32_t)rows_int64(r, i, "persons");
    }
    return true;
}

/* Leaves only cells in areas of the set; an area that no set has, or none, counts for the
 * installation's. */
static void
keep_set(struct cells *c, const struct names *mine, const struct names *all, bool installation)
{
    size_t kept = 0, kept_reasons = 0;

    for (size_t i = 0; i < c->count; i++) {
        const char *const area = names_text(c->areas, c->list[i].area);

        if (names_find(mine, area) >= 0 || (installation && names_find(all, area) < 0))
            c->list[kept++] = c->list[i];
    }
    for (size_t i = 0; i < c->reason_count; i++) {
        const char *const area = names_text(c->areas, c->reason_list[i].area);

        if (names_find(mine, area) >= 0 || (installation && names_find(all, area) < 0))
            c->reason_list[kept_reasons++] = c->reason_list[i];
    }
    c->count = kept;
    c->reason_count = kept_reasons;
}

/* ---- choices --------------------------------------------------------------------------------- */

static const char *
setting(const struct rows *settings, const char *name)
{
    for (int i = 0; i < rows_count(settings); i++)
        if (strcmp(rows_text(settings, i, "name"), name) == 0)
            return rows_text(settings, i, "value");
    return NULL;
}

static const char *
needed_setting(const struct rows *settings, const char *name, struct err *e)
{
    const char *const value = setting(settings, name);

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

static void
set_names(struct arena *a, const struct rows *areas, const char *set, struct names **mine,
          struct names **all)
{
    *mine = names_new(a);
    *all = names_new(a);
    for (int i = 0; i < rows_count(areas); i++) {
        names_add(*all, rows_text(areas, i, "code"));
        if (strcmp(rows_text(areas, i, "area_set"), set) == 0)
            names_add(*mine, rows_text(areas, i, "code"));
    }
}

static const struct rows *
query_areas(struct db *db, struct arena *a, const struct choices *c, struct err *e)
{
    const char *const args[] = {number(a, c->month.year), number(a, c->load_head)};

    return db_query(db, a, &sql_analyzer_areas, args, e);
}

/* The zone of an area set's own setting, else the installation's. */
static const char *
zone_of(struct arena *a, const struct rows *settings, const char *area_set,
        const char *installation)
{
    const char *const own =
        area_set ? setting(settings, arena_printf(a, "time_zone:%s", area_set)) : NULL;

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
    if (!roll_up(db, a, c, e) || !read_cells(db, a, c, LOAD_ROLL_UP, cells, e))
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

    set_names(a, areas, c->area_set, &mine, &all);
    keep_set(cells, mine, all, home);
    for (size_t i = 0; i < cells->count; i++)
        names_add(kept->groups, names_text(cells->groups, cells->list[i].group));
    return choose_group_list(codes, kept, fallback);
}

static const char *
setting_or(const struct rows *settings, const char *name, const char *fallback)
{
    const char *const value = setting(settings, name);

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

    const struct rows *const areas = query_areas(db, a, c, e);

    if (!areas || !choose_place_and_time(db, a, settings, areas, cells, c, e))
        return false;
    if (!c->group_list)
        c->group_list =
            found_group_list(a, areas, codes, cells, c,
                             strcmp(c->area_set, setting(settings, "area_set")) == 0, list);
    if (!c->bridge_version)
        c->bridge_version = setting_or(settings, "bridge_version", "");
    if (!c->reference)
        c->reference = setting_or(settings, "reference_group", "others");
    return check_choices(areas, codes, c, e);
}

/* ---- reference figures ----------------------------------------------------------------------- */

static bool
read_places(struct arena *a, const struct rows *r, struct inputs *in)
{
    in->places = arena_array(a, (size_t)rows_count(r) + 1, sizeof *in->places);
    for (int i = 0; i < rows_count(r); i++)
        if (strcmp(rows_text(r, i, "area_set"), in->choices.area_set) == 0)
            in->places[in->place_count++] = (struct place){
                .code = rows_text(r, i, "code"),
                .name = rows_text(r, i, "name"),
                .level = rows_text(r, i, "level"),
                .parent = rows_text(r, i, "parent"),
            };
    return true;
}

static bool
read_codes(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *const args[] = {number(a, in->choices.load_head)};
    const struct rows *const r = db_query(db, a, &sql_analyzer_codes, args, e);

    if (!r)
        return false;
    in->labels = arena_array(a, (size_t)rows_count(r), sizeof *in->labels);
    for (int i = 0; i < rows_count(r); i++) {
        const char *const list = rows_text(r, i, "list");

        /* Only the lists that figures speak of: others may change without changing the document. */
        if (strcmp(list, in->choices.group_list) != 0 && strcmp(list, "behaviour") != 0 &&
            strcmp(list, "fact") != 0 && strcmp(list, "circumstance") != 0)
            continue;
        in->labels[in->label_count++] = (struct label){
            .list = list,
            .code = rows_text(r, i, "code"),
            .nl = rows_text(r, i, "label_nl"),
            .en = rows_text(r, i, "label_en"),
            .not_perceived = rows_bool(r, i, "not_perceived"),
            .sensitive = rows_bool(r, i, "sensitive"),
        };
    }
    return true;
}

static bool
read_population(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *const args[] = {in->choices.area_set, number(a, in->choices.load_head)};
    const struct rows *const r = db_query(db, a, &sql_analyzer_population, args, e);

    if (!r)
        return false;
    in->population_count = (size_t)rows_count(r);
    in->population = arena_array(a, in->population_count, sizeof *in->population);
    for (int i = 0; i < rows_count(r); i++)
        in->population[i] = (struct population){
            .area = rows_text(r, i, "area_code"),
            .year = (int)rows_int64(r, i, "year"),
            .class = rows_text(r, i, "class"),
            .persons = rows_real(r, i, "persons"),
            .rounded_to = (int)rows_int64(r, i, "rounded_to"),
        };
    return true;
}

static bool
read_bridge(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *const args[] = {in->choices.bridge_version, in->choices.group_list,
                                number(a, in->choices.load_head)};
    const struct rows *const r = db_query(db, a, &sql_analyzer_bridge, args, e);

    if (!r)
        return false;
    in->bridge_count = (size_t)rows_count(r);
    in->bridge = arena_array(a, in->bridge_count, sizeof *in->bridge);
    for (int i = 0; i < rows_count(r); i++)
        in->bridge[i] = (struct bridge){
            .class = rows_text(r, i, "class"),
            .group = rows_text(r, i, "group_code"),
            .weight = rows_real(r, i, "weight"),
            .low = rows_real(r, i, "low"),
            .high = rows_real(r, i, "high"),
        };
    return true;
}

/* First day of the twelve months, last day of the month. */
static void
period_of(struct arena *a, struct month month, const char **from, const char **until)
{
    char *const first = arena_alloc(a, 16);
    char *const last = arena_alloc(a, 16);
    const struct month start = month_add(month, -11);
    const struct month next = month_add(month, 1);

    date_text(civil_days(start.year, start.month, 1), first);
    date_text(civil_days(next.year, next.month, 1) - 1, last);
    *from = first;
    *until = last;
}

static bool
read_benchmarks(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *from, *until;

    period_of(a, in->choices.month, &from, &until);

    const char *const args[] = {in->choices.area_set, from, until,
                                number(a, in->choices.load_head)};
    const struct rows *const r = db_query(db, a, &sql_analyzer_benchmarks, args, e);

    if (!r)
        return false;
    in->benchmark_count = (size_t)rows_count(r);
    in->benchmarks = arena_array(a, in->benchmark_count, sizeof *in->benchmarks);
    for (int i = 0; i < rows_count(r); i++)
        in->benchmarks[i] = (struct benchmark){
            .name = rows_text(r, i, "name"),
            .area = rows_text(r, i, "area_code"),
            .group = rows_text(r, i, "group_code"),
            .family = rows_text(r, i, "family"),
            .unit = rows_text(r, i, "unit"),
            .from = (int)rows_int64(r, i, "first"),
            .until = (int)rows_int64(r, i, "last"),
            .exposure = rows_real(r, i, "exposure"),
        };
    return true;
}

static bool
read_controls(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *from, *until;

    period_of(a, in->choices.month, &from, &until);

    const char *const args[] = {from, until, number(a, in->choices.load_head)};
    const struct rows *const r = db_query(db, a, &sql_analyzer_control_totals, args, e);

    if (!r)
        return false;
    in->control_count = (size_t)rows_count(r);
    in->controls = arena_array(a, in->control_count, sizeof *in->controls);
    for (int i = 0; i < rows_count(r); i++)
        in->controls[i] = (struct control_total){
            .source = rows_text(r, i, "source"),
            .unit = rows_text(r, i, "unit_code"),
            .kind = rows_text(r, i, "kind"),
            .from = (int)rows_int64(r, i, "first"),
            .until = (int)rows_int64(r, i, "last"),
            .count = rows_real(r, i, "count"),
        };
    return true;
}

static bool
read_intake(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *const args[] = {number(a, in->choices.ledger_entry)};
    const struct rows *const b = db_query(db, a, &sql_analyzer_batches, args, e);
    const struct rows *const m = b ? db_query(db, a, &sql_analyzer_batch_messages, args, e) : NULL;

    if (!m)
        return false;
    in->batch_count = (size_t)rows_count(b);
    in->batches = arena_array(a, in->batch_count, sizeof *in->batches);
    for (int i = 0; i < rows_count(b); i++)
        in->batches[i] = (struct batch){
            .source_system = rows_text(b, i, "source_system"),
            .profile = rows_text(b, i, "profile"),
            .status = rows_text(b, i, "status"),
            .batches = rows_real(b, i, "batches"),
            .received = rows_real(b, i, "received"),
            .accepted = rows_real(b, i, "accepted"),
            .duplicate = rows_real(b, i, "duplicate"),
            .quarantined = rows_real(b, i, "quarantined"),
            .refused = rows_real(b, i, "refused"),
        };
    in->message_count = (size_t)rows_count(m);
    in->messages = arena_array(a, in->message_count, sizeof *in->messages);
    for (int i = 0; i < rows_count(m); i++)
        in->messages[i] = (struct batch_message){
            .code = rows_text(m, i, "code"),
            .severity = rows_text(m, i, "severity"),
            .count = rows_real(m, i, "count"),
        };
    return true;
}

static bool
read_ledger(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *const args[] = {number(a, in->choices.ledger_entry)};
    const struct rows *const r = db_query(db, a, &sql_analyzer_entry, args, e);
    struct span hash = {NULL, 0};

    if (!r)
        return false;
    if (rows_count(r) == 1 && rows_bytes(r, 0, "entry_hash", a, &hash) &&
        hash.length == DIGEST_BYTES)
        hex_of((const uint8_t *)hash.data, hash.length, in->ledger_hash);
    return true;
}

bool
load_inputs(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
            struct inputs *in, struct err *e)
{
    const char *const head[] = {number(a, c->load_head)};
    const struct rows *const settings = db_query(db, a, &sql_analyzer_settings, head, e);
    const struct rows *const areas = settings ? query_areas(db, a, c, e) : NULL;
    struct cells *const cells = cells_new(a, month_index(c->month));
    struct names *mine, *all;

    if (!areas)
        return false;
    *in = (struct inputs){.choices = *c, .cells = cells};
    in->city_name = setting(settings, "city_name");
    in->municipality = setting(settings, "municipality");

    const char *const installation = setting(settings, "area_set");
    const bool home = installation && strcmp(c->area_set, installation) == 0;

    if (!home || !in->city_name)
        in->city_name = c->area_set;
    if (!home || !in->municipality)
        in->municipality = "";
    if (!read_cells(db, a, c, source, cells, e) || !read_reasons(db, a, c, source, cells, e))
        return false;
    set_names(a, areas, c->area_set, &mine, &all);
    keep_set(cells, mine, all, home);
    cells_settle(cells);
    return read_places(a, areas, in) && read_codes(db, a, in, e) && read_population(db, a, in, e) &&
           read_bridge(db, a, in, e) && read_benchmarks(db, a, in, e) &&
           /* Control totals name no area set: they are the installation's. */
           (!home || read_controls(db, a, in, e)) && read_intake(db, a, in, e) &&
           read_ledger(db, a, in, e);
}
