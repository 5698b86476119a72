/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the text of an option means: one reader for each kind, the lists of allowed values, and the
 * search for the name that was probably meant.
 */
#include "common/option_call.h"

#include <math.h>
#include <string.h>

/* Members are read and written through their offset in the struct that owns them. */
static void *
member(const struct option_spec *spec, void *owner)
{
    return (char *)owner + spec->offset;
}

const struct option_spec *
option_find(const struct option_spec *specs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(specs[i].name, name) == 0)
            return &specs[i];
    }
    return NULL;
}

bool
option_is_required(const struct option_spec *spec)
{
    return spec->help[0] == '!';
}

const char *
option_help_text(const struct option_spec *spec)
{
    return spec->help + option_is_required(spec);
}

/* ---- kinds ---------------------------------------------------------------------------------- */

union value {
    bool flag;
    const char *text;
    int64_t number; /* and days */
    double real;
    struct month month;
};

static bool
read_flag(const char *text, union value *v)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"yes", true},    {"no", false}, {"true", true},
                 {"false", false}, {"1", true},   {"0", false}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(text, words[i].word) == 0) {
            v->flag = words[i].value;
            return true;
        }
    }
    return false;
}

static bool
read_text(const char *text, union value *v)
{
    v->text = text;
    return true;
}

static bool
read_int(const char *text, union value *v)
{
    return span_int64(span_of(text), INT64_MIN + 1, INT64_MAX, &v->number);
}

static bool
read_real(const char *text, union value *v)
{
    return span_real(span_of(text), &v->real);
}

static bool
read_date(const char *text, union value *v)
{
    return date_parse(span_of(text), &v->number);
}

static bool
read_month(const char *text, union value *v)
{
    return month_parse(span_of(text), &v->month);
}

static const struct {
    bool (*read)(const char *text, union value *v);
    size_t size;
    const char *what;
    union value absent;
} kinds[] = {
    [OPTION_FLAG] = {read_flag, sizeof(bool), "yes or no", {.flag = false}},
    [OPTION_TEXT] = {read_text, sizeof(const char *), "a text", {.text = NULL}},
    [OPTION_INT] = {read_int, sizeof(int64_t), "a whole number", {.number = INT64_MIN}},
    [OPTION_REAL] = {read_real, sizeof(double), "a number", {.real = NAN}},
    [OPTION_DATE] = {read_date, sizeof(int64_t), "a date (yyyy-mm-dd)", {.number = INT64_MIN}},
    [OPTION_MONTH] = {read_month, sizeof(struct month), "a month (yyyy-mm)", {.month = {0, 0}}},
};

void
option_clear(const struct option_spec *spec, void *owner)
{
    memcpy(member(spec, owner), &kinds[spec->kind].absent, kinds[spec->kind].size);
}

/* ---- lists of allowed values ---------------------------------------------------------------- */

enum { MOST_CHOICES = 32 };

/* True when text is one of "a|b|c"; otherwise the hint names the nearest. */
static bool
is_choice(const char *list, const char *text, const char *place, enum err_code code, struct err *e)
{
    char choices[MOST_CHOICES][48];
    const char *names[MOST_CHOICES];
    size_t count = 0;

    for (const char *at = list; count < MOST_CHOICES; count++) {
        const size_t length = strcspn(at, "|");

        if (strlen(text) == length && memcmp(at, text, length) == 0)
            return true;
        snprintf(choices[count], sizeof choices[count], "%.*s", (int)length, at);
        names[count] = choices[count];
        at += length;
        if (*at++ == '\0') {
            count++;
            break;
        }
    }
    err_set(e, code, "%s: '%.60s' is not one of %s", place, text, list);

    const char *const near = option_nearest(text, names, count);

    return near && err_hint(e, "did you mean %s?", near);
}

bool
option_store(const struct option_spec *spec, void *owner, const char *text, const char *place,
             enum err_code code, struct err *e)
{
    union value v;

    if (spec->kind != OPTION_FLAG && strchr(spec->metavar, '|') &&
        !is_choice(spec->metavar, text, place, code, e))
        return false;
    if (!kinds[spec->kind].read(text, &v))
        return err_set(e, code, "%s: '%.60s' is not %s", place, text, kinds[spec->kind].what);
    if (owner)
        memcpy(member(spec, owner), &v, kinds[spec->kind].size);
    return true;
}

/* ---- the nearest name ----------------------------------------------------------------------- */

enum { NAME_BYTES = 40 };

static unsigned
least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, change, swap neighbours) between two names of at most NAME_BYTES. */
static unsigned
distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    unsigned d[NAME_BYTES + 1][NAME_BYTES + 1];

    for (size_t i = 0; i <= a_length; i++)
        d[i][0] = (unsigned)i;
    for (size_t j = 0; j <= b_length; j++)
        d[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_length; i++) {
        for (size_t j = 1; j <= b_length; j++) {
            const unsigned change = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

            d[i][j] = least(change, least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a_length][b_length];
}

const char *
option_nearest(const char *word, const char *const *names, size_t count)
{
    const size_t length = strlen(word);
    const char *nearest = NULL;
    unsigned fewest = length < 6 ? 2 : (unsigned)length / 3 + 1; /* one more than is allowed */

    if (length == 0 || length > NAME_BYTES)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const size_t name_length = strlen(names[i]);

        if (name_length > NAME_BYTES)
            continue;

        const bool beginning = length >= 2 && strncmp(names[i], word, length) == 0;
        const unsigned edits = beginning ? 1 : distance(word, length, names[i], name_length);

        if (edits < fewest) {
            fewest = edits;
            nearest = names[i];
        }
    }
    return nearest;
}
