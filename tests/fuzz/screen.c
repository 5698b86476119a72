/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The screen of free text. Whatever the text: the same answer each time; what is certain is not
 * also suspected; a BSN behind it is found; and a text of ASCII is not judged more lightly because
 * characters without width stand in it or its digits are wide ones. The first byte says where.
 */
#include "collector/screen.h"
#include "common/utf8.h"
#include "tests/fuzz/fuzz.h"

enum { TEXT_MOST = 700 }; /* wide digits make it three times as long, still within the screen's */

static struct lexicon *lexicon;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static struct arena *life;
    struct err e;

    (void)argc;
    (void)argv;
    life = arena_new();

    const struct installation *const in = installation_embedded(life, &e);

    must(in != NULL);
    lexicon = lexicon_new(life, in, words_new(life, in));
    return 0;
}

static struct screen_hits
look(struct span text)
{
    const struct screen_hits hits = screen_text(lexicon, text);
    const struct screen_hits again = screen_text(lexicon, text);

    must(hits.certain == again.certain && hits.suspected == again.suspected);
    must((hits.certain & hits.suspected) == 0);
    must((hits.certain | hits.suspected) < UINT32_C(1) << SCREEN_KINDS);
    return hits;
}

/* All that `first` is certain of, `second` is; what it suspects, `second` at least suspects. */
static void
must_not_be_lighter(struct screen_hits first, struct screen_hits second)
{
    if (second.suspected & SCREEN_FAILED) /* not judged: set apart */
        return;
    must((first.certain & ~second.certain) == 0);
    must((first.suspected & ~(second.certain | second.suspected)) == 0);
}

static bool
is_ascii(struct span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < ' ' || text.data[i] > '~')
            return false;
    return true;
}

static void
check_disguises(struct arena *a, struct span text, unsigned where, struct screen_hits plain)
{
    static const char *const widthless[] = {"\u200b", "\u200d", "\u2060", "\u00ad", "\ufeff"};
    struct strbuf *const inside = strbuf_new(a, 8192), *const wide = strbuf_new(a, 8192);

    for (size_t i = 0; i < text.length; i++) {
        const char c = text.data[i];
        const char digit[] = {'\xEF', '\xBC', (char)('\x90' + (c - '0')), '\0'};

        if (i % (1 + where % 16) == where / 16 % 4)
            strbuf_add_text(inside, widthless[where % 5]);
        strbuf_add_char(inside, c);
        if (c >= '0' && c <= '9')
            strbuf_add_text(wide, digit);
        else
            strbuf_add_char(wide, c);
    }
    must_not_be_lighter(plain, look((struct span){inside->data, inside->length}));
    must_not_be_lighter(plain, look((struct span){wide->data, wide->length}));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2 || size > TEXT_MOST)
        return 0;

    struct arena *const a = arena_new();
    /* exact, so that a byte read too far is seen */
    char *const exact = malloc(size - 1);
    size_t bad;

    must(exact != NULL);
    memcpy(exact, data + 1, size - 1);

    const struct span text = {exact, size - 1};
    const struct screen_hits hits = look(text), reference = screen_reference(text);

    must(reference.suspected == 0 || reference.suspected == SCREEN_FAILED);
    must(!screen_has_email(text) || hits.certain & SCREEN_EMAIL || hits.suspected & SCREEN_FAILED);
    if (utf8_valid(text, &bad)) {
        const char *const more = arena_printf(a, "%.*s. BSN 123456782", (int)text.length, exact);
        const struct screen_hits behind = look(span_of(more));

        must(memchr(exact, '\0', text.length) || behind.certain & SCREEN_BSN ||
             behind.suspected & SCREEN_FAILED);
    }
    if (is_ascii(text))
        check_disguises(a, text, data[0], hits);
    free(exact);
    arena_free(a);
    return 0;
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    static const char *const values[] = {
        "123456782",
        "12 34 56 782",
        "NL91ABNA0417164300",
        "NL91 ABNA 0417 1643 00",
        "06-12345678",
        "+31612345678",
        "a@b.nl",
        "a punt b at c.nl",
        "GZ-123-J",
        "12-AB-34",
        "2511 AB 12",
        "Lange Voorhout 8",
        "geboren 01-02-1990",
        "1990-02-01",
        "paspoort NPR1X2Y34",
        "52.07890",
        "De heer Jansen",
        "heet",
        "J.P. de Vries",
        "Ahmed",
        "El Amrani",
        "www.a.nl",
        "1234567",
        ".",
        " ",
        "-",
        "\u00e9",
        "\u0415",
        "\uff11",
        "\u200b",
        "naam:",
        "BSN",
        "(",
        "het",
    };

    return fuzz_mutate_tokens(data, size, max_size, seed, values, sizeof values / sizeof *values);
}
