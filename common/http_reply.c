/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The security fields are those that the Dutch API design rules ask for (module transport
 * security), with a policy under which a browser would load nothing at all.
 */
#include "common/http_reply.h"

#include "common/clock.h"

#include <string.h>
#include <strings.h>

enum { HEAD_MOST = 65536 };

static const struct http_field security[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
};

static const struct http_field hsts = {"Strict-Transport-Security", "max-age=31536000"};

static const struct {
    int status;
    const char *phrase;
} phrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

static const char *
phrase_of(int status)
{
    for (unsigned i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (phrases[i].status == status)
            return phrases[i].phrase;
    }
    return "Status";
}

static void
put(struct http_reply *reply, struct http_field field)
{
    unsigned at = 0;

    for (const char *c = field.value; *c; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return;
    }
    while (at < reply->count && strcasecmp(reply->fields[at].name, field.name) != 0)
        at++;
    if (at == HTTP_REPLY_FIELDS)
        return;
    reply->fields[at] = field;
    if (at == reply->count)
        reply->count++;
}

void
http_reply_fields(struct http_reply *reply, bool tls, const struct http_field *service,
                  unsigned service_count, const struct http_answer *answer)
{
    reply->count = 0;
    for (unsigned i = 0; i < sizeof security / sizeof *security; i++)
        reply->fields[reply->count++] = security[i];
    if (tls)
        reply->fields[reply->count++] = hsts;
    for (unsigned i = 0; i < service_count; i++)
        put(reply, service[i]);
    if (answer->media)
        put(reply, (struct http_field){"Content-Type", answer->media});
    for (unsigned i = 0; i < answer->field_count; i++)
        put(reply, answer->fields[i]);
}

/* As RFC 9110 5.6.7 wants it. */
static void
add_date(struct strbuf *b)
{
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c;

    instant_civil_utc(clock_now(), &c);

    const int64_t day = civil_days(c.year, c.month, c.day);

    strbuf_printf(b, "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n", days[(day % 7 + 7) % 7],
                  c.day, months[c.month - 1], c.year, c.hour, c.minute, c.second);
}

struct span
http_reply_bytes(struct arena *a, const struct http_reply *reply, const struct http_answer *answer,
                 bool close, bool head)
{
    struct strbuf *const b = strbuf_new(a, HEAD_MOST + answer->body.length);

    strbuf_printf(b, "HTTP/1.1 %d %s\r\n", answer->status, phrase_of(answer->status));
    add_date(b);
    if (close)
        strbuf_add_text(b, "Connection: close\r\n");
    for (unsigned i = 0; i < reply->count; i++)
        strbuf_printf(b, "%s: %s\r\n", reply->fields[i].name, reply->fields[i].value);
    strbuf_printf(b, "Content-Length: %zu\r\n\r\n", answer->body.length);
    if (!head)
        strbuf_add(b, answer->body.data, answer->body.length);
    return (struct span){b->data, b->length};
}
