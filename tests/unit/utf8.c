/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * UTF-8: every sequence of one to three bytes and the edges of four against a decoder that works
 * by value; forbidden characters at the edges of their ranges; NFC.
 */
#include "common/utf8.h"
#include "tests/lib/fixture.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *utf8_suite(void);

/*
 * Decodes one character by its value: reads the length from the first byte, then refuses what has a
 * shorter form, is a surrogate or too large. 0 when ill-formed, else its bytes.
 */
static size_t
decode(const uint8_t *p, size_t left, uint32_t *value)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = 1;

    if (p[0] >= 0x80)
        n = (p[0] & 0xE0) == 0xC0 ? 2 : (p[0] & 0xF0) == 0xE0 ? 3 : (p[0] & 0xF8) == 0xF0 ? 4 : 0;
    if (n == 0 || n > left)
        return 0;
    *value = n == 1 ? p[0] : p[0] & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if (p[i] >> 6 != 2)
            return 0;
        *value = *value * 64 + (p[i] & 63);
    }
    return *value >= least[n] && *value <= 0x10FFFF && *value >> 11 != 0xD800 >> 11 ? n : 0;
}

/* True when validity, length and the place of the fault agree. */
static bool
agrees(const uint8_t *bytes, size_t length)
{
    const struct span s = {(const char *)bytes, length};
    size_t at = 0, points = 0, bad = SIZE_MAX, n = 1;
    uint32_t value = 0;

    for (; at < length && n > 0; at += n) {
        n = decode(bytes + at, length - at, &value);
        if (n == 0)
            break;
        points++;
    }
    const bool valid = utf8_valid(s, &bad);

    return at == length ? valid && utf8_length(s) == points : !valid && bad == at;
}

START_TEST(every_sequence_of_up_to_three_bytes_is_judged_right)
{
    for (uint32_t v = 0; v < 1 << 24; v++) {
        const uint8_t bytes[3] = {(uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

        /* One assertion only where it fails: each costs a write. */
        if (!agrees(bytes, 3) || !agrees(bytes + 1, 2) || !agrees(bytes + 2, 1))
            ck_abort_msg("%06x", (unsigned)v);
    }
    ck_assert(agrees((const uint8_t *)"", 0));
}
END_TEST

START_TEST(the_edges_of_four_bytes_are_judged_right_at_every_place)
{
    static const uint8_t edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F,
                                    0xA0, 0xBF, 0xC0, 0xC2, 0xDF, 0xE0, 0xED,
                                    0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    const size_t count = sizeof edges, all = count * count * count * count;

    for (size_t v = 0; v < all; v++) {
        uint8_t bytes[24];

        memset(bytes, 'x', sizeof bytes);

        const size_t at = v % 17; /* across the words that ASCII is skipped by */

        bytes[at] = edges[v % count];
        bytes[at + 1] = edges[v / count % count];
        bytes[at + 2] = edges[v / count / count % count];
        bytes[at + 3] = edges[v / count / count / count];
        if (!agrees(bytes, sizeof bytes) || !agrees(bytes, at + 4))
            ck_abort_msg("case %zu", v);
    }
}
END_TEST

static struct span
encode(uint32_t c)
{
    char *const p = arena_alloc(a, 4);

    if (c < 0x80) {
        p[0] = (char)c;
        return (struct span){p, 1};
    }

    const size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        p[i] = (char)(0x80 | (c & 63));
    p[0] = (char)((0xF00 >> n & 0xFF) | c);
    return (struct span){p, n};
}

/* Every code point against the list in the header. */
START_TEST(just_the_listed_characters_are_forbidden)
{
    static const uint32_t ranges[][2] = {
        {0x00, 0x08},     {0x0B, 0x1F},     {0x7F, 0x9F},        {0x200B, 0x200D},
        {0x202A, 0x202E}, {0x2060, 0x2060}, {0x2066, 0x2069},    {0xE000, 0xF8FF},
        {0xFDD0, 0xFDEF}, {0xFEFF, 0xFEFF}, {0xF0000, 0x10FFFF},
    };

    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        bool want = (c & 0xFFFE) == 0xFFFE;

        if (c == 0xD800)
            c = 0xE000;
        for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
            want = want || (c >= ranges[i][0] && c <= ranges[i][1]);
        if (c == 0xE000)
            want = true;
        if (utf8_has_forbidden(encode(c)) != want)
            ck_abort_msg("U+%04X", (unsigned)c);
        if (c % 4096 == 0)
            arena_reset(a);
    }
}
END_TEST

START_TEST(a_forbidden_character_is_found_anywhere)
{
    ck_assert(!utf8_has_forbidden(SPAN_LITERAL("caf\xC3\xA9\t\n\xE2\x82\xAC \xF0\x9F\x98\x80")));
    ck_assert(utf8_has_forbidden(SPAN_LITERAL("caf\xC3\xA9\xE2\x80\xAE")));
    ck_assert(utf8_has_forbidden(SPAN_LITERAL("\xF0\x9F\x98\x80\rx")));
    ck_assert(!utf8_has_forbidden(span_of("")));
}
END_TEST

START_TEST(nfc_composes_orders_and_leaves_the_rest)
{
    static const char *const cases[][2] = {
        {"cafe\xCC\x81", "caf\xC3\xA9"},
        {"\xE2\x84\xAB", "\xC3\x85"},                             /* angstrom sign */
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "\xED\x95\x9C"}, /* jamo to a syllable */
        {"q\xCC\x87\xCC\xA3", "q\xCC\xA3\xCC\x87"},               /* marks in canonical order */
        {"\xE0\xA5\x98", "\xE0\xA4\x95\xE0\xA4\xBC"},             /* excluded from composition */
        {"\xF0\x9D\x85\xA0", "\xF0\x9D\x85\x98\xF0\x9D\x85\xA5\xF0\x9D\x85\xAE"}, /* three of one */
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert(span_is(utf8_nfc(a, span_of(cases[i][0])), cases[i][1]));

        const struct span done = span_of(cases[i][1]);

        ck_assert_ptr_eq(utf8_nfc(a, done).data, done.data); /* already: the span itself */
    }

    const struct span with_nul = SPAN_LITERAL("a\0e\xCC\x81");

    ck_assert(span_equal(utf8_nfc(a, with_nul), SPAN_LITERAL("a\0\xC3\xA9")));
    ck_assert_uint_eq(utf8_nfc(a, span_of("")).length, 0);
}
END_TEST

/* Every cut of a text with characters of one to four bytes keeps the whole characters before it. */
START_TEST(a_cut_text_loses_only_the_character_that_was_split)
{
    static const char whole[] = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80z";
    static const size_t kept[sizeof whole] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
    char text[sizeof whole];

    for (size_t cut = 0; cut < sizeof whole; cut++) {
        memcpy(text, whole, cut);
        text[cut] = '\0';
        utf8_trim(text);
        ck_assert_uint_eq(strlen(text), kept[cut]);
        ck_assert_int_eq(memcmp(text, whole, kept[cut]), 0);
    }
}
END_TEST

Suite *
utf8_suite(void)
{
    Suite *const s = suite_create("utf8");
    TCase *const t = tcase_create("utf8");

    tcase_add_checked_fixture(t, open_arena, close_arena);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, every_sequence_of_up_to_three_bytes_is_judged_right);
    tcase_add_test(t, the_edges_of_four_bytes_are_judged_right_at_every_place);
    tcase_add_test(t, a_cut_text_loses_only_the_character_that_was_split);
    tcase_add_test(t, just_the_listed_characters_are_forbidden);
    tcase_add_test(t, a_forbidden_character_is_found_anywhere);
    tcase_add_test(t, nfc_composes_orders_and_leaves_the_rest);
    suite_add_tcase(s, t);
    return s;
}
