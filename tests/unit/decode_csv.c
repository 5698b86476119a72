/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Canonical CSV: the same registration as JSON gives the same values; headers that are not exactly
 * right; rows that make one record; what a cell may say.
 */
#include "tests/unit/decoding.h"

Suite *decode_csv_suite(void);

/* ---- the good file --------------------------------------------------------------------------- */

/* The registration of decoding.h: columns and the cells of its two rows; NULL repeats the first. */
static const struct {
    const char *column, *first, *second;
} cells[] = {
    {"source_system", "pol-hgl", NULL},
    {"source_record_no", "2026-11-0004711", NULL},
    {"source_version", "1", NULL},
    {"tx_type", "I", NULL},
    {"schema_version", "1.0.0", NULL},
    {"codeset_version", "2026.1", NULL},
    {"registered_at", "2026-11-20T21:55:10+01:00", NULL},
    {"started_at", "2026-11-20T21:40:00+01:00", NULL},
    {"time_precision", "exact", NULL},
    {"duration_min", "9", NULL},
    {"initiated_by", "self", NULL},
    {"selection_method", "individual", NULL},
    {"stop_mode", "car", NULL},
    {"occupants", "", NULL},
    {"persons_present", "2", NULL},
    {"persons_registered", "2", NULL},
    {"buurt_code", "BU05182811", NULL},
    {"place_type", "street", NULL},
    {"legal_basis", "WVW160_1|RVV", NULL},
    {"traffic_docs_checked", "true", NULL},
    {"unit_code", "HGL-03", NULL},
    {"assignment", "emergency", NULL},
    {"in_uniform", "true", NULL},
    {"officer_identified", "unprompted", NULL},
    {"person_seq", "1", "2"},
    {"role", "driver", "passenger"},
    {"age_band", "18-24", "25-34"},
    {"perceived_gender", "man", "woman"},
    {"language_barrier", "false", ""},
    {"selection.behaviour", "traffic_offence_seen", ""},
    {"selection.fact", "no_lights", ""},
    {"selection.information_source", "none", NULL},
    {"selection.information_age", "<1h", NULL},
    {"selection.selection_text", "\"Reed zonder licht door rood, \"\"hard\"\", op de Hoefkade.\"",
     ""},
    {"explanation.explained", "unprompted", "not_other"},
    {"explanation.reason_told", "no_lights", ""},
    {"explanation.receipt_given", "digital", "card"},
    {"treatment.treatment_flags", "none", NULL},
    {"treatment.bodycam", "worn_on_full", NULL},
    {"reflection.reflection", "planned", NULL},
    {"reflection.reflection_result", "", "same_choice"},
    {"group.before_contact", "zwart", ""},
    {"group.after_contact", "zwart|latijns_overig", ""},
    {"group.self", "", ""},
    {"group.perceived_before_decision", "unsure", ""},
    {"outcome.action", "clothing:WWM52:weapons|vehicle:WWM51:weapons", "none"},
    {"outcome.id_checked", "shown", "no"},
    {"outcome.force", "hands|cuffs;none", "none"},
    {"outcome.find", "stabbing_weapon_wwm:true:yes|money", ""},
    {"outcome.result", "report_pv|information_given", "nothing_sent_on"},
    {"outcome.offence_code", "WWM 13", ""},
    {"officer_pseudonym", "0123456789abcdef", NULL},
};

enum { CELLS = sizeof cells / sizeof *cells };

static void
add_line(struct strbuf *b, int row, const char *column, const char *cell)
{
    for (int i = 0; i < CELLS; i++) {
        const char *text = cells[i].column;
        if (row > 0)
            text = row == 2 && cells[i].second ? cells[i].second : cells[i].first;
        if (row > 0 && column && strcmp(cells[i].column, column) == 0)
            text = cell;
        strbuf_printf(b, "%s%s", text, i + 1 < CELLS ? "," : "\n");
    }
}

/* Header and two rows; in `column` of row 1 (or both when the column is the stop's)
 * stands `cell`. */
static const char *
csv_with(const char *column, const char *cell)
{
    struct strbuf *const b = strbuf_new(a, 1 << 16);
    bool of_stop = false;

    for (int i = 0; column && i < 24; i++) /* the stop's columns come first */
        of_stop = of_stop || strcmp(cells[i].column, column) == 0;
    add_line(b, 0, NULL, NULL);
    add_line(b, 1, column, cell);
    add_line(b, 2, of_stop ? column : NULL, cell);
    return b->data;
}

static const char *
csv_outcome(const char *text)
{
    return outcome_of(FORM_CSV, NULL, span_of(text));
}

/* ---- the same as JSON ------------------------------------------------------------------------ */

static void
check_same(enum part part, const struct value *csv, const struct value *json)
{
    for (unsigned i = 0; i < part_fields[part].count; i++) {
        const struct field *const f = &part_fields[part].fields[i];
        ck_assert_msg(value_equal(&csv[i], &json[i], f->type), "%s differs", f->pointer);
    }
}

static void
check_same_person(const struct person *c, const struct person *j)
{
    ck_assert_int_eq(c->seq, j->seq);
    check_same(PART_PERSON, c->v, j->v);
    check_same(PART_TEXT, c->text, j->text);
    check_same(PART_TRAIT, c->trait, j->trait);
    ck_assert_uint_eq(c->group_count, j->group_count);
    ck_assert_uint_eq(c->action_count, j->action_count);
    ck_assert_uint_eq(c->find_count, j->find_count);
    ck_assert_uint_eq(c->result_count, j->result_count);
    for (unsigned i = 0; i < c->group_count; i++)
        check_same(PART_GROUP, c->groups[i].v, j->groups[i].v);
    for (unsigned i = 0; i < c->action_count; i++)
        check_same(PART_ACTION, c->actions[i].v, j->actions[i].v);
    for (unsigned i = 0; i < c->find_count; i++)
        check_same(PART_FIND, c->finds[i].v, j->finds[i].v);
    for (unsigned i = 0; i < c->result_count; i++)
        check_same(PART_RESULT, c->results[i].v, j->results[i].v);
}

START_TEST(csv_and_json_say_the_same)
{
    const struct record *const c = record_of(FORM_CSV, NULL, span_of(csv_with(NULL, NULL)));
    const struct record *const j = record_of(FORM_NDJSON, NULL, span_of(json_text(json_quoted)));

    ck_assert_mem_eq(c->stop_id, j->stop_id, 16);
    ck_assert_uint_eq(c->line, 2);
    ck_assert_uint_eq(c->rows, 2);
    check_same(PART_STOP, c->v, j->v);
    check_same(PART_OFFICER, c->officer, j->officer);
    ck_assert_uint_eq(c->person_count, 2);
    for (unsigned i = 0; i < 2; i++)
        check_same_person(&c->persons[i], &j->persons[i]);
}
END_TEST

START_TEST(the_rows_are_kept_as_they_were)
{
    const char *const text = csv_with(NULL, NULL);
    const struct record *const r = record_of(FORM_CSV, NULL, span_of(text));

    ck_assert(span_is(r->raw, strchr(text, '\n') + 1));
}
END_TEST

/* ---- headers --------------------------------------------------------------------------------- */

static const struct {
    const char *old, *new, *found;
} headers[] = {
    {"time_precision,duration_min", "duration_min,time_precision",
     "column time_precision is missing before column 9 (duration_min)"},
    {"selection.behaviour,selection.fact", "selection.fact,selection.behaviour",
     "column 31 (selection.behaviour) is out of order or there twice"},
    {"duration_min,", "", "column duration_min is missing before column 10 (initiated_by)"},
    {"outcome.result,", "",
     "column outcome.result is missing before column 50 (outcome.offence_code)"},
    {"duration_min,", "duration_min,duration_min,",
     "column 11 (duration_min) is out of order or there twice"},
    {"duration_min,", "duration_min,wind_force,", "column 11 of the header is not a known name"},
    {"duration_min,", " duration_min,", "column 10 of the header is not a known name"},
    {"duration_min,", "Duration_min,", "column 10 of the header is not a known name"},
    {"duration_min,", "\"duration_min \",", "column 10 of the header is not a known name"},
    {"duration_min,", "duration_min,BSN,",
     "column 11 is named bsn, which must not be delivered (R010)"},
    {"duration_min,", "duration_min,\xe9,", "column 11 of the header is not UTF-8"},
    {"duration_min,", "duration_min\",",
     "header: line 1, column 138: quote inside a field that "
     "does not start with one"},
};

START_TEST(a_header_is_exactly_right_or_refused)
{
    const char *const text = csv_with(NULL, NULL);
    const size_t n = (size_t)(strchr(text, '\n') - text) + 1;
    const char *const header = arena_strndup(a, text, n);
    const char *const changed = edited(header, headers[_i].old, headers[_i].new);

    ck_assert_str_eq(csv_outcome(arena_printf(a, "%s%s", changed, text + n)),
                     arena_printf(a, "fatal F001: %s\n", headers[_i].found));
}
END_TEST

START_TEST(a_file_of_another_kind_is_refused)
{
    const char *const text = csv_with(NULL, NULL);
    char *const semicolons = arena_strdup(a, text);

    for (char *p = semicolons; *p; p++)
        if (*p == ',')
            *p = ';';
    ck_assert_str_eq(csv_outcome(""), "fatal F001: the file has no header\n");
    ck_assert_str_eq(csv_outcome("\n\n\n"), "fatal F001: the file has no header\n");
    ck_assert_str_eq(csv_outcome(arena_strndup(a, text, (size_t)(strchr(text, '\n') - text))),
                     "fatal F001: the file holds no record\n");
    ck_assert_str_eq(csv_outcome(semicolons),
                     "fatal F001: the header is separated by semicolons, not commas\n");
}
END_TEST

START_TEST(a_header_in_the_middle_refuses_the_file)
{
    const char *const text = csv_with(NULL, NULL);

    ck_assert_str_eq(csv_outcome(arena_printf(a, "%s%s", text, text)),
                     "2: fine\nfatal F001: line 4 repeats the header\n");
}
END_TEST

START_TEST(a_byte_order_mark_and_crlf_are_taken)
{
    struct strbuf *const b = strbuf_new(a, 1 << 16);

    strbuf_add_text(b, "\xef\xbb\xbf");
    for (const char *p = csv_with(NULL, NULL); *p; p++)
        strbuf_add(b, *p == '\n' ? "\r\n" : p, *p == '\n' ? 2 : 1);
    ck_assert_str_eq(csv_outcome(b->data), "2: fine\n");
}
END_TEST

/* ---- cells ----------------------------------------------------------------------------------- */

static const struct {
    const char *column, *cell, *found;
} cell_edits[] = {
    {"duration_min", "\"\"", "2: R011 /stop/duration_min\n"},
    {"duration_min", "", "2: R011 /stop/duration_min\n"},
    {"duration_min", "NULL", "2: R013 /stop/duration_min\n"},
    {"duration_min", "\\N", "2: R013 /stop/duration_min\n"},
    {"duration_min", "-", "2: R013 /stop/duration_min\n"},
    {"duration_min", "9.0", "2: R013 /stop/duration_min\n"},
    {"duration_min", "\"1,5\"", "2: R013 /stop/duration_min\n"},
    {"duration_min", "+9", "2: R013 /stop/duration_min\n"},
    {"duration_min", " 9", "2: R013 /stop/duration_min\n"},
    {"duration_min", "09", "2: R013 /stop/duration_min\n"},
    {"duration_min", "1441", "2: fine\n"}, /* E031 is the checks' */
    {"traffic_docs_checked", "TRUE", "2: R013 /stop/traffic_docs_checked\n"},
    {"traffic_docs_checked", "ja", "2: R013 /stop/traffic_docs_checked\n"},
    {"stop_mode", "NULL", "2: R012 /stop/stop_mode\n"},
    {"stop_mode", "-", "2: R012 /stop/stop_mode\n"},
    {"stop_mode", "onbekend", "2: R012 /stop/stop_mode\n"},
    {"unit_code", "NULL", "2: R013 /stop/unit_code\n"},
    {"unit_code", "-", "2: R013 /stop/unit_code\n"},
    {"unit_code", "onbekend", "2: R013 /stop/unit_code\n"},
    {"legal_basis", "WVW160_1||RVV", "2: R012 /stop/legal_basis\n"},
    {"legal_basis", "RVV|", "2: R012 /stop/legal_basis\n"},
    {"legal_basis", "RVV|RVV", "2: R013 /stop/legal_basis\n"},
    {"legal_basis", "RVV|SV52|SV27|PW3|OPW9", "2: R013 /stop/legal_basis\n"},
    {"legal_basis", "a|b|c|d|e|f|g|h|i|j|k", "2: R013 /stop/legal_basis\n"},
    {"started_at", "20-11-2026 21:40", "2: R013 /stop/started_at\n"},
    {"age_band", "24-aug", "2: R012 /persons/age_band\n"}, /* a spreadsheet's date */
    {"age_band", "\xe9", "2: R001 \n3: fine\n"},
    {"person_seq", "", "2: R011 /persons/person_seq\n"},
    {"person_seq", "0", "2: R013 /persons/person_seq\n"},
    {"person_seq", "1.0", "2: R013 /persons/person_seq\n"},
    /* actions */
    {"outcome.action", "",
     "2: R013 /persons/outcome/actions/force\n"
     "2: R011 /persons/outcome/actions/search_kind\n"},
    {"outcome.action", "clothing:WWM52:weapons:x",
     "2: R013 /persons/outcome/actions/search_kind\n"
     "2: R013 /persons/outcome/actions/force\n"},
    {"outcome.action", "clothing|vehicle", "2: fine\n"},
    {"outcome.action", "clothing::weapons|vehicle:WWM51:", "2: fine\n"},
    {"outcome.action", "clothing:WWM52|x:WWM51", "2: R012 /persons/outcome/actions/search_kind\n"},
    {"outcome.action", ":WWM52:weapons|vehicle", "2: R011 /persons/outcome/actions/search_kind\n"},
    {"outcome.id_checked", "shown|no", "2: fine\n"},
    {"outcome.id_checked", "shown|no|no", "2: R013 /persons/outcome/actions/id_checked\n"},
    {"outcome.id_checked", "",
     "2: R011 /persons/outcome/actions/id_checked\n2: R011 /persons/outcome/actions/id_checked\n"},
    {"outcome.force", "hands", "2: fine\n"},
    {"outcome.force", "hands;none;none", "2: R013 /persons/outcome/actions/force\n"},
    /* finds and results */
    {"outcome.find", "money:maybe", "2: R013 /persons/outcome/finds/illegal_in_itself\n"},
    {"outcome.find", "money::perhaps", "2: R012 /persons/outcome/finds/linked_to_reason\n"},
    {"outcome.result", "",
     "2: R013 /persons/outcome/results/offence_code\n"
     "2: R011 /persons/outcome/results\n"},
    {"outcome.offence_code", "WWM 13|", "2: fine\n"},
    {"outcome.offence_code", "a|b|c", "2: R013 /persons/outcome/results/offence_code\n"},
    /* groups */
    {"group.after_contact", "zwart|wit_europees|latijns_overig", "2: R013 /persons/group/codes\n"},
    {"group.self", "niemand", "2: R012 /persons/group/codes\n"},
};

START_TEST(a_cell_is_read_strictly)
{
    const char *const found = csv_outcome(csv_with(cell_edits[_i].column, cell_edits[_i].cell));

    ck_assert_msg(strcmp(found, cell_edits[_i].found) == 0, "%s = %s\ngives  %swanted %s",
                  cell_edits[_i].column, cell_edits[_i].cell, found, cell_edits[_i].found);
}
END_TEST

START_TEST(one_force_and_one_check_count_for_every_action)
{
    const struct record *const r =
        record_of(FORM_CSV, NULL, span_of(csv_with("outcome.force", "hands|cuffs")));
    const struct person *const p = &r->persons[0];

    for (unsigned i = 0; i < 2; i++) {
        ck_assert_uint_eq(p->actions[i].v[ACTION_force].count, 2);
        ck_assert_str_eq(p->actions[i].v[ACTION_id_checked].code->code, "shown");
    }
}
END_TEST

START_TEST(one_offence_is_of_the_sanctions_only)
{
    const struct record *const r = record_of(FORM_CSV, NULL, span_of(csv_with(NULL, NULL)));

    ck_assert(r->persons[0].results[0].v[RESULT_offence_code].given);
    ck_assert(!r->persons[0].results[1].v[RESULT_offence_code].given);
}
END_TEST

START_TEST(before_the_decision_belongs_to_the_last_perceived_group)
{
    const struct record *const both = record_of(FORM_CSV, NULL, span_of(csv_with(NULL, NULL)));
    const struct record *const before =
        record_of(FORM_CSV, NULL, span_of(csv_with("group.after_contact", "")));

    ck_assert(!both->persons[0].groups[0].v[GROUP_perceived_before_decision].given);
    ck_assert(both->persons[0].groups[1].v[GROUP_perceived_before_decision].given);
    ck_assert_uint_eq(before->persons[0].group_count, 1);
    ck_assert(before->persons[0].groups[0].v[GROUP_perceived_before_decision].given);
}
END_TEST

/* ---- rows ------------------------------------------------------------------------------------ */

static const char *
row_of(int row, const char *column, const char *cell)
{
    struct strbuf *const b = strbuf_new(a, 1 << 16);

    add_line(b, row, column, cell);
    return b->data;
}

START_TEST(rows_of_one_stop_repeat_its_fields)
{
    const char *const text = arena_printf(a, "%s%s%s", row_of(0, NULL, NULL), row_of(1, NULL, NULL),
                                          row_of(2, "stop_mode", "bicycle"));

    ck_assert_str_eq(csv_outcome(text), "2: R013 /stop/stop_mode\n");
}
END_TEST

START_TEST(another_number_is_another_stop)
{
    const char *const text = arena_printf(
        a, "%s%s%s%s", row_of(0, NULL, NULL), row_of(1, NULL, NULL),
        row_of(1, "source_record_no", "2026-11-0004712"), row_of(1, "source_system", "pol-b"));

    ck_assert_str_eq(csv_outcome(text), "2: fine\n3: fine\n4: fine\n");
}
END_TEST

START_TEST(a_record_delivered_twice_is_two_records)
{
    const char *const rows = arena_printf(a, "%s%s", row_of(1, NULL, NULL), row_of(2, NULL, NULL));

    ck_assert_str_eq(csv_outcome(arena_printf(a, "%s%s%s", row_of(0, NULL, NULL), rows, rows)),
                     "2: fine\n4: fine\n");
}
END_TEST

static const struct {
    const char *line, *found;
} bad_rows[] = {
    {"\\.\n", "2: fine\n3: R001 \n4: fine\n"},
    {"a,b,c\n", "2: fine\n3: R001 \n4: fine\n"},
    {"a,b\"c\n", "2: fine\n3: R001 \n4: fine\n"},
    {"\"a\"b,c\n", "2: fine\n3: R001 \n4: fine\n"},
    {"\n\n\n", "2: fine\n6: fine\n"},
};

START_TEST(a_bad_row_does_not_touch_its_neighbours)
{
    const char *const text =
        arena_printf(a, "%s%s%s%s", row_of(0, NULL, NULL), row_of(1, NULL, NULL), bad_rows[_i].line,
                     row_of(1, "source_record_no", "x"));

    ck_assert_str_eq(csv_outcome(text), bad_rows[_i].found);
}
END_TEST

START_TEST(an_open_quote_refuses_the_file_and_names_its_line)
{
    const char *const text = arena_printf(a, "%s%s\"open,%s", row_of(0, NULL, NULL),
                                          row_of(1, NULL, NULL), row_of(2, NULL, NULL));
    const char *const found = csv_outcome(text);

    ck_assert_msg(strncmp(found, "2: fine\nfatal F007: line 3", 26) == 0, "%s", found);
}
END_TEST

START_TEST(a_last_row_without_newline_is_a_row)
{
    char *const text = arena_strdup(a, csv_with(NULL, NULL));

    text[strlen(text) - 1] = '\0';
    ck_assert_str_eq(csv_outcome(text), "2: fine\n");
}
END_TEST

START_TEST(a_withdrawal_row_needs_no_person)
{
    struct strbuf *const b = strbuf_new(a, 1 << 16);
    static const struct {
        const char *column, *cell;
    } given[] = {{"source_system", "pol-hgl"},
                 {"source_record_no", "7"},
                 {"source_version", "2"},
                 {"tx_type", "N"},
                 {"schema_version", "1.0.0"},
                 {"codeset_version", "2026.1"},
                 {"registered_at", "2026-11-21T10:00:00+01:00"},
                 {"started_at", "2026-11-20T21:40:00+01:00"}};

    add_line(b, 0, NULL, NULL);
    for (int i = 0; i < CELLS; i++) {
        const char *cell = "";
        for (size_t k = 0; k < sizeof given / sizeof *given; k++)
            if (strcmp(given[k].column, cells[i].column) == 0)
                cell = given[k].cell;
        strbuf_printf(b, "%s%s", cell, i + 1 < CELLS ? "," : "\n");
    }
    const struct record *const r = record_of(FORM_CSV, NULL, span_of(b->data));
    ck_assert_uint_eq(r->person_count, 0);
}
END_TEST

#define COUNT(list) ((int)(sizeof(list) / sizeof *(list)))

Suite *
decode_csv_suite(void)
{
    Suite *const s = suite_create("decode_csv");
    TCase *const t = tcase_create("rows");

    tcase_add_checked_fixture(t, decoding_open, decoding_close);
    tcase_add_test(t, csv_and_json_say_the_same);
    tcase_add_test(t, the_rows_are_kept_as_they_were);
    tcase_add_loop_test(t, a_header_is_exactly_right_or_refused, 0, COUNT(headers));
    tcase_add_test(t, a_file_of_another_kind_is_refused);
    tcase_add_test(t, a_header_in_the_middle_refuses_the_file);
    tcase_add_test(t, a_byte_order_mark_and_crlf_are_taken);
    tcase_add_loop_test(t, a_cell_is_read_strictly, 0, COUNT(cell_edits));
    tcase_add_test(t, one_force_and_one_check_count_for_every_action);
    tcase_add_test(t, one_offence_is_of_the_sanctions_only);
    tcase_add_test(t, before_the_decision_belongs_to_the_last_perceived_group);
    tcase_add_test(t, rows_of_one_stop_repeat_its_fields);
    tcase_add_test(t, another_number_is_another_stop);
    tcase_add_test(t, a_record_delivered_twice_is_two_records);
    tcase_add_loop_test(t, a_bad_row_does_not_touch_its_neighbours, 0, COUNT(bad_rows));
    tcase_add_test(t, an_open_quote_refuses_the_file_and_names_its_line);
    tcase_add_test(t, a_last_row_without_newline_is_a_row);
    tcase_add_test(t, a_withdrawal_row_needs_no_person);
    suite_add_tcase(s, t);
    return s;
}
