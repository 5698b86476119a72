/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Where an installation comes from: the database, the embedded reference files (for tests and dry
 * runs without a database), or another installation seen through a profile. All three end in the
 * same check: no list that a field names may be empty.
 */
#include "collector/codes_build.h"
#include "collector/lexicon.h"
#include "collector/profile.h"
#include "common/csv.h"
#include "gen/queries.h"

#include <limits.h>
#include <string.h>

/* ---- settings -------------------------------------------------------------------------------- */

static bool
set_real(double *into, const char *name, const char *value, struct err *e)
{
    return span_real(span_of(value), into) ||
           err_set(e, ERR_CONFIG, "setting %s is not a number", name);
}

/* Settings that others read are passed over. */
static bool
installation_set(struct installation *in, const char *name, const char *value, struct err *e)
{
    if (strcmp(name, "area_set") == 0)
        in->area_set = value;
    else if (strcmp(name, "group_list") == 0)
        in->group_list = value;
    else if (strcmp(name, "mixed_class") == 0)
        in->mixed_class = value;
    else if (strcmp(name, "time_zone") == 0)
        in->zone_name = value;
    else if (strcmp(name, "text_language") == 0)
        in->text_language = value;
    else if (strcmp(name, "dictionaries") == 0)
        in->dictionaries = value;
    else if (strcmp(name, "latitude") == 0)
        return set_real(&in->latitude, name, value, e);
    else if (strcmp(name, "longitude") == 0)
        return set_real(&in->longitude, name, value, e);
    else if (strcmp(name, "refuse_share") == 0)
        return set_real(&in->refuse_share, name, value, e);
    else if (strcmp(name, "go_live") == 0 && !date_parse(span_of(value), &in->go_live))
        return err_set(e, ERR_CONFIG, "setting go_live is not a date (yyyy-mm-dd)");
    return true;
}

static bool
settings_complete(const struct installation *in, struct err *e)
{
    const struct {
        const char *name, *value;
    } needed[] = {{"area_set", in->area_set},           {"group_list", in->group_list},
                  {"mixed_class", in->mixed_class},     {"time_zone", in->zone_name},
                  {"text_language", in->text_language}, {"dictionaries", in->dictionaries}};

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!needed[i].value)
            return err_set(e, ERR_CONFIG, "setting %s is missing", needed[i].name) ||
                   err_hint(e, "run maatstaf db migrate, which loads the shipped settings");
    return true;
}

static bool
list_there(const struct installation *in, const char *list, struct err *e)
{
    if (code_list_find(in, list))
        return true;
    err_set(e, ERR_CONFIG, "code list %s is empty", list);
    return err_hint(e, "load it with maatstaf db load codes");
}

/* Every list of fields.h, of the group lists the one that this installation uses; and the word
 * lists, without which a text would pass unseen. */
static bool
lists_complete(const struct installation *in, const char *group_list, struct err *e)
{
    for (int part = 0; part < PART_COUNT; part++)
        for (unsigned i = 0; i < part_fields[part].count; i++) {
            const char *list = part_fields[part].fields[i].list;
            if (strcmp(list, "perceived_group") == 0)
                list = group_list;
            if (list[0] && !list_there(in, list, e))
                return false;
        }
    for (unsigned i = 0; words_lists_needed[i]; i++)
        if (!list_there(in, words_lists_needed[i], e))
            return false;
    for (unsigned i = 0; lexicon_lists_needed[i]; i++)
        if (!list_there(in, lexicon_lists_needed[i], e))
            return false;
    return true;
}

/* ---- from the database ----------------------------------------------------------------------- */

static bool
load_settings(struct arena *a, struct db *db, struct installation *in, struct err *e)
{
    const struct rows *const r = db_query(db, a, &sql_collector_settings, NULL, e);

    for (int i = 0; r && i < rows_count(r); i++)
        if (!installation_set(in, rows_text(r, i, "name"), rows_text(r, i, "value"), e))
            return false;
    return r && settings_complete(in, e);
}

static bool
load_codes(struct arena *a, struct db *db, struct installation *in, struct err *e)
{
    const struct rows *const r = db_query(db, a, &sql_collector_codes, NULL, e);
    struct code_rows rows = {0};

    if (!r)
        return false;
    for (int i = 0; i < rows_count(r); i++)
        code_rows_add(
            a, &rows, rows_text(r, i, "list"),
            (struct code){
                .code = rows_text(r, i, "code"),
                .flags = code_flags_of(span_of(rows_text(r, i, "flags"))),
                .from = rows_int64(r, i, "valid_from"),
                .until = rows_is_null(r, i, "valid_to") ? INT64_MAX : rows_int64(r, i, "valid_to"),
                .nl = rows_text(r, i, "label_nl"),
                .en = rows_text(r, i, "label_en"),
            });
    installation_set_codes(a, in, &rows);
    return true;
}

static bool
load_areas(struct arena *a, struct db *db, struct installation *in, struct err *e)
{
    const char *const args[] = {in->area_set};
    const struct rows *const r = db_query(db, a, &sql_collector_areas, args, e);
    struct area_rows rows = {0};

    if (!r)
        return false;
    for (int i = 0; i < rows_count(r); i++)
        area_rows_add(a, &rows,
                      (struct area){
                          .code = rows_text(r, i, "code"),
                          .level = rows_text(r, i, "level"),
                          .name = rows_text(r, i, "name"),
                          .parent = rows_text(r, i, "parent"),
                          .from_year = (int)rows_int64(r, i, "valid_from_year"),
                          .until_year = rows_is_null(r, i, "valid_to_year")
                                            ? INT_MAX
                                            : (int)rows_int64(r, i, "valid_to_year"),
                      });
    installation_set_areas(a, in, &rows);
    return true;
}

static bool
load_orders(struct arena *a, struct db *db, struct installation *in, struct err *e)
{
    const struct rows *const r = db_query(db, a, &sql_collector_area_orders, NULL, e);

    if (!r)
        return false;
    const unsigned count = (unsigned)rows_count(r);
    struct area_order *const orders = arena_array(a, count, sizeof *orders);
    const char **const areas = arena_array(a, count, sizeof *areas);
    for (unsigned i = 0; i < count; i++) {
        const int row = (int)i;
        const char *const id = rows_text(r, row, "order_id");
        if (i == 0 || strcmp(orders[in->order_count - 1].id, id) != 0)
            orders[in->order_count++] = (struct area_order){
                .id = id,
                .kind = rows_text(r, row, "kind"),
                .from = rows_int64(r, row, "valid_from"),
                .until = rows_int64(r, row, "valid_to"),
                .areas = &areas[i],
            };
        areas[i] = rows_text(r, row, "area_code");
        orders[in->order_count - 1].area_count++;
    }
    in->orders = orders;
    return true;
}

static bool
load_decisions(struct arena *a, struct db *db, struct installation *in, struct err *e)
{
    const struct rows *const r = db_query(db, a, &sql_collector_group_modes, NULL, e);

    if (!r)
        return false;
    in->decision_count = (unsigned)rows_count(r);
    struct group_decision *const d = arena_array(a, in->decision_count, sizeof *d);
    for (unsigned i = 0; i < in->decision_count; i++)
        d[i] = (struct group_decision){
            .perceived = rows_bool(r, (int)i, "perceived"),
            .self = rows_bool(r, (int)i, "self"),
            .from = rows_int64(r, (int)i, "valid_from"),
            .until = rows_int64(r, (int)i, "valid_until"),
        };
    in->decisions = d;
    return true;
}

const struct installation *
installation_load(struct arena *a, struct db *db, const char *area_set, const char *group_list,
                  struct err *e)
{
    struct installation *const in = arena_alloc(a, sizeof *in);

    if (!load_settings(a, db, in, e))
        return NULL;
    const char *const own_list = in->group_list;
    if (area_set)
        in->area_set = arena_strdup(a, area_set);
    if (group_list)
        in->group_list = arena_strdup(a, group_list);
    in->zone = zone_open(a, in->zone_name, e);
    /* A profile's own group list may not be in the database yet: the profile brings it. */
    if (!in->zone || !load_codes(a, db, in, e) || !lists_complete(in, own_list, e) ||
        !load_areas(a, db, in, e) || !load_orders(a, db, in, e) || !load_decisions(a, db, in, e)) {
        err_context(e, "installation");
        return NULL;
    }
    return in;
}

/* ---- from the embedded files ----------------------------------------------------------------- */

enum { COLUMNS_MOST = 16 };

/* A small CSV file of ours: each row as text by the names of the header. */
struct table {
    struct csv *csv;
    const char *path;
    unsigned count;
    const char *names[COLUMNS_MOST];
    struct csv_row row;
};

static bool
table_open(struct arena *a, struct table *t, const char *path, struct err *e)
{
    const struct sql_script *const file = sql_script_find(path);

    *t = (struct table){.path = path};
    if (!file)
        return err_set(e, ERR_INTERNAL, "%s is not built in", path);
    const struct span text = {file->text, (size_t)file->length};
    t->csv = csv_new(a, reader_memory(a, text, 0), NULL);
    if (csv_next(t->csv, &t->row, e) != CSV_ROW || t->row.count > COLUMNS_MOST)
        return err_set(e, ERR_CONFIG, "%s has no header", path);
    t->count = (unsigned)t->row.count;
    for (unsigned i = 0; i < t->count; i++)
        t->names[i] = arena_strndup(a, t->row.fields[i].text.data, t->row.fields[i].text.length);
    return true;
}

static bool
table_next(struct table *t, struct err *e)
{
    const bool row = csv_next_row(t->csv, &t->row, e);

    if (row && t->row.count == t->count)
        return true;
    if (row || e->code != ERR_NONE)
        err_set(e, ERR_CONFIG, "%s: line %llu is malformed", t->path,
                (unsigned long long)t->row.line);
    return false;
}

/* The column's text, or NULL when it is empty or not there. */
static const char *
table_text(struct arena *a, const struct table *t, const char *name)
{
    for (unsigned i = 0; i < t->count; i++) {
        const struct span s = t->row.fields[i].text;
        if (strcmp(t->names[i], name) == 0)
            return s.length > 0 ? arena_strndup(a, s.data, s.length) : NULL;
    }
    return NULL;
}

static int64_t
table_day(struct arena *a, const struct table *t, const char *name, int64_t absent)
{
    const char *const text = table_text(a, t, name);
    int64_t day;

    return text && date_parse(span_of(text), &day) ? day : absent;
}

static int
table_year(struct arena *a, const struct table *t, const char *name, int absent)
{
    const char *const text = table_text(a, t, name);
    int64_t year;

    return text && span_int64(span_of(text), 1, 9999, &year) ? (int)year : absent;
}

static bool
embedded_settings(struct arena *a, struct installation *in, struct err *e)
{
    struct table t;

    if (!table_open(a, &t, "sql/reference/settings.csv", e))
        return false;
    while (table_next(&t, e)) {
        const char *const name = table_text(a, &t, "name");
        const char *const value = table_text(a, &t, "value");
        if (name && value && !installation_set(in, name, value, e))
            return false;
    }
    return e->code == ERR_NONE && settings_complete(in, e);
}

static bool
embedded_codes(struct arena *a, struct installation *in, struct err *e)
{
    struct code_rows rows = {0};
    struct table t;

    if (!table_open(a, &t, "sql/reference/codes.csv", e))
        return false;
    while (table_next(&t, e)) {
        const char *const list = table_text(a, &t, "list");
        const struct code code = {
            .code = table_text(a, &t, "code"),
            .flags = code_flags_of(span_of(table_text(a, &t, "flags"))),
            .from = table_day(a, &t, "valid_from", INT64_MIN),
            .until = table_day(a, &t, "valid_to", INT64_MAX),
            .nl = table_text(a, &t, "label_nl"),
            .en = table_text(a, &t, "label_en"),
        };
        if (list && code.code)
            code_rows_add(a, &rows, list, code);
    }
    if (e->code == ERR_NONE)
        installation_set_codes(a, in, &rows);
    return e->code == ERR_NONE;
}

static bool
embedded_areas(struct arena *a, struct installation *in, struct err *e)
{
    struct area_rows rows = {0};
    struct table t;

    if (!table_open(a, &t, "sql/reference/den-haag-areas.csv", e))
        return false;
    while (table_next(&t, e)) {
        const char *const set = table_text(a, &t, "area_set");
        if (set && strcmp(set, in->area_set) == 0)
            area_rows_add(a, &rows,
                          (struct area){
                              .code = table_text(a, &t, "code"),
                              .level = table_text(a, &t, "level"),
                              .name = table_text(a, &t, "name"),
                              .parent = table_text(a, &t, "parent"),
                              .from_year = table_year(a, &t, "valid_from_year", INT_MIN),
                              .until_year = table_year(a, &t, "valid_to_year", INT_MAX),
                          });
    }
    if (e->code == ERR_NONE)
        installation_set_areas(a, in, &rows);
    return e->code == ERR_NONE;
}

const struct installation *
installation_embedded(struct arena *a, struct err *e)
{
    struct installation *const in = arena_alloc(a, sizeof *in);

    if (!embedded_settings(a, in, e))
        return NULL;
    in->zone = zone_open(a, in->zone_name, e);
    if (!in->zone || !embedded_codes(a, in, e) || !lists_complete(in, in->group_list, e) ||
        !embedded_areas(a, in, e))
        return NULL;
    return in;
}

/* ---- through a profile ----------------------------------------------------------------------- */

/* A code that the database already has (loaded from an earlier import) stays the database's. */
static void
merge_codes(struct arena *a, struct installation *in, const struct profile *p)
{
    struct code_rows rows = {0};
    unsigned count;
    const struct profile_code *const own = profile_codes(p, &count);

    for (unsigned i = 0; i < in->list_count; i++)
        for (unsigned k = 0; k < in->lists[i].count; k++)
            code_rows_add(a, &rows, in->lists[i].name, in->lists[i].codes[k]);
    for (unsigned i = 0; i < count; i++) {
        const struct code_list *const list = code_list_find(in, own[i].list);
        if (!list || !code_find(list, span_of(own[i].code)))
            code_rows_add(a, &rows, own[i].list,
                          (struct code){
                              .code = own[i].code,
                              .flags = code_flags_of(span_of(own[i].flags)),
                              .from = own[i].valid_from,
                              .until = INT64_MAX,
                              .nl = own[i].nl,
                              .en = own[i].en,
                          });
    }
    if (count > 0)
        installation_set_codes(a, in, &rows);
}

const struct installation *
installation_for_profile(struct arena *a, const struct installation *in, const struct profile *p,
                         struct err *e)
{
    struct installation *const seen = arena_alloc(a, sizeof *seen);

    if (!p)
        return lists_complete(in, in->group_list, e) ? in : NULL;
    *seen = *in;
    merge_codes(a, seen, p);
    if (profile_zone(p))
        seen->zone_name = profile_zone(p);
    if (profile_text_language(p))
        seen->text_language = profile_text_language(p);
    if (profile_group_list(p))
        seen->group_list = profile_group_list(p);
    if (profile_go_live(p) != INT64_MIN)
        seen->go_live = profile_go_live(p);
    if (profile_area_set(p) && strcmp(profile_area_set(p), seen->area_set) != 0) {
        const struct area_rows none = {0};
        seen->area_set = profile_area_set(p);
        installation_set_areas(a, seen, &none);
    }
    seen->areas_open = profile_areas_open(p);
    seen->zone = zone_open(a, seen->zone_name, e);
    return seen->zone && lists_complete(seen, seen->group_list, e) ? seen : NULL;
}
