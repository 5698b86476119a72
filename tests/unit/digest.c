/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Digests against published answers (FIPS 180-4, RFC 4231, RFC 4122, RFC 6962), sealing against
 * every changed byte, key files, random bytes across threads and fork.
 */
#include "common/digest.h"

#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *digest_suite(void);

static struct arena *a;
static char folder[64];

static void
set_up(void)
{
    a = arena_new();
    memcpy(folder, "/tmp/maatstaf-digest-XXXXXX", sizeof "/tmp/maatstaf-digest-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void
tear_down(void)
{
    (void)unlink("key");
    (void)unlink("other");
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(rmdir(folder), 0); /* no temporary file is left */
    arena_free(a);
}

static const char *
hex(const uint8_t *bytes, size_t length)
{
    char *const text = arena_alloc(a, 2 * length + 1);

    hex_of(bytes, length, text);
    return text;
}

START_TEST(sha256_gives_the_published_answers_whole_and_in_pieces)
{
    static const struct {
        const char *text, *digest;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    struct sha256 *const h = sha256_new(a);
    uint8_t d[DIGEST_BYTES], peeked[DIGEST_BYTES];

    for (size_t i = 0; i < 3; i++) {
        const size_t n = strlen(cases[i].text);

        sha256_of(cases[i].text, n, d);
        ck_assert_str_eq(hex(d, sizeof d), cases[i].digest);
        for (size_t k = 0; k < n; k++) {
            sha256_of(cases[i].text, k, d);
            sha256_peek(h, peeked);
            ck_assert_mem_eq(d, peeked, sizeof d);
            sha256_add(h, cases[i].text + k, 1);
        }
        sha256_finish(h, d); /* and is ready for the next */
        ck_assert_str_eq(hex(d, sizeof d), cases[i].digest);
    }
    sha256_add(h, "x", 1);
    sha256_start(h);
    sha256_finish(h, d);
    ck_assert_str_eq(hex(d, sizeof d), cases[0].digest);
}
END_TEST

/* RFC 4231 cases 1 to 4; HMAC fills a short key with zeros, as the arrays here do. */
START_TEST(hmac_gives_the_answers_of_rfc_4231)
{
    uint8_t keys[4][KEY_BYTES] = {{0}, "Jefe", {0}, {0}}, data[4][50] = {"Hi There"}, mac[32];
    const size_t lengths[4] = {8, 28, 50, 50};
    static const char *const macs[4] = {
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    };

    memset(keys[0], 0x0b, 20);
    memcpy(data[1], "what do ya want for nothing?", 28);
    memset(keys[2], 0xaa, 20);
    memset(data[2], 0xdd, 50);
    for (uint8_t i = 0; i < 25; i++)
        keys[3][i] = (uint8_t)(i + 1);
    memset(data[3], 0xcd, 50);
    for (size_t i = 0; i < 4; i++) {
        struct hmac *const h = hmac_new(a, keys[i]);

        for (int again = 0; again < 3; again++) {
            hmac_of(h, data[i], lengths[i], mac);
            ck_assert_str_eq(hex(mac, sizeof mac), macs[i]);
        }
    }
}
END_TEST

START_TEST(uuids_are_made_read_and_written)
{
    static const struct {
        const char *name, *uuid; /* in the DNS name space of RFC 4122 appendix C */
    } cases[] = {
        {"www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"},
        {"python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"},
    };
    static const char *const wrong[] = {
        "",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c80",
        "6ba7b8109-dad-11d1-80b4-00c04fd430c8",
        "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
        "6ba7b810+9dad-11d1-80b4-00c04fd430c8",
    };
    uint8_t dns[16], uuid[16], again[16];
    char text[37];

    ck_assert(uuid_parse(SPAN_LITERAL("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), dns));
    for (size_t i = 0; i < 2; i++) {
        uuid_v5(dns, span_of(cases[i].name), uuid);
        uuid_text(uuid, text);
        ck_assert_str_eq(text, cases[i].uuid);
        ck_assert(uuid_parse(span_of(text), again));
        ck_assert_mem_eq(uuid, again, 16);
    }
    ck_assert(uuid_parse(SPAN_LITERAL("6BA7B810-9DAD-11D1-80B4-00C04FD430C8"), uuid));
    ck_assert_mem_eq(uuid, dns, 16);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert(!uuid_parse(span_of(wrong[i]), uuid));
}
END_TEST

START_TEST(hexadecimal_is_read_back_and_nothing_else)
{
    uint8_t bytes[256], again[256];

    for (size_t i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    ck_assert(hex_parse(span_of(hex(bytes, 256)), again, 256));
    ck_assert_mem_eq(bytes, again, 256);
    ck_assert(hex_parse(SPAN_LITERAL("aF"), again, 1));
    ck_assert_uint_eq(again[0], 0xAF);
    ck_assert(!hex_parse(SPAN_LITERAL("aF0"), again, 1));
    ck_assert(!hex_parse(SPAN_LITERAL("aF00"), again, 1));
    ck_assert(!hex_parse(SPAN_LITERAL("ag"), again, 1));
    ck_assert(!hex_parse(SPAN_LITERAL(" a"), again, 1));
    ck_assert(digest_equal(bytes, (const uint8_t *)"\x00\x01", 2));
    ck_assert(!digest_equal(bytes, (const uint8_t *)"\x00\x02", 2));
}
END_TEST

/* Inputs and roots as in the reference tests of Certificate Transparency. */
START_TEST(merkle_roots_are_those_of_certificate_transparency)
{
    static const char *const leaves[] = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
    static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    };
    struct merkle m;
    uint8_t bytes[17] = {0}, hash[DIGEST_BYTES];

    merkle_start(&m);
    for (size_t n = 0; n <= 8; n++) {
        merkle_root(&m, hash);
        ck_assert_str_eq(hex(hash, sizeof hash), roots[n]);
        ck_assert_uint_eq(m.count, n);
        if (n == 8)
            break;
        ck_assert(hex_parse(span_of(leaves[n]), bytes + 1, strlen(leaves[n]) / 2));
        sha256_of(bytes, 1 + strlen(leaves[n]) / 2, hash);
        merkle_add(&m, hash);
    }
}
END_TEST

/* The definition of RFC 6962 section 2.1, by recursion. */
static void
tree_hash(uint8_t leaves[][DIGEST_BYTES], size_t n, uint8_t out[DIGEST_BYTES])
{
    uint8_t node[1 + 2 * DIGEST_BYTES] = {1};
    size_t k = 1;

    if (n == 1) {
        memcpy(out, leaves[0], DIGEST_BYTES);
        return;
    }
    while (2 * k < n)
        k *= 2;
    tree_hash(leaves, k, node + 1);
    tree_hash(leaves + k, n - k, node + 1 + DIGEST_BYTES);
    sha256_of(node, sizeof node, out);
}

START_TEST(merkle_roots_follow_the_definition_for_every_count)
{
    static uint8_t leaves[300][DIGEST_BYTES];
    uint8_t want[DIGEST_BYTES], got[DIGEST_BYTES];
    struct merkle m;

    merkle_start(&m);
    for (size_t n = 1; n <= 300; n++) {
        sha256_of(&n, sizeof n, leaves[n - 1]);
        merkle_add(&m, leaves[n - 1]);
        tree_hash(leaves, n, want);
        merkle_root(&m, got);
        ck_assert_mem_eq(got, want, DIGEST_BYTES);
    }
}
END_TEST

/* ---- sealing --------------------------------------------------------------------------------- */

START_TEST(what_was_sealed_opens_for_the_same_key_and_context_only)
{
    uint8_t key[KEY_BYTES] = {1}, other[KEY_BYTES] = {2};
    const struct span context = SPAN_LITERAL("stop 1"), plain = SPAN_LITERAL("free text");
    const struct span sealed = seal(a, key, plain, context);
    struct span opened = {0};
    struct err e = {0};

    ck_assert_uint_eq(sealed.length, plain.length + 28);
    ck_assert(unseal(a, key, sealed, context, &opened, &e));
    ck_assert(span_equal(opened, plain));
    ck_assert(!span_equal(sealed, seal(a, key, plain, context))); /* a fresh nonce */
    ck_assert(!unseal(a, other, sealed, context, &opened, &e));
    ck_assert_int_eq(e.code, ERR_VERIFY);
    ck_assert(!unseal(a, key, sealed, SPAN_LITERAL("stop 2"), &opened, &e));
    for (size_t i = 0; i < sealed.length; i++) {
        char *const changed = arena_strndup(a, sealed.data, sealed.length);

        changed[i] ^= 1;
        ck_assert(!unseal(a, key, (struct span){changed, sealed.length}, context, &opened, &e));
        ck_assert(!unseal(a, key, (struct span){sealed.data, i}, context, &opened, &e));
    }

    const struct span nothing = seal(a, key, span_of(""), span_of(""));

    ck_assert(unseal(a, key, nothing, span_of(""), &opened, &e));
    ck_assert_uint_eq(opened.length, 0);
}
END_TEST

/* Test case 14 of the GCM specification: key, nonce and 16 bytes of text all zero. */
START_TEST(sealing_is_aes_256_gcm)
{
    const uint8_t key[KEY_BYTES] = {0};
    uint8_t sealed[44] = {0};
    const uint8_t zeros[16] = {0};
    struct span opened = {0};
    struct err e = {0};

    ck_assert(hex_parse(SPAN_LITERAL("cea7403d4d606b6e074ec5d3baf39d18"
                                     "d0d1c8a799996bf0265b98b5d48ab919"),
                        sealed + 12, 32));
    ck_assert(unseal(a, key, (struct span){(const char *)sealed, 44}, span_of(""), &opened, &e));
    ck_assert_uint_eq(opened.length, 16);
    ck_assert_mem_eq(opened.data, zeros, 16);
}
END_TEST

/* ---- random bytes ---------------------------------------------------------------------------- */

enum { DRAWS = 20000, THREADS = 2 };

static int
by_bytes(const void *x, const void *y)
{
    return memcmp(x, y, 16);
}

static void *
draw_many(void *out)
{
    uint8_t *const draws = out; /* DRAWS of 16 bytes */

    for (size_t i = 0; i < DRAWS; i++) {
        uint8_t d[DIGEST_BYTES];

        random_bytes(draws + 16 * i, 16);
        sha256_of("abc", 3, d);
        ck_assert_uint_eq(d[0], 0xba);
    }
    return NULL;
}

START_TEST(random_bytes_differ_between_draws_and_threads)
{
    static uint8_t draws[THREADS * DRAWS][16];
    pthread_t threads[THREADS];
    uint64_t ones = 0;

    for (size_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, draw_many, draws + i * DRAWS), 0);
    for (size_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < THREADS * DRAWS; i++) {
        for (size_t k = 0; k < 16; k++) {
            for (unsigned bit = 0; bit < 8; bit++)
                ones += draws[i][k] >> bit & 1;
        }
    }
    qsort(draws, THREADS * DRAWS, 16, by_bytes);
    for (size_t i = 1; i < THREADS * DRAWS; i++)
        ck_assert_mem_ne(draws[i - 1], draws[i], 16);

    /* Half of the bits, within six standard deviations. */
    const double bits = 128.0 * THREADS * DRAWS, off = (double)ones - bits / 2;

    ck_assert_double_lt(off * off, 36 * bits / 4);
}
END_TEST

START_TEST(a_forked_child_draws_other_bytes)
{
    uint8_t first[16], ours[16], theirs[16];
    int ends[2];

    random_bytes(first, sizeof first); /* fills the pool */
    ck_assert_int_eq(pipe(ends), 0);

    const pid_t child = fork();

    if (child == 0) {
        random_bytes(theirs, sizeof theirs);
        _exit(write(ends[1], theirs, sizeof theirs) == sizeof theirs ? 0 : 1);
    }
    random_bytes(ours, sizeof ours);
    ck_assert_int_eq(read(ends[0], theirs, sizeof theirs), sizeof theirs);
    ck_assert_mem_ne(ours, theirs, sizeof ours);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}
END_TEST

START_TEST(random_pieces_of_any_length_stay_in_bounds)
{
    uint8_t bytes[1100], zeros[1100] = {0};

    for (size_t n = 0; n <= 1000; n += 1 + n / 16) {
        memset(bytes, 0, sizeof bytes);
        random_bytes(bytes, n);
        ck_assert_mem_eq(bytes + n, zeros, sizeof bytes - n);
        ck_assert(n < 16 || memcmp(bytes + n - 16, zeros, 16) != 0);
    }
}
END_TEST

/* ---- key files ------------------------------------------------------------------------------- */

static void
write_key_file(size_t length, mode_t mode)
{
    const int fd = open("key", O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(fd, 0);
    for (size_t i = 0; i < length; i++)
        ck_assert_int_eq(write(fd, "k", 1), 1);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    ck_assert_int_eq(close(fd), 0);
}

START_TEST(a_key_file_is_made_once_and_kept)
{
    uint8_t key[KEY_BYTES] = {0}, again[KEY_BYTES] = {0}, zeros[KEY_BYTES] = {0};
    struct stat st;
    struct err e;

    ck_assert(key_file("key", key, &e));
    ck_assert_mem_ne(key, zeros, KEY_BYTES);
    ck_assert_int_eq(stat("key", &st), 0);
    ck_assert_int_eq(st.st_mode & 07777, 0600);
    ck_assert_int_eq(st.st_size, KEY_BYTES);
    ck_assert_uint_eq(st.st_nlink, 1);
    ck_assert(key_file("key", again, &e));
    ck_assert_mem_eq(key, again, KEY_BYTES);
}
END_TEST

START_TEST(a_wrong_key_file_is_refused)
{
    static const struct {
        size_t length;
        mode_t mode;
        bool good;
    } cases[] = {{32, 0600, true}, {32, 0400, true},  {31, 0600, false}, {33, 0600, false},
                 {0, 0600, false}, {32, 0640, false}, {32, 0604, false}, {32, 0620, false}};
    uint8_t key[KEY_BYTES];
    struct err e = {0};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)unlink("key");
        write_key_file(cases[i].length, cases[i].mode);
        ck_assert_msg(key_file("key", key, &e) == cases[i].good, "case %zu", i);
        ck_assert_int_eq(e.code, i < 2 ? ERR_NONE : ERR_CONFIG);
    }
    ck_assert_int_eq(rename("key", "other"), 0);
    ck_assert_int_eq(symlink("other", "key"), 0);
    ck_assert(!key_file("key", key, &e));
    ck_assert(!key_file(".", key, &e));
    ck_assert(!key_file("absent/key", key, &e));
}
END_TEST

Suite *
digest_suite(void)
{
    Suite *const s = suite_create("digest");
    TCase *const t = tcase_create("digest");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, sha256_gives_the_published_answers_whole_and_in_pieces);
    tcase_add_test(t, hmac_gives_the_answers_of_rfc_4231);
    tcase_add_test(t, uuids_are_made_read_and_written);
    tcase_add_test(t, hexadecimal_is_read_back_and_nothing_else);
    tcase_add_test(t, merkle_roots_are_those_of_certificate_transparency);
    tcase_add_test(t, merkle_roots_follow_the_definition_for_every_count);
    tcase_add_test(t, what_was_sealed_opens_for_the_same_key_and_context_only);
    tcase_add_test(t, sealing_is_aes_256_gcm);
    tcase_add_test(t, random_bytes_differ_between_draws_and_threads);
    tcase_add_test(t, a_forked_child_draws_other_bytes);
    tcase_add_test(t, random_pieces_of_any_length_stay_in_bounds);
    tcase_add_test(t, a_key_file_is_made_once_and_kept);
    tcase_add_test(t, a_wrong_key_file_is_refused);
    suite_add_tcase(s, t);
    return s;
}
