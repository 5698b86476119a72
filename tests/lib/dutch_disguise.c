/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How an identifier is written so that a simple search does not see it. A disguise keeps what a
 * reader needs: whoever reads the text can still tell the number or the name.
 */
#include "tests/lib/dutch_text_internal.h"

#include <string.h>

#define BIT(x) (1u << (x))

enum {
    NUMBERS = BIT(DUTCH_BSN) | BIT(DUTCH_IBAN) | BIT(DUTCH_PHONE) | BIT(DUTCH_PLATE) |
              BIT(DUTCH_ADDRESS) | BIT(DUTCH_DOCUMENT),
    NAMES = BIT(DUTCH_TITLED) | BIT(DUTCH_NAME) | BIT(DUTCH_INITIALS),
    ADDRESSES = BIT(DUTCH_EMAIL) | BIT(DUTCH_URL),
    ALL = BIT(DUTCH_CLEAN) - 1,
};

static const struct {
    const char *name;
    unsigned kinds;
} disguises[DUTCH_DISGUISES] = {
    [DUTCH_PLAIN] = {"plain", ALL | BIT(DUTCH_CLEAN)},
    [DUTCH_SPACES] = {"spaces", NUMBERS | BIT(DUTCH_NAME) | BIT(DUTCH_TITLED) | ADDRESSES},
    [DUTCH_DOTS] = {"dots", NUMBERS},
    [DUTCH_DASHES] = {"dashes", NUMBERS | BIT(DUTCH_NAME)},
    [DUTCH_GROUPS] = {"pieces", NUMBERS & ~BIT(DUTCH_PLATE) & ~BIT(DUTCH_ADDRESS)},
    [DUTCH_WIDE] = {"full width", ALL},
    [DUTCH_OTHER_ZERO] = {"other digits", NUMBERS | BIT(DUTCH_BIRTH) | BIT(DUTCH_STREET)},
    [DUTCH_INVISIBLE] = {"zero width", ALL},
    [DUTCH_LOOKALIKE] = {"look-alikes",
                         ALL & ~BIT(DUTCH_BSN) & ~BIT(DUTCH_PHONE) & ~BIT(DUTCH_INITIALS)},
    [DUTCH_ALIKE] = {"O for 0", BIT(DUTCH_BSN) | BIT(DUTCH_IBAN) | BIT(DUTCH_PHONE) |
                                    BIT(DUTCH_BIRTH) | BIT(DUTCH_TITLED) | BIT(DUTCH_NAME)},
    [DUTCH_WORDS] = {"words", BIT(DUTCH_BSN) | BIT(DUTCH_IBAN) | BIT(DUTCH_PHONE) | ADDRESSES},
    [DUTCH_SPLIT] = {"split", BIT(DUTCH_BSN) | BIT(DUTCH_PHONE) | BIT(DUTCH_IBAN)},
    [DUTCH_LOWER] = {"small letters", BIT(DUTCH_IBAN) | BIT(DUTCH_PLATE) | BIT(DUTCH_ADDRESS) |
                                          BIT(DUTCH_STREET) | BIT(DUTCH_DOCUMENT) |
                                          BIT(DUTCH_TITLED) | BIT(DUTCH_NAME)},
    [DUTCH_UPPER] = {"capitals", ADDRESSES | BIT(DUTCH_STREET) | NAMES},
};

bool
dutch_can(enum dutch_kind kind, enum dutch_disguise how)
{
    return (disguises[how].kinds & BIT(kind)) != 0;
}

const char *
dutch_disguise_name(enum dutch_disguise how)
{
    return disguises[how].name;
}

/* ---- characters ------------------------------------------------------------------------------ */

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Bytes of the UTF-8 character at s. */
static size_t
character(const char *s)
{
    size_t n = 1;

    while (((unsigned char)s[n] & 0xC0) == 0x80)
        n++;
    return n;
}

static void
add_code_point(struct strbuf *out, unsigned c)
{
    if (c < 0x80) {
        strbuf_add_char(out, (char)c);
        return;
    }
    if (c >= 0x800)
        strbuf_add_char(out, (char)(0xE0 | c >> 12));
    else
        strbuf_add_char(out, (char)(0xC0 | c >> 6));
    if (c >= 0x800)
        strbuf_add_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
    strbuf_add_char(out, (char)(0x80 | (c & 0x3F)));
}

/* A separator between all characters, those of the form left out; two between words of a name. */
static void
add_apart(const char *form, const char *between, const char *dropped, struct strbuf *out)
{
    bool first = true;

    for (size_t n = 0; *form; form += n) {
        n = character(form);
        if (n == 1 && strchr(dropped, *form)) {
            if (*form == ' ' && *between == ' ')
                strbuf_add_text(out, between);
            continue;
        }
        if (!first)
            strbuf_add_text(out, between);
        strbuf_add(out, form, n);
        first = false;
    }
}

/* Pieces of two to four characters with other separators than usual. */
static void
add_pieces(struct rng *r, const char *form, struct strbuf *out)
{
    static const char *const marks[] = {" ", "-", ".", "/", " - ", "_"};
    const char *const mark = marks[dutch_below(r, 6)];
    unsigned left = 2 + dutch_below(r, 3);

    for (; *form; form++) {
        if (strchr(" .-()", *form))
            continue;
        if (left == 0) {
            strbuf_add_text(out, mark);
            left = 2 + dutch_below(r, 3);
        }
        strbuf_add_char(out, *form);
        left--;
    }
}

static void
add_wide(const char *form, struct strbuf *out)
{
    for (; *form; form++)
        if (*form > ' ' && *form < 0x7F)
            add_code_point(out, 0xFEE0u + (unsigned char)*form);
        else
            strbuf_add_char(out, *form);
}

static void
add_other_digits(struct rng *r, const char *form, struct strbuf *out)
{
    static const unsigned zeros[] = {0x660, 0x6F0, 0x966, 0x9E6, 0x2080};
    const unsigned zero = zeros[dutch_below(r, 5)];

    for (; *form; form++)
        if (is_digit(*form))
            add_code_point(out, zero + (unsigned)(*form - '0'));
        else
            strbuf_add_char(out, *form);
}

static void
add_invisible(struct rng *r, const char *form, struct strbuf *out)
{
    static const unsigned marks[] = {0x200B, 0x200C, 0x200D, 0x2060, 0xAD, 0xFEFF};
    const unsigned mark = marks[dutch_below(r, 6)];

    for (size_t n = 0; *form; form += n) {
        n = character(form);
        strbuf_add(out, form, n);
        if (form[n])
            add_code_point(out, mark);
    }
}

static void
add_look_alikes(const char *form, struct strbuf *out)
{
    static const char latin[] = "ABCEHIJKMOPSTXYaceijopsxy";
    static const unsigned alike[] = {0x410, 0x412, 0x421, 0x415, 0x41D, 0x406, 0x408, 0x41A, 0x41C,
                                     0x39F, 0x420, 0x405, 0x422, 0x425, 0x3A5, 0x430, 0x441, 0x435,
                                     0x456, 0x458, 0x3BF, 0x440, 0x455, 0x445, 0x443};

    for (; *form; form++) {
        const char *const at = strchr(latin, *form);

        if (at)
            add_code_point(out, alike[at - latin]);
        else
            strbuf_add_char(out, *form);
    }
}

/* Letters for digits, or in a name digits for every second letter that has one. */
static void
add_alike(struct rng *r, enum dutch_kind kind, const char *form, struct strbuf *out)
{
    static const char letters[] = "oieas", digits[] = "01345";
    unsigned seen = 0;

    for (const char *c = form; *c; c++) {
        const char *const at = c > form ? strchr(letters, *c) : NULL;

        if (BIT(kind) & NAMES)
            strbuf_add_char(out, at && seen++ % 2 == 0 ? digits[at - letters] : *c);
        else if (*c == '0')
            strbuf_add_char(out, 'O');
        else
            strbuf_add_char(out, (char)(*c != '1' ? *c : dutch_below(r, 2) ? 'l' : 'I'));
    }
}

/* ---- words ----------------------------------------------------------------------------------- */

static const char *const units[] = {"nul",  "een", "twee",  "drie", "vier",
                                    "vijf", "zes", "zeven", "acht", "negen"};
static const char *const teens[] = {"tien",     "elf",     "twaalf",    "dertien",  "veertien",
                                    "vijftien", "zestien", "zeventien", "achttien", "negentien"};
static const char *const tens[] = {"",        "",       "twintig",  "dertig",  "veertig",
                                   "vijftig", "zestig", "zeventig", "tachtig", "negentig"};

static void
add_pair(unsigned pair, struct strbuf *out)
{
    const unsigned ten = pair / 10, unit = pair % 10;

    if (ten == 0)
        strbuf_printf(out, "nul %s", units[unit]);
    else if (ten == 1)
        strbuf_add_text(out, teens[unit]);
    else if (unit == 0)
        strbuf_add_text(out, tens[ten]);
    else
        strbuf_printf(out, "%s%s%s", units[unit],
                      unit == 2 || unit == 3 ? "\xc3\xab"
                                               "n"
                                             : "en",
                      tens[ten]);
}

/* "nul zes twaalf", digit by digit or in pairs. */
static void
add_spoken(const char *form, bool pairs, struct strbuf *out)
{
    bool first = true;

    for (; *form; form++) {
        if (strchr(" .-()", *form))
            continue;
        if (!first)
            strbuf_add_char(out, ' ');
        first = false;
        if (pairs && is_digit(form[0]) && is_digit(form[1])) {
            add_pair((unsigned)(form[0] - '0') * 10 + (unsigned)(form[1] - '0'), out);
            form++;
        } else if (is_digit(*form)) {
            strbuf_add_text(out, units[*form - '0']);
        } else {
            strbuf_add_text(out, *form == '+' ? "plus" : (char[]){*form, '\0'});
        }
    }
}

static void
add_signs(struct rng *r, const char *form, struct strbuf *out)
{
    static const char *const ats[] = {"(at)", "[at]", " apenstaartje ", " at "};
    static const char *const dots[] = {"(dot)", "[dot]", " punt ", " dot "};
    const unsigned k = dutch_below(r, 4);

    for (; *form; form++) {
        if (*form == '@')
            strbuf_add_text(out, ats[k]);
        else if (*form == '.')
            strbuf_add_text(out, dots[k]);
        else
            strbuf_add_char(out, *form);
    }
}

/* "1234 en dan 56782" */
static void
add_split(struct rng *r, const char *form, struct strbuf *out)
{
    static const char *const words[] = {" en dan ",       " streepje ", " daarna ",
                                        " gevolgd door ", " spatie ",   " dan "};
    unsigned count = 0, seen = 0;

    for (const char *c = form; *c; c++)
        count += is_digit(*c) || is_letter(*c) ? 1 : 0;

    const unsigned cut = 3 + dutch_below(r, count - 5);

    for (; *form; form++) {
        if (strchr(" .-()", *form))
            continue;
        strbuf_add_char(out, *form);
        if (is_digit(*form) || is_letter(*form))
            seen++;
        if (seen == cut && (is_digit(*form) || is_letter(*form)))
            strbuf_add_text(out, words[dutch_below(r, 6)]);
    }
}

static void
add_case(const char *form, bool upper, struct strbuf *out)
{
    for (; *form; form++) {
        const bool lower_one = *form >= 'a' && *form <= 'z',
                   upper_one = is_letter(*form) && !lower_one;

        strbuf_add_char(out, (char)(upper && lower_one    ? *form - 32
                                    : !upper && upper_one ? *form + 32
                                                          : *form));
    }
}

void
dutch_disguise(struct rng *r, enum dutch_kind kind, enum dutch_disguise how, const char *form,
               struct strbuf *out)
{
    switch (how) {
    case DUTCH_SPACES:
        add_apart(form, " ", BIT(kind) & ADDRESSES ? " " : " .-", out);
        break;
    case DUTCH_DOTS:
        add_apart(form, ".", " .-", out);
        break;
    case DUTCH_DASHES:
        add_apart(form, "-", " .-", out);
        break;
    case DUTCH_GROUPS:
        add_pieces(r, form, out);
        break;
    case DUTCH_WIDE:
        add_wide(form, out);
        break;
    case DUTCH_OTHER_ZERO:
        add_other_digits(r, form, out);
        break;
    case DUTCH_INVISIBLE:
        add_invisible(r, form, out);
        break;
    case DUTCH_LOOKALIKE:
        add_look_alikes(form, out);
        break;
    case DUTCH_ALIKE:
        add_alike(r, kind, form, out);
        break;
    case DUTCH_WORDS:
        if (BIT(kind) & ADDRESSES)
            add_signs(r, form, out);
        else
            add_spoken(form, kind == DUTCH_PHONE && dutch_below(r, 2), out);
        break;
    case DUTCH_SPLIT:
        add_split(r, form, out);
        break;
    case DUTCH_LOWER:
    case DUTCH_UPPER:
        add_case(form, how == DUTCH_UPPER, out);
        break;
    default:
        strbuf_add_text(out, form);
    }
}
