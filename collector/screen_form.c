/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Forms of letters and digits that identify: number plates, postcodes, document numbers, e-mail and
 * web addresses. A form that a Dutch sentence may hold by accident counts as suspected only.
 */
#include "collector/screen_internal.h"

/* Small words that stand between numbers in an ordinary sentence ("12 en 14", "2026 in"). */
static const char *const small_words[] = {
    "en",  "om",  "op",  "of",  "in",  "is",  "te",  "de",  "zo",  "ze",  "we",  "na",
    "al",  "er",  "nu",  "ik",  "je",  "me",  "uw",  "ja",  "tm",  "km",  "cm",  "mm",
    "kg",  "st",  "nr",  "bv",  "vs",  "ml",  "pk",  "kw",  "min", "uur", "sec", "jan",
    "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec", "tot",
    "lid", "sub", "man", "dan", "nog", "ook", "was", "dag", "hij", "zij", "van", "bij",
    "per", "met", "wit", "elk", "den", "het", "een", "aan", "uit", NULL};

/* ---- number plates -------------------------------------------------------------------------- */

/* Every series of the Dutch register so far (RDW sidecodes 1-14). */
static const char *const plate_shapes[] = {"LLDDDD", "DDDDLL", "DDLLDD", "LLDDLL", "LLLLDD",
                                           "DDLLLL", "DDLLLD", "DLLLDD", "LLDDDL", "LDDDLL",
                                           "LLLDDL", "LDDLLL", "DLLDDD", "DDDLLD"};
/* Where its dashes are, as lengths of the three groups. */
static const char *const plate_groups[] = {"222", "222", "222", "222", "222", "222", "231",
                                           "132", "231", "132", "321", "123", "123", "321"};

struct plate {
    char shape[7], groups[4];
    bool upper, lower;       /* all letters are */
    bool spaced, broken_off; /* a space between; not on its own */
    size_t end;
    unsigned parts;
};

static char
shape_of(char c)
{
    return is_digit(c) ? 'D' : 'L';
}

/* Reads six letters and digits in at most three groups of one kind each, or in pieces. */
static bool
plate_read(const struct screening *s, size_t i, struct plate *p)
{
    unsigned n = 0, group = 0;

    *p = (struct plate){.upper = true, .lower = true};
    while (n < 6) {
        const char c = s->t[i];

        if (is_alnum(c)) {
            p->upper = p->upper && !(is_letter(c) && !is_upper(c));
            p->lower = p->lower && !is_upper(c);
            p->shape[n++] = shape_of(c);
            group++;
            i++;
            continue;
        }
        if (group == 0 || p->parts == 2 || !c || !strchr("-. /_", c))
            return false;
        p->groups[p->parts++] = (char)('0' + group);
        group = 0;
        while (s->t[i] && strchr("-. /_", s->t[i])) {
            p->spaced = p->spaced || s->t[i] == ' ';
            i++;
        }
    }
    p->groups[p->parts++] = (char)('0' + group);
    p->end = i;
    p->broken_off = is_alnum(s->t[i]) || (s->t[i] == '-' && is_alnum(s->t[i + 1]));
    return !p->broken_off;
}

static unsigned
transitions(const char *shape)
{
    unsigned n = 0;

    for (unsigned i = 1; i < 6; i++)
        n += shape[i] != shape[i - 1];
    return n;
}

/* Small letters in one piece: more than a word with a number, or letters that only plates have. */
static bool
looks_issued(const struct screening *s, size_t i, const char *shape)
{
    for (unsigned k = 0; k < 6; k++)
        if (is_letter(s->t[i + k]) && !strchr("bdfghjklnprstvxz", s->t[i + k]))
            return transitions(shape) > 1;
    for (size_t k = i; k < i + 6; k++)
        if (is_letter(s->t[k]) && !is_letter(before(s, k)) &&
            screen_word_in(s, k, letters_at(s, k), small_words))
            return false;
    return true;
}

/* In capitals only the words that can be read: EN, OM, but BV and KM may be of a plate. */
static bool
is_small_word(const struct screening *s, size_t i, size_t letters)
{
    bool upper = true, vowel = false;

    for (size_t k = i; k < i + letters; k++) {
        upper = upper && is_upper(s->t[k]);
        vowel = vowel || strchr("aeiou", to_lower(s->t[k])) != NULL;
    }
    return letters > 1 && (!upper || vowel) && screen_word_in(s, i, letters, small_words);
}

static bool
has_vowel(const struct screening *s, size_t i, size_t letters)
{
    for (size_t k = i; k < i + letters; k++)
        if (strchr("aeiou", to_lower(s->t[k])))
            return true;
    return false;
}

/* Whether some group of letters is a small word: then numbers stand around a word. With dashes in
 * their place only one that can be read is ("12-en-14", not "45-vz-st"). */
static bool
holds_small_word(const struct screening *s, size_t i, size_t end, bool in_place)
{
    while (i < end) {
        const size_t letters = letters_at(s, i);

        if (is_small_word(s, i, letters) && (!in_place || has_vowel(s, i, letters)))
            return true;
        i += letters > 0 ? letters : 1;
    }
    return false;
}

static void
judge_plate(struct screening *s, size_t i, const struct plate *p)
{
    static const char *const words[] = {"kenteken", "nummerplaat", "plaat", NULL};
    bool known = false, in_place = false;

    for (unsigned k = 0; k < sizeof plate_shapes / sizeof *plate_shapes; k++) {
        if (strcmp(p->shape, plate_shapes[k]) != 0)
            continue;
        known = true;
        in_place = p->parts == 3 && strcmp(p->groups, plate_groups[k]) == 0;
    }
    if (!known || (p->parts > 1 && holds_small_word(s, i, p->end, in_place && !p->spaced)))
        return;
    if (in_place && (p->upper || !p->spaced))
        s->hits.certain |= SCREEN_PLATE;
    else if ((p->parts == 1 ? p->upper || (p->lower && looks_issued(s, i, p->shape))
                            : in_place || (p->upper && !p->spaced)) ||
             screen_word_before(s, i, 20, words))
        s->hits.suspected |= SCREEN_PLATE;
}

void
screen_plates(struct screening *s)
{
    for (size_t i = 0; i < s->length; i++) {
        struct plate p;

        if (!is_alnum(s->t[i]) || is_alnum(before(s, i)) || before(s, i) == '-')
            continue;
        if (plate_read(s, i, &p))
            judge_plate(s, i, &p);
    }
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* A house number after a postcode: "12", ", 12", " nr 12", " huisnummer 12 a". */
static bool
house_number_at(const struct screening *s, size_t i)
{
    static const char *const words[] = {"nr", "nummer", "huisnummer", "huisnr", "no", NULL};
    const size_t start = i;

    while (s->t[i] && strchr(" ,.-/:;", s->t[i]) && i < start + 4)
        i++;

    const size_t letters = letters_at(s, i);

    if (letters > 0) {
        if (!screen_word_in(s, i, letters, words))
            return false;
        i += letters;
        while (s->t[i] && strchr(" .:", s->t[i]))
            i++;
    }
    return i > start && digits_at(s, i) >= 1 && digits_at(s, i) <= 5;
}

static void
judge_postcode(struct screening *s, size_t i)
{
    size_t at = i + 4;
    const bool spaced = s->t[at] == ' ', signed_off = s->t[at] && strchr("-./", s->t[at]);

    if (signed_off)
        at++;
    while (!signed_off && at < i + 6 && s->t[at] == ' ')
        at++;

    const size_t letters = letters_at(s, at); /* "2512ABnr12" has more */

    if (letters != 2 && (letters < 4 || !house_number_at(s, at + 2)))
        return;

    const bool upper = is_upper(s->t[at]) && is_upper(s->t[at + 1]);
    const bool said = s->t[at + 2] && is_letter(s->t[at + 3]); /* "nr", "huisnummer" */
    const bool never = to_lower(s->t[at]) == 's' && strchr("ads", to_lower(s->t[at + 1]));

    if (never)
        return;
    if (spaced && is_small_word(s, at, 2)) { /* "2541 AL nr. 12", not "tussen 1990 EN 2000" */
        if (house_number_at(s, at + 2) && (upper ? digits_value(s, i, 4) > 2099 : said))
            s->hits.suspected |= SCREEN_ADDRESS;
        return;
    }
    if (house_number_at(s, at + 2))
        s->hits.certain |= SCREEN_ADDRESS;
    else if (is_digit(s->t[at + 2]) || signed_off) /* "2512AB12" */
        s->hits.suspected |= upper && !spaced && !signed_off && digits_at(s, at + 2) < 5
                                 ? (uint32_t)SCREEN_ADDRESS
                                 : 0u;
    else if (upper || !spaced)
        s->hits.suspected |= SCREEN_ADDRESS;
}

void
screen_addresses(struct screening *s)
{
    for (size_t i = 0; i < s->length; i++) {
        if (!is_alnum(s->t[i]) || is_alnum(before(s, i)))
            continue;
        if (digits_at(s, i) == 4 && s->t[i] != '0')
            judge_postcode(s, i);
    }
}

/* ---- document numbers ----------------------------------------------------------------------- */

enum { DOCUMENT = 9 };

struct token { /* letters and digits, in one or more pieces */
    char c[DOCUMENT + 1];
    unsigned pieces;
    size_t end;
};

/* Nine letters and digits, with at most three signs or spaces between the pieces. */
static bool
token_read(const struct screening *s, size_t i, struct token *t)
{
    unsigned n = 0;

    *t = (struct token){.pieces = 1};
    while (n < DOCUMENT) {
        unsigned gap = 0;

        while (n > 0 && gap < 3 && s->t[i] && strchr(" .-/_", s->t[i])) {
            i++;
            gap++;
        }
        t->pieces += gap > 0;
        if (!is_alnum(s->t[i]))
            return false;
        t->c[n++] = s->t[i++];
    }
    t->end = i;
    return !is_alnum(s->t[i]);
}

/* Two letters, six letters or digits, a digit; of ordinary words nothing looks so with two digits,
 * and of words and numbers beside each other nothing with three and capitals only. */
static void
judge_document(struct screening *s, const struct token *t, bool announced)
{
    unsigned digits = 0, lower = 0;

    for (unsigned i = 0; i < DOCUMENT; i++) {
        digits += is_digit(t->c[i]);
        lower += is_letter(t->c[i]) && !is_upper(t->c[i]);
    }
    if (!is_letter(t->c[0]) || !is_letter(t->c[1]) || !is_digit(t->c[8]) || digits < 2)
        return;
    if (t->pieces == 1 ? announced || lower == 0 : announced && lower == 0)
        s->hits.certain |= SCREEN_DOCUMENT;
    else if (digits > 2 && (t->pieces == 1 || lower == 0))
        s->hits.suspected |= SCREEN_DOCUMENT;
}

void
screen_documents(struct screening *s)
{
    static const char *const words[] = {"paspoort",   "rijbewijs", "id-kaart",     "idkaart",
                                        "identiteit", "document",  "docnr",        "id-bewijs",
                                        "legitim",    "pasnummer", "reisdocument", NULL};

    for (size_t i = 0; i < s->length; i++) {
        struct token t;

        if (!is_letter(s->t[i]) || is_alnum(before(s, i)))
            continue;
        if (token_read(s, i, &t))
            judge_document(s, &t, screen_word_before(s, i, 30, words));
    }
}

/* ---- e-mail and web ------------------------------------------------------------------------- */

static const char *const domains[] = {
    "nl", "com", "org",  "net",  "eu",     "be",  "info", "io",   "uk",        "pl",  "app", "tv",
    "gg", "ly",  "shop", "site", "online", "xyz", "co",   "link", "amsterdam", "frl", NULL};
/* Of an e-mail address only: in a sentence they are words. */
static const char *const mail_domains[] = {"de", "fr", "tr", "me", "ma",  "ch",  "at",  "es", "it",
                                           "pt", "ro", "bg", "us", "biz", "edu", "gov", NULL};
static const char *const dots[] = {".",        " . ",      " punt ",  " dot ",  "(dot)",
                                   "[dot]",    " (dot) ",  " [dot] ", "(punt)", "[punt]",
                                   " (punt) ", " [punt] ", " .",      NULL};

/* A host name at i with a known last part (or any of 2-24 letters when strict is false). */
static bool
host_at(const struct screening *s, size_t i, bool known_only, bool mail)
{
    while (is_alnum(s->t[i])) {
        while (is_alnum(s->t[i]) || (s->t[i] == '-' && is_alnum(s->t[i + 1])))
            i++;

        size_t dot = 0;

        for (const char *const *d = dots; *d && dot == 0; d++)
            if (screen_word_at(s, i, *d) && is_alnum(s->t[i + strlen(*d)]))
                dot = strlen(*d);
        if (dot == 0)
            return false;
        i += dot;

        const size_t letters = letters_at(s, i);

        if (letters >= 2 && letters <= 24 && !is_alnum(s->t[i + letters]) &&
            ((!known_only && dot == 1) || screen_word_in(s, i, letters, domains) ||
             (mail && (dot > 1 ? letters < 4 : screen_word_in(s, i, letters, mail_domains))) ||
             (letters < 5 && s->t[i + letters] == '/' && is_alnum(s->t[i + letters + 1]))))
            return true;
    }
    return false;
}

/* What stands for the sign; its length or 0. */
static size_t
at_sign(const struct screening *s, size_t i, bool *real)
{
    static const char *const signs[] = {
        "@",    "(at)",         "[at]",        "{at}",           "<at>",
        " at ", "apenstaartje", "apestaartje", "(apenstaartje)", NULL};

    for (const char *const *sign = signs; *sign; sign++)
        if (to_lower(s->t[i]) == **sign && screen_word_at(s, i, *sign)) {
            *real = **sign == '@';
            return strlen(*sign);
        }
    return 0;
}

void
screen_email(struct screening *s)
{
    for (size_t i = 0; i < s->length; i++) {
        bool real = false;
        const size_t sign = at_sign(s, i, &real);
        size_t left = i, right = i + sign;

        if (sign == 0)
            continue;
        while (left > 0 && left + 2 > i && s->t[left - 1] == ' ')
            left--;
        while (right < i + sign + 2 && s->t[right] == ' ')
            right++;
        if (left > 0 && (is_alnum(s->t[left - 1]) || strchr("._-+%", s->t[left - 1])) &&
            host_at(s, right, !real || right > i + sign, true))
            s->hits.certain |= SCREEN_EMAIL;
        else if (real && is_alnum(s->t[i + 1]))
            s->hits.suspected |= SCREEN_URL;
    }
}

/* A dot that is spelt out, in brackets or kept apart. */
static bool
is_dot_in_words(const struct screening *s, size_t i)
{
    for (const char *const *d = dots + 1; *d; d++)
        if (screen_word_at(s, i, *d))
            return true;
    return false;
}

void
screen_urls(struct screening *s)
{
    static const char *const starts[] = {"www.", "http:",    "https:",  "hxxp:", "hxxps:", "www(",
                                         "www[", "www punt", "www dot", "www .", NULL};

    for (size_t i = 0; i < s->length; i++) {
        if (!is_alnum(s->t[i]) || is_alnum(before(s, i)) || before(s, i) == '@')
            continue;
        for (const char *const *start = starts; *start; start++)
            if (screen_word_at(s, i, *start))
                s->hits.suspected |= SCREEN_URL;

        size_t end = i;

        while (is_alnum(s->t[end]) || s->t[end] == '-')
            end++;
        if (s->t[end] == '.' && is_alnum(s->t[end + 1])) {
            size_t last = end + 1;

            for (size_t at = end + 1; is_alnum(s->t[at]) || s->t[at] == '-' ||
                                      (s->t[at] == '.' && is_alnum(s->t[at + 1]));
                 at++)
                if (s->t[at] == '.')
                    last = at + 1;

            const size_t letters = letters_at(s, last);

            if (letters > 0 && (!is_upper(s->t[last]) || is_upper(s->t[last - 2])) &&
                !is_digit(s->t[last + letters]) &&
                (screen_word_in(s, last, letters, domains) ||
                 (letters > 1 && letters < 13 && is_letter(s->t[i]) &&
                  s->t[last + letters] == '/' && is_alnum(s->t[last + letters + 1]))))
                s->hits.suspected |= SCREEN_URL;
        } else if (end > i && is_dot_in_words(s, end) && host_at(s, i, true, false)) {
            s->hits.suspected |= SCREEN_URL;
        }
        i = end > i ? end - 1 : i;
    }
}
