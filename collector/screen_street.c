/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A street with a house number: suspected. "Hoefkade 12" is where somebody lives, "Hoefkade 2
 * personen" counts people, "Hoefkade 14.30 uur" is a time: what comes after the number decides.
 */
#include "collector/screen_internal.h"

/* With a capital; the first CLEAR_ENDS also without one. */
static const char *const street_ends[] = {
    "straat",    "laan",  "plein",  "kade",    "gracht",   "singel", "dreef",     "weg",
    "steeg",     "hof",   "dijk",   "markt",   "wal",      "pad",    "hage",      "park",
    "plantsoen", "haven", "duin",   "hoek",    "veld",     "horst",  "oord",      "zoom",
    "rade",      "erf",   "gaarde", "hoeve",   "werf",     "kamp",   "veen",      "eind",
    "einde",     "baan",  "voorde", "laantje", "straatje", "hofje",  "boulevard", "poort",
    "burg",      "land",  "stede",  "burcht",  "polder",   "eik",    "tuin",      "brug"};
/* No street, though they end as one. */
static const char *const no_street[] = {
    "onderweg",    "snelweg",    "autosnelweg", "rijweg",       "autoweg",     "zijweg",
    "hoofdweg",    "terugweg",   "heenweg",     "landweg",      "toegangsweg", "uitweg",
    "omweg",       "zijstraat",  "dwarsstraat", "winkelstraat", "schoolplein", "parkeerplein",
    "binnenplein", "speelplein", "voorplein",   "halverweg",    NULL};

enum { CLEAR_ENDS = 8, ENDS = sizeof street_ends / sizeof *street_ends, NAME_WORDS = 5 };

/* Words that go on after an address, never a thing that is counted. */
static const char *const goes_on[] = {
    "in",    "en",     "de",    "het",     "te",      "waar",  "om",     "is",    "was",  "werd",
    "stond", "met",    "bij",   "daar",    "voor",    "uit",   "op",     "toen",  "die",  "dat",
    "naar",  "van",    "rende", "liep",    "kwam",    "zag",   "want",   "dus",   "had",  "heeft",
    "wordt", "af",     "aan",   "door",    "omdat",   "wij",   "ik",     "hij",   "zij",  "ons",
    "zijn",  "hebben", "zien",  "waarop",  "als",     "maar",  "zonder", "tegen", "na",   "stonden",
    "lag",   "werden", "kon",   "wilde",   "volgens", "belde", "wegens", "ging",  "reed", "of",
    "zou",   "staat",  "woont", "terwijl", NULL};
static const char *const numbers[] = {"nr", "nummer", "no", "huisnummer", "huisnr", NULL};
static const char *const additions[] = {"hs", "bis", "ii", "iii", "iv", "boven", "beneden", NULL};

/* The house number at i ("12", "12a", "12-2", "12 hs"), its end; 0 when there is none. */
static size_t
number_end(const struct screening *s, size_t i)
{
    const size_t digits = digits_at(s, i);

    if (digits < 1 || digits > 4 || s->t[i] == '0' || digits_value(s, i, digits) > 1699)
        return 0; /* "Plein 1813" is a name, "in 2024" a year */
    i += digits;
    if (is_letter(s->t[i]))
        return is_alnum(s->t[i + 1]) ? 0 : i + 1;
    if (s->t[i] && strchr("-/", s->t[i]) && is_alnum(s->t[i + 1]))
        return !is_alnum(s->t[i + 2])                              ? i + 2
               : is_digit(s->t[i + 1]) && digits_at(s, i + 1) <= 3 ? i + 1 + digits_at(s, i + 1)
                                                                   : 0;
    if (s->t[i] == ' ' && screen_word_in(s, i + 1, letters_at(s, i + 1), additions))
        return i + 1 + letters_at(s, i + 1);
    if (s->t[i] == ' ' && is_upper(s->t[i + 1]) && !is_alnum(s->t[i + 2]))
        return i + 2;
    return i;
}

/* Whether what follows the number leaves it a house number; plain: only the end of a phrase does.
 */
static bool
ends_address(const struct screening *s, size_t i, bool plain)
{
    const char c = s->t[i], next = c ? s->t[i + 1] : '\0';

    if (c == '\0' || strchr(",;)!?\"'", c))
        return true;
    if (strchr(".:", c))
        return !is_digit(next);
    if (c != ' ' || plain)
        return false;
    if (next == '(' || next == '-' || is_digit(next))
        return true;

    const size_t letters = letters_at(s, i + 1);

    return letters == 0 || screen_word_in(s, i + 1, letters, goes_on) ||
           (letters > 4 && screen_word_at(s, i + 1, "ge") &&
            strchr("dtn", to_lower(s->t[i + letters])) != NULL);
}

/* From the end of a name: " 12", " nr. 12", ", nr 12", ", 12"; *said when a word says that it is
 * one. */
static bool
number_after(const struct screening *s, size_t i, bool plain, bool *said)
{
    size_t at = i;

    *said = false;
    while (at < i + 3 && s->t[at] && strchr(" ,-", s->t[at]))
        at++;
    if (at == i)
        return false;

    const size_t letters = letters_at(s, at);

    if (letters > 0) {
        *said = screen_word_in(s, at, letters, numbers);
        if (!*said)
            return false;
        at += letters;
        while (s->t[at] && strchr(" .:", s->t[at]))
            at++;
    }
    at = number_end(s, at);
    return at > 0 && (*said || ends_address(s, at, plain));
}

static bool
ends_as_street(const struct screening *s, size_t i, size_t letters, unsigned ends)
{
    for (unsigned k = 0; k < ends; k++) {
        const size_t length = strlen(street_ends[k]);

        if (letters > length + 1 && screen_word_at(s, i + letters - length, street_ends[k]))
            return true;
    }
    return false;
}

/* "Laan van Meerdervoort": from the word of a street over particles and capitals. */
static bool
long_name(const struct screening *s, size_t i, size_t letters)
{
    size_t at = i + letters;
    bool said;

    for (unsigned words = 0; words < NAME_WORDS; words++) {
        if (words > 0 && number_after(s, at, false, &said))
            return true;
        if (s->t[at] != ' ')
            return false;

        const size_t next = letters_at(s, at + 1);
        const struct span word = {s->t + at + 1, next};

        if (next == 0 ||
            (!is_upper(s->t[at + 1]) && !(next == 2 && screen_word_at(s, at + 1, "en")) &&
             !(lexicon_listed(s->lexicon, word) & WORD_PARTICLE)))
            return false;
        at += 1 + next;
    }
    return false;
}

static bool
is_street_word(const struct screening *s, size_t i, size_t letters)
{
    static const char *const words[] = {"laan", "straat", "plein", "kade", "gracht", "singel",
                                        "hof",  "dreef",  "markt", "park", NULL};

    return screen_word_in(s, i, letters, words);
}

enum { HOME_REACH = 24 };

static const char *const homes[] = {"adres",    "woont",        "woon",   "wonen",
                                    "verblijf", "ingeschreven", "logeer", "bewoner",
                                    "buurman",  "buurvrouw",    NULL};

/* Whether a street's name ends at the word and a number follows; the list holds those that do not
 * end as one ("Spui", "Lange Voorhout"). */
static bool
is_address(const struct screening *s, size_t i, size_t letters)
{
    const bool capital = is_upper(s->t[i]);
    size_t phrase = 0;
    bool said = false;
    const bool numbered = number_after(s, i + letters, false, &said);
    const uint32_t listed = capital || numbered || s->t[i + letters] == ' '
                                ? lexicon_listed(s->lexicon, (struct span){s->t + i, letters})
                                : 0;

    if ((listed & WORD_PHRASE) && (lexicon_phrase(s->lexicon, s->t + i, &phrase) & WORD_STREET))
        return number_after(s, i + phrase, false, &said);
    if (is_street_word(s, i, letters) && s->t[i + letters] == ' ' && long_name(s, i, letters))
        return true;
    if (!numbered)
        return false;
    if (capital && (said || screen_word_before(s, i, HOME_REACH, homes)) &&
        !(listed & (WORD_KNOWN | WORD_BRAND)))
        return true; /* whatever the name of the street, "adres Donau 12" and "Donau nr. 12" */
    if ((listed & WORD_STREET) || is_street_word(s, i, letters))
        return capital || said;
    return ends_as_street(s, i, letters, capital || said ? (unsigned)ENDS : (unsigned)CLEAR_ENDS) &&
           !(listed & WORD_BRAND) && !screen_word_in(s, i, letters, no_street);
}

void
screen_streets(struct screening *s)
{
    for (size_t i = 0; i < s->length; i++) {
        const size_t letters = letters_at(s, i);

        if (letters > 3 && !is_alnum(before(s, i)) && is_address(s, i, letters))
            s->hits.suspected |= SCREEN_ADDRESS;
        i += letters > 0 ? letters - 1 : 0;
    }
}
