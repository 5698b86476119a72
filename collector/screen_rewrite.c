/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a reader puts together and a search does not: digits spelt out ("nul zes twaalf"), letters
 * and digits kept apart one by one ("J a n s e n"), a number with words of the sentence in between
 * ("1234 en dan 56782"), O for 0 and 0 for o. Makes a second text that is screened beside the
 * first; judges nothing itself.
 */
#include "collector/screen_internal.h"

enum {
    NAME_SINGLES = 3, /* a capital and small letters one by one */
    SINGLES = 4,      /* so many characters one by one are a word kept apart */
    SPOKEN = 5,       /* so many digits said in words are a number */
    BRIDGED = 8,      /* so many digits with words between them */
    GAP_MOST = 3,     /* signs and spaces between two parts */
    LEET_LETTERS = 3, /* that a word with digits in it must have */
    CHAIN_MOST = 64
};

/* ---- numbers in words ------------------------------------------------------------------------ */

static const char *const units[] = {"nul",  "een", "twee",  "drie", "vier",
                                    "vijf", "zes", "zeven", "acht", "negen"};
static const char *const teens[] = {"tien",     "elf",     "twaalf",    "dertien",  "veertien",
                                    "vijftien", "zestien", "zeventien", "achttien", "negentien"};
static const char *const tens[] = {"twintig", "dertig",   "veertig", "vijftig",
                                   "zestig",  "zeventig", "tachtig", "negentig"};

static bool
is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(text, word, length) == 0;
}

/* 0-99 of lower-case letters, -1 when it is none; *digits is how many it says. */
static int
below_hundred(const char *text, size_t length, unsigned *digits)
{
    *digits = 1;
    for (int i = 0; i < 10; i++)
        if (is_word(text, length, units[i]))
            return i;
    *digits = 2;
    for (int i = 0; i < 10; i++)
        if (is_word(text, length, teens[i]))
            return 10 + i;
    for (int ten = 0; ten < 8; ten++) {
        const size_t tail = strlen(tens[ten]);

        if (length < tail || !is_word(text + length - tail, tail, tens[ten]))
            continue;
        if (length == tail)
            return 20 + 10 * ten;
        for (int unit = 1; unit < 10; unit++) {
            const size_t head = strlen(units[unit]);

            if (length == head + 2 + tail && memcmp(text, units[unit], head) == 0 &&
                memcmp(text + head, "en", 2) == 0)
                return 20 + 10 * ten + unit;
        }
    }
    return -1;
}

/* The digits that a word says ("vierendertig", "negentienhonderdtachtig"); how many, or 0. */
static unsigned
spoken_at(const struct screening *s, size_t i, size_t length, char out[4])
{
    static const struct {
        const char *head, *digits;
    } centuries[] = {{"negentienhonderd", "19"}, {"tweeduizend", "20"}};
    char word[40];
    unsigned digits = 0, n = 0;
    int value;

    if (length < 3 || length >= sizeof word)
        return 0;
    for (size_t k = 0; k < length; k++)
        word[k] = to_lower(s->t[i + k]);
    word[length] = '\0';

    const char *rest = word;

    for (unsigned k = 0; k < 2 && n == 0; k++) {
        const size_t head = strlen(centuries[k].head);

        if (length >= head && memcmp(word, centuries[k].head, head) == 0) {
            memcpy(out, centuries[k].digits, 2);
            n = 2;
            rest += head;
        }
    }
    if (n == 2 && !*rest) {
        memcpy(out + 2, "00", 2);
        return 4;
    }
    value = below_hundred(rest, strlen(rest), &digits);
    if (value < 0)
        return 0;
    if (digits == 2 || n == 2)
        out[n++] = (char)('0' + value / 10);
    out[n++] = (char)('0' + value % 10);
    return n;
}

/* ---- parts ----------------------------------------------------------------------------------- */

enum part_kind { PART_NONE, PART_SINGLE, PART_SPOKEN, PART_DIGITS, PART_MIXED };

struct part {
    enum part_kind kind;
    size_t at, length;
    unsigned digits;
    char said[4];
};

static size_t
alnums_at(const struct screening *s, size_t i)
{
    const size_t start = i;

    while (is_alnum(s->t[i]))
        i++;
    return i - start;
}

static bool
is_alike(char c)
{
    return is_digit(c) || (c && strchr("OolI", c));
}

/* The part of a number or of a word kept apart that starts at i. */
static struct part
part_at(const struct screening *s, size_t i)
{
    struct part p = {.at = i, .length = alnums_at(s, i)};

    if (p.length == 0) {
        if (s->t[i] && strchr("@.:/-_", s->t[i]) && before(s, i) == ' ' && s->t[i + 1] == ' ')
            return (struct part){.kind = PART_SINGLE, .at = i, .length = 1};
        return p;
    }
    for (size_t k = 0; k < p.length; k++)
        p.digits += is_digit(s->t[i + k]);
    if (p.length == 1)
        p.kind = PART_SINGLE;
    else if (p.digits == p.length)
        p.kind = PART_DIGITS;
    else if (p.digits > 0)
        p.kind = PART_MIXED;
    else if ((p.digits = spoken_at(s, i, p.length, p.said)) > 0)
        p.kind = PART_SPOKEN;
    return p;
}

/* Words that bridge the parts of one number. */
static size_t
bridge_at(const struct screening *s, size_t i)
{
    static const char *const words[] = {
        "en dan", "dan", "daarna",     "gevolgd door", "streepje",       "spatie",
        "punt",   "min", "vervolgens", "dubbele punt", "schuine streep", NULL};

    for (const char *const *w = words; *w; w++)
        if (screen_word_at(s, i, *w) && !is_alnum(s->t[i + strlen(*w)]))
            return strlen(*w);
    return 0;
}

/* ---- chains ---------------------------------------------------------------------------------- */

struct chain {
    unsigned count, digits, spoken;
    bool bridged, singles; /* singles: nothing but, with one sign between all */
    struct part parts[CHAIN_MOST];
    bool tight[CHAIN_MOST]; /* nothing comes between this part and the one before */
    size_t end;
};

/* From the end of a part to the next one; how it is kept apart. */
static size_t
gap_at(const struct screening *s, size_t i, char *sign, bool *bridged)
{
    size_t n = 0;

    *bridged = false;
    *sign = s->t[i];
    if (s->t[i] == ' ' && s->t[i + 1] && strchr("@.:/-_", s->t[i + 1]) && s->t[i + 2] == ' ' &&
        i > 1 && !is_alnum(s->t[i - 2]))
        return 1; /* a sign kept apart as the letters are: "j a n . n l" */
    while (n < GAP_MOST && s->t[i + n] && strchr(" .,-/_:*", s->t[i + n]))
        n++;
    *sign = n == 1 || (n == 2 && s->t[i] == s->t[i + 1]) ? s->t[i] : '\0';
    if (n == 0 || is_digit(s->t[i + n]))
        return n;

    const size_t bridge = bridge_at(s, i + n);

    if (bridge == 0)
        return n;
    *bridged = true;
    *sign = '\0';
    n += bridge;
    while (s->t[i + n] == ' ')
        n++;
    return n;
}

static void
chain_add(struct chain *c, const struct part *p, bool tight)
{
    c->tight[c->count] = tight;
    c->parts[c->count++] = *p;
    c->digits += p->digits;
    c->spoken += p->kind == PART_SPOKEN ? p->digits : 0;
    c->end = p->at + p->length;
}

static void
chain_read(const struct screening *s, size_t i, struct chain *c)
{
    struct part p = part_at(s, i);
    char all = '\0';

    *c = (struct chain){.singles = p.kind == PART_SINGLE, .end = i};
    while (p.kind != PART_NONE && c->count < CHAIN_MOST) {
        char sign;
        bool bridged;

        const enum part_kind last = p.kind;
        const bool wide = c->count > 0 && s->t[c->end] == ' ' && s->t[c->end + 1] == ' ';

        chain_add(c, &p,
                  c->count > 0 && !wide && (p.kind == PART_SINGLE || p.kind == PART_SPOKEN) &&
                      (c->parts[c->count - 1].kind == PART_SINGLE ||
                       c->parts[c->count - 1].kind == PART_SPOKEN));

        const size_t gap = gap_at(s, c->end, &sign, &bridged);

        if (gap == 0)
            return;
        p = part_at(s, c->end + gap);
        if (last == PART_SINGLE && p.kind == PART_SINGLE) {
            if (sign == '\0' || (all && sign != all))
                return;
            all = sign;
        }
        if (p.kind != PART_NONE && p.kind != PART_SINGLE)
            c->singles = false;
        c->bridged = c->bridged || (bridged && p.kind != PART_NONE);
    }
}

static bool
is_month_after(const struct screening *s, size_t i)
{
    static const char *const months[] = {"januari",  "februari", "maart",    "april",     "mei",
                                         "juni",     "juli",     "augustus", "september", "oktober",
                                         "november", "december", NULL};

    return s->t[i] == ' ' && screen_word_in(s, i + 1, letters_at(s, i + 1), months);
}

/* "Z h u" */
static bool
is_small_name(const struct screening *s, const struct chain *c)
{
    for (unsigned k = 0; k < c->count; k++) {
        const char one = s->t[c->parts[k].at];

        if (!is_letter(one) || is_upper(one) != (k == 0))
            return false;
    }
    return s->t[c->parts[0].at + 1] != '.';
}

static bool
chain_counts(const struct screening *s, const struct chain *c)
{
    if (c->singles)
        return c->count >= SINGLES || (c->count == NAME_SINGLES && is_small_name(s, c));
    return c->spoken >= SPOKEN || (c->spoken > 0 && c->digits >= BRIDGED) ||
           (c->bridged && c->digits >= BRIDGED) || (c->spoken == 2 && is_month_after(s, c->end)) ||
           c->spoken == 4;
}

/* ---- the second text ------------------------------------------------------------------------- */

static void
put(struct screening *out, const char *data, size_t length)
{
    if (out->length + length < FOLD_BYTES) {
        memcpy(out->t + out->length, data, length);
        out->length += length;
    }
}

static void
put_chain(const struct screening *s, const struct chain *c, struct screening *out)
{
    for (unsigned k = 0; k < c->count; k++) {
        const struct part *const p = &c->parts[k];

        if (k > 0 && !c->tight[k])
            put(out, " ", 1);
        if (p->kind == PART_SPOKEN)
            put(out, p->said, p->digits);
        else
            put(out, s->t + p->at, p->length);
    }
}

/* A digit or what looks so on the other side of the sign or space before or after the part. */
static bool
beside_digits(const struct screening *s, const struct part *p)
{
    const size_t end = p->at + p->length;
    const bool left = p->at >= 2 && strchr(" .-/()", s->t[p->at - 1]) && is_alike(s->t[p->at - 2]);
    const bool right = s->t[end] && strchr(" .-/()", s->t[end]) && is_alike(s->t[end + 1]);

    return left || right;
}

/* O3-12 for 03-12; the digits that the letters stand for, or false. */
static bool
put_digits(const struct screening *s, const struct part *p, struct screening *out)
{
    for (size_t k = 0; k < p->length; k++)
        if (!is_alike(s->t[p->at + k]))
            return false;
    if (p->digits == 0 && (p->length > 4 || !beside_digits(s, p)))
        return false;
    for (size_t k = 0; k < p->length; k++) {
        const char c = s->t[p->at + k];

        put(out, is_digit(c) ? &c : c == 'O' || c == 'o' ? "0" : "1", 1);
    }
    return true;
}

/* "M0hammed": digits between letters of a word with a capital stand for letters. */
static bool
put_letters(const struct screening *s, const struct part *p, struct screening *out)
{
    static const char digits[] = "013457", letters[] = "oieast";
    char word[48];
    unsigned lower = 0;
    bool inside = false;

    if (p->kind != PART_MIXED || !is_upper(s->t[p->at]) || p->length >= sizeof word)
        return false;
    for (size_t k = 0; k < p->length; k++) {
        const char c = s->t[p->at + k];
        const char *const at = is_digit(c) ? strchr(digits, c) : NULL;

        if (is_digit(c) && !at)
            return false;
        lower += is_letter(c) && !is_upper(c);
        inside = inside || (is_digit(c) && is_letter(s->t[p->at + k + 1]));
        word[k] = at ? letters[at - digits] : c;
    }
    if (!(inside && lower + 1 >= LEET_LETTERS) &&
        !(p->length >= LEET_LETTERS && lower > 0 &&
          (lexicon_listed(s->lexicon, (struct span){word, p->length}) &
           (WORD_GIVEN | WORD_SURNAME))))
        return false;
    put(out, word, p->length);
    return true;
}

/* Whether there is anything to put together: a number in words, characters one by one, letters and
 * digits in one word, or so many digits that words may stand between them. */
static bool
may_change(const struct screening *s, bool spoken)
{
    unsigned singles = 0, mixed = 0, digits = 0;

    for (size_t i = 0; i < s->length;) {
        const size_t length = alnums_at(s, i);
        unsigned own = 0, alike = 0;

        for (size_t k = i; k < i + length; k++) {
            own += is_digit(s->t[k]);
            alike += is_alike(s->t[k]);
        }
        singles += length == 1;
        mixed += length > 0 && own < length && (own > 0 || alike == length);
        digits += own;
        i += length > 0 ? length : 1;
    }
    return spoken || mixed > 0 || singles >= NAME_SINGLES || digits >= BRIDGED;
}

bool
screen_rewrite(const struct screening *s, bool spoken, struct screening *out)
{
    bool changed = false;

    if (!may_change(s, spoken))
        return false;

    *out = (struct screening){.lexicon = s->lexicon, .plain = true, .rewritten = true};
    for (size_t i = 0; i < s->length;) {
        struct part p = {0};
        struct chain c;

        if (!is_alnum(before(s, i)))
            p = part_at(s, i);

        if (p.length > 0) {
            chain_read(s, i, &c);
            if (c.count > 1 && chain_counts(s, &c)) {
                if (before(s, i) == ' ' && i >= 5 && screen_word_at(s, i - 5, "plus "))
                    put(out, "+", 1);
                put_chain(s, &c, out);
                i = c.end;
                changed = true;
                continue;
            }
            if (p.kind != PART_DIGITS && p.kind != PART_SPOKEN &&
                (put_digits(s, &p, out) || put_letters(s, &p, out))) {
                i += p.length;
                changed = true;
                continue;
            }
        }
        put(out, s->t + i, 1);
        i++;
    }
    memset(out->t + out->length, 0, 8);
    out->text = (struct span){out->t, out->length};
    return changed;
}
