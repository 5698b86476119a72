/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Names: suspected after a word that announces one, after initials, and in a run of capitalised
 * words (with the particles of a surname between) that is no place, make or phrase and has a word
 * that is a name, or that the language knows with a capital only, or not at all. What a word is
 * says lexicon.h; which letters make a word, what stands before it and what it belongs to, this
 * file.
 */
#include "collector/screen_internal.h"

enum {
    RUN_WORDS = 12,
    ABBREVIATION = 5, /* letters: an unknown word in capitals up to here is taken for one */
    TITLE_DOT = 4     /* letters: a longer word before a full stop ends a sentence */
};

static struct span
span_at(const struct screening *s, size_t i, size_t length)
{
    return (struct span){s->t + i, length};
}

/* ---- after a word that announces ------------------------------------------------------------- */

/* Skips spaces, colons, quotes, dots and words of a surname that are not capitals. */
static size_t
skip_to_name(const struct screening *s, size_t i)
{
    for (unsigned words = 0; words < 4; words++) {
        while (s->t[i] && strchr(" .:'\"(-", s->t[i]))
            i++;

        const size_t letters = letters_at(s, i);

        if (letters == 0 || is_upper(s->t[i]) ||
            !(lexicon_listed(s->lexicon, span_at(s, i, letters)) & (WORD_PARTICLE | WORD_FILLER)))
            return i;
        i += letters;
    }
    return i;
}

static bool is_place(const struct screening *s, size_t i);

/* The word as it was given, marks and all. */
static struct span
written_at(const struct screening *s, size_t i, size_t length)
{
    char folded[FOLD_BYTES];
    uint16_t from[FOLD_BYTES];
    size_t whole = 0;

    if (s->plain || !fold_plain_from(s->text, folded, from, &whole) || i + length > whole)
        return span_at(s, i, length);
    return (struct span){s->text.data + from[i], (size_t)(from[i + length] - from[i])};
}

/* A word in small letters that the language does not know so, and no list but of names. */
static bool
is_unknown(const struct screening *s, size_t i, size_t length)
{
    const uint32_t class =
        lexicon_class(s->lexicon, span_at(s, i, length), written_at(s, i, length));

    return length > 2 && (class & ~(uint32_t)(WORD_GIVEN | WORD_SURNAME | WORD_PROPER)) == 0;
}

/* "wei wang", "jeroen smit": the word after one that may be anything. */
static bool
unknown_after(const struct screening *s, size_t i)
{
    const size_t length = s->t[i] == ' ' ? letters_at(s, i + 1) : 0;

    return length > 2 && !is_upper(s->t[i + 1]) && is_unknown(s, i + 1, length);
}

/* "dhr. de graaf": nothing but spaces, dots and particles of a surname, or nothing at all. */
static bool
only_particles(const struct screening *s, size_t i, size_t end)
{
    static const char *const particles[] = {"van", "de", "den", "der", "ter",
                                            "ten", "el", "ben", NULL};

    while (i < end) {
        const size_t letters = letters_at(s, i);

        if (letters > 0 && !screen_word_in(s, i, letters, particles))
            return false;
        i += letters > 0 ? letters : 1;
    }
    return true;
}

/* listed: the lists that the word at i is in. */
static void
judge_announced(struct screening *s, size_t i, size_t letters, uint32_t listed)
{
    const size_t next = skip_to_name(s, i + letters);
    const size_t length = letters_at(s, next);
    const bool ended = s->t[i + letters] == '.' && letters > TITLE_DOT; /* "… de heer. Hij" */
    const bool capital = is_upper(s->t[next]);

    if (length == 0 || ended)
        return;
    if ((listed & WORD_TITLE) && capital && (length > 1 || s->t[next + 1] == '.') &&
        !is_place(s, next))
        s->hits.suspected |= SCREEN_NAME;
    if ((listed & WORD_TITLE) && !capital &&
        (is_unknown(s, next, length) || unknown_after(s, next + length) ||
         (length > 2 && only_particles(s, i + letters, next) &&
          (lexicon_listed(s->lexicon, span_at(s, next, length)) & (WORD_GIVEN | WORD_SURNAME)))))
        s->hits.suspected |= SCREEN_NAME;
    if ((listed & WORD_ANNOUNCER) && length > 1 &&
        (capital || !(lexicon_listed(s->lexicon, span_at(s, next, length)) & WORD_NO_NAME)))
        s->hits.suspected |= SCREEN_NAME;
    if (letters == 4 && screen_word_at(s, i, "naam") && capital && length > 1)
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

    if (letters > 1 && is_upper(s->t[name]) && name - at <= 16 && !is_place(s, name))
        s->hits.suspected |= SCREEN_NAME;
}

/* ---- a run of capitalised words -------------------------------------------------------------- */

struct word {
    size_t at, length;
    uint32_t class;
    bool capitals;   /* all of it */
    bool shouted;    /* as is most of the text: then it says nothing */
    bool joined_up;  /* a capital after a small letter: "FastGas" */
    bool holds_name; /* and such a part of it is a name: "HendrikBrouwer" */
    bool cut_off;    /* a full stop follows four letters or fewer: "Subj." */
    bool cleared;    /* belongs to a place, a make, a known phrase */
};

struct run {
    unsigned count;
    struct word words[RUN_WORDS];
    size_t end;
};

static bool
all_capitals(const struct screening *s, size_t i, size_t length)
{
    size_t n = 0;

    while (n < length && is_upper(s->t[i + n]))
        n++;
    return n == length && length > 1;
}

/* A word with capitals inside is a make or an abbreviation, unless a part of it is a name, or the
 * word was put together of single letters. */
static void
look_inside(const struct screening *s, struct word *w)
{
    const uint32_t names = WORD_GIVEN | WORD_SURNAME | WORD_PARTICLE;

    for (size_t start = 0, k = 1; k <= w->length && !w->capitals && !s->rewritten; k++) {
        if (k < w->length && !(is_upper(s->t[w->at + k]) && !is_upper(s->t[w->at + k - 1])))
            continue;
        w->joined_up = w->joined_up || k < w->length;
        w->holds_name =
            w->holds_name ||
            (k - start > 1 &&
             (lexicon_listed(s->lexicon, span_at(s, w->at + start, k - start)) & names));
        start = k;
    }
}

static bool
add_word(const struct screening *s, struct run *r, size_t i)
{
    const size_t length = letters_at(s, i);

    if (r->count == RUN_WORDS || !is_upper(s->t[i]) || is_digit(s->t[i + length]) ||
        (length == 1 && r->count > 0 && s->t[i + 1] == '.')) /* an initial */
        return false;
    r->words[r->count++] = (struct word){
        .at = i,
        .length = length,
        .class = lexicon_class(s->lexicon, span_at(s, i, length), written_at(s, i, length)),
        .capitals = all_capitals(s, i, length),
        .shouted = s->shouted,
        .cut_off = length <= TITLE_DOT && s->t[i + length] == '.' && s->t[i + length + 1],
        .cleared = length < 2,
    };
    look_inside(s, &r->words[r->count - 1]);
    r->end = i + length;
    return true;
}

/* From the end of a word to the next capitalised one: over one space or dash, an apostrophe with
 * it, and up to four particles in small letters. */
static size_t
next_in_run(const struct screening *s, size_t i)
{
    for (unsigned words = 0; words < 5; words++) {
        if (s->t[i] != ' ' && s->t[i] != '-')
            return 0;
        i += 1u + (s->t[i + 1] == '\'');

        const size_t length = letters_at(s, i);

        if (length == 0 || is_upper(s->t[i]))
            return length > 0 ? i : 0;
        if (!(lexicon_listed(s->lexicon, span_at(s, i, length)) & WORD_PARTICLE))
            return 0;
        i += length;
    }
    return 0;
}

static void
read_run(const struct screening *s, size_t i, struct run *r)
{
    r->count = 0;
    r->end = i;
    while (i > 0 || r->count == 0) {
        if (!add_word(s, r, i))
            return;
        i = next_in_run(s, r->end);
    }
}

static void
clear_until(struct run *r, unsigned from, size_t end)
{
    for (unsigned k = from; k < r->count && r->words[k].at < end; k++)
        r->words[k].cleared = true;
}

/* "Alfa Romeo Giulia", "Albert Heijn", "Seat Leon". */
static void
clear_phrases(const struct screening *s, struct run *r)
{
    for (unsigned k = 0; k < r->count; k++) {
        struct word *const w = &r->words[k];
        size_t length = 0;
        uint32_t class = w->class;

        if (w->cleared)
            continue;
        if (class & WORD_PHRASE)
            class = lexicon_phrase(s->lexicon, s->t + w->at, &length);
        if (length == 0)
            class = w->class;
        clear_until(r, k, w->at + length);
        if (w->at + length > r->end)
            r->end = w->at + length;
        if (!(class & WORD_BRAND))
            continue;
        w->cleared = true;
        for (unsigned next = k + 1; next < r->count; next++)
            if (!r->words[next].cleared) {
                r->words[next].cleared = true;
                break;
            }
    }
}

/* The last word that ends as places do takes those before it: "Jacob van Campenplein". */
static void
clear_places(struct run *r)
{
    for (unsigned k = r->count; k-- > 0;)
        if ((r->words[k].class & WORD_PLACE) ||
            (k > 0 && k + 1 == r->count && (r->words[k].class & WORD_PLACE_WORD) &&
             r->words[k].at == r->words[k - 1].at + r->words[k - 1].length + 1)) {
            clear_until(r, 0, r->words[k].at + 1);
            break;
        }
    for (unsigned k = r->count; k-- > 1;) /* "Lange Voorhout", "Oud Scheveningen" */
        if ((r->words[k].cleared || (r->words[k].class & WORD_KNOWN)) &&
            !(r->words[k - 1].class & WORD_GIVEN) && (r->words[k - 1].class & WORD_COMMON))
            r->words[k - 1].cleared = true;
    for (unsigned k = 0; k + 1 < r->count; k++) /* "Laan van Meerdervoort" */
        if (r->words[k].class & WORD_PLACE_WORD)
            clear_until(r, k, r->end);
}

/* Whether the capitalised word at i is of a place's name: "Dr. Lelykade". */
static bool
is_place(const struct screening *s, size_t i)
{
    struct run r;

    read_run(s, i, &r);
    clear_places(&r);
    return r.count > 0 && r.words[0].cleared && r.words[0].length > 1;
}

static bool
is_suspect(const struct word *w, bool sentence_start)
{
    const uint32_t lists = WORD_KNOWN | WORD_BRAND | WORD_PLACE | WORD_PLACE_WORD | WORD_TITLE |
                           WORD_ANNOUNCER | WORD_PARTICLE | WORD_NO_NAME;
    const bool common = (w->class & WORD_COMMON) != 0;

    if (w->cleared)
        return false;
    if (w->class & WORD_GIVEN)
        return !common || !(sentence_start || (w->capitals && w->shouted));
    if (w->class & lists)
        return false;
    if (w->class & WORD_SURNAME)
        return !common || !(sentence_start || (w->capitals && w->shouted));
    if (common || (sentence_start && w->cut_off))
        return false;
    if (w->class & WORD_PROPER)
        return true;
    if (w->capitals)
        return w->length > ABBREVIATION;
    if (w->joined_up)
        return w->holds_name;
    return !(sentence_start && (w->class & WORD_JOINED));
}

/* An ordinary word with a capital beside another one: "Groot Velden". */
static bool
is_plain(const struct word *w)
{
    return !w->cleared && !w->capitals && (w->class & WORD_COMMON) &&
           !(w->class & (WORD_KNOWN | WORD_BRAND | WORD_PLACE | WORD_PLACE_WORD | WORD_TITLE |
                         WORD_ANNOUNCER));
}

static bool
run_is_name(const struct run *r, bool sentence_start)
{
    for (unsigned k = 0; k < r->count; k++) {
        const struct word *const w = &r->words[k];
        const bool start = sentence_start && k == 0;
        const struct word *const next = k + 1 < r->count ? &r->words[k + 1] : NULL;

        if (is_suspect(w, start))
            return true;
        if (next && is_plain(w) && is_plain(next) && (!start || (w->class & WORD_GIVEN)))
            return true;
    }
    return false;
}

/* ---- where a run stands -----------------------------------------------------------------------
 */

/* A full stop after an initial or a title ("mevr.") ends no sentence. */
static bool
ends_sentence(const struct screening *s, size_t stop)
{
    size_t letters = 0;

    while (letters < stop && is_letter(s->t[stop - letters - 1]))
        letters++;
    return s->t[stop] != '.' ||
           (letters != 1 &&
            !(lexicon_listed(s->lexicon, span_at(s, stop - letters, letters)) & WORD_TITLE));
}

static bool
starts_sentence(const struct screening *s, size_t i)
{
    while (i > 0 && strchr(" '\"(", s->t[i - 1]))
        i--;
    return i == 0 || (strchr(".!?:", s->t[i - 1]) && ends_sentence(s, i - 1));
}

/* "station Holland Spoor", "gemeente Ergens": said of a place, unless a name is known as one. */
static void
clear_after_place(struct run *r)
{
    for (unsigned k = 0; k < r->count; k++)
        if (!(r->words[k].class & (WORD_GIVEN | WORD_SURNAME)))
            r->words[k].cleared = true;
}

/* "van der Dijkgraaf": after such a particle an ordinary word is a surname as well. */
static bool
is_odd(const struct run *r)
{
    return r->count > 0 && !r->words[0].capitals && is_plain(&r->words[0]);
}

/* Judges the run that starts at i; where it ends. last: the lists of the word before it. */
static size_t
judge_run(struct screening *s, size_t i, uint32_t last)
{
    struct run r;

    read_run(s, i, &r);
    clear_phrases(s, &r);
    clear_places(&r);
    if ((last & WORD_PLACE_WORD) && i > 0 && s->t[i - 1] == ' ')
        clear_after_place(&r);
    if (run_is_name(&r, starts_sentence(s, i)) || ((last & WORD_SURNAME_PARTICLE) && is_odd(&r)))
        s->hits.suspected |= SCREEN_NAME;
    return r.end > i ? r.end : i + letters_at(s, i);
}

/* Most of the text is in capitals. */
static bool
is_shouted(const struct screening *s)
{
    size_t upper = 0, lower = 0;

    for (size_t i = 0; i < s->length; i++) {
        upper += is_upper(s->t[i]);
        lower += is_letter(s->t[i]) && !is_upper(s->t[i]);
    }
    return upper > lower;
}

void
screen_names(struct screening *s)
{
    uint32_t last = 0; /* lists of the word before */
    bool after_capital = false;

    s->shouted = is_shouted(s);
    if (!s->plain && fold_loses_letters(s->text))
        s->hits.suspected |= SCREEN_NAME;
    for (size_t i = 0; i < s->length; i++) {
        const size_t letters = letters_at(s, i);

        if (letters == 0)
            continue;
        if (is_alnum(before(s, i)))
            last = 0;
        else if (letters == 1 && is_upper(s->t[i]) && s->t[i + 1] == '.') {
            if (!(before(s, i) == '.' && i >= 2 && is_upper(s->t[i - 2])))
                judge_initials(s, i);
        } else {
            const uint32_t listed = lexicon_listed(s->lexicon, span_at(s, i, letters));

            if ((listed & (WORD_TITLE | WORD_ANNOUNCER)) || letters == 4)
                judge_announced(s, i, letters, listed);
            if (after_capital && letters == 4 && screen_word_at(s, i, "heet"))
                s->hits.suspected |= SCREEN_NAME; /* "een jongen die Slager heet" */
            after_capital = false;
            if (is_upper(s->t[i]) && !(listed & WORD_TITLE)) {
                after_capital = !starts_sentence(s, i);
                i = judge_run(s, i, last) - 1;
                last = 0;
                continue;
            }
            if ((listed & (WORD_GIVEN | WORD_SURNAME)) && is_unknown(s, i, letters))
                s->hits.suspected |= SCREEN_NAME;
            last = listed;
        }
        i += letters - 1;
    }
}

/* ASCII only, and no capital but its first letter. */
bool
screen_first_word(struct lexicon *lexicon, struct span text)
{
    size_t at = 0, length = 0;

    while (at < text.length && !is_letter(text.data[at]))
        at++;
    while (at + length < text.length && is_letter(text.data[at + length]))
        length++;
    if (length < 2 || !is_upper(text.data[at]))
        return false;

    const struct span folded = {text.data + at, length};
    const struct word word = {.length = length,
                              .class = lexicon_class(lexicon, folded, folded),
                              .cut_off = length <= TITLE_DOT && at + length + 1 < text.length &&
                                         text.data[at + length] == '.'};

    return is_suspect(&word, true);
}
