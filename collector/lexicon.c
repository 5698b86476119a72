/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Lists in two hashes (words, phrases); the dictionary is opened at the first word that no list
 * settles, which most imports of small files never meet. The cache is direct-mapped: a word that
 * falls on another's place takes it.
 */
#include "collector/lexicon.h"

#include "collector/dictionary.h"
#include "collector/fold.h"
#include "collector/lookup.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

enum {
    CACHE_WORDS = 4096,
    WORD_BYTES = 48, /* of a word as written; a longer one is not looked up: unknown */
    PHRASE_BYTES = 64,
    PHRASE_WORDS = 6,
    TAIL_LETTERS = 5,
    AREA_LETTERS = 4 /* of an area's name, a shorter word is not one by itself */
};

struct listed {
    uint32_t class;
};

struct cached {
    uint32_t class;
    uint8_t length; /* 0: empty */
    char word[WORD_BYTES];
};

struct lexicon {
    struct arena *a;
    const struct words *words;
    struct lookup *lists, *phrases; /* folded text -> struct listed */
    unsigned ending_count;
    const char **endings;
    const char *path; /* NULL: no dictionary can be read */
    bool failed;
    struct dictionary *dictionary;
    struct cached *cache;
    unsigned char *hints;
};

/* ---- lists ---------------------------------------------------------------------------------- */

static const struct {
    const char *list;
    enum word_class class;
} lists[] = {
    {"given_name", WORD_GIVEN},       {"surname", WORD_SURNAME},
    {"known_word", WORD_KNOWN},       {"brand", WORD_BRAND},
    {"place_word", WORD_PLACE_WORD},  {"place_ending", WORD_PLACE_ENDING},
    {"name_title", WORD_TITLE},       {"name_announcer", WORD_ANNOUNCER},
    {"name_particle", WORD_PARTICLE}, {"surname_particle", WORD_SURNAME_PARTICLE},
    {"name_filler", WORD_FILLER},     {"no_name", WORD_NO_NAME},
    {"street_name", WORD_STREET},
};

const char *const lexicon_lists_needed[] = {"given_name",     "surname",       "known_word",
                                            "place_word",     "place_ending",  "name_title",
                                            "name_announcer", "name_particle", NULL};

/* A word is marked in two places of the table: one that is in no list seldom has both. */
static unsigned
hint_at(uint32_t hash, unsigned place)
{
    return (place == 0 ? hash ^ hash >> 16 : hash * UINT32_C(2654435761) >> 13) % LEXICON_HINTS;
}

static void
hint_add(struct lexicon *n, struct span word, unsigned hint)
{
    uint32_t hash = LEXICON_HINT_START;

    for (size_t i = 0; i < word.length && word.data[i] != ' '; i++)
        hash = lexicon_hint_next(hash, word.data[i]);
    n->hints[hint_at(hash, 0)] |= (unsigned char)hint;
    n->hints[hint_at(hash, 1)] |= (unsigned char)hint;
}

unsigned
lexicon_hint(const struct lexicon *n, uint32_t hash)
{
    return (unsigned)n->hints[hint_at(hash, 0)] & n->hints[hint_at(hash, 1)];
}

/* Words of the number system and of signs that are spelt out; "een" and "twee" are in every second
 * sentence, and no number consists of them alone. */
static void
add_hints(struct lexicon *n)
{
    static const char *const numbers[] = {
        "nul",     "drie",      "vier",     "vijf",      "zes",     "zeven",    "acht",
        "negen",   "tien",      "elf",      "twaalf",    "dertien", "veertien", "vijftien",
        "zestien", "zeventien", "achttien", "negentien", "twintig", "dertig",   "veertig",
        "vijftig", "zestig",    "zeventig", "tachtig",   "negentig"};
    static const char *const signs[] = {"at", "dot", "punt", "apenstaartje", "apestaartje"};

    static const char *const units[] = {"een", "twee",  "drie", "vier", "vijf",
                                        "zes", "zeven", "acht", "negen"};
    enum { NUMBERS = sizeof numbers / sizeof *numbers, TENS = NUMBERS - 8 };

    for (unsigned i = 0; i < NUMBERS; i++)
        hint_add(n, span_of(numbers[i]), LEXICON_HINT_NUMBER);
    for (unsigned ten = TENS; ten < NUMBERS; ten++)
        for (unsigned unit = 0; unit < 9; unit++)
            hint_add(n, span_of(arena_printf(n->a, "%sen%s", units[unit], numbers[ten])),
                     LEXICON_HINT_NUMBER);
    for (unsigned i = 0; i < sizeof signs / sizeof *signs; i++)
        hint_add(n, span_of(signs[i]), LEXICON_HINT_SIGN);
    hint_add(n, span_of("naam"), LEXICON_HINT_NAME);
}

static void
list_add(struct lexicon *n, struct lookup *l, struct span key, uint32_t class)
{
    const struct listed *const found = lookup_get(l, key);
    struct listed *const listed = arena_alloc(n->a, sizeof *listed);

    listed->class = class | (found ? found->class : 0);
    if (class & (WORD_GIVEN | WORD_SURNAME | WORD_TITLE | WORD_ANNOUNCER))
        hint_add(n, key, LEXICON_HINT_NAME);
    lookup_add(l, (struct span){arena_strndup(n->a, key.data, key.length), key.length}, listed);
}

static void
add_text(struct lexicon *n, const char *text, uint32_t class)
{
    char folded[FOLD_BYTES];
    size_t length = 0;

    if (!fold_words(span_of(text), folded, &length) || length == 0)
        return;

    const char *const space = strchr(folded, ' ');

    if (space) {
        list_add(n, n->phrases, (struct span){folded, length}, class);
        list_add(n, n->lists, (struct span){folded, (size_t)(space - folded)}, WORD_PHRASE);
    } else {
        list_add(n, n->lists, (struct span){folded, length}, class);
    }
}

/* The name of an area, and each longer word of it that no list has as a person's. */
static void
add_area(struct lexicon *n, const char *name)
{
    char folded[FOLD_BYTES];
    size_t length = 0;

    if (!name || !fold_words(span_of(name), folded, &length))
        return;
    add_text(n, name, WORD_KNOWN);
    for (size_t i = 0; i < length;) {
        const struct span word = {folded + i, strcspn(folded + i, " ")};

        const struct listed *const listed = lookup_get(n->lists, word);

        if (word.length >= AREA_LETTERS &&
            !(listed && (listed->class & (WORD_GIVEN | WORD_SURNAME))))
            list_add(n, n->lists, word, WORD_KNOWN);
        i += word.length + 1;
    }
}

/* The list itself, or what the language adds to it; NULL when there is none. */
static const struct code_list *
list_of(struct arena *a, const struct installation *in, unsigned i, bool added)
{
    return code_list_find(in, added ? arena_printf(a, "%s:%s", lists[i].list, in->text_language)
                                    : lists[i].list);
}

enum { LISTS = sizeof lists / sizeof *lists };

static void
add_endings(struct lexicon *n, const struct code_list *list)
{
    for (unsigned i = 0; i < list->count; i++)
        n->endings[n->ending_count++] = list->codes[i].nl;
}

static void
add_lists(struct lexicon *n, const struct installation *in)
{
    size_t most = 0, endings = 0;
    const struct code_list *found[LISTS][2];

    for (unsigned i = 0; i < LISTS; i++)
        for (unsigned k = 0; k < 2; k++) {
            found[i][k] = list_of(n->a, in, i, k == 1);
            most += found[i][k] ? found[i][k]->count : 0;
            endings += found[i][k] && lists[i].class == WORD_PLACE_ENDING ? found[i][k]->count : 0;
        }
    for (unsigned i = 0; i < in->area_count; i++)
        most += in->area_rows[i].name ? strlen(in->area_rows[i].name) / 2 + 2 : 0;
    n->lists = lookup_new(n->a, most + 1);
    n->phrases = lookup_new(n->a, most + 1);
    n->endings = arena_array(n->a, endings + 1, sizeof *n->endings);
    for (unsigned i = 0; i < LISTS; i++)
        for (unsigned k = 0; k < 2; k++) {
            if (found[i][k] && lists[i].class == WORD_PLACE_ENDING)
                add_endings(n, found[i][k]);
            else
                for (unsigned c = 0; found[i][k] && c < found[i][k]->count; c++)
                    add_text(n, found[i][k]->codes[c].nl, lists[i].class);
        }
    for (unsigned i = 0; i < in->area_count; i++)
        add_area(n, in->area_rows[i].name);
}

struct lexicon *
lexicon_new(struct arena *a, const struct installation *in, const struct words *words)
{
    struct lexicon *const n = arena_alloc(a, sizeof *n);

    *n = (struct lexicon){.a = a, .words = words};
    n->path = dictionary_path(a, in->dictionaries, in->text_language);
    n->failed = !n->path || !dictionary_readable(n->path);
    n->cache = arena_array(a, CACHE_WORDS, sizeof *n->cache);
    memset(n->cache, 0, CACHE_WORDS * sizeof *n->cache);
    n->hints = arena_alloc(a, LEXICON_HINTS);
    add_hints(n);
    add_lists(n, in);
    return n;
}

bool
lexicon_ready(const struct lexicon *n)
{
    return !n->failed;
}

/* ---- a word in the lists -------------------------------------------------------------------- */

static size_t
lower(struct span folded, char out[WORD_BYTES])
{
    size_t n = 0;

    for (; n < folded.length && n < WORD_BYTES - 1; n++) {
        const char c = folded.data[n];

        out[n] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    out[n] = '\0';
    return n;
}

static uint32_t
listed_as(const struct lookup *l, const char *text, size_t length)
{
    const struct listed *const listed = lookup_get(l, (struct span){text, length});

    return listed ? listed->class : 0;
}

uint32_t
lexicon_listed(const struct lexicon *n, struct span folded)
{
    char word[WORD_BYTES];
    const size_t length = lower(folded, word);

    return listed_as(n->lists, word, length);
}

uint32_t
lexicon_phrase(const struct lexicon *n, const char *text, size_t *length)
{
    char phrase[PHRASE_BYTES];
    size_t used = 0, at = 0;
    uint32_t class = 0;

    for (unsigned words = 1; words <= PHRASE_WORDS; words++) {
        const size_t before = at;
        char word[WORD_BYTES];

        while (words > 1 && text[at] && strchr(" '-&.", text[at]))
            at++;

        struct span next = {text + at, 0};

        while ((next.data[next.length] | 0x20) >= 'a' && (next.data[next.length] | 0x20) <= 'z')
            next.length++;
        if (next.length == 0 || (words > 1 && at == before) ||
            used + next.length + 2 > PHRASE_BYTES || next.length >= WORD_BYTES)
            break;
        if (words > 1)
            phrase[used++] = ' ';
        (void)lower(next, word);
        memcpy(phrase + used, word, next.length);
        used += next.length;
        at += next.length;

        const uint32_t found = words > 1 ? listed_as(n->phrases, phrase, used) : 0;

        if (found) {
            class = found;
            *length = at;
        }
    }
    return class;
}

/* ---- a word in the dictionary --------------------------------------------------------------- */

static bool
knows(struct lexicon *n, const char *word)
{
    struct err e = {.code = ERR_NONE};

    if (!n->dictionary && !n->failed) {
        n->dictionary = dictionary_open(n->a, n->path, &e);
        n->failed = n->dictionary == NULL;
    }
    return !n->failed && dictionary_knows(n->dictionary, word);
}

/* The word in small letters, or with a first capital, composed; false when it does not fit. */
static bool
recase(struct span word, bool capital, char out[2 * WORD_BYTES])
{
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[WORD_BYTES], composed[WORD_BYTES], small[WORD_BYTES];
    const UNormalizer2 *const nfc = unorm2_getNFCInstance(&status);
    int32_t length = 0;

    u_strFromUTF8(wide, WORD_BYTES, &length, word.data, (int32_t)word.length, &status);
    length = unorm2_normalize(nfc, wide, length, composed, WORD_BYTES, &status);
    length = u_strToLower(small, WORD_BYTES, composed, length, "", &status);
    if (U_FAILURE(status) || length < 1)
        return false;
    if (capital)
        small[0] = (UChar)u_toupper(small[0]);
    u_strToUTF8(out, 2 * WORD_BYTES - 1, NULL, small, length, &status);
    return U_SUCCESS(status);
}

/* An unknown word that is put together, as Dutch does: "fatbikerijder". */
static bool
is_joined(struct lexicon *n, const char *word)
{
    const size_t length = strlen(word);

    for (size_t tail = TAIL_LETTERS; tail + 3 <= length; tail++)
        if (((unsigned char)word[length - tail] & 0xC0) != 0x80 && knows(n, word + length - tail))
            return true;
    return false;
}

/* A letter of U+0100-U+017F: of no Dutch or English word. */
static bool
has_other_latin(struct span written)
{
    for (size_t i = 0; i < written.length; i++)
        if ((unsigned char)written.data[i] == 0xC4 || (unsigned char)written.data[i] == 0xC5)
            return true;
    return false;
}

/* A text in accents that the language does not need counts as known without them too. */
static uint32_t
spelled(struct lexicon *n, struct span folded, struct span written)
{
    const struct span forms[] = {folded, written};
    const unsigned count =
        folded.length == written.length && memcmp(folded.data, written.data, folded.length) == 0
            ? 1
            : 2;
    char word[2 * WORD_BYTES];
    uint32_t class = 0;

    for (unsigned i = has_other_latin(written) ? 1 : 0; i < count && class == 0; i++) {
        if (recase(forms[i], false, word) && knows(n, word))
            class = WORD_COMMON;
        else if (recase(forms[i], true, word) && knows(n, word))
            class = WORD_PROPER;
    }
    if (class == 0 && recase(folded, false, word) && is_joined(n, word))
        class = WORD_JOINED;
    return class;
}

/* Longer than the ending itself: "Dijk" may be a surname, "Zeedijk" a street. */
static bool
ends_as_place(const struct lexicon *n, const char *word, size_t length)
{
    for (unsigned i = 0; i < n->ending_count; i++) {
        const size_t ending = strlen(n->endings[i]);

        if (length > ending + 1 && memcmp(word + length - ending, n->endings[i], ending) == 0)
            return true;
    }
    return false;
}

static uint32_t
class_of(struct lexicon *n, struct span folded, struct span written)
{
    char word[WORD_BYTES];
    const size_t length = lower(folded, word);
    uint32_t class = listed_as(n->lists, word, length);

    if ((class & (WORD_KNOWN | WORD_BRAND)) && !(class & (WORD_GIVEN | WORD_SURNAME)))
        return class;
    if (!(class & (WORD_GIVEN | WORD_SURNAME)) && ends_as_place(n, word, length))
        return class | WORD_PLACE;
    if (words_name_origin(n->words, (struct span){word, length}))
        class |= WORD_KNOWN;
    return class | spelled(n, folded, written);
}

uint32_t
lexicon_class(struct lexicon *n, struct span folded, struct span written)
{
    uint32_t hash = UINT32_C(2166136261);

    if (written.length == 0 || written.length >= WORD_BYTES || folded.length >= WORD_BYTES)
        return 0;
    for (size_t i = 0; i < written.length; i++)
        hash = (hash ^ (unsigned char)written.data[i]) * UINT32_C(16777619);

    struct cached *const c = &n->cache[(hash ^ hash >> 16) % CACHE_WORDS];

    if (c->length != written.length || memcmp(c->word, written.data, written.length) != 0) {
        c->class = class_of(n, folded, written);
        c->length = (uint8_t)written.length;
        memcpy(c->word, written.data, written.length);
    }
    return c->class;
}
