/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Strict reading of cells: each column once, each row complete, each number a number. The first
 * fault ends the run, because figures of half a file would look like figures of the whole.
 */
#include "analyzer/fit/fit_model.h"
#include "common/csv.h"
#include "common/utf8.h"

#include <math.h>
#include <string.h>

static bool
read_stream(void *context, char *buffer, size_t capacity, size_t *got, struct err *e)
{
    FILE *const in = context;

    *got = fread(buffer, 1, capacity, in);
    if (*got == 0 && ferror(in))
        return err_set(e, ERR_RETRY, "the cells could not be read");
    return true;
}

static const char *
names_of(struct arena *a, const struct fit_column *columns, size_t count)
{
    const char *names = columns[0].name;

    for (size_t i = 1; i < count; i++)
        names = arena_printf(a, "%s, %s", names, columns[i].name);
    return names;
}

static bool
is_printable(struct span s)
{
    for (size_t i = 0; i < s.length; i++)
        if (s.data[i] < ' ' || s.data[i] > '~')
            return false;
    return s.length > 0 && s.length <= 40;
}

static bool
unknown_column(const struct csv_row *header, size_t field, struct err *e)
{
    const struct csv_field *const f = &header->fields[field];

    if (is_printable(f->text))
        return err_set(e, ERR_INPUT, "line %ju, column %ju: unknown column \"%.*s\"",
                       (uintmax_t)f->line, (uintmax_t)f->column, (int)f->text.length, f->text.data);
    return err_set(e, ERR_INPUT, "line %ju, column %ju: unknown column", (uintmax_t)f->line,
                   (uintmax_t)f->column);
}

/* at[c] is the field in which column c stands. */
static bool
match_header(const struct csv_row *header, const struct fit_column *columns, size_t count,
             size_t *at, struct err *e)
{
    for (size_t c = 0; c < count; c++)
        at[c] = header->count;
    for (size_t i = 0; i < header->count; i++) {
        const struct csv_field *const f = &header->fields[i];
        size_t c = 0;

        while (c < count && !span_is(f->text, columns[c].name))
            c++;
        if (c == count)
            return unknown_column(header, i, e);
        if (at[c] < header->count)
            return err_set(e, ERR_INPUT, "line %ju, column %ju: column \"%s\" stands twice",
                           (uintmax_t)f->line, (uintmax_t)f->column, columns[c].name);
        at[c] = i;
    }
    for (size_t c = 0; c < count; c++)
        if (at[c] == header->count)
            return err_set(e, ERR_INPUT, "line %ju: column \"%s\" is missing",
                           (uintmax_t)header->line, columns[c].name);
    return true;
}

/* Room for twice the rows, the old ones copied; the arena keeps the old block until the end. */
static void *
grown(struct arena *a, const void *old, size_t rows, size_t room, size_t size)
{
    void *const new = arena_array(a, room, size);

    if (rows > 0)
        memcpy(new, old, rows * size);
    return new;
}

static void
grow(struct arena *a, struct fit_cells *cells, size_t room)
{
    for (size_t c = 0; c < cells->column_count; c++) {
        if (cells->columns[c].kind == FIT_LABEL)
            cells->label[c] = grown(a, cells->label[c], cells->rows, room, sizeof(char *));
        else
            cells->number[c] = grown(a, cells->number[c], cells->rows, room, sizeof(double));
        cells->position[c] =
            grown(a, cells->position[c], cells->rows, room, sizeof(struct fit_position));
    }
}

bool
fit_cells_refuse(const struct fit_cells *cells, size_t row, size_t column, const char *what,
                 struct err *e)
{
    const struct fit_position p = cells->position[column][row];

    return err_set(e, ERR_INPUT, "line %ju, column %ju: %s %s", (uintmax_t)p.line,
                   (uintmax_t)p.column, cells->columns[column].name, what);
}

static bool
store_label(struct arena *a, struct fit_cells *cells, size_t column, struct span text,
            struct err *e)
{
    const size_t row = cells->rows;
    size_t bad;

    if (text.length == 0)
        return fit_cells_refuse(cells, row, column, "is empty", e);
    if (!utf8_valid(text, &bad))
        return fit_cells_refuse(cells, row, column, "is not valid UTF-8", e);
    cells->label[column][row] = arena_strndup(a, text.data, text.length);
    return true;
}

static bool
store_number(struct fit_cells *cells, size_t column, struct span text, struct err *e)
{
    const size_t row = cells->rows;
    const bool whole = cells->columns[column].kind == FIT_COUNT;
    double number;

    if (!span_real(text, &number) || !isfinite(number))
        return fit_cells_refuse(cells, row, column, "is not a number", e);
    if (number < 0)
        return fit_cells_refuse(cells, row, column, "is negative", e);
    if (whole && number != floor(number))
        return fit_cells_refuse(cells, row, column, "is not a whole number", e);
    if (whole && number > 9007199254740992.0)
        return fit_cells_refuse(cells, row, column, "is larger than 2^53", e);
    cells->number[column][row] = number;
    return true;
}

static bool
store_row(struct arena *a, struct fit_cells *cells, const struct csv_row *row, const size_t *at,
          struct err *e)
{
    if (row->count != cells->column_count)
        return err_set(e, ERR_INPUT, "line %ju: %zu fields, the header has %zu",
                       (uintmax_t)row->line, row->count, cells->column_count);
    for (size_t c = 0; c < cells->column_count; c++) {
        const struct csv_field *const f = &row->fields[at[c]];

        cells->position[c][cells->rows] = (struct fit_position){f->line, f->column};
        if (!(cells->columns[c].kind == FIT_LABEL ? store_label(a, cells, c, f->text, e)
                                                  : store_number(cells, c, f->text, e)))
            return false;
    }
    cells->rows++;
    return true;
}

bool
fit_cells_read(struct arena *a, FILE *in, const struct fit_column *columns, size_t count,
               struct fit_cells *cells, struct err *e)
{
    struct csv *const csv = csv_new(a, (struct reader){read_stream, in}, NULL);
    struct csv_row row;
    size_t at[FIT_COLUMNS] = {0};
    size_t room = 0;

    *cells = (struct fit_cells){.columns = columns, .column_count = count};
    if (!csv_next_row(csv, &row, e)) {
        if (e->code == ERR_NONE)
            err_set(e, ERR_INPUT, "there is no header");
        return err_hint(e, "the columns are %s", names_of(a, columns, count));
    }
    if (!match_header(&row, columns, count, at, e))
        return err_hint(e, "the columns are %s", names_of(a, columns, count));
    while (csv_next_row(csv, &row, e)) {
        if (cells->rows == FIT_MOST_ROWS)
            return err_set(e, ERR_INPUT, "line %ju: more than %d rows", (uintmax_t)row.line,
                           FIT_MOST_ROWS);
        if (cells->rows == room) {
            room = room > 0 ? 2 * room : 64;
            grow(a, cells, room);
        }
        if (!store_row(a, cells, &row, at, e))
            return false;
    }
    if (e->code == ERR_NONE && cells->rows == 0)
        err_set(e, ERR_INPUT, "there are no rows after the header");
    return e->code == ERR_NONE;
}
