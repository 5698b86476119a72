/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A parser by descent: sum of products of interactions of variables. Nesting, powers, functions
 * other than the three known ones, and offsets are refused by name.
 */
#include "analyzer/stat/formula.h"

#include "analyzer/stat/spline.h"
#include "common/str.h"

#include <string.h>

struct parser {
    struct arena *arena;
    const char *text;
    size_t at;
    struct formula *formula;
    struct err *err;
};

/* The terms of one summand. */
struct summand {
    uint32_t terms[FORMULA_MOST_TERMS];
    size_t count;
};

/* ---- characters ---- */

static bool
refuse(const struct parser *p, const char *what, const char *remedy)
{
    err_set(p->err, ERR_USAGE, "the formula, at character %zu: %s", p->at + 1, what);
    return err_hint(p->err, "%s", remedy);
}

static char
next(struct parser *p)
{
    while (p->text[p->at] == ' ' || p->text[p->at] == '\t' || p->text[p->at] == '\n')
        p->at++;
    return p->text[p->at];
}

static bool
take(struct parser *p, char c)
{
    if (next(p) != c)
        return false;
    p->at++;
    return true;
}

static bool
is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           ((unsigned char)c & 0x80);
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A name as R knows them, or any text between backticks. */
static const char *
name_of(struct parser *p)
{
    const char *const start = p->text + p->at;
    size_t length = 0;

    if (*start == '`') {
        while (start[length + 1] != '`' && start[length + 1] != '\0')
            length++;
        if (length == 0 || start[length + 1] == '\0') {
            refuse(p, "a backtick without its other one", "write `name`");
            return NULL;
        }
        p->at += length + 2;
        return arena_strndup(p->arena, start + 1, length);
    }
    while (is_letter(start[length]) || is_digit(start[length]) || start[length] == '_')
        length++;
    p->at += length;
    return arena_strndup(p->arena, start, length);
}

/* ---- variables ---- */

static bool
add_variable(struct parser *p, struct formula_variable v, uint32_t *bit)
{
    struct formula *const f = p->formula;
    size_t i = 0;

    while (i < f->variable_count && strcmp(f->variables[i].label, v.label) != 0)
        i++;
    if (i == FORMULA_MOST_VARIABLES)
        return refuse(p, "more than 32 variables", "leave some out");
    if (i == f->variable_count)
        f->variables[f->variable_count++] = v;
    *bit = UINT32_C(1) << i;
    return true;
}

/* ", df)" or ", df = 6)" after "ns(x". */
static bool
spline_df(struct parser *p, struct formula_variable *v)
{
    static const char remedy[] = "write ns(minute, 6): a column and 1 to 50 degrees of freedom";
    const char *named = "";
    int64_t df;
    size_t length = 0;

    if (!take(p, ','))
        return refuse(p, "ns() without degrees of freedom", remedy);
    if (next(p) == 'd' && p->text[p->at + 1] == 'f') {
        p->at += 2;
        if (!take(p, '='))
            return refuse(p, "ns() takes a column and df", remedy);
        named = "df = ";
    }
    next(p);
    while (is_digit(p->text[p->at + length]))
        length++;
    if (!span_int64((struct span){p->text + p->at, length}, 1, SPLINE_MOST_DF, &df))
        return refuse(p, "degrees of freedom from 1 to 50 are missing", remedy);
    p->at += length;
    v->df = (size_t)df;
    v->label = arena_printf(p->arena, "ns(%s, %s%zu)", v->name, named, v->df);
    return take(p, ')') || refuse(p, "ns() takes a column and df only", remedy);
}

/* After "function(". */
static bool
call(struct parser *p, const char *function, struct formula_variable *v)
{
    static const struct {
        const char *name;
        enum formula_kind kind;
    } functions[] = {
        {"ns", FORMULA_SPLINE}, {"factor", FORMULA_FACTOR}, {"as.numeric", FORMULA_NUMBER}};
    size_t i = 0;

    while (i < sizeof functions / sizeof *functions && strcmp(functions[i].name, function) != 0)
        i++;
    if (strcmp(function, "offset") == 0)
        return refuse(p, "offset() is not needed",
                      "the column exposure is the offset already, as its logarithm");
    if (i == sizeof functions / sizeof *functions)
        return refuse(p, "a function that is not known here",
                      "known are ns(x, df), factor(x) and as.numeric(x)");
    if (!is_letter(next(p)) && p->text[p->at] != '`')
        return refuse(p, "the name of a column is missing", "write for example ns(minute, 6)");
    v->kind = functions[i].kind;
    if (!(v->name = name_of(p)))
        return false;
    if (v->kind == FORMULA_SPLINE)
        return spline_df(p, v);
    v->label = arena_printf(p->arena, "%s(%s)", function, v->name);
    return take(p, ')') || refuse(p, "a closing bracket is missing", "write factor(x)");
}

static bool
variable(struct parser *p, uint32_t *bit)
{
    struct formula_variable v = {.kind = FORMULA_PLAIN};
    const char c = next(p);

    if (!is_letter(c) && c != '`')
        return refuse(p, c == '\0' ? "the name of a column is missing" : "a name was expected here",
                      "write for example dark + ns(minute, 6) + place");
    if (!(v.name = name_of(p)))
        return false;
    v.label = v.name;
    if (c != '`' && take(p, '(')) {
        const char *const function = v.name;

        if (!call(p, function, &v))
            return false;
    }
    return add_variable(p, v, bit);
}

/* ---- terms ---- */

/* a:b:c */
static bool
interaction(struct parser *p, uint32_t *term)
{
    *term = 0;
    do {
        uint32_t bit = 0;

        if (!variable(p, &bit))
            return false;
        *term |= bit;
    } while (take(p, ':'));
    return true;
}

/* s becomes s + t + every s:t. */
static bool
cross(const struct parser *p, struct summand *s, uint32_t t)
{
    const size_t before = s->count;

    if (2 * before + 1 > FORMULA_MOST_TERMS)
        return refuse(p, "too many interactions", "leave some out");
    s->terms[s->count++] = t;
    for (size_t i = 0; i < before; i++)
        s->terms[s->count++] = s->terms[i] | t;
    return true;
}

/* a*b, a:b, a */
static bool
product(struct parser *p, struct summand *s)
{
    s->count = 0;
    do {
        uint32_t term;

        if (next(p) == '(')
            return refuse(p, "brackets are not known here", "write the terms out: a + b + a:b");
        if (!interaction(p, &term) || !cross(p, s, term))
            return false;
    } while (take(p, '*'));
    return true;
}

static bool
add_terms(const struct parser *p, const struct summand *s)
{
    struct formula *const f = p->formula;

    for (size_t i = 0; i < s->count; i++) {
        size_t at = 0;

        while (at < f->term_count && f->terms[at] != s->terms[i])
            at++;
        if (at < f->term_count)
            continue;
        if (f->term_count == FORMULA_MOST_TERMS)
            return refuse(p, "more than 128 terms", "leave some out");
        f->terms[f->term_count++] = s->terms[i];
    }
    return true;
}

/* One summand after its sign: 1, 0 or terms. */
static bool
summand(struct parser *p, bool minus)
{
    const char c = next(p);
    struct summand s;

    if ((c == '0' || c == '1') && !is_digit(p->text[p->at + 1]) && p->text[p->at + 1] != '.') {
        p->at++;
        p->formula->intercept = (c == '1') != minus;
        return true;
    }
    if (minus)
        return refuse(p, "only 1 can be taken off", "leave the term out instead");
    return product(p, &s) && add_terms(p, &s);
}

static size_t
degree(uint32_t term)
{
    size_t n = 0;

    for (; term; term &= term - 1)
        n++;
    return n;
}

/* By number of variables; equal ones keep their order. */
static void
sort_terms(struct formula *f)
{
    for (size_t i = 1; i < f->term_count; i++) {
        const uint32_t t = f->terms[i];
        size_t at = i;

        for (; at > 0 && degree(f->terms[at - 1]) > degree(t); at--)
            f->terms[at] = f->terms[at - 1];
        f->terms[at] = t;
    }
}

bool
formula_parse(struct arena *a, const char *text, struct formula *f, struct err *e)
{
    struct parser *const p = arena_alloc(a, sizeof *p);

    *p = (struct parser){.arena = a, .text = text, .formula = f, .err = e};
    *f = (struct formula){.intercept = true};
    take(p, '~');
    if (!summand(p, take(p, '-')))
        return false;
    for (;;) {
        const char c = next(p);

        if (c == '\0')
            break;
        if (c != '+' && c != '-')
            return refuse(p, "an operator that is not known here",
                          "known are + : * and -1; only the right-hand side is written");
        p->at++;
        if (!summand(p, c == '-'))
            return false;
    }
    sort_terms(f);
    return true;
}
