/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The text screen against the synthetic corpus of tests/cases/screen (made by generate.py there):
 * prints recall and precision of each kind and holds them to the targets of the design; and single
 * cases at the edge.
 */
#include "collector/fold.h"
#include "collector/screen.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *screen_suite(void);

/* ---- the corpus ----------------------------------------------------------------------------- */

enum file { CERTAIN, SUSPECTED, CLEAN, FILES };

struct tally { /* of one kind */
    unsigned lines[FILES],
        found[FILES];          /* lines labelled so, and those in which this kind was found */
    unsigned hits, false_hits; /* lines of all files in which it was found; of clean ones */
};

struct corpus {
    struct tally kinds[SCREEN_KINDS];
    unsigned clean_lines, clean_refused, clean_suspected, suspected_lines, suspected_refused;
};

static unsigned
kind_of(const char *name)
{
    for (unsigned k = 0; k < SCREEN_KINDS; k++)
        if (strcmp(screen_kind_name(UINT32_C(1) << k), name) == 0)
            return k;
    return SCREEN_KINDS;
}

static void
take_line(struct corpus *c, enum file file, const char *kind, const char *text)
{
    const struct screen_hits hits = screen_text(span_of(text));
    const uint32_t counted = file == CERTAIN ? hits.certain : hits.certain | hits.suspected;
    const unsigned label = kind_of(kind);

    for (unsigned k = 0; k < SCREEN_KINDS; k++) {
        if (((hits.certain | hits.suspected) >> k & 1) == 0)
            continue;
        c->kinds[k].hits++;
        c->kinds[k].false_hits += file == CLEAN;
    }
    if (file == CLEAN) {
        c->clean_lines++;
        c->clean_refused += hits.certain != 0;
        c->clean_suspected += hits.certain == 0 && hits.suspected != 0;
        if (hits.certain || hits.suspected)
            printf("screen: clean, found %x/%x: %s\n", hits.certain, hits.suspected, text);
        return;
    }
    ck_assert_msg(label < SCREEN_KINDS, "no kind %s", kind);
    c->kinds[label].lines[file]++;
    c->kinds[label].found[file] += counted >> label & 1;
    if ((counted >> label & 1) == 0)
        printf("screen: %s, found %x/%x: %s\n", kind, hits.certain, hits.suspected, text);
    if (file == SUSPECTED) {
        c->suspected_lines++;
        c->suspected_refused += hits.certain != 0;
    }
}

static void
read_corpus(struct corpus *c)
{
    static const char *const names[FILES] = {"certain", "suspected", "clean"};

    for (unsigned file = 0; file < FILES; file++) {
        char path[64], line[1024];

        snprintf(path, sizeof path, "tests/cases/screen/%s.txt", names[file]);
        FILE *const f = fopen(path, "r");

        ck_assert_msg(f != NULL, "%s is not here", path);
        while (fgets(line, sizeof line, f)) {
            char *const tab = strchr(line, '\t');

            ck_assert(tab != NULL);
            *tab = '\0';
            tab[1 + strcspn(tab + 1, "\n")] = '\0';
            take_line(c, (enum file)file, line, tab + 1);
        }
        fclose(f);
    }
}

static double
share(unsigned k, unsigned n)
{
    return n ? (double)k / n : 1.0;
}

START_TEST(the_corpus_meets_the_targets)
{
    static struct corpus c;

    setvbuf(stdout, NULL, _IOLBF, 0); /* what is printed survives a failure */
    read_corpus(&c);
    printf("screen: kind         certain found recall | suspected found recall | precision\n");
    for (unsigned k = 0; k < SCREEN_KINDS; k++) {
        const struct tally *const t = &c.kinds[k];
        const char *const name = screen_kind_name(UINT32_C(1) << k);
        const double floor = (UINT32_C(1) << k) & (SCREEN_BSN | SCREEN_IBAN) ? 1.0 : 0.95;

        if (t->hits == 0 && t->lines[CERTAIN] + t->lines[SUSPECTED] == 0)
            continue;
        printf("screen: %-12s %7u %5u  %.3f | %9u %5u  %.3f |     %.3f\n", name, t->lines[CERTAIN],
               t->found[CERTAIN], share(t->found[CERTAIN], t->lines[CERTAIN]), t->lines[SUSPECTED],
               t->found[SUSPECTED], share(t->found[SUSPECTED], t->lines[SUSPECTED]),
               share(t->hits - t->false_hits, t->hits));
        ck_assert_msg(share(t->found[CERTAIN], t->lines[CERTAIN]) >= floor, "recall of %s", name);
        ck_assert_msg(share(t->found[SUSPECTED], t->lines[SUSPECTED]) >= 0.95, "recall of %s",
                      name);
        ck_assert_msg(share(t->hits - t->false_hits, t->hits) >= 0.5, "precision of %s", name);
    }
    printf("screen: clean lines %u, refused %u, suspected %u; suspected lines %u, refused %u\n",
           c.clean_lines, c.clean_refused, c.clean_suspected, c.suspected_lines,
           c.suspected_refused);
    fflush(stdout);
    ck_assert_uint_gt(c.clean_lines, 200);
    ck_assert_uint_eq(c.clean_refused, 0);
    ck_assert_msg(share(c.clean_suspected, c.clean_lines) <= 0.05,
                  "too many clean texts suspected");
    ck_assert_msg(share(c.suspected_refused, c.suspected_lines) <= 0.10, "suspected texts refused");
    for (unsigned k = 0; k < SCREEN_KINDS - 1; k++)
        ck_assert_msg(c.kinds[k].lines[CERTAIN] + c.kinds[k].lines[SUSPECTED] >= 20,
                      "the corpus has too little of %s", screen_kind_name(UINT32_C(1) << k));
}
END_TEST

/* ---- edges ---------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    uint32_t certain, suspected;
} edges[] = {
    {"nummer 123456782 gezien", SCREEN_BSN, 0},
    {"nummer 123456783 gezien", 0, SCREEN_NUMBER},
    {"nummer 000000000 gezien", 0, SCREEN_NUMBER},
    {"nummer 1234567821 gezien", 0, SCREEN_NUMBER},
    {"nummer 123456 gezien", 0, 0},
    {"rekening NL91ABNA0417164300", SCREEN_IBAN, 0},
    {"rekening NL92ABNA0417164300", 0, SCREEN_IBAN},
    {"bel 0612345678", SCREEN_PHONE, 0},
    {"bel 0900 8844", 0, 0},
    {"bel 0800-1234567", 0, 0},
    {"jan@voorbeeld.nl", SCREEN_EMAIL, 0},
    {"stond @ de hoek", 0, 0},
    {"AB-12-CD", SCREEN_PLATE, 0},
    {"van 12-en-14 jaar", 0, 0},
    {"van 12 EN 14 jaar", 0, 0},
    {"AB-12-CD-3", 0, 0},
    {"geboren 3 mei 1990", SCREEN_BIRTH, 0},
    {"gezien op 3 mei 1990", 0, SCREEN_DATE},
    {"gezien op 3 mei om 19 uur", 0, 0},
    {"31-11-90-45", 0, 0},
    {"op 52.0705, 4.3007", SCREEN_COORDINATE, 0},
    {"op 52.070, 4.300", 0, 0},
    {"2511 AB 12", SCREEN_ADDRESS, 0},
    {"2511 SS 12", 0, 0},
    {"in 2025 en 12 anderen", 0, 0},
    {"Hoefkade 2 personen gezien", 0, 0},
    {"", 0, 0},
    {"\xff\xfe", 0, SCREEN_FAILED},
    {"NW1F2K3B4", SCREEN_DOCUMENT, 0},
    {"VERDACHT1", 0, 0},
};

START_TEST(a_text_at_the_edge_is_judged_as_written)
{
    const struct screen_hits h = screen_text(span_of(edges[_i].text));

    ck_assert_msg(h.certain == edges[_i].certain && h.suspected == edges[_i].suspected,
                  "\"%s\": certain %x, suspected %x", edges[_i].text, h.certain, h.suspected);
}
END_TEST

START_TEST(every_position_and_length_is_read_within_bounds)
{
    static const char bytes[] = "0 1.NL9@A-(at)\xc2\xb0~4'www.J. geb \xe2\x80\x8b";
    char text[FOLD_BYTES + 64];

    for (size_t length = 0; length < sizeof text; length += 1 + length / 16)
        for (size_t shift = 0; shift < sizeof bytes; shift++) {
            for (size_t i = 0; i < length; i++)
                text[i] = bytes[(i * 7 + shift) % (sizeof bytes - 1)];
            (void)screen_text((struct span){text, length});
            (void)screen_reference((struct span){text, length});
        }
    memset(text, '1', sizeof text);
    ck_assert_uint_eq(screen_text((struct span){text, sizeof text}).suspected, SCREEN_FAILED);
}
END_TEST

START_TEST(folding_makes_look_alikes_plain)
{
    char out[FOLD_BYTES];
    size_t length;

    ck_assert(fold_plain(span_of("\xd0\x90\xef\xbc\x92\xe2\x80\x8b\xd9\xa3\xc3\xa9\xe2\x80\x93"),
                         out, &length));
    ck_assert_str_eq(out, "A23e-");
    ck_assert(fold_words(span_of("  \xc3\x89\xc3\xa9n, twee  3 "), out, &length));
    ck_assert_str_eq(out, "een twee");
    ck_assert(!fold_plain(span_of("\xc3"), out, &length));
}
END_TEST

Suite *
screen_suite(void)
{
    Suite *const s = suite_create("screen");
    TCase *const t = tcase_create("screen");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, the_corpus_meets_the_targets);
    tcase_add_loop_test(t, a_text_at_the_edge_is_judged_as_written, 0,
                        (int)(sizeof edges / sizeof *edges));
    tcase_add_test(t, every_position_and_length_is_read_within_bounds);
    tcase_add_test(t, folding_makes_look_alikes_plain);
    suite_add_tcase(s, t);
    return s;
}
