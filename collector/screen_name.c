/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Names: suspected after a word that announces one, and after initials. There is no list of names
 * and no dictionary here: "Hoefkade" and "Jansen" look the same without one.
 */
#include "collector/screen_internal.h"

/* After these comes a name when a capital follows (a small word of a surname may stand between). */
static const char *const titles[] = {
    "dhr",   "mevr",  "mevrouw", "mw",  "mej", "meneer", "heer",    "mijnheer", "heet", "heette",
    "heten", "noemt", "mr",      "drs", "dr",  "ing",    "familie", "fam",      NULL};
/* After these comes a name, capital or not. */
static const char *const announcers[] = {"genaamd",  "geheten",    "bijgenaamd",
                                         "alias",    "achternaam", "voornaam",
                                         "roepnaam", "voornamen",  NULL};
static const char *const particles[] = {
    "van", "de", "den", "der", "het", "ten", "ter", "te", "el", "al",   "ben",      "bin", "la",
    "le",  "di", "da",  "dos", "von", "op",  "in",  "t",  "is", "zich", "zichzelf", NULL};
/* What may follow an announcer without being a name. */
static const char *const not_names[] = {
    "onbekend",  "niet",      "wilde",    "werd", "was",     "en",        "met",
    "geweigerd", "genoemd",   "kon",      "kan",  "klopt",   "klopte",    "moet",
    "om",        "op",        "in",       "te",   "gegeven", "opgegeven", "bekend",
    "voor",      "ontbreekt", "werkzaam", "bij",  NULL};

/* Skips spaces, colons, quotes, dots and words of a surname that are not capitals. */
static size_t
skip_to_name(const struct screening *s, size_t i)
{
    for (unsigned words = 0; words < 4; words++) {
        while (s->t[i] && strchr(" .:'\"(-", s->t[i]))
            i++;

        const size_t letters = letters_at(s, i);

        if (letters == 0 || is_upper(s->t[i]) || !screen_word_in(s, i, letters, particles))
            return i;
        i += letters;
    }
    return i;
}

static void
judge_word(struct screening *s, size_t i, size_t letters)
{
    const size_t next = skip_to_name(s, i + letters);
    const size_t length = letters_at(s, next);
    const bool ended = s->t[i + letters] == '.' && letters > 4; /* "… de heer. Hij" */

    if (length == 0 || ended)
        return;
    if (screen_word_in(s, i, letters, titles) && is_upper(s->t[next]) &&
        (length > 1 || s->t[next + 1] == '.'))
        s->hits.suspected |= SCREEN_NAME;
    if (screen_word_in(s, i, letters, announcers) && length > 1 &&
        (is_upper(s->t[next]) || !screen_word_in(s, next, length, not_names)))
        s->hits.suspected |= SCREEN_NAME;
    if (letters == 4 && screen_word_at(s, i, "naam") && is_upper(s->t[next]) && length > 1)
        s->hits.suspected |= SCREEN_NAME;
}

/* "J. Jansen", "A.B. van den Berg", "J.P.Jansen". */
static void
judge_initials(struct screening *s, size_t i)
{
    size_t at = i;

    while (is_upper(s->t[at]) && s->t[at + 1] == '.') {
        at += 2;
        if (s->t[at] == ' ' && is_upper(s->t[at + 1]) && s->t[at + 2] == '.')
            at++;
    }

    const size_t name = skip_to_name(s, at);
    const size_t letters = letters_at(s, name);

    if (letters > 1 && is_upper(s->t[name]) && name - at <= 16)
        s->hits.suspected |= SCREEN_NAME;
}

void
screen_names(struct screening *s)
{
    for (size_t i = 0; i < s->length; i++) {
        const size_t letters = letters_at(s, i);

        if (letters == 0 || is_alnum(before(s, i)))
            continue;
        if (letters == 1 && is_upper(s->t[i]) && s->t[i + 1] == '.' &&
            !(before(s, i) == '.' && i >= 2 && is_upper(s->t[i - 2])))
            judge_initials(s, i);
        else if (letters > 1)
            judge_word(s, i, letters);
        i += letters - 1;
    }
}
