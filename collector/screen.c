/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The text screen: a fast look that lets ordinary sentences pass after one walk over their bytes,
 * and the parts that look for each kind.
 */
#include "collector/screen_internal.h"

/* ---- words in a text ------------------------------------------------------------------------ */

bool
screen_word_at(const struct screening *s, size_t i, const char *word)
{
    for (; *word; word++, i++)
        if (to_lower(s->t[i]) != *word)
            return false;
    return true;
}

bool
screen_word_in(const struct screening *s, size_t i, size_t length, const char *const *words)
{
    for (; *words; words++)
        if (**words == to_lower(s->t[i]) && screen_word_at(s, i, *words) &&
            strlen(*words) == length)
            return true;
    return false;
}

/* A word that ends in $ must end there ("geb" but not "gebeld"). */
static bool
starts_with_word(const struct screening *s, size_t i, const char *word)
{
    for (; *word; word++, i++) {
        if (*word == '$')
            return !is_letter(s->t[i]);
        if (to_lower(s->t[i]) != *word)
            return false;
    }
    return true;
}

bool
screen_word_before(const struct screening *s, size_t i, size_t reach, const char *const *words)
{
    for (size_t at = i > reach ? i - reach : 0; at < i; at++) {
        if (!is_letter(s->t[at]) || is_letter(before(s, at)))
            continue;
        for (const char *const *word = words; *word; word++)
            if (starts_with_word(s, at, *word))
                return true;
    }
    return false;
}

/* ---- the fast look -------------------------------------------------------------------------- */

enum {
    SEEN_DIGIT = 1,
    SEEN_CAPITAL = 2,
    SEEN_FORM = 4,
    SEEN_FOREIGN = 8,
    SEEN_STOP = 16,
    SEEN_SPOKEN = 32
};

/* What each byte asks for; the letters and signs of an ordinary sentence nothing. */
static const unsigned char asks[256] = {
    ['0'] = SEEN_DIGIT,   ['1'] = SEEN_DIGIT,   ['2'] = SEEN_DIGIT,   ['3'] = SEEN_DIGIT,
    ['4'] = SEEN_DIGIT,   ['5'] = SEEN_DIGIT,   ['6'] = SEEN_DIGIT,   ['7'] = SEEN_DIGIT,
    ['8'] = SEEN_DIGIT,   ['9'] = SEEN_DIGIT,   ['A'] = SEEN_CAPITAL, ['B'] = SEEN_CAPITAL,
    ['C'] = SEEN_CAPITAL, ['D'] = SEEN_CAPITAL, ['E'] = SEEN_CAPITAL, ['F'] = SEEN_CAPITAL,
    ['G'] = SEEN_CAPITAL, ['H'] = SEEN_CAPITAL, ['I'] = SEEN_CAPITAL, ['J'] = SEEN_CAPITAL,
    ['K'] = SEEN_CAPITAL, ['L'] = SEEN_CAPITAL, ['M'] = SEEN_CAPITAL, ['N'] = SEEN_CAPITAL,
    ['O'] = SEEN_CAPITAL, ['P'] = SEEN_CAPITAL, ['Q'] = SEEN_CAPITAL, ['R'] = SEEN_CAPITAL,
    ['S'] = SEEN_CAPITAL, ['T'] = SEEN_CAPITAL, ['U'] = SEEN_CAPITAL, ['V'] = SEEN_CAPITAL,
    ['W'] = SEEN_CAPITAL, ['X'] = SEEN_CAPITAL, ['Y'] = SEEN_CAPITAL, ['Z'] = SEEN_CAPITAL,
    ['.'] = SEEN_STOP,    ['!'] = SEEN_STOP,    ['?'] = SEEN_STOP,    ['@'] = SEEN_FORM,
    ['('] = SEEN_FORM,    ['['] = SEEN_FORM,    ['{'] = SEEN_FORM,    ['<'] = SEEN_FORM,
    ['~'] = SEEN_FORM,
};

/* Capitals that do not begin the text, and full stops inside a word. */
static unsigned
look_closer(struct span s)
{
    unsigned seen = 0;
    bool first = true;

    for (size_t i = 0; i < s.length; i++) {
        const char c = s.data[i], next = i + 1 < s.length ? s.data[i + 1] : ' ';

        if (is_letter(c)) {
            if (is_upper(c) && (!first || next == '.'))
                seen |= SEEN_CAPITAL;
            first = false;
        } else if ((c == '.' || c == '!' || c == '?') && is_letter(next)) {
            seen |= SEEN_FORM;
        }
    }
    return seen;
}

/*
 * What in the text asks for a closer look: a digit; a capital that does not begin the text; a sign,
 * dot or spelling of an address; a character beyond ASCII; a word that may be a name, announces one
 * or says a number; letters kept apart.
 */
static unsigned
look_over(const struct lexicon *lexicon, struct span s)
{
    unsigned seen = 0, words = 0, singles = 0, length = 0;
    uint32_t hash = LEXICON_HINT_START;

    for (size_t i = 0; i < s.length; i++) {
        const unsigned char c = (unsigned char)s.data[i];

        seen |= asks[c] | (c >= 0x7F || c < ' ' ? SEEN_FOREIGN : 0u);
        if (is_letter((char)c)) {
            hash = lexicon_hint_next(hash, (char)c);
            length++;
            continue;
        }
        if (length > 1 && lexicon)
            words |= lexicon_hint(lexicon, hash);
        singles += length == 1;
        length = 0;
        hash = LEXICON_HINT_START;
    }
    if (length > 1 && lexicon)
        words |= lexicon_hint(lexicon, hash);
    words = (words & LEXICON_HINT_NAME ? SEEN_CAPITAL : 0u) |
            (words & LEXICON_HINT_NUMBER ? SEEN_SPOKEN : 0u) |
            (words & LEXICON_HINT_SIGN ? SEEN_FORM : 0u) | (singles > 2 ? SEEN_FORM : 0u);
    if (seen & (SEEN_CAPITAL | SEEN_STOP))
        words |= look_closer(s);
    return words | (seen & ~(unsigned)(SEEN_CAPITAL | SEEN_STOP));
}

/* ---- all parts ------------------------------------------------------------------------------ */

static bool
screening_start(struct screening *s, struct lexicon *lexicon, struct span text)
{
    s->hits = (struct screen_hits){0};
    s->lexicon = lexicon;
    s->text = text;
    s->plain = s->rewritten = s->shouted = false; /* t is not cleared: it is large */
    if (!fold_plain(text, s->t, &s->length))
        return false;
    memset(s->t + s->length, 0, 8);
    return true;
}

static struct screen_hits
failed(void)
{
    return (struct screen_hits){.suspected = SCREEN_FAILED};
}

static struct screen_hits
first_word(struct lexicon *lexicon, struct span text)
{
    const bool is_name = screen_first_word(lexicon, text);

    return (struct screen_hits){.suspected = is_name ? SCREEN_NAME : 0u};
}

static void
screen_forms(struct screening *s, unsigned seen)
{
    if (seen & (SEEN_FORM | SEEN_FOREIGN)) {
        screen_email(s);
        screen_urls(s);
    }
    if (seen & (SEEN_DIGIT | SEEN_FOREIGN)) {
        screen_iban(s);
        screen_documents(s);
        screen_addresses(s);
        screen_streets(s);
        screen_plates(s);
        screen_coordinates(s);
        screen_dates(s);
        screen_digits(s);
    }
    screen_names(s);
}

/* As written, and before that (for what is recognised is blanked out) as a reader would put it
 * together. */
static void
screen_parts(struct screening *s, unsigned seen)
{
    struct screening again;

    if ((seen & ~(unsigned)SEEN_CAPITAL) && screen_rewrite(s, (seen & SEEN_SPOKEN) != 0, &again)) {
        screen_forms(&again, ~0u);
        s->hits.certain |= again.hits.certain;
        s->hits.suspected |= again.hits.suspected;
    }
    screen_forms(s, seen);
}

/* A dictionary that turns out not to open fails the text that needed it, and all after it. */
struct screen_hits
screen_text(struct lexicon *lexicon, struct span text)
{
    const unsigned seen = look_over(lexicon, text);
    struct screen_hits hits;
    struct screening s;

    if (seen == 0 && text.length < FOLD_BYTES) {
        hits = first_word(lexicon, text);
    } else {
        if (!screening_start(&s, lexicon, text))
            return failed();
        s.plain = (seen & SEEN_FOREIGN) == 0;
        screen_parts(&s, seen);
        hits = s.hits;
    }
    hits.suspected |= lexicon_ready(lexicon) || text.length == 0 ? 0u : (uint32_t)SCREEN_FAILED;
    hits.suspected &= ~hits.certain;
    return hits;
}

/* A reference has digits and dashes of its own: only unbroken numbers count. */
static void
screen_unbroken(struct screening *s)
{
    for (size_t i = 0; i < s->length; i++) {
        const size_t digits = digits_at(s, i);
        const char last = before(s, i);

        if (digits == 0)
            continue;
        if (!is_alnum(last) && last != '-' && !is_alnum(s->t[i + digits]) &&
            s->t[i + digits] != '-') {
            struct screening alone = {.length = digits};

            memcpy(alone.t, s->t + i, digits);
            screen_digits(&alone);
            s->hits.certain |= alone.hits.certain;
        }
        i += digits - 1;
    }
}

struct screen_hits
screen_reference(struct span text)
{
    struct screening s;

    if (look_over(NULL, text) == 0)
        return (struct screen_hits){0};
    if (!screening_start(&s, NULL, text))
        return failed();
    screen_email(&s);
    screen_coordinates(&s);
    screen_iban(&s);
    screen_unbroken(&s);
    s.hits.suspected = 0;
    return s.hits;
}

bool
screen_file_name(const char *name)
{
    char parts[FOLD_BYTES];
    size_t n = 0;

    if (screen_reference(span_of(name)).certain)
        return true;
    for (; n < sizeof parts && name[n]; n++)
        parts[n] = (char)(strchr("-_.", name[n]) ? ' ' : name[n]);
    return screen_reference((struct span){parts, n}).certain != 0;
}

bool
screen_has_email(struct span text)
{
    struct screening s;

    if (memchr(text.data, '@', text.length) == NULL && (look_over(NULL, text) & SEEN_FOREIGN) == 0)
        return false;
    if (!screening_start(&s, NULL, text))
        return false;
    screen_email(&s);
    return (s.hits.certain & SCREEN_EMAIL) != 0;
}

const char *
screen_kind_name(uint32_t bit)
{
    static const char *const names[SCREEN_KINDS] = {
        "bsn",      "iban",       "email", "phone",  "plate", "address", "birth",
        "document", "coordinate", "name",  "number", "date",  "url",     "failed"};

    for (unsigned i = 0; i < SCREEN_KINDS; i++)
        if (bit == UINT32_C(1) << i)
            return names[i];
    return "";
}
