/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Phrase lists, indexed by the first three letters of a phrase: most words of a text find an empty
 * bucket and cost one look-up. A list of colours needs a person after it ("zwarte man", not "zwarte
 * auto"), and a nationality before a number plate is the plate's.
 */
#include "collector/words.h"

#include "collector/fold.h"

#include <stdlib.h>
#include <string.h>

/* ---- lists ---------------------------------------------------------------------------------- */

enum { BUCKETS = 32768 }; /* three letters of five bits */

struct list {
    unsigned count;
    const char **phrases; /* sorted by bucket */
    uint16_t *first;      /* [BUCKETS + 1] */
};

struct words {
    struct list origin, banned, colours, people, plates;
};

const char *const words_lists_needed[] = {"banned_phrase", "origin_word", "colour_word",
                                          "person_word",   "plate_word",  NULL};

/* Of the first three letters; a shorter word is filled up with 0. */
static unsigned
bucket_of(const char *word, size_t length)
{
    unsigned bucket = 0;

    for (unsigned i = 0; i < 3; i++)
        bucket = bucket << 5 | (i < length && word[i] >= 'a' ? (unsigned)(word[i] - 'a') + 1u : 0u);
    return bucket;
}

static unsigned
phrase_bucket(const char *phrase)
{
    return bucket_of(phrase, strcspn(phrase, " *"));
}

static int
compare_phrases(const void *a, const void *b)
{
    const char *const *const x = a, *const *const y = b;
    const unsigned p = phrase_bucket(*x), q = phrase_bucket(*y);

    return p != q ? (p > q) - (p < q) : strcmp(*x, *y);
}

/* Folds each phrase, keeping its '*'; sorts and indexes the list. */
static struct list
list_new(struct arena *a, unsigned count, const char **phrases)
{
    struct list list = {.phrases = phrases};

    for (unsigned i = 0; i < count; i++)
        if (phrase_bucket(phrases[i]) != 0)
            list.phrases[list.count++] = phrases[i];
    if (list.count > 0)
        qsort(list.phrases, list.count, sizeof *list.phrases, compare_phrases);
    list.first = arena_array(a, BUCKETS + 1, sizeof *list.first);
    for (unsigned bucket = 0, i = 0; bucket <= BUCKETS; bucket++) {
        list.first[bucket] = (uint16_t)i;
        while (i < list.count && phrase_bucket(list.phrases[i]) == bucket)
            i++;
    }
    return list;
}

static const char *
fold_phrase(struct arena *a, const char *text)
{
    char folded[FOLD_BYTES];
    size_t length = strlen(text);
    const bool open = length > 0 && text[length - 1] == '*';

    if (!fold_words(span_of(text), folded, &length))
        return "";
    return arena_printf(a, "%s%s", folded, open ? "*" : "");
}

static struct list
list_of(struct arena *a, const struct installation *in, const char *name)
{
    const struct code_list *const codes = code_list_find(in, name);
    const unsigned count = codes ? codes->count : 0;
    const char **const phrases = arena_array(a, count + 1u, sizeof *phrases);

    for (unsigned i = 0; i < count; i++)
        phrases[i] = fold_phrase(a, codes->codes[i].nl ? codes->codes[i].nl : "");
    return list_new(a, count, phrases);
}

struct words *
words_new(struct arena *a, const struct installation *in)
{
    struct words *const w = arena_alloc(a, sizeof *w);

    *w = (struct words){
        .origin = list_of(a, in, "origin_word"),
        .banned = list_of(a, in, "banned_phrase"),
        .colours = list_of(a, in, "colour_word"),
        .people = list_of(a, in, "person_word"),
        .plates = list_of(a, in, "plate_word"),
    };
    return w;
}

/* ---- matching ------------------------------------------------------------------------------- */

/* Length of the match of phrase at text (which starts a word), or 0. */
static size_t
phrase_match(const char *text, const char *phrase)
{
    size_t i = 0;

    for (; phrase[i] && phrase[i] != '*'; i++)
        if (text[i] != phrase[i])
            return 0;
    if (phrase[i] == '*')
        while (text[i] && text[i] != ' ')
            i++;
    return text[i] == '\0' || text[i] == ' ' ? i : 0;
}

static size_t
word_length(const char *word)
{
    size_t n = 0;

    while (word[n] >= 'a')
        n++;
    return n;
}

/* Length of the list's phrase that matches at a word of so many letters, or 0. */
static size_t
list_match(const struct list *list, const char *word, size_t letters)
{
    const unsigned bucket = bucket_of(word, letters);

    for (unsigned i = list->first[bucket]; i < list->first[bucket + 1]; i++) {
        const size_t length = phrase_match(word, list->phrases[i]);

        if (length > 0)
            return length;
    }
    return 0;
}

static bool
starts_with(const struct list *list, const char *text)
{
    return list_match(list, text, word_length(text)) > 0;
}

/* "Pools kenteken": said of the plate, which foreign_plate and W064 are about. */
static bool
is_of_plate(const struct words *w, const char *after)
{
    return *after == ' ' && starts_with(&w->plates, after + 1);
}

bool
words_name_origin(const struct words *w, struct span folded)
{
    for (const char *word = folded.data; *word;) {
        const size_t letters = word_length(word);
        const char *next = word + letters + (word[letters] == ' ');
        const size_t origin = list_match(&w->origin, word, letters);

        if (origin > 0) {
            if (!is_of_plate(w, word + origin))
                return true;
            next = word + origin + (word[origin] == ' ');
        }
        if (list_match(&w->colours, word, letters) > 0 && starts_with(&w->people, next))
            return true;
        word = next;
    }
    return false;
}

bool
words_are_banned(const struct words *w, struct span folded)
{
    for (const char *word = folded.data; *word;) {
        const size_t letters = word_length(word);

        if (list_match(&w->banned, word, letters) > 0)
            return true;
        word += letters + (word[letters] == ' ');
    }
    return false;
}
