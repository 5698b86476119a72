/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Published sums and shares of the real data that no model's own test holds: each prints ours,
 * theirs and what may lie between. docs/methods/README.md lists where every published number is
 * tested.
 */
#include "tests/lib/testlib.h"
#include "tests/lib/fixture.h"

#include "common/csv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST_CELLS = 4096, MOST_COLUMNS = 16, GROUPS = 3 };

static void
assert_published(const char *what, double ours, double theirs, double within)
{
    printf("published: %s: ours %.10g, theirs %.10g, within %g\n", what, ours, theirs, within);
    ck_assert_msg(fabs(ours - theirs) <= within, "%s: ours %.10g, published %.10g, within %g", what,
                  ours, theirs, within);
}

/* ---- tables ---- */

struct table {
    size_t rows;
    const char *column[MOST_COLUMNS];
    const char *(*cell)[MOST_COLUMNS];
};

/* Of a file, packed or not. */
static struct reader
bytes_of(const char *path)
{
    struct err e = {0};

    if (strstr(path, ".gz"))
        return reader_memory(a, unpacked(a, path), 0);

    struct file_reader *const file = file_reader_open(a, path, &e);

    ck_assert_msg(file != NULL, "%s", e.text);
    return file_reader_reader(file);
}

/* The whole of a file of the real data, packed or not; NULL without the data. */
static const struct table *
table_of(const char *test, const char *file, size_t most)
{
    const char *const path = shared_data(a, test, file);

    if (!path)
        return NULL;

    struct table *const t = arena_alloc(a, sizeof *t);
    struct csv_row row;
    struct err e = {0};

    t->cell = arena_array(a, most, sizeof *t->cell);

    struct csv *const csv = csv_new(a, bytes_of(path), NULL);
    bool header = true;

    while (csv_next_row(csv, &row, &e)) {
        ck_assert_uint_le(row.count, MOST_COLUMNS);
        ck_assert_uint_lt(t->rows, most);
        for (size_t c = 0; c < row.count; c++) {
            const char *const text =
                arena_strndup(a, row.fields[c].text.data, row.fields[c].text.length);

            *(header ? &t->column[c] : &t->cell[t->rows][c]) = text;
        }
        t->rows += !header;
        header = false;
    }
    ck_assert_msg(e.code == ERR_NONE, "%s: %s", file, e.text);
    return t;
}

static size_t
column_of(const struct table *t, const char *name)
{
    for (size_t c = 0; c < MOST_COLUMNS && t->column[c]; c++)
        if (strcmp(t->column[c], name) == 0)
            return c;
    ck_abort_msg("no column \"%s\"", name);
    return 0;
}

static const char *
text_at(const struct table *t, size_t row, const char *column)
{
    return t->cell[row][column_of(t, column)];
}

static double
number_at(const struct table *t, size_t row, const char *column)
{
    double value = NAN;

    ck_assert(span_real(span_of(text_at(t, row, column)), &value));
    return value;
}

/* Sum of a column over the rows where another has this text. */
static double
sum_where(const struct table *t, const char *of, const char *column, const char *text)
{
    double sum = 0;

    for (size_t r = 0; r < t->rows; r++)
        if (strcmp(text_at(t, r, column), text) == 0)
            sum += number_at(t, r, of);
    return sum;
}

static double
count_where(const struct table *t, const char *column, const char *text)
{
    double count = 0;

    for (size_t r = 0; r < t->rows; r++)
        count += strcmp(text_at(t, r, column), text) == 0;
    return count;
}

/* ---- North Carolina (Simoiu et al. 2018, p. 4) ---- */

START_TEST(north_carolina_has_the_published_stops_searches_and_hits)
{
    static const struct {
        const char *group;
        double stops, searches, hits, percent;
    } printed[GROUPS] = {{"White", 2227214, 68199, 22114, 3.1},
                         {"Black", 1810608, 98538, 28137, 5.4},
                         {"Hispanic", 384186, 15727, 3056, 4.1}};
    const struct table *const t =
        table_of(__func__, "nc_threshold/north_carolina_100pd.csv", MOST_CELLS);
    double stops = 0, searches = 0, hits = 0;

    if (!t)
        return;
    for (size_t g = 0; g < GROUPS; g++) {
        const char *const group = printed[g].group;
        const double n = sum_where(t, "num_stops", "driver_race", group);
        const double s = sum_where(t, "num_searches", "driver_race", group);
        const double h = sum_where(t, "num_hits", "driver_race", group);

        assert_published(arena_printf(a, "%s stops", group), n, printed[g].stops, 0);
        assert_published(arena_printf(a, "%s searches", group), s, printed[g].searches, 0);
        assert_published(arena_printf(a, "%s hits", group), h, printed[g].hits, 0);
        assert_published(arena_printf(a, "%s searched, %%", group), 100 * s / n, printed[g].percent,
                         0.05);
        stops += n;
        searches += s;
        hits += h;
    }
    assert_published("searched, %", 100 * searches / stops, 4.1, 0.05);
    assert_published("hits, %", 100 * hits / searches, 29, 0.5);
}
END_TEST

/* ---- Stanford Open Policing (arXiv 1706.05678) ---- */

/* Share of the places of both groups in which the group's stops per head are more than whites'. */
static double
stopped_more(const struct table *t, const char *group, double *places)
{
    double more = 0;

    *places = 0;
    for (size_t r = 0; r < t->rows; r++) {
        if (strcmp(text_at(t, r, "driver_race"), group) != 0)
            continue;
        for (size_t w = 0; w < t->rows; w++) {
            if (strcmp(text_at(t, w, "driver_race"), "White drivers") != 0 ||
                strcmp(text_at(t, w, "location"), text_at(t, r, "location")) != 0)
                continue;
            *places += 1;
            more += number_at(t, r, "n_stops") / number_at(t, r, "county_population") >
                    number_at(t, w, "n_stops") / number_at(t, w, "county_population");
        }
    }
    return 100 * more / *places;
}

START_TEST(black_drivers_are_stopped_more_often_in_over_80_percent_of_the_locations)
{
    const struct table *const t =
        table_of(__func__, "opp2017/fig2_stop_rate_county.csv", MOST_CELLS);
    double places;

    if (!t)
        return;

    const double black = stopped_more(t, "Black drivers", &places);

    printf("published: black drivers stopped more often: ours %.1f%% of %.0f, theirs over 80%%\n",
           black, places);
    ck_assert(black > 80);
    assert_published("locations, %", black, 84.6, 0.05);
    assert_published("hispanic drivers, %", stopped_more(t, "Hispanic drivers", &places), 45.2,
                     0.05);
}
END_TEST

/* ---- Minneapolis 2017 (carData; knozal/comp_112, exercise 4) ---- */

START_TEST(minneapolis_has_the_published_stops_by_reason_and_neighbourhood)
{
    static const struct {
        const char *neighbourhood;
        double suspicious;
    } printed[] = {{"Downtown West", 3338},
                   {"Whittier", 1351},
                   {"East Phillips", 959},
                   {"Near - North", 937},
                   {"Lyndale", 872},
                   {"Jordan", 813},
                   {"Hawthorne", 785},
                   {"Midtown Phillips", 767},
                   {"Ventura Village", 766},
                   {"Powderhorn Park", 746},
                   {"Page", 32},
                   {"Camden Industrial", 12},
                   {"Humboldt Industrial Area", 4}};
    enum { PLACES = sizeof printed / sizeof *printed };
    const struct table *const t = table_of(__func__, "mpls_stops/MplsStops.csv.gz", 60000);
    double count[PLACES] = {0};

    if (!t)
        return;

    const size_t problem = column_of(t, "problem"), place = column_of(t, "neighborhood");

    assert_published("stops", (double)t->rows, 51920, 0);
    assert_published("suspicious", count_where(t, "problem", "suspicious"), 25822, 0);
    assert_published("traffic", count_where(t, "problem", "traffic"), 26098, 0);
    assert_published("searched", count_where(t, "personSearch", "YES"), 5237, 0);
    assert_published("not searched", count_where(t, "personSearch", "NO"), 38462, 0);
    for (size_t r = 0; r < t->rows; r++)
        for (size_t p = 0; p < PLACES; p++)
            count[p] += strcmp(t->cell[r][place], printed[p].neighbourhood) == 0 &&
                        strcmp(t->cell[r][problem], "suspicious") == 0;
    for (size_t p = 0; p < PLACES; p++)
        assert_published(printed[p].neighbourhood, count[p], printed[p].suspicious, 0);
}
END_TEST

Suite *published_suite(void);

Suite *
published_suite(void)
{
    Suite *const s = suite_create("published");
    TCase *const t = tcase_create("published");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, north_carolina_has_the_published_stops_searches_and_hits);
    tcase_add_test(t, black_drivers_are_stopped_more_often_in_over_80_percent_of_the_locations);
    tcase_add_test(t, minneapolis_has_the_published_stops_by_reason_and_neighbourhood);
    suite_add_tcase(s, t);
    return s;
}
