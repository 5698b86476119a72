/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fuzzes `analyzer fit`. Four lines name the model, options (bits of a letter), a formula and a
 * group; the rest is the file. A model gives a document in which nothing is null without a note, or
 * a fault with a remedy; and whether rows alike are held once or each, they are the same rows.
 */
#include "analyzer/fit/fit_model.h"
#include "common/json.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_BYTES = 4096, MOST_OUTPUT = 4 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

/* ---- the reader ---- */

static bool
read_cells(struct arena *a, struct span csv, struct fit_layout layout, bool merges,
           struct fit_cells *cells, struct err *e)
{
    FILE *const in = fmemopen(arena_strndup(a, csv.data, csv.length), csv.length, "r");

    layout.merges = merges;

    const bool done = fit_cells_read(a, in, &layout, cells, e);

    fclose(in);
    return done;
}

static bool
is_same_row(const struct fit_cells *left, size_t l, const struct fit_cells *right, size_t r)
{
    for (size_t c = 0; c < left->column_count; c++) {
        if (!fit_cells_has(left, c))
            continue;
        if (left->columns[c].kind == FIT_FACTOR) {
            if (strcmp(fit_cells_label(left, c, l), fit_cells_label(right, c, r)) != 0)
                return false;
        } else if (left->number[c][l] != right->number[c][r]) {
            return false;
        }
    }
    return true;
}

static void
check_reader(struct arena *a, struct span csv, struct fit_layout layout)
{
    struct fit_cells *const each = arena_alloc(a, sizeof *each);
    struct fit_cells *const once = arena_alloc(a, sizeof *once);
    struct err left = {0}, right = {0};
    double times = 0;

    if (!read_cells(a, csv, layout, false, each, &left)) {
        must(!read_cells(a, csv, layout, true, once, &right));
        must(strcmp(left.text, right.text) == 0 && left.text[0] != '\0');
        return;
    }
    must(read_cells(a, csv, layout, true, once, &right));
    must(once->rows <= each->rows && once->rows_read == each->rows_read);
    for (size_t r = 0; r < once->rows; r++) {
        double found = 0;

        for (size_t i = 0; i < each->rows; i++)
            found += is_same_row(once, r, each, i);
        must(found >= fit_cells_times(once, r)); /* more: 0 and -0 */
        times += fit_cells_times(once, r);
    }
    must(times == (double)each->rows);
}

/* ---- a model ---- */

static void
check_figure(json_t *figure)
{
    const char *key;
    json_t *value;

    json_object_foreach(figure, key, value) if (json_is_null(value))
        must(json_is_string(json_object_get(figure, "note")));
}

static void
check_document(const char *text, size_t length)
{
    json_t *const document = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
    json_t *const figures = json_object_get(document, "figures");

    must(json_is_array(figures) && json_is_boolean(json_object_get(document, "converged")));
    for (size_t i = 0; i < json_array_size(figures); i++)
        check_figure(json_array_get(figures, i));
    json_decref(document);
}

/* Takes a line off the front; NULL when it is empty. */
static const char *
take_line(struct arena *a, struct span *rest)
{
    const char *const lf = memchr(rest->data, '\n', rest->length);
    const size_t length = lf ? (size_t)(lf - rest->data) : rest->length;
    const char *const line = length > 0 && !memchr(rest->data, '\0', length)
                                 ? arena_strndup(a, rest->data, length)
                                 : NULL;

    rest->data += length + (lf != NULL);
    rest->length -= length + (lf != NULL);
    return line;
}

static struct fit_options
options_of(uint8_t byte, const char *terms, const char *group)
{
    static const char *const families[] = {"poisson", "quasipoisson", "negbin"};
    static const char *const signals[] = {"hierarchical", "fast"};
    const bool all = byte >> 7;

    return (struct fit_options){
        .seed = 1,
        .level = 0.95,
        .reference = byte & 1 ? group : NULL,
        .group = byte & 2 ? group : NULL,
        .unit = byte & 2 ? group : NULL,
        .start = byte & 2 ? group : NULL,
        .formula = terms,
        .adjust = terms      ? terms
                  : byte & 4 ? "none"
                             : "place",
        .family = families[byte % 3],
        .signal = all ? "beta" : signals[byte % 2], /* which takes a second */
        .df = 1 + (byte >> 3 & 7),
        .by_place = byte & 8,
        .latitude = byte & 16 ? "52.08" : NULL,
        .longitude = byte & 16 ? "4.31" : NULL,
        .time_zone = byte & 48 ? "Europe/Amsterdam" : NULL,
        .clock_change = byte & 32 ? 30 : 0,
        .window = byte & 64 ? "17:00-1300" : NULL,
        .baseline = byte & 16 ? 3 : 0,
        .sigma = 3,
        .shift = all ? 0.8 : 1.25,
        .weight = 0.2,
        .run_length = 12,
        .epsilon = 0.1,
        .steps = 3,
        .alpha = 0.05,
        .chains = 1 + (byte & 1),
        .iter = 12,
    };
}

/* The model of that name; any other text is some model too. */
static const struct fit_model *
model_of(const char *name)
{
    size_t models = 0, sum = 0;

    for (; fit_model_at(models); models++)
        if (strcmp(fit_model_at(models)->name, name) == 0)
            return fit_model_at(models);
    must(models > 0);
    while (*name)
        sum += (unsigned char)*name++;
    return fit_model_at(sum % models);
}

static void
fuzz(struct arena *a, struct span rest)
{
    const char *const name = take_line(a, &rest);
    const char *const letter = take_line(a, &rest);
    const char *const terms = take_line(a, &rest);
    const char *const group = take_line(a, &rest);
    const struct fit_model *const model = model_of(name ? name : "");
    const struct fit_options options = options_of(letter ? (uint8_t)letter[0] : 0, terms, group);
    char *const text = arena_alloc(a, MOST_OUTPUT);
    struct err e = {0};

    if (rest.length == 0)
        return;

    FILE *const in = fmemopen(arena_strndup(a, rest.data, rest.length), rest.length, "r");
    FILE *const out = fmemopen(text, MOST_OUTPUT, "w");
    const bool done = fit_run(a, model->name, in, &options, out, &e);

    fclose(in);
    fclose(out);
    if (done)
        check_document(text, strlen(text));
    else
        must(e.text[0] != '\0' && (e.code == ERR_INPUT || e.code == ERR_USAGE));
    check_reader(a, rest, model->layout);
}

/* ---- mutation ---- */

/* From `at`, the end of what is there before one of `stops`. */
static size_t
end_of(const uint8_t *data, size_t size, size_t at, const char *stops)
{
    while (at < size && !memchr(stops, data[at], strlen(stops)))
        at++;
    return at;
}

/* Puts `with` in the place of data[from] to data[to]; the new size, or the old when it is full. */
static size_t
put_in_place(uint8_t *data, size_t size, size_t max_size, size_t from, size_t to, struct span with)
{
    if (size - (to - from) + with.length > max_size)
        return size;
    memmove(data + from + with.length, data + to, size - to);
    memcpy(data + from, with.data, with.length);
    return size - (to - from) + with.length;
}

/*
 * Half of the time a field becomes a number that models may stumble over, or a row comes twice:
 * bytes at random hardly ever leave a file that a model reads.
 */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char *const values[] = {
        "0",    "1",     "2",      "3",       "10",      "1000",   "1000000000",
        "0.5",  "1e-9",  "1e-300", "1e15",    "1e300",   "-1",     "9007199254740992",
        "1e-5", "99999", "a",      "2026-01", "2026-12", "others", "1100",
    };
    size_t at = 0, end;

    for (int line = 0; line < 5; line++) /* four lines and the header */
        at = end_of(data, size, at, "\n") + 1;
    if (seed % 2 == 0 || at >= size)
        return LLVMFuzzerMutate(data, size, max_size);
    seed /= 2;
    at += seed % (size - at);
    if (seed % 7 == 0) {
        char row[256];

        at = end_of(data, size, at, "\n");
        end = end_of(data, size, at + 1, "\n");
        if (end >= size || end - at > sizeof row)
            return LLVMFuzzerMutate(data, size, max_size);
        memcpy(row, data + at, end - at);
        return put_in_place(data, size, max_size, at, at, (struct span){row, end - at});
    }
    at = end_of(data, size, at, ",\n");
    at += at < size;
    end = end_of(data, size, at, ",\n");
    return put_in_place(data, size, max_size, at < size ? at : size, end,
                        span_of(values[seed / 7 % (sizeof values / sizeof *values)]));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *const a = arena_new();

    if (size <= MOST_BYTES)
        fuzz(a, (struct span){(const char *)data, size});
    arena_free(a);
    return 0;
}
