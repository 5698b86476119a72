/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The identifiers themselves, in the spellings that are in use. Check digits are worked out here,
 * by code that shares nothing with the screen's.
 */
#include "tests/lib/dutch_text_internal.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static void
digits(struct rng *r, unsigned n, char *out)
{
    for (unsigned i = 0; i < n; i++)
        out[i] = (char)('0' + dutch_below(r, 10));
    out[n] = '\0';
}

static char
letter_of(struct rng *r, const char *letters)
{
    return letters[dutch_below(r, (unsigned)strlen(letters))];
}

/* The shape with each * replaced by the next of chars, and + by all that are left. */
static void
pour(const char *shape, const char *chars, char *out)
{
    size_t n = 0;

    for (; *shape; shape++) {
        if (*shape == '*')
            out[n++] = *chars++;
        else if (*shape != '+')
            out[n++] = *shape;
        while (*shape == '+' && *chars)
            out[n++] = *chars++;
    }
    out[n] = '\0';
}

/* ---- BSN and IBAN --------------------------------------------------------------------------- */

static void
bsn(struct rng *r, char *out)
{
    static const char *const shapes[] = {"+",           "+",           "+",          "***.***.***",
                                         "****.**.***", "*** *** ***", "**** ** ***"};
    char d[16];
    unsigned sum;

    do {
        digits(r, 8, d);
        d[0] = (char)('1' + dutch_below(r, 9));
        sum = 0;
        for (unsigned i = 0; i < 8; i++)
            sum += (9 - i) * (unsigned)(d[i] - '0');
    } while (sum % 11 == 10);
    d[8] = (char)('0' + sum % 11);
    d[9] = '\0';
    pour(shapes[dutch_below(r, 7)], d, out);
}

/* Remainder of the number that a text of digits and letters stands for (A is 10). */
static unsigned
mod97(const char *text)
{
    unsigned m = 0;

    for (; *text; text++)
        m = *text >= '0' && *text <= '9' ? (m * 10 + (unsigned)(*text - '0')) % 97
                                         : (m * 100 + (unsigned)(*text - 'A') + 10) % 97;
    return m;
}

static void
iban(struct rng *r, char *out)
{
    static const struct {
        const char *country, *shape; /* n: digit, a: letter, x: bank of the list */
    } shapes[] = {{"NL", "xnnnnnnnnnn"},
                  {"NL", "xnnnnnnnnnn"},
                  {"NL", "xnnnnnnnnnn"},
                  {"NL", "xnnnnnnnnnn"},
                  {"DE", "nnnnnnnnnnnnnnnnnn"},
                  {"BE", "nnnnnnnnnnnn"},
                  {"FR", "nnnnnnnnnnannnnnnnnnnnn"},
                  {"GB", "aaaannnnnnnnnnnnnn"},
                  {"PL", "nnnnnnnnnnnnnnnnnnnnnnnn"},
                  {"TR", "nnnnnnnnnnnnnnnnnnnnnn"},
                  {"RO", "aaaannnnnnnnnnnnnnnn"},
                  {"ES", "nnnnnnnnnnnnnnnnnnnn"},
                  {"BG", "aaaannnnnnnnnnnnnn"},
                  {"LT", "nnnnnnnnnnnnnnnn"}};
    static const char *const banks[] = {"ABNA", "INGB", "RABO", "SNSB", "BUNQ", "ASNB", "TRIO"};
    const unsigned k = dutch_below(r, sizeof shapes / sizeof *shapes);
    char body[40] = "", turned[48], whole[48];
    size_t n = 0;

    for (const char *s = shapes[k].shape; *s; s++) {
        if (*s == 'x') {
            memcpy(body, banks[dutch_below(r, 7)], 4);
            n = 4;
        } else if (*s == 'a') {
            body[n++] = (char)('A' + dutch_below(r, 26));
        } else {
            body[n++] = (char)('0' + dutch_below(r, 10));
        }
    }
    body[n] = '\0';
    snprintf(turned, sizeof turned, "%s%s00", body, shapes[k].country);
    snprintf(whole, sizeof whole, "%s%02u%s", shapes[k].country, 98 - mod97(turned), body);
    pour(dutch_below(r, 2) ? "+" : "**** **** **** **** +", whole, out);
}

/* ---- addresses of machines and people -------------------------------------------------------- */

/* Lower-case letters only, of a drawn name. */
static void
slug(const struct dutch *d, struct rng *r, const char *list, char out[32])
{
    const char *const word = dutch_word(d, r, list);
    size_t n = 0;

    for (unsigned i = 0; word[i] && n < 31; i++) {
        const char c = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] + 32) : word[i];

        if (c >= 'a' && c <= 'z')
            out[n++] = c;
    }
    out[n] = '\0';
}

static void
email(const struct dutch *d, struct rng *r, char *out)
{
    char first[32], last[32];

    slug(d, r, "first.dutch", first);
    slug(d, r, "last.dutch", last);
    switch (dutch_below(r, 4)) {
    case 0:
        snprintf(out, DUTCH_FORM_BYTES, "%s.%s@%s", first, last, dutch_word(d, r, "mailhost"));
        break;
    case 1:
        snprintf(out, DUTCH_FORM_BYTES, "%s%02u@%s", first, dutch_below(r, 100),
                 dutch_word(d, r, "mailhost"));
        break;
    case 2:
        snprintf(out, DUTCH_FORM_BYTES, "%c.%s@%s", first[0], last, dutch_word(d, r, "mailhost"));
        break;
    default:
        snprintf(out, DUTCH_FORM_BYTES, "info@%s%s.nl", first, last);
    }
}

static void
url(const struct dutch *d, struct rng *r, char *out)
{
    char last[32];

    slug(d, r, "last.dutch", last);
    switch (dutch_below(r, 4)) {
    case 0:
        snprintf(out, DUTCH_FORM_BYTES, "www.%s.nl", last);
        break;
    case 1:
        snprintf(out, DUTCH_FORM_BYTES, "https://%s/%s%u", dutch_word(d, r, "webhost"), last,
                 dutch_below(r, 1000));
        break;
    case 2:
        snprintf(out, DUTCH_FORM_BYTES, "%s-shop.%s", last, dutch_below(r, 2) ? "com" : "nl");
        break;
    default:
        snprintf(out, DUTCH_FORM_BYTES, "%s/%s", dutch_word(d, r, "webhost"), last);
    }
}

static void
phone(struct rng *r, char *out)
{
    static const char *const shapes[] = {
        "06########",         "06-########",       "06 ########",         "06 ## ## ## ##",
        "06-## ## ## ##",     "06 #### ####",      "070-#######",         "070 ### ## ##",
        "(070) #######",      "010 - ### ## ##",   "0174-######",         "+316########",
        "+31 6 ########",     "+31 (0)6 ########", "+31 6 #### ####",     "00316########",
        "0031 6 ## ## ## ##", "+3170#######",      "+31 (0)70-### ## ##", "+32 4## ## ## ##",
        "+49 15# ########",   "+212 6########",    "+48 ### ### ###",     "+90 53# ### ## ##"};
    const char *const shape = shapes[dutch_below(r, sizeof shapes / sizeof *shapes)];
    unsigned i = 0;

    for (; shape[i]; i++)
        out[i] = shape[i] == '#' ? (char)('1' + dutch_below(r, 9)) : shape[i];
    out[i] = '\0';
}

/* ---- plates, documents ----------------------------------------------------------------------- */

static void
plate(struct rng *r, char *out)
{
    static const char *const sidecodes[] = {
        "LL-DD-DD", "DD-DD-LL", "DD-LL-DD", "LL-DD-LL", "LL-LL-DD", "DD-LL-LL", "DD-LLL-D",
        "D-LLL-DD", "LL-DDD-L", "L-DDD-LL", "LLL-DD-L", "L-DD-LLL", "D-LL-DDD", "DDD-LL-D",
        "DD-LLL-D", "D-LLL-DD", "LL-DDD-L", "L-DDD-LL", "LLL-DD-L"};
    const char *const shape = sidecodes[dutch_below(r, sizeof sidecodes / sizeof *sidecodes)];
    const unsigned how = dutch_below(r, 5);
    size_t n = 0;

    for (unsigned i = 0; shape[i]; i++) {
        if (shape[i] == '-') {
            if (how != 3)
                out[n++] = how == 4 ? ' ' : '-';
        } else {
            out[n++] = shape[i] == 'D' ? (char)('0' + dutch_below(r, 10))
                                       : letter_of(r, "BDFGHJKLNPRSTVXZ");
        }
    }
    out[n] = '\0';
}

static void
document(struct rng *r, char *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNPQRSTUVWXYZ", mixed[] = "0123456789BCDFGHJKLNPRS";

    if (dutch_below(r, 3) == 0) { /* driving licence */
        char d[16];

        digits(r, 9, d);
        snprintf(out, DUTCH_FORM_BYTES, "%c%s", (char)('3' + dutch_below(r, 4)), d);
        return;
    }
    do {
        out[0] = dutch_below(r, 2) ? letter_of(r, "INS") : letter_of(r, letters);
        out[1] = letter_of(r, letters);
        for (unsigned i = 2; i < 8; i++)
            out[i] = letter_of(r, mixed);
        out[8] = (char)('0' + dutch_below(r, 10));
        out[9] = '\0';
    } while (strpbrk(out + 2, "0123456789") == out + 8); /* one digit is nothing that is issued */
}

/* ---- places and days --------------------------------------------------------------------------
 */

static unsigned
house_number(struct rng *r)
{
    return 1 + dutch_below(r, dutch_below(r, 3) ? 150 : 900);
}

static void
address(struct rng *r, char *out)
{
    static const char *const shapes[] = {
        "**** ** +",     "****** +",  "**** **, +",   "******-+",
        "**** ** nr. +", "******, +", "**** ** nr +", "**** ** huisnummer +"};
    static const char *const more[] = {"", "", "", "", "a", "b", "-2", " hs"};
    static const char letters[] = "ABCDEGHJKLMNPRTVWXZ";
    char chars[32];
    const char first = letter_of(r, letters), second = letter_of(r, letters);

    snprintf(chars, sizeof chars, "%u%c%c%u%s", 2491 + dutch_below(r, 107), first, second,
             house_number(r), more[dutch_below(r, 8)]);
    pour(shapes[dutch_below(r, 8)], chars, out);
}

static void
street(const struct dutch *d, struct rng *r, char *out)
{
    static const char *const more[] = {"", "", "", "", "a", "B", "-2", " hs", " II", "-A", " bis"};
    static const char *const between[] = {" ", " ", " ", " ", " nr. ", " nummer ", ", nr "};

    snprintf(out, DUTCH_FORM_BYTES, "%s%s%u%s", dutch_word(d, r, "address"),
             between[dutch_below(r, 7)], house_number(r), more[dutch_below(r, 11)]);
}

static void
birth(struct rng *r, char *out)
{
    static const char *const names[] = {"januari",   "februari", "maart",    "april",
                                        "mei",       "juni",     "juli",     "augustus",
                                        "september", "oktober",  "november", "december"};
    static const char *const shorts[] = {"jan", "feb", "mrt", "apr", "mei", "jun",
                                         "jul", "aug", "sep", "okt", "nov", "dec"};
    const unsigned day = 1 + dutch_below(r, 28), month = 1 + dutch_below(r, 12);
    const unsigned year = 1950 + dutch_below(r, 62);

    switch (dutch_below(r, 10)) {
    case 0:
        snprintf(out, DUTCH_FORM_BYTES, "%02u-%02u-%u", day, month, year);
        break;
    case 1:
        snprintf(out, DUTCH_FORM_BYTES, "%u-%u-%u", day, month, year);
        break;
    case 2:
        snprintf(out, DUTCH_FORM_BYTES, "%02u/%02u/%02u", day, month, year % 100);
        break;
    case 3:
        snprintf(out, DUTCH_FORM_BYTES, "%u.%u.%u", day, month, year);
        break;
    case 4:
        snprintf(out, DUTCH_FORM_BYTES, "%u %s %u", day, names[month - 1], year);
        break;
    case 5:
        snprintf(out, DUTCH_FORM_BYTES, "%u %s '%02u", day, shorts[month - 1], year % 100);
        break;
    case 6:
        snprintf(out, DUTCH_FORM_BYTES, "%u-%02u-%02u", year, month, day);
        break;
    case 7:
        snprintf(out, DUTCH_FORM_BYTES, "%02u %02u %u", day, month, year);
        break;
    case 8:
        snprintf(out, DUTCH_FORM_BYTES, "%u-%s-%u", day, shorts[month - 1], year);
        break;
    default:
        snprintf(out, DUTCH_FORM_BYTES, "%ue %s %u", day, names[month - 1], year);
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

static const char *const origins[] = {"dutch",      "dutch",  "turkish", "moroccan",
                                      "surinamese", "polish", "chinese"};

static const char *
name_part(const struct dutch *d, struct rng *r, const char *part, const char *origin)
{
    char list[32];

    snprintf(list, sizeof list, "%s.%s", part, origin);
    return dutch_word(d, r, list);
}

/* First and last mostly of one list, sometimes of two. */
static void
name(const struct dutch *d, struct rng *r, enum dutch_kind kind, char *out)
{
    const char *const one = origins[dutch_below(r, 7)];
    const char *const other = dutch_below(r, 8) ? one : origins[dutch_below(r, 7)];
    const char *const first = name_part(d, r, "first", one);
    const char *const last = name_part(d, r, "last", other);
    const unsigned how = dutch_below(r, 10);

    if (kind == DUTCH_INITIALS) {
        static const char letters[] = "ABCDEFGHIJKLMNOPRSTVWYZ";
        static const char *const shapes[] = {"*. +", "*. +", "*.*. +", "*.*.+", "*.*.*. +"};
        const unsigned k = dutch_below(r, 5);
        char chars[64];
        size_t n = 0;

        for (const char *c = shapes[k]; *c; c++)
            if (*c == '*')
                chars[n++] = letter_of(r, letters);
        snprintf(chars + n, sizeof chars - n, "%s", last);
        pour(shapes[k], chars, out);
        return;
    }
    if (how < 5)
        snprintf(out, DUTCH_FORM_BYTES, "%s %s", first, last);
    else if (how < 8)
        snprintf(out, DUTCH_FORM_BYTES, "%s", kind == DUTCH_TITLED ? last : first);
    else
        snprintf(out, DUTCH_FORM_BYTES, "%s", kind == DUTCH_TITLED ? first : last);
}

void
dutch_form(const struct dutch *d, struct rng *r, enum dutch_kind kind, char out[DUTCH_FORM_BYTES])
{
    switch (kind) {
    case DUTCH_BSN:
        bsn(r, out);
        break;
    case DUTCH_IBAN:
        iban(r, out);
        break;
    case DUTCH_EMAIL:
        email(d, r, out);
        break;
    case DUTCH_URL:
        url(d, r, out);
        break;
    case DUTCH_PHONE:
        phone(r, out);
        break;
    case DUTCH_PLATE:
        plate(r, out);
        break;
    case DUTCH_ADDRESS:
        address(r, out);
        break;
    case DUTCH_STREET:
        street(d, r, out);
        break;
    case DUTCH_BIRTH:
        birth(r, out);
        break;
    case DUTCH_DOCUMENT:
        document(r, out);
        break;
    case DUTCH_TITLED:
    case DUTCH_NAME:
    case DUTCH_INITIALS:
        name(d, r, kind, out);
        break;
    default:
        ck_abort_msg("no form of kind %d", (int)kind);
    }
}
