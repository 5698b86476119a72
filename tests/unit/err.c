/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The error value: filling, context, cutting of long texts, and the mapping to exit statuses.
 */
#include "common/err.h"

#include <check.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>

Suite *err_suite(void);

START_TEST(setting_clears_the_hint_and_returns_false)
{
    struct err e = {.hint = "old"};

    ck_assert(!err_set(&e, ERR_INPUT, "field %s of line %d", "unit", 7));
    ck_assert_int_eq(e.code, ERR_INPUT);
    ck_assert_str_eq(e.text, "field unit of line 7");
    ck_assert_str_eq(e.hint, "");
    ck_assert(!err_hint(&e, "use %d digits", 4));
    ck_assert_str_eq(e.hint, "use 4 digits");
}
END_TEST

START_TEST(context_goes_before_the_text_and_keeps_code_and_hint)
{
    struct err e;

    err_set(&e, ERR_RETRY, "no answer");
    err_hint(&e, "wait");
    ck_assert(!err_context(&e, "page %d", 3));
    ck_assert(!err_context(&e, "pull"));
    ck_assert_str_eq(e.text, "pull: page 3: no answer");
    ck_assert_int_eq(e.code, ERR_RETRY);
    ck_assert_str_eq(e.hint, "wait");
}
END_TEST

START_TEST(the_old_text_may_be_an_argument_of_the_new)
{
    struct err e;

    err_set(&e, ERR_INPUT, "first");
    err_set(&e, ERR_CONFLICT, "second after %s", e.text);
    ck_assert_str_eq(e.text, "second after first");
}
END_TEST

/* Every cut position within a repeated 1- to 4-byte character. */
START_TEST(a_long_text_is_cut_between_characters)
{
    static const char *const characters[] = {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"};

    for (size_t k = 0; k < 4; k++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char text[1024] = "";
            struct err e;

            memset(text, 'a', shift);
            while (strlen(text) < 600)
                memcpy(text + strlen(text), characters[k], k + 2);
            err_set(&e, ERR_INPUT, "%s", text);

            const size_t length = strlen(e.text);

            ck_assert_uint_ge(length, sizeof e.text - 4);
            ck_assert_uint_lt(length, sizeof e.text);
            ck_assert_uint_eq((length - shift) % (k + 1), 0);
            ck_assert(memcmp(text, e.text, length) == 0);
            err_context(&e, "context");
            ck_assert_uint_lt(strlen(e.text), sizeof e.text);
            ck_assert_uint_eq((strlen(e.text) - strlen("context: ") - shift) % (k + 1), 0);
        }
    }
}
END_TEST

START_TEST(each_code_has_its_exit_status_and_name)
{
    static const struct {
        enum err_code code;
        int status;
        const char *name;
    } cases[] = {
        {ERR_NONE, 0, "none"},
        {ERR_INPUT, 1, "input"},
        {ERR_CONFLICT, 1, "conflict"},
        {ERR_RETRY, 75, "retry"},
        {ERR_CONFIG, 1, "config"},
        {ERR_USAGE, 2, "usage"},
        {ERR_VERIFY, 4, "verify"},
        {ERR_INTERNAL, 1, "internal"},
        {(enum err_code)99, 1, "internal"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(err_exit_status(cases[i].code), cases[i].status);
        ck_assert_str_eq(err_code_name(cases[i].code), cases[i].name);
    }
}
END_TEST

START_TEST(a_fatal_fault_aborts)
{
    err_fatal("planted");
}
END_TEST

Suite *
err_suite(void)
{
    Suite *const s = suite_create("err");
    TCase *const t = tcase_create("err");

    tcase_add_test(t, setting_clears_the_hint_and_returns_false);
    tcase_add_test(t, context_goes_before_the_text_and_keeps_code_and_hint);
    tcase_add_test(t, the_old_text_may_be_an_argument_of_the_new);
    tcase_add_test(t, a_long_text_is_cut_between_characters);
    tcase_add_test(t, each_code_has_its_exit_status_and_name);
    tcase_add_test_raise_signal(t, a_fatal_fault_aborts, SIGABRT);
    suite_add_tcase(s, t);
    return s;
}
