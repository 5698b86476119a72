/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * CSV: the frame of rows for canonical files and profiles, and the rows of canonical files. The
 * header must have known names in the canonical order. Adjacent rows with one record number are one
 * registration; a row that repeats its first row to the byte begins a new one (a double delivery).
 */
#include "collector/decode_csv.h"
#include "collector/forbidden.h"
#include "common/utf8.h"

#include <string.h>

enum { ROWS_MOST = 10000, RAW_MOST = 16 * 1024 * 1024 };

struct csv_form {
    struct csv *csv;
    struct csv_row row; /* the next row, when has_row; its texts live until the csv's next row */
    enum csv_status status;
    bool has_row, header_read;
    unsigned count; /* of columns */
    struct span *names;
    struct csv_columns *columns; /* canonical */
    struct profile_form *profile;
    struct strbuf *raw; /* rows of the record at hand */
    struct err fault;   /* of status */
};

bool
csv_form_start(struct decoder *d, struct reader in, struct err *e)
{
    const struct csv_options options = {.record_bytes = RECORD_BYTES_MOST};

    (void)e;
    d->csv = arena_alloc(d->arena, sizeof *d->csv);
    d->csv->csv = csv_new(d->arena, in, &options);
    d->csv->raw = strbuf_new(d->arena, RAW_MOST);
    return true;
}

/* Makes the next row the one at hand, unless there is one already. */
static void
fetch(struct csv_form *f)
{
    if (!f->has_row)
        f->status = csv_next(f->csv, &f->row, &f->fault);
    f->has_row = true;
}

/* ---- the header ------------------------------------------------------------------------------ */

static bool
header_readable(struct decoder *d, struct outcome *o)
{
    struct csv_form *const f = d->csv;

    if (f->status == CSV_END)
        return err_set(o->e, ERR_INPUT, "the file has no header");
    if (f->status != CSV_ROW) {
        *o->e = f->fault;
        return err_context(o->e, "header");
    }
    if (f->row.count == 1 &&
        memchr(f->row.fields[0].text.data, ';', f->row.fields[0].text.length)) {
        err_set(o->e, ERR_INPUT, "the header is separated by semicolons, not commas");
        return err_hint(o->e, "export the file as comma-separated values");
    }
    f->count = (unsigned)f->row.count;
    f->names = arena_array(d->arena, f->count, sizeof *f->names);
    for (unsigned i = 0; i < f->count; i++) {
        const struct span s = f->row.fields[i].text;
        size_t bad;
        if (!utf8_valid(s, &bad))
            return err_set(o->e, ERR_INPUT, "column %u of the header is not UTF-8", i + 1);
        f->names[i] = (struct span){arena_strndup(d->arena, s.data, s.length), s.length};
    }
    return true;
}

static bool
read_header(struct decoder *d, struct outcome *o)
{
    struct csv_form *const f = d->csv;

    fetch(f);
    if (!header_readable(d, o))
        return false;
    if (d->profile)
        f->profile = profile_form_new(d, f->names, f->count, o->e);
    else
        f->columns = csv_columns_new(d, f->names, f->count, o->e);
    f->has_row = false;
    f->header_read = f->profile || f->columns;
    return f->header_read;
}

/* The header once more, in the middle of the file. */
static bool
is_header(const struct csv_form *f)
{
    for (unsigned i = 0; i < f->count; i++)
        if (!span_equal(f->row.fields[i].text, f->names[i]))
            return false;
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static char *
put_field(char *p, const struct csv_field *field)
{
    const struct span s = field->text;

    if (!field->quoted) {
        memcpy(p, s.data, s.length);
        return p + s.length;
    }
    *p++ = '"';
    for (size_t i = 0; i < s.length; i++) {
        if (s.data[i] == '"')
            *p++ = '"';
        *p++ = s.data[i];
    }
    *p++ = '"';
    return p;
}

/* Adds the row as it was delivered, ended by one LF; gives its place in the buffer. */
static struct span
keep_row(struct csv_form *f)
{
    const struct csv_row *const row = &f->row;
    size_t most = row->count;
    const size_t before = f->raw->length;

    for (size_t i = 0; i < row->count; i++)
        most += row->fields[i].text.length * (row->fields[i].quoted ? 2 : 1) + 2;
    if (!strbuf_reserve(f->raw, most))
        return (struct span){0};
    char *p = f->raw->data + before;
    for (size_t i = 0; i < row->count; i++) {
        p = put_field(p, &row->fields[i]);
        *p++ = i + 1 < row->count ? ',' : '\n';
    }
    f->raw->length = (size_t)(p - f->raw->data);
    return (struct span){f->raw->data + before, f->raw->length - before};
}

static struct span
kept_rows(struct csv_form *f, struct arena *a)
{
    return (struct span){arena_strndup(a, f->raw->data, f->raw->length), f->raw->length};
}

/* Whether the next row goes on with the record; then it has been kept. */
static bool
continues(struct csv_form *f, const struct record *r, size_t first_length)
{
    size_t bad;

    fetch(f);
    if (f->status != CSV_ROW || f->row.count != f->count || r->rows >= ROWS_MOST ||
        !csv_same_stop(f->columns, &f->row))
        return false;
    const size_t before = f->raw->length;
    const struct span row = keep_row(f);
    const struct span first = {f->raw->data, first_length};
    if (row.length > 0 && !span_equal(row, first) && utf8_valid(row, &bad))
        return true;
    f->raw->length = before;
    return false;
}

static enum decode_status
take_stop(struct decoder *d, struct outcome *o, struct record *r, size_t first_length)
{
    struct csv_form *const f = d->csv;

    do {
        csv_row_person(d, o, f->columns, &f->row, r);
        r->rows++;
        f->has_row = false;
    } while (continues(f, r, first_length));
    r->raw = kept_rows(f, o->a);
    return decode_finish(d, o, r);
}

static enum decode_status
take_row(struct decoder *d, struct outcome *o, struct record **record)
{
    struct csv_form *const f = d->csv;
    size_t bad;

    if (f->row.count == f->count && is_header(f)) {
        d->fatal_line = f->row.line;
        err_set(o->e, ERR_INPUT, "line %llu repeats the header", (unsigned long long)f->row.line);
        return decode_fatal(o, RULE_F001);
    }
    strbuf_clear(f->raw);
    const struct span raw = keep_row(f);
    if (f->row.count != f->count || !utf8_valid(raw, &bad)) {
        const char *const reason =
            f->row.count == f->count
                ? "not valid UTF-8"
                : arena_printf(o->a, "%zu fields where the header has %u", f->row.count, f->count);

        *record = decode_unreadable(o, f->row.line, kept_rows(f, o->a), reason);
        f->has_row = false;
        return DECODE_RECORD;
    }
    struct record *const r = *record = arena_alloc(o->a, sizeof *r);
    r->line = f->row.line;
    if (!d->profile)
        return take_stop(d, o, r, raw.length);
    profile_form_record(d, f->profile, o, &f->row, r);
    r->rows = 1;
    r->raw = kept_rows(f, o->a);
    f->has_row = false;
    return decode_finish(d, o, r);
}

enum decode_status
csv_form_next(struct decoder *d, struct outcome *o, struct record **record)
{
    struct csv_form *const f = d->csv;

    if (!f->header_read && !read_header(d, o)) {
        d->fatal_line = f->row.line;
        return decode_fatal(o, f->status == CSV_FATAL && csv_quote_open(f->csv) ? RULE_F007
                                                                                : RULE_F001);
    }
    fetch(f);
    switch (f->status) {
    case CSV_END:
        return DECODE_END;
    case CSV_FATAL:
        *o->e = f->fault;
        d->fatal_line = f->row.line;
        return decode_fatal(o, csv_quote_open(f->csv) ? RULE_F007 : RULE_F001);
    case CSV_BAD:
        *record = decode_unreadable(o, f->row.line, (struct span){0}, f->fault.text);
        f->has_row = false;
        return DECODE_RECORD;
    case CSV_ROW:
        break;
    }
    return take_row(d, o, record);
}
