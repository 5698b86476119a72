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

/* ---- our own Dutch list --------------------------------------------------------------------- */

static const char *const origin_words[] = {
    /* origin and nationality */
    "afkomst",
    "buitenlandse herkomst",
    "etnische herkomst",
    "land van herkomst",
    "etni*",
    "nationaliteit*",
    "allochto*",
    "autochto*",
    "migratieachtergrond",
    "migrant*",
    "immigrant*",
    "buitenlander*",
    "buitenlands",
    "buitenlandse",
    "asielzoeker*",
    "niet westers*",
    "westers*",
    "nederlander*",
    "nederlands uiterlijk",
    "hollands uiterlijk",
    "marokka*",
    "turk",
    "turken",
    "turks",
    "turkse",
    "surinamer*",
    "surinaams*",
    "antillia*",
    "arubaan*",
    "curacaoenaar*",
    "curacaos*",
    "kaapverdi*",
    "afrikaan",
    "afrikaans",
    "afrikaanse",
    "afrikanen",
    "noordafrikaan*",
    "somalier*",
    "somalisch*",
    "eritreeer*",
    "eritrees*",
    "ethiopier*",
    "ethiopisch*",
    "ghanees*",
    "ghanezen",
    "nigeriaan*",
    "nigerianen",
    "congolees*",
    "soedanees*",
    "egyptenaar*",
    "egyptisch*",
    "algerijn*",
    "tunesier*",
    "tunesisch*",
    "libisch*",
    "pool",
    "polen",
    "pools",
    "poolse",
    "roemeen*",
    "roemen",
    "bulgaar*",
    "bulgaren",
    "hongaar*",
    "litouwer*",
    "litouws*",
    "letse",
    "lets",
    "oekrain*",
    "russisch*",
    "rus",
    "russen",
    "oosteurope*",
    "oost europe*",
    "oostblok*",
    "zuid europe*",
    "midden oosten",
    "midden oosters*",
    "albanees*",
    "albanezen",
    "servisch*",
    "servier*",
    "kroatisch*",
    "bosnisch*",
    "bosnier*",
    "joegoslav*",
    "kosovaar*",
    "syrier*",
    "syrisch*",
    "irakees*",
    "irakezen",
    "iraans*",
    "iranier*",
    "afghaan*",
    "afghanen",
    "pakistaan*",
    "pakistanen",
    "indiaas*",
    "indier*",
    "hindoe*",
    "hindoestaan*",
    "indonesi*",
    "moluk*",
    "chinees",
    "chinese",
    "chinezen",
    "vietnames*",
    "aziaat*",
    "aziaten",
    "aziatisch*",
    "arabier*",
    "arabisch*",
    "berber*",
    "koerd*",
    "armeen*",
    "armeni*",
    "georgier*",
    "latino*",
    "latijns amerikaan*",
    "zuid amerikaan*",
    "roma",
    "sinti",
    "zigeuner*",
    "duitser*",
    "belgen",
    "fransman",
    "fransen",
    "engelsman",
    "amerikaan",
    "amerikanen",
    "mocro*",
    /* skin and looks */
    "huidskleur*",
    "huidkleur*",
    "getint*",
    "negroide",
    "neger*",
    "creool*",
    "creolen",
    "mediterra*",
    "donkere huid*",
    "lichte huid*",
    "blanke huid*",
    "zwarte huid*",
    "kroeshaar",
    "donker uiterlijk",
    "zuidelijk uiterlijk",
    "buitenlands uiterlijk",
    "raciaal",
    "raciale",
    /* religion */
    "islam*",
    "moslim*",
    "joods",
    "joodse",
    "jood",
    "joden",
    "christen*",
    "christelijk*",
    "boeddhis*",
    "religie*",
    "religieus*",
    "gelovig*",
    "hoofddoek*",
    "keppel*",
    "burka",
    "boerka*",
    "niqab*",
    "nikab*",
    "djellaba*",
    "tulband*",
    "ramadan*",
    "sikh*",
};

static const char *const colours[] = {"zwarte",       "zwart",        "donkere", "blanke",
                                      "blank",        "witte",        "bruine",  "getinte",
                                      "lichtgetinte", "donkergetinte"};
static const char *const people[] = {
    "man",     "mannen",   "vrouw",      "vrouwen",     "jongen",    "jongens",
    "meisje",  "meisjes",  "jongeman",   "jongemannen", "jongere",   "jongeren",
    "persoon", "personen", "bestuurder", "bestuurders", "passagier", "kerel",
    "gast",    "gasten",   "jeugd",      "types",       "mens",      "mensen"};

/* ---- lists ---------------------------------------------------------------------------------- */

enum { BUCKETS = 32768 }; /* three letters of five bits */

struct list {
    unsigned count;
    const char **phrases; /* sorted by bucket */
    uint16_t *first;      /* [BUCKETS + 1] */
};

struct words {
    struct list origin, banned;
};

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
list_of_codes(struct arena *a, const struct code_list *codes)
{
    const char **const phrases = arena_array(a, codes->count + 1u, sizeof *phrases);

    for (unsigned i = 0; i < codes->count; i++)
        phrases[i] = fold_phrase(a, codes->codes[i].nl ? codes->codes[i].nl : "");
    return list_new(a, codes->count, phrases);
}

struct words *
words_new(struct arena *a, const struct installation *in)
{
    struct words *const w = arena_alloc(a, sizeof *w);
    const struct code_list *const banned = code_list_find(in, "banned_phrase");
    const struct code_list *const origin = code_list_find(in, "origin_word");
    static const struct code_list none = {.name = "banned_phrase"};

    w->banned = list_of_codes(a, banned ? banned : &none);
    if (origin) {
        w->origin = list_of_codes(a, origin);
    } else {
        const unsigned count = sizeof origin_words / sizeof *origin_words;
        const char **const phrases = arena_array(a, count, sizeof *phrases);

        memcpy(phrases, origin_words, sizeof origin_words);
        w->origin = list_new(a, count, phrases);
    }
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

/* Where in the folded text some phrase starts to match, with its length; NULL when none does. */
static const char *
list_find(const struct list *list, const char *text, size_t *length)
{
    for (const char *word = text; *word;) {
        const size_t letters = word_length(word);
        const unsigned bucket = bucket_of(word, letters);

        for (unsigned i = list->first[bucket]; i < list->first[bucket + 1]; i++) {
            *length = phrase_match(word, list->phrases[i]);
            if (*length > 0)
                return word;
        }
        word += letters + (word[letters] == ' ');
    }
    return NULL;
}

static bool
word_is_in(const char *text, const char *const *words, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (text[0] == words[i][0] && phrase_match(text, words[i]) > 0)
            return true;
    return false;
}

static bool
names_coloured_person(const char *text)
{
    for (const char *word = text; *word;) {
        const size_t letters = word_length(word);
        const char *const next = word + letters + (word[letters] == ' ');

        if (strchr("zdbwgl", *word) &&
            word_is_in(word, colours, sizeof colours / sizeof *colours) &&
            word_is_in(next, people, sizeof people / sizeof *people))
            return true;
        word = next;
    }
    return false;
}

/* "Pools kenteken": said of the plate, which foreign_plate and W064 are about. */
static bool
is_of_plate(const char *after)
{
    static const char *const plates[] = {"kenteken*",   "plaat",      "platen",
                                         "nummerplaat", "nummerbord", "gekentekend*"};

    return *after == ' ' && word_is_in(after + 1, plates, sizeof plates / sizeof *plates);
}

bool
words_name_origin(const struct words *w, struct span folded)
{
    const char *text = folded.data;
    size_t length = 0;

    while ((text = list_find(&w->origin, text, &length)) != NULL) {
        if (!is_of_plate(text + length))
            return true;
        text += length;
        text += *text == ' ';
    }
    return names_coloured_person(folded.data);
}

bool
words_are_banned(const struct words *w, struct span folded)
{
    size_t length = 0;

    return list_find(&w->banned, folded.data, &length) != NULL;
}
