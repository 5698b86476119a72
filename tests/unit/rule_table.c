/* SPDX-License-Identifier: EUPL-1.2 */
/* The table of rules as its readers see it: codes, severities, both languages, and the page. */
#include "collector/check.h"
#include "collector/rule.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *rule_table_suite(void);

START_TEST(every_rule_has_its_own_code_and_both_languages)
{
    static const char letters[] = {
        [SEVERITY_FATAL] = 'F',   [SEVERITY_REFUSE] = 'R', [SEVERITY_ERROR] = 'E',
        [SEVERITY_WARNING] = 'W', [SEVERITY_INFO] = 'I',   [SEVERITY_CROSS] = 'X'};

    for (unsigned id = 0; id < RULE_COUNT; id++) {
        ck_assert_msg(rules[id].code && strlen(rules[id].code) == 4, "rule %u has no row", id);
        ck_assert_int_eq(rules[id].code[0], letters[rules[id].severity]);
        ck_assert_msg(rules[id].nl[strlen(rules[id].nl) - 1] == '.' && strlen(rules[id].en) > 9 &&
                          strcmp(rules[id].nl, rules[id].en) != 0,
                      "%s has no message", rules[id].code);
        ck_assert_msg(strlen(rule_tests[id].reading) > 9 && rules[id].since, "%s", rules[id].code);
        for (unsigned other = 0; other < id; other++)
            ck_assert_str_ne(rules[id].code, rules[other].code);
        if (rule_tests[id].scope == RULE_OF_STOP || rule_tests[id].scope == RULE_OF_PERSON)
            ck_assert_msg(rule_tests[id].trips != NULL, "%s is decided nowhere", rules[id].code);
    }
}
END_TEST

START_TEST(the_page_of_rules_has_a_row_for_each)
{
    char *text = NULL;
    size_t length = 0;
    FILE *const out = open_memstream(&text, &length);

    rules_print(out, true);
    fclose(out);
    for (unsigned id = 0; id < RULE_COUNT; id++)
        ck_assert_msg(strstr(text, arena_printf(a, "\n| %s | ", rules[id].code)) != NULL, "%s",
                      rules[id].code);

    /* the page in the tree is this one */
    FILE *const page = fopen("docs/user-guide/rules.md", "r");

    ck_assert_msg(page != NULL, "docs/user-guide/rules.md is not here");

    char *const there = arena_alloc(a, length + 2);
    const size_t got = fread(there, 1, length + 1, page);

    fclose(page);
    ck_assert_msg(got == length && memcmp(there, text, length) == 0,
                  "docs/user-guide/rules.md is not what rules_print() prints");
    free(text);
}
END_TEST

Suite *
rule_table_suite(void)
{
    Suite *const s = suite_create("rule table");
    TCase *const t = tcase_create("rule table");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, every_rule_has_its_own_code_and_both_languages);
    tcase_add_test(t, the_page_of_rules_has_a_row_for_each);
    suite_add_tcase(s, t);
    return s;
}
