/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Spans, strict numbers, and the capped buffer.
 */
#include "common/rng.h"
#include "common/str.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <string.h>

Suite *str_suite(void);

START_TEST(spans_compare_by_bytes_and_length)
{
    ck_assert(span_equal(SPAN_LITERAL("a\0b"), (struct span){"a\0b", 3}));
    ck_assert(!span_equal(SPAN_LITERAL("a\0b"), SPAN_LITERAL("a\0c")));
    ck_assert(!span_equal(SPAN_LITERAL("ab"), SPAN_LITERAL("abc")));
    ck_assert(span_equal(span_of(NULL), span_of("")));
    ck_assert(span_is(SPAN_LITERAL("ab"), "ab"));
    ck_assert(!span_is(SPAN_LITERAL("ab"), "a"));
    ck_assert(!span_is(SPAN_LITERAL("a\0"), "a"));
}
END_TEST

START_TEST(trimming_takes_spaces_and_tabs_only)
{
    ck_assert(span_is(span_trim(SPAN_LITERAL(" \t a b\t ")), "a b"));
    ck_assert(span_is(span_trim(SPAN_LITERAL("\na\r")), "\na\r"));
    ck_assert_uint_eq(span_trim(SPAN_LITERAL(" \t ")).length, 0);
    ck_assert_uint_eq(span_trim(span_of(NULL)).length, 0);
}
END_TEST

START_TEST(integers_have_one_spelling)
{
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"7", true, 7},
        {"-1", true, -1},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"9999999999999999999", false, 0},
        {"10000000000000000000", false, 0},
        {"99999999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"-0", false, 0},
        {"00", false, 0},
        {"01", false, 0},
        {"-01", false, 0},
        {"+1", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x1", false, 0},
        {"1e3", false, 0},
        {"--1", false, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t v = 4711;
        const bool good = span_int64(span_of(cases[i].text), INT64_MIN, INT64_MAX, &v);

        ck_assert_msg(good == cases[i].good, "'%s'", cases[i].text);
        ck_assert_int_eq(v, good ? cases[i].value : 4711);
    }
}
END_TEST

START_TEST(integers_keep_to_their_bounds)
{
    int64_t v = 0;

    ck_assert(span_int64(SPAN_LITERAL("12"), 12, 12, &v));
    ck_assert(!span_int64(SPAN_LITERAL("11"), 12, 12, &v));
    ck_assert(!span_int64(SPAN_LITERAL("13"), 12, 12, &v));
    ck_assert(!span_int64(SPAN_LITERAL("123"), 12, 12, &v));
    ck_assert(span_int64((struct span){"12x", 2}, 0, 99, &v)); /* not past the span */
    ck_assert_int_eq(v, 12);
}
END_TEST

START_TEST(printed_integers_are_read_back)
{
    uint64_t x = 88172645463325252U; /* xorshift64 */

    for (int i = 0; i < 100000; i++) {
        char text[32];
        int64_t v = 0;

        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;

        const int64_t want = (int64_t)x >> (i % 64);

        (void)snprintf(text, sizeof text, "%" PRId64, want);
        ck_assert(span_int64(span_of(text), INT64_MIN, INT64_MAX, &v));
        ck_assert_int_eq(v, want);
    }
}
END_TEST

START_TEST(reals_are_plain_decimals)
{
    static const struct {
        const char *text;
        bool good;
        double value;
    } cases[] = {
        {"0", true, 0},         {"1.5", true, 1.5},  {"-1.5e3", true, -1500}, {"+2", true, 2},
        {".5", true, 0.5},      {"5.", true, 5},     {"1E-2", true, 0.01},    {"007", true, 7},
        {"1e308", true, 1e308}, {"1e-400", true, 0}, {"1e309", false, 0},     {"", false, 0},
        {".", false, 0},        {"-", false, 0},     {"e5", false, 0},        {"1e", false, 0},
        {"1e+", false, 0},      {"nan", false, 0},   {"inf", false, 0},       {"0x10", false, 0},
        {" 1", false, 0},       {"1 ", false, 0},    {"1,5", false, 0},       {"1.5.2", false, 0},
        {"--1", false, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double v = 4711;
        const bool good = span_real(span_of(cases[i].text), &v);

        ck_assert_msg(good == cases[i].good, "'%s'", cases[i].text);
        ck_assert_double_eq(v, good ? cases[i].value : 4711);
    }

    char digits[2000];
    double v = 0;

    memset(digits, '1', sizeof digits);
    ck_assert(!span_real((struct span){digits, sizeof digits}, &v));
}
END_TEST

START_TEST(every_short_decimal_is_the_nearest_double)
{
    struct rng rng = rng_stream(3, 1);

    for (int i = 0; i < 300000; i++) {
        const int digits = 1 + (int)rng_below(&rng, 18);
        const int point = (int)rng_below(&rng, 2 * (uint64_t)digits); /* of that many or none */
        char text[32] = "";
        size_t n = 0;
        double v;

        if (rng_below(&rng, 3) == 0)
            text[n++] = '-';
        for (int d = 0; d < digits; d++) {
            if (d == point)
                text[n++] = '.';
            text[n++] = (char)('0' + rng_below(&rng, 10));
        }

        const double want = strtod(text, NULL);

        ck_assert(span_real(span_of(text), &v));
        ck_assert_msg(v == want && signbit(v) == signbit(want), "%s: %.17g, not %.17g", text, v,
                      want);
    }
}
END_TEST

START_TEST(a_buffer_holds_what_was_added_in_order)
{
    struct strbuf *const b = strbuf_new(a, 1 << 20);
    char want[4000] = "";
    size_t n = 0;

    for (int i = 0; i < 500; i++) {
        n += (size_t)snprintf(want + n, sizeof want - n, "%d,x", i);
        ck_assert(strbuf_printf(b, "%d", i));
        ck_assert(strbuf_add_char(b, ','));
        ck_assert(strbuf_add_text(b, "x"));
        ck_assert_uint_eq(b->length, n);
        ck_assert_str_eq(b->data, want);
    }
    strbuf_clear(b);
    ck_assert_uint_eq(b->length, 0);
    ck_assert_str_eq(b->data, "");
    ck_assert(strbuf_add(b, "a\0b", 3));
    ck_assert(memcmp(b->data, "a\0b", 4) == 0);
}
END_TEST

START_TEST(a_buffer_is_empty_text_before_anything_is_added)
{
    struct strbuf *const b = strbuf_new(a, 10);

    ck_assert_str_eq(b->data, "");
    strbuf_clear(b);
    ck_assert_str_eq(b->data, "");
    ck_assert(strbuf_reserve(b, 5));
    ck_assert_str_eq(b->data, "");
    ck_assert(strbuf_add_text(b, "x"));
    ck_assert_str_eq(b->data, "x");
}
END_TEST

/* For every cap: pieces go in whole until one does not fit, and nothing after that one. */
START_TEST(a_full_buffer_keeps_a_prefix_and_says_so)
{
    for (size_t cap = 0; cap < 40; cap++) {
        struct strbuf *const b = strbuf_new(a, cap);
        const char *const pieces[] = {"abc", "defghij", "k", "lmnopqrstuvw", "", "x"};
        char want[64] = "";
        bool fits = true;

        for (size_t i = 0; i < 6; i++) {
            fits = fits && strlen(want) + strlen(pieces[i]) <= cap;
            if (fits)
                memcpy(want + strlen(want), pieces[i], strlen(pieces[i]) + 1);
            ck_assert_int_eq(
                i % 2 ? strbuf_printf(b, "%s", pieces[i]) : strbuf_add_text(b, pieces[i]), fits);
            ck_assert_int_eq(b->overflow, !fits);
            ck_assert_uint_eq(b->length, strlen(want));
            ck_assert(b->length == 0 || strcmp(b->data, want) == 0);
        }
        ck_assert_int_eq(strbuf_reserve(b, 0), fits);
        strbuf_clear(b);
        ck_assert(!b->overflow);
        ck_assert_int_eq(strbuf_add_char(b, 'z'), cap > 0);
    }
}
END_TEST

START_TEST(reserved_room_can_be_written)
{
    struct strbuf *const b = strbuf_new(a, 1000);

    ck_assert(strbuf_add_text(b, "x"));
    ck_assert(strbuf_reserve(b, 999));
    memset(b->data + b->length, 'y', 999);
    ck_assert(!strbuf_reserve(b, 1000));
    ck_assert(b->overflow);
    strbuf_clear(b);
    ck_assert(!strbuf_reserve(b, SIZE_MAX));
}
END_TEST

START_TEST(integers_are_big_endian)
{
    struct strbuf *const b = strbuf_new(a, 100);

    strbuf_add_be16(b, 0x0102);
    strbuf_add_be32(b, 0xFFFE0304);
    strbuf_add_be64(b, 0x8070605040302010);
    ck_assert_uint_eq(b->length, 14);
    ck_assert(memcmp(b->data, "\x01\x02\xFF\xFE\x03\x04\x80\x70\x60\x50\x40\x30\x20\x10", 14) == 0);
}
END_TEST

Suite *
str_suite(void)
{
    Suite *const s = suite_create("str");
    TCase *const t = tcase_create("str");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, spans_compare_by_bytes_and_length);
    tcase_add_test(t, trimming_takes_spaces_and_tabs_only);
    tcase_add_test(t, integers_have_one_spelling);
    tcase_add_test(t, integers_keep_to_their_bounds);
    tcase_add_test(t, printed_integers_are_read_back);
    tcase_add_test(t, reals_are_plain_decimals);
    tcase_add_test(t, every_short_decimal_is_the_nearest_double);
    tcase_add_test(t, a_buffer_holds_what_was_added_in_order);
    tcase_add_test(t, a_buffer_is_empty_text_before_anything_is_added);
    tcase_add_test(t, a_full_buffer_keeps_a_prefix_and_says_so);
    tcase_add_test(t, reserved_room_can_be_written);
    tcase_add_test(t, integers_are_big_endian);
    suite_add_tcase(s, t);
    return s;
}
