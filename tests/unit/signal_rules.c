/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rules that make a grade of evidence, each by itself, and the table in the documentation held
 * against the one in code.
 */
#include "analyzer/measure/signal.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

Suite *signal_rules_suite(void);

struct grade_case {
    char expected;
    const char *year, *month; /* evidence that holds, with q 0.001; "E2?" is unknown */
    double q;
};

static void
evidence_from(const char *text, double q, struct evidence *e)
{
    for (unsigned i = 0; i < EVIDENCES; i++) {
        const char *const at = strstr(text, evidence_codes[i]);

        e[i] = (struct evidence){.holds = at ? HOLDS_YES : HOLDS_NO, .q = q, .share = NAN};
        if (at && at[strlen(evidence_codes[i])] == '?')
            e[i].holds = HOLDS_UNKNOWN;
    }
}

static const struct grade_case grades[] = {
    {'A', "E3 E4 E6 tipping", "", 0.001},
    {'A', "E3 E5 E6 tipping", "", 0.001},
    {'A', "E3 E7 E6 tipping", "", 0.001},
    {'A', "E8 E5 E6 tipping", "", 0.001},
    {'B', "E3 E5 E6", "", 0.001},
    {'B', "E3 E5 E6 tipping?", "", 0.001},
    {'B', "E3 E6 tipping", "", 0.001},
    {'B', "E8 E6", "", 0.001},
    {'B', "E3 E6 E5?", "", 0.001},
    {'C', "E3 E6", "", 0.03},
    {'C', "E8 E5 E6 tipping", "", 0.03},
    {'C', "E1 E6", "", 0.001},
    {'C', "E2 E6", "", 0.001},
    {'C', "E5 E6", "", 0.049},
    {'D', "E5 E6", "", 0.06},
    {'D', "E3 E5 tipping", "", 0.001},
    {'D', "E3 E6?", "", 0.001},
    {'D', "one-benchmark E6", "", 0.001},
    {0, "", "one-benchmark", 0.001},
    {'D', "", "E1", 0.001},
    {'D', "", "E3 E6", 0.001},
    {0, "", "E3", 0.06},
    {0, "E4 E6 E7 tipping", "", 0.001},
    {0, "E3 E6", "", 0.21},
    {0, "E3? E5? E6", "", 0.001},
    {0, "", "", 0.001},
};

START_TEST(each_grade_needs_what_its_rule_says)
{
    const struct grade_case *const c = &grades[_i];
    struct evidence year[EVIDENCES], month[EVIDENCES];

    evidence_from(c->year, c->q, year);
    evidence_from(c->month, c->q, month);

    const char got = signal_grade(year, month);

    ck_assert_msg(got == c->expected, "%s | %s: %c, not %c", c->year, c->month, got ? got : '-',
                  c->expected ? c->expected : '-');
}
END_TEST

static const char *
bits_text(unsigned bits, const char *between)
{
    struct strbuf *const b = strbuf_new(a, 4096);

    for (unsigned e = 0; e < EVIDENCES; e++)
        if (bits & 1U << e)
            strbuf_printf(b, "%s%s", b->length ? between : "", evidence_codes[e]);
    return b->length ? b->data : "–";
}

START_TEST(the_page_has_the_rules_of_the_code)
{
    FILE *const f = fopen("docs/methods/signals.md", "r");
    static char page[1 << 16];

    ck_assert_ptr_nonnull(f);
    page[fread(page, 1, sizeof page - 1, f)] = '\0';
    fclose(f);
    for (size_t i = 0; i < signal_rule_count; i++) {
        const struct signal_rule *const r = &signal_rules[i];
        const char *const line = arena_printf(a, "| %c | %s | %s | %.2f | %s | %s |", r->grade,
                                              r->window, bits_text(r->strong, ", "), r->q_most,
                                              bits_text(r->beside, ", "), bits_text(r->all, ", "));

        ck_assert_msg(strstr(page, line) != NULL, "docs/methods/signals.md lacks: %s", line);
    }
}
END_TEST

Suite *
signal_rules_suite(void)
{
    Suite *const s = suite_create("signal rules");
    TCase *const t = tcase_create("signal rules");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_loop_test(t, each_grade_needs_what_its_rule_says, 0,
                        (int)(sizeof grades / sizeof *grades));
    tcase_add_test(t, the_page_has_the_rules_of_the_code);
    suite_add_tcase(s, t);
    return s;
}
