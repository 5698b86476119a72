/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Strict reading of cells: each column once, each row complete, each number a number. The first
 * fault ends the run, because figures of half a file would look like figures of the whole.
 */
#include "analyzer/fit/fit_cells.h"

#include "common/csv.h"
#include "common/utf8.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* The state of one reading; field c of a row is column field_column[c]. */
struct reading {
    struct arena *arena;
    const struct fit_layout *layout;
    struct fit_cells *cells;
    size_t field_column[FIT_MOST_COLUMNS];
    size_t fields;
    size_t room;  /* rows that fit */
    size_t bytes; /* held by text, numbers and positions */
};

static const struct {
    const char *text, *example;
} kinds[] = {
    [FIT_FACTOR] = {"text", "Centrum"},
    [FIT_COUNT] = {"a whole number from 0", "1234"},
    [FIT_AMOUNT] = {"a number from 0", "1234.5"},
    [FIT_REAL] = {"a number", "-1.5"},
};

const char *
fit_kind_text(enum fit_kind kind)
{
    return kinds[kind].text;
}

const char *
fit_layout_text(struct arena *a, const struct fit_layout *l)
{
    const char *names = "";

    for (size_t i = 0; i < l->count; i++)
        names = arena_printf(a, "%s%s%s%s", names, i > 0 ? ", " : "", l->columns[i].name,
                             l->columns[i].optional ? " (optional)" : "");
    return l->extra ? arena_printf(a, "%s, and %s", names, l->extra) : names;
}

static bool
read_stream(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    FILE *const in = context;

    errno = 0;
    *got = fread(buffer, 1, capacity, in);
    if (*got > 0 || !ferror(in))
        return true;
    if (errno == EISDIR) {
        err_set(e, ERR_INPUT, "is a directory");
        return err_hint(e, "give a CSV file");
    }
    return err_set(e, ERR_RETRY, "the cells could not be read: %s", strerror(errno));
}

/* ---- header ---------------------------------------------------------------------------------- */

static bool
is_printable(struct span s)
{
    for (size_t i = 0; i < s.length; i++)
        if (s.data[i] < ' ' || s.data[i] > '~')
            return false;
    return s.length > 0 && s.length <= 40;
}

static bool
refuse_header(const struct csv_field *f, const char *what, struct err *e)
{
    const uintmax_t line = f->line, column = f->column;

    if (is_printable(f->text))
        return err_set(e, ERR_INPUT, "line %ju, column %ju: column \"%.*s\" %s", line, column,
                       (int)f->text.length, f->text.data, what);
    return err_set(e, ERR_INPUT, "line %ju, column %ju: the column %s", line, column, what);
}

/* A column that the layout does not name: kept as a factor where the model takes such. */
static bool
add_extra(struct reading *r, const struct csv_field *f, size_t *column, struct err *e)
{
    struct fit_cells *const cells = r->cells;
    size_t bad;

    if (!r->layout->extra)
        return refuse_header(f, "is not known", e);
    if (f->text.length == 0 || !utf8_valid(f->text, &bad))
        return refuse_header(f, "has no readable name", e);
    if (cells->column_count == FIT_MOST_COLUMNS)
        return refuse_header(f, "is one too many: 64 at most", e);
    *column = cells->column_count++;
    cells->columns[*column] = (struct fit_column){
        arena_strndup(r->arena, f->text.data, f->text.length), FIT_FACTOR, false};
    return true;
}

/* Gives each field its column. A column that is there has a position array (of no rows yet). */
static bool
match_fields(struct reading *r, const struct csv_row *header, struct err *e)
{
    struct fit_cells *const cells = r->cells;

    for (size_t i = 0; i < header->count; i++) {
        const struct csv_field *const f = &header->fields[i];
        size_t c = 0;

        while (c < cells->column_count && !span_is(f->text, cells->columns[c].name))
            c++;
        if (c == cells->column_count && !add_extra(r, f, &c, e))
            return false;
        if (cells->position[c])
            return refuse_header(f, "stands twice", e);
        cells->position[c] = arena_array(r->arena, 1, sizeof *cells->position[c]);
        r->field_column[i] = c;
    }
    r->fields = header->count;
    return true;
}

static bool
match_header(struct reading *r, const struct csv_row *header, struct err *e)
{
    if (!match_fields(r, header, e))
        return false;
    for (size_t c = 0; c < r->layout->count; c++)
        if (!r->cells->position[c] && !r->layout->columns[c].optional)
            return err_set(e, ERR_INPUT, "line %ju: column \"%s\" is missing",
                           (uintmax_t)header->line, r->layout->columns[c].name);
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Room for more rows, the old ones copied; the arena keeps the old block until the end. */
static void *
grown(struct arena *a, const void *old, size_t rows, size_t room, size_t size)
{
    void *const new = arena_array(a, room, size);

    if (rows > 0)
        memcpy(new, old, rows * size);
    return new;
}

static void
grow(struct reading *r)
{
    struct fit_cells *const cells = r->cells;
    const size_t room = r->room > 0 ? 2 * r->room : 64;

    for (size_t i = 0; i < r->fields; i++) {
        const size_t c = r->field_column[i];

        if (cells->columns[c].kind == FIT_FACTOR)
            cells->label[c] =
                grown(r->arena, cells->label[c], cells->rows, room, sizeof *cells->label[c]);
        else
            cells->number[c] =
                grown(r->arena, cells->number[c], cells->rows, room, sizeof *cells->number[c]);
        cells->position[c] =
            grown(r->arena, cells->position[c], cells->rows, room, sizeof *cells->position[c]);
    }
    r->room = room;
}

bool
fit_cells_refuse(const struct fit_cells *cells, size_t row, size_t column, const char *what,
                 struct err *e)
{
    const struct fit_position p = cells->position[column][row];

    return err_set(e, ERR_INPUT, "line %ju, column %ju: %s %s", (uintmax_t)p.line,
                   (uintmax_t)p.column, cells->columns[column].name, what);
}

bool
fit_cells_part_of(const struct fit_cells *cells, size_t part, size_t whole, const char *hint,
                  struct err *e)
{
    for (size_t r = 0; r < cells->rows; r++)
        if (cells->number[part][r] > cells->number[whole][r]) {
            const struct fit_position p = cells->position[part][r];

            err_set(e, ERR_INPUT, "line %ju, column %ju: %s is larger than %s", (uintmax_t)p.line,
                    (uintmax_t)p.column, cells->columns[part].name, cells->columns[whole].name);
            return err_hint(e, "%s", hint);
        }
    return true;
}

/* Why this text is not of the kind, or NULL with the number. */
static const char *
number_of(enum fit_kind kind, struct span text, double *number)
{
    if (!span_real(text, number))
        return text.length == 0 ? "is empty" : "is not a number";
    if (kind != FIT_REAL && *number < 0)
        return "is negative";
    if (kind == FIT_COUNT && *number != floor(*number))
        return "is not a whole number";
    if (kind == FIT_COUNT && *number > 9007199254740992.0)
        return "is larger than 2^53";
    return NULL;
}

static const char *
label_of(struct arena *a, struct span text, const char **label)
{
    size_t bad;

    if (text.length == 0)
        return "is empty";
    if (!utf8_valid(text, &bad))
        return "is not valid UTF-8";
    *label = arena_strndup(a, text.data, text.length);
    return NULL;
}

static bool
refuse_kind(const struct fit_cells *cells, size_t row, size_t column, enum fit_kind kind,
            const char *why, struct err *e)
{
    fit_cells_refuse(cells, row, column, why, e);
    return err_hint(e, "%.60s takes %s, like %s", cells->columns[column].name, kinds[kind].text,
                    kinds[kind].example);
}

static bool
store_row(struct reading *r, const struct csv_row *row, struct err *e)
{
    struct fit_cells *const cells = r->cells;
    const size_t at = cells->rows;

    if (row->count != r->fields) {
        err_set(e, ERR_INPUT, "line %ju: %zu fields, the header has %zu", (uintmax_t)row->line,
                row->count, r->fields);
        return err_hint(e, "give every row all fields; quote a field that holds a comma");
    }
    for (size_t i = 0; i < row->count; i++) {
        const struct csv_field *const f = &row->fields[i];
        const size_t c = r->field_column[i];
        const enum fit_kind kind = cells->columns[c].kind;
        const char *const why = kind == FIT_FACTOR
                                    ? label_of(r->arena, f->text, &cells->label[c][at])
                                    : number_of(kind, f->text, &cells->number[c][at]);

        cells->position[c][at] = (struct fit_position){(uint32_t)f->line, f->column};
        if (why)
            return refuse_kind(cells, at, c, kind, why, e);
        r->bytes += sizeof(struct fit_position) + sizeof(double) +
                    (kind == FIT_FACTOR ? f->text.length + 1 : 0);
    }
    cells->rows++;
    return true;
}

/* What the splitter refused. */
static bool
hint_csv(struct err *e)
{
    if (e->code == ERR_INPUT && !e->hint[0])
        err_hint(e,
                 "quotes stand around a whole field and are doubled inside; one kind of line end");
    return false;
}

static bool
store_rows(struct reading *r, struct csv *csv, struct err *e)
{
    struct csv_row row;

    while (csv_next_row(csv, &row, e)) {
        if (r->cells->rows == FIT_MOST_ROWS || r->bytes > FIT_MOST_BYTES) {
            err_set(e, ERR_INPUT, "line %ju: more than %d rows or %d MiB", (uintmax_t)row.line,
                    FIT_MOST_ROWS, FIT_MOST_BYTES >> 20);
            return err_hint(e, "add rows up that agree in all but their counts");
        }
        if (r->cells->rows == r->room)
            grow(r);
        if (!store_row(r, &row, e))
            return false;
    }
    if (e->code != ERR_NONE)
        return hint_csv(e);
    if (r->cells->rows == 0) {
        err_set(e, ERR_INPUT, "there are no rows after the header");
        return err_hint(e, "give one row for each cell");
    }
    return true;
}

bool
fit_cells_read(struct arena *a, FILE *in, const struct fit_layout *layout, struct fit_cells *cells,
               struct err *e)
{
    struct csv *const csv = csv_new(a, (struct reader){read_stream, in}, NULL);
    struct reading *const r = arena_alloc(a, sizeof *r);
    struct csv_row row;

    *r = (struct reading){.arena = a, .layout = layout, .cells = cells};
    *cells = (struct fit_cells){.column_count = layout->count};
    memcpy(cells->columns, layout->columns, layout->count * sizeof *layout->columns);
    if (!csv_next_row(csv, &row, e)) {
        if (e->code != ERR_NONE)
            return hint_csv(e);
        err_set(e, ERR_INPUT, "there is no header");
        return err_hint(e, "the columns are %s", fit_layout_text(a, layout));
    }
    if (!match_header(r, &row, e))
        return err_hint(e, "the columns are %s", fit_layout_text(a, layout));
    return store_rows(r, csv, e);
}

/* ---- after reading --------------------------------------------------------------------------- */

size_t
fit_cells_column(const struct fit_cells *cells, const char *name)
{
    for (size_t c = 0; c < cells->column_count; c++)
        if (cells->position[c] && strcmp(cells->columns[c].name, name) == 0)
            return c;
    return FIT_NO_COLUMN;
}

bool
fit_cells_as_real(struct arena *a, struct fit_cells *cells, size_t column, struct err *e)
{
    if (cells->number[column])
        return true;

    double *const number = arena_array(a, cells->rows, sizeof *number);

    for (size_t r = 0; r < cells->rows; r++) {
        const char *const why = number_of(FIT_REAL, span_of(cells->label[column][r]), &number[r]);

        if (why)
            return refuse_kind(cells, r, column, FIT_REAL, why, e);
    }
    cells->number[column] = number;
    return true;
}
