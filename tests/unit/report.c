/* SPDX-License-Identifier: EUPL-1.2 */
/* Tallies, their exit status, and their two printed forms. */
#include "collector/report.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *report_suite(void);

static struct arena *arena;
static struct report *report;

static void
setup(void)
{
    arena = arena_new();
    report = report_new(arena, "a.csv");
    report->status = BATCH_STORED;
}

static void
teardown(void)
{
    arena_free(arena);
}

static const char *
json_text(void)
{
    struct strbuf *const b = strbuf_new(arena, 1 << 20);

    json_write(b, report_json(report, arena), JSON_CANONICAL);
    return b->data;
}

START_TEST(the_exit_status_says_what_became_of_the_records)
{
    report->received = report->accepted = 5;
    ck_assert_int_eq(report_exit_status(report), 0);
    report->accepted = 3;
    report->duplicate = 2;
    ck_assert_int_eq(report_exit_status(report), 0);
    report->duplicate = 1;
    report->quarantined = 1;
    ck_assert_int_eq(report_exit_status(report), 3);
    report->quarantined = 0;
    report->refused = 1;
    ck_assert_int_eq(report_exit_status(report), 3);
    ck_assert(report_balances(report));
    report->refused = 2;
    ck_assert(!report_balances(report));
    report->status = BATCH_FAILED;
    ck_assert_int_eq(report_exit_status(report), 1);
}
END_TEST

START_TEST(a_refused_batch_counts_every_record_as_refused)
{
    report->received = 10;
    report->accepted = 4;
    report->duplicate = 3;
    report->quarantined = 2;
    report->refused = 1;
    report_refuse(report, RULE_F004, 0, "too few");
    ck_assert_uint_eq(report->refused, 10);
    ck_assert(report_balances(report));
    ck_assert_int_eq(report_exit_status(report), 3);
    ck_assert_str_eq(report->reason, "too few");
    ck_assert_uint_eq(report->tallies[RULE_F004].count, 1);
}
END_TEST

START_TEST(the_first_examples_are_kept_and_the_rest_counted)
{
    for (uint64_t line = 2; line < 102; line++)
        report_note(report, RULE_R012, line % 2 ? "/persons/role" : "/stop/stop_mode", line);

    const struct tally *const t = &report->tallies[RULE_R012];

    ck_assert_uint_eq(t->count, 100);
    ck_assert_uint_eq(t->example_count, EXAMPLES_MOST);
    ck_assert_uint_eq(t->examples[0].line, 2);
    ck_assert_uint_eq(t->field_count, 2);
    ck_assert_uint_eq(t->fields[0].count, 50);
}
END_TEST

START_TEST(field_names_without_end_do_not_grow_the_report)
{
    char field[32];

    for (unsigned i = 0; i < 10000; i++) {
        (void)snprintf(field, sizeof field, "/x%u", i);
        report_note(report, RULE_R010, field, i);
    }

    const struct tally *const t = &report->tallies[RULE_R010];
    uint64_t sum = 0;

    ck_assert_uint_le(t->field_count, TALLY_FIELDS_MOST);
    for (unsigned i = 0; i < t->field_count; i++)
        sum += t->fields[i].count;
    ck_assert_uint_eq(sum, 10000);
    ck_assert_uint_eq(t->count, 10000);
}
END_TEST

START_TEST(the_json_has_the_promised_keys)
{
    report->received = 3;
    report->accepted = report->quarantined = report->refused = 1;
    report->ledger_entry = 9;
    report->batch_id = 4;
    report_note(report, RULE_E061, "/persons/selection/selection_text", 17);
    ck_assert_str_eq(
        json_text(),
        "{\"accepted\":1,\"batch_id\":4,\"duplicate\":0,\"file\":\"a.csv\",\"ledger_entry\":9,"
        "\"messages\":[{\"code\":\"E061\",\"count\":1,\"examples\":[{\"field\":"
        "\"/persons/selection/selection_text\",\"line\":17}],\"severity\":\"E\"}],"
        "\"not_applicable\":[],\"not_covered\":[],\"profile\":null,\"quarantined\":1,"
        "\"reason\":null,\"received\":3,\"refused\":1,\"sha256\":null,\"status\":\"stored\"}");
}
END_TEST

START_TEST(what_the_source_does_not_cover_is_named)
{
    static struct coverage coverage;
    static uint64_t not_applicable[RULE_COUNT];

    memset(&coverage, true, sizeof coverage);
    coverage.person[PERSON_bodycam] = false;
    coverage.stop[STOP_duration_min] = false;
    coverage.stop[STOP_light_class] = false; /* derived: not the source's to cover */
    report->coverage = &coverage;
    not_applicable[RULE_E031] = 12;
    report->not_applicable = not_applicable;
    ck_assert_ptr_nonnull(strstr(json_text(), "\"not_covered\":[\"/stop/duration_min\","
                                              "\"/persons/treatment/bodycam\"]"));
    ck_assert_ptr_nonnull(
        strstr(json_text(), "\"not_applicable\":[{\"code\":\"E031\",\"count\":12}]"));
}
END_TEST

START_TEST(text_stays_within_100_columns_and_groups_digits)
{
    struct strbuf *const b = strbuf_new(arena, 1 << 20);
    size_t column = 0;

    report->received = report->accepted = 1234567;
    for (unsigned i = 0; i < RULE_COUNT; i++)
        report_note(report, (enum rule_id)i, "/persons/selection/selection_text", 1000000 + i);
    report_text(report, b);
    ck_assert_ptr_nonnull(strstr(b->data, "received          1,234,567\n"));
    for (size_t i = 0; i < b->length; i++) {
        column = b->data[i] == '\n' ? 0 : column + 1;
        ck_assert_uint_le(column, 100);
    }
}
END_TEST

Suite *
report_suite(void)
{
    Suite *const s = suite_create("report");
    TCase *const c = tcase_create("report");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, the_exit_status_says_what_became_of_the_records);
    tcase_add_test(c, a_refused_batch_counts_every_record_as_refused);
    tcase_add_test(c, the_first_examples_are_kept_and_the_rest_counted);
    tcase_add_test(c, field_names_without_end_do_not_grow_the_report);
    tcase_add_test(c, the_json_has_the_promised_keys);
    tcase_add_test(c, what_the_source_does_not_cover_is_named);
    tcase_add_test(c, text_stays_within_100_columns_and_groups_digits);
    suite_add_tcase(s, c);
    return s;
}
