/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rows of the database as inputs: everything that complete choices name. Counts nothing itself (the
 * queries do) and judges nothing (the measures do). All that is read belongs to the caller's arena;
 * texts point into query results that it owns too.
 */
#include "analyzer/cells/load_internal.h"

#include "common/digest.h"
#include "gen/queries.h"

#include <string.h>

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
    const char *const args[] = {load_number(a, in->choices.load_head)};
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
    const char *const args[] = {in->choices.area_set, load_number(a, in->choices.load_head)};
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
                                load_number(a, in->choices.load_head)};
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
                                load_number(a, in->choices.load_head)};
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

    const char *const args[] = {from, until, load_number(a, in->choices.load_head)};
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
    const char *const args[] = {load_number(a, in->choices.ledger_entry), in->choices.area_set};
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
    const char *const args[] = {load_number(a, in->choices.ledger_entry)};
    const struct rows *const r = db_query(db, a, &sql_analyzer_entry, args, e);
    struct span hash = {NULL, 0};

    if (!r)
        return false;
    if (rows_count(r) == 1 && rows_bytes(r, 0, "entry_hash", a, &hash) &&
        hash.length == DIGEST_BYTES)
        hex_of((const uint8_t *)hash.data, hash.length, in->ledger_hash);
    return true;
}

/* Named by the choices, so that a later run of the month before changes nothing. */
static bool
read_earlier(struct db *db, struct arena *a, struct inputs *in, struct err *e)
{
    const char *const args[] = {in->choices.previous};

    if (!*in->choices.previous)
        return true;

    const struct rows *const r = db_query(db, a, &sql_analyzer_signals, args, e);

    if (!r)
        return err_context(e, "signals of run %s", in->choices.previous);
    in->earlier_count = (size_t)rows_count(r);
    in->earlier = arena_array(a, in->earlier_count + 1, sizeof *in->earlier);
    for (int i = 0; i < rows_count(r); i++)
        in->earlier[i] = (struct earlier_signal){
            .id = rows_text(r, i, "id"),
            .kind = rows_text(r, i, "kind"),
            .level_of_place = rows_text(r, i, "level_of_place"),
            .place = rows_text(r, i, "place"),
            .perspective = rows_text(r, i, "perspective"),
            .group = rows_text(r, i, "group_code"),
            .grade = rows_text(r, i, "grade"),
            .since = rows_text(r, i, "since"),
        };
    return true;
}

bool
load_inputs(struct db *db, struct arena *a, const struct choices *c, enum load_source source,
            struct inputs *in, struct err *e)
{
    const char *const head[] = {load_number(a, c->load_head)};
    const struct rows *const settings = db_query(db, a, &sql_analyzer_settings, head, e);
    const struct rows *const areas = settings ? load_area_rows(db, a, c, e) : NULL;
    struct cells *const cells = cells_new(a, month_index(c->month));
    struct names *mine, *all;

    if (!areas)
        return false;
    *in = (struct inputs){.choices = *c, .cells = cells};
    in->city_name = load_setting(settings, "city_name");
    in->municipality = load_setting(settings, "municipality");

    const char *const installation = load_setting(settings, "area_set");
    const bool home = installation && strcmp(c->area_set, installation) == 0;

    if (!home || !in->city_name)
        in->city_name = c->area_set;
    if (!home || !in->municipality)
        in->municipality = "";
    in->mixed_class = load_setting(settings, "mixed_class");
    if (!in->mixed_class)
        in->mixed_class = "";
    if (!load_cells(db, a, c, source, cells, e) || !load_reasons(db, a, c, source, cells, e))
        return false;
    load_set_names(a, areas, c->area_set, &mine, &all);
    load_keep_set(cells, mine, all, home);
    cells_settle(cells);
    return read_places(a, areas, in) && load_sun(a, settings, home, in, e) &&
           load_models(db, a, areas, home, in, e) && read_codes(db, a, in, e) &&
           read_population(db, a, in, e) && read_bridge(db, a, in, e) &&
           read_benchmarks(db, a, in, e) &&
           /* Control totals name no area set: they are the installation's. */
           (!home || read_controls(db, a, in, e)) && read_intake(db, a, in, e) &&
           load_unit_months(db, a, in, e) && load_not_covered(db, a, in, e) &&
           read_ledger(db, a, in, e) && read_earlier(db, a, in, e);
}
