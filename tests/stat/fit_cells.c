/* SPDX-License-Identifier: EUPL-1.2 */
/* The reader under all models: kinds, optional and further columns, factors, and its bounds. */
#include "analyzer/fit/fit_cells.h"

#include "common/rng.h"
#include "common/str.h"
#include "tests/lib/testlib.h"

#include <stdlib.h>
#include <string.h>

static struct arena *a;
static struct err fault;

static void
set_up(void)
{
    a = arena_new();
    fault = (struct err){0};
}

static void
tear_down(void)
{
    arena_free(a);
}

enum { K, N, Z };

static const struct fit_column columns[] = {
    [K] = {"k", FIT_COUNT, false},
    [N] = {"n", FIT_COUNT, false},
    [Z] = {"z", FIT_REAL, true},
};

static const struct fit_layout open_layout = {columns, 3, "any factors", false, NULL};
static const struct fit_layout closed_layout = {columns, 3, NULL, false, NULL};

static struct fit_cells *
read(const struct fit_layout *layout, const char *csv)
{
    struct fit_cells *const cells = arena_alloc(a, sizeof *cells);
    FILE *const in = fmemopen(arena_strdup(a, csv), strlen(csv), "r");
    const bool good = fit_cells_read(a, in, layout, cells, &fault);

    fclose(in);
    return good ? cells : NULL;
}

START_TEST(further_columns_are_factors_by_name)
{
    const struct fit_cells *const c =
        read(&open_layout, "district,k,minute,n\nZ,1,1080,4\nA,2,1095,5\nZ,0,1110,6\n");

    ck_assert_msg(c != NULL, "%s", fault.text);
    ck_assert_uint_eq(c->rows, 3);
    ck_assert_uint_eq(c->column_count, 5);
    ck_assert(c->number[N][2] == 6 && c->number[K][1] == 2);
    ck_assert(c->number[Z] == NULL);
    ck_assert_uint_eq(fit_cells_column(c, "z"), FIT_NO_COLUMN);
    ck_assert_uint_eq(fit_cells_column(c, "district"), 3);
    ck_assert_uint_eq(fit_cells_column(c, "minute"), 4);
    ck_assert_str_eq(fit_cells_label(c, 3, 1), "A");
    ck_assert_uint_eq(fit_cells_position(c, 2, 4).line, 4);
    ck_assert_uint_eq(fit_cells_position(c, 2, 4).column, 5);
}
END_TEST

START_TEST(factors_are_numbered_as_read_or_sorted)
{
    const struct fit_cells *const c =
        read(&open_layout, "g,k,n\nZ,1,4\nA,2,5\nZ,0,6\nM,0,6\nA,1,1\n");
    const struct fit_factor as_read = fit_factor_of(a, c, 3, FIT_AS_READ);
    const struct fit_factor sorted = fit_factor_of(a, c, 3, FIT_SORTED);
    static const size_t numbers[][2] = {{0, 2}, {1, 0}, {0, 2}, {2, 1}, {1, 0}};

    ck_assert_uint_eq(as_read.levels, 3);
    ck_assert_uint_eq(sorted.levels, 3);
    ck_assert_str_eq(as_read.level[0], "Z");
    ck_assert_str_eq(sorted.level[0], "A");
    for (size_t r = 0; r < c->rows; r++) {
        ck_assert_uint_eq(as_read.number[r], numbers[r][0]);
        ck_assert_uint_eq(sorted.number[r], numbers[r][1]);
        ck_assert_str_eq(as_read.level[as_read.number[r]], fit_cells_label(c, 3, r));
        ck_assert_str_eq(sorted.level[sorted.number[r]], fit_cells_label(c, 3, r));
    }
}
END_TEST

START_TEST(a_text_column_can_be_read_as_numbers)
{
    struct fit_cells *const c = read(&open_layout, "m,k,n,w\n-1.5,1,4,1\n1e2,2,5,late\n");

    ck_assert(fit_cells_as_real(a, c, fit_cells_column(c, "m"), &fault));
    ck_assert(c->number[3][0] == -1.5 && c->number[3][1] == 100);
    ck_assert(!fit_cells_as_real(a, c, fit_cells_column(c, "w"), &fault));
    ck_assert_str_eq(fault.text, "line 3, column 9: w is not a number");
    ck_assert_ptr_nonnull(strstr(fault.hint, "w takes a number"));
    ck_assert(c->number[4] == NULL);
}
END_TEST

START_TEST(an_optional_column_is_read_when_it_is_there)
{
    const struct fit_cells *const c = read(&closed_layout, "z,k,n\n-2.25,1,4\n");

    ck_assert_msg(c != NULL, "%s", fault.text);
    ck_assert(c->number[Z][0] == -2.25);
    ck_assert_uint_eq(fit_cells_column(c, "z"), Z);
    ck_assert(read(&closed_layout, "z,n\n-2.25,4\n") == NULL);
    ck_assert_str_eq(fault.text, "line 1: column \"k\" is missing");
    ck_assert_str_eq(fault.hint, "the columns are k, n, z (optional)");
}
END_TEST

START_TEST(names_of_further_columns_are_checked)
{
    ck_assert(read(&open_layout, "k,n,\n1,4,x\n") == NULL);
    ck_assert_str_eq(fault.text, "line 1, column 5: the column has no readable name");
    ck_assert_str_eq(fault.hint, "the columns are k, n, z (optional), and any factors");
    ck_assert(read(&open_layout, "k,n,a,a\n1,4,x,y\n") == NULL);
    ck_assert_str_eq(fault.text, "line 1, column 7: column \"a\" stands twice");
    ck_assert(read(&closed_layout, "k,n,a\n1,4,x\n") == NULL);
    ck_assert_str_eq(fault.text, "line 1, column 5: column \"a\" is not known");
}
END_TEST

START_TEST(more_columns_than_fit_are_refused)
{
    const char *names = "k,n";
    const char *values = "1,4";

    for (int i = 0; i < FIT_MOST_COLUMNS; i++) {
        names = arena_printf(a, "%s,c%d", names, i);
        values = arena_printf(a, "%s,x", values);
    }
    ck_assert(read(&open_layout, arena_printf(a, "%s\n%s\n", names, values)) == NULL);
    ck_assert_ptr_nonnull(strstr(fault.text, "column \"c61\" is one too many: 64 at most"));
}
END_TEST

START_TEST(memory_is_bounded)
{
    enum { ROW = 8192, ROWS = FIT_MOST_BYTES / ROW + 100 };
    struct arena *const own = arena_child(a);
    char *const csv = arena_alloc(own, (size_t)ROWS * ROW);
    struct fit_cells *const cells = arena_alloc(a, sizeof *cells);
    const struct fit_layout text = {(const struct fit_column[]){{"g", FIT_FACTOR, false}}, 1, NULL,
                                    false, NULL};

    memset(csv, 'x', (size_t)ROWS * ROW);
    for (size_t i = 0; i < ROWS; i++) { /* no two texts are the same */
        (void)snprintf(csv + i * ROW, ROW, "%08zu", i);
        csv[i * ROW + 8] = 'x';
        csv[(i + 1) * ROW - 1] = '\n';
    }
    memcpy(csv, "g\n", 2);

    FILE *const in = fmemopen(csv, (size_t)ROWS * ROW, "r");

    ck_assert(!fit_cells_read(a, in, &text, cells, &fault));
    fclose(in);
    ck_assert_int_eq(fault.code, ERR_INPUT);
    ck_assert_ptr_nonnull(strstr(fault.text, "more than 1000000 rows or 128 MiB"));
    ck_assert_uint_lt(arena_bytes(a), 2UL * FIT_MOST_BYTES);
}
END_TEST

static const struct fit_layout merging_layout = {columns, 3, "any factors", true, NULL};

START_TEST(rows_alike_are_held_once_and_counted)
{
    const struct fit_cells *const c =
        read(&merging_layout, "g,k,n\nZ,1,4\nA,1,4\nZ,1.0,4\n\"Z\",1,4e0\nZ,1,5\nA,1,4\n");
    static const double times[] = {3, 2, 1};

    ck_assert_msg(c != NULL, "%s", fault.text);
    ck_assert_uint_eq(c->rows, 3);
    ck_assert_uint_eq(c->rows_read, 6);
    for (size_t r = 0; r < c->rows; r++)
        ck_assert(fit_cells_times(c, r) == times[r]);
    ck_assert_str_eq(fit_cells_label(c, 3, 1), "A");
    ck_assert(c->number[N][2] == 5);
    ck_assert_uint_eq(fit_cells_position(c, 2, N).line, 6);
    ck_assert_uint_eq(fit_cells_position(c, 2, N).column, 5);
}
END_TEST

START_TEST(of_many_rows_each_is_counted_where_it_first_stands)
{
    enum { ROWS = 20000, GROUPS = 70, MOST = 40 };
    struct strbuf *const csv = strbuf_new(a, 1 << 20);
    struct rng rng = rng_stream(7, 1);
    static size_t count[GROUPS][MOST], line[GROUPS][MOST];

    memset(count, 0, sizeof count);
    strbuf_add_text(csv, "n,g,k\n");
    for (size_t r = 0; r < ROWS; r++) {
        const size_t g = rng_below(&rng, GROUPS), k = rng_below(&rng, MOST);

        line[g][k] = count[g][k]++ == 0 ? r + 2 : line[g][k];
        strbuf_printf(csv, "40,group %zu,%zu\n", g, k);
    }

    const struct fit_cells *const c = read(&merging_layout, csv->data);
    size_t all = 0, last = 0;

    ck_assert_uint_eq(c->rows_read, ROWS);
    for (size_t r = 0; r < c->rows; r++) {
        const size_t g = strtoul(fit_cells_label(c, 3, r) + strlen("group "), NULL, 10);
        const size_t k = (size_t)c->number[K][r];
        const struct fit_position p = fit_cells_position(c, r, 3);

        ck_assert(fit_cells_times(c, r) == (double)count[g][k]);
        ck_assert_uint_eq(p.line, line[g][k]);
        ck_assert_uint_eq(p.column, 4);
        ck_assert_uint_gt(p.line, last);
        last = p.line;
        all += count[g][k];
    }
    ck_assert_uint_eq(all, ROWS);
}
END_TEST

START_TEST(a_fault_is_found_behind_rows_that_were_merged)
{
    struct strbuf *const csv = strbuf_new(a, 1 << 20);

    strbuf_add_text(csv, "k,n,g\n");
    for (int i = 0; i < 100; i++)
        strbuf_add_text(csv, i % 10 == 0 ? "1,2,\"a\nb\"\n" : "1,2,a\n");
    strbuf_add_text(csv, "1,2,\"a\nb\"\n1,x,a\n");
    ck_assert(read(&merging_layout, csv->data) == NULL);
    ck_assert_str_eq(fault.text, "line 114, column 3: n is not a number");
    ck_assert(read(&merging_layout, "k,n\n") == NULL);
    ck_assert_str_eq(fault.text, "there are no rows after the header");
}
END_TEST

START_TEST(what_is_not_wanted_is_looked_at_and_not_held)
{
    static const struct fit_layout layout = {columns, 3, "any factors", true, "a + `a b`"};
    static const struct {
        const char *csv, *message;
    } cases[] = {
        {"k,n,serial\n1,2,a\n1,2,\n", "line 3, column 5: serial is empty"},
        {"k,n,serial\n1,2,a\xff\n", "line 2, column 5: serial is not valid UTF-8"},
        {"k,n,serial,serial\n1,2,a,b\n", "line 1, column 12: column \"serial\" stands twice"},
        {"serial,k,n\n\"a\nb\",x,2\n", "line 3, column 4: k is not a number"},
    };
    const struct fit_cells *const c =
        read(&layout, "serial,a b,k,n,a,c\n1,x,1,2,u,p\n2,x,1,2,u,q\n3,x,1,2,v,r\n");

    ck_assert_msg(c != NULL, "%s", fault.text);
    ck_assert_uint_eq(c->rows, 2);
    ck_assert(fit_cells_times(c, 0) == 2 && fit_cells_times(c, 1) == 1);
    ck_assert_uint_eq(fit_cells_column(c, "serial"), FIT_NO_COLUMN);
    ck_assert_uint_eq(fit_cells_column(c, "c"), FIT_NO_COLUMN);
    ck_assert_str_eq(fit_cells_label(c, fit_cells_column(c, "a b"), 1), "x");
    ck_assert_str_eq(fit_cells_label(c, fit_cells_column(c, "a"), 1), "v");
    ck_assert_uint_eq(fit_cells_position(c, 1, fit_cells_column(c, "a")).column, 9);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert(read(&layout, cases[i].csv) == NULL);
        ck_assert_str_eq(fault.text, cases[i].message);
        ck_assert(fault.hint[0] != '\0');
    }
}
END_TEST

START_TEST(a_million_rows_that_all_differ_are_read_and_no_more)
{
    struct strbuf *const csv = strbuf_new(a, 64 << 20);
    const struct fit_cells *c;

    strbuf_add_text(csv, "k,n,dark,minute,place,serial\n");
    for (int i = 0; i < FIT_MOST_ROWS; i++)
        strbuf_printf(csv, "%d,1,%d,%d,buurt %03d,%d\n", i % 2, i % 3 == 0, i % 341, i % 114, i);
    ck_assert(!csv->overflow);
    c = read(&merging_layout, csv->data);
    ck_assert_msg(c != NULL, "%s", fault.text);
    ck_assert_uint_eq(c->rows, FIT_MOST_ROWS);
    ck_assert_str_eq(fit_cells_label(c, fit_cells_column(c, "serial"), 999999), "999999");
    strbuf_add_text(csv, "0,1,0,3,buurt 001,0\n");
    ck_assert(read(&merging_layout, csv->data) == NULL);
    ck_assert_str_eq(fault.text, "line 1000002: more than 1000000 rows or 128 MiB");
}
END_TEST

START_TEST(a_field_after_a_line_break_has_its_own_line)
{
    const struct fit_cells *const c =
        read(&merging_layout, "g,k,n\n\"a\nbc\",1,4\n\"a\nbc\",2,3\n");

    ck_assert_uint_eq(fit_cells_position(c, 1, 3).line, 4);
    ck_assert_uint_eq(fit_cells_position(c, 1, N).line, 5);
    ck_assert_uint_eq(fit_cells_position(c, 1, N).column, 7);
}
END_TEST

Suite *fit_cells_suite(void);

Suite *
fit_cells_suite(void)
{
    Suite *const s = suite_create("fit_cells");
    TCase *const t = tcase_create("fit_cells");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, further_columns_are_factors_by_name);
    tcase_add_test(t, factors_are_numbered_as_read_or_sorted);
    tcase_add_test(t, a_text_column_can_be_read_as_numbers);
    tcase_add_test(t, an_optional_column_is_read_when_it_is_there);
    tcase_add_test(t, names_of_further_columns_are_checked);
    tcase_add_test(t, more_columns_than_fit_are_refused);
    tcase_add_test(t, memory_is_bounded);
    tcase_add_test(t, rows_alike_are_held_once_and_counted);
    tcase_add_test(t, of_many_rows_each_is_counted_where_it_first_stands);
    tcase_add_test(t, a_fault_is_found_behind_rows_that_were_merged);
    tcase_add_test(t, what_is_not_wanted_is_looked_at_and_not_held);
    tcase_add_test(t, a_million_rows_that_all_differ_are_read_and_no_more);
    tcase_add_test(t, a_field_after_a_line_break_has_its_own_line);
    suite_add_tcase(s, t);
    return s;
}
