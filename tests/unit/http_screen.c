/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is no proper request is refused, over a real connection and with good requests running
 * beside: H01 to H17 and H22 of the catalogue of bad inputs. Each case is also sent in single bytes
 * and as the second request of a connection.
 */
#include "common/http_server.h"

#include "tests/lib/http_service.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *http_screen_suite(void);

#define HOST      "Host: localhost\r\n"
#define TYPED     "Content-Type: application/json\r\n"
#define POST      "POST /v1/echo HTTP/1.1\r\n" HOST
#define LENGTH2   "Content-Length: 2\r\n"
#define GET(path) "GET " path " HTTP/1.1\r\n" HOST
#define GOOD      POST TYPED LENGTH2 "\r\n{}"
#define TEXT(text)                                                                                 \
    {                                                                                              \
        (text), sizeof(text) - 1                                                                   \
    }

enum then { CLOSED, LIVES };

struct bad {
    const char *id;
    int status;
    enum then then;
    struct span before; /* then `repeated`, `times`, then `after` */
    const char *repeated;
    unsigned times;
    struct span after;
};

#define BAD(case_id, code, next) .id = (case_id), .status = (code), .then = (next)
static const struct bad cases[] = {
    {BAD("H01", 400, CLOSED),
     .before = TEXT(POST TYPED LENGTH2 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" GOOD)},
    {BAD("H01 the other way", 400, CLOSED),
     .before =
         TEXT(POST TYPED "Transfer-Encoding: chunked\r\n" LENGTH2 "\r\n2\r\n{}\r\n0\r\n\r\n" GOOD)},
    {BAD("H02", 400, CLOSED),
     .before = TEXT(POST TYPED LENGTH2 "Content-Length: 9\r\n\r\n{}" GOOD)},
    {BAD("H03", 400, CLOSED), .before = TEXT(POST TYPED LENGTH2 LENGTH2 "\r\n{}")},
    {BAD("H03 case", 400, CLOSED),
     .before = TEXT(POST TYPED LENGTH2 "content-length: 2\r\n\r\n{}")},
    {BAD("H04", 400, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding : chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")},
    {BAD("H04 tab", 400, CLOSED), .before = TEXT(POST TYPED "Content-Length\t: 2\r\n\r\n{}")},
    {BAD("H05 xchunked", 501, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: xchunked\r\n\r\n")},
    {BAD("H05 gzip, chunked", 501, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: gzip, chunked\r\n\r\n")},
    {BAD("H05 identity", 501, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: identity\r\n\r\n")},
    {BAD("H05 twice", 400, CLOSED),
     .before = TEXT(POST TYPED
                    "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")},
    {BAD("H06 -1", 400, CLOSED), .before = TEXT(POST TYPED "Content-Length: -1\r\n\r\n{}")},
    {BAD("H06 +2", 400, CLOSED), .before = TEXT(POST TYPED "Content-Length: +2\r\n\r\n{}")},
    {BAD("H06 2, 2", 400, CLOSED), .before = TEXT(POST TYPED "Content-Length: 2, 2\r\n\r\n{}")},
    {BAD("H06 0x2", 400, CLOSED), .before = TEXT(POST TYPED "Content-Length: 0x2\r\n\r\n{}")},
    {BAD("H06 02", 400, CLOSED), .before = TEXT(POST TYPED "Content-Length: 02\r\n\r\n{}")},
    {BAD("H06 space behind", 400, CLOSED),
     .before = TEXT(POST TYPED "Content-Length: 2 \r\n\r\n{}")},
    {BAD("H06 empty", 400, CLOSED), .before = TEXT(POST TYPED "Content-Length:\r\n\r\n{}")},
    {BAD("H06 2^63", 413, CLOSED),
     .before = TEXT(POST TYPED "Content-Length: 9223372036854775808\r\n\r\n{}")},
    {BAD("H06 2^63-1", 413, CLOSED),
     .before = TEXT(POST TYPED "Content-Length: 9223372036854775807\r\n\r\n{}")},
    {BAD("H06 2^64", 413, CLOSED),
     .before = TEXT(POST TYPED "Content-Length: 18446744073709551616\r\n\r\n{}")},
    {BAD("H06 2^64+2", 413, CLOSED),
     .before = TEXT(POST TYPED "Content-Length: 18446744073709551618\r\n\r\n{}")},
    {BAD("H07", 411, CLOSED), .before = TEXT(POST TYPED "\r\n")},
    {BAD("H08 F…F", 413, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n{}")},
    {BAD("H08 not hexadecimal", 400, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}")},
    {BAD("H08 0x2", 400, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n")},
    {BAD("H08 extension", 400, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\n2;"), .repeated = "x",
     .times = 40960, .after = TEXT("\r\n{}\r\n0\r\n\r\n")},
    {BAD("H08 no size", 400, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\n\r\n")},
    {BAD("H08 bare LF", 400, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n")},
    {BAD("H08 longer than its size", 400, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n")},
    {BAD("H08 trailer", 400, CLOSED),
     .before =
         TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nHost: x\r\n\r\n")},
    {BAD("H08 over the limit in sum", 413, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\n"),
     .repeated = "10\r\n0123456789abcdef\r\n", .times = 65, .after = TEXT("0\r\n\r\n")},
    {BAD("H08 no last chunk", 408, CLOSED),
     .before = TEXT(POST TYPED "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")},
    {BAD("H09 folded", 400, CLOSED),
     .before = TEXT(POST TYPED "X-A: a\r\n b\r\n" LENGTH2 "\r\n{}")},
    {BAD("H09 folded with tab", 400, CLOSED),
     .before = TEXT(POST TYPED "X-A: a\r\n\tb\r\n" LENGTH2 "\r\n{}")},
    {BAD("H09 bare LF", 400, CLOSED),
     .before = TEXT("POST /v1/echo HTTP/1.1\n" HOST TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 bare LF after a field", 400, CLOSED),
     .before = TEXT(POST "X-A: a\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 NUL", 400, CLOSED), .before = TEXT(POST "X-A: a\0b\r\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 CR", 400, CLOSED), .before = TEXT(POST "X-A: a\rb\r\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 control", 400, CLOSED), .before = TEXT(POST "X-A: a\x01\r\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 DEL", 400, CLOSED), .before = TEXT(POST "X-A: a\x7f\r\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 byte over 127", 400, CLOSED),
     .before = TEXT(POST "X-A: \xe9\r\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 no name", 400, CLOSED), .before = TEXT(POST ": a\r\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 no colon", 400, CLOSED), .before = TEXT(POST "X-A\r\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H09 blank line first", 400, CLOSED), .before = TEXT("\r\n" GOOD)},
    {BAD("H10 no Host", 400, CLOSED),
     .before = TEXT("POST /v1/echo HTTP/1.1\r\n" TYPED LENGTH2 "\r\n{}")},
    {BAD("H10 two", 400, CLOSED), .before = TEXT(POST HOST TYPED LENGTH2 "\r\n{}")},
    {BAD("H10 empty", 400, CLOSED), .before = TEXT("GET /v1/slow HTTP/1.1\r\nHost:\r\n\r\n")},
    {BAD("H10 wrong", 421, LIVES),
     .before = TEXT("GET /v1/slow HTTP/1.1\r\nHost: example.org\r\n\r\n")},
    {BAD("H10 longer", 421, LIVES),
     .before = TEXT("GET /v1/slow HTTP/1.1\r\nHost: localhost.example.org\r\n\r\n")},
    {BAD("H10 user", 400, CLOSED),
     .before = TEXT("GET /v1/slow HTTP/1.1\r\nHost: a@localhost\r\n\r\n")},
    {BAD("H10 in the target", 400, CLOSED),
     .before = TEXT("GET http://localhost/v1/slow HTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H11 two fields", 400, CLOSED),
     .before = TEXT(GET("/v1/slow") "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n")},
    {BAD("H11 two tokens", 400, CLOSED),
     .before = TEXT(GET("/v1/slow") "Authorization: Bearer a b\r\n\r\n")},
    {BAD("H11 a list", 400, CLOSED),
     .before = TEXT(GET("/v1/slow") "Authorization: Bearer a, Bearer b\r\n\r\n")},
    {BAD("H11 no token", 400, CLOSED),
     .before = TEXT(GET("/v1/slow") "Authorization: Bearer\r\n\r\n")},
    {BAD("H12 TRACE", 405, CLOSED), .before = TEXT("TRACE /v1/slow HTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H12 CONNECT", 405, CLOSED),
     .before = TEXT("CONNECT localhost:1 HTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H12 BREW", 501, CLOSED), .before = TEXT("BREW /v1/slow HTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H12 lower case", 501, CLOSED), .before = TEXT("get /v1/slow HTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H12 HTTP/0.9", 505, CLOSED), .before = TEXT("GET /v1/slow\r\n\r\n")},
    {BAD("H12 HTTP/1.0", 505, CLOSED), .before = TEXT("GET /v1/slow HTTP/1.0\r\n" HOST "\r\n")},
    {BAD("H12 HTTP/1.9", 505, CLOSED), .before = TEXT("GET /v1/slow HTTP/1.9\r\n" HOST "\r\n")},
    {BAD("H12 HTTP/2.0", 505, CLOSED), .before = TEXT("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")},
    {BAD("H12 http/1.1", 400, CLOSED), .before = TEXT("GET /v1/slow http/1.1\r\n" HOST "\r\n")},
    {BAD("H12 two spaces", 400, CLOSED), .before = TEXT("GET  /v1/slow HTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H12 space behind", 400, CLOSED),
     .before = TEXT("GET /v1/slow HTTP/1.1 \r\n" HOST "\r\n")},
    {BAD("H12 tab", 400, CLOSED), .before = TEXT("GET\t/v1/slow\tHTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H12 not here", 405, LIVES), .before = TEXT("DELETE /v1/slow HTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H13 head of 40 KiB", 431, CLOSED), .before = TEXT(GET("/v1/slow") "X-A: "),
     .repeated = "x", .times = 40960, .after = TEXT("\r\n\r\n")},
    {BAD("H13 2,000 fields", 431, CLOSED), .before = TEXT(GET("/v1/slow")), .repeated = "A: b\r\n",
     .times = 2000, .after = TEXT("\r\n")},
    {BAD("H13 URI of 40 KiB", 414, CLOSED), .before = TEXT("GET /v1/"), .repeated = "x",
     .times = 40960, .after = TEXT(" HTTP/1.1\r\n\r\n")},
    {BAD("H13 URI of 2,049", 414, CLOSED), .before = TEXT("GET /v1/"), .repeated = "x",
     .times = 2045, .after = TEXT(" HTTP/1.1\r\n" HOST "\r\n")},
    {BAD("H14 NUL", 400, CLOSED), .before = TEXT(GET("/v1/things/a%00b") "\r\n")},
    {BAD("H14 dots", 400, CLOSED), .before = TEXT(GET("/v1/things/%2e%2e") "\r\n")},
    {BAD("H14 plain dots", 400, CLOSED), .before = TEXT(GET("/v1/things/../slow") "\r\n")},
    {BAD("H14 dot", 400, CLOSED), .before = TEXT(GET("/v1/./slow") "\r\n")},
    {BAD("H14 dots last", 400, CLOSED), .before = TEXT(GET("/v1/slow/..") "\r\n")},
    {BAD("H14 two slashes", 400, CLOSED), .before = TEXT(GET("//v1/slow") "\r\n")},
    {BAD("H14 two slashes within", 400, CLOSED), .before = TEXT(GET("/v1//slow") "\r\n")},
    {BAD("H14 slash behind", 404, LIVES), .before = TEXT(GET("/v1/slow/") "\r\n")},
    {BAD("H14 %2f", 400, CLOSED), .before = TEXT(GET("/v1/things/a%2fb") "\r\n")},
    {BAD("H14 %5c", 400, CLOSED), .before = TEXT(GET("/v1/things/a%5Cb") "\r\n")},
    {BAD("H14 %25", 400, CLOSED), .before = TEXT(GET("/v1/things/a%252e") "\r\n")},
    {BAD("H14 overlong", 400, CLOSED), .before = TEXT(GET("/v1/things/%c0%ae") "\r\n")},
    {BAD("H14 surrogate", 400, CLOSED), .before = TEXT(GET("/v1/things/%ed%a0%80") "\r\n")},
    {BAD("H14 half an escape", 400, CLOSED), .before = TEXT(GET("/v1/things/a%4") "\r\n")},
    {BAD("H14 not hexadecimal", 400, CLOSED), .before = TEXT(GET("/v1/things/a%zz") "\r\n")},
    {BAD("H14 backslash", 400, CLOSED), .before = TEXT(GET("/v1/things\\a") "\r\n")},
    {BAD("H14 raw byte", 400, CLOSED), .before = TEXT(GET("/v1/things/\xc3\xa9") "\r\n")},
    {BAD("H14 fragment", 400, CLOSED), .before = TEXT(GET("/v1/slow#a") "\r\n")},
    {BAD("H14 nothing there", 404, LIVES), .before = TEXT(GET("/v1/nothing") "\r\n")},
    {BAD("H14 empty parameter", 404, LIVES), .before = TEXT(GET("/v1/things/") "\r\n")},
    {BAD("H15 unknown", 400, LIVES), .before = TEXT(GET("/v1/things/a?token=x") "\r\n")},
    {BAD("H15 twice", 400, LIVES), .before = TEXT(GET("/v1/things/a?from=1&from=2") "\r\n")},
    {BAD("H15 as in the path", 400, LIVES), .before = TEXT(GET("/v1/things/a?id=b") "\r\n")},
    {BAD("H15 on a body", 400, LIVES),
     .before = TEXT("POST /v1/echo?a=1 HTTP/1.1\r\n" HOST TYPED LENGTH2 "\r\n{}")},
    {BAD("H15 no value", 400, LIVES), .before = TEXT(GET("/v1/things/a?from") "\r\n")},
    {BAD("H15 control", 400, CLOSED), .before = TEXT(GET("/v1/things/a?from=%0d%0a") "\r\n")},
    {BAD("H16 one over", 413, LIVES), .before = TEXT(POST TYPED "Content-Length: 1025\r\n\r\n"),
     .repeated = "x", .times = 1025, .after = TEXT("")},
    {BAD("H16 expects", 413, CLOSED),
     .before = TEXT(POST TYPED "Expect: 100-continue\r\nContent-Length: 100000000000\r\n\r\n")},
    {BAD("H16 expects other", 417, CLOSED),
     .before = TEXT(POST TYPED LENGTH2 "Expect: 200-ok\r\n\r\n{}")},
    {BAD("H16 on GET", 413, LIVES), .before = TEXT(GET("/v1/slow") LENGTH2 "\r\n{}")},
    {BAD("H17 missing", 415, LIVES), .before = TEXT(POST LENGTH2 "\r\n{}")},
    {BAD("H17 text", 415, LIVES),
     .before = TEXT(POST "Content-Type: text/plain\r\n" LENGTH2 "\r\n{}")},
    {BAD("H17 longer", 415, LIVES),
     .before = TEXT(POST "Content-Type: application/jsonp\r\n" LENGTH2 "\r\n{}")},
    {BAD("H17 charset", 415, LIVES),
     .before = TEXT(POST "Content-Type: application/json; charset=latin1\r\n" LENGTH2 "\r\n{}")},
    {BAD("H17 gzip", 415, LIVES),
     .before = TEXT(POST TYPED "Content-Encoding: gzip\r\n" LENGTH2 "\r\n{}")},
    {BAD("H17 br", 415, LIVES),
     .before = TEXT(POST TYPED "Content-Encoding: br\r\n" LENGTH2 "\r\n{}")},
    {BAD("H17 twice", 400, CLOSED), .before = TEXT(POST TYPED TYPED LENGTH2 "\r\n{}")},
    {BAD("not admitted", 401, LIVES),
     .before = TEXT("POST /v1/closed HTTP/1.1\r\n" HOST TYPED LENGTH2 "\r\n{}")},
};

static const struct {
    const char *request, *body;
} fine[] = {
    {GOOD, "{}"},
    {POST "Content-Type: Application/JSON ; Charset=UTF-8\r\n" LENGTH2 "\r\n[]", "[]"},
    {POST TYPED "Transfer-Encoding: Chunked\r\n\r\n1\r\n{\r\n00001\r\n}\r\n0\r\n\r\n", "{}"},
    {POST TYPED "content-length:\t 2\r\n\r\n{}", "{}"},
    {"POST /v1/echo HTTP/1.1\r\nHost: LOCALHOST:8080\r\n" TYPED LENGTH2 "\r\n{}", "{}"},
    {POST TYPED "Content-Length: 0\r\n\r\n", ""},
    {GET("/v1/things/%C3%A9-~:@") "\r\n", "{\"id\":\"\xc3\xa9-~:@\",\"from\":\"\"}"},
    {GET("/v1/things/a?to=&from=2026-10-01T00:00:00+02:00") "\r\n",
     "{\"id\":\"a\",\"from\":\"2026-10-01T00:00:00+02:00\"}"},
    {GET("/v1/things/a?from=b%2f%26") "\r\n", "{\"id\":\"a\",\"from\":\"b/&\"}"},
    {"DELETE /v1/things/7 HTTP/1.1\r\n" HOST "\r\n", "{\"id\":\"7\",\"from\":\"\"}"},
    {GET("/v1/slow") "Accept: */*\r\nAccept: a/b\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n", "{}"},
    {"POST /v1/late HTTP/1.1\r\n" HOST TYPED LENGTH2 "\r\n{}", "{}"},
    {"POST /v1/closed HTTP/1.1\r\n" HOST TYPED "Authorization: Bearer good\r\n" LENGTH2 "\r\n{}",
     "{}"},
};

static struct raw *client;

static void
setup(void)
{
    struct http_server_options options = service_options();

    options.deadlines.body_ms = 500;
    service_start(&options);
    beside_start(NULL);
    client = malloc(sizeof *client);
    *client = raw_open();
}

static void
teardown(void)
{
    beside_stop();
    raw_close(client);
    service_stop();
    free(client);
}

static struct span
bytes_of(const struct bad *c)
{
    const char *const repeated = c->repeated ? c->repeated : "";
    const size_t unit = strlen(repeated);
    char *const bytes = malloc(c->before.length + unit * c->times + c->after.length);
    size_t used = c->before.length;

    memcpy(bytes, c->before.data, used);
    for (unsigned i = 0; i < c->times; i++, used += unit)
        memcpy(bytes + used, repeated, unit);
    if (c->after.length > 0)
        memcpy(bytes + used, c->after.data, c->after.length);
    return (struct span){bytes, used + c->after.length};
}

static bool
holds(struct span head, const char *text)
{
    char *const copy = calloc(1, head.length + 1);

    memcpy(copy, head.data, head.length);

    const bool found = strstr(copy, text) != NULL;

    free(copy);
    return found;
}

/* Every answer, a refusal too. */
static void
check_fields(struct span head)
{
    static const char *const fields[] = {
        "\r\nX-Content-Type-Options: nosniff\r\n", "\r\nCache-Control: no-store\r\n",
        "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n",
        "\r\nAPI-Version: 1.0.0\r\n", "\r\nDate: "};

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        ck_assert_msg(holds(head, fields[i]), "no%.40s in %.*s", fields[i], (int)head.length,
                      head.data);
    ck_assert(!holds(head, "Strict-Transport-Security")); /* only under TLS */
}

static void
expect(const struct bad *c)
{
    struct span head, body;
    char document[64];
    const int status = raw_answer(client, &head, &body, 5000);

    ck_assert_msg(status == c->status, "%s: %d instead of %d", c->id, status, c->status);
    check_fields(head);
    ck_assert_int_eq(holds(head, "\r\nConnection: close\r\n"), c->then == CLOSED);
    snprintf(document, sizeof document, "{\"status\":%d,\"code\":", status);
    if (status != 401)
        ck_assert_msg(body.length > 20 && memcmp(body.data, document, strlen(document)) == 0, "%s",
                      c->id);
    if (c->then == CLOSED) {
        ck_assert_msg(raw_ended(client, 5000), "%s: not closed", c->id);
    } else {
        ck_assert(raw_text(client, GOOD));
        ck_assert_msg(raw_answer(client, NULL, NULL, 5000) == 200, "%s: does not live", c->id);
    }
}

START_TEST(a_bad_request_is_refused_and_nothing_of_it_runs)
{
    const struct bad *const c = &cases[_i];
    const struct span bytes = bytes_of(c);

    raw_send(client, bytes.data, bytes.length);
    expect(c);
    ck_assert_uint_eq(service_served(), c->then == LIVES);
    free((void *)(uintptr_t)bytes.data);
}
END_TEST

START_TEST(a_bad_request_after_good_ones_is_refused_as_well)
{
    const struct bad *const c = &cases[_i];
    const struct span bytes = bytes_of(c);

    ck_assert(raw_text(client, GOOD GOOD GOOD));
    raw_send(client, bytes.data, bytes.length);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(raw_answer(client, NULL, NULL, 5000), 200);
    expect(c);
    ck_assert_uint_eq(service_served(), 3 + (c->then == LIVES));
    free((void *)(uintptr_t)bytes.data);
}
END_TEST

START_TEST(a_bad_request_in_single_bytes_is_refused_as_well)
{
    const struct bad *const c = &cases[_i];
    const struct span bytes = bytes_of(c);

    for (size_t i = 0; i < bytes.length && i < 3000; i++) {
        if (!raw_send(client, bytes.data + i, 1))
            break;
    }
    if (bytes.length > 3000)
        raw_send(client, bytes.data + 3000, bytes.length - 3000);
    expect(c);
    ck_assert_uint_eq(service_served(), c->then == LIVES);
    free((void *)(uintptr_t)bytes.data);
}
END_TEST

START_TEST(a_good_request_is_served_whole_or_in_single_bytes)
{
    struct span head, body;

    for (int single = 0; single < 2; single++) {
        const size_t length = strlen(fine[_i].request);

        for (size_t at = 0; at < length; at += single ? 1 : length)
            ck_assert(raw_send(client, fine[_i].request + at, single ? 1 : length));
        ck_assert_int_eq(raw_answer(client, &head, &body, 5000), 200);
        ck_assert_msg(span_is(body, fine[_i].body), "%.*s", (int)body.length, body.data);
        check_fields(head);
        ck_assert(holds(head, "\r\nContent-Type: application/json\r\n"));
    }
    ck_assert_uint_eq(service_served(), 2);
    ck_assert_str_eq(service_last(), "127.0.0.1 -"); /* H22: whatever X-Forwarded-For says */
}
END_TEST

START_TEST(a_method_that_is_not_here_is_told_which_are)
{
    struct span head;

    ck_assert(raw_text(client, "PATCH /v1/things/1 HTTP/1.1\r\n" HOST TYPED LENGTH2 "\r\n{}"));
    ck_assert_int_eq(raw_answer(client, &head, NULL, 5000), 405);
    ck_assert(holds(head, "\r\nAllow: GET, HEAD, DELETE\r\n"));
}
END_TEST

START_TEST(a_client_that_expects_is_told_to_continue)
{
    struct span body;

    for (int i = 0; i < 3; i++) {
        ck_assert(raw_text(client, POST TYPED LENGTH2 "Expect: 100-continue\r\n\r\n"));
        ck_assert_int_eq(raw_answer(client, NULL, NULL, 5000), 100);
        ck_assert(raw_text(client, "{}"));
        ck_assert_int_eq(raw_answer(client, NULL, &body, 5000), 200);
        ck_assert(span_is(body, "{}"));
    }
}
END_TEST

START_TEST(a_connection_that_is_to_close_is_closed_after_the_answer)
{
    struct span head;

    ck_assert(raw_text(client, POST TYPED LENGTH2 "Connection: keep-alive, Close\r\n\r\n{}" GOOD));
    ck_assert_int_eq(raw_answer(client, &head, NULL, 5000), 200);
    ck_assert(holds(head, "\r\nConnection: close\r\n"));
    ck_assert(raw_ended(client, 5000));
    ck_assert_uint_eq(service_served(), 1);
}
END_TEST

START_TEST(head_gets_the_fields_of_get_without_the_body)
{
    struct span head;

    ck_assert(raw_text(client, "HEAD /v1/slow HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n"));
    raw_answer(client, &head, NULL, 300); /* the body that it announces does not come */
    ck_assert(strncmp(client->bytes, "HTTP/1.1 200", 12) == 0);
    ck_assert_ptr_nonnull(strstr(client->bytes, "Content-Length: 2\r\n"));
    ck_assert_str_eq(client->bytes + client->got - 4, "\r\n\r\n");
}
END_TEST

Suite *
http_screen_suite(void)
{
    Suite *const s = suite_create("http_screen");
    TCase *const t = tcase_create("http_screen");
    const int bad = (int)(sizeof cases / sizeof *cases);

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 30);
    tcase_add_loop_test(t, a_bad_request_is_refused_and_nothing_of_it_runs, 0, bad);
    tcase_add_loop_test(t, a_bad_request_after_good_ones_is_refused_as_well, 0, bad);
    tcase_add_loop_test(t, a_bad_request_in_single_bytes_is_refused_as_well, 0, bad);
    tcase_add_loop_test(t, a_good_request_is_served_whole_or_in_single_bytes, 0,
                        (int)(sizeof fine / sizeof *fine));
    tcase_add_test(t, a_method_that_is_not_here_is_told_which_are);
    tcase_add_test(t, a_client_that_expects_is_told_to_continue);
    tcase_add_test(t, a_connection_that_is_to_close_is_closed_after_the_answer);
    tcase_add_test(t, head_gets_the_fields_of_get_without_the_body);
    suite_add_tcase(s, t);
    return s;
}
