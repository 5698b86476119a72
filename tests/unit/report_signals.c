/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Signals of a hand-made document as a reader gets them: places of a practice stand under the
 * city's, and evidence that concludes nothing is not called "no".
 */
#include "analyzer/report/view.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <string.h>

Suite *report_signals_suite(void);

static struct strbuf *list;

static void
setup(void)
{
    open_arena();
    list = strbuf_new(a, 65536);
}

struct made {
    const char *id, *place, *grade, *brief, *under, *evidence;
};

static void
add(struct made s)
{
    strbuf_printf(list,
                  "%s{\"id\":\"%s\",\"kind\":\"search\",\"level_of_place\":\"%s\",\"place\":\"%s\","
                  "\"group\":\"x\",\"grade\":\"%s\",\"status\":\"same\",\"was\":\"%s\",\"since\":"
                  "\"2026-03\",\"brief\":%s,\"under\":%s,\"doubts\":[],\"evidence\":[%s],\"nl\":{"
                  "\"headline\":"
                  "\"kop %s\",\"doubts\":[]},\"en\":{\"headline\":\"head %s\",\"doubts\":[]}}",
                  list->length ? "," : "", s.id, *s.place ? "wijk" : "city", s.place, s.grade,
                  s.grade, s.brief ? s.brief : "null",
                  s.under ? arena_printf(a, "\"%s\"", s.under) : "null",
                  s.evidence ? s.evidence : "", s.id, s.id);
}

/* On one line: a test of words is not one of where they break. */
static const char *
unwrapped(const char *text)
{
    struct strbuf *const b = strbuf_new(a, 1 << 20);

    for (; *text; text++)
        if (*text != ' ' && *text != '\n')
            strbuf_add_char(b, *text);
        else if (b->length && b->data[b->length - 1] != ' ')
            strbuf_add_char(b, ' ');
    return b->data;
}

static const char *
report(const char *format, enum language language, bool signals)
{
    const char *const document = arena_printf(
        a,
        "{\"figures\":[{\"measure\":\"robust\",\"value\":0},{\"measure\":\"robust\","
        "\"value\":-1}],\"quality\":{},\"run\":{\"id\":\"r\",\"month\":\"2026-10\",\"parameters\":"
        "{\"previous\":\"p\"},\"ledger\":{\"entry\":1,\"hash\":\"h\"}},\"signals\":[%s],\"texts\":{"
        "\"nl\":[],\"en\":[],\"city\":\"Delft\",\"labels\":{\"groups\":{},\"reasons\":{},"
        "\"places\":{\"W1\":\"One\",\"W2\":\"Two\",\"W3\":\"Three\"}}}}",
        list->data);
    const struct report_options how = {
        .language = language, .window = "12-months", .signals = signals};
    struct err e = {0};
    struct strbuf *const b = report_write(a, span_of(document), format, &how, &e);

    ck_assert_msg(b != NULL, "%s", e.text);
    return strcmp(format, "text") == 0 ? unwrapped(b->data) : b->data;
}

static void
shows(const char *text, const char *words)
{
    ck_assert_msg(strstr(text, words) != NULL, "'%s' is not in: %s", words, text);
}

static void
hides(const char *text, const char *words)
{
    ck_assert_msg(strstr(text, words) == NULL, "'%s' is in: %s", words, text);
}

static void
in_order(const char *text, const char *first, const char *second)
{
    const char *const one = strstr(text, first), *const two = strstr(text, second);

    ck_assert_msg(one && two && one < two, "'%s', then '%s': %s", first, second, text);
}

/* The city is weaker than W1 but tells it; W3 is a practice of its own. */
static void
a_city_and_its_places(void)
{
    add((struct made){"1", "W1", "A", NULL, "3", NULL});
    add((struct made){"2", "W3", "B", "2", NULL, NULL});
    add((struct made){"3", "", "C", "1", NULL, NULL});
    add((struct made){"4", "W2", "C", NULL, "3", NULL});
}

START_TEST(the_city_comes_first_and_its_places_stand_under_it)
{
    a_city_and_its_places();

    const char *const text = report("text", LANGUAGE_EN, false);

    shows(text, "C Whole city, x: searched more often");
    shows(text, "The same, by place: One (A), Two (C).");
    shows(text, "B Three, x: searched more often");
    in_order(text, "Whole city, x", "Three, x");
    hides(text, "head 1");
    hides(text, "Other signals");
    shows(report("text", LANGUAGE_NL, false), "Hetzelfde, per plaats: One (A), Two (C).");
}
END_TEST

START_TEST(asked_for_signals_every_place_is_told_in_full)
{
    a_city_and_its_places();

    const char *const text = report("text", LANGUAGE_EN, true);

    for (unsigned i = 1; i <= 4; i++)
        shows(text, arena_printf(a, "head %u", i));
    in_order(text, "head 3", "head 1");
    in_order(text, "head 4", "head 2");
}
END_TEST

START_TEST(the_page_has_the_places_beneath_the_city)
{
    a_city_and_its_places();

    const char *const page = report("html", LANGUAGE_EN, false);

    shows(page, "<h3>C: Whole city, x: searched more often</h3>");
    shows(page, "<details><summary>A: One, x: searched more often</summary>");
    shows(page, "<h3>B: Three, x: searched more often</h3>");
    in_order(page, "Two, x", "Three, x");
}
END_TEST

START_TEST(the_watch_list_is_folded_too)
{
    add((struct made){"1", "", "D", NULL, NULL, NULL});
    add((struct made){"2", "W1", "D", NULL, "1", NULL});

    const char *const text = report("text", LANGUAGE_EN, false);

    shows(text, "The same, by place: One (D).");
    hides(text, "D: One");
    hides(report("html", LANGUAGE_EN, false), "<li>D: One");
}
END_TEST

START_TEST(a_robust_test_that_concludes_nothing_is_not_called_no)
{
    add((struct made){"1", "", "C", "1", NULL,
                      "{\"id\":\"E3\",\"holds\":false,\"figures\":[1]},"
                      "{\"id\":\"E5\",\"holds\":false,\"figures\":[1]}"});
    shows(report("text", LANGUAGE_EN, false), "inconclusive (which is not the same as equal)");
    shows(report("text", LANGUAGE_NL, false),
          "geen conclusie (dat is iets anders dan geen verschil)");
    shows(report("text", LANGUAGE_EN, false), "also among similar stops: no Other");
}
END_TEST

START_TEST(a_robust_test_that_concludes_the_other_way_says_so)
{
    add((struct made){"1", "", "C", "1", NULL, "{\"id\":\"E3\",\"holds\":false,\"figures\":[2]}"});
    shows(report("text", LANGUAGE_EN, false), "no, the other way");
    shows(report("text", LANGUAGE_NL, false), "nee, andersom");
}
END_TEST

START_TEST(the_csv_names_what_a_place_is_told_under)
{
    a_city_and_its_places();

    const char *const csv = report("csv", LANGUAGE_EN, true);

    shows(csv, "persons,brief,under,evidence");
    shows(csv, "2026-03,,,3,");
    shows(csv, "2026-03,,2,,");
}
END_TEST

Suite *
report_signals_suite(void)
{
    Suite *const s = suite_create("report_signals");
    TCase *const t = tcase_create("report_signals");

    tcase_add_checked_fixture(t, setup, close_arena);
    tcase_add_test(t, the_city_comes_first_and_its_places_stand_under_it);
    tcase_add_test(t, asked_for_signals_every_place_is_told_in_full);
    tcase_add_test(t, the_page_has_the_places_beneath_the_city);
    tcase_add_test(t, the_watch_list_is_folded_too);
    tcase_add_test(t, a_robust_test_that_concludes_nothing_is_not_called_no);
    tcase_add_test(t, a_robust_test_that_concludes_the_other_way_says_so);
    tcase_add_test(t, the_csv_names_what_a_place_is_told_under);
    suite_add_tcase(s, t);
    return s;
}
