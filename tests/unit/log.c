/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Log lines: what they look like, what they keep quiet, and that no text can fake a line or steer
 * a terminal. Progress is drawn into a file by saying that it is a terminal.
 */
#include "common/log.h"

#include "tests/lib/capture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *log_suite(void);

static struct capture caught;

static void
setup(void)
{
    setenv("MAATSTAF_NOW", "2026-11-20T21:40:00+01:00", 1);
    log_set_level(LOG_WARNING);
}

START_TEST(a_line_has_time_level_and_message)
{
    capture_start(&caught);
    log_write(LOG_ERROR, "batch refused batch=%d", 7);
    capture_end(&caught);
    ck_assert_str_eq(caught.err, "2026-11-20T20:40:00Z error batch refused batch=7\n");
    ck_assert_str_eq(caught.out, "");
}
END_TEST

START_TEST(only_levels_up_to_the_threshold_are_written)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};

    for (int threshold = 0; threshold < 4; threshold++) {
        log_set_level((enum log_level)threshold);
        capture_start(&caught);
        for (int level = 0; level < 4; level++)
            log_write((enum log_level)level, "m");
        capture_end(&caught);
        for (int level = 0; level < 4; level++)
            ck_assert_int_eq(strstr(caught.err, names[level]) != NULL, level <= threshold);
    }
}
END_TEST

START_TEST(level_names_are_read_strictly)
{
    enum log_level level = LOG_ERROR;

    ck_assert(log_level_parse("debug", &level));
    ck_assert_int_eq(level, LOG_DEBUG);
    ck_assert(!log_level_parse("Debug", &level));
    ck_assert(!log_level_parse("", &level));
    ck_assert_int_eq(level, LOG_DEBUG);
}
END_TEST

static const struct {
    const char *text, *shown;
} escapes[] = {
    {"a\nb", "a\\nb"},
    {"a\r\tb", "a\\r\\tb"},
    {"back\\slash", "back\\\\slash"},
    {"\033[2J\x7f", "\\x1b[2J\\x7f"},
    {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x9a\xb2", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x9a\xb2"},
    {"\xc2\x9b"
     "2J",
     "\\xc2\\x9b2J"},                        /* C1 control sequence introducer */
    {"x\xe2\x80\xaey", "x\\xe2\\x80\\xaey"}, /* right-to-left override */
    {"x\xe2\x80\xa8\xe2\x80\xa9y", "x\\xe2\\x80\\xa8\\xe2\\x80\\xa9y"}, /* line separators */
    {"\xc0\x8a", "\\xc0\\x8a"},                                         /* overlong newline */
    {"end\xe2\x82", "end\\xe2\\x82"},
};

START_TEST(no_text_fakes_a_line_or_steers_a_terminal)
{
    char expected[128];

    capture_start(&caught);
    log_write(LOG_ERROR, "%s", escapes[_i].text);
    capture_end(&caught);
    snprintf(expected, sizeof expected, "2026-11-20T20:40:00Z error %s\n", escapes[_i].shown);
    ck_assert_str_eq(caught.err, expected);
}
END_TEST

START_TEST(a_long_message_is_cut_between_characters)
{
    char text[6001];
    size_t length;

    for (size_t i = 0; i + 1 < sizeof text; i += 2) /* so that the cut falls inside a character */
        memcpy(text + i, "\xc3\xa9", 2);
    text[sizeof text - 1] = '\0';
    capture_start(&caught);
    log_write(LOG_ERROR, "%s", text);
    capture_end(&caught);
    length = strlen(caught.err);
    ck_assert_uint_gt(length, 2000);
    ck_assert_uint_lt(length, 2200);
    ck_assert_ptr_null(strchr(caught.err, '\\'));
    ck_assert_ptr_eq(strchr(caught.err, '\n'), caught.err + length - 1);
}
END_TEST

START_TEST(an_error_is_printed_with_its_remedy)
{
    struct err e;

    err_set(&e, ERR_INPUT, "line 3 has no \"place\"\nfaked");
    capture_start(&caught);
    log_err("maatstaf-db", &e);
    capture_end(&caught);
    ck_assert_str_eq(caught.err, "maatstaf-db: line 3 has no \"place\"\\nfaked\n");

    err_hint(&e, "add it");
    capture_start(&caught);
    log_err("maatstaf-db", &e);
    capture_end(&caught);
    ck_assert_str_eq(caught.err, "maatstaf-db: line 3 has no \"place\"\\nfaked\nhint: add it\n");
}
END_TEST

START_TEST(progress_is_silent_without_a_terminal)
{
    struct progress p;

    capture_start(&caught);
    progress_start(&p, "import", 10);
    progress_update(&p, 5, NULL);
    progress_end(&p);
    capture_end(&caught);
    ck_assert_str_eq(caught.err, "");
}
END_TEST

START_TEST(progress_shows_share_rate_and_time_left)
{
    struct progress p;

    capture_start(&caught);
    progress_start(&p, "import", 4000000);
    p.terminal = true;
    p.started -= 100.0; /* a million in a hundred seconds: three hundred to go */
    progress_update(&p, 1000000, "stops\n.csv");
    progress_end(&p);
    capture_end(&caught);
    ck_assert_ptr_nonnull(strstr(caught.err, "import  25%  1,000,000  "));
    ck_assert_msg(strstr(caught.err, "  10,000/s") || strstr(caught.err, "  9,999/s"), "%s",
                  caught.err);
    ck_assert_ptr_nonnull(strstr(caught.err, "  5:00 left"));
    ck_assert_ptr_nonnull(strstr(caught.err, "  stops\\n.csv"));
    ck_assert_ptr_null(strchr(caught.err, '\n'));
    ck_assert_ptr_nonnull(strstr(caught.err, "\033[?7h\r\033[K")); /* wiped at the end */
}
END_TEST

START_TEST(progress_of_bytes_is_in_megabytes)
{
    struct progress p;

    capture_start(&caught);
    progress_start(&p, "a.csv", 40000000);
    p.terminal = p.bytes = true;
    p.started -= 10.0;
    progress_update(&p, 10000000, "7 records/s");
    progress_end(&p);
    capture_end(&caught);
    ck_assert_msg(strstr(caught.err, "a.csv  25%  10.0 MB  1.0 MB/s  0:30 left  7 records/s"), "%s",
                  caught.err);
}
END_TEST

START_TEST(progress_of_unknown_or_passed_total_promises_nothing)
{
    static const uint64_t totals[] = {0, 5};
    struct progress p;

    capture_start(&caught);
    progress_start(&p, "read", totals[_i]);
    p.terminal = true;
    p.started -= 10.0;
    progress_update(&p, 7000, NULL);
    capture_end(&caught);
    ck_assert_ptr_nonnull(strstr(caught.err, "read  7,000  "));
    ck_assert_ptr_null(strchr(caught.err, '%'));
    ck_assert_ptr_null(strstr(caught.err, "left"));
}
END_TEST

START_TEST(progress_draws_at_most_ten_times_a_second)
{
    struct progress p;
    int drawn = 0;

    capture_start(&caught);
    progress_start(&p, "read", 0);
    p.terminal = true;
    for (uint64_t i = 0; i < 10000; i++)
        progress_update(&p, i, NULL);
    capture_end(&caught);
    for (const char *at = caught.err; (at = strstr(at, "read")); at++)
        drawn++;
    ck_assert_int_ge(drawn, 1);
    ck_assert_int_le(drawn, 3);
}
END_TEST

Suite *
log_suite(void)
{
    Suite *const s = suite_create("log");
    TCase *const t = tcase_create("log");

    tcase_add_checked_fixture(t, setup, NULL);
    tcase_add_test(t, a_line_has_time_level_and_message);
    tcase_add_test(t, only_levels_up_to_the_threshold_are_written);
    tcase_add_test(t, level_names_are_read_strictly);
    tcase_add_loop_test(t, no_text_fakes_a_line_or_steers_a_terminal, 0,
                        sizeof escapes / sizeof *escapes);
    tcase_add_test(t, a_long_message_is_cut_between_characters);
    tcase_add_test(t, an_error_is_printed_with_its_remedy);
    tcase_add_test(t, progress_is_silent_without_a_terminal);
    tcase_add_test(t, progress_shows_share_rate_and_time_left);
    tcase_add_test(t, progress_of_bytes_is_in_megabytes);
    tcase_add_loop_test(t, progress_of_unknown_or_passed_total_promises_nothing, 0, 2);
    tcase_add_test(t, progress_draws_at_most_ten_times_a_second);
    suite_add_tcase(s, t);
    return s;
}
