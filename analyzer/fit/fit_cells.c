/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Strict reading of cells: each column once, each row complete, each number a number. The first
 * fault ends the run, because figures of half a file would look like figures of the whole.
 */
#include "analyzer/fit/fit_cells.h"

#include "analyzer/fit/fit_alike.h"
#include "analyzer/fit/fit_kind.h"
#include "common/csv.h"
#include "common/utf8.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * While rows are read, a row is a record of words: how often it stands in the file, the line where
 * it starts, where each field starts, and then what it says, text as the number of its level. So
 * to find a row like it is to compare words. The columns are made of the records at the end.
 */
enum { TIMES, LINE, FIELDS };

/* Rows are looked up so many at once: what that takes from memory comes for all of them together.
 */
enum { BATCH = 32 };

/* The state of one reading; field i of a row is column column[i], its value begins at word
 * value[i]. It owns the arrays of `cells`, which are the caller's to look at when all is read. */
struct reading {
    struct arena *arena;
    const struct fit_layout *layout;
    struct fit_cells cells;
    uint32_t *record;
    size_t column[FIT_MOST_COLUMNS]; /* one that cells does not have is looked at, not held */
    size_t value[FIT_MOST_COLUMNS];
    bool seen[FIT_MOST_COLUMNS];
    size_t fields;
    size_t values;                        /* the first word of them */
    size_t room;                          /* rows that fit */
    size_t level_room[FIT_MOST_COLUMNS];  /* levels that fit */
    struct alike level[FIT_MOST_COLUMNS]; /* of each column of text */
    struct alike row;                     /* rows, where they are merged */
    size_t pending;                       /* records after the last row that are to be looked up */
    uint64_t hash[BATCH];                 /* of their values */
    size_t row_bytes, bytes;              /* of one row; held in all */
};

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

/* ---- memory ---------------------------------------------------------------------------------- */

static void *
resized(void *old, size_t count, size_t size)
{
    void *const new = realloc(old, count * size);

    if (!new)
        err_fatal("out of memory");
    return new;
}

/* Room for more rows; what is grown this way is not zeroed. */
static void
grow(struct reading *r)
{
    r->room = r->room > 0 ? 2 * r->room : 4 * (size_t)BATCH;
    r->record = resized(r->record, r->room, r->cells.stride * sizeof *r->record);
    r->cells.record = r->record;
}

/* The numbers of a column that was read as text are the arena's. */
static void
release(void *reading)
{
    struct reading *const r = reading;

    for (size_t c = 0; c < FIT_MOST_COLUMNS; c++) {
        if (r->cells.columns[c].kind != FIT_FACTOR)
            free(r->cells.number[c]);
        free(r->cells.text[c].code);
        free(r->cells.text[c].level);
        alike_free(&r->level[c]);
    }
    free(r->record);
    alike_free(&r->row);
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
    struct fit_cells *const cells = &r->cells;
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

/* Where the values of a row stand in its record: texts take one word, numbers two. */
static void
lay_out(struct reading *r)
{
    struct fit_cells *const cells = &r->cells;

    r->values = cells->stride = FIELDS + r->fields;
    for (size_t i = 0; i < r->fields; i++) {
        r->value[i] = cells->stride;
        if (!fit_cells_has(cells, r->column[i]))
            continue;
        cells->stride += cells->columns[r->column[i]].kind == FIT_FACTOR ? 1 : 2;
    }
    r->row_bytes = (2 * cells->stride - r->values) * sizeof *r->record;
}

/* A name that the text only seems to have does no harm. */
static bool
is_wanted(const struct reading *r, size_t column)
{
    return column < r->layout->count || !r->layout->wanted ||
           strstr(r->layout->wanted, r->cells.columns[column].name) != NULL;
}

/* Gives each field its column. */
static bool
match_fields(struct reading *r, const struct csv_row *header, struct err *e)
{
    struct fit_cells *const cells = &r->cells;

    for (size_t i = 0; i < header->count; i++) {
        const struct csv_field *const f = &header->fields[i];
        size_t c = 0;

        while (c < cells->column_count && !span_is(f->text, cells->columns[c].name))
            c++;
        if (c == cells->column_count && !add_extra(r, f, &c, e))
            return false;
        if (r->seen[c])
            return refuse_header(f, "stands twice", e);
        r->seen[c] = true;
        if (is_wanted(r, c))
            cells->field[c] = i;
        r->column[i] = c;
    }
    r->fields = header->count;
    lay_out(r);
    return true;
}

static bool
match_header(struct reading *r, const struct csv_row *header, struct err *e)
{
    if (!match_fields(r, header, e))
        return false;
    for (size_t c = 0; c < r->layout->count; c++)
        if (!fit_cells_has(&r->cells, c) && !r->layout->columns[c].optional)
            return err_set(e, ERR_INPUT, "line %ju: column \"%s\" is missing",
                           (uintmax_t)header->line, r->layout->columns[c].name);
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Lines and bytes from the beginning of its record and its line: under 65,536 each, as a record
 * has no more bytes. */
static uint32_t
start_of(const struct csv_row *row, const struct csv_field *f)
{
    return (uint32_t)(f->line - row->line) << 16 | (f->column - 1);
}

struct fit_position
fit_cells_position(const struct fit_cells *cells, size_t row, size_t column)
{
    const uint32_t *const record = cells->record + row * cells->stride;
    const uint32_t start = record[FIELDS + cells->field[column]];

    return (struct fit_position){record[LINE] + (start >> 16), (start & 0xFFFF) + 1};
}

bool
fit_cells_refuse(const struct fit_cells *cells, size_t row, size_t column, const char *what,
                 struct err *e)
{
    const struct fit_position p = fit_cells_position(cells, row, column);

    return err_set(e, ERR_INPUT, "line %ju, column %ju: %s %s", (uintmax_t)p.line,
                   (uintmax_t)p.column, cells->columns[column].name, what);
}

bool
fit_cells_part_of(const struct fit_cells *cells, size_t part, size_t whole, const char *hint,
                  struct err *e)
{
    for (size_t r = 0; r < cells->rows; r++)
        if (cells->number[part][r] > cells->number[whole][r]) {
            const struct fit_position p = fit_cells_position(cells, r, part);

            err_set(e, ERR_INPUT, "line %ju, column %ju: %s is larger than %s", (uintmax_t)p.line,
                    (uintmax_t)p.column, cells->columns[part].name, cells->columns[whole].name);
            return err_hint(e, "%s", hint);
        }
    return true;
}

static bool
is_text(const char *level, struct span text)
{
    return strncmp(level, text.data, text.length) == 0 && level[text.length] == '\0';
}

static uint32_t
add_level(struct reading *r, size_t column, struct span text)
{
    struct fit_text *const t = &r->cells.text[column];

    if (t->levels == r->level_room[column]) {
        r->level_room[column] = t->levels > 0 ? 2 * t->levels : 16;
        t->level = resized(t->level, r->level_room[column], sizeof *t->level);
    }
    r->bytes += text.length + 1 + sizeof *t->level;
    t->level[t->levels] = arena_strndup(r->arena, text.data, text.length);
    return (uint32_t)t->levels++;
}

/* Why this text cannot be a level, or NULL. */
static const char *
fault_of(struct span text)
{
    size_t bad;

    if (text.length == 0)
        return "is empty";
    return utf8_valid(text, &bad) ? NULL : "is not valid UTF-8";
}

/* Why this text cannot be a level, or NULL with its number. */
static const char *
code_of(struct reading *r, size_t column, struct span text, uint32_t *code)
{
    struct alike *const known = &r->level[column];
    const char *const *const level = r->cells.text[column].level;
    const uint64_t hash = alike_hash(text.data, text.length);
    const char *why;
    size_t at;

    alike_reserve(known);
    for (at = alike_start(known, hash); known->slot[at].number != 0; at = alike_next(known, at)) {
        *code = known->slot[at].number - 1;
        if (known->slot[at].hash == (uint32_t)hash && is_text(level[*code], text))
            return NULL;
    }
    if ((why = fault_of(text)) != NULL)
        return why;
    *code = add_level(r, column, text);
    alike_put(known, at, hash, *code);
    return NULL;
}

static bool
hint_kind(const struct fit_cells *cells, size_t column, enum fit_kind kind, struct err *e)
{
    return err_hint(e, "%.60s takes %s, like %s", cells->columns[column].name, fit_kind_text(kind),
                    fit_kind_example(kind));
}

static bool
refuse_kind(const struct fit_cells *cells, size_t row, size_t column, enum fit_kind kind,
            const char *why, struct err *e)
{
    fit_cells_refuse(cells, row, column, why, e);
    return hint_kind(cells, column, kind, e);
}

/* Reads a field into its place in the record. */
static const char *
store_field(struct reading *r, size_t column, struct span text, uint32_t *value)
{
    const enum fit_kind kind = r->cells.columns[column].kind;
    double number;

    if (kind == FIT_FACTOR)
        return code_of(r, column, text, value);

    const char *const why = fit_number_of(kind, text, &number);

    if (!why)
        memcpy(value, &number, sizeof number);
    return why;
}

/* A field that is not held must be right all the same. */
static bool
check_text(const struct reading *r, size_t column, const struct csv_field *f, struct err *e)
{
    const char *const why = fault_of(f->text);

    if (!why)
        return true;
    err_set(e, ERR_INPUT, "line %ju, column %ju: %s %s", (uintmax_t)f->line, (uintmax_t)f->column,
            r->cells.columns[column].name, why);
    return hint_kind(&r->cells, column, FIT_FACTOR, e);
}

/* Looks for a row like this record, and counts it there; else finds the slot for it. */
static bool
count_again(struct reading *r, const uint32_t *record, uint64_t hash, size_t *slot)
{
    const struct alike *const known = &r->row;
    const size_t stride = r->cells.stride, bytes = (stride - r->values) * sizeof *record;
    size_t at;

    for (at = alike_start(known, hash); known->slot[at].number != 0; at = alike_next(known, at)) {
        uint32_t *const other = r->record + (known->slot[at].number - 1) * stride;

        if (known->slot[at].hash == (uint32_t)hash &&
            memcmp(other + r->values, record + r->values, bytes) == 0) {
            other[TIMES]++;
            return true;
        }
    }
    *slot = at;
    return false;
}

/* Asks memory for the row that each pending one will be compared with first. */
static void
fetch_rows(const struct reading *r)
{
    for (size_t i = 0; i < r->pending; i++) {
        const struct alike_slot s = r->row.slot[alike_start(&r->row, r->hash[i])];

        if (s.number != 0) {
            const uint32_t *const record = r->record + (s.number - 1) * r->cells.stride;

            __builtin_prefetch(record);
            __builtin_prefetch(record + r->values); /* mostly the last words too */
        }
    }
}

/* Holds the rows that are pending, but those like a row that is held. */
static void
hold_rows(struct reading *r)
{
    const size_t stride = r->cells.stride, count = r->pending;
    const uint32_t *from;

    if (count == 0)
        return; /* a file without rows has no records either */
    from = r->record + r->cells.rows * stride;
    if (r->layout->merges)
        fetch_rows(r);
    for (size_t i = 0; i < count; i++, from += stride) {
        uint32_t *const to = r->record + r->cells.rows * stride;
        size_t slot;

        if (r->layout->merges) {
            alike_reserve(&r->row);
            if (count_again(r, from, r->hash[i], &slot))
                continue;
            alike_put(&r->row, slot, r->hash[i], (uint32_t)r->cells.rows);
        }
        if (to != from)
            memcpy(to, from, stride * sizeof *to);
        r->bytes += r->row_bytes;
        r->cells.rows++;
    }
    r->pending = 0;
}

static void
postpone(struct reading *r, const uint32_t *record)
{
    const size_t length = (r->cells.stride - r->values) * sizeof *record;

    if (r->layout->merges) {
        const uint64_t hash = alike_hash((const char *)(record + r->values), length);

        r->hash[r->pending] = hash;
        __builtin_prefetch(&r->row.slot[alike_start(&r->row, hash)]);
    }
    if (++r->pending == BATCH)
        hold_rows(r);
}

static bool
store_row(struct reading *r, const struct csv_row *row, struct err *e)
{
    const size_t at = r->cells.rows + r->pending;

    if (row->count != r->fields) {
        err_set(e, ERR_INPUT, "line %ju: %zu fields, the header has %zu", (uintmax_t)row->line,
                row->count, r->fields);
        return err_hint(e, "give every row all fields; quote a field that holds a comma");
    }
    if (at == r->room)
        grow(r);

    uint32_t *const record = r->record + at * r->cells.stride;

    record[TIMES] = 1;
    record[LINE] = (uint32_t)row->line;
    for (size_t i = 0; i < row->count; i++) {
        const struct csv_field *const f = &row->fields[i];
        const size_t c = r->column[i];

        if (!fit_cells_has(&r->cells, c)) {
            if (!check_text(r, c, f, e))
                return false;
            continue;
        }

        const char *const why = store_field(r, c, f->text, record + r->value[i]);

        record[FIELDS + i] = start_of(row, f);
        if (why)
            return refuse_kind(&r->cells, at, c, r->cells.columns[c].kind, why, e);
    }
    r->cells.rows_read++;
    postpone(r, record);
    return true;
}

/* Makes the columns of the records. */
static void
make_columns(struct reading *r)
{
    struct fit_cells *const cells = &r->cells;

    for (size_t i = 0; i < r->fields; i++) {
        const size_t c = r->column[i];
        const uint32_t *value = r->record + r->value[i];

        if (!fit_cells_has(cells, c))
            continue;
        if (cells->columns[c].kind == FIT_FACTOR) {
            cells->text[c].code = resized(NULL, cells->rows, sizeof *cells->text[c].code);
            for (size_t row = 0; row < cells->rows; row++, value += cells->stride)
                cells->text[c].code[row] = *value;
        } else {
            cells->number[c] = resized(NULL, cells->rows, sizeof *cells->number[c]);
            for (size_t row = 0; row < cells->rows; row++, value += cells->stride)
                memcpy(&cells->number[c][row], value, sizeof *cells->number[c]);
        }
    }
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
        if (r->cells.rows_read == FIT_MOST_ROWS || r->bytes > FIT_MOST_BYTES) {
            err_set(e, ERR_INPUT, "line %ju: more than %d rows or %d MiB", (uintmax_t)row.line,
                    FIT_MOST_ROWS, FIT_MOST_BYTES >> 20);
            return err_hint(e, "add rows up that agree in all but their counts");
        }
        if (!store_row(r, &row, e))
            return false;
    }
    if (e->code != ERR_NONE)
        return hint_csv(e);
    hold_rows(r);
    if (r->cells.rows == 0) {
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

    *r = (struct reading){.arena = a, .layout = layout, .cells = {.column_count = layout->count}};
    for (size_t c = 0; c < FIT_MOST_COLUMNS; c++)
        r->cells.field[c] = FIT_NO_COLUMN;
    arena_own(a, r, release);
    memcpy(r->cells.columns, layout->columns, layout->count * sizeof *layout->columns);
    if (!csv_next_row(csv, &row, e)) {
        if (e->code != ERR_NONE)
            return hint_csv(e);
        err_set(e, ERR_INPUT, "there is no header");
        return fit_layout_hint(a, layout, e);
    }
    if (!match_header(r, &row, e))
        return fit_layout_hint(a, layout, e);
    alike_reserve(&r->row);
    if (!store_rows(r, csv, e))
        return false;
    make_columns(r);
    alike_free(&r->row);
    *cells = r->cells;
    return true;
}

/* ---- after reading --------------------------------------------------------------------------- */

size_t
fit_cells_column(const struct fit_cells *cells, const char *name)
{
    for (size_t c = 0; c < cells->column_count; c++)
        if (fit_cells_has(cells, c) && strcmp(cells->columns[c].name, name) == 0)
            return c;
    return FIT_NO_COLUMN;
}

bool
fit_cells_as_real(struct arena *a, struct fit_cells *cells, size_t column, struct err *e)
{
    if (cells->number[column])
        return true;

    const struct fit_text *const t = &cells->text[column];
    double *const of_level = arena_array(a, t->levels, sizeof *of_level);
    double *const number = arena_array(a, cells->rows, sizeof *number);

    for (size_t l = 0; l < t->levels; l++) {
        const char *const why = fit_number_of(FIT_REAL, span_of(t->level[l]), &of_level[l]);
        size_t row = 0;

        if (!why)
            continue;
        while (t->code[row] != l)
            row++;
        return refuse_kind(cells, row, column, FIT_REAL, why, e);
    }
    for (size_t r = 0; r < cells->rows; r++)
        number[r] = of_level[t->code[r]];
    cells->number[column] = number;
    return true;
}
