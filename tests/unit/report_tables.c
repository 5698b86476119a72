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

static struct strbuf *figures, *gaps, *intake;

static void
setup(void)
{
    open_arena();
    figures = strbuf_new(a, 65536);
    gaps = strbuf_new(a, 65536);
    intake = strbuf_new(a, 65536);
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

/* One of n persons, that stands out or not. */
static void
add_counted(const char *measure, const char *group, double value, int n, bool flagged)
{
    strbuf_printf(figures,
                  "%s{\"measure\":\"%s\",\"window\":\"12-months\",\"group\":\"%s\","
                  "\"value\":%.4f,\"lower\":%.4f,\"upper\":%.4f,\"n\":%d,\"flagged\":%s}",
                  figures->length ? "," : "", measure, group, value, value * 0.9, value * 1.1, n,
                  flagged ? "true" : "false");
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
        "{\"figures\":[%s],\"quality\":{\"gaps\":[%s],\"intake\":[%s]},\"run\":{\"id\":\"r\","
        "\"month\":\"2026-12\",\"ledger\":{\"entry\":1,\"hash\":\"h\"}},\"texts\":{\"nl\":[],"
        "\"en\":[],\"city\":\"Delft\",\"labels\":{\"groups\":{\"x\":{\"nl\":\"iks\",\"en\":"
        "\"Ex\"},\"y\":{\"nl\":\"ei\",\"en\":\"Why\"}},\"reasons\":{},\"places\":{\"P1\":"
        "\"A neighbourhood with a name that does not end before the columns "
        "do\",\"BU1\":\"Centrum\","
        "\"WK1\":\"Centrum\"}}}}",
        figures->data, gaps->data, intake->data);
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
    add_withheld("bodycam-full", "A005", "");
    strbuf_add_text(figures, ",{\"measure\":\"bodycam-difference\",\"window\":\"12-months\","
                             "\"value\":null,\"n\":20,\"guard\":\"A005\"}");
    shows("text", LANGUAGE_EN,
          "No case registered, or not filled in: Bodycam on throughout; Bodycam on throughout,");
    shows("text", LANGUAGE_EN, "Not filled in these months: Person or vehicle searched.");
    shows("text", LANGUAGE_EN, "Hardly filled in: Reflection within 7 days (0-100).");
    shows("text", LANGUAGE_EN, "  Not filled in during these months: search.\n");
    shows("text", LANGUAGE_EN, "  Broad hit: hardly filled in during 12 of 12 months.");
    shows("html", LANGUAGE_NL, "In deze maanden niet ingevuld: Persoon of voertuig doorzocht.");
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

START_TEST(a_measure_without_any_figure_is_named_with_the_reason)
{
    add("search-rate", "", "", 0.5, "");
    shows("text", LANGUAGE_EN, "No other counts were loaded: Registered against other counts.");
    shows("text", LANGUAGE_EN, "No reason was registered: Stated reason.");
    shows("text", LANGUAGE_EN,
          "No group was registered: Do both tests point the same way? (robust test); How often");
    shows("html", LANGUAGE_NL, "Geen reden geregistreerd: Genoemde reden.");
    ck_assert_ptr_null(strstr(report("text", LANGUAGE_EN), "period: Person or vehicle searched;"));
    add("search-difference", "after_contact", "x", 0.1, "");
    ck_assert_ptr_null(strstr(report("text", LANGUAGE_EN), "No group was registered"));
}
END_TEST

START_TEST(asking_for_a_measure_without_figures_says_why)
{
    static const char *const wanted[][2] = {
        {"reason-share", "this analysis has no figures of reason-share: no reason was registered"},
        {"coverage", "this analysis has no figures of coverage: no other counts were loaded"},
        {"stop-speed", "there is no measure stop-speed"},
    };

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const struct report_options how = {.window = "12-months", .measure = wanted[i][0]};
        struct err e = {0};

        ck_assert_ptr_null(
            report_write(a, SPAN_LITERAL("{\"figures\":[{\"measure\":\"x\",\"group\":\"g\"}]}"),
                         "text", &how, &e));
        ck_assert_msg(strstr(e.text, wanted[i][1]) != NULL, "%s", e.text);
    }
}
END_TEST

START_TEST(months_without_stops_are_named)
{
    static const char *const months[] = {"2026-01", "2026-02", "2026-03", "2026-11"};

    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
        strbuf_printf(gaps, "%s{\"month\":\"%s\",\"what\":\"stops\",\"coverage\":0}",
                      gaps->length ? "," : "", months[i]);
    strbuf_add_text(gaps, ",{\"month\":\"2026-12\",\"what\":\"stops\",\"coverage\":0.3}");
    add("search-rate", "", "", 0.5, "");
    shows("html", LANGUAGE_EN,
          "<li>In 4 of 12 months no stops were registered: January 2026 to March 2026, "
          "November 2026.</li>");
    shows("html", LANGUAGE_EN,
          "<li>In 1 of 12 months less than half of the stops was registered.</li>");
    shows("html", LANGUAGE_NL, "januari 2026 tot en met maart 2026, november 2026.</li>");
}
END_TEST

START_TEST(deliveries_of_one_source_and_status_are_one_row)
{
    strbuf_add_text(intake, "{\"source\":\"unknown\",\"profile\":\"p\",\"status\":\"refused\","
                            "\"received\":7,\"refused\":7},"
                            "{\"source\":\"unknown\",\"profile\":\"q\",\"status\":\"refused\","
                            "\"received\":5,\"refused\":5},"
                            "{\"source\":\"unknown\",\"profile\":\"q\",\"status\":\"stored\","
                            "\"received\":3,\"accepted\":3}");
    add("search-rate", "", "", 0.5, "");
    shows("text", LANGUAGE_EN,
          "unknown (refused): received 12, accepted 0, duplicate 0, "
          "quarantined 0, refused 12\n");
    shows("html", LANGUAGE_EN, "unknown (stored)</th>\n<td class=\"number\">3</td>");
    ck_assert_uint_eq(times(report("text", LANGUAGE_EN), "unknown (refused)"), 1);
}
END_TEST

START_TEST(a_name_of_two_levels_shows_its_level)
{
    add("search-rate", "", "", 0.5, ",\"place\":\"BU1\",\"level_of_place\":\"buurt\"");
    add("search-rate", "", "", 0.6, ",\"place\":\"WK1\",\"level_of_place\":\"wijk\"");
    shows("html", LANGUAGE_NL, "Centrum (buurt BU1)");
    shows("text", LANGUAGE_NL, "Centrum (wijk WK1)");
}
END_TEST

START_TEST(benchmarks_of_one_group_stand_side_by_side)
{
    const char *s;

    add("pooled-rate-ratio", "after_contact", "x", 9,
        ",\"flagged\":true,\"benchmark\":\"residents\"");
    add("pooled-rate-ratio", "after_contact", "y", 5,
        ",\"flagged\":true,\"benchmark\":\"residents\"");
    add("pooled-rate-ratio", "after_contact", "y", 1,
        ",\"flagged\":false,\"benchmark\":\"low-discretion\"");
    add("pooled-rate-ratio", "after_contact", "x", 3,
        ",\"flagged\":true,\"benchmark\":\"low-discretion\"");
    s = strstr(report("text", LANGUAGE_EN), "\nEx ");
    ck_assert_ptr_nonnull(s);
    ck_assert(strncmp(strchr(s + 1, '\n'), "\nEx ", 4) == 0);
    s = strchr(s + 1, '\n');
    ck_assert_msg(strncmp(strchr(s + 1, '\n'), "\nWhy ", 5) == 0, "%s",
                  report("text", LANGUAGE_EN));
}
END_TEST

START_TEST(the_foot_names_ledger_and_document)
{
    add("search-rate", "", "", 0.5, "");
    shows("text", LANGUAGE_NL, "\nGrootboek 1, h\nSHA-256 van het document ");
    shows("html", LANGUAGE_EN, "<p>Ledger 1, h</p>\n<p>SHA-256 of the document ");
}
END_TEST

/* Where of " word" begins a row of the report, or 0. */
static size_t
row_of(const char *text, const char *word)
{
    const char *const at = strstr(text, arena_printf(a, "\n%s ", word));

    return at ? (size_t)(at - text) : 0;
}

START_TEST(of_differences_the_smallest_groups_come_last)
{
    add_counted("search-difference", "x", 0.02, 4000, true);
    add_counted("search-difference", "y", 0.9, 12, true);
    add_counted("search-difference", "z", 0.5, 9000, false);
    add_counted("search-difference", "w", 0.4, 70, true);

    const char *const text = report("text", LANGUAGE_EN);
    const size_t rows[] = {row_of(text, "Ex"), row_of(text, "w"), row_of(text, "z"),
                           row_of(text, "Why")};

    for (size_t i = 0; i < 4; i++)
        ck_assert_msg(rows[i] > (i ? rows[i - 1] : 0), "row %zu: %s", i, text);
}
END_TEST

START_TEST(of_a_sampled_model_it_is_said_in_words_whether_it_settled)
{
    add("threshold", "", "x", 0.2,
        ",\"note\":\"rhat=1.0012; ess-bulk=1234; ess-tail=1300; divergences=0; "
        "predictive-search=0.0010; predictive-search-p=0.310; predictive-hit=0.0100; "
        "predictive-hit-p=0.002\"");

    const char *const text = report("text", LANGUAGE_EN);

    ck_assert_ptr_nonnull(strstr(text, "The model has settled"));
    ck_assert_ptr_nonnull(strstr(text, "does not give back exactly how often searches found"));
    ck_assert_ptr_null(strstr(text, "exactly how often people were searched"));
    for (size_t i = 0; i < 3; i++) {
        static const char *const jargon[] = {"R-hat", "1234", "ess-"};

        ck_assert_msg(strstr(text, jargon[i]) == NULL, "%s: %s", jargon[i], text);
    }
    shows("csv", LANGUAGE_EN, "rhat=1.0012; ess-bulk=1234");
}
END_TEST

START_TEST(a_model_that_did_not_settle_says_so)
{
    add_withheld("threshold", "A011", "");
    shows("text", LANGUAGE_EN, "The model did not settle, or does not fit what was counted");
    shows("text", LANGUAGE_NL, "Het rekenmodel kwam niet tot rust");
}
END_TEST

START_TEST(verdicts_are_words_and_places_without_one_are_counted)
{
    add("robust", "after_contact", "x", 1, ",\"term\":\"stop\",\"flagged\":true,\"q\":0.01");
    add("robust", "after_contact", "y", 1,
        ",\"term\":\"stop\",\"flagged\":false,\"q\":0.2,\"place\":\"P1\"");
    add("robust", "after_contact", "y", 0,
        ",\"term\":\"stop\",\"flagged\":false,\"q\":0.9,\"place\":\"P1\"");
    shows("html", LANGUAGE_EN, "<td class=\"number\">against group</td>");
    shows("html", LANGUAGE_EN, "<td class=\"number\">maybe against</td>");
    shows("text", LANGUAGE_EN, "Places and groups without a conclusion are not shown: 1.");
    ck_assert_ptr_null(strstr(report("html", LANGUAGE_EN), ">inconclusive</td>"));
    ck_assert_ptr_nonnull(strstr(report_of("robust", "html", LANGUAGE_EN), ">inconclusive</td>"));
    ck_assert_ptr_null(strstr(report_of("robust", "html", LANGUAGE_EN), "0.900"));
}
END_TEST

START_TEST(of_a_funnel_only_what_lies_outside_is_shown)
{
    add("funnel", "after_contact", "x", 0.5, ",\"term\":\"stop\",\"flagged\":true");
    add("funnel", "after_contact", "y", 0.25, ",\"term\":\"search\",\"flagged\":true");
    add("funnel", "after_contact", "y", 0.75, ",\"term\":\"search\",\"flagged\":false");
    shows("html", LANGUAGE_EN, "<td class=\"number\">0.5</td>");
    shows("html", LANGUAGE_EN, "<td class=\"number\">25.0%</td>");
    shows("text", LANGUAGE_EN, "Places and groups within the limits are not shown: 1.");
    ck_assert_ptr_null(strstr(report("html", LANGUAGE_EN), "75.0%"));
}
END_TEST

START_TEST(a_limit_to_one_side_is_said_with_from_and_bounds_have_no_value)
{
    add("e-value", "after_contact", "x", 2, ",\"term\":\"stop\"");
    strbuf_printf(figures, ",{\"measure\":\"search-bounds\",\"window\":\"12-months\",\"group\":"
                           "\"x\",\"term\":\"0.3\",\"value\":null,\"lower\":0.01,\"upper\":0.05,"
                           "\"n\":100}");
    shows("html", LANGUAGE_EN, "<td class=\"number\">from 1.80</td>");
    ck_assert_ptr_nonnull(strstr(report_of("search-bounds", "html", LANGUAGE_NL),
                                 "<td>30%</td>\n<td class=\"number\">+1,0 tot +5,0</td>"));
    ck_assert_ptr_null(strstr(report_of("search-bounds", "text", LANGUAGE_NL), "te weinig"));
}
END_TEST

START_TEST(what_is_shown_on_request_alone_is_named)
{
    add("search-rate", "", "", 0.5, "");
    ck_assert_ptr_null(strstr(report("text", LANGUAGE_EN), "Measured too"));
    add("local-fdr", "after_contact", "x", 0.5, "");
    shows("html", LANGUAGE_EN,
          "Measured too, not shown here (in the csv, or by --measure with the "
          "word in brackets): Is it one of the bulk? (local fdr) (local-fdr).");
    ck_assert_ptr_null(strstr(report("text", LANGUAGE_EN), "Low stands out"));
    ck_assert_ptr_null(strstr(report_of("local-fdr", "text", LANGUAGE_EN), "Measured too"));
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
    tcase_add_test(t, a_measure_without_any_figure_is_named_with_the_reason);
    tcase_add_test(t, asking_for_a_measure_without_figures_says_why);
    tcase_add_test(t, months_without_stops_are_named);
    tcase_add_test(t, deliveries_of_one_source_and_status_are_one_row);
    tcase_add_test(t, a_name_of_two_levels_shows_its_level);
    tcase_add_test(t, benchmarks_of_one_group_stand_side_by_side);
    tcase_add_test(t, the_foot_names_ledger_and_document);
    tcase_add_test(t, of_differences_the_smallest_groups_come_last);
    tcase_add_test(t, of_a_sampled_model_it_is_said_in_words_whether_it_settled);
    tcase_add_test(t, a_model_that_did_not_settle_says_so);
    tcase_add_test(t, verdicts_are_words_and_places_without_one_are_counted);
    tcase_add_test(t, of_a_funnel_only_what_lies_outside_is_shown);
    tcase_add_test(t, a_limit_to_one_side_is_said_with_from_and_bounds_have_no_value);
    tcase_add_test(t, what_is_shown_on_request_alone_is_named);
    suite_add_tcase(s, t);
    return s;
}
