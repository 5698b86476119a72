/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Fuzzes the CSV splitter. The first byte chooses the limits; the rest is the file. However the
 * stream is cut, the same comes out; lines never go back; and what the splitter takes whole, libcsv
 * in strict mode reads as the same fields.
 */
#include "common/csv.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool holds)
{
    if (!holds)
        abort();
}

static void
note_row(struct strbuf *out, const struct csv_row *row)
{
    uint64_t line = row->line;

    must(row->count > 0);
    for (size_t i = 0; i < row->count; i++) {
        const struct csv_field *const f = &row->fields[i];

        must(f->line >= line && f->column >= 1);
        line = f->line;
        strbuf_printf(out, "[%d:%ju:%u:%zu:", f->quoted, (uintmax_t)f->line, f->column,
                      f->text.length);
        strbuf_add(out, f->text.data, f->text.length);
        strbuf_add_char(out, ']');
    }
}

/* Writes all that comes out of the splitter to a buffer; *clean when every record was good. */
static struct strbuf *
run(struct arena *a, struct span bytes, size_t step, const struct csv_options *o, bool *clean)
{
    struct csv *const c = csv_new(a, reader_memory(a, bytes, step), o);
    struct strbuf *const out = strbuf_new(a, SIZE_MAX);
    enum csv_status status = CSV_ROW;
    uint64_t line = 1;

    *clean = true;
    while (status == CSV_ROW || status == CSV_BAD) {
        struct csv_row row;
        struct err e = {0};

        status = csv_next(c, &row, &e);
        must(row.line >= line);
        line = row.line;
        strbuf_printf(out, "\n%d %ju %d %ju %s", (int)status, (uintmax_t)row.line, row.terminated,
                      (uintmax_t)csv_empty_lines(c), e.text);
        if (status == CSV_ROW)
            note_row(out, &row);
        else
            *clean = *clean && status == CSV_END;
        must((status == CSV_BAD || status == CSV_FATAL) == (e.text[0] != '\0'));
        must(status != CSV_ROW || row.count <= (o->fields ? o->fields : 512));
    }
    return out;
}

/* ---- the comparison with libcsv -------------------------------------------------------------- */

static void
add_field(void *text, size_t length, void *out)
{
    strbuf_printf(out, "[%zu:", length);
    strbuf_add(out, text, length);
    strbuf_add_char(out, ']');
}

static void
end_row(int c, void *out)
{
    (void)c;
    strbuf_add_char(out, '\n');
}

static int
no_space(unsigned char c)
{
    (void)c;
    return 0;
}

static struct strbuf *
read_with_libcsv(struct arena *a, struct span bytes)
{
    struct strbuf *const out = strbuf_new(a, SIZE_MAX);
    struct csv_parser p;

    must(csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) == 0);
    csv_set_space_func(&p, no_space);
    must(csv_parse(&p, bytes.data, bytes.length, add_field, end_row, out) == bytes.length);
    must(csv_fini(&p, add_field, end_row, out) == 0);
    csv_free(&p);
    return out;
}

static void
compare_with_libcsv(struct arena *a, struct span bytes, const struct csv_options *o)
{
    struct csv *const c = csv_new(a, reader_memory(a, bytes, 0), o);
    struct strbuf *const out = strbuf_new(a, SIZE_MAX);
    struct csv_row row;
    struct err e;

    while (csv_next(c, &row, &e) == CSV_ROW) {
        for (size_t i = 0; i < row.count; i++) {
            strbuf_printf(out, "[%zu:", row.fields[i].text.length);
            strbuf_add(out, row.fields[i].text.data, row.fields[i].text.length);
            strbuf_add_char(out, ']');
        }
        strbuf_add_char(out, '\n');
    }
    if (bytes.length >= 3 && memcmp(bytes.data, "\xEF\xBB\xBF", 3) == 0)
        bytes = (struct span){bytes.data + 3, bytes.length - 3};

    const struct strbuf *const theirs = read_with_libcsv(a, bytes);

    must(span_equal((struct span){out->data, out->length},
                    (struct span){theirs->data, theirs->length}));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;

    struct arena *const a = arena_new();
    const uint8_t choice = data[0];
    const struct csv_options options = {.record_bytes = choice & 1 ? 1 + choice / 8 : 0,
                                        .fields = choice & 2 ? 1 + choice / 64 : 0};
    const struct span bytes = {(const char *)data + 1, size - 1};
    bool clean = false, clean_again = false;
    const struct strbuf *const whole = run(a, bytes, 0, &options, &clean);
    const struct strbuf *const cut = run(a, bytes, 1 + choice % 7, &options, &clean_again);

    must(whole->length == cut->length && memcmp(whole->data, cut->data, cut->length) == 0);
    if (clean)
        compare_with_libcsv(a, bytes, &options);
    arena_free(a);
    return 0;
}
