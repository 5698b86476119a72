/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The installation in memory: the shipped lists and areas, periods of validity, and what a profile
 * adds. Small installations are built by hand where the shipped one has no such case.
 */
#include "collector/codes_build.h"
#include "collector/lookup.h"
#include "collector/profile.h"
#include "tests/unit/decoding.h"

#include <limits.h>

Suite *codes_suite(void);

/* ---- the shipped installation ---------------------------------------------------------------- */

START_TEST(every_list_of_a_field_is_there)
{
    for (int p = 0; p < PART_COUNT; p++)
        for (unsigned i = 0; i < part_fields[p].count; i++) {
            const char *const list = part_fields[p].fields[i].list;
            if (list[0])
                ck_assert_msg(code_list_find(installation, list) != NULL, "%s", list);
        }
    ck_assert_ptr_null(code_list_find(installation, "no_such_list"));
}
END_TEST

START_TEST(the_settings_are_read)
{
    ck_assert_str_eq(installation->area_set, "den-haag");
    ck_assert_str_eq(installation->group_list, "perceived_group");
    ck_assert_str_eq(installation->zone_name, "Europe/Amsterdam");
    ck_assert_str_eq(installation->mixed_class, "gemengd_onduidelijk");
    ck_assert_int_eq(installation->go_live, civil_days(2020, 1, 1));
    ck_assert(installation->latitude > 52 && installation->latitude < 52.2);
    ck_assert(installation->refuse_share > 0 && installation->refuse_share < 1);
}
END_TEST

START_TEST(a_code_is_found_with_its_flags_and_labels)
{
    const struct code_list *const list = code_list_find(installation, "legal_basis");
    const struct code *const c = code_find(list, SPAN_LITERAL("WWM_PREV_151b"));

    ck_assert_ptr_nonnull(c);
    ck_assert_uint_eq(c->flags, CODE_SEARCH_POWER | CODE_PREVENTIVE | CODE_POLICE_ONLY);
    ck_assert(strlen(c->nl) > 0 && strlen(c->en) > 0);
    ck_assert_ptr_null(code_find(list, SPAN_LITERAL("WWM_PREV_151")));
    ck_assert_ptr_null(code_find(list, SPAN_LITERAL("")));
}
END_TEST

START_TEST(every_code_of_every_list_is_found)
{
    unsigned found = 0;

    for (unsigned i = 0; i < installation->list_count; i++)
        for (unsigned k = 0; k < installation->lists[i].count; k++) {
            const struct code *const c = &installation->lists[i].codes[k];
            ck_assert_str_eq(code_find(&installation->lists[i], span_of(c->code))->code, c->code);
            found++;
        }
    ck_assert_uint_gt(found, 250);
}
END_TEST

START_TEST(a_buurt_knows_its_wijk)
{
    const struct area *const buurt = area_find(installation, SPAN_LITERAL("BU05180170"), 2026);
    const struct area *const wijk = area_find(installation, SPAN_LITERAL("WK051801"), 2026);

    ck_assert_str_eq(buurt->wijk, "WK051801");
    ck_assert_str_eq(wijk->wijk, "WK051801");
    ck_assert_ptr_null(area_find(installation, SPAN_LITERAL("GM0518"), 2026)->wijk);
    ck_assert_str_eq(area_find(installation, SPAN_LITERAL("BU_UNKNOWN"), 2026)->level, "unknown");
    ck_assert_ptr_null(area_find(installation, SPAN_LITERAL("BU05189999"), 2026));
    ck_assert_ptr_null(area_find(installation, SPAN_LITERAL("BU05180170"), 1999));
}
END_TEST

/* ---- periods --------------------------------------------------------------------------------- */

START_TEST(a_code_holds_in_its_periods_only)
{
    struct installation in = {0};
    struct code_rows rows = {0};

    code_rows_add(a, &rows, "l", (struct code){.code = "x", .from = 10, .until = 20});
    code_rows_add(a, &rows, "m", (struct code){.code = "x", .from = 0, .until = INT64_MAX});
    code_rows_add(a, &rows, "l", (struct code){.code = "x", .from = 30, .until = INT64_MAX});
    installation_set_codes(a, &in, &rows);
    const struct code *const x = code_find(code_list_find(&in, "l"), SPAN_LITERAL("x"));
    const struct {
        int64_t day;
        bool valid;
    } days[] = {{9, false},  {10, true}, {20, true},     {21, false},
                {29, false}, {30, true}, {1000000, true}};

    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        ck_assert_int_eq(code_valid_on(x, days[i].day), days[i].valid);
    ck_assert_uint_eq(in.list_count, 2);
    ck_assert(!code_valid_on(NULL, 0));
}
END_TEST

START_TEST(a_code_outside_its_period_is_refused_on_that_day)
{
    struct installation in = *installation;
    struct code_rows rows = {0};
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal;
    struct err e;

    for (unsigned i = 0; i < installation->list_count; i++)
        for (unsigned k = 0; k < installation->lists[i].count; k++) {
            struct code c = installation->lists[i].codes[k];
            if (strcmp(c.code, "RVV") == 0)
                c.until = civil_days(2026, 11, 19); /* the day before the stop */
            code_rows_add(a, &rows, installation->lists[i].name, c);
        }
    installation_set_codes(a, &in, &rows);
    struct decoder *const d = decoder_new(a, reader_memory(a, span_of(json_text(json_quoted)), 0),
                                          FORM_NDJSON, NULL, &in, &e);
    ck_assert_int_eq(decoder_next(d, a, &r, &f, &fatal, &e), DECODE_RECORD);
    ck_assert_uint_eq(f.count, 1);
    ck_assert_int_eq(f.list[0].rule, RULE_R012);
    ck_assert_str_eq(f.list[0].field, "/stop/legal_basis");
}
END_TEST

START_TEST(an_area_is_placed_by_the_years_of_its_parents)
{
    struct installation in = {0};
    struct area_rows rows = {0};
    const struct area areas[] = {
        {.code = "C", .level = "city", .from_year = 2000, .until_year = INT_MAX},
        {.code = "D", .level = "district", .parent = "C", .from_year = 2000, .until_year = INT_MAX},
        {.code = "W", .level = "wijk", .parent = "D", .from_year = 2000, .until_year = 2019},
        {.code = "W", .level = "wijk", .parent = "C", .from_year = 2020, .until_year = INT_MAX},
        {.code = "B", .level = "buurt", .parent = "W", .from_year = 2010, .until_year = 2019},
        {.code = "B", .level = "buurt", .parent = "W", .from_year = 2020, .until_year = INT_MAX},
        {.code = "L", .level = "area", .parent = "L", .from_year = 2000, .until_year = INT_MAX},
    };

    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++)
        area_rows_add(a, &rows, areas[i]);
    installation_set_areas(a, &in, &rows);
    ck_assert_str_eq(area_find(&in, SPAN_LITERAL("B"), 2015)->district, "D");
    ck_assert_str_eq(area_find(&in, SPAN_LITERAL("B"), 2015)->wijk, "W");
    ck_assert_ptr_null(area_find(&in, SPAN_LITERAL("B"), 2020)->district);
    ck_assert_ptr_null(area_find(&in, SPAN_LITERAL("B"), 2009));
    ck_assert_ptr_nonnull(area_find(&in, SPAN_LITERAL("L"), 2009)); /* a loop ends */
}
END_TEST

/* ---- through a profile ----------------------------------------------------------------------- */

START_TEST(a_profile_brings_its_codes_areas_and_zone)
{
    struct err e = {0};
    const struct profile *const p = profile_load(a, "data-police-uk", &e);
    ck_assert_msg(p != NULL, "%s", e.text);
    const struct installation *const in = installation_for_profile(a, installation, p, &e);
    const struct code_list *const groups = code_list_find(in, in->group_list);
    const struct code_list *const ages = code_list_find(in, "age_band");

    ck_assert_str_eq(in->group_list, "perceived_group:uk");
    ck_assert_uint_eq(code_find(groups, SPAN_LITERAL("mixed"))->flags, CODE_MIXED);
    ck_assert_ptr_nonnull(code_find(ages, SPAN_LITERAL("35+")));
    ck_assert_ptr_nonnull(code_find(ages, SPAN_LITERAL("18-24")));
    ck_assert_str_eq(in->zone_name, "Europe/London");
    ck_assert_str_eq(area_find(in, SPAN_LITERAL("Haringey"), 2021)->level, "area");
    ck_assert_ptr_null(area_find(in, SPAN_LITERAL(""), 2021));
    ck_assert_ptr_null(area_find(in, SPAN_LITERAL("BU05180170"), 2021)->wijk);
    /* the installation itself is as it was */
    ck_assert_ptr_null(code_find(code_list_find(installation, "age_band"), SPAN_LITERAL("35+")));
    ck_assert_ptr_null(area_find(installation, SPAN_LITERAL("Haringey"), 2021));
}
END_TEST

START_TEST(a_missing_group_list_is_a_mistake_of_the_installation)
{
    struct installation in = *installation;
    struct err e;

    in.group_list = "perceived_group:nowhere";
    ck_assert_ptr_null(installation_for_profile(a, &in, NULL, &e));
    ck_assert_int_eq(e.code, ERR_CONFIG);
}
END_TEST

/* ---- the hash -------------------------------------------------------------------------------- */

START_TEST(a_lookup_holds_keys_of_every_length)
{
    enum { KEYS = 500 };
    struct lookup *const l = lookup_new(a, KEYS);
    char text[KEYS + 1];

    memset(text, 'k', sizeof text);
    for (size_t n = 0; n < KEYS; n++)
        lookup_add(l, (struct span){text, n}, &text[n]);
    for (size_t n = 0; n < KEYS; n++)
        ck_assert_ptr_eq(lookup_get(l, (struct span){text, n}), &text[n]);
    ck_assert_ptr_null(lookup_get(l, (struct span){text, KEYS}));
    text[0] = 'K';
    ck_assert_ptr_null(lookup_get(l, SPAN_LITERAL("kkkkkkkkx")));
}
END_TEST

Suite *
codes_suite(void)
{
    Suite *const s = suite_create("codes");
    TCase *const t = tcase_create("installation");

    tcase_add_checked_fixture(t, decoding_open, decoding_close);
    tcase_add_test(t, every_list_of_a_field_is_there);
    tcase_add_test(t, the_settings_are_read);
    tcase_add_test(t, a_code_is_found_with_its_flags_and_labels);
    tcase_add_test(t, every_code_of_every_list_is_found);
    tcase_add_test(t, a_buurt_knows_its_wijk);
    tcase_add_test(t, a_code_holds_in_its_periods_only);
    tcase_add_test(t, a_code_outside_its_period_is_refused_on_that_day);
    tcase_add_test(t, an_area_is_placed_by_the_years_of_its_parents);
    tcase_add_test(t, a_profile_brings_its_codes_areas_and_zone);
    tcase_add_test(t, a_missing_group_list_is_a_mistake_of_the_installation);
    tcase_add_test(t, a_lookup_holds_keys_of_every_length);
    suite_add_tcase(s, t);
    return s;
}
