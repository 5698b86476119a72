/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a cell counts is said in C (collector/cell_mark.c, while importing) and in SQL
 * (analysis.cell_sums, to verify). Persons drawn from every value that matters, nothing given
 * included, are counted both ways: simulated stops show only some of them.
 */
#include "collector/cell_mark.h"
#include "collector/codes.h"
#include "common/rng.h"
#include "tests/lib/cluster.h"
#include "tests/lib/testlib.h"

#include <string.h>

#define DATABASE "test_cells"

enum { PERSONS = 600, VALUES_MOST = 6 };

Suite *sql_cells_suite(void);

#define FLAG                                                                                       \
    {                                                                                              \
        "true", "false"                                                                            \
    }

static const struct source {
    enum person_field field;
    const char *name;
    enum { AS_TEXT, AS_CODE, AS_FLAG } as;
    const char *values[VALUES_MOST];
} sources[] = {
    {PERSON_discretion, "discretion", AS_TEXT, {"low", "medium", "high"}},
    {PERSON_searched, "searched", AS_FLAG, FLAG},
    {PERSON_hit_strict, "hit_strict", AS_FLAG, FLAG},
    {PERSON_hit_broad, "hit_broad", AS_FLAG, FLAG},
    {PERSON_selection_sound, "selection_sound", AS_FLAG, FLAG},
    {PERSON_only_weak, "only_weak", AS_FLAG, FLAG},
    {PERSON_text_quality, "text_quality", AS_TEXT, {"none", "boilerplate", "good"}},
    {PERSON_explained, "explained", AS_CODE, {"unprompted", "on_request", "not_safety"}},
    {PERSON_reason_match, "reason_match", AS_TEXT, {"none", "partial", "full"}},
    {PERSON_treated_plainly, "treated_plainly", AS_FLAG, FLAG},
    {PERSON_bodycam, "bodycam", AS_CODE, {"worn_on_full", "worn_on_part", "worn_off", "not_worn"}},
    {PERSON_reflected_in_time, "reflected_in_time", AS_FLAG, FLAG},
    {PERSON_sanctioned, "sanctioned", AS_FLAG, FLAG},
    {PERSON_prior_stops_12m_band,
     "prior_stops_12m_band",
     AS_CODE,
     {"unknown", "0", "1-2", "3-4", "5+"}},
};

enum { SOURCES = sizeof sources / sizeof *sources };

static void
set_value(struct arena *a, struct value *v, const struct source *s, const char *text)
{
    struct code *const code = arena_alloc(a, sizeof *code);

    code->code = text;
    *v = (struct value){.given = true};
    if (s->as == AS_CODE)
        v->code = code;
    else if (s->as == AS_FLAG)
        v->flag = strcmp(text, "true") == 0;
    else
        v->text = span_of(text);
}

/* A person in C, and the same as a row of VALUES. */
static void
draw(struct arena *a, struct rng *rng, unsigned number, struct person *p, struct strbuf *rows)
{
    strbuf_printf(rows, "%s(%u", number ? ", " : "", number);
    for (unsigned i = 0; i < SOURCES; i++) {
        unsigned count = 0;

        while (count < VALUES_MOST && sources[i].values[count])
            count++;

        const uint64_t drawn = rng_below(rng, count + 1);

        if (drawn == count) {
            strbuf_add_text(rows, ", NULL");
            continue;
        }
        set_value(a, &p->v[sources[i].field], &sources[i], sources[i].values[drawn]);
        strbuf_printf(rows, ", '%s'", sources[i].values[drawn]);
    }
    strbuf_add_char(rows, ')');
}

static const char *
counted_in_sql(struct arena *a, const char *rows)
{
    struct strbuf *const names = strbuf_new(a, 4096);
    struct strbuf *const columns = strbuf_new(a, 4096);

    for (unsigned i = 0; i < SOURCES; i++) {
        strbuf_printf(names, ", %s", sources[i].name);
        strbuf_printf(columns, ", %s::%s", sources[i].name,
                      sources[i].as == AS_FLAG ? "boolean" : "text");
    }

    const char *const sums = test_sql_text(a, DATABASE, "SELECT analysis.cell_sums()");

    return test_sql_text(
        a, DATABASE,
        arena_printf(a,
                     "SELECT string_agg(array_to_string(c.sums, ''), ' ' ORDER BY c.number) FROM "
                     "(SELECT p.number, %s AS sums FROM (SELECT number%s FROM (VALUES %s) "
                     "AS v (number%s)) p GROUP BY p.number) c",
                     sums, columns->data, rows, names->data));
}

START_TEST(c_and_sql_count_the_same_in_every_sum)
{
    struct arena *const a = arena_new();
    struct rng rng = rng_stream(7, 0);
    struct strbuf *const rows = strbuf_new(a, 1024 * 1024);
    struct strbuf *const counted = strbuf_new(a, 1024 * 1024);
    unsigned seen[SUM_COUNT] = {0};

    for (unsigned i = 0; i < PERSONS; i++) {
        struct person *const p = arena_alloc(a, sizeof *p);
        struct cell_mark m = {0};

        draw(a, &rng, i, p, rows);
        cell_mark_person(&m, p);
        strbuf_add_text(counted, i ? " " : "");
        for (unsigned s = 0; s < SUM_COUNT; s++) {
            seen[s] += m.sums >> s & 1;
            strbuf_add_char(counted, m.sums >> s & 1 ? '1' : '0');
        }
    }
    for (unsigned s = 0; s < SUM_COUNT; s++)
        ck_assert_msg(seen[s] > 0 && (s == SUM_persons || seen[s] < PERSONS), "sum %u", s);

    const char *const in_sql = counted_in_sql(a, rows->data);

    ck_assert_uint_eq(strlen(in_sql), counted->length);
    for (size_t i = 0; i < counted->length; i++)
        ck_assert_msg(in_sql[i] == counted->data[i], "person %zu, sum %zu: %c in C, %c in SQL",
                      i / (SUM_COUNT + 1), i % (SUM_COUNT + 1), counted->data[i], in_sql[i]);
    arena_free(a);
}
END_TEST

static void
fresh(void)
{
    test_database(DATABASE);
}

Suite *
sql_cells_suite(void)
{
    Suite *const s = suite_create("sql_cells");
    TCase *const c = tcase_create("sums");

    tcase_add_unchecked_fixture(c, fresh, NULL);
    tcase_add_test(c, c_and_sql_count_the_same_in_every_sum);
    suite_add_tcase(s, c);
    return s;
}
