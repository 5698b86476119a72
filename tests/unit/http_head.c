/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The reader of heads and bodies by itself: what it makes of a good request, cut anywhere, and its
 * exact limits. What it refuses is in http_screen.c, over a real connection.
 */
#include "common/http_head.h"

#include "tests/lib/fixture.h"

#include <check.h>
#include <string.h>

Suite *http_head_suite(void);

static const struct http_head_limits limits = {200, 40, 4};
static struct http_head h;
static struct http_body b;

static enum http_read
read_cut(const char *text, size_t length, size_t cut)
{
    http_head_start(&h);

    const enum http_read read = http_head_read(&h, text, cut, &limits);

    return read == HTTP_MORE ? http_head_read(&h, text, length, &limits) : read;
}

START_TEST(a_head_is_the_same_wherever_it_is_cut)
{
    static const char text[] = "POST /v1/stops?from=a HTTP/1.1\r\nhOST: localhost:8443\r\n"
                               "Content-Type:application/json\r\nContent-Length: 12\r\n"
                               "Authorization: Bearer a.b\r\n\r\n{";
    struct span value;

    for (size_t cut = 0; cut < sizeof text - 1; cut++) {
        ck_assert_int_eq(read_cut(text, sizeof text - 1, cut), HTTP_DONE);
        ck_assert_uint_eq(h.bytes, sizeof text - 2);
        ck_assert(span_is(h.method, "POST") && span_is(h.path, "/v1/stops"));
        ck_assert(span_is(h.query, "from=a") && span_is(h.host, "localhost:8443"));
        ck_assert(span_is(h.content_type, "application/json"));
        ck_assert(span_is(h.authorization, "Bearer a.b"));
        ck_assert(h.has_length && h.length == 12 && !h.chunked && !h.closes);
        ck_assert(http_head_find(&h, "host", &value) && span_is(value, "localhost:8443"));
        ck_assert(!http_head_find(&h, "hos", &value));
    }
}
END_TEST

START_TEST(a_moved_head_points_into_the_copy)
{
    static const char text[] = "GET /a?b=c HTTP/1.1\r\nHost: x\r\nX-A: y\r\n\r\n";
    char *const copy = arena_strndup(a, text, sizeof text - 1);

    ck_assert_int_eq(read_cut(text, sizeof text - 1, 0), HTTP_DONE);
    http_head_move(&h, text, copy);
    memset(copy, '#', sizeof text - 1);
    ck_assert(span_is(h.method, "###") && span_is(h.path, "##") && span_is(h.query, "###"));
    ck_assert(span_is(h.host, "#") && span_is(h.fields[1].name, "###"));
    ck_assert(span_is(h.fields[1].value, "#"));
}
END_TEST

/* A head of so many bytes, with a URI of so many, and so many fields. */
static enum http_read
read_sized(size_t bytes, size_t uri, unsigned fields)
{
    struct strbuf *const text = strbuf_new(a, 4096);

    strbuf_add_text(text, "GET /");
    while (text->length < 4 + uri)
        strbuf_add_char(text, 'u');
    strbuf_add_text(text, " HTTP/1.1\r\nHost: x\r\n");
    for (unsigned i = 2; i < fields; i++)
        strbuf_add_text(text, "A: b\r\n");
    strbuf_add_text(text, "B: ");
    while (text->length + 4 < bytes)
        strbuf_add_char(text, 'v');
    strbuf_add_text(text, "\r\n\r\n");
    return read_cut(text->data, text->length, 0);
}

START_TEST(limits_are_exact)
{
    static const struct {
        size_t bytes, uri;
        unsigned fields;
        int status;
    } sizes[] = {{200, 40, 4, 0},   {201, 40, 4, 431}, {199, 1, 2, 0},
                 {200, 41, 4, 414}, {200, 40, 5, 431}, {900, 400, 4, 414}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const enum http_read read = read_sized(sizes[i].bytes, sizes[i].uri, sizes[i].fields);

        ck_assert_int_eq(read, sizes[i].status ? HTTP_REFUSED : HTTP_DONE);
        ck_assert_int_eq(h.fault.status, sizes[i].status);
    }
}
END_TEST

START_TEST(chunks_end_at_the_same_byte_wherever_they_are_cut)
{
    static const char text[] = "3\r\nabc\r\n00A\r\n0123456789\r\n0\r\n\r\nGET /";
    const struct http_head chunked = {.chunked = true};
    const size_t end = sizeof text - 1 - 5;
    size_t taken, more;

    for (size_t cut = 0; cut < sizeof text - 1; cut++) {
        ck_assert_int_eq(http_body_start(&b, &chunked, 13), HTTP_MORE);

        enum http_read read = http_body_read(&b, text, cut, &taken);

        ck_assert_int_eq(read, cut < end ? HTTP_MORE : HTTP_DONE);
        more = 0;
        if (read == HTTP_MORE)
            read = http_body_read(&b, text + cut, sizeof text - 1 - cut, &more);
        ck_assert_int_eq(read, HTTP_DONE);
        ck_assert_uint_eq(taken + more, end);
        ck_assert_uint_eq(b.bytes, 13);
    }
    http_body_start(&b, &chunked, 12);
    ck_assert_int_eq(http_body_read(&b, text, sizeof text - 1, &taken), HTTP_REFUSED);
    ck_assert_int_eq(b.fault.status, 413);
    ck_assert_uint_lt(taken, 14); /* told by the size, not by its bytes */
}
END_TEST

START_TEST(a_length_counts_down_and_has_a_limit)
{
    const struct http_head three = {.has_length = true, .length = 3}, none = {0};
    size_t taken;

    ck_assert_int_eq(http_body_start(&b, &none, 0), HTTP_DONE);
    ck_assert_int_eq(http_body_start(&b, &three, 2), HTTP_REFUSED);
    ck_assert_int_eq(http_body_start(&b, &three, 3), HTTP_MORE);
    ck_assert_int_eq(http_body_read(&b, "ab", 2, &taken), HTTP_MORE);
    ck_assert_int_eq(http_body_read(&b, "cd", 2, &taken), HTTP_DONE);
    ck_assert_uint_eq(taken, 1);
}
END_TEST

Suite *
http_head_suite(void)
{
    Suite *const s = suite_create("http_head");
    TCase *const t = tcase_create("http_head");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_add_test(t, a_head_is_the_same_wherever_it_is_cut);
    tcase_add_test(t, a_moved_head_points_into_the_copy);
    tcase_add_test(t, limits_are_exact);
    tcase_add_test(t, chunks_end_at_the_same_byte_wherever_they_are_cut);
    tcase_add_test(t, a_length_counts_down_and_has_a_limit);
    suite_add_tcase(s, t);
    return s;
}
