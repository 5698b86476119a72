/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers, months and capitals as people write them, in Dutch and English; notes as declared. */
#include "analyzer/measure/figure.h"
#include "analyzer/report/words.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *report_words_suite(void);

START_TEST(thousands_stand_apart_and_decimals_follow_the_language)
{
    ck_assert_str_eq(words_number(a, LANGUAGE_NL, 0, 63496), "63.496");
    ck_assert_str_eq(words_number(a, LANGUAGE_EN, 0, 63496), "63,496");
    ck_assert_str_eq(words_number(a, LANGUAGE_NL, 2, 63496.25), "63.496,25");
    ck_assert_str_eq(words_number(a, LANGUAGE_EN, 2, 63496.25), "63,496.25");
    ck_assert_str_eq(words_number(a, LANGUAGE_NL, 0, 999), "999");
    ck_assert_str_eq(words_number(a, LANGUAGE_NL, 0, 1000), "1.000");
    ck_assert_str_eq(words_number(a, LANGUAGE_NL, 0, 1234567), "1.234.567");
    ck_assert_str_eq(words_number(a, LANGUAGE_NL, 1, -1234.5), "-1.234,5");
}
END_TEST

START_TEST(a_month_is_written_in_words)
{
    ck_assert_str_eq(words_month(a, LANGUAGE_NL, "2026-10"), "oktober 2026");
    ck_assert_str_eq(words_month(a, LANGUAGE_EN, "2017-01"), "January 2017");
    ck_assert_str_eq(words_month(a, LANGUAGE_NL, "2026-13"), "2026-13");
    ck_assert_str_eq(words_month(a, LANGUAGE_NL, "altijd"), "altijd");
}
END_TEST

START_TEST(a_sentence_starts_with_a_capital)
{
    ck_assert_str_eq(words_capital(a, "zwart"), "Zwart");
    ck_assert_str_eq(words_capital(a, "Zwart"), "Zwart");
    ck_assert_str_eq(words_capital(a, ""), "");
}
END_TEST

/* A note that a measure can give and the schema does not know is seen only in a city that has it.
 */
START_TEST(every_note_is_in_the_schema)
{
    enum { MOST = 1 << 18 };
    char *const schema = arena_alloc(a, MOST);
    FILE *const f = fopen("docs/schema/analysis-1.json", "r");

    ck_assert_ptr_nonnull(f);
    schema[fread(schema, 1, MOST - 1, f)] = '\0';
    fclose(f);

    char *const pattern = strstr(schema, "\"^((months-counted");

    ck_assert_ptr_nonnull(pattern);
    pattern[strcspn(pattern, "\n")] = '\0';
    for (unsigned i = 0; i < NOTES; i++) {
        const char *const code = note_codes[i];
        bool there = false;

        for (const char *at = pattern; (at = strstr(at, code)); at++)
            there = there || (strchr("(|", at[-1]) && strchr("=(|)", at[strlen(code)]));
        ck_assert_msg(there, "note %s is not in docs/schema/analysis-1.json", code);
    }
}
END_TEST

Suite *
report_words_suite(void)
{
    Suite *const s = suite_create("report_words");
    TCase *const t = tcase_create("report_words");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, thousands_stand_apart_and_decimals_follow_the_language);
    tcase_add_test(t, a_month_is_written_in_words);
    tcase_add_test(t, a_sentence_starts_with_a_capital);
    tcase_add_test(t, every_note_is_in_the_schema);
    suite_add_tcase(s, t);
    return s;
}
