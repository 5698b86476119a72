/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Options from command line, environment, configuration file and default: what is taken, which
 * wins, and how a wrong one is refused.
 */
#include "tests/lib/option_program.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *option_suite(void);

/* ---- command line --------------------------------------------------------------------------- */

START_TEST(every_kind_is_filled)
{
    ck_assert_int_eq(option_call(&option_verbs,
                                 "load areas --mode perceived,self --format=csv --dry-run "
                                 "--seed -7 --share=1e-3 --from 2024-02-29 --month 2026-10 f"),
                     3);
    ck_assert_str_eq(option_seen.verb, "load areas");
    ck_assert_str_eq(option_seen.mode, "perceived,self");
    ck_assert_str_eq(option_seen.format, "csv");
    ck_assert(option_seen.load.dry_run);
    ck_assert_int_eq(option_seen.load.seed, -7);
    ck_assert_double_eq(option_seen.load.share, 1e-3);
    ck_assert_int_eq(option_seen.load.from, civil_days(2024, 2, 29));
    ck_assert(option_seen.load.month.year == 2026 && option_seen.load.month.month == 10);
    ck_assert_str_eq(option_caught.err, "");
}
END_TEST

START_TEST(absent_options_have_the_absent_value_or_the_default)
{
    ck_assert_int_eq(option_call(&option_verbs, "load areas --mode a f"), 3);
    ck_assert_str_eq(option_seen.format, "text");
    ck_assert(!option_seen.load.dry_run);
    ck_assert(option_seen.load.seed == INT64_MIN && option_seen.load.from == INT64_MIN);
    ck_assert_double_eq(option_seen.load.share, 0.25);
    ck_assert(option_seen.load.month.year == 0 && option_seen.load.month.month == 0);
    ck_assert_str_eq(option_seen.db, "(absent)");
    ck_assert_str_eq(option_seen.home, ".maatstaf");
}
END_TEST

START_TEST(options_and_arguments_may_be_mixed)
{
    ck_assert_int_eq(
        option_call(&option_verbs, "--db dbname=x load areas a --mode m b --dry-run - c"), 3);
    ck_assert_str_eq(option_seen.db, "dbname=x");
    ck_assert_int_eq(option_seen.argc, 4);
    ck_assert_str_eq(option_seen.words[0], "a");
    ck_assert_str_eq(option_seen.words[1], "b");
    ck_assert_str_eq(option_seen.words[2], "-");
    ck_assert_str_eq(option_seen.words[3], "c");
    ck_assert(option_seen.words_end);
}
END_TEST

START_TEST(two_hyphens_end_the_options)
{
    ck_assert_int_eq(option_call(&option_verbs, "load areas --mode m -- --dry-run -x --help --"),
                     3);
    ck_assert_int_eq(option_seen.argc, 4);
    ck_assert_str_eq(option_seen.words[0], "--dry-run");
    ck_assert_str_eq(option_seen.words[3], "--");
    ck_assert(!option_seen.load.dry_run);
}
END_TEST

START_TEST(a_value_may_be_empty_or_hold_anything_after_an_equals_sign)
{
    ck_assert_int_eq(option_call(&option_verbs, "load areas --mode=--a=b%c --db= f"), 3);
    ck_assert_str_eq(option_seen.mode, "--a=b c");
    ck_assert_str_eq(option_seen.db, "");
    ck_assert_int_eq(option_call(&option_verbs, "load areas --mode=m --dry-run=no f"), 3);
    ck_assert(!option_seen.load.dry_run);
}
END_TEST

START_TEST(verbs_have_one_or_two_words)
{
    ck_assert_int_eq(option_call(&option_verbs, "load codes f"), 3);
    ck_assert_str_eq(option_seen.verb, "load codes");
    ck_assert_int_eq(option_call(&option_verbs, "status"), 3);
    ck_assert_str_eq(option_seen.verb, "status");
    ck_assert_int_eq(option_seen.status.wait, 5);
}
END_TEST

START_TEST(a_part_may_have_no_verb)
{
    ck_assert_int_eq(option_call(&option_verbless, "--wait 2 plan.json"), 3);
    ck_assert_int_eq(option_seen.status.wait, 2);
    ck_assert_str_eq(option_seen.words[0], "plan.json");
    ck_assert_int_eq(option_call(&option_verbless, ""), 3);
    ck_assert_int_eq(option_call(&option_verbless, "--help"), 0);
    ck_assert_ptr_nonnull(strstr(option_caught.out, "usage: maatstaf simulate [options] [FILE]\n"));
}
END_TEST

static const struct {
    const char *line, *text, *hint;
} wrong_calls[] = {
    {"stauts", "no verb 'stauts'", "did you mean 'status'?"},
    {"load area f", "no verb 'load area'", "did you mean 'load areas'?"},
    {"load", "'load' needs a second word", "maatstaf db load --help"},
    {"xyzzy", "no verb 'xyzzy'", "maatstaf db --help lists the verbs"},
    {"status --wiat 3", "unknown option --wiat", "did you mean --wait?"},
    {"status --log debug", "unknown option --log", "did you mean --log-level?"},
    {"status --zzz", "unknown option --zzz", "--help lists"},
    {"--wait 3 status", "option --wait comes before the verb", "after the verb"},
    {"status -v", "unknown option -v", "--help"},
    {"status --wait", "option --wait needs a value: SECONDS", NULL},
    {"status --wait --db x", "option --wait needs a value", "--wait=VALUE"},
    {"status --wait 1 --wait 2", "option --wait is given twice", NULL},
    {"status --wait 1.5", "--wait: '1.5' is not a whole number", NULL},
    {"status --wait=", "--wait: '' is not a whole number", NULL},
    {"status --wait 9223372036854775808", "not a whole number", NULL},
    {"status --wait=-9223372036854775808", "not a whole number", NULL}, /* means absent */
    {"status extra", "unexpected argument 'extra'", "usage: maatstaf db status [options]\n"},
    {"load codes a b", "unexpected argument 'b'", "load codes [options] FILE"},
    {"load codes", "an argument is missing: FILE", NULL},
    {"load areas f", "option --mode is required", "which modes"},
    {"load areas f --mode m --format xml", "'xml' is not one of text|json|csv", NULL},
    {"load areas f --mode m --format jsno", "not one of", "did you mean json?"},
    {"load areas f --mode m --format text|json", "not one of", NULL},
    {"load areas f --mode m --format tex", "not one of", "did you mean text?"},
    {"load areas f --mode m --share nan", "--share: 'nan' is not a number", NULL},
    {"load areas f --mode m --share 1e999", "is not a number", NULL},
    {"load areas f --mode m --from 2026-02-29", "--from: '2026-02-29' is not a date", NULL},
    {"load areas f --mode m --month 2026-13", "--month: '2026-13' is not a month", NULL},
    {"load areas f --mode m --dry-run=maybe", "--dry-run: 'maybe' is not yes or no", NULL},
    {"status --log-level loud", "'loud' is not one of error|warning|info|debug", NULL},
};

START_TEST(a_wrong_call_is_refused_with_a_remedy)
{
    option_fails(wrong_calls[_i].line, 2, wrong_calls[_i].text, wrong_calls[_i].hint);
}
END_TEST

START_TEST(no_verb_at_all_shows_the_verbs_and_is_wrong_usage)
{
    option_fails("", 2, "load areas FILE…", NULL);
}
END_TEST

START_TEST(a_name_is_near_when_one_slip_or_beginning_away)
{
    static const char *const names[] = {"month", "mode", "format", "checkpoint"};
    static const struct {
        const char *word, *nearest;
    } cases[] = {{"mnth", "month"},
                 {"motnh", "month"},
                 {"mod", "mode"},
                 {"check", "checkpoint"},
                 {"formats", "format"},
                 {"", NULL},
                 {"banana", NULL},
                 {"x", NULL},
                 {"chekpiont", "checkpoint"},
                 {"a-word-far-longer-than-any-name-may-be-here", NULL}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const near = option_nearest(cases[i].word, names, 4);

        if (cases[i].nearest)
            ck_assert_pstr_eq(near, cases[i].nearest);
        else
            ck_assert_msg(!near, "%s gave %s", cases[i].word, near);
    }
}
END_TEST

/* ---- environment and file ------------------------------------------------------------------- */

START_TEST(command_line_wins_over_environment_over_file_over_default)
{
    ck_assert_int_eq(option_call(&option_verbs, "status"), 3);
    ck_assert_int_eq(option_seen.status.wait, 5);
    option_write_config("# comment\n[db]\n  wait = 10\n\n[db.status]\nwait=20\n");
    ck_assert_int_eq(option_call(&option_verbs, "status"), 3);
    ck_assert_int_eq(option_seen.status.wait, 20);
    setenv("MAATSTAF_WAIT", "30", 1);
    ck_assert_int_eq(option_call(&option_verbs, "status"), 3);
    ck_assert_int_eq(option_seen.status.wait, 30);
    ck_assert_int_eq(option_call(&option_verbs, "status --wait 40"), 3);
    ck_assert_int_eq(option_seen.status.wait, 40);
}
END_TEST

START_TEST(a_narrower_section_wins_wherever_it_stands)
{
    option_write_config(
        "[db.status]\nhome = verb\n[db]\nhome = part\ndb = part\n[collector]\nx = y\n");
    ck_assert_int_eq(option_call(&option_verbs, "status"), 3);
    ck_assert_str_eq(option_seen.home, "verb");
    ck_assert_str_eq(option_seen.db, "part");
    ck_assert_int_eq(option_call(&option_verbs, "load codes f"), 3);
    ck_assert_str_eq(option_seen.home, "part");
    option_write_config("db = host=/run dbname=a#b\r\n[db.load areas]\r\nmode = a, b \r\n");
    ck_assert_int_eq(option_call(&option_verbs, "load areas f"), 3);
    ck_assert_str_eq(option_seen.db, "host=/run dbname=a#b");
    ck_assert_str_eq(option_seen.mode, "a, b");
    option_write_config("[simulate]\nwait = 9");
    ck_assert_int_eq(option_call(&option_verbless, ""), 3);
    ck_assert_int_eq(option_seen.status.wait, 9);
}
END_TEST

START_TEST(environment_names_have_capitals_and_underscores)
{
    setenv("MAATSTAF_DRY_RUN", "yes", 1);
    setenv("MAATSTAF_MODE", "m", 1);
    setenv("MAATSTAF_DB", "dbname=e", 1);
    setenv("MAATSTAF_HOME", "", 1); /* as if not set */
    ck_assert_int_eq(option_call(&option_verbs, "load areas f"), 3);
    ck_assert(option_seen.load.dry_run);
    ck_assert_str_eq(option_seen.db, "dbname=e");
    ck_assert_str_eq(option_seen.home, ".maatstaf");
    setenv("MAATSTAF_FORMAT", "xml", 1);
    option_fails("load areas f", 1, "MAATSTAF_FORMAT: 'xml' is not one of", NULL);
}
END_TEST

static const struct {
    const char *text, *place, *message, *hint;
} wrong_files[] = {
    {"wait = 3\n", ":1: ", "unknown name 'wait'", "[part.verb]"},
    {"\n[db]\nhoem = x\n", ":3: ", "unknown name 'hoem'", "did you mean home?"},
    {"[db.status]\nmode = m\n", ":2: ", "unknown name 'mode'", NULL},
    {"[bd]\n", ":1: ", "unknown section 'bd'", "did you mean db?"},
    {"[db.stats]\n", ":1: ", "unknown section 'db.stats'", "did you mean status?"},
    {"[db.load]\n", ":1: ", "unknown section 'db.load'", NULL},
    {"[db.]\n", ":1: ", "unknown section", NULL},
    {"[db\n", ":1: ", "a section must be", NULL},
    {"[]\n", ":1: ", "a section must be", NULL},
    {"home\n", ":1: ", "expected name = value", NULL},
    {"= x\n", ":1: ", "unknown name ''", NULL},
    {"home = a\nhome = b\n", ":2: ", "already has 'home'", NULL},
    {"config = x\n", ":1: ", "cannot set 'config'", NULL},
    {"[db]\nwait = soon\n", ":2: wait: ", "'soon' is not a whole number", NULL},
    {"[db.load areas]\nformat = xml\n", ":2: format: ", "not one of", NULL}, /* another verb's */
    {"log-level = loud\n", ":1: log-level: ", "not one of", NULL},
};

START_TEST(a_wrong_file_is_refused_by_name_and_line)
{
    char place[128];

    option_write_config(wrong_files[_i].text);
    snprintf(place, sizeof place, "maatstaf-db: %s%s", option_config, wrong_files[_i].place);
    option_fails("status", 1, place, wrong_files[_i].hint);
    ck_assert_msg(strstr(option_caught.err, wrong_files[_i].message) != NULL, "%s",
                  option_caught.err);
}
END_TEST

START_TEST(lines_too_long_or_with_a_nul_are_refused)
{
    FILE *f = fopen(option_config, "w");

    fputs("home = ", f);
    for (int i = 0; i < 5000; i++)
        fputc('x', f);
    fputc('\n', f);
    fclose(f);
    option_fails("status", 1, ":1: the line is too long", NULL);
    f = fopen(option_config, "w");
    fwrite("home = a\0b\ndb = c\n", 1, 18, f);
    fclose(f);
    option_fails("status", 1, ":1: the line is too long or holds a NUL", NULL);
}
END_TEST

START_TEST(a_file_that_was_asked_for_must_be_there)
{
    option_fails("status --config /nowhere/at.all", 1, "/nowhere/at.all: No such file", NULL);
    option_fails("status --config=/tmp", 1, "configuration file /tmp: ", NULL);
    unlink(option_config);
    option_fails("status", 1, "No such file", NULL); /* by MAATSTAF_CONFIG */
}
END_TEST

START_TEST(a_wrong_present_is_a_fault)
{
    setenv("MAATSTAF_NOW", "yesterday", 1);
    option_fails("status", 1, "MAATSTAF_NOW", "unset it");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

Suite *
option_suite(void)
{
    Suite *const s = suite_create("option");
    TCase *const t = tcase_create("option");

    tcase_add_checked_fixture(t, option_setup, option_teardown);
    tcase_add_test(t, every_kind_is_filled);
    tcase_add_test(t, absent_options_have_the_absent_value_or_the_default);
    tcase_add_test(t, options_and_arguments_may_be_mixed);
    tcase_add_test(t, two_hyphens_end_the_options);
    tcase_add_test(t, a_value_may_be_empty_or_hold_anything_after_an_equals_sign);
    tcase_add_test(t, verbs_have_one_or_two_words);
    tcase_add_test(t, a_part_may_have_no_verb);
    tcase_add_loop_test(t, a_wrong_call_is_refused_with_a_remedy, 0, COUNT(wrong_calls));
    tcase_add_test(t, no_verb_at_all_shows_the_verbs_and_is_wrong_usage);
    tcase_add_test(t, a_name_is_near_when_one_slip_or_beginning_away);
    tcase_add_test(t, command_line_wins_over_environment_over_file_over_default);
    tcase_add_test(t, a_narrower_section_wins_wherever_it_stands);
    tcase_add_test(t, environment_names_have_capitals_and_underscores);
    tcase_add_loop_test(t, a_wrong_file_is_refused_by_name_and_line, 0, COUNT(wrong_files));
    tcase_add_test(t, lines_too_long_or_with_a_nul_are_refused);
    tcase_add_test(t, a_file_that_was_asked_for_must_be_there);
    tcase_add_test(t, a_wrong_present_is_a_fault);
    suite_add_tcase(s, t);
    return s;
}
