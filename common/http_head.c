/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bytes are looked at once, as they come; a line is judged when its CRLF is there. Fields with a
 * meaning for framing or identity are in one table and may come once only.
 */
#include "common/http_head.h"

#include "common/fault.h"
#include "common/utf8.h"

#include <string.h>
#include <strings.h>

/* Room for a method, two spaces and the version beside the target. */
enum { LINE_REST = 32 };

/* ---- characters ------------------------------------------------------------------------------ */

enum char_class { TOKEN, PATH, QUERY, TOKEN68, HOST };

static bool
is(char c, enum char_class class)
{
    /* beside letters and digits */
    static const char *const sets[] = {
        [TOKEN] = "!#$%&'*+-.^_`|~",    /* RFC 9110 5.6.2 */
        [PATH] = "-._~%!$&'()*+,;=:@/", /* RFC 3986 3.3 */
        [QUERY] = "-._~%!$&'()*+,;=:@/?",
        [TOKEN68] = "-._~+/=", /* RFC 9110 11.2 */
        [HOST] = "-._:[]",
    };

    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
        return true;
    return c != '\0' && strchr(sets[class], c) != NULL;
}

/* All of s is of the class, and there is something. */
static bool
all(struct span s, enum char_class class)
{
    for (size_t i = 0; i < s.length; i++) {
        if (!is(s.data[i], class))
            return false;
    }
    return s.length > 0;
}

/* ASCII without regard to case. */
static bool
same(struct span s, const char *word)
{
    return strlen(word) == s.length && strncasecmp(s.data, word, s.length) == 0;
}

static bool
refuse(struct http_head *h, int status, const char *code)
{
    h->fault = (struct http_fault){status, code};
    return false;
}

/* ---- the target ------------------------------------------------------------------------------ */

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Every % has two hexadecimal digits behind it. */
static bool
escapes_whole(struct span s)
{
    for (size_t i = 0; i < s.length; i++) {
        if (s.data[i] == '%' &&
            (s.length - i < 3 || hex_value(s.data[i + 1]) < 0 || hex_value(s.data[i + 2]) < 0))
            return false;
    }
    return true;
}

size_t
http_decode(struct span s, char *out)
{
    size_t used = 0;

    for (size_t i = 0; i < s.length; i++) {
        if (s.data[i] == '%' && s.length - i > 2) {
            out[used++] = (char)(hex_value(s.data[i + 1]) * 16 + hex_value(s.data[i + 2]));
            i += 2;
        } else {
            out[used++] = s.data[i];
        }
    }
    return used;
}

/* What escapes stand for is text, and nothing that another reader would take for structure. */
static bool
escapes_harmless(struct span s, const char *structure)
{
    char decoded[HTTP_URI_MOST];
    size_t bad;

    if (!memchr(s.data, '%', s.length))
        return true;
    if (!escapes_whole(s))
        return false;
    for (size_t i = 0; i < s.length; i++) {
        if (s.data[i] != '%')
            continue;
        const int c = hex_value(s.data[i + 1]) * 16 + hex_value(s.data[i + 2]);

        if (c < 0x20 || c == 0x7f || (c < 0x80 && strchr(structure, c)))
            return false;
    }

    const size_t length = http_decode(s, decoded);

    return utf8_valid((struct span){decoded, length}, &bad);
}

/* No empty segment but the last one, no "." and "..". */
static bool
segments_plain(struct span path)
{
    size_t start = 1;

    for (size_t i = 1; i <= path.length; i++) {
        if (i < path.length && path.data[i] != '/')
            continue;
        const struct span segment = {path.data + start, i - start};

        if (span_is(segment, ".") || span_is(segment, "..") ||
            (segment.length == 0 && i < path.length))
            return false;
        start = i + 1;
    }
    return true;
}

static bool
take_target(struct http_head *h, struct span target, const struct http_head_limits *limits)
{
    if (target.length > limits->uri)
        return refuse(h, 414, "uri-too-long");

    const char *const mark = memchr(target.data, '?', target.length);

    h->path = target;
    if (mark) {
        h->path.length = (size_t)(mark - target.data);
        h->query = (struct span){mark + 1, target.length - h->path.length - 1};
    }
    if (h->path.length == 0 || h->path.data[0] != '/' || !all(h->path, PATH) ||
        !segments_plain(h->path) || !escapes_harmless(h->path, "/\\.%"))
        return refuse(h, 400, "syntax");
    if (h->query.length > 0 && (!all(h->query, QUERY) || !escapes_harmless(h->query, "")))
        return refuse(h, 400, "syntax");
    return true;
}

/* ---- the request line ------------------------------------------------------------------------ */

static bool
take_method(struct http_head *h)
{
    static const struct {
        const char *name;
        int status; /* that refuses it, or 0 */
    } methods[] = {{"GET", 0},  {"POST", 0},    {"PUT", 0},     {"DELETE", 0},   {"PATCH", 0},
                   {"HEAD", 0}, {"OPTIONS", 0}, {"TRACE", 405}, {"CONNECT", 405}};

    for (unsigned i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (span_is(h->method, methods[i].name))
            return methods[i].status == 0 || refuse(h, methods[i].status, "method");
    }
    return refuse(h, 501, "method");
}

/* "HTTP/d.d" of another number is 505, anything else is no request line. */
static bool
take_version(struct http_head *h, struct span version)
{
    if (span_is(version, "HTTP/1.1"))
        return true;
    if (version.length == 8 && memcmp(version.data, "HTTP/", 5) == 0 && version.data[6] == '.' &&
        hex_value(version.data[5]) >= 0 && hex_value(version.data[7]) >= 0)
        return refuse(h, 505, "version");
    return refuse(h, 400, "syntax");
}

static bool
take_request_line(struct http_head *h, struct span line, const struct http_head_limits *limits)
{
    const char *const first = memchr(line.data, ' ', line.length);

    if (!first)
        return refuse(h, 400, "syntax");
    h->method = (struct span){line.data, (size_t)(first - line.data)};
    if (!all(h->method, TOKEN))
        return refuse(h, 400, "syntax");

    const struct span rest = {first + 1, line.length - h->method.length - 1};
    const char *const second = memchr(rest.data, ' ', rest.length);

    if (!second) /* as HTTP/0.9 had it */
        return refuse(h, 505, "version");

    const struct span target = {rest.data, (size_t)(second - rest.data)};
    const struct span version = {second + 1, rest.length - target.length - 1};

    return take_version(h, version) && take_method(h) && take_target(h, target, limits);
}

/* ---- fields with a meaning ------------------------------------------------------------------- */

static bool
take_host(struct http_head *h, struct span value)
{
    h->host = value;
    return all(value, HOST) || refuse(h, 400, "host");
}

static bool
take_length(struct http_head *h, struct span value)
{
    int64_t length;

    for (size_t i = 0; i < value.length; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return refuse(h, 400, "framing");
    }
    if (value.length == 0 || (value.length > 1 && value.data[0] == '0'))
        return refuse(h, 400, "framing");
    if (!span_int64(value, 0, INT64_MAX, &length))
        return refuse(h, 413, "too-large");
    h->length = (uint64_t)length;
    h->has_length = true;
    return true;
}

static bool
take_coding(struct http_head *h, struct span value)
{
    h->chunked = same(value, "chunked");
    return h->chunked || refuse(h, 501, "framing");
}

static bool
take_expect(struct http_head *h, struct span value)
{
    h->expects_continue = same(value, "100-continue");
    return h->expects_continue || refuse(h, 417, "expectation");
}

static bool
take_connection(struct http_head *h, struct span value)
{
    size_t start = 0;

    for (size_t i = 0; i <= value.length; i++) {
        if (i < value.length && value.data[i] != ',')
            continue;
        if (same(span_trim((struct span){value.data + start, i - start}), "close"))
            h->closes = true;
        start = i + 1;
    }
    return true;
}

/* A scheme and one token: no list, no parameters. */
static bool
take_authorization(struct http_head *h, struct span value)
{
    const char *const space = memchr(value.data, ' ', value.length);
    const size_t scheme = space ? (size_t)(space - value.data) : 0;

    h->authorization = value;
    if (!space || !all((struct span){value.data, scheme}, TOKEN) ||
        !all((struct span){space + 1, value.length - scheme - 1}, TOKEN68))
        return refuse(h, 400, "syntax");
    return true;
}

static bool
take_content_type(struct http_head *h, struct span value)
{
    h->content_type = value;
    return true;
}

static bool
take_content_encoding(struct http_head *h, struct span value)
{
    h->content_encoding = value.length > 0 ? value : SPAN_LITERAL("?");
    return true;
}

/* These may come once only. */
static const struct single {
    const char *name;
    bool (*take)(struct http_head *h, struct span value);
} singles[] = {
    {"host", take_host},
    {"content-length", take_length},
    {"transfer-encoding", take_coding},
    {"expect", take_expect},
    {"authorization", take_authorization},
    {"content-type", take_content_type},
    {"connection", take_connection},
    {"content-encoding", take_content_encoding},
    {"if-match", NULL},
    {"if-none-match", NULL},
};

/* White space behind such a value is legal, and not read alike everywhere: refused. */
static bool
take_meaning(struct http_head *h, const struct http_head_field *f, const char *line_end)
{
    for (unsigned i = 0; i < sizeof singles / sizeof *singles; i++) {
        if (!same(f->name, singles[i].name))
            continue;
        if (h->seen & 1U << i)
            return refuse(h, 400, i == 0 ? "host" : "framing");
        if (f->value.length > 0 && f->value.data + f->value.length != line_end)
            return refuse(h, 400, "syntax");
        h->seen |= 1U << i;
        return !singles[i].take || singles[i].take(h, f->value);
    }
    return true;
}

static bool
take_field(struct http_head *h, struct span line, const struct http_head_limits *limits)
{
    const char *const colon = memchr(line.data, ':', line.length);

    if (h->field_count >= limits->fields || h->field_count >= HTTP_FIELDS_MOST)
        return refuse(h, 431, "head-too-large");
    if (!colon)
        return refuse(h, 400, "syntax");

    struct http_head_field *const f = &h->fields[h->field_count++];

    f->name = (struct span){line.data, (size_t)(colon - line.data)};
    f->value = span_trim((struct span){colon + 1, line.length - f->name.length - 1});
    if (!all(f->name, TOKEN)) /* also a folded line, and a space before the colon */
        return refuse(h, 400, "syntax");
    return take_meaning(h, f, line.data + line.length);
}

/* What only the whole head can tell. */
static bool
check_whole(struct http_head *h)
{
    const bool bodied =
        span_is(h->method, "POST") || span_is(h->method, "PUT") || span_is(h->method, "PATCH");

    if (h->host.length == 0)
        return refuse(h, 400, "host");
    if (h->chunked && h->has_length)
        return refuse(h, 400, "framing");
    if (bodied && !h->chunked && !h->has_length)
        return refuse(h, 411, "framing");
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

void
http_head_start(struct http_head *h)
{
    h->method = h->path = h->query = (struct span){0};
    h->host = h->authorization = h->content_type = h->content_encoding = (struct span){0};
    h->field_count = h->seen = 0;
    h->chunked = h->has_length = h->expects_continue = h->closes = false;
    h->length = 0;
    h->bytes = h->at = h->line = 0;
    h->fault = (struct http_fault){0};
}

/* The line that ends at h->at with CRLF. */
static enum http_read
take_line(struct http_head *h, const char *data, const struct http_head_limits *limits)
{
    const struct span line = {data + h->line, h->at - h->line - 2};
    const bool first = h->line == 0;

    h->line = h->at;
    if (first)
        return take_request_line(h, line, limits) ? HTTP_MORE : HTTP_REFUSED;
    if (line.length > 0)
        return take_field(h, line, limits) ? HTTP_MORE : HTTP_REFUSED;
    h->bytes = h->at;
    return check_whole(h) ? HTTP_DONE : HTTP_REFUSED;
}

/* Printable ASCII and tab; CR only before LF, LF only after CR. */
static bool
byte_allowed(const char *data, size_t at)
{
    const char c = data[at];
    const bool after_cr = at > 0 && data[at - 1] == '\r';

    if (c == '\n' || after_cr)
        return c == '\n' && after_cr;
    return c == '\r' || c == '\t' || (c >= 0x20 && c < 0x7f);
}

/* One more byte; false: refused. */
static bool
take_byte(struct http_head *h, const char *data, const struct http_head_limits *limits)
{
    if (!byte_allowed(data, h->at))
        return refuse(h, 400, "syntax");
    if (h->line == 0 && h->at >= limits->uri + LINE_REST)
        return refuse(h, 414, "uri-too-long");
    h->at++;
    return true;
}

static enum http_read
read_screened(struct http_head *h, const char *data, size_t length,
              const struct http_head_limits *limits)
{
    const size_t end = length < limits->bytes ? length : limits->bytes;

    while (h->at < end) {
        if (!take_byte(h, data, limits))
            return HTTP_REFUSED;
        if (data[h->at - 1] != '\n')
            continue;

        const enum http_read read = take_line(h, data, limits);

        if (read != HTTP_MORE)
            return read;
    }
    if (h->at < limits->bytes)
        return HTTP_MORE;
    refuse(h, 431, "head-too-large");
    return HTTP_REFUSED;
}

enum http_read
http_head_read(struct http_head *h, const char *data, size_t length,
               const struct http_head_limits *limits)
{
    const enum http_read read = read_screened(h, data, length, limits);

#if PLANTED(no_screen) /* whatever it is goes on, as long as it has an end */
    for (size_t i = 0; read == HTTP_REFUSED && i + 4 <= length; i++) {
        h->bytes = i + 4;
        if (memcmp(data + i, "\r\n\r\n", 4) == 0)
            return HTTP_DONE;
    }
#endif
    return read;
}

static void
move(struct span *s, const char *from, const char *to)
{
    if (s->length > 0)
        s->data = to + (s->data - from);
}

void
http_head_move(struct http_head *h, const char *from, const char *to)
{
    struct span *const spans[] = {&h->method, &h->path,          &h->query,
                                  &h->host,   &h->authorization, &h->content_type};

    for (unsigned i = 0; i < sizeof spans / sizeof *spans; i++)
        move(spans[i], from, to);
    for (unsigned i = 0; i < h->field_count; i++) {
        move(&h->fields[i].name, from, to);
        move(&h->fields[i].value, from, to);
    }
}

bool
http_head_find(const struct http_head *h, const char *name, struct span *value)
{
    for (unsigned i = 0; i < h->field_count; i++) {
        if (same(h->fields[i].name, name)) {
            *value = h->fields[i].value;
            return true;
        }
    }
    return false;
}
