/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The text screen against the synthetic corpus of tests/cases/screen (made by generate.py there):
 * prints recall and precision of each kind and holds them to the targets of the design; names of
 * a list that is not the shipped one, and texts with capitals and no person; single cases at the
 * edge.
 */
#include "collector/fold.h"
#include "collector/screen.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *screen_suite(void);

static struct arena *a;
static struct installation in; /* the embedded one; a test may change it */
static struct lexicon *lexicon;

static void
open_screen(void)
{
    struct err e;

    a = arena_new();
    const struct installation *const embedded = installation_embedded(a, &e);

    ck_assert_msg(embedded != NULL, "%s", e.text);
    in = *embedded;
    lexicon = lexicon_new(a, &in, words_new(a, &in));
}

static void
close_screen(void)
{
    arena_free(a);
}

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
    const struct screen_hits hits = screen_text(lexicon, span_of(text));
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

/* The next line's text, its kind in line; NULL at the end. */
static const char *
next_line(FILE *f, char line[1024])
{
    if (!fgets(line, 1024, f))
        return NULL;

    char *const tab = strchr(line, '\t');

    ck_assert(tab != NULL);
    *tab = '\0';
    tab[1 + strcspn(tab + 1, "\n")] = '\0';
    return tab + 1;
}

static FILE *
open_lines(const char *name)
{
    char path[64];

    snprintf(path, sizeof path, "tests/cases/screen/%s.txt", name);

    FILE *const f = fopen(path, "r");

    ck_assert_msg(f != NULL, "%s is not here", path);
    return f;
}

static void
read_corpus(struct corpus *c)
{
    static const char *const files[FILES] = {"certain", "suspected", "clean"};

    for (unsigned file = 0; file < FILES; file++) {
        FILE *const f = open_lines(files[file]);
        char line[1024];
        const char *text;

        while ((text = next_line(f, line)) != NULL)
            take_line(c, (enum file)file, line, text);
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

/* ---- names ---------------------------------------------------------------------------------- */

/* How many lines there are and in how many a name is suspected; the others are printed. */
static unsigned
count_named(const char *file, bool expected, unsigned *lines)
{
    FILE *const f = open_lines(file);
    char line[1024];
    const char *text;
    unsigned found = 0;

    *lines = 0;
    while ((text = next_line(f, line)) != NULL) {
        const struct screen_hits hits = screen_text(lexicon, span_of(text));
        const bool named = (hits.suspected & SCREEN_NAME) != 0;

        ck_assert_uint_eq(hits.certain | (hits.suspected & ~(uint32_t)SCREEN_NAME), 0);
        if (named != expected)
            printf("screen: %s: %s\n", expected ? "name not seen" : "no name", text);
        found += named;
        ++*lines;
    }
    fclose(f);
    return found;
}

START_TEST(names_of_no_list_are_suspected)
{
    unsigned named, unnamed;

    setvbuf(stdout, NULL, _IOLBF, 0);

    const unsigned found = count_named("named", true, &named);
    const unsigned wrong = count_named("unnamed", false, &unnamed);

    printf("screen: names held out: recall %u of %u = %.3f; texts without: %u of %u suspected; "
           "precision %.3f\n",
           found, named, share(found, named), wrong, unnamed, share(found, found + wrong));
    ck_assert_uint_ge(named, 200);
    ck_assert_uint_ge(unnamed, 200);
    ck_assert_msg(share(found, named) >= 0.95, "recall of names");
    ck_assert_msg(share(wrong, unnamed) <= 0.10, "too many texts without a name suspected");
}
END_TEST

START_TEST(the_held_out_names_are_in_no_list)
{
    FILE *const f = open_lines("held-out");
    char line[1024];
    const char *text;

    while ((text = next_line(f, line)) != NULL) {
        char folded[FOLD_BYTES];
        size_t length;

        ck_assert(fold_words(span_of(text), folded, &length));
        ck_assert_msg((lexicon_listed(lexicon, (struct span){folded, length}) &
                       (WORD_GIVEN | WORD_SURNAME)) == 0,
                      "%s is in a list", text);
    }
    fclose(f);
}
END_TEST

static const struct {
    const char *text;
    bool named;
} capitals[] = {
    {"Zag Jan lopen", true},
    {"Mohammed liep weg", true},
    {"zag Mohammed El Yaâqoubi", true},
    {"zag \xc3\x87"
     "elik lopen",
     true},
    {"zag O\xcc\x88"
     "zdemir lopen",
     true},                                                    /* decomposed */
    {"zag \xef\xbc\xa1\xef\xbd\x8c\xef\xbd\x89 lopen", true},  /* full width */
    {"zag J\xd0\xb0nsen lopen", true},                         /* Cyrillic a */
    {"sprak met \xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd daar", true}, /* Cyrillic */
    {"sprak met \xd9\x85\xd8\xad\xd9\x85\xd8\xaf daar", true}, /* Arabic */
    {"zag \xc8\x98tefania lopen", true},                       /* Romanian S with a comma */
    {"Roos Visser liep weg", true},
    {"met Roos gesproken", true},
    {"Boer liep weg met een koe", false},
    {"volgens de Boer klopt dat", true},
    {"ZAG YILMAZ LOPEN", true},
    {"VERDACHTE LIEP WEG BIJ HET STATION", false},
    {"Karim's fiets", true},
    {"fiets van Karim's broer", true},
    {"zag Groot Velden lopen", true},
    {"zag Ait-Hamou lopen", true},
    {"Bukvic reed door rood", true},
    {"de auto van d'Hondt", true},
    {"zag van der Dijkgraaf lopen", true},
    {"familie Korveld", true},
    {"stond in Alphen aan den Rijn stil", false},
    {"op de Lange Voorhout", false},
    {"Verdachte liep weg richting Hobbemaplein", false},
    {"zag Volkswagen Golf", false},
    {"Wil niet zeggen waarom", false},
    {"Reed op de Jan Luykenlaan", false},
    {"Reed op de Dr. Lelykade", false},
    {"Op de Laan van Meerdervoort gezien", false},
    {"In Belgi\xc3\xab gekocht", false},
    {"in Belgie\xcc\x88 gekocht", false},
    {"in Belgi\xc3\xab gekocht bij Albert Heijn", false},
    {"Fatbikerijder zonder helm", false},
    {"werd gezien door de ANPR en een wijk-BOA", false},
    {"kostte 5 \xe2\x82\xac en 3 \xc2\xb5g", false},
    {"hij reed. Daarna stopte hij. Rode auto erachter", false},
};

START_TEST(a_capital_is_judged_by_its_word)
{
    const struct screen_hits h = screen_text(lexicon, span_of(capitals[_i].text));

    ck_assert_msg(h.certain == 0 && h.suspected == (capitals[_i].named ? SCREEN_NAME : 0),
                  "\"%s\": certain %x, suspected %x", capitals[_i].text, h.certain, h.suspected);
}
END_TEST

START_TEST(without_a_dictionary_every_text_is_suspected)
{
    static const char *const languages[] = {"xx", "nl"};
    static const char *const settings[] = {"nl=/usr/share/hunspell/nl_NL", "nl=/nowhere/nl_NL"};

    for (unsigned i = 0; i < 2; i++) {
        in.text_language = languages[i];
        in.dictionaries = settings[i];

        struct lexicon *const none = lexicon_new(a, &in, words_new(a, &in));

        ck_assert(!lexicon_ready(none));
        ck_assert_uint_eq(screen_text(none, span_of("reed door rood")).suspected, SCREEN_FAILED);
        ck_assert_uint_eq(screen_text(none, span_of("")).suspected, 0);
    }
}
END_TEST

START_TEST(an_english_text_is_held_against_english)
{
    static const char text[] = "Driver ran away from the Sheriff after dinner on Tuesday";

    ck_assert_uint_eq(screen_text(lexicon, span_of(text)).suspected, SCREEN_NAME);
    in.text_language = "en";

    struct lexicon *const english = lexicon_new(a, &in, words_new(a, &in));

    ck_assert_uint_eq(screen_text(english, span_of(text)).suspected, 0);
    ck_assert_uint_eq(screen_text(english, span_of("Saw Mohammed run off")).suspected, SCREEN_NAME);
    ck_assert_uint_eq(screen_text(english, span_of("saw Bukvic run off")).suspected, SCREEN_NAME);
    ck_assert_uint_eq(screen_text(english, span_of("seen on Hennepin Avenue")).suspected, 0);
}
END_TEST

START_TEST(a_word_is_judged_the_same_from_the_cache)
{
    char text[64];

    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 0; i < 20000; i++) { /* more than the cache holds */
            snprintf(text, sizeof text, "zag Xq%c%c%cx lopen", 'a' + i % 26, 'a' + i / 26 % 26,
                     'a' + i / 676 % 26);
            ck_assert_uint_eq(screen_text(lexicon, span_of(text)).suspected, SCREEN_NAME);
        }
    for (unsigned round = 0; round < 2; round++) {
        ck_assert_uint_eq(screen_text(lexicon, span_of("zag Politie lopen")).suspected, 0);
        ck_assert_uint_eq(screen_text(lexicon, span_of("zag Yilmaz lopen")).suspected, SCREEN_NAME);
    }
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
    const struct screen_hits h = screen_text(lexicon, span_of(edges[_i].text));

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
            (void)screen_text(lexicon, (struct span){text, length});
            (void)screen_reference((struct span){text, length});
        }
    memset(text, '1', sizeof text);
    ck_assert_uint_eq(screen_text(lexicon, (struct span){text, sizeof text}).suspected,
                      SCREEN_FAILED);
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
    tcase_add_checked_fixture(t, open_screen, close_screen);
    tcase_add_test(t, names_of_no_list_are_suspected);
    tcase_add_test(t, the_held_out_names_are_in_no_list);
    tcase_add_loop_test(t, a_capital_is_judged_by_its_word, 0,
                        (int)(sizeof capitals / sizeof *capitals));
    tcase_add_test(t, without_a_dictionary_every_text_is_suspected);
    tcase_add_test(t, an_english_text_is_held_against_english);
    tcase_add_test(t, a_word_is_judged_the_same_from_the_cache);
    tcase_add_test(t, the_corpus_meets_the_targets);
    tcase_add_loop_test(t, a_text_at_the_edge_is_judged_as_written, 0,
                        (int)(sizeof edges / sizeof *edges));
    tcase_add_test(t, every_position_and_length_is_read_within_bounds);
    tcase_add_test(t, folding_makes_look_alikes_plain);
    suite_add_tcase(s, t);
    return s;
}
