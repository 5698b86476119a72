/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Files of our own form to JSON rows, and rows to the database. What a kind's columns are is
 * load_kinds.c's; CBS's table is load_kwb.c's.
 */
#include "sql/load.h"

#include "common/clock.h"
#include "common/csv.h"
#include "common/digest.h"
#include "common/json.h"
#include "common/utf8.h"

#include "gen/queries.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 64 << 20, COLUMNS_MOST = 64 };

/* ---- cells ----------------------------------------------------------------------------------- */

static json_t *
cell_text(struct span s)
{
    return json_stringn(s.data, s.length);
}

static json_t *
cell_int(struct span s)
{
    int64_t value;

    return span_int64(s, 0, INT64_C(1000000000000), &value) ? json_integer(value) : NULL;
}

static json_t *
cell_number(struct span s)
{
    double value;

    return span_real(s, &value) && isfinite(value) && value >= 0 ? json_real(value) : NULL;
}

static json_t *
cell_date(struct span s)
{
    int64_t days;

    return date_parse(s, &days) ? cell_text(s) : NULL;
}

static json_t *
cell_time(struct span s)
{
    instant t;
    bool has_offset;

    return instant_parse(s, &t, &has_offset) && has_offset ? cell_text(s) : NULL;
}

static json_t *
cell_list(struct span s)
{
    json_t *const list = json_array();
    const char *const end = s.data + s.length;

    for (const char *at = s.data; at && at < end;) {
        const char *const bar = memchr(at, '|', (size_t)(end - at));
        const char *const stop = bar ? bar : end;

        if (stop > at)
            json_array_append_new(list, json_stringn(at, (size_t)(stop - at)));
        at = stop + 1;
    }
    return list;
}

static const struct {
    json_t *(*read)(struct span);
    const char *wants;
} cells[] = {
    [LOAD_TEXT] = {cell_text, "text"},
    [LOAD_INT] = {cell_int, "a whole number, 0 or more"},
    [LOAD_NUMBER] = {cell_number, "a number, 0 or more"},
    [LOAD_DATE] = {cell_date, "a date (yyyy-mm-dd)"},
    [LOAD_TIME] = {cell_time, "a time with its offset (2026-11-20T21:40:00+01:00)"},
    [LOAD_LIST] = {cell_list, "codes separated by |"},
};

/* ---- our own CSV ----------------------------------------------------------------------------- */

struct reading {
    const struct load_kind *kind;
    const struct load_file *file;
    int field_of[COLUMNS_MOST];         /* field of each column, -1 when absent */
    const char *fallback[COLUMNS_MOST]; /* as in the table, options applied */
    size_t width;                       /* fields of the header */
};

static const char *
option_value(const struct load_options *o, const struct load_file *file, const char *option)
{
    if (!option)
        return NULL;
    if (strcmp(option, "area-set") == 0)
        return o->area_set;
    if (strcmp(option, "year") == 0)
        return o->year;
    return o->table ? o->table : file->name;
}

static bool
read_header(struct reading *r, const struct csv_row *row, const struct load_options *o,
            struct err *e)
{
    r->width = row->count;
    for (size_t c = 0; c < r->kind->column_count; c++) {
        const struct load_column *const column = &r->kind->columns[c];
        const char *const given = option_value(o, r->file, column->option);

        r->field_of[c] = -1;
        r->fallback[c] = given ? given : column->fallback;
        for (size_t f = 0; f < row->count; f++)
            if (span_is(row->fields[f].text, column->name) ||
                (column->other && span_is(row->fields[f].text, column->other)))
                r->field_of[c] = (int)f;
        if (r->field_of[c] < 0 && !r->fallback[c]) {
            err_set(e, ERR_INPUT, "%s line %" PRIu64 ": column %s is missing", r->file->name,
                    row->line, column->name);
            if (column->option)
                err_hint(e, "Add the column, or give --%s", column->option);
            return false;
        }
    }
    return true;
}

static json_t *
read_cell(const struct reading *r, size_t c, const struct csv_row *row, struct err *e)
{
    const struct load_column *const column = &r->kind->columns[c];
    const struct csv_field *const field = r->field_of[c] < 0 ? NULL : &row->fields[r->field_of[c]];
    struct span text = field ? field->text : (struct span){NULL, 0};
    size_t bad;

    if (text.length == 0) {
        if (!r->fallback[c]) {
            err_set(e, ERR_INPUT, "%s line %" PRIu64 " column %s: empty", r->file->name, row->line,
                    column->name);
            return NULL;
        }
        text = span_of(r->fallback[c]);
        if (text.length == 0 && column->type != LOAD_LIST)
            return json_null();
    }

    json_t *const value = utf8_valid(text, &bad) ? cells[column->type].read(text) : NULL;

    if (!value)
        err_set(e, ERR_INPUT, "%s line %" PRIu64 " column %s (byte %u): not %s", r->file->name,
                field ? field->line : row->line, column->name, field ? field->column : 0,
                cells[column->type].wants);
    return value;
}

static bool
read_row(const struct reading *r, const struct csv_row *row, json_t *rows, struct err *e)
{
    json_t *const object = json_object();

    json_array_append_new(rows, object);
    if (row->count != r->width)
        return err_set(e, ERR_INPUT, "%s line %" PRIu64 ": %zu fields, the header has %zu",
                       r->file->name, row->line, row->count, r->width);
    for (size_t c = 0; c < r->kind->column_count; c++) {
        json_t *const value = read_cell(r, c, row, e);

        if (!value)
            return false;
        json_object_set_new(object, r->kind->columns[c].name, value);
    }
    json_object_set_new(object, "row", json_integer((json_int_t)json_array_size(rows)));
    return true;
}

static json_t *
plain_rows(struct arena *a, const struct load_kind *kind, const struct load_file *file,
           const struct load_options *options, struct err *e)
{
    struct csv *const csv = csv_new(a, reader_memory(a, file->bytes, 0), NULL);
    json_t *const rows = json_own(a, json_array());
    struct reading r = {.kind = kind, .file = file};
    struct csv_row row;

    while (csv_next_row(csv, &row, e)) {
        if (r.width == 0 ? !read_header(&r, &row, options, e) : !read_row(&r, &row, rows, e))
            return NULL;
    }
    if (e->code == ERR_NONE && r.width > 0)
        return rows;
    if (e->code == ERR_NONE)
        err_set(e, ERR_INPUT, "%s: no header", file->name);
    else
        err_context(e, "%s", file->name);
    return NULL;
}

/* ---- storing --------------------------------------------------------------------------------- */

bool
load_read(struct arena *a, const char *path, struct load_file *file, struct err *e)
{
    struct file_reader *const f = file_reader_open(a, path, e);

    if (!f)
        return false;
    if (file_reader_size(f) > FILE_BYTES)
        return err_set(e, ERR_INPUT, "%s has more than %d MiB", path, FILE_BYTES >> 20);

    const struct reader in = file_reader_reader(f);
    const char *const slash = strrchr(path, '/');
    const size_t room = (size_t)file_reader_size(f) + 1;
    char *const bytes = arena_alloc(a, room);
    size_t length = 0, got = 1;

    while (got > 0 && length < room) {
        if (!in.read(in.context, bytes + length, room - length, &got, e))
            return err_context(e, "%s", path);
        length += got;
    }
    if (!file_reader_unchanged(f, e))
        return false;
    *file = (struct load_file){slash ? slash + 1 : path, {bytes, length}};
    return true;
}

/* The same bytes read with other options are another load. */
static const char *
record_kind(struct arena *a, const struct load_kind *kind, const struct load_options *o)
{
    return arena_printf(a, "%s:%s:%s:%s", kind->name, o->area_set ? o->area_set : "",
                        o->year ? o->year : "", o->municipality ? o->municipality : "");
}

static const char *
load_id(struct db *db, struct arena *a, const char *kind, const struct load_file *file,
        const json_t *rows, bool *known, struct err *e)
{
    uint8_t digest[DIGEST_BYTES];
    char hex[2 * DIGEST_BYTES + 1];

    sha256_of(file->bytes.data, file->bytes.length, digest);
    hex_of(digest, DIGEST_BYTES, hex);

    const char *const args[] = {kind, file->name, arena_printf(a, "\\x%s", hex),
                                arena_printf(a, "%zu", json_array_size(rows))};
    const struct rows *const r = db_query(db, a, &sql_db_load_record, args, e);

    *known = r && rows_is_null(r, 0, "load_id");
    return r ? rows_text(r, 0, "load_id") : NULL;
}

static bool
check_bridge(struct db *db, struct arena *a, const char *id, struct err *e)
{
    const char *const args[] = {id};
    const struct rows *const r = db_query(db, a, &sql_db_bridge_sums, args, e);

    if (!r)
        return false;
    return rows_count(r) == 0 ||
           err_set(e, ERR_INPUT, "bridge %s: the weights of class %s add up to %s, not 1",
                   rows_text(r, 0, "version"), rows_text(r, 0, "class"), rows_text(r, 0, "total"));
}

static bool
store_rows(struct db *db, struct arena *a, const struct load_kind *kind,
           const struct sql_query *query, const char *id, const json_t *rows, struct err *e)
{
    struct strbuf *const text = strbuf_new(a, 4U * FILE_BYTES);

    json_write(text, rows, JSON_CANONICAL);
    if (text->overflow)
        return err_set(e, ERR_INPUT, "too many rows for one load");

    const char *const args[] = {text->data, id};

    if (!db_query(db, a, query, args, e))
        return err_context(e, "load %s", kind->name);
    return kind != &load_bridge || check_bridge(db, a, id, e);
}

static bool
store_whole(struct db *db, struct arena *a, const struct load_kind *kind,
            const struct load_file *file, const struct load_options *options,
            struct load_result *result, struct err *e)
{
    const bool kwb = load_is_kwb(file) && (kind == &load_areas || kind == &load_population);
    const json_t *const rows =
        kwb ? load_kwb_rows(a, kind, file, options, e) : plain_rows(a, kind, file, options, e);

    *result = (struct load_result){0, false};
    if (!rows || !db_begin(db, e))
        return false;

    const char *const id =
        load_id(db, a, record_kind(a, kind, options), file, rows, &result->known, e);

    if (!id)
        return result->known;
    if (!store_rows(db, a, kind, kwb && kind == &load_areas ? &sql_db_load_kwb_areas : kind->store,
                    id, rows, e))
        return false;
    result->rows = json_array_size(rows);
    return db_commit(db, e);
}

bool
load_store(struct db *db, struct arena *a, const struct load_kind *kind,
           const struct load_file *file, const struct load_options *options,
           struct load_result *result, struct err *e)
{
    const bool ok = store_whole(db, a, kind, file, options, result, e);

    if (!ok || result->known)
        db_rollback(db);
    return ok;
}

bool
load_shipped(struct db *db, struct arena *a, uint64_t *rows, struct err *e)
{
    static const struct {
        const struct load_kind *kind;
        const char *path;
    } shipped[] = {
        {&load_codes, "sql/reference/codes.csv"},
        {&load_shipped_settings, "sql/reference/settings.csv"},
        {&load_areas, "sql/reference/den-haag-areas.csv"},
        {&load_population, "sql/reference/den-haag-population.csv"},
        {&load_bridge, "sql/reference/bridge.csv"},
    };
    const struct load_options options = {0};

    *rows = 0;
    for (size_t i = 0; i < sizeof shipped / sizeof shipped[0]; i++) {
        const struct sql_script *const script = sql_script_find(shipped[i].path);
        struct load_result result;

        if (!script)
            return err_set(e, ERR_INTERNAL, "%s is not in the program", shipped[i].path);

        const struct load_file file = {strrchr(script->path, '/') + 1,
                                       {script->text, (size_t)script->length}};
        struct arena *const scratch = arena_child(a);
        const bool ok = load_store(db, scratch, shipped[i].kind, &file, &options, &result, e);

        arena_free(scratch);
        if (!ok)
            return false;
        *rows += result.rows;
    }
    return true;
}
