/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The text screen: a fast look that lets ordinary sentences pass after one walk over their bytes,
 * and the parts that look for each kind.
 */
#include "collector/screen_internal.h"

/* ---- words in a text
 * ----------------------------------------------------------------------------- */

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
        if (strlen(*words) == length && screen_word_at(s, i, *words))
            return true;
    return false;
}

bool
screen_word_before(const struct screening *s, size_t i, size_t reach, const char *const *words)
{
    for (size_t at = i > reach ? i - reach : 0; at < i; at++) {
        if (!is_letter(s->t[at]) || is_letter(before(s, at)))
            continue;
        for (const char *const *word = words; *word; word++)
            if (screen_word_at(s, at, *word))
                return true;
    }
    return false;
}

/* ---- the fast look
 * -------------------------------------------------------------------------------- */

enum { SEEN_DIGIT = 1, SEEN_CAPITAL = 2, SEEN_FORM = 4, SEEN_FOREIGN = 8 };

/*
 * What in the text asks for a closer look: a digit, a capital that does not begin a sentence or a
 * word that announces a name, '@' or a dot inside a word or a bracketed "at", a character beyond
 * ASCII.
 */
static unsigned
look_over(struct span s)
{
    unsigned seen = 0;
    bool sentence_start = true;
    unsigned letters = 0; /* of the word before */

    for (size_t i = 0; i < s.length; i++) {
        const char c = s.data[i];

        if (c >= 'a' && c <= 'z') {
            /* …naam…, alias */
            if (c == 'm' && i >= 2 && s.data[i - 1] == 'a' && s.data[i - 2] == 'a')
                seen |= SEEN_CAPITAL;
            if (c == 's' && i >= 4 && memcmp(s.data + i - 4, "alia", 4) == 0)
                seen |= SEEN_CAPITAL;
            sentence_start = false;
            letters = i > 0 && is_letter(s.data[i - 1]) ? letters + 1 : 1;
        } else if (is_upper(c)) {
            if (!sentence_start || (i + 1 < s.length && s.data[i + 1] == '.'))
                seen |= SEEN_CAPITAL;
            sentence_start = false;
            letters = i > 0 && is_letter(s.data[i - 1]) ? letters + 1 : 1;
        } else if (is_digit(c)) {
            seen |= SEEN_DIGIT;
        } else if (c == '.' || c == '!' || c == '?') {
            if (i + 1 < s.length && is_letter(s.data[i + 1]))
                seen |= SEEN_FORM;
            sentence_start = c != '.' || letters > 4; /* after "mevr." a capital is a name's */
        } else if (c == '@' || c == '[' || c == '(' || c == '~') {
            seen |= SEEN_FORM;
        } else if ((unsigned char)c >= 0x7F || c < ' ') {
            seen |= SEEN_FOREIGN;
        }
    }
    return seen;
}

/* ---- all parts
 * ------------------------------------------------------------------------------------ */

static bool
screening_start(struct screening *s, struct span text)
{
    s->hits = (struct screen_hits){0};
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

struct screen_hits
screen_text(struct span text)
{
    const unsigned seen = look_over(text);
    struct screening s;

    if (seen == 0 && text.length < FOLD_BYTES) {
        /* "jan at example punt nl", "jan apenstaartje …": spelled out, without any sign */
        static const char *const spelled[] = {" at ", "apenstaart", " punt nl", " punt com"};
        bool plain = true;

        for (unsigned i = 0; i < sizeof spelled / sizeof *spelled && plain; i++) {
            const size_t length = strlen(spelled[i]);
            const char *at = text.data;
            const char *const end = text.data + text.length;

            while (plain && (at = memchr(at, spelled[i][1], (size_t)(end - at))) != NULL) {
                if (at > text.data && (size_t)(end - at) >= length - 1 &&
                    memcmp(at - 1, spelled[i], length) == 0)
                    plain = false;
                at++;
            }
        }
        if (plain)
            return (struct screen_hits){0};
    }
    if (!screening_start(&s, text))
        return failed();
    screen_email(&s);
    screen_urls(&s);
    if (seen & ~(unsigned)SEEN_CAPITAL) {
        screen_documents(&s);
        screen_addresses(&s);
        screen_plates(&s);
        screen_coordinates(&s);
        screen_iban(&s);
        screen_dates(&s);
        screen_digits(&s);
    }
    screen_names(&s);
    s.hits.suspected &= ~s.hits.certain;
    return s.hits;
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

    if (look_over(text) == 0)
        return (struct screen_hits){0};
    if (!screening_start(&s, text))
        return failed();
    screen_email(&s);
    screen_coordinates(&s);
    screen_iban(&s);
    screen_unbroken(&s);
    s.hits.suspected = 0;
    return s.hits;
}

bool
screen_has_email(struct span text)
{
    struct screening s;

    if (memchr(text.data, '@', text.length) == NULL && (look_over(text) & SEEN_FOREIGN) == 0)
        return false;
    if (!screening_start(&s, text))
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
