/* SPDX-License-Identifier: EUPL-1.2 */
/* Reference data from files: CBS's own tables, our plain CSV, and what has to be refused. */
#include "sql/load.h"
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <stdio.h>
#include <string.h>

#define DATABASE "test_load"
#define KWB      "kwb-denhaag/"

Suite *sql_load_suite(void);

static void
fresh(void)
{
    test_database(DATABASE);
}

static bool
store(struct arena *a, const struct load_kind *kind, const struct load_file *file,
      const struct load_options *o, struct load_result *result, struct err *e)
{
    return load_store(test_db(a, DATABASE, "loader"), a, kind, file, o, result, e);
}

static bool
store_text(struct arena *a, const struct load_kind *kind, const char *text,
           const struct load_options *o, struct load_result *result, struct err *e)
{
    const struct load_file file = {"t.csv", span_of(text)};

    return store(a, kind, &file, o, result, e);
}

static const char *
sql(struct arena *a, const char *text)
{
    return test_sql_text(a, DATABASE, text);
}

/* ---- CBS ---------------------------------------------------------------------------------------
 */

static const struct {
    const char *file, *year, *table, *total, *rows;
} kwb[] = {
    {KWB "kwb-2019_84583NED_GM0518_untyped_full.csv", "2019", "84583NED", "537833", "2226"},
    {KWB "kwb-2020_GM0518_typed_full.csv", "2020", "84799NED", "545838", "2226"},
    {KWB "kwb-2021_GM0518_untyped_22cols.csv", "2021", "85039NED", "548320", "1431"},
    {KWB "kwb-2019_84583NED_GM0518_untyped_17cols.csv", "2019", "84583NED", "537833", "1431"},
};

START_TEST(a_cbs_table_loads_as_published)
{
    struct arena *const a = arena_new();
    const char *const path = shared_data(a, "a_cbs_table_loads_as_published", kwb[_i].file);
    const struct load_options o = {.area_set = "cbs", .year = kwb[_i].year, .table = kwb[_i].table};
    struct load_result result;
    struct load_file file;
    struct err e = {0};

    if (!path)
        return;
    ck_assert_msg(load_read(a, path, &file, &e), "%s", e.text);
    ck_assert_msg(store(a, &load_population, &file, &o, &result, &e), "%s", e.text);
    ck_assert_str_eq(arena_printf(a, "%u", (unsigned)result.rows), kwb[_i].rows);
    /* The published total, exact and not a sum of the rounded parts. */
    ck_assert_str_eq(sql(a, "SELECT persons FROM reference.population WHERE area_set = 'cbs' AND "
                            "area_code = 'GM0518' AND class = 'all' AND age_band = 'all' AND "
                            "rounded_to = 1"),
                     kwb[_i].total);
    ck_assert_str_eq(sql(a,
                         "SELECT count(*) FILTER (WHERE persons % 5 <> 0) || ' of ' || count(*) "
                         "FROM reference.population WHERE area_set = 'cbs' AND rounded_to = 5 AND "
                         "class = 'all' AND age_band = 'all'"),
                     "0 of 158");
    ck_assert_str_eq(
        sql(a, "SELECT bool_and(d.persons = greatest(0, t.persons - w.persons - "
               "n.persons)) FROM reference.population d JOIN reference.population t USING "
               "(area_set, area_code, year) JOIN reference.population w USING (area_set, "
               "area_code, year) JOIN reference.population n USING (area_set, area_code, "
               "year) WHERE area_set = 'cbs' AND d.class = 'dutch' AND t.class = 'all' AND "
               "t.age_band = 'all' AND w.class = 'western' AND n.class = 'non_western'"),
        "t");
    /* What is shipped is the same table: value for value. */
    ck_assert_str_eq(
        sql(a, "SELECT count(*) FROM (SELECT area_code, year, class, age_band, persons, rounded_to "
               "FROM "
               "reference.population WHERE area_set = 'cbs' EXCEPT SELECT area_code, year, class, "
               "age_band, persons, rounded_to FROM reference.population WHERE area_set = "
               "'den-haag') x"),
        "0");
    test_sql(DATABASE, "DELETE FROM reference.population WHERE area_set = 'cbs'");
    arena_free(a);
}
END_TEST

START_TEST(the_areas_of_a_cbs_table_hang_together)
{
    struct arena *const a = arena_new();
    const char *const path = shared_data(a, "the_areas_of_a_cbs_table_hang_together", kwb[0].file);
    const struct load_options o = {.area_set = "cbs", .year = "2019"};
    const struct load_options again = {.year = "2020"};
    struct load_result result;
    struct load_file file;
    struct err e = {0};

    if (!path)
        return;
    ck_assert_msg(load_read(a, path, &file, &e), "%s", e.text);
    ck_assert_msg(store(a, &load_areas, &file, &o, &result, &e), "%s", e.text);
    ck_assert_str_eq(
        sql(a, "SELECT string_agg(n, ' ' ORDER BY n) FROM (SELECT level || ' ' || count(*) "
               "AS n FROM reference.area WHERE area_set = 'cbs' GROUP BY level) x"),
        "buurt 114 city 1 wijk 44");
    ck_assert_str_eq(
        sql(a, "SELECT count(*) FROM reference.area c WHERE area_set = 'cbs' AND parent IS "
               "NOT NULL AND NOT EXISTS (SELECT FROM reference.area p WHERE p.area_set = "
               "'cbs' AND p.code = c.parent)"),
        "0");
    /* The shipped set already has these areas with names: the table adds nothing to it. */
    ck_assert_msg(store(a, &load_areas, &file, &again, &result, &e), "%s", e.text);
    ck_assert_str_eq(sql(a, "SELECT count(*) FROM reference.area WHERE area_set = 'den-haag'"),
                     "160");
    arena_free(a);
}
END_TEST

START_TEST(a_cbs_table_needs_its_year)
{
    struct arena *const a = arena_new();
    const struct load_options o = {0};
    struct load_result result;
    struct err e = {0};

    ck_assert(!store_text(a, &load_population,
                          "\"ID\";\"SoortRegio_2\";\"Codering_3\";\"AantalInwoners_5\"\n"
                          "\"1\";\"Gemeente  \";\"GM0518    \";\"     500\"\n",
                          &o, &result, &e));
    ck_assert_int_eq(e.code, ERR_USAGE);
    ck_assert_ptr_nonnull(strstr(e.hint, "--year"));
    arena_free(a);
}
END_TEST

START_TEST(rounding_cannot_make_residents_negative)
{
    struct arena *const a = arena_new();
    const struct load_options o = {.area_set = "tiny", .year = "2019"};
    struct load_result result;
    struct err e = {0};

    ck_assert_msg(
        store_text(a, &load_population,
                   "\xEF\xBB\xBF\"ID\";\"SoortRegio_2\";\"Codering_3\";\"AantalInwoners_5\";"
                   "\"WestersTotaal_17\";\"NietWestersTotaal_18\";\"Marokko_19\"\r\n"
                   "\"1\";\"Wijk      \";\"WK051801  \";\"      15\";\"      10\";"
                   "\"      10\";\"       .\"\r\n"
                   "\"2\";\"Land      \";\"NL00      \";\"17000000\";\"       1\";"
                   "\"       1\";\"       1\"\r\n"
                   "\"3\";\"Wijk      \";\"WK036301  \";\"      15\";\"      10\";"
                   "\"      10\";\"       .\"\r\n",
                   &o, &result, &e),
        "%s", e.text);
    ck_assert_str_eq(
        sql(a, "SELECT string_agg(area_code || ' ' || class || ' ' || persons, ', ' ORDER BY "
               "class) FROM reference.population WHERE area_set = 'tiny'"),
        "WK051801 all 15, WK051801 dutch 0, WK051801 non_western 10, WK051801 western 10");
    arena_free(a);
}
END_TEST

/* ---- plain files -------------------------------------------------------------------------------
 */

START_TEST(the_same_file_again_changes_nothing)
{
    struct arena *const a = arena_new();
    const struct load_options o = {.area_set = "again", .year = "2017"};
    struct load_result first, second;
    struct err e = {0};
    const char *const text = "area,class,persons\nNorth,white,100\nNorth,black,50.5\n";
    const char *const entries = "SELECT count(*) FROM audit.ledger WHERE kind = 'load'";

    ck_assert_msg(store_text(a, &load_population, text, &o, &first, &e), "%s", e.text);

    const char *const before = sql(a, entries);

    ck_assert_msg(store_text(a, &load_population, text, &o, &second, &e), "%s", e.text);
    ck_assert(!first.known && second.known);
    ck_assert_uint_eq(first.rows, 2);
    ck_assert_str_eq(sql(a, entries), before);
    ck_assert_str_eq(
        sql(a, "SELECT sum(persons) FROM reference.population WHERE area_set = 'again'"), "150.5");
    arena_free(a);
}
END_TEST

static const struct {
    const struct load_kind *kind;
    const char *text, *says;
} bad[] = {
    {&load_population, "", "no header"},
    {&load_population, "area_set,area_code,class,persons\n", "column year is missing"},
    {&load_population, "area_set,area_code,year,persons\nx,A,2019,12\nx,B,2019,1 2\n",
     "t.csv line 3 column persons (byte 10): not a number"},
    {&load_population, "area_set,area_code,year,persons\nx,A,2019,-1\n", "column persons"},
    {&load_population, "area_set,area_code,year,persons\nx,A,2019,1e400\n", "column persons"},
    {&load_population, "area_set,area_code,year,persons\nx,,2019,1\n",
     "t.csv line 2 column area_code: empty"},
    {&load_population, "area_set,area_code,year,persons\nx,A,2019\n",
     "t.csv line 2: 3 fields, the header has 4"},
    {&load_population, "area_set,area_code,year,persons\nx,A,2019,1\nx,A,2019,2\n", "21000"},
    {&load_population, "area_set,area_code,year,persons\nx,\xC3\x28,2019,1\n", "column area_code"},
    {&load_population, "area_set,area_code,year,persons\nx,\"A,2019,1\n", "t.csv"},
    {&load_bridge,
     "version,group_list,class,group_code,weight,low,high,note\nv,g,dutch,a,0.5,0.4,0.6,n\n"
     "v,g,dutch,b,0.4,0.3,0.6,n\n",
     "the weights of class dutch add up to 0.9, not 1"},
    {&load_bridge,
     "version,group_list,class,group_code,weight,low,high,note\nv,g,dutch,a,1,0.4,0.6,n\n",
     "23514"},
    {&load_area_orders,
     "order_id,kind,valid_from,valid_to,authority,published_at,areas\nO1,151b,2026-01-01T00:00:00,"
     "2026-01-02T00:00:00Z,burgemeester,,BU1\n",
     "column valid_from (byte 9): not a time with its offset"},
    {&load_area_orders,
     "order_id,kind,valid_from,valid_to,authority,published_at,areas\nO1,999x,2026-01-01T00:00:00Z,"
     "2026-01-02T00:00:00Z,burgemeester,,BU1\n",
     "23514"},
    {&load_codes, "list,code,valid_from,valid_to,flags,label_nl,label_en\nl,c,2026-02-30,,,a,b\n",
     "column valid_from"},
    {&load_control_totals,
     "source,period_from,period_to,kind,count\nCJIB,2026-01-01,2026-01-31,fines,"
     "1.5\n",
     "column count"},
};

START_TEST(a_bad_file_is_named_by_line_and_column_and_leaves_nothing)
{
    struct arena *const a = arena_new();
    const struct load_options o = {0};
    struct load_result result;
    struct err e = {0};
    const char *const traces = "SELECT (SELECT count(*) FROM audit.ledger) || ' ' || (SELECT "
                               "count(*) FROM reference.load)";
    const char *const before = sql(a, traces);

    ck_assert(!store_text(a, bad[_i].kind, bad[_i].text, &o, &result, &e));
    ck_assert_msg(strstr(e.text, bad[_i].says) != NULL, "wanted \"%s\", got \"%s\"", bad[_i].says,
                  e.text);
    ck_assert_int_eq(e.code, ERR_INPUT);
    ck_assert_str_eq(sql(a, traces), before);
    arena_free(a);
}
END_TEST

START_TEST(each_kind_stores_its_rows)
{
    struct arena *const a = arena_new();
    const struct load_options o = {.area_set = "mpls"};
    struct load_result r;
    struct err e = {0};

    ck_assert_msg(store_text(a, &load_areas, "code,name\nNear North,Near - North\n", &o, &r, &e),
                  "%s", e.text);
    ck_assert_str_eq(sql(a,
                         "SELECT level || valid_from_year || (parent IS NULL) FROM reference.area "
                         "WHERE area_set = 'mpls'"),
                     "area1900true");
    ck_assert_msg(
        store_text(a, &load_benchmark,
                   "name,area,group,period_from,period_to,exposure,unit,family,source\n"
                   "suspects,A,zwart,2026-01-01,2026-12-31,12.5,persons,police,\"x, y\"\n",
                   &o, &r, &e),
        "%s", e.text);
    ck_assert_msg(store_text(a, &load_control_totals,
                             "source,period_from,period_to,unit,kind,count\n"
                             "CJIB,2026-01-01,2026-01-31,,fines,120\n",
                             &o, &r, &e),
                  "%s", e.text);
    ck_assert_str_eq(sql(a, "SELECT unit_code || count FROM reference.control_total"), "all120");
    ck_assert_msg(
        store_text(a, &load_area_orders,
                   "order_id,kind,valid_from,valid_to,authority,published_at,areas\n"
                   "O1,151b,2026-01-01T00:00:00+01:00,2026-02-01T00:00:00+01:00,burgemeester,,"
                   "BU1|BU2\n",
                   &o, &r, &e),
        "%s", e.text);
    ck_assert_msg(
        store_text(a, &load_area_orders,
                   "order_id,kind,valid_from,valid_to,authority,published_at,areas\n"
                   "O1,151b,2026-01-01T00:00:00+01:00,2026-02-01T00:00:00+01:00,burgemeester,,"
                   "BU2|BU3\n",
                   &o, &r, &e),
        "%s", e.text);
    ck_assert_str_eq(sql(a, "SELECT string_agg(area_code, ' ' ORDER BY area_code) FROM "
                            "reference.area_order_area WHERE order_id = 'O1'"),
                     "BU2 BU3");
    ck_assert_msg(
        store_text(a, &load_codes,
                   "list,code,valid_from,valid_to,flags,label_nl,label_en\n"
                   "perceived_group:mpls,white,2000-01-01,,,wit,white\n"
                   "perceived_group:mpls,unknown,2000-01-01,2026-12-31,not_perceived|other,"
                   "onbekend,unknown\n",
                   &o, &r, &e),
        "%s", e.text);
    ck_assert_str_eq(sql(a, "SELECT string_agg(code || flags::text || ord, ' ' ORDER BY ord) FROM "
                            "reference.code WHERE list = 'perceived_group:mpls'"),
                     "white{}1 unknown{not_perceived,other}2");
    arena_free(a);
}
END_TEST

START_TEST(what_is_shipped_is_complete)
{
    struct arena *const a = arena_new();

    ck_assert_str_eq(sql(a, "SELECT count(*) FROM reference.area WHERE area_set = 'den-haag'"),
                     "160");
    ck_assert_str_eq(
        sql(a, "SELECT count(*) FROM reference.population p WHERE p.area_set = 'den-haag' AND NOT "
               "EXISTS (SELECT FROM "
               "reference.area a WHERE a.area_set = p.area_set AND a.code = p.area_code)"),
        "0");
    /* Every code list that sql/fields.h names has codes, with texts in both languages. */
    ck_assert_str_eq(
        sql(a, "SELECT count(*) FROM reference.code WHERE label_nl = '' OR label_en = ''"), "0");
    ck_assert_str_eq(sql(a, "SELECT value FROM reference.setting WHERE name = 'area_set'"),
                     "den-haag");
    ck_assert_str_eq(sql(a,
                         "SELECT count(*) FROM reference.bridge b WHERE NOT EXISTS (SELECT FROM "
                         "reference.code c WHERE c.list = b.group_list AND c.code = b.group_code)"),
                     "0");
    arena_free(a);
}
END_TEST

Suite *
sql_load_suite(void)
{
    Suite *const s = suite_create("sql_load");
    TCase *const c = tcase_create("load");

    tcase_set_timeout(c, 60);
    tcase_add_unchecked_fixture(c, fresh, NULL);
    tcase_add_loop_test(c, a_cbs_table_loads_as_published, 0, (int)(sizeof kwb / sizeof kwb[0]));
    tcase_add_test(c, the_areas_of_a_cbs_table_hang_together);
    tcase_add_test(c, a_cbs_table_needs_its_year);
    tcase_add_test(c, rounding_cannot_make_residents_negative);
    tcase_add_test(c, the_same_file_again_changes_nothing);
    tcase_add_loop_test(c, a_bad_file_is_named_by_line_and_column_and_leaves_nothing, 0,
                        (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(c, each_kind_stores_its_rows);
    tcase_add_test(c, what_is_shipped_is_complete);
    suite_add_tcase(s, c);
    return s;
}
