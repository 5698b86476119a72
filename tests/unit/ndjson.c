/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Line framing: line ends, blank lines, the exact limit, long lines skipped without keeping them,
 * the same lines in every step size.
 */
#include "common/ndjson.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <string.h>

Suite *ndjson_suite(void);

/* Everything that comes out: `1|text` a line (`.` at its end when no LF ended it),
 * `1!` a long one. */
static const char *
outcome_of(struct span bytes, size_t step, size_t limit)
{
    struct ndjson *const n = ndjson_new(a, reader_memory(a, bytes, step), limit);
    struct strbuf *const out = strbuf_new(a, 1 << 20);
    struct ndjson_line line;
    struct err e;
    enum ndjson_status status = ndjson_next(n, &line, &e);

    for (; status == NDJSON_LINE || status == NDJSON_LONG; status = ndjson_next(n, &line, &e)) {
        strbuf_printf(out, "%ju%s", (uintmax_t)line.number, status == NDJSON_LINE ? "|" : "!");
        strbuf_add(out, line.text.data, line.text.length);
        strbuf_add_text(out, line.terminated ? "\n" : ".\n");
    }
    ck_assert_int_eq(status, NDJSON_END);
    strbuf_printf(out, "%ju blank", (uintmax_t)ndjson_blank_lines(n));
    return out->data;
}

static const struct {
    struct span in;
    const char *out;
} files[] = {
    {TEXT(""), "0 blank"},
    {TEXT("{}"), "1|{}.\n0 blank"},
    {TEXT("{}\n[]\n"), "1|{}\n2|[]\n0 blank"},
    {TEXT("{}\r\n[]\r\n"), "1|{}\n2|[]\n0 blank"},
    {TEXT("\n \t\r\n{}\n\n\n[]\n\n"), "3|{}\n6|[]\n5 blank"},
    {TEXT("a\rb\n"), "1|a\rb\n0 blank"},
    {TEXT("a\xE2\x80\xA8 b\n"), "1|a\xE2\x80\xA8 b\n0 blank"}, /* U+2028 is text */
    {TEXT("12345678\n123456789\nx\n"), "1|12345678\n2!\n3|x\n0 blank"},
    {TEXT("12345678\r\n123456789\r\nx"), "1|12345678\n2!\n3|x.\n0 blank"},
    {TEXT("123456789012345678901234567890"), "1!.\n0 blank"},
    {TEXT("123456789"), "1!.\n0 blank"},
    {TEXT("12345678"), "1|12345678.\n0 blank"},
    {TEXT("\xEF\xBB\xBF"
          "12345678\n\xEF\xBB\xBFx"),
     "1|12345678\n2|\xEF\xBB\xBFx.\n0 blank"},
    {TEXT("\xEF\xBB\xBF"), "0 blank"},
    {TEXT("\xEF\xBB\xBF\n{}"), "2|{}.\n1 blank"},
};

START_TEST(lines_come_out_as_the_table_says_in_every_step)
{
    for (size_t step = 0; step <= 7; step++)
        ck_assert_str_eq(outcome_of(files[_i].in, step, 8), files[_i].out);
}
END_TEST

START_TEST(the_default_limit_is_16384_bytes)
{
    char *const text = arena_alloc(a, 40000);

    memset(text, 'x', 40000);
    text[16384] = text[16384 + 1 + 16385] = '\n';

    struct ndjson *const n =
        ndjson_new(a, reader_memory(a, (struct span){text, 16384 + 1 + 16385 + 2}, 0), 0);
    struct ndjson_line line;
    struct err e;

    ck_assert_int_eq(ndjson_next(n, &line, &e), NDJSON_LINE);
    ck_assert_uint_eq(line.text.length, 16384);
    ck_assert_int_eq(ndjson_next(n, &line, &e), NDJSON_LONG);
    ck_assert_int_eq(ndjson_next(n, &line, &e), NDJSON_LINE);
    ck_assert_uint_eq(line.number, 3);
}
END_TEST

/* 100 MiB without a newline, then fails or ends. */
struct flood {
    size_t left;
    bool fail;
};

static bool
read_flood(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    struct flood *const f = context;

    *got = f->left < capacity ? f->left : capacity;
    if (*got == 0 && f->fail)
        return err_set(e, ERR_RETRY, "disk fault");
    memset(buffer, 'x', *got);
    f->left -= *got;
    return true;
}

START_TEST(a_long_line_costs_no_memory)
{
    struct flood flood = {100 << 20, false};
    struct ndjson *const n = ndjson_new(a, (struct reader){read_flood, &flood}, 0);
    const size_t before = arena_bytes(a);
    struct ndjson_line line;
    struct err e;

    ck_assert_int_eq(ndjson_next(n, &line, &e), NDJSON_LONG);
    ck_assert(!line.terminated);
    ck_assert_int_eq(ndjson_next(n, &line, &e), NDJSON_END);
    ck_assert_uint_eq(flood.left, 0);
    ck_assert_uint_eq(arena_bytes(a), before);
}
END_TEST

START_TEST(a_read_error_is_fatal_and_names_the_line)
{
    struct flood flood = {1 << 20, true};
    struct ndjson *const n = ndjson_new(a, (struct reader){read_flood, &flood}, 0);
    struct ndjson_line line;
    struct err e;

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(ndjson_next(n, &line, &e), NDJSON_FATAL);
        ck_assert_int_eq(e.code, ERR_RETRY);
        ck_assert_str_eq(e.text, "line 1: disk fault");
    }
}
END_TEST

/* Random texts without LF, joined by LF, come back one by one. */
START_TEST(random_lines_are_read_back_in_every_step)
{
    static const char bytes[] = "{}[]\",: \t\r\0x\xC3\xA9";
    struct strbuf *const b = strbuf_new(a, 1 << 20);
    struct span lines[200];
    uint64_t state = (uint64_t)_i * 2 + 1;

    for (size_t i = 0; i < 200; i++) {
        char *const text = arena_alloc(a, 40);

        text[0] = text[39] = '|'; /* neither blank nor ending in CR */
        for (size_t k = 1; k < 39; k++) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            text[k] = bytes[(state >> 33) % (sizeof bytes - 1)];
        }
        lines[i] = (struct span){text + i % 39, 40 - i % 39};
        strbuf_add(b, lines[i].data, lines[i].length);
        strbuf_add_text(b, i % 3 ? "\n" : "\r\n");
    }
    for (size_t step = 0; step <= 7; step++) {
        const struct span in = {b->data, b->length};
        struct ndjson *const n = ndjson_new(a, reader_memory(a, in, step), 40);
        struct ndjson_line line;
        struct err e;

        for (size_t i = 0; i < 200; i++) {
            ck_assert_int_eq(ndjson_next(n, &line, &e), NDJSON_LINE);
            ck_assert_uint_eq(line.number, i + 1);
            ck_assert(span_equal(line.text, lines[i]));
        }
        ck_assert_int_eq(ndjson_next(n, &line, &e), NDJSON_END);
    }
}
END_TEST

Suite *
ndjson_suite(void)
{
    Suite *const s = suite_create("ndjson");
    TCase *const t = tcase_create("ndjson");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, lines_come_out_as_the_table_says_in_every_step, 0,
                        (int)(sizeof files / sizeof files[0]));
    tcase_add_test(t, the_default_limit_is_16384_bytes);
    tcase_add_test(t, a_long_line_costs_no_memory);
    tcase_add_test(t, a_read_error_is_fatal_and_names_the_line);
    tcase_add_loop_test(t, random_lines_are_read_back_in_every_step, 0, 20);
    suite_add_tcase(s, t);
    return s;
}
