/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Arenas: zeroed and aligned memory that does not overlap, handles released newest first, children
 * that go with their parent or earlier, reset that keeps the arena usable.
 */
#include "common/arena.h"

#include <check.h>
#include <signal.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

Suite *arena_suite(void);

static char released[64];

static void
note(void *handle)
{
    const size_t n = strlen(released);

    ck_assert_uint_lt(n, sizeof released - 1);
    released[n] = *(const char *)handle;
    released[n + 1] = '\0';
}

static void
start_notes(void)
{
    memset(released, 0, sizeof released);
}

static char letters[] = "abcdefgh";

static bool
all_are(const unsigned char *p, size_t n, unsigned char value)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] != value)
            return false;
    }
    return true;
}

/* Each piece is filled with its own byte; none may be changed by another. */
START_TEST(pieces_are_zeroed_aligned_and_apart)
{
    struct arena *const a = arena_new();
    unsigned char *pieces[600];
    size_t sizes[600];

    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < 600; i++) {
            sizes[i] = i % 50 == 49 ? i * 1000 : i % 97;
            pieces[i] = arena_alloc(a, sizes[i]);
            ck_assert_uint_eq((uintptr_t)pieces[i] % alignof(max_align_t), 0);
            ck_assert(all_are(pieces[i], sizes[i], 0));
            memset(pieces[i], (int)(i % 255) + 1, sizes[i]);
        }
        for (size_t i = 0; i < 600; i++)
            ck_assert(all_are(pieces[i], sizes[i], (unsigned char)(i % 255 + 1)));
        arena_reset(a); /* the second round gets used memory, and finds it zeroed */
    }
    arena_free(a);
}
END_TEST

START_TEST(a_piece_of_no_bytes_has_its_own_address)
{
    struct arena *const a = arena_new();
    const void *const first = arena_alloc(a, 0), *const second = arena_alloc(a, 0);

    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_ne(first, second);
    arena_free(a);
}
END_TEST

START_TEST(handles_are_released_newest_first_and_once)
{
    struct arena *const a = arena_new();

    for (size_t i = 0; i < 4; i++)
        ck_assert_ptr_eq(arena_own(a, &letters[i], note), &letters[i]);
    ck_assert_ptr_null(arena_own(a, NULL, note));
    arena_reset(a);
    ck_assert_str_eq(released, "dcba");
    arena_own(a, &letters[4], note);
    arena_free(a);
    ck_assert_str_eq(released, "dcbae");
}
END_TEST

START_TEST(a_child_goes_in_its_turn_or_earlier)
{
    struct arena *const a = arena_new();

    arena_own(a, &letters[0], note);

    struct arena *const early = arena_child(a), *const late = arena_child(a);
    struct arena *const grandchild = arena_child(late);

    arena_own(early, &letters[1], note);
    arena_own(late, &letters[2], note);
    arena_own(grandchild, &letters[3], note);
    arena_own(a, &letters[4], note);
    arena_free(early);
    ck_assert_str_eq(released, "b");
    arena_free(a); /* newest first: e, then late (its own c, then the older grandchild d), then a */
    ck_assert_str_eq(released, "becda");
}
END_TEST

START_TEST(a_reset_frees_children_and_most_memory)
{
    struct arena *const a = arena_new();

    for (int i = 0; i < 100; i++)
        (void)arena_alloc(a, 100000);
    arena_own(arena_child(a), &letters[0], note);
    ck_assert_uint_ge(arena_bytes(a), 100 * 100000);
    arena_reset(a);
    ck_assert_str_eq(released, "a");
    ck_assert_uint_le(arena_bytes(a), 512 * 1024);

    const size_t kept = arena_bytes(a);

    for (int i = 0; i < 1000; i++) {
        (void)arena_alloc(a, 1000);
        arena_reset(a);
    }
    ck_assert_uint_le(arena_bytes(a), kept + 8192); /* a loop over batches does not grow */
    arena_free(a);
}
END_TEST

START_TEST(children_of_a_loop_leave_nothing_in_the_parent)
{
    struct arena *const a = arena_new();
    const size_t before = arena_bytes(a);

    for (int i = 0; i < 1000; i++) {
        struct arena *const child = arena_child(a);

        (void)arena_alloc(child, 100);
        arena_free(child);
    }
    ck_assert_uint_eq(arena_bytes(a), before);
    arena_free(a);
}
END_TEST

START_TEST(texts_are_copied_and_formatted)
{
    struct arena *const a = arena_new();
    char source[] = "abc\0def";

    char *const copy = arena_strdup(a, source);
    char *const bytes = arena_strndup(a, source, 7);

    source[0] = 'X';
    ck_assert_str_eq(copy, "abc");
    ck_assert(memcmp(bytes, "abc\0def", 8) == 0);
    ck_assert_str_eq(arena_strndup(a, NULL, 0), "");
    ck_assert_str_eq(arena_printf(a, "%d-%s", 42, copy), "42-abc");
    ck_assert_uint_eq(strlen(arena_printf(a, "%5000d", 1)), 5000);
    arena_free(a);
}
END_TEST

START_TEST(an_overflowing_array_aborts)
{
    (void)arena_array(arena_new(), SIZE_MAX / 4 + 2, 4);
}
END_TEST

START_TEST(an_impossible_size_aborts)
{
    (void)arena_alloc(arena_new(), SIZE_MAX - 3);
}
END_TEST

Suite *
arena_suite(void)
{
    Suite *const s = suite_create("arena");
    TCase *const t = tcase_create("arena");

    tcase_add_checked_fixture(t, start_notes, NULL);
    tcase_add_test(t, pieces_are_zeroed_aligned_and_apart);
    tcase_add_test(t, a_piece_of_no_bytes_has_its_own_address);
    tcase_add_test(t, handles_are_released_newest_first_and_once);
    tcase_add_test(t, a_child_goes_in_its_turn_or_earlier);
    tcase_add_test(t, a_reset_frees_children_and_most_memory);
    tcase_add_test(t, children_of_a_loop_leave_nothing_in_the_parent);
    tcase_add_test(t, texts_are_copied_and_formatted);
    tcase_add_test_raise_signal(t, an_overflowing_array_aborts, SIGABRT);
    tcase_add_test_raise_signal(t, an_impossible_size_aborts, SIGABRT);
    suite_add_tcase(s, t);
    return s;
}
