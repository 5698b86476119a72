/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Numbers that identify: BSN, phone, birth date, exact place. Digits may be kept apart by one
 * of the usual separators, and O, l, I between digits are read as digits.
 */
#include "collector/screen_internal.h"

/* ---- coordinates ---------------------------------------------------------------------------- */

/* A number with four decimals or more that may be a latitude or longitude; its length or 0. */
static size_t
decimal_at(const struct screening *s, size_t i)
{
    const size_t whole = digits_at(s, i);

    if (whole < 1 || whole > 3 || (s->t[i + whole] != '.' && s->t[i + whole] != ',') ||
        digits_value(s, i, whole) > 180)
        return 0;
    if (i >= 2 && s->t[i - 1] == '.' && is_digit(s->t[i - 2]))
        return 0; /* the rest of a date */

    const size_t part = digits_at(s, i + whole + 1);

    /* "74.9548.149" is a number in pieces */
    if (s->t[i + whole + 1 + part] == '.' && is_digit(s->t[i + whole + 2 + part]))
        return 0;
    return part >= 4 && part <= 15 ? whole + 1 + part : 0;
}

/* 52°04'12": degrees and minutes (fold has made ~ of the sign). */
static size_t
degrees_at(const struct screening *s, size_t i)
{
    size_t at = i + digits_at(s, i);

    if (at == i || at - i > 3)
        return 0;
    while (s->t[at] == ' ')
        at++;
    if (s->t[at] != '~')
        return 0;
    at++;
    while (s->t[at] == ' ')
        at++;

    const size_t minutes = digits_at(s, at);

    return minutes == 1 || minutes == 2 ? at + minutes - i : 0;
}

void
screen_coordinates(struct screening *s)
{
    size_t last_end = 0;
    bool one_before = false;

    for (size_t i = 0; i < s->length; i++) {
        if (!is_digit(s->t[i]) || is_digit(before(s, i)))
            continue;
        if (degrees_at(s, i) > 0) {
            s->hits.certain |= SCREEN_COORDINATE;
            blank(s, i, i + degrees_at(s, i));
            continue;
        }

        const size_t length = decimal_at(s, i);

        if (length == 0)
            continue;
        if (one_before && i - last_end <= 12)
            s->hits.certain |= SCREEN_COORDINATE;
        else
            s->hits.suspected |= SCREEN_COORDINATE;
        one_before = true;
        last_end = i + length;
        blank(s, i, i + length);
    }
}

/* ---- dates ---------------------------------------------------------------------------------- */

static const char *const months[] = {
    "jan", "januari", "feb", "februari", "mrt", "maart",    "apr", "april", "mei",
    "jun", "juni",    "jul", "juli",     "aug", "augustus", "sep", "sept",  "september",
    "okt", "oktober", "nov", "november", "dec", "december", NULL};
static const char *const birth_words[] = {"geboren", "geboorte", "geb$",       "gebdat",
                                          "gbd$",    "g.d",      "gd$",        "dob$",
                                          "jarig",   "born$",    "verjaardag", NULL};

/* How a date continues after its first group: the separator (spaces allowed around it); 0 when
 * none. */
static size_t
date_separator(const struct screening *s, size_t i, char *kind)
{
    size_t at = i;

    while (at < i + 2 && s->t[at] == ' ')
        at++;
    *kind = ' ';
    if (s->t[at] && strchr("-/._", s->t[at])) {
        *kind = s->t[at++];
        while (at < i + 4 && s->t[at] == ' ')
            at++;
    }
    return at - i;
}

static bool
is_day(unsigned v, size_t digits)
{
    return digits <= 2 && v >= 1 && v <= 31;
}

static bool
is_month(unsigned v, size_t digits)
{
    return digits <= 2 && v >= 1 && v <= 12;
}

/* yy only with a sign between: "12 3 90" is no date. */
static bool
is_year(unsigned v, size_t digits, char kind)
{
    return digits == 4 ? v >= 1900 && v <= 2099 : digits == 2 && kind != ' ';
}

/* "3 mei 1990" from its day on; the length or 0. */
static size_t
named_date_at(const struct screening *s, size_t i, size_t day_digits)
{
    char kind;
    size_t at = i + day_digits;
    const size_t ordinal = letters_at(s, at); /* "3e mei", "1ste mei" */

    if ((ordinal == 1 && screen_word_at(s, at, "e")) ||
        (ordinal == 2 && screen_word_at(s, at, "de")) ||
        (ordinal == 3 && screen_word_at(s, at, "ste")))
        at += ordinal;
    at += date_separator(s, at, &kind);

    const size_t letters = letters_at(s, at);

    if (letters < 3 || !screen_word_in(s, at, letters, months))
        return 0;
    at += letters;
    at += date_separator(s, at, &kind);
    if (s->t[at] == '\'')
        at++;

    const size_t year = digits_at(s, at);

    if (year != 4 && (year != 2 || (kind == ' ' && s->t[at - 1] != '\'')))
        return 0;
    return is_year(digits_value(s, at, year), year, '-') ? at + year - i : 0;
}

static size_t
date_at(const struct screening *s, size_t i)
{
    char first_kind, second_kind;
    const size_t a = digits_at(s, i);

    if (a == 0 || a > 4)
        return 0;

    const unsigned va = digits_value(s, i, a);

    if (is_day(va, a) && named_date_at(s, i, a) > 0)
        return named_date_at(s, i, a);

    const size_t j = i + a + date_separator(s, i + a, &first_kind), b = digits_at(s, j);

    if (j == i + a || b == 0 || b > 2)
        return 0;

    const size_t k = j + b + date_separator(s, j + b, &second_kind), c = digits_at(s, k);

    if (k == j + b || c == 0 || c > 4 || first_kind != second_kind)
        return 0;

    const unsigned vb = digits_value(s, j, b), vc = digits_value(s, k, c);
    const bool forward = is_day(va, a) && is_month(vb, b) && is_year(vc, c, first_kind);
    const bool backward = a == 4 && is_year(va, a, '-') && is_month(vb, b) && is_day(vc, c);

    /* A chain that goes on is a number in pieces, not a date. */
    if ((!forward && !backward) ||
        (s->t[k + c] && strchr("-/._", s->t[k + c]) && is_digit(s->t[k + c + 1])))
        return 0;
    return k + c - i;
}

/* ddmmyyyy or yyyymmdd in one piece counts only after a word of birth. */
static size_t
packed_date_at(const struct screening *s, size_t i)
{
    if (digits_at(s, i) != 8)
        return 0;
    return (is_day(digits_value(s, i, 2), 2) && is_month(digits_value(s, i + 2, 2), 2) &&
            is_year(digits_value(s, i + 4, 4), 4, ' ')) ||
                   (is_year(digits_value(s, i, 4), 4, ' ') &&
                    is_month(digits_value(s, i + 4, 2), 2) && is_day(digits_value(s, i + 6, 2), 2))
               ? 8
               : 0;
}

static bool
birth_after(const struct screening *s, size_t i)
{
    const size_t end = i + 14 < s->length ? i + 14 : s->length;

    for (size_t at = i; at < end; at++)
        if (screen_word_at(s, at, "geboren") || screen_word_at(s, at, "geboorte"))
            return true;
    return false;
}

void
screen_dates(struct screening *s)
{
    for (size_t i = 0; i < s->length; i++) {
        if (!is_digit(s->t[i]) || is_digit(before(s, i)))
            continue;
        if (i >= 2 && strchr("-/._", s->t[i - 1]) && is_digit(s->t[i - 2]))
            continue; /* inside a chain */

        const bool birth = screen_word_before(s, i, 24, birth_words);
        size_t length = date_at(s, i);

        if (length == 0 && birth)
            length = packed_date_at(s, i);
        if (length == 0)
            continue;
        if (birth || birth_after(s, i + length))
            s->hits.certain |= SCREEN_BIRTH;
        else
            s->hits.suspected |= SCREEN_DATE;
        blank(s, i, i + length);
    }
}

/* ---- digits --------------------------------------------------------------------------------- */

enum { RUN_DIGITS = 48, RUN_GROUPS = 24 };

struct run { /* digits that belong together, in groups kept apart by separators */
    size_t start, end;
    unsigned digits, groups;
    char d[RUN_DIGITS];
    unsigned first[RUN_GROUPS + 1]; /* where each group starts in d; the last is digits */
};

/* Whether the letters and digits around i are digits and letters that look so, mostly digits. */
static bool
in_number(const struct screening *s, size_t i)
{
    static const char alike[] = "0123456789OolI";
    size_t start = i, end = i;
    unsigned digits = 0;

    while (start > 0 && is_alnum(s->t[start - 1])) {
        if (!strchr(alike, s->t[--start]))
            return false;
        digits += is_digit(s->t[start]);
    }
    for (; is_alnum(s->t[end]); end++) {
        if (!strchr(alike, s->t[end]))
            return false;
        digits += is_digit(s->t[end]);
    }
    return 2 * digits >= end - start;
}

/* The digit at i, also when a letter stands for it; -1 when it is none. */
static int
digit_at(const struct screening *s, size_t i)
{
    const char c = s->t[i];

    if (is_digit(c))
        return c - '0';
    if ((c != 'O' && c != 'o' && c != 'l' && c != 'I') || !in_number(s, i))
        return -1;
    return c == 'O' || c == 'o' ? 0 : 1;
}

/*
 * Length of what keeps two digits of one number apart: one sign or space, or a sign or two with
 * spaces or brackets around them. A full stop before a space ends a sentence.
 */
static size_t
separator_at(const struct screening *s, size_t i)
{
    size_t n = 0;
    unsigned signs = 0;

    while (n < 3 && s->t[i + n] && strchr(" .-_/*()", s->t[i + n])) {
        if (s->t[i + n] == '.' && s->t[i + n + 1] == ' ')
            return 0;
        signs += s->t[i + n] && strchr(".-_/*", s->t[i + n]) != NULL;
        n++;
    }
    return signs <= 2 && digit_at(s, i + n) >= 0 ? n : 0;
}

static void
run_read(const struct screening *s, size_t i, struct run *r)
{
    r->start = r->end = i;
    r->digits = r->groups = 0;
    while (r->groups < RUN_GROUPS && r->digits < RUN_DIGITS && digit_at(s, i) >= 0) {
        r->first[r->groups++] = r->digits;
        while (r->digits < RUN_DIGITS && digit_at(s, i) >= 0)
            r->d[r->digits++] = (char)('0' + digit_at(s, i++));
        r->end = i;
        i += separator_at(s, i);
        if (i == r->end)
            break;
    }
    r->first[r->groups] = r->digits;
}

/* Weights 9 … 2, -1; all zeros is no number. */
static bool
passes_eleven(const char *d)
{
    int sum = 0;
    bool some = false;

    for (int i = 0; i < 9; i++) {
        sum += (d[i] - '0') * (i < 8 ? 9 - i : -1);
        some = some || d[i] != '0';
    }
    return some && sum % 11 == 0;
}

/* Ten digits with a leading 0, or nine after +31, 0031 or 31; service numbers are nobody's. */
static bool
is_phone(const struct screening *s, const struct run *r, unsigned from, unsigned count)
{
    const char *d = r->d + from;
    const bool plus = from == 0 && before(s, r->start) == '+';

    if (count >= 4 && memcmp(d, "0031", 4) == 0) {
        d += 4;
        count -= 4;
    } else if (plus && count >= 2 && memcmp(d, "31", 2) == 0) {
        d += 2;
        count -= 2;
    } else if (count != 10 || d[0] != '0') {
        return false;
    }
    if (d[0] == '0') {
        d++;
        count--;
    }
    return count == 9 && d[0] != '0' && memcmp(d, "800", 3) != 0 && memcmp(d, "90", 2) != 0;
}

/* Whether a plus stands before i, as in "+ 32" or "+.3.2". */
static bool
plus_before(const struct screening *s, size_t i)
{
    unsigned gap = 0;

    while (i > 0 && gap++ < 2 && strchr(" .-(", s->t[i - 1]))
        i--;
    return before(s, i) == '+';
}

static bool
is_service_number(const struct run *r)
{
    return r->digits >= 8 && (memcmp(r->d, "0800", 4) == 0 || memcmp(r->d, "0900", 4) == 0 ||
                              memcmp(r->d, "088", 3) == 0);
}

/* hhmm of a clock, or a year. */
static bool
is_time_or_year(const char *d)
{
    const unsigned value =
        (unsigned)((d[0] - '0') * 1000 + (d[1] - '0') * 100 + (d[2] - '0') * 10 + (d[3] - '0'));

    return (value < 2400 && value % 100 < 60) || (value >= 1900 && value < 2100);
}

/* Not a range of years or of clock times. */
static bool
is_loose_number(const struct run *r)
{
    unsigned longest = 0;

    if (r->digits < 7 || is_service_number(r))
        return false;
    for (unsigned g = 0; g < r->groups; g++)
        if (r->first[g + 1] - r->first[g] > longest)
            longest = r->first[g + 1] - r->first[g];
    if (r->groups == 2 && r->digits == 8 && longest == 4 && is_time_or_year(r->d) &&
        is_time_or_year(r->d + 4))
        return false;
    return longest >= 3;
}

static void
judge_run(struct screening *s, const struct run *r)
{
    static const char *const documents[] = {"paspoort",   "rijbewijs", "id-kaart", "idkaart",
                                            "identiteit", "document",  "docnr",    "v-nr",
                                            "v-nummer",   "vnummer",   "vnr",      NULL};

    uint32_t certain = 0;

    for (unsigned g = 0; g < r->groups; g++) {
        for (unsigned h = g + 1; h <= r->groups; h++) {
            const unsigned from = r->first[g], count = r->first[h] - from;

            if (count == 9 && passes_eleven(r->d + from))
                certain |= SCREEN_BSN;
            if (is_phone(s, r, from, count))
                certain |= SCREEN_PHONE;
        }
    }
    if (plus_before(s, r->start) && r->digits >= 9 && r->digits <= 15)
        certain |= SCREEN_PHONE;
    if (r->digits >= 8 && r->digits <= 10 && screen_word_before(s, r->start, 30, documents))
        certain |= SCREEN_DOCUMENT;
    s->hits.certain |= certain;
    if (!certain && is_loose_number(r))
        s->hits.suspected |= SCREEN_NUMBER;
}

void
screen_digits(struct screening *s)
{
    for (size_t i = 0; i < s->length; i++) {
        struct run r;

        if (digit_at(s, i) < 0)
            continue;
        run_read(s, i, &r);
        if (r.digits >= 7)
            judge_run(s, &r);
        i = r.end > i ? r.end - 1 : i;
    }
}
