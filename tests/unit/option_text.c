/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What people and the shell get from a program: help, manual page, sample configuration, exit
 * statuses, and a failure when the output cannot be written.
 */
#include "tests/lib/option_program.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *option_text_suite(void);

/* ---- what people read ----------------------------------------------------------------------- */

/* No line of the text may be wider than 100 characters. */
static void
fits(const char *text)
{
    int width = 0;

    for (; *text; text++) {
        width = *text == '\n' ? 0 : width + (((unsigned char)*text & 0xc0) != 0x80);
        ck_assert_int_le(width, 100);
    }
}

START_TEST(help_of_the_program_lists_the_verbs)
{
    ck_assert_int_eq(option_call(&option_verbs, "--help"), 0);
    ck_assert_ptr_nonnull(strstr(option_caught.out,
                                 "\n  load areas FILE…  load the areas of a city\n"
                                 "  load codes FILE   load a code list\n"
                                 "  status            say how the database is\n"));
    ck_assert_ptr_nonnull(strstr(option_caught.out,
                                 "  --home DIR            folder of the private cluster, keys "
                                 "and spool (default .maatstaf)\n"));
    ck_assert_str_eq(option_caught.err, "");
    fits(option_caught.out);
    ck_assert_int_eq(option_call(&option_verbs, "load --help"), 0);
    ck_assert_ptr_nonnull(strstr(option_caught.out, "load codes"));
    ck_assert_ptr_null(strstr(option_caught.out, "say how the database is"));
}
END_TEST

START_TEST(help_of_a_verb_lists_its_options)
{
    ck_assert_int_eq(option_call(&option_verbs, "load areas --help --nonsense"), 0);
    ck_assert_ptr_nonnull(
        strstr(option_caught.out, "usage: maatstaf db load areas [options] FILE…\n"));
    ck_assert_ptr_nonnull(
        strstr(option_caught.out,
               "\n  --mode LIST             which modes, apart by commas (required)\n"));
    ck_assert_ptr_nonnull(strstr(option_caught.out,
                                 "\n  --format text|json|csv  how it is printed (default text)\n"));
    ck_assert_ptr_nonnull(strstr(option_caught.out, "\n  .begins with a dot\n"));
    fits(option_caught.out);
    option_fails("stauts --help", 2, "no verb 'stauts'", "status");
}
END_TEST

START_TEST(help_and_version_need_no_right_configuration)
{
    option_write_config("nonsense\n");
    ck_assert_int_eq(option_call(&option_verbs, "status --help"), 0);
    ck_assert_int_eq(option_call(&option_verbs, "--version"), 0);
    ck_assert_int_eq(strncmp(option_caught.out, "maatstaf-db ", 12), 0);
    ck_assert_ptr_null(option_seen.verb);
}
END_TEST

START_TEST(the_manual_page_has_every_section_verb_and_option)
{
    static const char *const parts[] = {".TH MAATSTAF\\-DB 1 ",
                                        ".SH NAME\n",
                                        ".SH SYNOPSIS\n",
                                        ".SH DESCRIPTION\n",
                                        ".SH COMMANDS\n",
                                        ".SH OPTIONS\n",
                                        ".SH EXIT STATUS\n",
                                        ".SH ENVIRONMENT\n",
                                        ".SH FILES\n",
                                        ".SS \"maatstaf db load areas [options] FILE\\[u2026]\"\n",
                                        ".SS \"maatstaf db status",
                                        "\\-\\-dry\\-run",
                                        "\\-\\-log\\-level",
                                        "  .begins with a dot\n",
                                        "back\\eslash",
                                        "MAATSTAF_DB",
                                        "/etc/maatstaf.conf",
                                        "\\fB75\\fR"};

    ck_assert_int_eq(option_call(&option_verbs, "--man"), 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        ck_assert_msg(strstr(option_caught.out, parts[i]) != NULL, "%s", parts[i]);
    for (const char *c = option_caught.out; *c; c++)
        ck_assert((unsigned char)*c < 0x80);
}
END_TEST

/* Takes the # off every line that is a setting. */
static void
uncomment(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        const bool line_start = from == text || from[-1] == '\n';

        if (!(line_start && from[0] == '#' && from[1] != ' '))
            *to++ = *from;
    }
    *to = '\0';
}

START_TEST(the_sample_configuration_is_a_configuration)
{
    char text[sizeof option_caught.out];

    ck_assert_int_eq(option_call(&option_verbless, "--sample-config"), 0);
    memcpy(text, option_caught.out, sizeof text);
    option_write_config(text);
    ck_assert_int_eq(option_call(&option_verbless, "--db d"), 3);
    ck_assert_str_eq(option_seen.home, ".maatstaf");
    uncomment(text);
    ck_assert_ptr_nonnull(strstr(text, "\n[simulate]\n# how long to wait\nwait = 5\n"));
    option_write_config(text);
    ck_assert_int_eq(option_call(&option_verbless, ""), 3);
    ck_assert_str_eq(option_seen.db, "CONNINFO"); /* each line was taken */
    ck_assert_int_eq(option_call(&option_verbs, "--sample-config"), 0);
    ck_assert_ptr_nonnull(strstr(option_caught.out, "\n[db.load areas]\n"));
    ck_assert_ptr_nonnull(strstr(option_caught.out, "\n#dry-run = no\n"));
}
END_TEST

START_TEST(exit_statuses_follow_the_error)
{
    static const struct {
        enum err_code code;
        int status;
    } cases[] = {{ERR_USAGE, 2},    {ERR_VERIFY, 4}, {ERR_RETRY, 75},   {ERR_INPUT, 1},
                 {ERR_CONFLICT, 1}, {ERR_CONFIG, 1}, {ERR_INTERNAL, 1}, {ERR_NONE, 1}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct err e = {.code = cases[i].code, .text = "text"};

        capture_start(&option_caught);
        const int status = program_fail(&option_verbs, &e);
        capture_end(&option_caught);
        ck_assert_int_eq(status, cases[i].status);
        ck_assert_str_eq(option_caught.err, "maatstaf-db: text\n");
    }
}
END_TEST

START_TEST(output_that_cannot_be_written_is_a_failure)
{
    char *const argv[] = {(char[]){"program"}, (char[]){"--help"}, NULL};
    const int full = open("/dev/full", O_WRONLY);
    int status;

    capture_start(&option_caught);
    ck_assert_int_ge(dup2(full, STDOUT_FILENO), 0);
    status = program_main(&option_verbs, 2, argv);
    clearerr(stdout);
    close(full);
    capture_end(&option_caught);
    ck_assert_int_eq(status, 1);
    ck_assert_ptr_nonnull(strstr(option_caught.err, "standard output could not be written"));
}
END_TEST

Suite *
option_text_suite(void)
{
    Suite *const s = suite_create("option_text");
    TCase *const t = tcase_create("option_text");

    tcase_add_checked_fixture(t, option_setup, option_teardown);
    tcase_add_test(t, help_of_the_program_lists_the_verbs);
    tcase_add_test(t, help_of_a_verb_lists_its_options);
    tcase_add_test(t, help_and_version_need_no_right_configuration);
    tcase_add_test(t, the_manual_page_has_every_section_verb_and_option);
    tcase_add_test(t, the_sample_configuration_is_a_configuration);
    tcase_add_test(t, exit_statuses_follow_the_error);
    tcase_add_test(t, output_that_cannot_be_written_is_a_failure);
    suite_add_tcase(s, t);
    return s;
}
