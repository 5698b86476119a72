/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The CSV splitter: a table of files and what comes out of them, read in every step size; limits,
 * read errors; what csv_put writes is read back; spreadsheet formulas are disarmed.
 */
#include "common/csv.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *csv_suite(void);

/*
 * Everything that comes out, as text. A row: `1|a|"b"` is line 1, fields a and b, b quoted; `.` at
 * its end when no newline ended it. `1!text` is a bad row, `1#text` the fatal end.
 */
static const char *
outcome_of(struct span bytes, size_t step, const struct csv_options *options)
{
    struct csv *const c = csv_new(a, reader_memory(a, bytes, step), options);
    struct strbuf *const out = strbuf_new(a, 1 << 20);
    struct csv_row row;
    struct err e;
    enum csv_status status = csv_next(c, &row, &e);

    strbuf_add_text(out, "");
    for (; status == CSV_ROW || status == CSV_BAD; status = csv_next(c, &row, &e)) {
        if (status == CSV_BAD) {
            ck_assert_int_eq(e.code, ERR_INPUT);
            strbuf_printf(out, "%ju!%s\n", (uintmax_t)row.line, e.text);
            continue;
        }
        strbuf_printf(out, "%ju", (uintmax_t)row.line);
        for (size_t i = 0; i < row.count; i++) {
            const char *const quote = row.fields[i].quoted ? "\"" : "";

            strbuf_printf(out, "|%s%.*s%s", quote, (int)row.fields[i].text.length,
                          row.fields[i].text.data, quote);
        }
        strbuf_add_text(out, row.terminated ? "\n" : ".\n");
    }
    if (status == CSV_FATAL) {
        strbuf_printf(out, "%ju#%s\n", (uintmax_t)row.line, e.text);
        ck_assert_int_eq(csv_next(c, &row, &e), CSV_FATAL);
        ck_assert(strstr(out->data, e.text) != NULL);
    } else {
        ck_assert_int_eq(csv_next(c, &row, &e), CSV_END);
    }
    return out->data;
}

#define QUOTE_IN "quote inside a field that does not start with one"
#define TAIL     "text after the closing quote of a field"
#define BARE_CR  "carriage return without a line feed"
#define OTHER    "line end of another kind than the first record has"

static const struct {
    struct span in;
    const char *out;
} files[] = {
    {TEXT(""), ""},
    {TEXT("a"), "1|a.\n"},
    {TEXT("a\n"), "1|a\n"},
    {TEXT("a,b\n1,2\n"), "1|a|b\n2|1|2\n"},
    {TEXT("a,b\r\n1,2\r\n"), "1|a|b\n2|1|2\n"},
    {TEXT("a,b\n1,"), "1|a|b\n2|1|.\n"},
    {TEXT(",\n,,"), "1||\n2|||.\n"},
    {TEXT("\"\"\n\"\""), "1|\"\"\n2|\"\".\n"},
    {TEXT("\"a\"\"b\",\"\"\"\"\n"), "1|\"a\"b\"|\"\"\"\n"},
    {TEXT("\"a,b\",\"c\nd\"\nx\n"), "1|\"a,b\"|\"c\nd\"\n3|x\n"},
    {TEXT("\"a\rb\r\nc\"\nx\n"), "1|\"a\rb\r\nc\"\n3|x\n"},
    {TEXT(" a , b \n"), "1| a | b \n"},
    {TEXT("\\.\nx\n"), "1|\\.\n2|x\n"},
    {TEXT("\xEF\xBB\xBF\"a\"\nb\n"), "1|\"a\"\n2|b\n"},
    {TEXT("\xEF\xBB\xBF"), ""},
    {TEXT("\n\r\na\n\n\nb\n\r\n"), "3|a\n6|b\n"},
    {TEXT("a\nb\"c\nd\n"), "1|a\n2!line 2, column 2: " QUOTE_IN "\n3|d\n"},
    {TEXT("a\nx,\"b\"c\nd\n"), "1|a\n2!line 2, column 6: " TAIL "\n3|d\n"},
    {TEXT("a\n\"b\" ,c\nd\n"), "1|a\n2!line 2, column 4: " TAIL "\n3|d\n"},
    {TEXT("\"a\nb\"c\nd\n"), "1!line 2, column 3: " TAIL "\n3|d\n"},
    {TEXT("a\nb\rc\nd\n"), "1|a\n2!line 2, column 2: " BARE_CR "\n3|d\n"},
    {TEXT("a\nb\r"), "1|a\n2!line 2, column 2: " BARE_CR "\n"},
    {TEXT("a\n\"b\"\rc\nd\n"), "1|a\n2!line 2, column 4: " BARE_CR "\n3|d\n"},
    {TEXT("a\nb\r\nc\n"), "1|a\n2!line 2, column 2: " OTHER "\n3|c\n"},
    {TEXT("a\r\nb\nc\r\n"), "1|a\n2!line 2, column 2: " OTHER "\n3|c\n"},
    {TEXT("a\r\nb"), "1|a\n2|b.\n"},
    {TEXT("a\nb\0c,d\ne\n"), "1|a\n2!line 2, column 2: nul character\n3|e\n"},
    {TEXT("a\n\"b\n\0\nc\",d\ne\n"), "1|a\n2!line 3, column 1: nul character\n5|e\n"},
    {TEXT("a\n\"b\"\0,d\ne\n"), "1|a\n2!line 2, column 4: nul character\n3|e\n"},
    {TEXT("a\n1,\"b\nc\nd"),
     "1|a\n2#line 2, column 3: quoted field is not closed before the end of the file\n"},
    {TEXT("a\n\"b\"\""),
     "1|a\n2#line 2, column 1: quoted field is not closed before the end of the file\n"},
    {TEXT("a\n\"b\nc\",\"d\ne"),
     "1|a\n3#line 3, column 4: quoted field is not closed before the end of the file\n"},
    {TEXT("a,b\rc,d\r"), "1#line 1: lines end in a carriage return alone\n"},
    {TEXT("\"a\"\r\"b\"\r"), "1#line 1: lines end in a carriage return alone\n"},
};

START_TEST(files_split_as_the_table_says_in_every_step)
{
    for (size_t step = 0; step <= 7; step++)
        ck_assert_str_eq(outcome_of(files[_i].in, step, NULL), files[_i].out);
}
END_TEST

START_TEST(fields_know_their_place)
{
    const struct span in = SPAN_LITERAL("\xEF\xBB\xBF"
                                        "ab,c\n\n\"x\ny\",\"z\",w\n");
    struct csv *const c = csv_new(a, reader_memory(a, in, 1), NULL);
    struct csv_row row;
    struct err e;

    ck_assert_int_eq(csv_next(c, &row, &e), CSV_ROW);
    ck_assert_uint_eq(row.fields[0].column, 1);
    ck_assert_uint_eq(row.fields[1].column, 4);
    ck_assert_int_eq(csv_next(c, &row, &e), CSV_ROW);
    ck_assert_uint_eq(csv_empty_lines(c), 1);
    ck_assert_uint_eq(row.line, 3);
    ck_assert_uint_eq(row.fields[0].line, 3);
    ck_assert_uint_eq(row.fields[0].column, 1);
    ck_assert_uint_eq(row.fields[1].line, 4);
    ck_assert_uint_eq(row.fields[1].column, 4);
    ck_assert_uint_eq(row.fields[2].column, 8);
}
END_TEST

START_TEST(another_separator_makes_a_comma_text)
{
    const struct csv_options semicolon = {.separator = ';'};

    ck_assert_str_eq(outcome_of(SPAN_LITERAL("a,b;c\n\"d;e\";f\n"), 1, &semicolon),
                     "1|a,b|c\n2|\"d;e\"|f\n");
}
END_TEST

START_TEST(too_many_fields_make_a_bad_row)
{
    const struct csv_options two = {.fields = 2};

    ck_assert_str_eq(outcome_of(SPAN_LITERAL("a,b\nc,d,e\nf\n"), 1, &two),
                     "1|a|b\n2!line 2, column 5: more fields than allowed\n3|f\n");
}
END_TEST

/* Records of just the limit pass, one byte more does not, whatever their line end. */
START_TEST(the_record_limit_is_exact)
{
    static const char *const ends[] = {"\n", "\r\n", ""};
    const struct csv_options ten = {.record_bytes = 10};

    for (size_t i = 0; i < 3; i++) {
        for (size_t step = 0; step < 4; step++) {
            const char *text = arena_printf(a, "12345,7890%s", ends[i]);

            ck_assert(strstr(outcome_of(span_of(text), step, &ten), "1|12345|7890") != NULL);
            text = arena_printf(a, "12345,78901%s", ends[i]);
            ck_assert_str_eq(outcome_of(span_of(text), step, &ten),
                             "1!line 1: record is longer than 10 bytes\n");
        }
    }
}
END_TEST

/* F02 of the catalogue: an open quote costs one record's limit, not the rest of the file. */
START_TEST(an_open_quote_past_the_limit_names_the_line_where_it_opened)
{
    struct strbuf *const b = strbuf_new(a, 1 << 24);

    strbuf_add_text(b, "id,text\n1,x\n2,\"open\n");
    for (int i = 3; i < 100000; i++)
        strbuf_printf(b, "%d,text\n", i);

    const struct span in = {b->data, b->length};

    ck_assert_str_eq(outcome_of(in, 4096, NULL),
                     "1|id|text\n2|1|x\n"
                     "3#line 3, column 3: quoted field is not closed within 65536 bytes\n");
}
END_TEST

/* F07: one row of a file is no reason to stop, however long; nothing after it is lost. */
START_TEST(a_row_past_the_limit_is_one_bad_row)
{
    static const size_t steps[] = {0, 1, 4096};
    static const struct {
        const char *start;  /* of the long row */
        const char *end;    /* after its 300,000 x */
        const char *expect; /* outcome of it and what follows */
    } long_rows[] = {
        {"", "\nc\n", "2!line 2: record is longer than 65536 bytes\n3|c\n"},
        {"", "", "2!line 2: record is longer than 65536 bytes\n"},
        {"x,", ",\"\nhidden\nrows\"\nc\n", "2!line 2: record is longer than 65536 bytes\n5|c\n"},
        {"", ",\"doubled\"\"\n\"\nc\n", "2!line 2: record is longer than 65536 bytes\n4|c\n"},
        {"b\"", ",\"\nc\n",
         "2!line 2, column 2: quote inside a field that does not start with one\n3|c\n"},
        {"", ",\"open\nc\n", "2#line 2: quoted field is not closed before the end of the file\n"},
        {"\"b\nb\"x", "\nc\n",
         "2!line 3, column 3: text after the closing quote of a field\n4|c\n"},
    };

    for (size_t i = 0; i < sizeof long_rows / sizeof *long_rows; i++)
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
            struct strbuf *const b = strbuf_new(a, 1 << 20);

            strbuf_printf(b, "a\n%s", long_rows[i].start);
            for (unsigned n = 0; n < 300000; n++)
                strbuf_add_char(b, 'x');
            strbuf_add_text(b, long_rows[i].end);
            ck_assert_str_eq(outcome_of((struct span){b->data, b->length}, steps[k], NULL),
                             arena_printf(a, "1|a\n%s", long_rows[i].expect));
        }
}
END_TEST

START_TEST(lines_that_end_in_a_carriage_return_alone_are_fatal)
{
    char *const text = arena_alloc(a, 200000);

    memset(text, 'x', 200000);
    text[100] = '\r';
    ck_assert_str_eq(outcome_of((struct span){text, 200000}, 0, NULL),
                     "1#line 1: lines end in a carriage return alone\n");
}
END_TEST

/* F07: ten million empty lines, from a reader that makes them. */
static bool
read_newlines(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    size_t *const left = context;

    (void)e;
    *got = *left < capacity ? *left : capacity;
    memset(buffer, '\n', *got);
    *left -= *got;
    return true;
}

START_TEST(empty_lines_cost_no_memory)
{
    size_t left = 10000000;
    struct csv *const c = csv_new(a, (struct reader){read_newlines, &left}, NULL);
    const size_t before = arena_bytes(a);
    struct csv_row row;
    struct err e;

    ck_assert_int_eq(csv_next(c, &row, &e), CSV_END);
    ck_assert_uint_eq(csv_empty_lines(c), 10000000);
    ck_assert_uint_eq(arena_bytes(a), before);
}
END_TEST

/* Gives its text, then fails. */
static bool
read_then_fail(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    struct span *const text = context;

    ck_assert_uint_ge(capacity, text->length);
    if (text->length == 0)
        return err_set(e, ERR_RETRY, "disk fault");
    memcpy(buffer, text->data, text->length);
    *got = text->length;
    text->length = 0;
    return true;
}

START_TEST(a_read_error_is_fatal_and_keeps_its_code)
{
    struct span text = SPAN_LITERAL("a\n");
    struct csv *const c = csv_new(a, (struct reader){read_then_fail, &text}, NULL);
    struct csv_row row;
    struct err e;

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(csv_next(c, &row, &e), CSV_FATAL);
        ck_assert_int_eq(e.code, ERR_RETRY);
        ck_assert_str_eq(e.text, "line 1: disk fault");
    }
}
END_TEST

/* ---- writing --------------------------------------------------------------------------------- */

static uint64_t state;

static unsigned
draw(unsigned bound)
{
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (unsigned)(state >> 33) % bound;
}

enum { ROWS = 60, MOST_FIELDS = 6 };

/* Random fields of awkward bytes, that need no guard, written by csv_put. */
static struct span
random_file(struct span fields[ROWS][MOST_FIELDS], size_t counts[ROWS], const char *line_end)
{
    static const char bytes[] = "ab,;\"\"\n\r\t= '-\\.\xC3\xA9";
    struct strbuf *const b = strbuf_new(a, 1 << 20);

    for (size_t r = 0; r < ROWS; r++) {
        counts[r] = 2 + draw(MOST_FIELDS - 1);
        for (size_t i = 0; i < counts[r]; i++) {
            const size_t length = draw(12);
            char *const text = arena_alloc(a, length + 1);

            for (size_t k = 0; k < length; k++)
                text[k] = k == 0 ? 'x' : bytes[draw(sizeof bytes - 1)];
            fields[r][i] = (struct span){text, length};
            if (i > 0)
                strbuf_add_char(b, ',');
            csv_put(b, fields[r][i], false);
        }
        if (r + 1 < ROWS || draw(2))
            strbuf_add_text(b, line_end);
    }
    return (struct span){b->data, b->length};
}

START_TEST(what_was_put_is_read_back_in_every_step)
{
    struct span fields[ROWS][MOST_FIELDS];
    size_t counts[ROWS];

    state = (uint64_t)_i + 1;
    const struct span file = random_file(fields, counts, _i % 2 ? "\r\n" : "\n");

    for (size_t step = 0; step <= 7; step++) {
        struct csv *const c = csv_new(a, reader_memory(a, file, step), NULL);
        struct csv_row row;
        struct err e;

        for (size_t r = 0; r < ROWS; r++) {
            ck_assert_int_eq(csv_next(c, &row, &e), CSV_ROW);
            ck_assert_uint_eq(row.count, counts[r]);
            for (size_t i = 0; i < row.count; i++)
                ck_assert(span_equal(row.fields[i].text, fields[r][i]));
        }
        ck_assert_int_eq(csv_next(c, &row, &e), CSV_END);
    }
}
END_TEST

START_TEST(formulas_are_disarmed_but_numbers_stay)
{
    static const struct {
        struct span field;
        bool number;
        struct span want;
    } cases[] = {
        {TEXT("=cmd|' /C calc'!A0"), false, TEXT("'=cmd|' /C calc'!A0")},
        {TEXT("+1"), false, TEXT("'+1")},
        {TEXT("-1"), false, TEXT("'-1")},
        {TEXT("@a"), false, TEXT("'@a")},
        {TEXT("\tx"), false, TEXT("\"'\tx\"")},
        {TEXT("\rx"), false, TEXT("\"'\rx\"")},
        {TEXT("\nx"), false, TEXT("\"'\nx\"")},
        {TEXT("\0=x"), false, TEXT("'\0=x")},
        {TEXT("=\"a\",b"), false, TEXT("\"'=\"\"a\"\",b\"")},
        {TEXT("-1.5"), true, TEXT("-1.5")},
        {TEXT("a=b"), false, TEXT("a=b")},
        {TEXT("a;=b"), false, TEXT("\"a;=b\"")},
        {TEXT(""), false, TEXT("")},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct strbuf *const b = strbuf_new(a, 1000);

        csv_put(b, cases[i].field, cases[i].number);
        ck_assert(span_equal((struct span){b->data, b->length}, cases[i].want));
    }
}
END_TEST

Suite *
csv_suite(void)
{
    Suite *const s = suite_create("csv");
    TCase *const t = tcase_create("csv");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, files_split_as_the_table_says_in_every_step, 0,
                        (int)(sizeof files / sizeof files[0]));
    tcase_add_test(t, fields_know_their_place);
    tcase_add_test(t, another_separator_makes_a_comma_text);
    tcase_add_test(t, too_many_fields_make_a_bad_row);
    tcase_add_test(t, the_record_limit_is_exact);
    tcase_add_test(t, an_open_quote_past_the_limit_names_the_line_where_it_opened);
    tcase_add_test(t, a_row_past_the_limit_is_one_bad_row);
    tcase_add_test(t, lines_that_end_in_a_carriage_return_alone_are_fatal);
    tcase_add_test(t, empty_lines_cost_no_memory);
    tcase_add_test(t, a_read_error_is_fatal_and_keeps_its_code);
    tcase_add_loop_test(t, what_was_put_is_read_back_in_every_step, 0, 40);
    tcase_add_test(t, formulas_are_disarmed_but_numbers_stay);
    suite_add_tcase(s, t);
    return s;
}
