/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the service does at its limits: caps (H19), a full disk, no open files left (S09), and what
 * of that reaches the log. Who is within the limits is served throughout.
 */
#define _GNU_SOURCE /* memmem, unshare */
#include "common/http_server.h"

#include "common/clock.h"
#include "common/log.h"
#include "tests/lib/capture.h"
#include "tests/lib/http_service.h"
#include "tests/lib/testlib.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

Suite *http_limits_suite(void);

#define FIELDS(length)                                                                             \
    " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " length    \
    "\r\n\r\n"
#define GOOD "POST /v1/echo" FIELDS("2") "{}"
#define HELD "PUT /v1/held" FIELDS("2") "{}"

enum { CROWD = 40 };

static struct raw crowd[CROWD];
static struct raw *const client = &crowd[0];
static char folder[] = "/tmp/maatstaf-http-XXXXXX";

static void
setup(void)
{
    for (int i = 0; i < CROWD; i++)
        crowd[i].fd = -1;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    log_set_level(LOG_ERROR);
}

static void
start(struct http_server_options options)
{
    service_start(&options);
    *client = raw_open();
}

static void
teardown(void)
{
    for (int i = 0; i < CROWD; i++)
        raw_close(&crowd[i]);
    service_stop();
    ck_assert_int_eq(rmdir(folder), 0);
}

static void
good(void)
{
    ck_assert(raw_text(client, GOOD));
    ck_assert_int_eq(raw_answer(client, NULL, NULL, 2000), 200);
}

/* ---- connections and bytes ------------------------------------------------------------------- */

static unsigned
open_files(void)
{
    DIR *const d = opendir("/proc/self/fd");
    unsigned count = 0;

    while (readdir(d))
        count++;
    closedir(d);
    return count;
}

static void
check_crowd(unsigned connections, unsigned per_client, unsigned tries)
{
    struct http_server_options options = service_options();
    const unsigned room = connections < per_client ? connections : per_client;
    struct http_counters c;

    options.caps.connections = connections;
    options.caps.per_client = per_client;
    start(options);
    good();
    if (per_client < connections)
        beside_start(NULL); /* from another address; else the one that is in already must do */
    for (unsigned i = 1; i < tries; i++) {
        struct raw r = raw_open();

        if (i % 100 == 0)
            good();

        if (i < room)
            crowd[i] = r;
        else
            raw_close(&r);
    }
    for (unsigned i = 0; i < room; i++) {
        ck_assert(raw_text(&crowd[i], GOOD));
        ck_assert_int_eq(raw_answer(&crowd[i], NULL, NULL, 2000), 200);
    }
    for (int i = 0; i < 200; i++) {
        http_server_counters(service_server(), &c);
        if (c.over_cap + c.over_client_cap == tries - room)
            break;
        service_sleep(10);
    }
    if (per_client < connections)
        beside_stop();
    else
        ck_assert_uint_eq(c.connections, room);
    ck_assert_uint_le(c.connections_now, room + 1);
    ck_assert_uint_eq(connections < per_client ? c.over_cap : c.over_client_cap, tries - room);
    ck_assert_uint_lt(open_files(), 4 * room + 30);
}

START_TEST(five_thousand_connections_do_not_pass_the_cap)
{
    check_crowd(40, 4000, 5000);
}
END_TEST

START_TEST(one_client_has_its_own_cap)
{
    check_crowd(400, 20, 200);
}
END_TEST

START_TEST(bodies_in_flight_have_a_budget)
{
    struct http_server_options options = service_options();
    struct span head;

    options.caps.in_flight = 5;
    start(options);
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            crowd[i] = raw_open();
        ck_assert(raw_text(&crowd[i], HELD));
        if (i < 2)
            SERVICE_AWAIT(requests_now, i + 1);
    }
    for (int i = 2; i < 4; i++) {
        ck_assert_int_eq(raw_answer(&crowd[i], &head, NULL, 2000), 503);
        ck_assert_ptr_nonnull(memmem(head.data, head.length, "Retry-After: 1\r\n", 16));
    }
    service_release();
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(raw_answer(&crowd[i], NULL, NULL, 2000), 200);
    ck_assert(raw_text(&crowd[3], GOOD)); /* the same connection, now that there is room */
    ck_assert_int_eq(raw_answer(&crowd[3], NULL, NULL, 2000), 200);
}
END_TEST

START_TEST(the_largest_head_that_is_allowed_is_served)
{
    static char request[20000];
    struct http_server_options options = service_options();
    struct span body;
    size_t used;

    start(options);
    used = (size_t)snprintf(request, sizeof request,
                            "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\n"
                            "Content-Type: application/json\r\nContent-Length: 1024\r\n");
    for (int i = 0; i < 45; i++) { /* 48 in all, of 16,384 bytes in all */
        const size_t left = 16384 - 2 - used;
        const size_t length = i < 44 ? 350 : left;

        used += (size_t)snprintf(request + used, sizeof request - used, "X-%02d: %0*d\r\n", i,
                                 (int)length - 8, 1);
    }
    used += (size_t)snprintf(request + used, sizeof request - used, "\r\n%01024d", 1);
    ck_assert_uint_eq(used, 16384 + 1024);
    for (int i = 0; i < 3; i++) {
        ck_assert(raw_send(client, request, used));
        ck_assert_int_eq(raw_answer(client, NULL, &body, 2000), 200);
        ck_assert_uint_eq(body.length, 1024);
    }
}
END_TEST

START_TEST(a_service_on_ipv6_serves_and_has_its_caps)
{
    struct http_server_options options = service_options();
    struct http_server *probe;
    struct arena *const a = arena_new();
    struct err e;

    options.address = "::1";
    options.caps.per_client = 3;
    probe = http_server_start(a, &options, &e);
    if (!probe)
        test_skipped("a_service_on_ipv6_serves_and_has_its_caps", e.text);
    else
        http_server_stop(probe);
    arena_free(a);
    options.address = probe ? "::1" : NULL;
    start(options);
    beside_start(NULL);
    good();
    ck_assert_str_eq(service_last(), probe ? "::1 -" : "127.0.0.1 -");
    beside_stop();
    for (int i = 1; i < 10; i++)
        crowd[i] = raw_open();
    SERVICE_AWAIT(over_client_cap, 7);
    good();
}
END_TEST

/* ---- bodies in files ------------------------------------------------------------------------- */

static void
begin_file(struct raw *r, unsigned bytes)
{
    char head[200];

    snprintf(head, sizeof head,
             "POST /v1/file HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
             "application/x-ndjson\r\nContent-Length: %u\r\n\r\n",
             bytes);
    ck_assert(raw_text(r, head));
}

static unsigned
files_in(void)
{
    DIR *const d = opendir(folder);
    unsigned count = 0;

    for (const struct dirent *f = readdir(d); f; f = readdir(d))
        count += strncmp(f->d_name, "body-", 5) == 0;
    closedir(d);
    return count;
}

static void
await_files(unsigned count)
{
    for (int i = 0; i < 200 && files_in() != count; i++)
        service_sleep(10);
    ck_assert_uint_eq(files_in(), count);
}

START_TEST(a_body_goes_to_a_file_and_the_file_goes_away)
{
    enum { BYTES = 1 << 20 };
    static char bytes[BYTES];
    char expected[80];
    struct http_server_options options = service_options();
    uint64_t sum = 0;
    struct span body;

    for (unsigned i = 0; i < BYTES; i++) {
        bytes[i] = (char)(i * 7 + i / 251);
        sum = sum * 31 + (unsigned char)bytes[i];
    }
    options.folder = folder;
    start(options);
    for (int i = 0; i < 3; i++) {
        begin_file(client, BYTES);
        ck_assert(raw_send(client, bytes, BYTES));
        snprintf(expected, sizeof expected, "{\"bytes\":%d,\"sum\":%ju}", BYTES, (uintmax_t)sum);
        ck_assert_int_eq(raw_answer(client, NULL, &body, 5000), 200);
        ck_assert_msg(span_is(body, expected), "%.*s", (int)body.length, body.data);
    }
    await_files(0);
}
END_TEST

static void
expect_refusal(struct raw *r, int status, const char *document)
{
    struct span head, body;

    ck_assert_int_eq(raw_answer(r, &head, &body, 2000), status);
    ck_assert_msg(span_is(body, document), "%.*s", (int)body.length, body.data);
    ck_assert_int_eq(memmem(head.data, head.length, "Retry-After: 1\r\n", 16) != NULL,
                     status == 503);
}

START_TEST(so_many_bodies_in_files_and_no_more)
{
    struct http_server_options options = service_options();

    options.folder = folder;
    options.caps.body_files = 3;
    start(options);
    beside_start(NULL);
    for (unsigned i = 0; i < 4; i++) {
        if (i > 0)
            crowd[i] = raw_open();
        begin_file(&crowd[i], 2);
        if (i < 3)
            await_files(i + 1);
    }
    expect_refusal(&crowd[3], 503, "{\"status\":503,\"code\":\"busy\"}");
    ck_assert_uint_eq(files_in(), 3);
    ck_assert(raw_text(&crowd[3], "{}")); /* of the body that was refused: read, not kept */
    ck_assert(raw_text(client, "{}"));
    ck_assert_int_eq(raw_answer(client, NULL, NULL, 2000), 200);
    begin_file(&crowd[3], 2);
    ck_assert(raw_text(&crowd[3], "{}"));
    ck_assert_int_eq(raw_answer(&crowd[3], NULL, NULL, 2000), 200);
    raw_close(&crowd[1]); /* who goes away gives its place back as well */
    await_files(1);
    beside_stop();
}
END_TEST

/* A disk of 64 KiB that only this process has. */
static bool
mount_small(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("small", folder, "tmpfs", 0, "size=64k") == 0;
}

START_TEST(a_full_disk_is_told_and_then_there_is_room_again)
{
    enum { BYTES = 1 << 20 };
    static char bytes[BYTES];
    static const char document[] = "{\"status\":507,\"code\":\"storage\"}";
    struct http_server_options options = service_options();
    const bool small = mount_small();

    options.folder = small ? folder : "/nonexistent"; /* no file can be made at all */
    if (!small)
        test_skipped("a_full_disk_is_told_and_then_there_is_room_again", "no mount as this user");
    start(options);
    beside_start(NULL);
    for (int i = 0; i < 3; i++) {
        begin_file(client, small ? BYTES : 2);
        ck_assert(raw_send(client, bytes, small ? BYTES : 2));
        expect_refusal(client, 507, document);
        ck_assert_uint_eq(service_served(), (unsigned)(small ? i : 0));
        await_files(0);
        if (!small)
            continue;
        begin_file(client, 2);
        ck_assert(raw_text(client, "{}"));
        ck_assert_int_eq(raw_answer(client, NULL, NULL, 2000), 200);
    }
    beside_stop();
    if (small)
        ck_assert_int_eq(umount2(folder, MNT_DETACH), 0);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_told_before_the_body)
{
    struct http_server_options options = service_options();

    options.folder = "/nonexistent";
    start(options);
    begin_file(client, 1000);
    expect_refusal(client, 507, "{\"status\":507,\"code\":\"storage\"}");
}
END_TEST

/* ---- open files ------------------------------------------------------------------------------ */

/* S09: the caps shrink to what the limit allows, and who comes from elsewhere is served. */
START_TEST(with_sixty_four_open_files_it_serves_fewer)
{
    const struct rlimit few = {64, 64};
    struct http_server_options options = service_options();

    options.caps.per_client = 2;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    start(options);
    beside_start(NULL);
    for (int i = 0; i < 500; i++) {
        const int at = 1 + i % 8;

        raw_close(&crowd[at]);
        crowd[at] = raw_open();
        if (i % 50 == 0)
            good();
    }
    SERVICE_AWAIT(over_client_cap, 300);
    good();
    beside_stop();
}
END_TEST

START_TEST(when_no_open_files_are_left_it_says_so_and_recovers)
{
    const struct rlimit few = {300, 300};
    struct http_server_options options = service_options();
    int taken[300];
    int count = 0;

    options.folder = folder;
    options.caps.connections = 10;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &few), 0);
    start(options);
    good();
    crowd[1] = raw_open();
    SERVICE_AWAIT(connections, 2);
    crowd[2] = raw_socket();
    while ((taken[count] = dup(client->fd)) >= 0)
        count++;
    begin_file(client, 2); /* its pair is there; a file is not to be had */
    ck_assert(raw_text(client, "{}"));
    expect_refusal(client, 503, "{\"status\":503,\"code\":\"busy\"}");
    ck_assert(raw_text(&crowd[1], GOOD)); /* no pair */
    ck_assert_int_eq(raw_answer(&crowd[1], NULL, NULL, 2000), 503);
    ck_assert(raw_ended(&crowd[1], 2000));
    ck_assert(raw_connect(&crowd[2])); /* waits in the kernel */
    ck_assert(raw_text(&crowd[2], GOOD));
    ck_assert_int_eq(raw_answer(&crowd[2], NULL, NULL, 300), 0);
    while (count > 0)
        close(taken[--count]);
    ck_assert_int_eq(raw_answer(&crowd[2], NULL, NULL, 2000), 200);
    good();
    begin_file(client, 2);
    ck_assert(raw_text(client, "{}"));
    ck_assert_int_eq(raw_answer(client, NULL, NULL, 2000), 200);
}
END_TEST

/* ---- the log --------------------------------------------------------------------------------- */

START_TEST(a_crowd_does_not_fill_the_log)
{
    static struct capture caught;
    struct http_server_options options = service_options();
    const double begun = clock_seconds();
    unsigned lines = 0, sum = 0;

    options.caps.per_client = 1;
    start(options);
    good();
    log_set_level(LOG_WARNING);
    capture_start(&caught);
    for (int i = 0; i < 500; i++) {
        struct raw r = raw_open();

        raw_close(&r);
    }
    SERVICE_AWAIT(over_client_cap, 500);
    service_sleep(1300);
    capture_end(&caught);
    for (const char *at = caught.err; (at = strstr(at, "warning connection turned away count="));) {
        at += strlen("warning connection turned away count=");
        sum += (unsigned)strtoul(at, NULL, 10);
        lines++;
    }
    ck_assert_uint_eq(sum, 500);
    ck_assert_uint_ge(lines, 2); /* the first at once */
    ck_assert_uint_le(lines, (unsigned)(clock_seconds() - begun) + 2);
    ck_assert_ptr_nonnull(strstr(caught.err, "count=1 reason=\"the cap of one client\""));
    ck_assert_ptr_null(strstr(caught.err, "127.0.0.1"));
}
END_TEST

Suite *
http_limits_suite(void)
{
    Suite *const s = suite_create("http_limits");
    TCase *const t = tcase_create("http_limits");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, five_thousand_connections_do_not_pass_the_cap);
    tcase_add_test(t, one_client_has_its_own_cap);
    tcase_add_test(t, bodies_in_flight_have_a_budget);
    tcase_add_test(t, the_largest_head_that_is_allowed_is_served);
    tcase_add_test(t, a_service_on_ipv6_serves_and_has_its_caps);
    tcase_add_test(t, a_body_goes_to_a_file_and_the_file_goes_away);
    tcase_add_test(t, so_many_bodies_in_files_and_no_more);
    tcase_add_test(t, a_full_disk_is_told_and_then_there_is_room_again);
    tcase_add_test(t, a_folder_that_is_not_there_is_told_before_the_body);
    tcase_add_test(t, with_sixty_four_open_files_it_serves_fewer);
    tcase_add_test(t, when_no_open_files_are_left_it_says_so_and_recovers);
    tcase_add_test(t, a_crowd_does_not_fill_the_log);
    suite_add_tcase(s, t);
    return s;
}
