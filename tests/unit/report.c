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

static void
note(enum rule_id rule, const char *field, uint64_t line)
{
    report_note(report, &(struct finding){.rule = rule, .field = field}, line, 1);
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
        note(RULE_R012, line % 2 ? "/persons/role" : "/stop/stop_mode", line);

    const struct tally *const t = &report->tallies[RULE_R012];

    ck_assert_uint_eq(t->count, 100);
    ck_assert_uint_eq(t->example_count, EXAMPLES_MOST);
    ck_assert_uint_eq(t->examples[0].line, 2);
    ck_assert_uint_eq(t->field_count, 2);
    ck_assert_uint_eq(t->fields[0].count, 50);
}
END_TEST

START_TEST(examples_are_the_first_lines_whenever_they_are_noted)
{
    static const uint64_t noted[] = {128, 7, 300, 128, 5, 9, 6, 400, 8}, kept[] = {5, 6, 7, 8, 9};

    for (size_t i = 0; i < sizeof noted / sizeof *noted; i++)
        note(RULE_W040, "/stop/started_at", noted[i]);

    const struct tally *const t = &report->tallies[RULE_W040];

    ck_assert_uint_eq(t->count, 9);
    ck_assert_uint_eq(t->example_count, EXAMPLES_MOST);
    for (unsigned i = 0; i < EXAMPLES_MOST; i++)
        ck_assert_uint_eq(t->examples[i].line, kept[i]);
}
END_TEST

START_TEST(an_example_says_which_cause_of_its_rule_it_is)
{
    struct strbuf *const b = strbuf_new(arena, 1 << 20);

    report_note(report,
                &(struct finding){.rule = RULE_R013, .field = "/id", .reason = "unknown field"}, 4,
                1);
    report_text(report, b);
    ck_assert_ptr_nonnull(strstr(b->data, "first: line 4, /id: unknown field\n"));
    ck_assert_ptr_nonnull(strstr(
        json_text(), "\"examples\":[{\"field\":\"/id\",\"line\":4,\"reason\":\"unknown field\"}]"));
}
END_TEST

START_TEST(field_names_without_end_do_not_grow_the_report)
{
    char field[32];

    for (unsigned i = 0; i < 10000; i++) {
        (void)snprintf(field, sizeof field, "/x%u", i);
        note(RULE_R010, field, i);
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
    report->unit = "CSV rows";
    report_note(report,
                &(struct finding){.rule = RULE_E061,
                                  .field = "/persons/selection/selection_text",
                                  .person_seq = 7,
                                  .person = 2},
                17, 1);
    ck_assert_str_eq(
        json_text(),
        "{\"accepted\":1,\"area_set\":null,\"batch_id\":4,\"duplicate\":0,\"file\":\"a.csv\","
        "\"ledger_entry\":9,"
        "\"messages\":[{\"code\":\"E061\",\"count\":1,\"examples\":[{\"field\":"
        "\"/persons/1/selection/selection_text\",\"line\":17,\"person_seq\":7}],"
        "\"message_en\":\"The choice rests on sensitive codes only, or the explanation in words is "
        "missing.\",\"message_nl\":\"De keuze rust alleen op gevoelige codes, of de uitleg in "
        "eigen "
        "woorden ontbreekt.\",\"rule_version\":\"1.0\",\"severity\":\"E\"}],"
        "\"not_applicable\":[],\"not_covered\":[],\"profile\":null,\"quarantined\":1,"
        "\"reason\":null,\"received\":3,\"refused\":1,\"sha256\":null,\"status\":\"stored\","
        "\"unit\":\"CSV rows\"}");
}
END_TEST

START_TEST(what_is_of_no_line_shows_none)
{
    struct strbuf *const b = strbuf_new(arena, 1 << 20);

    report_refuse(report, RULE_F004, 0, "too few");
    report_text(report, b);
    ck_assert_ptr_nonnull(strstr(json_text(), "\"code\":\"F004\",\"count\":1,\"examples\":[]"));
    ck_assert_ptr_null(strstr(b->data, "line"));
    note(RULE_F007, "", 12);
    ck_assert_ptr_nonnull(strstr(json_text(), "\"examples\":[{\"field\":\"\",\"line\":12}]"));
}
END_TEST

START_TEST(a_pointer_has_the_indices_that_are_known)
{
    static const struct {
        struct finding f;
        const char *pointer;
    } places[] = {
        {{.field = "/stop/started_at"}, "/stop/started_at"},
        {{.field = "/stop/started_at", .person = 2}, "/stop/started_at"},
        {{.field = "/persons"}, "/persons"},
        {{.field = ""}, ""},
        {{.field = NULL}, ""},
        {{.field = "/persons", .person = 3}, "/persons/2"},
        {{.field = "/persons/role", .person = 1, .element = 4}, "/persons/0/role"},
        {{.field = "/persons/group/codes", .person = 1, .element = 2}, "/persons/0/group/1/codes"},
        {{.field = "/persons/group", .person = 1, .element = 2}, "/persons/0/group/1"},
        {{.field = "/persons/outcome/finds/found_class", .person = 2, .element = 1},
         "/persons/1/outcome/finds/0/found_class"},
        {{.field = "/persons/outcome/results/result", .person = 2}, "/persons/1/outcome/results"},
        {{.field = "/persons/outcome", .person = 2}, "/persons/1/outcome"},
        {{.field = "/personsX", .person = 2}, "/personsX"},
    };

    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        ck_assert_str_eq(finding_pointer(arena, &places[i].f), places[i].pointer);
}
END_TEST

START_TEST(what_became_of_rows_counts_rows)
{
    report_note(report, &(struct finding){.rule = RULE_I100, .field = ""}, 2, 3);
    report_note(report, &(struct finding){.rule = RULE_I100, .field = ""}, 5, 1);
    ck_assert_uint_eq(report->tallies[RULE_I100].count, 4);
    ck_assert_uint_eq(report->tallies[RULE_I100].fields[0].count, 4);
    ck_assert_uint_eq(report->tallies[RULE_I100].example_count, 2);
}
END_TEST

START_TEST(a_rule_that_did_not_apply_to_some_says_to_how_many)
{
    static uint64_t not_applicable[RULE_COUNT];
    struct strbuf *const b = strbuf_new(arena, 1 << 20);

    report->received = report->accepted = 9000;
    not_applicable[RULE_E031] = 9000;
    not_applicable[RULE_E090] = 1200;
    report->not_applicable = not_applicable;
    report_text(report, b);
    ck_assert_ptr_nonnull(strstr(b->data, "    E031 E090 (1,200)\n"));
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
    report->unit = "CSV rows";
    for (unsigned i = 0; i < RULE_COUNT; i++)
        note((enum rule_id)i, "/persons/selection/selection_text", 1000000 + i);
    report_text(report, b);
    ck_assert_ptr_nonnull(strstr(b->data, "received          1,234,567  CSV rows\n"));
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
    tcase_add_test(c, examples_are_the_first_lines_whenever_they_are_noted);
    tcase_add_test(c, an_example_says_which_cause_of_its_rule_it_is);
    tcase_add_test(c, field_names_without_end_do_not_grow_the_report);
    tcase_add_test(c, the_json_has_the_promised_keys);
    tcase_add_test(c, what_is_of_no_line_shows_none);
    tcase_add_test(c, a_pointer_has_the_indices_that_are_known);
    tcase_add_test(c, what_became_of_rows_counts_rows);
    tcase_add_test(c, a_rule_that_did_not_apply_to_some_says_to_how_many);
    tcase_add_test(c, what_the_source_does_not_cover_is_named);
    tcase_add_test(c, text_stays_within_100_columns_and_groups_digits);
    suite_add_tcase(s, c);
    return s;
}
