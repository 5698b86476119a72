/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * CBS's "Kerncijfers wijken en buurten" as StatLine delivers them: `;` between quoted fields, with
 * or without a byte-order mark, typed (bare numbers, empty when missing) or untyped (padded, "."
 * when missing). The year is not in the file. Counts of wijken and buurten are rounded to 5 and the
 * city's are not: each row is stored as published and nothing is added up.
 */
#include "sql/load.h"

#include "common/csv.h"
#include "common/json.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#define DIGITS "0123456789"

/* Column names end in a number that differs between years: "AantalInwoners_5". */
enum kwb_column {
    KWB_CODE,
    KWB_LEVEL,
    KWB_ALL,
    KWB_WESTERN,
    KWB_NON_WESTERN,
    KWB_FIRST_COUNT, /* counts that are stored as they are */
    KWB_LAST_COUNT = KWB_FIRST_COUNT + 9,
    KWB_COLUMNS
};

static const struct {
    const char *stem;
    const char *class;
    const char *age_band;
} columns[KWB_COLUMNS] = {
    [KWB_CODE] = {"Codering", NULL, NULL},
    [KWB_LEVEL] = {"SoortRegio", NULL, NULL},
    [KWB_ALL] = {"AantalInwoners", "all", "all"},
    [KWB_WESTERN] = {"WestersTotaal", "western", "all"},
    [KWB_NON_WESTERN] = {"NietWestersTotaal", "non_western", "all"},
    [KWB_FIRST_COUNT] = {"Marokko", "marokko", "all"},
    {"NederlandseAntillenEnAruba", "nl_antillen_aruba", "all"},
    {"Suriname", "suriname", "all"},
    {"Turkije", "turkije", "all"},
    {"OverigNietWesters", "overig_niet_westers", "all"},
    {"k_0Tot15Jaar", "all", "0-15"},
    {"k_15Tot25Jaar", "all", "15-25"},
    {"k_25Tot45Jaar", "all", "25-45"},
    {"k_45Tot65Jaar", "all", "45-65"},
    {"k_65JaarOfOuder", "all", "65+"},
};

static const struct {
    const char *word;
    const char *level;
    const char *prefix;
} levels[] = {{"Gemeente", "city", "GM"}, {"Wijk", "wijk", "WK"}, {"Buurt", "buurt", "BU"}};

struct kwb {
    const struct load_file *file;
    const struct load_options *options;
    int field_of[KWB_COLUMNS];
    size_t width;
    json_t *rows;
};

bool
load_is_kwb(const struct load_file *file)
{
    static const char stem[] = "Codering_";
    const char *const end =
        file->bytes.data ? memchr(file->bytes.data, '\n', file->bytes.length) : NULL;

    for (const char *at = file->bytes.data; end && at + sizeof stem < end; at++)
        if (memcmp(at, stem, sizeof stem - 1) == 0)
            return memchr(file->bytes.data, ';', (size_t)(end - file->bytes.data)) != NULL;
    return false;
}

/* "AantalInwoners_5" has the stem "AantalInwoners". */
static bool
has_stem(struct span name, const char *stem)
{
    const size_t n = strlen(stem);

    if (name.length < n + 2 || memcmp(name.data, stem, n) != 0 || name.data[n] != '_')
        return false;
    for (size_t i = n + 1; i < name.length; i++)
        if (!isdigit((unsigned char)name.data[i]))
            return false;
    return true;
}

static bool
kwb_header(struct kwb *k, const struct csv_row *row, bool population, struct err *e)
{
    k->width = row->count;
    for (int c = 0; c < KWB_COLUMNS; c++) {
        k->field_of[c] = -1;
        for (size_t f = 0; f < row->count; f++)
            if (has_stem(row->fields[f].text, columns[c].stem))
                k->field_of[c] = (int)f;
    }
    for (int c = KWB_CODE; c <= (population ? KWB_ALL : KWB_LEVEL); c++)
        if (k->field_of[c] < 0)
            return err_set(e, ERR_INPUT, "%s line %" PRIu64 ": column %s_ is missing",
                           k->file->name, row->line, columns[c].stem);
    return true;
}

static struct span
kwb_text(const struct kwb *k, const struct csv_row *row, int c)
{
    return k->field_of[c] < 0 ? (struct span){NULL, 0}
                              : span_trim(row->fields[k->field_of[c]].text);
}

/* *count -1 when missing ("." or empty). */
static bool
kwb_count(const struct kwb *k, const struct csv_row *row, int c, int64_t *count, struct err *e)
{
    const struct span text = kwb_text(k, row, c);

    *count = -1;
    if (text.length == 0 || span_is(text, "."))
        return true;
    return span_int64(text, 0, INT64_C(100000000), count) ||
           err_set(e, ERR_INPUT, "%s line %" PRIu64 " column %s (byte %u): not a count",
                   k->file->name, row->line, columns[c].stem, row->fields[k->field_of[c]].column);
}

static const char *
area_set_of(const struct kwb *k)
{
    return k->options->area_set ? k->options->area_set : "den-haag";
}

/* The one number of four digits in a file name that can be a year: kwb-2020_84799NED.csv; else 0.
 */
static int64_t
year_in_name(const char *name)
{
    int64_t found = 0, year = 0;

    for (const char *from = strpbrk(name, DIGITS); from; from = strpbrk(from, DIGITS)) {
        const size_t length = strspn(from, DIGITS);

        if (length == 4 && span_int64((struct span){from, length}, 1995, 2100, &year)) {
            if (found > 0 && found != year)
                return 0;
            found = year;
        }
        from += length;
    }
    return found;
}

static int64_t
year_of(const struct kwb *k)
{
    int64_t year = 0;

    if (!k->options->year)
        return year_in_name(k->file->name);
    span_int64(span_of(k->options->year), 1900, 2200, &year);
    return year;
}

static void
add_count(struct kwb *k, struct arena *a, struct span code, const char *class, const char *age_band,
          int64_t persons)
{
    const bool city = code.data[0] == 'G';
    const char *const source =
        k->options->table ? arena_printf(a, "CBS %s", k->options->table) : k->file->name;
    json_t *const row = json_object();

    json_object_set_new(row, "area_set", json_string(area_set_of(k)));
    json_object_set_new(row, "area_code", json_stringn(code.data, code.length));
    json_object_set_new(row, "year", json_integer(year_of(k)));
    json_object_set_new(row, "class", json_string(class));
    json_object_set_new(row, "age_band", json_string(age_band));
    json_object_set_new(row, "persons", json_integer(persons));
    json_object_set_new(row, "rounded_to", json_integer(city ? 1 : 5));
    json_object_set_new(row, "source", json_string(source));
    json_array_append_new(k->rows, row);
}

static bool
kwb_population(struct kwb *k, struct arena *a, const struct csv_row *row, struct span code,
               size_t level, struct err *e)
{
    int64_t count[KWB_COLUMNS];

    (void)level;
    for (int c = KWB_ALL; c < KWB_COLUMNS; c++) {
        if (!kwb_count(k, row, c, &count[c], e))
            return false;
        if (count[c] >= 0)
            add_count(k, a, code, columns[c].class, columns[c].age_band, count[c]);
    }
    /* Residents of Dutch origin have no column; rounding can bring the difference below 0. */
    if (count[KWB_ALL] >= 0 && count[KWB_WESTERN] >= 0 && count[KWB_NON_WESTERN] >= 0) {
        const int64_t dutch = count[KWB_ALL] - count[KWB_WESTERN] - count[KWB_NON_WESTERN];

        add_count(k, a, code, "dutch", "all", dutch > 0 ? dutch : 0);
    }
    return true;
}

/* BU051829|15 lies in WK051829, WK0518|29 in GM0518. */
static bool
kwb_area(struct kwb *k, struct arena *a, const struct csv_row *row, struct span code, size_t level,
         struct err *e)
{
    json_t *const area = json_object();
    const char *const parent = level == 0 ? NULL
                                          : arena_printf(a, "%s%.*s", levels[level - 1].prefix,
                                                         level == 2 ? 6 : 4, code.data + 2);

    (void)row;
    (void)e;
    json_object_set_new(area, "area_set", json_string(area_set_of(k)));
    json_object_set_new(area, "code", json_stringn(code.data, code.length));
    json_object_set_new(area, "level", json_string(levels[level].level));
    json_object_set_new(area, "parent", parent ? json_string(parent) : json_null());
    json_object_set_new(area, "valid_from_year", json_integer(year_of(k)));
    json_array_append_new(k->rows, area);
    return true;
}

static bool
kwb_row(struct kwb *k, struct arena *a, const struct csv_row *row, bool population, struct err *e)
{
    const char *const wanted = k->options->municipality ? k->options->municipality : "GM0518";
    const size_t bytes[] = {6, 8, 10};

    if (row->count != k->width)
        return err_set(e, ERR_INPUT, "%s line %" PRIu64 ": %zu fields, the header has %zu",
                       k->file->name, row->line, row->count, k->width);

    const struct span code = kwb_text(k, row, KWB_CODE);
    const struct span word = kwb_text(k, row, KWB_LEVEL);

    for (size_t level = 0; level < 3; level++) {
        if (!span_is(word, levels[level].word))
            continue;
        if (code.length != bytes[level] || memcmp(code.data, levels[level].prefix, 2) != 0)
            return err_set(e, ERR_INPUT, "%s line %" PRIu64 " column %s: not the code of a %s",
                           k->file->name, row->line, columns[KWB_CODE].stem, levels[level].word);
        /* A national table holds every city: only ours is taken. */
        if (memcmp(code.data + 2, wanted + 2, 4) != 0)
            return true;
        return population ? kwb_population(k, a, row, code, level, e)
                          : kwb_area(k, a, row, code, level, e);
    }
    /* The country's own row, and levels of later years. */
    return true;
}

static bool
kwb_options(const struct kwb *k, struct err *e)
{
    if (k->options->municipality &&
        (strlen(k->options->municipality) != 6 || memcmp(k->options->municipality, "GM", 2) != 0))
        return err_set(e, ERR_USAGE, "--municipality is a CBS code such as GM0518");
    if (year_of(k) > 0)
        return true;
    err_set(e, ERR_USAGE, "%s: neither a CBS table nor this file name says its year",
            k->file->name);
    return err_hint(e, "Give it with --year, e.g. --year 2020 for the figures of 1 January 2020");
}

json_t *
load_kwb_rows(struct arena *a, const struct load_kind *kind, const struct load_file *file,
              const struct load_options *options, struct err *e)
{
    const struct csv_options form = {.separator = ';'};
    const bool population = kind == &load_population;
    struct csv *const csv = csv_new(a, reader_memory(a, file->bytes, 0), &form);
    struct kwb k = {.file = file, .options = options, .rows = json_own(a, json_array())};
    struct csv_row row;

    if (!kwb_options(&k, e))
        return NULL;
    while (csv_next_row(csv, &row, e)) {
        if (k.width == 0 ? !kwb_header(&k, &row, population, e)
                         : !kwb_row(&k, a, &row, population, e))
            return NULL;
    }
    if (e->code == ERR_NONE && json_array_size(k.rows) > 0)
        return k.rows;
    if (e->code == ERR_NONE)
        err_set(e, ERR_INPUT, "%s: no row of %s", file->name,
                options->municipality ? options->municipality : "GM0518");
    else
        err_context(e, "%s", file->name);
    return NULL;
}
