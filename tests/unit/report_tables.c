/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tables of a hand-made document: rows can be told apart, what they share stands in the caption,
 * notes are said once, and reasons are kept apart.
 */
#include "analyzer/report/view.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <string.h>

Suite *report_tables_suite(void);

static struct strbuf *figures, *gaps;

static void
setup(void)
{
    open_arena();
    figures = strbuf_new(a, 65536);
    gaps = strbuf_new(a, 65536);
}

/* A figure of the whole city in twelve months; `more` adds members and begins with a comma. */
static void
add(const char *measure, const char *perspective, const char *group, double value, const char *more)
{
    strbuf_printf(figures,
                  "%s{\"measure\":\"%s\",\"window\":\"12-months\",\"perspective\":\"%s\","
                  "\"group\":\"%s\",\"value\":%.4f,\"lower\":%.4f,\"upper\":%.4f,\"n\":100%s}",
                  figures->length ? "," : "", measure, perspective, group, value, value * 0.9,
                  value * 1.1, more);
}

static void
add_withheld(const char *measure, const char *guard, const char *more)
{
    strbuf_printf(figures,
                  "%s{\"measure\":\"%s\",\"window\":\"12-months\",\"group\":\"x\",\"value\":null,"
                  "\"lower\":null,\"upper\":null,\"n\":0,\"guard\":\"%s\"%s}",
                  figures->length ? "," : "", measure, guard, more);
}

static void
add_gaps(const char *what, double coverage)
{
    for (unsigned m = 1; m <= 12; m++)
        strbuf_printf(gaps, "%s{\"month\":\"2026-%02u\",\"what\":\"%s\",\"coverage\":%.2f}",
                      gaps->length ? "," : "", m, what, coverage);
}

static const char *
report_of(const char *measure, const char *format, enum language language)
{
    const char *const document = arena_printf(
        a,
        "{\"figures\":[%s],\"quality\":{\"gaps\":[%s],\"intake\":[]},\"run\":{\"id\":\"r\","
        "\"month\":\"2026-12\",\"ledger\":{\"entry\":1,\"hash\":\"h\"}},\"texts\":{\"nl\":[],"
        "\"en\":[],\"city\":\"Delft\",\"labels\":{\"groups\":{\"x\":{\"nl\":\"iks\",\"en\":"
        "\"Ex\"},\"y\":{\"nl\":\"ei\",\"en\":\"Why\"}},\"reasons\":{},\"places\":{\"P1\":"
        "\"A neighbourhood with a name that does not end before the columns do\"}}}}",
        figures->data, gaps->length ? gaps->data : "");
    const struct report_options how = {
        .language = language, .window = "12-months", .measure = measure};
    struct err e = {0};
    struct strbuf *const b = report_write(a, span_of(document), format, &how, &e);

    ck_assert_msg(b != NULL, "%s", e.text);
    return b->data;
}

static const char *
report(const char *format, enum language language)
{
    return report_of(NULL, format, language);
}

static void
shows(const char *format, enum language language, const char *words)
{
    ck_assert_msg(strstr(report(format, language), words) != NULL, "'%s' is not in: %s", words,
                  report(format, language));
}

static unsigned
times(const char *s, const char *words)
{
    unsigned n = 0;

    for (; (s = strstr(s, words)); s += strlen(words))
        n++;
    return n;
}

START_TEST(the_heading_has_the_city)
{
    add("search-rate", "", "", 0.5, "");
    ck_assert(strncmp(report("text", LANGUAGE_NL), "Analyse van controles  Delft  december 2026",
                      43) == 0);
}
END_TEST

START_TEST(rows_of_two_perspectives_differ)
{
    add("search-rate", "before_contact", "x", 0.5, "");
    add("search-rate", "after_contact", "x", 0.5, "");
    shows("text", LANGUAGE_EN, "\nEx    before contact 50.0%");
    shows("text", LANGUAGE_EN, "\nEx    after contact  50.0%");
    shows("html", LANGUAGE_EN, "<td>before contact</td>");
}
END_TEST

START_TEST(one_perspective_stands_in_the_caption)
{
    add("search-rate", "", "", 0.5, "");
    add("search-rate", "after_contact", "x", 0.5, "");
    shows("text", LANGUAGE_EN, "Twelve months; whole city; group perceived after contact\n");
    shows("text", LANGUAGE_EN, "\nEx        50.0%");
    shows("html", LANGUAGE_NL, ">Twaalf maanden; hele stad; groep waargenomen na het contact</p>");
}
END_TEST

/* Nothing is shared then, and the caption may be empty. */
START_TEST(every_measure_is_shown_with_several_perspectives_and_windows)
{
    static const char *const formats[] = {"text", "html", "csv", "json"};

    for (size_t i = 0; i < section_count; i++) {
        const char *const measure = sections[i].measure;

        add(measure, "before_contact", "x", 0.5, ",\"place\":\"P1\",\"benchmark\":\"residents\"");
        add(measure, "after_contact", "y", 0.5, ",\"reference\":\"x\"");
        strbuf_printf(figures,
                      ",{\"measure\":\"%s\",\"window\":\"month\",\"perspective\":\"self\","
                      "\"reference\":\"others\",\"benchmark\":\"previous-year\","
                      "\"group\":\"x\",\"value\":1,\"lower\":0.5,\"upper\":2,\"n\":100}",
                      measure);
        for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
            for (unsigned l = 0; l < LANGUAGES; l++)
                ck_assert_ptr_nonnull(report_of(measure, formats[f], (enum language)l));
        ck_assert_ptr_nonnull(strstr(report_of(measure, "text", LANGUAGE_EN), "before"));
        ck_assert_ptr_nonnull(strstr(report_of(measure, "html", LANGUAGE_EN), "this month"));
    }
}
END_TEST

START_TEST(the_reference_group_is_shown)
{
    add("rate-ratio", "after_contact", "x", 1.5,
        ",\"reference\":\"y\",\"benchmark\":\"residents\"");
    shows("text", LANGUAGE_EN, "against Why; benchmark: residents");
    shows("text", LANGUAGE_NL, "vergeleken met ei; vergelijkingsmaat:\nbewoners");
    ck_assert_ptr_null(strstr(report("text", LANGUAGE_EN), "all others"));
}
END_TEST

START_TEST(differences_are_in_percentage_points)
{
    add("search-difference", "after_contact", "x", 0.123, ",\"reference\":\"others\"");
    shows("text", LANGUAGE_EN, "against all others; in percentage points");
    shows("text", LANGUAGE_EN, "+12.3");
    ck_assert_ptr_null(strstr(report("text", LANGUAGE_EN), "+12.3%"));
}
END_TEST

START_TEST(a_note_of_every_row_is_said_once_without_numbers)
{
    add("stop-rate", "", "", 10, ",\"note\":\"population-vintage\"");
    add("stop-rate", "after_contact", "x", 20, ",\"note\":\"population-vintage\"");
    ck_assert_uint_eq(times(report("text", LANGUAGE_EN), "The population figures are more than"),
                      1);
    ck_assert_uint_eq(times(report("html", LANGUAGE_EN), "The population figures are more than"),
                      1);
    ck_assert_ptr_null(strstr(report("text", LANGUAGE_EN), "1. The population"));
}
END_TEST

START_TEST(notes_of_some_rows_are_numbered)
{
    add("stop-rate", "", "", 10, "");
    add("stop-rate", "after_contact", "x", 20, ",\"note\":\"population-vintage\"");
    add("stop-rate", "after_contact", "y", 30, ",\"note\":\"months-counted=9/12\"");
    shows("text", LANGUAGE_EN, "  1. The population figures");
    shows("text", LANGUAGE_EN, "  2. Counted over 9 of the 12 months");
    shows("text", LANGUAGE_EN, "100    2\n");
    shows("html", LANGUAGE_NL, "<p class=\"note\">2. Geteld over 9 van de 12 maanden");
}
END_TEST

START_TEST(several_notes_with_amounts_are_said_once_each)
{
    add("stop-rate", "", "", 10, ",\"note\":\"months-counted=9/12; stops-without-residents=2300\"");
    add("stop-rate", "after_contact", "x", 20,
        ",\"note\":\"months-counted=9/12; stops-without-residents=227\"");
    shows("text", LANGUAGE_EN, "  Counted over 9 of the 12 months;");
    shows("text", LANGUAGE_EN,
          "  Stops in places without population figures are left out: 227 to 2,300.");
    ck_assert_uint_eq(times(report("html", LANGUAGE_NL), "Geteld over 9 van de 12 maanden"), 1);
    add("stop-rate", "after_contact", "y", 30, ",\"note\":\"months-counted=9/12\"");
    shows("text", LANGUAGE_EN, "  1. Counted over");
    shows("text", LANGUAGE_EN, "100 1, 2\n");
    shows("text", LANGUAGE_EN, "100    1\n");
}
END_TEST

START_TEST(absent_and_hardly_filled_in_are_told_apart)
{
    add_gaps("search", 0);
    add_gaps("hit-broad", 0.3);
    add_gaps("reflection", 0.2);
    add_withheld("search-rate", "A003", "");
    add_withheld("index-reflection", "A003", "");
    shows("text", LANGUAGE_EN, "Not in the source: Person or vehicle searched.");
    shows("text", LANGUAGE_EN, "Hardly filled in: Reflection within 7 days (0-100).");
    shows("text", LANGUAGE_EN, "  Not in the source: search.\n");
    shows("text", LANGUAGE_EN, "  Broad hit: hardly filled in during 12 of 12 months.");
    shows("html", LANGUAGE_NL, "Staat niet in de bron: Persoon of voertuig doorzocht.");
}
END_TEST

START_TEST(undefined_rows_are_counted_by_reason)
{
    add("rate-ratio", "after_contact", "x", 1.5, ",\"benchmark\":\"residents\"");
    add_withheld("rate-ratio", "A005", ",\"benchmark\":\"residents\"");
    add_withheld("rate-ratio", "A005", ",\"benchmark\":\"previous-year\"");
    add_withheld("rate-ratio", "A005", ",\"benchmark\":\"previous-year\"");
    shows("text", LANGUAGE_EN, "(number of residents not known): 1.");
    shows("text", LANGUAGE_EN, "(no stops a year earlier): 2.");
}
END_TEST

START_TEST(a_long_name_is_broken_and_not_cut)
{
    const char *line;

    add("rate-ratio", "after_contact", "x", 1.5,
        ",\"place\":\"P1\",\"reference\":\"others\",\"benchmark\":\"residents\",\"q\":0.01");
    add("rate-ratio", "before_contact", "y", 1.5,
        ",\"reference\":\"x\",\"benchmark\":\"previous-year\",\"q\":0.01,\"detectable\":1.2");
    line = report("text", LANGUAGE_EN);
    ck_assert_msg(
        strstr(line, "\nneighbourhood\nwith a name\nthat does not\nend before\nthe columns\ndo\n"),
        "%s", line);
    ck_assert_ptr_null(strstr(line, "…"));
}
END_TEST

Suite *
report_tables_suite(void)
{
    Suite *const s = suite_create("report_tables");
    TCase *const t = tcase_create("report_tables");

    tcase_add_checked_fixture(t, setup, close_arena);
    tcase_add_test(t, the_heading_has_the_city);
    tcase_add_test(t, rows_of_two_perspectives_differ);
    tcase_add_test(t, one_perspective_stands_in_the_caption);
    tcase_add_test(t, every_measure_is_shown_with_several_perspectives_and_windows);
    tcase_add_test(t, the_reference_group_is_shown);
    tcase_add_test(t, differences_are_in_percentage_points);
    tcase_add_test(t, a_note_of_every_row_is_said_once_without_numbers);
    tcase_add_test(t, notes_of_some_rows_are_numbered);
    tcase_add_test(t, several_notes_with_amounts_are_said_once_each);
    tcase_add_test(t, absent_and_hardly_filled_in_are_told_apart);
    tcase_add_test(t, undefined_rows_are_counted_by_reason);
    tcase_add_test(t, a_long_name_is_broken_and_not_cut);
    suite_add_tcase(s, t);
    return s;
}
