/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Terms as products of coded variables. Which factor is coded by contrasts and which by all its
 * levels follows R's rule: by contrasts when the term without it stands in the model before
 * (Chambers and Hastie, Statistical Models in S, 1992, section 2.4).
 */
#include "analyzer/stat/design.h"

#include "analyzer/stat/spline.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum coding { CONTRASTS, ALL_LEVELS, NUMBER, SPLINE };

/* A variable of the formula, found in the data. */
struct operand {
    const struct formula_variable *of;
    const struct design_variable *data;
    bool is_factor;
    const size_t *code;  /* of each cell */
    const double *basis; /* levels x df of a spline */
};

struct part {
    const struct operand *operand;
    enum coding coding;
    size_t columns;
};

struct builder {
    struct arena *arena;
    const struct formula *formula;
    const struct design_data *data;
    struct operand operand[FORMULA_MOST_VARIABLES];
    struct design *design;
    size_t eliminated; /* number of the term, DESIGN_NONE: none */
    bool coded_all;    /* without intercept one factor is coded by all levels */
    struct err *err;
};

/* ---- variables ---- */

static bool
find_operand(struct builder *b, size_t i)
{
    const struct formula_variable *const of = &b->formula->variables[i];
    struct operand *const o = &b->operand[i];
    const bool as_number = of->kind == FORMULA_NUMBER || of->kind == FORMULA_SPLINE;
    size_t v = 0;

    while (v < b->data->variable_count && strcmp(b->data->variables[v].name, of->name) != 0)
        v++;
    if (v == b->data->variable_count) {
        err_set(b->err, ERR_USAGE, "the formula names \"%.60s\", and there is no such column",
                of->name);
        return err_hint(b->err, "names are those of the header, capitals and all");
    }
    *o = (struct operand){.of = of, .data = &b->data->variables[v]};
    o->is_factor = of->kind == FORMULA_FACTOR || (of->kind == FORMULA_PLAIN && o->data->is_factor);
    if (as_number && !o->data->number) {
        err_set(b->err, ERR_INPUT, "%.60s: the column holds something that is no number",
                of->label);
        return err_hint(b->err, "use the column by its name alone, as a factor");
    }
    return true;
}

static bool
make_basis(struct builder *b, struct operand *o)
{
    const struct design_variable *const v = o->data;
    const size_t df = o->of->df; /* NOLINT(clang-analyzer-core.NullDereference): found before */
    double *const weight = arena_array(b->arena, v->levels, sizeof *weight);
    double *const basis = arena_array(b->arena, v->levels * df, sizeof *basis);
    struct spline *const s = arena_alloc(b->arena, sizeof *s);

    for (size_t r = 0; r < b->data->rows; r++)
        weight[v->code[r]] += b->data->weight ? b->data->weight[r] : 1;
    if (!spline_place_knots(s, df, v->number, weight, v->levels)) {
        err_set(b->err, ERR_INPUT, "%.60s: the column has one value only", o->of->label);
        return err_hint(b->err, "leave the spline out of the formula");
    }
    spline_basis(s, b->arena, v->number, v->levels, basis);
    o->basis = basis;
    return true;
}

/* ---- cells ---- */

/* Numbers pairs (a, b) of codes in order of first appearance: an open hash table. */
struct pairs {
    size_t room, used;
    uint64_t *key;
    size_t *number;
};

static size_t
number_pair(struct pairs *t, uint64_t key)
{
    size_t at = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & (t->room - 1);

    while (t->number[at] != DESIGN_NONE && t->key[at] != key)
        at = (at + 1) & (t->room - 1);
    if (t->number[at] == DESIGN_NONE) {
        t->key[at] = key;
        t->number[at] = t->used++;
    }
    return t->number[at];
}

/* Refines the cells by one more variable. */
static void
refine(struct design *d, const struct design_variable *v, struct pairs *t)
{
    t->used = 0;
    for (size_t i = 0; i < t->room; i++)
        t->number[i] = DESIGN_NONE;
    for (size_t r = 0; r < d->rows; r++)
        d->cell[r] = number_pair(t, (uint64_t)d->cell[r] * v->levels + v->code[r]);
    d->cells = t->used;
}

static void
make_cells(struct builder *b)
{
    struct design *const d = b->design;
    struct pairs t = {.room = 16};

    while (t.room < 2 * d->rows)
        t.room *= 2;
    t.key = arena_array(b->arena, t.room, sizeof *t.key);
    t.number = arena_array(b->arena, t.room, sizeof *t.number);
    d->cells = 1;
    for (size_t i = 0; i < b->formula->variable_count; i++)
        refine(d, b->operand[i].data, &t);
    for (size_t i = 0; i < b->formula->variable_count; i++) {
        struct operand *const o = &b->operand[i];
        size_t *const code = arena_array(b->arena, d->cells, sizeof *code);

        for (size_t r = 0; r < d->rows; r++)
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): all operands were found */
            code[d->cell[r]] = o->data->code[r];
        o->code = code;
    }
}

/* ---- terms ---- */

/* R's rule; `bit` is a factor of term number `term`. */
static enum coding
factor_coding(struct builder *b, size_t term, size_t bit)
{
    const uint32_t rest = b->formula->terms[term] & ~(UINT32_C(1) << bit);

    if (!b->formula->intercept && !b->coded_all) {
        b->coded_all = true;
        return ALL_LEVELS;
    }
    if (rest == 0)
        return CONTRASTS;
    for (size_t t = 0; t < term; t++)
        if ((rest & ~b->formula->terms[t]) == 0)
            return CONTRASTS;
    return ALL_LEVELS;
}

static size_t
parts_of(struct builder *b, size_t term, struct part *parts)
{
    size_t count = 0;

    for (size_t i = 0; i < b->formula->variable_count; i++) {
        const struct operand *const o = &b->operand[i];
        struct part *const p = &parts[count];

        if (!(b->formula->terms[term] >> i & 1))
            continue;
        p->operand = o;
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): all operands were found */
        p->coding = o->of->kind == FORMULA_SPLINE ? SPLINE
                    : o->is_factor                ? factor_coding(b, term, i)
                                                  : NUMBER;
        p->columns = p->coding == SPLINE       ? o->of->df
                     : p->coding == NUMBER     ? 1
                     : p->coding == ALL_LEVELS ? o->data->levels
                                               : o->data->levels - 1;
        count++;
    }
    return count;
}

static double
value_of(const struct part *p, size_t column, size_t cell)
{
    const struct operand *const o = p->operand;
    const size_t code = o->code[cell];

    switch (p->coding) {
    case CONTRASTS:
        return code == column + 1;
    case ALL_LEVELS:
        return code == column;
    case NUMBER:
        return o->data->number[code];
    case SPLINE:
        return o->basis[code * p->columns + column];
    }
    return 0;
}

static const char *
part_name(const struct builder *b, const struct part *p, size_t column)
{
    const char *const label = p->operand->of->label;

    if (p->coding == NUMBER || (p->coding == SPLINE && p->columns == 1))
        return label;
    if (p->coding == SPLINE)
        return arena_printf(b->arena, "%s%zu", label, column + 1);
    return arena_printf(b->arena, "%s%s", label,
                        p->operand->data->level[column + (p->coding == CONTRASTS)]);
}

/* Column `column` of a term, the first variable's running fastest. */
static const char *
term_name(const struct builder *b, const struct part *parts, size_t count, size_t column)
{
    const char *name = "";

    for (size_t i = 0; i < count; i++) {
        const char *const part = part_name(b, &parts[i], column % parts[i].columns);

        name = i == 0 ? part : arena_printf(b->arena, "%s:%s", name, part);
        column /= parts[i].columns;
    }
    return name;
}

static void
fill_column(struct design *d, const struct part *parts, size_t count, size_t column, size_t at)
{
    for (size_t c = 0; c < d->cells; c++) {
        size_t rest = column;
        double x = 1;

        for (size_t i = 0; i < count; i++) {
            x *= value_of(&parts[i], rest % parts[i].columns, c);
            rest /= parts[i].columns;
        }
        d->x[c * d->dense + at] = x;
    }
}

/* ---- columns ---- */

static size_t
term_columns(struct builder *b, size_t term, struct part *parts, size_t *part_count)
{
    size_t columns = 1;

    *part_count = parts_of(b, term, parts);
    for (size_t i = 0; i < *part_count; i++) {
        if (parts[i].columns > 0 && columns > DESIGN_MOST_NUMBERS / parts[i].columns)
            return DESIGN_MOST_NUMBERS;
        columns *= parts[i].columns;
    }
    return columns;
}

/* The factor with most levels among main effects coded by contrasts. */
static void
choose_eliminated(struct builder *b)
{
    struct design *const d = b->design;

    for (size_t t = 0; t < b->formula->term_count; t++)
        for (size_t i = 0; i < b->formula->variable_count; i++) {
            const struct operand *const o = &b->operand[i];

            if (b->formula->terms[t] == UINT32_C(1) << i && o->is_factor &&
                o->data->levels >= DESIGN_LEAST_ELIMINATED && o->data->levels > d->levels) {
                d->levels = o->data->levels;
                b->eliminated = t;
            }
        }
}

static bool
count_columns(struct builder *b)
{
    struct design *const d = b->design;
    struct part parts[FORMULA_MOST_VARIABLES];
    size_t count;

    d->columns = d->intercept;
    for (size_t t = 0; t < b->formula->term_count; t++) {
        d->columns += term_columns(b, t, parts, &count);
        if (d->columns > DESIGN_MOST_COLUMNS) {
            err_set(b->err, ERR_INPUT, "the formula makes more than %d columns",
                    DESIGN_MOST_COLUMNS);
            return err_hint(b->err, "a number that is no code stands as as.numeric(x); leave "
                                    "interactions of large factors out");
        }
    }
    b->coded_all = false;
    d->dense = d->columns - (d->levels > 0 ? d->levels : 0);
    if (d->dense > 0 && d->cells > DESIGN_MOST_NUMBERS / d->dense) {
        err_set(b->err, ERR_INPUT, "%zu cells with %zu columns are more than %d numbers", d->cells,
                d->dense, DESIGN_MOST_NUMBERS);
        return err_hint(b->err, "round clock times, or leave interactions out");
    }
    return true;
}

static void
fill(struct builder *b)
{
    struct design *const d = b->design;
    struct part parts[FORMULA_MOST_VARIABLES];
    size_t at = 0, column = 0, count;

    d->name = arena_array(b->arena, d->columns + 1, sizeof *d->name);
    d->x = arena_array(b->arena, d->cells * d->dense + 1, sizeof *d->x);
    d->column = arena_array(b->arena, d->dense + 1, sizeof *d->column);
    if (d->intercept) {
        d->name[column++] = "(Intercept)";
        for (size_t c = 0; c < d->cells && d->levels == 0; c++)
            d->x[c * d->dense] = 1;
        at = d->levels == 0;
    }
    for (size_t t = 0; t < b->formula->term_count; t++) {
        const size_t columns = term_columns(b, t, parts, &count);

        if (t == b->eliminated)
            d->first = column;
        for (size_t j = 0; j < columns; j++, column++) {
            d->name[column] = term_name(b, parts, count, j);
            if (t == b->eliminated)
                continue;
            fill_column(d, parts, count, j, at);
            d->column[at++] = column;
        }
    }
}

bool
design_build(struct arena *a, const struct formula *f, const struct design_data *data,
             bool eliminate, struct design *d, struct err *e)
{
    struct builder *const b = arena_alloc(a, sizeof *b);

    *d = (struct design){.rows = data->rows, .intercept = f->intercept};
    *b = (struct builder){
        .arena = a, .formula = f, .data = data, .design = d, .eliminated = DESIGN_NONE, .err = e};
    d->cell = arena_array(a, data->rows, sizeof *d->cell);
    for (size_t i = 0; i < f->variable_count; i++)
        if (!find_operand(b, i) ||
            (f->variables[i].kind == FORMULA_SPLINE && !make_basis(b, &b->operand[i])))
            return false;
    make_cells(b);
    if (eliminate && f->intercept)
        choose_eliminated(b);
    if (!count_columns(b))
        return false;
    fill(b);
    for (size_t i = 0; b->eliminated != DESIGN_NONE && i < f->variable_count; i++)
        if (f->terms[b->eliminated] >> i & 1) {
            d->level = arena_array(a, d->cells, sizeof *d->level);
            memcpy(d->level, b->operand[i].code, d->cells * sizeof *d->level);
        }
    return true;
}

static double
known(double coefficient)
{
    return isnan(coefficient) ? 0 : coefficient;
}

void
design_predict(const struct design *d, const double *beta, double *eta)
{
    for (size_t c = 0; c < d->cells; c++) {
        eta[c] = d->intercept && d->levels > 0 ? known(beta[0]) : 0;
        if (d->levels > 0 && d->level[c] > 0)
            eta[c] += known(beta[d->first + d->level[c] - 1]);
        for (size_t j = 0; j < d->dense; j++)
            eta[c] += d->x[c * d->dense + j] * known(beta[d->column[j]]);
    }
}

void
design_intercept_only(struct arena *a, size_t rows, struct design *d)
{
    *d = (struct design){.rows = rows, .cells = 1, .intercept = true, .columns = 1, .dense = 1};
    d->cell = arena_array(a, rows, sizeof *d->cell);
    d->name = arena_array(a, 1, sizeof *d->name);
    d->name[0] = "(Intercept)";
    d->x = arena_array(a, 1, sizeof *d->x);
    d->x[0] = 1;
    d->column = arena_array(a, 1, sizeof *d->column);
}
