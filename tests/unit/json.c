/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * JSON: what is refused and in which words, canonical bytes, numbers that read back, and that
 * writing and parsing come back to the same value.
 */
#include "common/json.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

Suite *json_suite(void);

static const char *
written(const json_t *value, enum json_style style)
{
    struct strbuf *const b = strbuf_new(a, 1 << 24);

    json_write(b, value, style);
    ck_assert(!b->overflow);
    return b->data;
}

static json_t *
parsed(const char *text)
{
    struct err e = {0};
    json_t *const tree = json_parse(a, span_of(text), 0, &e);

    ck_assert_msg(tree != NULL, "%s", e.text);
    return tree;
}

START_TEST(wrong_texts_are_refused_without_quoting_them)
{
    static const struct {
        struct span text;
        const char *why;
    } cases[] = {
        {TEXT(""), "ends too early"},
        {TEXT("{\"secret\":1"), "ends too early"},
        {TEXT("{\"secret\":1}x"), "more text after the end"},
        {TEXT("{\"secret\":1}{}"), "more text after the end"},
        {TEXT("{\"secret\":1,\"secret\":2}"), "stands twice"},
        {TEXT("{\"a\":\"secret\\u0000\"}"), "NUL"},
        {TEXT("{\"secret\\u0000\":1}"), "NUL"},
        {TEXT("{\"a\":secret}"), "not well-formed"},
        {TEXT("{\"a\":1,}"), "not well-formed"},
        {TEXT("{\"a\":\"\xC0\xAF\"}"), "UTF-8"},
        {TEXT("{\"a\":\"\xED\xA0\x80\"}"), "UTF-8"},
        {TEXT("{\"a\":99999999999999999999}"), "too large"},
        {TEXT("{\"a\":1e999}"), "too large"},
        {TEXT("{\"a\":NaN}"), "not well-formed"},
        {TEXT("{\"a\":01}"), "not well-formed"},
        {TEXT("{'a':1}"), "not well-formed"},
        {TEXT("{\"a\":1}\0"), ""},
        {TEXT("{\"a\":\0}"), ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err e = {0};

        ck_assert_msg(!json_parse(a, cases[i].text, 0, &e), "case %zu", i);
        ck_assert_int_eq(e.code, ERR_INPUT);
        ck_assert_msg(strstr(e.text, cases[i].why) != NULL, "case %zu: %s", i, e.text);
        ck_assert_ptr_null(strstr(e.text, "secret"));
    }
}
END_TEST

static struct span
nested(unsigned depth, bool closed)
{
    char *const text = arena_alloc(a, 2 * (size_t)depth + 1);

    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return (struct span){text, closed ? 2 * (size_t)depth : depth};
}

START_TEST(nesting_is_limited_exactly)
{
    struct err e = {0};

    ck_assert_ptr_nonnull(json_parse(a, nested(8, true), 0, &e));
    ck_assert_ptr_null(json_parse(a, nested(9, true), 0, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "deeper than 8"));
    ck_assert_ptr_nonnull(json_parse(a, nested(3, true), 3, &e));
    ck_assert_ptr_null(json_parse(a, nested(4, true), 3, &e));
    ck_assert_ptr_nonnull(json_parse(a, SPAN_LITERAL("[\"[[[\\\"[[[\",\"{{{\\\\\"]"), 1, &e));
    ck_assert_ptr_nonnull(json_parse(a, SPAN_LITERAL("[[],[],[],[],[]]"), 2, &e));
    ck_assert_ptr_null(json_parse(a, nested(1 << 20, false), 0, &e));
}
END_TEST

START_TEST(writing_is_canonical)
{
    static const char *const cases[][2] = {
        {"{ \"b\" : 1 , \"a\" : [ ] , \"B\" : { } }", "{\"B\":{},\"a\":[],\"b\":1}"},
        {"{\"\xC3\xA9\":1,\"z\":2,\"a\\u0001\":3}", "{\"a\\u0001\":3,\"z\":2,\"\xC3\xA9\":1}"},
        {"[\"\\u00e9\\/\\\"\\\\\\b\\f\\n\\r\\t\\u001F\\u007f\"]",
         "[\"\xC3\xA9/\\\"\\\\\\b\\f\\n\\r\\t\\u001f\x7F\"]"},
        {"[1.0,100,-0.0,0.1,1e3,1E-7,1e300,true,false,null,-5]",
         "[1,100,0,0.1,1000,1e-7,1e+300,true,false,null,-5]"},
        {"[9223372036854775807,-9223372036854775808]",
         "[9223372036854775807,-9223372036854775808]"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const once = written(parsed(cases[i][0]), JSON_CANONICAL);

        ck_assert_str_eq(once, cases[i][1]);
        ck_assert_str_eq(written(parsed(once), JSON_CANONICAL), once);
    }
}
END_TEST

START_TEST(the_other_styles_differ_in_space_and_digits_only)
{
    const json_t *const v = parsed("{\"b\":[0.1,2],\"a\":{},\"c\":[]}");

    ck_assert_str_eq(written(v, JSON_PRETTY),
                     "{\n  \"a\": {},\n  \"b\": [\n    0.1,\n    2\n  ],\n  \"c\": []\n}");
    ck_assert_str_eq(written(v, JSON_SEVENTEEN),
                     "{\"a\":{},\"b\":[0.10000000000000001,2],\"c\":[]}");
}
END_TEST

/* A jansson real cannot be infinite, so only NULL can stand for what is undefined. */
START_TEST(what_is_undefined_is_null)
{
    char text[32];
    const double undefined[] = {NAN, INFINITY, -INFINITY};

    for (size_t i = 0; i < 3; i++) {
        ck_assert(json_is_null(json_own(a, json_number_or_null(undefined[i]))));
        json_real_text(undefined[i], text);
        ck_assert_str_eq(text, "null");
    }
    ck_assert_double_eq(json_real_value(json_own(a, json_number_or_null(0.5))), 0.5);
}
END_TEST

START_TEST(reals_have_their_shortest_text)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {1, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {1e15, "1000000000000000"},
        {123e15, "123000000000000000"},
        {1e18, "1e+18"},
        {1.5e300, "1.5e+300"},
        {0.000001, "0.000001"},
        {1e-7, "1e-7"},
        {DBL_MAX, "1.7976931348623157e+308"},
        {0x1p-1074, "5e-324"},
        {DBL_MIN, "2.2250738585072014e-308"},
        {1.0 / 3, "0.3333333333333333"},
        {0x1p-44, "5.684341886080802e-14"}, /* the nearest 16 digits end in 1 and miss */
        {9007199254740993.0, "9007199254740992"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[32];

        json_real_text(cases[i].value, text);
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

static uint64_t state;

static uint64_t
draw(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Any bits, powers of two and their neighbours; no text with one digit less may read back. */
START_TEST(reals_read_back_and_nothing_shorter_does)
{
    state = 20261122;
    for (int i = 0; i < 60000; i++) {
        uint64_t bits = draw();
        double v = 0, back = 0;
        char text[32], shorter[40];

        if (i % 3 == 0)
            bits = (bits & UINT64_C(0x7FF0000000000000)) + (uint64_t)(i % 5) - 2;
        memcpy(&v, &bits, sizeof v);
        if (!isfinite(v) || v == 0)
            continue;
        json_real_text(v, text);
        ck_assert_uint_lt(strlen(text), 26);
        ck_assert(span_real(span_of(text), &back));
        ck_assert_msg(back == v, "%s for %a", text, v);

        int digits = 0;
        bool leading = true;

        for (const char *p = text; *p != '\0' && *p != 'e'; p++) {
            leading = leading && (*p < '1' || *p > '9');
            digits += !leading && *p >= '0' && *p <= '9';
        }
        if (digits < 2 || strchr(text, 'e') == NULL)
            continue;
        (void)snprintf(shorter, sizeof shorter, "%.*e", digits - 2, v);
        ck_assert_msg(strtod(shorter, NULL) != v, "%s is longer than %s", text, shorter);
    }
}
END_TEST

/* Digits of a number's text without point, exponent and zeros around them. */
static void
significant(const char *text, char out[40])
{
    size_t n = 0;

    for (; *text != '\0' && *text != 'e'; text++)
        if ((*text >= '1' && *text <= '9') || (*text == '0' && n > 0))
            out[n++] = *text;
    while (n > 0 && out[n - 1] == '0')
        n--;
    out[n] = '\0';
}

static double
everyday(int kind)
{
    const double part = (double)(draw() >> 11) * 0x1p-53;
    double v = pow(10, (int)(draw() % 34) - 18);

    switch (kind) {
    case 0: /* next to a power of ten */
        for (uint64_t steps = draw() % 4; steps > 0; steps--)
            v = nextafter(v, draw() % 2 ? 0 : INFINITY);
        return v;
    case 1:
        return part * v;
    case 2:
        return (double)(draw() % 1000000) / (double)(1 + draw() % 1000000);
    case 3:
        return (double)(draw() % 20000000) / 1000;
    default:
        return (double)(draw() % (UINT64_C(1) << 55));
    }
}

/* The sizes that figures have, against what the C library writes and reads. */
START_TEST(everyday_reals_have_the_nearest_of_the_fewest_digits)
{
    state = 20261123;
    for (int i = 0; i < 100000; i++) {
        const double v = everyday(i % 5);
        char text[32], libc[40], ours[40], theirs[40];

        json_real_text(v, text);
        for (int digits = 15; digits <= 17; digits++) {
            (void)snprintf(libc, sizeof libc, "%.*e", digits - 1, v);
            if (strtod(libc, NULL) == v)
                break;
        }
        significant(text, ours);
        significant(libc, theirs);
        ck_assert_msg(text[0] != '0' || text[1] == '.' || text[1] == '\0', "%s", text);
        ck_assert_msg(strtod(text, NULL) == v && strcmp(ours, theirs) == 0, "%a: %s, not %s", v,
                      text, libc);
    }
}
END_TEST

/* ---- round trip ------------------------------------------------------------------------------ */

static json_t *
random_value(unsigned depth)
{
    static const char *const texts[] = {"",     "a", "\"\\\n",   "\xC3\xA9", "\xF0\x9F\x98\x80",
                                        "\x01", "/", "</script>"};
    const uint64_t kind = draw() % (depth > 0 ? 7 : 5);
    json_t *const group = kind == 5 ? json_array() : json_object();

    for (uint64_t n = draw() % 5; kind >= 5 && n > 0; n--) {
        json_t *const item = random_value(depth - 1);

        ck_assert_int_eq(kind == 5 ? json_array_append_new(group, item)
                                   : json_object_set_new(group, texts[draw() % 8], item),
                         0);
    }
    if (kind >= 5)
        return group;
    json_decref(group);
    switch (kind) {
    case 0:
        return json_integer((json_int_t)draw());
    case 1:
        return json_real((double)(int64_t)draw() * 0x1p-70); /* never whole: stays a real */
    case 2:
        return json_string(texts[draw() % 8]);
    case 3:
        return json_boolean(draw() % 2);
    default:
        return json_null();
    }
}

START_TEST(random_values_come_back_equal_and_with_equal_bytes)
{
    state = (uint64_t)_i + 1;
    for (int i = 0; i < 300; i++) {
        json_t *const v = json_own(a, json_array());

        json_array_append_new(v, random_value(5));

        const char *const once = written(v, JSON_CANONICAL);
        const json_t *const back = parsed(once);

        ck_assert_msg(json_equal(v, back), "%s", once);
        ck_assert_str_eq(written(back, JSON_CANONICAL), once);
        ck_assert_str_eq(written(parsed(written(v, JSON_PRETTY)), JSON_CANONICAL), once);
        ck_assert(json_equal(parsed(written(v, JSON_SEVENTEEN)), v));
    }
}
END_TEST

/* ---- files ----------------------------------------------------------------------------------- */

static const char *
file_with(struct span text)
{
    char *const path = arena_strdup(a, "/tmp/maatstaf-json-XXXXXX");
    const int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text.data, text.length), (ssize_t)text.length);
    ck_assert_int_eq(close(fd), 0);
    return path;
}

START_TEST(files_are_read_whole_and_named_when_wrong)
{
    struct err e = {0};
    const char *path = file_with(nested(100, true));

    ck_assert_ptr_nonnull(json_parse_file(a, path, &e));
    (void)unlink(path);
    ck_assert_ptr_null(json_parse_file(a, path, &e));
    ck_assert_ptr_nonnull(strstr(e.text, path));
    path = file_with(SPAN_LITERAL("{\"a\":}"));
    ck_assert_ptr_null(json_parse_file(a, path, &e));
    ck_assert_ptr_nonnull(strstr(e.text, path));
    (void)unlink(path);
    ck_assert_ptr_null(json_parse_file(a, "/tmp", &e));

    char *const big = arena_alloc(a, (16 << 20) + 1);

    memset(big, ' ', (16 << 20) + 1);
    big[0] = '[';
    big[1] = ']';
    path = file_with((struct span){big, 16 << 20});
    ck_assert_ptr_nonnull(json_parse_file(a, path, &e));
    (void)unlink(path);
    path = file_with((struct span){big, (16 << 20) + 1});
    ck_assert_ptr_null(json_parse_file(a, path, &e));
    ck_assert_ptr_nonnull(strstr(e.text, "longer"));
    (void)unlink(path);
}
END_TEST

Suite *
json_suite(void)
{
    Suite *const s = suite_create("json");
    TCase *const t = tcase_create("json");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, wrong_texts_are_refused_without_quoting_them);
    tcase_add_test(t, nesting_is_limited_exactly);
    tcase_add_test(t, writing_is_canonical);
    tcase_add_test(t, the_other_styles_differ_in_space_and_digits_only);
    tcase_add_test(t, what_is_undefined_is_null);
    tcase_add_test(t, reals_have_their_shortest_text);
    tcase_add_test(t, reals_read_back_and_nothing_shorter_does);
    tcase_add_test(t, everyday_reals_have_the_nearest_of_the_fewest_digits);
    tcase_add_loop_test(t, random_values_come_back_equal_and_with_equal_bytes, 0, 10);
    tcase_add_test(t, files_are_read_whole_and_named_when_wrong);
    suite_add_tcase(s, t);
    return s;
}
