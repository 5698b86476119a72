/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Real files of two sources through their profiles, against what was published about them. Skipped
 * by name where the data are not there.
 */
#define _DEFAULT_SOURCE
#include "collector/profile_source.h"
#include "sql/db.h"
#include "tests/lib/testlib.h"
#include "tests/unit/decoding.h"

#include <stdlib.h>

Suite *profile_real_suite(void);

/* Counts of what the records of a file say; a name is a code, or a perspective with its code. */
struct tally {
    const char *name;
    unsigned count;
};

struct tallies {
    unsigned count;
    struct tally list[256];
};

static void
tally(struct tallies *t, const char *what, const struct value *v)
{
    char name[128];

    if (!v->given)
        return;
    snprintf(name, sizeof name, "%s %s", what, v->code->code);
    unsigned i = 0;
    while (i < t->count && strcmp(t->list[i].name, name) != 0)
        i++;
    if (i == t->count)
        t->list[t->count++].name = arena_strdup(a, name);
    t->list[i].count++;
}

static unsigned
tally_of(const struct tallies *t, const char *name)
{
    for (unsigned i = 0; i < t->count; i++)
        if (strcmp(t->list[i].name, name) == 0)
            return t->list[i].count;
    return 0;
}

static void
tally_record(struct tallies *t, const struct record *r)
{
    const struct person *const p = &r->persons[0];

    for (unsigned i = 0; i < p->group_count; i++) {
        const struct value v = {.given = true, .code = p->groups[i].v[GROUP_codes].codes[0]};
        tally(t, p->groups[i].v[GROUP_perspective].code->code, &v);
    }
    for (unsigned i = 0; i < p->action_count; i++)
        tally(t, "search", &p->actions[i].v[ACTION_search_kind]);
    for (unsigned i = 0; i < p->find_count; i++)
        tally(t, "find", &p->finds[i].v[FIND_found_class]);
    for (unsigned i = 0; i < p->result_count; i++)
        tally(t, "result", &p->results[i].v[RESULT_result]);
    tally(t, "gender", &p->v[PERSON_perceived_gender]);
    tally(t, "age", &p->v[PERSON_age_band]);
}

static int
by_bytes(const void *x, const void *y)
{
    return memcmp(x, y, 16);
}

struct file_outcome {
    unsigned records, faulty, distinct, ambiguous;
    struct tallies all, first; /* of every record; of the first with each stop_id */
};

/* Whether the id was there before; ids are kept in order of arrival and looked for by halves of a
 * sorted copy at the end. */
static void
count_distinct(struct file_outcome *o, const uint8_t *ids)
{
    uint8_t *const sorted = arena_array(a, o->records, 16);

    memcpy(sorted, ids, (size_t)o->records * 16);
    qsort(sorted, o->records, 16, by_bytes);
    for (unsigned i = 0; i < o->records; i++)
        o->distinct += i == 0 || memcmp(&sorted[i * 16], &sorted[(i - 1) * 16], 16) != 0;
}

static bool
seen(const uint8_t *ids, unsigned count, const uint8_t id[16])
{
    for (unsigned i = 0; i < count; i++)
        if (memcmp(&ids[i * 16], id, 16) == 0)
            return true;
    return false;
}

static struct file_outcome *
decode_file(const struct profile *p, struct span text, bool small)
{
    struct file_outcome *const o = arena_alloc(a, sizeof *o);
    struct arena *const records = arena_new();
    struct decoder *const d = decoder_of(FORM_CSV, p, text);
    uint8_t *const ids = arena_array(a, 60000, 16);
    struct findings f = {0};
    struct record *r;
    enum rule_id fatal;
    struct err e = {0};
    enum decode_status s;

    while ((s = decoder_next(d, records, &r, &f, &fatal, &e)) == DECODE_RECORD) {
        o->faulty += f.count > 0;
        o->ambiguous += r->started_at_ambiguous;
        tally_record(&o->all, r);
        if (small && !seen(ids, o->records, r->stop_id))
            tally_record(&o->first, r);
        memcpy(&ids[o->records++ * 16], r->stop_id, 16);
        if (o->records % 256 == 0)
            arena_reset(records);
    }
    ck_assert_msg(s == DECODE_END, "%s", e.text);
    count_distinct(o, ids);
    arena_free(records);
    return o;
}

static void
check_tallies(const struct tallies *t, const struct tally *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++)
        ck_assert_msg(tally_of(t, wanted[i].name) == wanted[i].count, "%s: %u, published %u",
                      wanted[i].name, tally_of(t, wanted[i].name), wanted[i].count);
}

/* R: summary(carData::MplsStops) */
START_TEST(minneapolis_gives_the_published_counts)
{
    static const struct tally published[] = {
        {"after_contact black", 15220},
        {"after_contact white", 11703},
        {"after_contact not_perceived", 9219},
        {"after_contact not_recorded", 8221},
        {"before_contact not_perceived", 28337},
        {"search clothing", 5237},
        {"search vehicle", 3120},
        {"gender man", 27131},
        {"gender woman", 10015},
        {"result criminal_fine", 3211},
        {"result nothing_sent_on", 15899},
    };
    const char *const path = shared_data(a, __func__, "mpls_stops/MplsStops.csv.gz");
    if (!path)
        return;
    const struct file_outcome *const o =
        decode_file(loaded("minneapolis"), unpacked(a, path), false);

    ck_assert_uint_eq(o->records, 51920);
    ck_assert_uint_eq(o->faulty, 0);
    ck_assert_uint_eq(o->distinct, 51920);
    ck_assert_uint_eq(o->ambiguous, 0);
    check_tallies(&o->all, published, sizeof published / sizeof *published);
}
END_TEST

/* The built-in profile with one edit. */
static const struct profile *
changed_profile(const char *name, const char *old, const char *new)
{
    const struct sql_script *const s =
        sql_script_find(arena_printf(a, "collector/profiles/%s.json", name));
    struct err e = {0};
    const struct profile *const p =
        profile_compile(a, name, span_of(edited(s->text, old, new)), &e);

    ck_assert_msg(p != NULL, "%s", e.text);
    return p;
}

START_TEST(a_clock_that_went_back_gives_twelve_rows_that_the_policy_decides)
{
    const char *const path = shared_data(a, __func__, "mpls_stops/MplsStops.csv.gz");
    if (!path)
        return;
    const struct profile *const p = changed_profile("minneapolis", "\"ambiguous_time\": \"first\"",
                                                    "\"ambiguous_time\": \"refuse\"");

    ck_assert_uint_eq(decode_file(p, unpacked(a, path), false)->ambiguous, 12);
}
END_TEST

/* The repository's haringey_stats_check counts rows; without its 137 doubles there are fewer. */
START_TEST(haringey_gives_the_published_counts)
{
    static const struct tally rows[] = {
        {"self black", 2224},
        {"self white", 1905},
        {"after_contact black", 3351},
        {"after_contact white", 2904},
        {"after_contact asian", 436},
        {"after_contact other", 278},
        {"after_contact not_recorded", 166},
        {"result nothing_sent_on", 5534},
        {"result arrest_suspect", 807},
        {"find other", 119},
        {"search clothing", 7041},
        {"search vehicle", 1663},
        {"age 35+", 1171},
    };
    static const struct tally distinct[] = {{"self black", 2182}, {"self white", 1860}};
    const char *const path = shared_data(a, __func__, "london_haringey/haringey.csv.gz");
    if (!path)
        return;
    const struct file_outcome *const o =
        decode_file(loaded("data-police-uk"), unpacked(a, path), true);

    ck_assert_uint_eq(o->records, 7135);
    ck_assert_uint_eq(o->faulty, 0);
    ck_assert_uint_eq(o->distinct, 6998);
    check_tallies(&o->all, rows, sizeof rows / sizeof *rows);
    check_tallies(&o->first, distinct, sizeof distinct / sizeof *distinct);
    ck_assert_uint_eq(tally_of(&o->all, "self other") + tally_of(&o->all, "self not_stated"), 2324);
}
END_TEST

Suite *
profile_real_suite(void)
{
    Suite *const s = suite_create("profile_real");
    TCase *const t = tcase_create("sources");

    tcase_set_timeout(t, 60);
    tcase_add_checked_fixture(t, decoding_open, decoding_close);
    tcase_add_test(t, minneapolis_gives_the_published_counts);
    tcase_add_test(t, a_clock_that_went_back_gives_twelve_rows_that_the_policy_decides);
    tcase_add_test(t, haringey_gives_the_published_counts);
    suite_add_tcase(s, t);
    return s;
}
