/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Slow, silent and vanishing clients (H18, H20, H21) and how the service ends, with good requests
 * beside. Deadlines are short here; what counts is that they are absolute.
 */
#define _GNU_SOURCE /* memmem */
#include "common/http_server.h"

#include "common/clock.h"
#include "common/log.h"
#include "tests/lib/capture.h"
#include "tests/lib/http_service.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

Suite *http_slow_suite(void);

#define FIELDS(length)                                                                             \
    " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " length    \
    "\r\n\r\n"
#define GOOD "POST /v1/echo" FIELDS("2") "{}"
#define HELD "PUT /v1/held" FIELDS("2") "{}"

enum { CROWD = 100, LARGE = 8 << 20 };

static struct raw crowd[CROWD];
static struct raw *const client = &crowd[0];

static void
start(struct http_server_options options)
{
    service_start(&options);
    *client = raw_open();
}

static void
setup(void)
{
    struct http_server_options options = service_options();

    options.deadlines =
        (struct http_deadlines){.head_ms = 500, .body_ms = 500, .answer_ms = 500, .idle_ms = 500};
    options.caps.per_client = 400;
    start(options);
}

static void
teardown(void)
{
    for (int i = 0; i < CROWD; i++) {
        if (crowd[i].fd > 0)
            raw_close(&crowd[i]);
    }
    service_stop();
}

/* ---- deadlines ------------------------------------------------------------------------------- */

static const struct {
    const char *what, *first, *drip;
    int status; /* 0: closed without an answer */
} slow[] = {
    {"a head", "GET /v1/slow HTTP/1.1\r\nHost: localhost\r\nX-A: ", "x", 408},
    {"a head after a good request", GOOD "GET /v1/slow HTTP/1.1\r\nX-A: ", "x", 408},
    {"a body", "POST /v1/echo" FIELDS("1000"), "x", 408},
    {"chunks",
     "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
     "Transfer-Encoding: chunked\r\n\r\n",
     "1\r\nx\r\n", 408},
    {"nothing", "", "", 0},
    {"nothing after a good request", GOOD, "", 0},
};

/* A hundred at once, while good requests are all served. */
START_TEST(a_slow_client_is_ended_at_an_absolute_deadline)
{
    const bool good_first = strstr(slow[_i].first, GOOD) != NULL;
    const double begun = clock_seconds();

    beside_start(NULL);
    for (int i = 0; i < CROWD; i++) {
        if (i > 0)
            crowd[i] = raw_open();
        raw_text(&crowd[i], slow[_i].first);
    }
    while (clock_seconds() - begun < 1.2) {
        for (int i = 0; i < CROWD; i++)
            raw_text(&crowd[i], slow[_i].drip);
        service_sleep(50);
    }
    for (int i = 0; i < CROWD; i++) {
        if (good_first)
            ck_assert_int_eq(raw_answer(&crowd[i], NULL, NULL, 2000), 200);
        if (slow[_i].status > 0)
            ck_assert_int_eq(raw_answer(&crowd[i], NULL, NULL, 2000), slow[_i].status);
        ck_assert_msg(raw_ended(&crowd[i], 2000), "%s: still open", slow[_i].what);
    }
    if (slow[_i].status > 0)
        SERVICE_AWAIT(too_slow, CROWD);
    beside_stop();
}
END_TEST

START_TEST(a_slow_reader_of_an_answer_is_ended)
{
    static char bytes[1 << 20];
    const int small = 4096;
    uint64_t read = 0;
    ssize_t n;

    beside_start(NULL);
    setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    ck_assert(raw_text(client, "GET /v1/large HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    SERVICE_AWAIT(too_slow, 1);
    while ((n = recv(client->fd, bytes, sizeof bytes, 0)) > 0)
        read += (uint64_t)n;
    ck_assert_uint_lt(read, LARGE);
    beside_stop();
}
END_TEST

START_TEST(a_large_answer_comes_whole)
{
    static char bytes[1 << 16];
    uint64_t read = 0;
    ssize_t n;

    ck_assert(
        raw_text(client, "GET /v1/large HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    while ((n = recv(client->fd, bytes, sizeof bytes, 0)) > 0)
        read += (uint64_t)n;
    ck_assert_uint_gt(read, LARGE);
    ck_assert_uint_lt(read, LARGE + 1000);
    ck_assert_int_eq(bytes[0], 'x');
}
END_TEST

/* ---- order and going away -------------------------------------------------------------------- */

START_TEST(pipelined_requests_are_answered_in_order)
{
    char text[256], expected[16];
    struct span body;

    beside_start(NULL);
    for (int i = 100; i < 200; i++) {
        snprintf(text, sizeof text, "POST /v1/%s" FIELDS("5") "[%d]", i % 3 ? "echo" : "late", i);
        ck_assert(raw_text(client, text));
    }
    for (int i = 100; i < 200; i++) {
        snprintf(expected, sizeof expected, "[%d]", i);
        ck_assert_int_eq(raw_answer(client, NULL, &body, 5000), 200);
        ck_assert_msg(span_is(body, expected), "%.*s", (int)body.length, body.data);
    }
    ck_assert_uint_eq(service_served(), 100);
    beside_stop();
}
END_TEST

/* The request counts although nobody hears the answer. */
START_TEST(a_client_that_goes_away_after_sending_is_served)
{
    beside_start(NULL);
    for (int i = 0; i < CROWD / 2; i++) {
        if (i > 0)
            crowd[i] = raw_open();
        ck_assert(raw_text(&crowd[i], HELD));
    }
    for (int i = 0; i < 200 && service_held() < CROWD / 2; i++)
        service_sleep(10);
    for (int i = 0; i < CROWD / 2; i++)
        raw_close(&crowd[i]);
    service_sleep(50);
    service_release();
    ck_assert_uint_eq(service_served(), CROWD / 2);
    beside_stop();
    for (int i = 0; i < 50; i++) {
        struct http_counters c;

        http_server_counters(service_server(), &c);
        if (c.connections_now == 0 && c.requests_now == 0 && c.body_bytes_now == 0)
            return;
        service_sleep(20);
    }
    ck_abort_msg("something of the clients that left is still there");
}
END_TEST

START_TEST(a_client_that_goes_away_while_sending_leaves_nothing)
{
    struct http_counters c;

    beside_start(NULL);
    for (int i = 1; i < CROWD; i++) {
        crowd[i] = raw_open();
        ck_assert(raw_text(&crowd[i], "POST /v1/echo" FIELDS("1000") "{"));
    }
    SERVICE_AWAIT(requests_now, CROWD - 1);
    for (int i = 0; i < CROWD; i++)
        raw_close(&crowd[i]);
    beside_stop();
    for (int i = 0; i < 50; i++) {
        http_server_counters(service_server(), &c);
        if (c.connections_now == 0)
            break;
        service_sleep(20);
    }
    ck_assert_uint_eq(c.connections_now, 0);
    ck_assert_uint_eq(c.requests_now, 0);
    ck_assert_uint_eq(c.body_bytes_now, 0);
    ck_assert_uint_eq(service_served(), 0);
}
END_TEST

START_TEST(a_client_that_ends_its_side_gets_its_answer)
{
    ck_assert(raw_text(client, "POST /v1/late" FIELDS("2") "{}"));
    shutdown(client->fd, SHUT_WR);
    ck_assert_int_eq(raw_answer(client, NULL, NULL, 2000), 200);
    ck_assert(raw_ended(client, 2000));
}
END_TEST

/* ---- bodies in files, slow routes ------------------------------------------------------------ */

START_TEST(a_slow_route_holds_nobody_else_up)
{
    const double begun = clock_seconds();

    for (int i = 0; i < 20; i++) {
        if (i > 0)
            crowd[i] = raw_open();
        ck_assert(raw_text(&crowd[i], "GET /v1/slow HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }
    crowd[20] = raw_open();
    ck_assert(raw_text(&crowd[20], GOOD));
    ck_assert_int_eq(raw_answer(&crowd[20], NULL, NULL, 2000), 200);
    ck_assert(clock_seconds() - begun < 0.4); /* 20 of 50 ms over two workers take 0.5 s */
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(raw_answer(&crowd[i], NULL, NULL, 5000), 200);
}
END_TEST

/* ---- the end --------------------------------------------------------------------------------- */

static void *
drain(void *ms)
{
    return http_server_drain(service_server(), *(unsigned *)ms) ? ms : NULL;
}

START_TEST(draining_answers_what_is_at_hand_and_takes_no_more)
{
    unsigned soon = 200, later = 5000;
    struct span head;
    pthread_t thread;
    void *drained;

    crowd[1] = raw_open();
    ck_assert(raw_text(client, HELD));
    ck_assert(raw_text(&crowd[1], GOOD));
    ck_assert_int_eq(raw_answer(&crowd[1], NULL, NULL, 2000), 200);
    SERVICE_AWAIT(requests_now, 1);
    ck_assert_ptr_null(drain(&soon)); /* one request is still held */
    ck_assert(raw_ended(&crowd[1], 1000));
    crowd[2] = raw_open();
    ck_assert_int_lt(crowd[2].fd, 0);

    ck_assert_int_eq(pthread_create(&thread, NULL, drain, &later), 0);
    service_release();
    ck_assert_int_eq(raw_answer(client, &head, NULL, 2000), 200);
    ck_assert_ptr_nonnull(memmem(head.data, head.length, "Connection: close\r\n", 19));
    ck_assert(raw_ended(client, 2000));
    raw_close(client);
    pthread_join(thread, &drained);
    ck_assert_ptr_nonnull(drained);
}
END_TEST

/* What was begun is answered whole, and nothing is begun that is not. */
START_TEST(draining_under_load_cuts_no_answer)
{
    unsigned later = 5000;

    hammer_start(NULL);
    for (int i = 0; i < 500 && hammer_seen()->answered < 100; i++)
        service_sleep(10);
    ck_assert_uint_ge(hammer_seen()->answered, 100);
    ck_assert_ptr_nonnull(drain(&later));
    hammer_stop();
}
END_TEST

START_TEST(stopping_waits_for_requests_that_are_with_the_caller)
{
    struct http_server_options options = service_options();

    start(options);
    ck_assert(raw_text(client, "GET /v1/slow HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    SERVICE_AWAIT(requests_now, 1);
    service_stop();
    ck_assert_uint_eq(service_served(), 1);
    raw_close(client);
}
END_TEST

/* ---- the log --------------------------------------------------------------------------------- */

START_TEST(the_log_names_routes_and_no_values)
{
    static struct capture caught;
    static const char *const requests[] = {
        "GET /v1/things/canary?from=canary HTTP/1.1\r\nHost: localhost\r\nX-A: canary\r\n\r\n",
        "GET /v1/canary HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "POST /v1/closed HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer canary\r\n"
        "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n\"canary\"",
        "POST /v1/echo" FIELDS("8") "\"canary\"",
        "CANARY /canary HTTP/1.1\r\nHost: canary\r\n\r\n",
    };

    log_set_level(LOG_DEBUG);
    capture_start(&caught);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        raw_text(client, requests[i]);
        raw_answer(client, NULL, NULL, 2000);
    }
    SERVICE_AWAIT(refused, 2);
    service_sleep(100);
    capture_end(&caught);
    ck_assert_ptr_null(strstr(caught.err, "anary"));
    ck_assert_ptr_null(strstr(caught.err, "ANARY"));
    ck_assert_ptr_null(strstr(caught.err, "127.0.0.1"));
    ck_assert_ptr_nonnull(
        strstr(caught.err, "info request method=GET route=/v1/things/{id} status=200 "));
    ck_assert_ptr_nonnull(strstr(caught.err, "route=/v1/closed status=401 "));
    ck_assert_ptr_nonnull(strstr(caught.err, "route=- status=404 "));
}
END_TEST

Suite *
http_slow_suite(void)
{
    Suite *const s = suite_create("http_slow");
    TCase *const t = tcase_create("short_deadlines");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 30);
    tcase_add_loop_test(t, a_slow_client_is_ended_at_an_absolute_deadline, 0,
                        (int)(sizeof slow / sizeof *slow));
    tcase_add_test(t, a_slow_reader_of_an_answer_is_ended);
    tcase_add_test(t, a_large_answer_comes_whole);
    tcase_add_test(t, pipelined_requests_are_answered_in_order);
    tcase_add_test(t, a_client_that_goes_away_after_sending_is_served);
    tcase_add_test(t, a_client_that_goes_away_while_sending_leaves_nothing);
    tcase_add_test(t, a_client_that_ends_its_side_gets_its_answer);
    tcase_add_test(t, a_slow_route_holds_nobody_else_up);
    tcase_add_test(t, draining_answers_what_is_at_hand_and_takes_no_more);
    tcase_add_test(t, draining_under_load_cuts_no_answer);
    tcase_add_test(t, the_log_names_routes_and_no_values);
    suite_add_tcase(s, t);

    TCase *const end = tcase_create("end");

    tcase_add_test(end, stopping_waits_for_requests_that_are_with_the_caller);
    suite_add_tcase(s, end);
    return s;
}
