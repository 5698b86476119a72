/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Readers: what a file reader refuses, what it hashes, and that it notices a file which changed.
 */
#include "common/reader.h"
#include "common/digest.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

Suite *reader_suite(void);

static struct arena *a;
static char folder[64];

static void
open_folder(void)
{
    a = arena_new();
    memcpy(folder, "/tmp/maatstaf-reader-XXXXXX", sizeof "/tmp/maatstaf-reader-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void
remove_folder(void)
{
    static const char *const names[] = {"file", "other", "link", "pipe", "socket"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)unlink(names[i]);
    (void)rmdir("folder");
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0);
    arena_free(a);
}

static void
write_file(const char *name, const char *text)
{
    FILE *const f = fopen(name, "w");

    ck_assert_ptr_nonnull(f);
    ck_assert(fputs(text, f) >= 0);
    ck_assert_int_eq(fclose(f), 0);
}

static size_t
read_some(struct reader r, char *buffer, size_t capacity)
{
    size_t got = 0;
    struct err e;

    ck_assert(r.read(r.context, buffer, capacity, &got, &e));
    ck_assert_uint_le(got, capacity);
    return got;
}

START_TEST(memory_is_read_in_steps_and_then_ends)
{
    struct reader r = reader_memory(a, SPAN_LITERAL("abcdefg"), 3);
    char buffer[10];

    ck_assert_uint_eq(read_some(r, buffer, 10), 3);
    ck_assert_uint_eq(read_some(r, buffer, 2), 2);
    ck_assert(memcmp(buffer, "de", 2) == 0);
    ck_assert_uint_eq(read_some(r, buffer, 10), 2);
    ck_assert_uint_eq(read_some(r, buffer, 10), 0);
    r = reader_memory(a, span_of(NULL), 0);
    ck_assert_uint_eq(read_some(r, buffer, 10), 0);
    r = reader_memory(a, SPAN_LITERAL("abcdefg"), 0);
    ck_assert_uint_eq(read_some(r, buffer, 10), 7);
}
END_TEST

START_TEST(a_file_is_hashed_as_far_as_it_was_read)
{
    struct err e;
    char buffer[4];
    uint8_t got[32], want[32];

    write_file("file", "abcdefg");

    struct file_reader *const f = file_reader_open(a, "file", &e);

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(file_reader_size(f), 7);
    for (size_t n = 0; n <= 7; n += 4) {
        sha256_of("abcdefg", n, want);
        file_reader_sha256(f, got);
        ck_assert_uint_eq(file_reader_position(f), n);
        ck_assert_mem_eq(got, want, 32);
        (void)read_some(file_reader_reader(f), buffer, 4);
    }
    ck_assert_uint_eq(read_some(file_reader_reader(f), buffer, 4), 0);
    sha256_of("abcdefg", 7, want);
    file_reader_sha256(f, got);
    ck_assert_mem_eq(got, want, 32);
    ck_assert(file_reader_unchanged(f, &e));
}
END_TEST

static void
must_refuse(const char *path, const char *what)
{
    struct err e = {0};

    ck_assert_ptr_null(file_reader_open(a, path, &e));
    ck_assert_int_eq(e.code, ERR_INPUT);
    ck_assert_msg(strstr(e.text, path) && strstr(e.text, what), "%s", e.text);
}

START_TEST(what_is_no_regular_file_is_refused_without_waiting)
{
    const struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    const int s = socket(AF_UNIX, SOCK_STREAM, 0);

    write_file("file", "x");
    ck_assert_int_eq(symlink("file", "link"), 0);
    ck_assert_int_eq(mkfifo("pipe", 0600), 0);
    ck_assert_int_eq(mkdir("folder", 0700), 0);
    ck_assert_int_eq(bind(s, (const struct sockaddr *)&address, sizeof address), 0);
    must_refuse("link", "a symbolic link");
    must_refuse("pipe", "a pipe"); /* nobody writes to it: a blocking open would hang */
    must_refuse("folder", "a directory");
    must_refuse("socket", "a socket");
    must_refuse("/dev/null", "a device");
    must_refuse("absent", "No such file");
    must_refuse("", "No such file");
    (void)close(s);
}
END_TEST

START_TEST(a_file_with_two_names_is_refused)
{
    write_file("file", "x");
    ck_assert_int_eq(link("file", "other"), 0);
    must_refuse("file", "2 names");
}
END_TEST

static void
grow(void)
{
    write_file("file", "longer than it was");
}

static void
touch(void)
{
    const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 1000, .tv_nsec = 1}};

    ck_assert_int_eq(utimensat(AT_FDCWD, "file", times, 0), 0);
}

/* The same size and time, but another file. */
static void
replace(void)
{
    struct stat st;

    ck_assert_int_eq(stat("file", &st), 0);
    write_file("other", "abc");

    const struct timespec times[2] = {st.st_atim, st.st_mtim};

    ck_assert_int_eq(utimensat(AT_FDCWD, "other", times, 0), 0);
    ck_assert_int_eq(rename("other", "file"), 0);
}

static void
take_away(void)
{
    ck_assert_int_eq(unlink("file"), 0);
}

START_TEST(a_changed_file_is_noticed)
{
    static void (*const changes[])(void) = {grow, touch, replace, take_away};
    struct err e = {0};

    write_file("file", "abc");

    struct file_reader *const f = file_reader_open(a, "file", &e);

    ck_assert_ptr_nonnull(f);
    ck_assert(file_reader_unchanged(f, &e));
    changes[_i]();
    ck_assert(!file_reader_unchanged(f, &e));
    ck_assert_int_eq(e.code, ERR_INPUT);
}
END_TEST

START_TEST(the_arena_closes_the_file)
{
    struct arena *const child = arena_child(a);
    struct err e;
    const int before = dup(0);

    (void)close(before);
    write_file("file", "abc");
    ck_assert_ptr_nonnull(file_reader_open(child, "file", &e));
    ck_assert_ptr_null(file_reader_open(child, ".", &e)); /* a refused one too */
    arena_free(child);

    const int after = dup(0);

    (void)close(after);
    ck_assert_int_eq(after, before); /* the lowest free descriptor is the same */
}
END_TEST

START_TEST(a_window_keeps_what_was_not_taken)
{
    struct window w;
    struct err e;

    window_start(&w, a, reader_memory(a, SPAN_LITERAL("abcdefghij"), 3), 4);
    ck_assert(window_fill(&w, &e));
    ck_assert(w.end - w.start == 4 && memcmp(w.data + w.start, "abcd", 4) == 0 && !w.ended);
    w.start += 3;
    ck_assert(window_fill(&w, &e));
    ck_assert(w.end - w.start == 4 && memcmp(w.data + w.start, "defg", 4) == 0 && !w.ended);
    w.start += 4;
    ck_assert(window_fill(&w, &e));
    ck_assert(w.end - w.start == 3 && memcmp(w.data + w.start, "hij", 3) == 0 && w.ended);
}
END_TEST

Suite *
reader_suite(void)
{
    Suite *const s = suite_create("reader");
    TCase *const t = tcase_create("reader");

    tcase_add_checked_fixture(t, open_folder, remove_folder);
    tcase_add_test(t, memory_is_read_in_steps_and_then_ends);
    tcase_add_test(t, a_file_is_hashed_as_far_as_it_was_read);
    tcase_add_test(t, what_is_no_regular_file_is_refused_without_waiting);
    tcase_add_test(t, a_file_with_two_names_is_refused);
    tcase_add_loop_test(t, a_changed_file_is_noticed, 0, 4);
    tcase_add_test(t, the_arena_closes_the_file);
    tcase_add_test(t, a_window_keeps_what_was_not_taken);
    suite_add_tcase(s, t);
    return s;
}
