/* SPDX-License-Identifier: EUPL-1.2 */
/* What a delivery declares of its files, and the ways in which that can be wrong. */
#include "collector/manifest.h"

#include <check.h>
#include <stdlib.h>

Suite *manifest_suite(void);

#define SUM "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct arena *arena;
static struct manifest manifest;
static struct err err;

static void
setup(void)
{
    arena = arena_new();
}

static void
teardown(void)
{
    arena_free(arena);
}

START_TEST(a_list_of_files_is_found_by_name)
{
    ck_assert(
        manifest_parse(arena,
                       span_of("{\"files\":[{\"name\":\"a.csv\",\"records\":3,\"sha256\":\"" SUM
                               "\"},{\"name\":\"b.csv\",\"records\":0,\"sha256\":\"" SUM "\"}]}"),
                       &manifest, &err));
    ck_assert_uint_eq(manifest.count, 2);
    ck_assert_uint_eq(manifest_find(&manifest, "a.csv")->records, 3);
    ck_assert_uint_eq(manifest_find(&manifest, "b.csv")->records, 0);
    ck_assert_uint_eq(manifest_find(&manifest, "b.csv")->sha256[1], 0x11);
    ck_assert_ptr_null(manifest_find(&manifest, "c.csv"));
    ck_assert_ptr_null(manifest_find(&manifest, "A.csv"));
}
END_TEST

START_TEST(the_short_form_is_about_the_file_beside_it)
{
    ck_assert(
        manifest_parse(arena, span_of("{\"records\":12,\"sha256\":\"" SUM "\"}"), &manifest, &err));
    ck_assert_uint_eq(manifest_find(&manifest, "whatever.csv")->records, 12);
}
END_TEST

static const char *const wrong[] = {
    "",
    "[]",
    "{}",
    "{\"records\":1}",
    "{\"records\":1,\"sha256\":\"00\"}",
    "{\"records\":-1,\"sha256\":\"" SUM "\"}",
    "{\"records\":1.5,\"sha256\":\"" SUM "\"}",
    "{\"records\":\"1\",\"sha256\":\"" SUM "\"}",
    "{\"records\":1,\"sha256\":\"" SUM "\",\"signature\":\"x\"}",
    "{\"records\":1,\"records\":2,\"sha256\":\"" SUM "\"}",
    "{\"records\":1,\"sha256\":"
    "\"zz112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"}",
    "{\"files\":[]}",
    "{\"files\":{}}",
    "{\"files\":[7]}",
    "{\"files\":[{\"records\":1,\"sha256\":\"" SUM "\"}]}",
    "{\"files\":[{\"name\":\"\",\"records\":1,\"sha256\":\"" SUM "\"}]}",
    "{\"files\":[{\"name\":\"../x.csv\",\"records\":1,\"sha256\":\"" SUM "\"}]}",
    "{\"files\":[{\"name\":\"..\",\"records\":1,\"sha256\":\"" SUM "\"}]}",
    "{\"files\":[{\"name\":\"a\",\"records\":1,\"sha256\":\"" SUM
    "\"},{\"name\":\"a\",\"records\":1,"
    "\"sha256\":\"" SUM "\"}]}",
};

START_TEST(an_unknown_key_is_named)
{
    ck_assert(!manifest_parse(arena,
                              span_of("{\"records\":1,\"sha256\":\"" SUM "\",\"signature\":\"x\"}"),
                              &manifest, &err));
    ck_assert_str_eq(err.text, "manifest has an unknown key \"signature\"");
    ck_assert(!manifest_parse(
        arena, span_of("{\"records\":1,\"sha256\":\"" SUM "\",\"a\\u001b[2Jb\":\"x\"}"), &manifest,
        &err));
    ck_assert_str_eq(err.text, "manifest has an unknown key, of 6 bytes or unusual characters");
}
END_TEST

START_TEST(anything_else_is_refused)
{
    err = (struct err){.code = ERR_NONE};
    ck_assert_msg(!manifest_parse(arena, span_of(wrong[_i]), &manifest, &err), "%s", wrong[_i]);
    ck_assert_int_eq(err.code, ERR_INPUT);
    ck_assert(err.text[0] != '\0');
}
END_TEST

Suite *
manifest_suite(void)
{
    Suite *const s = suite_create("manifest");
    TCase *const c = tcase_create("manifest");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_list_of_files_is_found_by_name);
    tcase_add_test(c, the_short_form_is_about_the_file_beside_it);
    tcase_add_test(c, an_unknown_key_is_named);
    tcase_add_loop_test(c, anything_else_is_refused, 0, (int)(sizeof wrong / sizeof *wrong));
    suite_add_tcase(s, c);
    return s;
}
