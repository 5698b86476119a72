/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The CSV splitter. The window always holds the longest record, so a record is scanned in one go
 * and, when it turns out to be cut off by the end of the window, scanned again after a refill: no
 * state is kept inside a record. What is decided depends on the bytes of a record only, never on
 * how the stream cut them. Doubled quotes are undone in place, once the record is known to be
 * whole.
 */
#include "common/csv.h"

#include <string.h>

enum { RECORD_DEFAULT = 65536, FIELDS_DEFAULT = 512, SLACK = 131072, LINE_END = 2 };

enum line_kind { KIND_UNKNOWN, KIND_LF, KIND_CRLF };

/* What a scan of one record ended with. */
enum outcome {
    RECORD,    /* ended by a newline or by the end of the stream */
    MORE,      /* reached the end of the bytes at hand */
    BAD_QUOTE, /* a quote inside an unquoted field */
    BAD_TAIL,  /* text after a closing quote */
    BAD_CR,    /* a CR that no LF follows */
    BAD_NUL,
    BAD_FIELDS, /* too many fields */
    BAD_END,    /* ended by the other kind of newline */
    OPEN_QUOTE  /* a quoted field that nothing closes */
};

static const char *const bad_texts[] = {
    [BAD_QUOTE] = "quote inside a field that does not start with one",
    [BAD_TAIL] = "text after the closing quote of a field",
    [BAD_CR] = "carriage return without a line feed",
    [BAD_NUL] = "nul character",
    [BAD_FIELDS] = "more fields than allowed",
    [BAD_END] = "line end of another kind than the first record has",
};

struct csv {
    struct window window;
    size_t record_bytes, most_fields;
    struct csv_field *fields;
    uint64_t line;  /* of data[window.start] */
    uint64_t empty; /* lines */
    enum line_kind kind;
    bool started, failed, open; /* open: failed by an unclosed quote */
    struct err fault;           /* once failed */
    uint8_t stop[256];          /* nonzero: ends the fast scan of an unquoted field */
    char separator;
};

/* A record while it is scanned. Pointers go into the window. */
struct scan {
    const char *start, *p, *end; /* first byte; next byte; end of what may be looked at */
    const char *line_start;      /* of the line that p is in */
    const char *stop;            /* end of the record's text, before its newline */
    const char *fault;           /* where a bad record goes wrong; line and line_start are its */
    uint64_t line;
    size_t count;
    enum line_kind kind; /* of the newline; unknown when there was none */
    bool last;           /* the stream ends at end */
    bool doubled;        /* some field holds doubled quotes */
};

struct csv *
csv_new(struct arena *a, struct reader in, const struct csv_options *options)
{
    const struct csv_options none = {0}, *const o = options ? options : &none;
    struct csv *const c = arena_alloc(a, sizeof *c);

    c->separator = o->separator ? o->separator : ',';
    c->record_bytes = o->record_bytes ? o->record_bytes : RECORD_DEFAULT;
    c->most_fields = o->fields ? o->fields : FIELDS_DEFAULT;
    c->fields = arena_array(a, c->most_fields, sizeof *c->fields);
    c->line = 1;
    c->stop['"'] = c->stop['\n'] = c->stop['\r'] = c->stop['\0'] = 1;
    c->stop[(unsigned char)c->separator] = 1;
    window_start(&c->window, a, in, c->record_bytes + LINE_END + SLACK);
    return c;
}

/* ---- scanning one record --------------------------------------------------------------------- */

static enum outcome
fault_at(struct scan *s, const char *at, enum outcome what)
{
    s->fault = at;
    return what;
}

/* Takes quoted text into account: moves line and line_start on to where `to` is. */
static void
pass_lines(struct scan *s, const char *from, const char *to)
{
    const char *lf = memchr(from, '\n', (size_t)(to - from));

    while (lf) {
        s->line++;
        s->line_start = lf + 1;
        lf = memchr(lf + 1, '\n', (size_t)(to - lf) - 1);
    }
}

/* From after the opening quote to after the closing one; the field's text keeps doubled quotes. */
static enum outcome
scan_quoted(struct scan *s, struct csv_field *f)
{
    const char *const open = s->p - 1, *const text = s->p;
    const char *q = text;

    for (;;) {
        q = memchr(q, '"', (size_t)(s->end - q));
        if (!q)
            return fault_at(s, open, OPEN_QUOTE);
        if (q + 1 == s->end && !s->last)
            return fault_at(s, open, MORE);
        if (q + 1 == s->end || q[1] != '"')
            break;
        s->doubled = true;
        q += 2;
    }

    const char *const nul = memchr(text, '\0', (size_t)(q - text));

    f->quoted = true;
    f->text = (struct span){text, (size_t)(q - text)};
    s->p = q + 1;
    if (nul) {
        pass_lines(s, text, nul);
        return fault_at(s, nul, BAD_NUL);
    }
    pass_lines(s, text, q);
    return RECORD;
}

/* At the end of the record's text: takes its newline. */
static enum outcome
scan_line_end(struct scan *s)
{
    s->stop = s->p;
    if (s->p == s->end)
        return RECORD; /* the end of the stream */
    s->kind = *s->p == '\r' ? KIND_CRLF : KIND_LF;
    if (s->kind == KIND_CRLF && (s->p + 1 == s->end || s->p[1] != '\n'))
        return fault_at(s, s->p, BAD_CR);
    s->p += s->kind == KIND_CRLF ? 2 : 1;
    return RECORD;
}

static void
scan_unquoted(const struct csv *c, struct scan *s, struct csv_field *f)
{
    const char *const text = s->p, *const end = s->end;
    const char *p = text;

    while (p < end && !c->stop[(unsigned char)*p])
        p++;
    f->quoted = false;
    f->text = (struct span){text, (size_t)(p - text)};
    s->p = p;
}

/* One field, to be judged by the byte after it; RECORD unless it is wrong in itself. */
static enum outcome
scan_field(struct csv *c, struct scan *s)
{
    struct csv_field *const f = &c->fields[s->count];

    if (s->count == c->most_fields)
        return fault_at(s, s->p, BAD_FIELDS);
    f->line = s->line;
    f->column = (uint32_t)(s->p - s->line_start) + 1;
    s->count++;
    if (s->p < s->end && *s->p == '"') {
        s->p++;
        return scan_quoted(s, f);
    }
    scan_unquoted(c, s, f);
    return RECORD;
}

/* What is wrong with the byte after a field that is no separator and no line end. */
static enum outcome
bad_byte(struct scan *s, bool quoted)
{
    if (*s->p == '\0')
        return fault_at(s, s->p, BAD_NUL);
    return fault_at(s, s->p, quoted ? BAD_TAIL : BAD_QUOTE);
}

/* Splits one record into c->fields. */
static enum outcome
scan_record(struct csv *c, struct scan *s)
{
    for (;;) {
        const enum outcome field = scan_field(c, s);

        if (field != RECORD)
            return field;
        if (s->p < s->end && *s->p == c->separator) {
            s->p++;
            continue;
        }
        if (!s->last && (s->p == s->end || (*s->p == '\r' && s->p + 1 == s->end)))
            return MORE;
        if (s->p == s->end || *s->p == '\n' || *s->p == '\r')
            break;
        return bad_byte(s, c->fields[s->count - 1].quoted);
    }

    const enum outcome end = scan_line_end(s);

    if (end == RECORD && c->kind != KIND_UNKNOWN && s->kind != KIND_UNKNOWN && s->kind != c->kind)
        return fault_at(s, s->stop, BAD_END);
    return end;
}

/* Scans the record at the window's start, as far as a record may reach. */
static enum outcome
scan_start(struct csv *c, struct scan *s)
{
    const struct window *const w = &c->window;
    const size_t held = w->end - w->start, most = c->record_bytes + LINE_END;
    const char *const start = w->data + w->start;

    *s = (struct scan){
        .start = start,
        .p = start,
        .end = start + (held < most ? held : most),
        .line_start = start,
        .line = c->line,
        .last = w->ended && held <= most,
    };
    return scan_record(c, s);
}

/* ---- taking records from the window ---------------------------------------------------------- */

static enum csv_status
fatal(struct csv *c, struct err *e)
{
    c->failed = true;
    c->fault = *e;
    return CSV_FATAL;
}

static bool
fill(struct csv *c, struct err *e)
{
    return window_fill(&c->window, e) || err_context(e, "line %ju", (uintmax_t)c->line);
}

/* True when the window holds all that a record may be, or all that is left of the stream. */
static bool
enough(const struct csv *c)
{
    return c->window.ended || c->window.end - c->window.start >= c->record_bytes + LINE_END;
}

static uint64_t
count_lf(const char *from, const char *to)
{
    uint64_t n = 0;

    while ((from = memchr(from, '\n', (size_t)(to - from))) != NULL) {
        n++;
        from++;
    }
    return n;
}

static uintmax_t
column_of(const struct scan *s)
{
    return (uintmax_t)(s->fault - s->line_start) + 1;
}

/* A quoted field that the limit or the end of the stream leaves open. */
static enum csv_status
open_quote(struct csv *c, const struct scan *s, struct csv_row *row, struct err *e)
{
    row->line = s->line;
    c->open = true;
    if (s->last)
        err_set(e, ERR_INPUT,
                "line %ju, column %ju: quoted field is not closed before the end of the file",
                (uintmax_t)s->line, column_of(s));
    else
        err_set(e, ERR_INPUT, "line %ju, column %ju: quoted field is not closed within %zu bytes",
                (uintmax_t)s->line, column_of(s), c->record_bytes);
    err_hint(e, "close the quote that opens there, or double it when it is part of the text");
    return fatal(c, e);
}

/* No LF was seen in the whole stream, but a CR that none can follow. */
static bool
only_cr(const struct csv *c, const struct scan *s)
{
    const size_t held = (size_t)(s->end - s->start);

    return c->line == 1 && memchr(s->start, '\r', s->last ? held : held - 1) &&
           !memchr(s->start, '\n', held);
}

static enum csv_status
lone_cr(struct csv *c, struct err *e)
{
    err_set(e, ERR_INPUT, "line 1: lines end in a carriage return alone");
    err_hint(e, "save the file with line feeds (LF or CRLF) as line ends");
    return fatal(c, e);
}

/* Moves on to `next`, the start of a line or the end. */
static void
move_on(struct csv *c, const struct scan *s, const char *next)
{
    c->line += count_lf(s->start, next);
    c->window.start = (size_t)(next - c->window.data);
}

/* ---- records longer than the limit ----------------------------------------------------------- */

struct skip {            /* the record that is read over */
    uint64_t quote_line; /* where the quoted field opened */
    size_t quoted;       /* bytes of the quoted field so far */
    enum { AT_FIELD, IN_TEXT, IN_QUOTES, AFTER_QUOTE, MALFORMED } at;
};

/* Takes one byte; true when it ends the record. A quote opens a field only as its first byte; when
 * the record is malformed, quotes mean nothing any more. */
static bool
skip_byte(struct csv *c, struct skip *k, char byte)
{
    const bool quoted = k->at == IN_QUOTES;

    if (quoted) {
        k->quoted++;
        k->at = byte == '"' ? AFTER_QUOTE : IN_QUOTES;
    } else if (byte == '"' && (k->at == AT_FIELD || k->at == AFTER_QUOTE)) {
        k->quoted = k->at == AT_FIELD ? 0 : k->quoted + 1;
        k->quote_line = k->at == AT_FIELD ? c->line : k->quote_line;
        k->at = IN_QUOTES;
    } else if (byte == '"' || k->at == MALFORMED) {
        k->at = MALFORMED;
    } else {
        k->at = byte == c->separator ? AT_FIELD : IN_TEXT;
    }
    c->line += byte == '\n';
    return byte == '\n' && !quoted;
}

/*
 * Reads on to the end of the record, keeping nothing of it. CSV_FATAL when a quoted field is not
 * closed within the longest record, or on a read error.
 */
static enum csv_status
skip_record(struct csv *c, struct skip *k, struct csv_row *row, struct err *e)
{
    struct window *const w = &c->window;
    struct err fault;

    do {
        while (w->start < w->end && !(k->at == IN_QUOTES && k->quoted > c->record_bytes))
            if (skip_byte(c, k, w->data[w->start++]))
                return CSV_BAD;
        if (w->start == w->end && !fill(c, &fault)) {
            *e = fault; /* only now: what was wrong with the record stays said */
            return fatal(c, e);
        }
    } while (w->start < w->end && !(k->at == IN_QUOTES && k->quoted > c->record_bytes));
    if (k->at != IN_QUOTES)
        return CSV_BAD;
    row->line = k->quote_line;
    c->open = true;
    if (k->quoted > c->record_bytes)
        err_set(e, ERR_INPUT, "line %ju: quoted field is not closed within %zu bytes",
                (uintmax_t)k->quote_line, c->record_bytes);
    else
        err_set(e, ERR_INPUT, "line %ju: quoted field is not closed before the end of the file",
                (uintmax_t)k->quote_line);
    return fatal(c, e);
}

/* A record that goes on past the limit, and is well formed up to there. */
static enum csv_status
too_long(struct csv *c, const struct scan *s, struct csv_row *row, struct err *e)
{
    struct skip k = {.at = AT_FIELD};

    if (only_cr(c, s))
        return lone_cr(c, e);
    err_set(e, ERR_INPUT, "line %ju: record is longer than %zu bytes", (uintmax_t)c->line,
            c->record_bytes);
    return skip_record(c, &k, row, e);
}

/* Leaves a bad record at the next newline. */
static enum csv_status
leave_bad(struct csv *c, const struct scan *s, enum outcome what, struct csv_row *row,
          struct err *e)
{
    const char *const from = what == BAD_END ? s->stop : s->p;
    const char *const lf = memchr(from, '\n', (size_t)(s->end - from));
    struct skip k = {.at = MALFORMED};

    if (!lf && only_cr(c, s))
        return lone_cr(c, e);
    err_set(e, ERR_INPUT, "line %ju, column %ju: %s", (uintmax_t)s->line, column_of(s),
            bad_texts[what]);
    move_on(c, s, lf ? lf + 1 : s->end);
    return lf || s->last ? CSV_BAD : skip_record(c, &k, row, e);
}

/* Makes "" one quote in the text of a quoted field. */
static void
undouble(struct csv *c, struct span *text)
{
    char *const data = c->window.data + (text->data - c->window.data);
    const size_t length = text->length;
    size_t out = 0;

    for (size_t i = 0; i < length; i++) {
        data[out++] = data[i];
        i += data[i] == '"';
    }
    text->length = out;
}

static enum csv_status
take_record(struct csv *c, struct scan *s, struct csv_row *row, struct err *e)
{
    if ((size_t)(s->stop - s->start) > c->record_bytes)
        return too_long(c, s, row, e);
    if (c->kind == KIND_UNKNOWN)
        c->kind = s->kind;
    for (size_t i = 0; s->doubled && i < s->count; i++) {
        if (c->fields[i].quoted)
            undouble(c, &c->fields[i].text);
    }
    row->count = s->count;
    row->terminated = s->kind != KIND_UNKNOWN;
    c->line = s->line + row->terminated;
    c->window.start = (size_t)(s->p - c->window.data);
    return CSV_ROW;
}

/* Scans the record at the window's start, once more after a refill when it did
 * not come out whole. */
static enum csv_status
next_record(struct csv *c, struct csv_row *row, struct err *e)
{
    struct scan s;
    enum outcome what = scan_start(c, &s);

    if (what != RECORD && !enough(c)) {
        if (!fill(c, e))
            return fatal(c, e);
        what = scan_start(c, &s);
    }
    if (what == RECORD)
        return take_record(c, &s, row, e);
    if (what == OPEN_QUOTE)
        return open_quote(c, &s, row, e);
    return what == MORE ? too_long(c, &s, row, e) : leave_bad(c, &s, what, row, e);
}

/* Takes off the byte-order mark and empty lines; false on a read error. */
static bool
skip_to_record(struct csv *c, struct err *e)
{
    struct window *const w = &c->window;

    if (!c->started) {
        if (!fill(c, e))
            return false;
        if (w->end >= 3 && memcmp(w->data, "\xEF\xBB\xBF", 3) == 0)
            w->start = 3;
        c->started = true;
    }
    for (;;) {
        if (w->end - w->start < LINE_END && !w->ended && !fill(c, e))
            return false;

        const size_t held = w->end - w->start;
        const char *const p = w->data + w->start;
        const size_t skip = held >= 1 && *p == '\n'                   ? 1
                            : held >= 2 && *p == '\r' && p[1] == '\n' ? 2
                                                                      : 0;

        if (skip == 0)
            return true;
        w->start += skip;
        c->line++;
        c->empty++;
    }
}

enum csv_status
csv_next(struct csv *c, struct csv_row *row, struct err *e)
{
    *row = (struct csv_row){.line = c->line, .fields = c->fields};
    if (c->failed) {
        *e = c->fault;
        return CSV_FATAL;
    }
    if (!skip_to_record(c, e))
        return fatal(c, e);
    row->line = c->line;
    return c->window.start == c->window.end ? CSV_END : next_record(c, row, e);
}

bool
csv_next_row(struct csv *c, struct csv_row *row, struct err *e)
{
    e->code = ERR_NONE;
    return csv_next(c, row, e) == CSV_ROW;
}

bool
csv_quote_open(const struct csv *c)
{
    return c->open;
}

uint64_t
csv_empty_lines(const struct csv *c)
{
    return c->empty;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* True when one of the bytes of `set` (its NUL not counted) is in the field. */
static bool
has_any(struct span field, const char *set)
{
    for (size_t i = 0; i < field.length; i++) {
        if (field.data[i] != '\0' && strchr(set, field.data[i]))
            return true;
    }
    return false;
}

void
csv_put(struct strbuf *b, struct span field, bool typed_number)
{
    static const char formula[] = "=+-@\t\r\n"; /* and its NUL */
    const bool guard =
        !typed_number && field.length > 0 && memchr(formula, field.data[0], sizeof formula) != NULL;
    const bool quote = has_any(field, "\",;\t\r\n"); /* ; and tab: other separators in use */

    if (quote)
        strbuf_add_char(b, '"');
    if (guard)
        strbuf_add_char(b, '\'');
    for (size_t i = 0; i < field.length;) {
        const char *const from = field.data + i;
        const char *const q = memchr(from, '"', field.length - i);
        const size_t n = q ? (size_t)(q - from) + 1 : field.length - i;

        strbuf_add(b, from, n);
        if (q)
            strbuf_add_char(b, '"');
        i += n;
    }
    if (quote)
        strbuf_add_char(b, '"');
}
