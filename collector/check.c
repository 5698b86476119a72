/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Runs the table over a record: what every predicate may see is worked out once (local date, area,
 * group mode, what the text says), the derived fields are filled, the text is screened, then each
 * applicable rule is asked. One checker a thread: the recent texts and the counters are its own.
 */
#include "collector/check.h"

#include "collector/derive.h"
#include "collector/fold.h"
#include "collector/rule.h"
#include "collector/screen.h"
#include "collector/similar.h"
#include "collector/words.h"
#include "common/fault.h"
#include "common/log.h"
#include "common/utf8.h"

enum { SHORT_TEXT = 20 }; /* characters (W062) */

struct checker {
    const struct installation *in;
    const struct coverage *coverage, *gaps; /* gaps NULL: none */
    int64_t go_live;
    bool place_known; /* the coordinates of the installation are those of this source */
    struct zone *zone;
    struct words *words;
    struct lexicon *lexicon;
    bool told; /* that no text can be judged */
    struct similar *similar;
    unsigned stop_count, person_count;
    enum rule_id stop_rules[RULE_COUNT], person_rules[RULE_COUNT]; /* applicable ones */
    unsigned absent_count;
    enum rule_id absent[RULE_COUNT]; /* predicates that are not applicable */
    uint64_t records;
    uint64_t not_applicable[RULE_COUNT];
};

/* ---- once a run ----------------------------------------------------------------------------- */

static void
choose_rules(struct checker *c)
{
    for (unsigned id = 0; id < RULE_COUNT; id++) {
        const struct rule_test *const test = &rule_tests[id];
        bool applies = true;

        if (!test->trips)
            continue;
        for (unsigned i = 0; i < RULE_NEEDS_MOST && test->needs[i] != 0; i++)
            applies = applies && coverage_has(c->coverage, test->needs[i]);
        if (!applies)
            c->absent[c->absent_count++] = (enum rule_id)id;
        else if (test->scope == RULE_OF_STOP)
            c->stop_rules[c->stop_count++] = (enum rule_id)id;
        else
            c->person_rules[c->person_count++] = (enum rule_id)id;
    }
}

struct checker *
checker_new(struct arena *a, const struct installation *installation, const struct profile *profile,
            instant now, struct err *e)
{
    struct checker *const c = arena_alloc(a, sizeof *c);
    const char *const zone = profile ? profile_zone(profile) : NULL;

    (void)
        now; /* every rule about "now" uses the time of receipt, so that a retry judges the same */
    c->in = installation;
    c->coverage = profile ? profile_coverage(profile) : NULL;
    c->gaps = profile_gaps(profile);
    c->go_live = installation->go_live;
    if (profile && profile_go_live(profile) != INT64_MIN)
        c->go_live = profile_go_live(profile);
    c->place_known = !profile || !profile_area_set(profile);
    c->zone = zone_open(a, zone ? zone : installation->zone_name, e);
    if (!c->zone)
        return NULL;
    c->words = words_new(a, installation);
    c->lexicon = lexicon_new(a, installation, c->words);
    c->similar = similar_new(a);
    choose_rules(c);
    return c;
}

const uint64_t *
checker_not_applicable(const struct checker *c)
{
    return c->not_applicable;
}

/* ---- text ----------------------------------------------------------------------------------- */

/* Said once: every text is set apart while it lasts, and the reader of the log must learn why. */
static struct screen_hits
screen(struct checker *c, struct span text)
{
    const struct screen_hits hits = screen_text(c->lexicon, text);

    if (!c->told && !lexicon_ready(c->lexicon)) {
        log_write(LOG_WARNING,
                  "no dictionary to judge texts by: every text is set apart (E120) language=%s "
                  "remedy=\"install hunspell-%s or set dictionaries\"",
                  c->in->text_language, c->in->text_language);
        c->told = true;
    }
    return hits;
}

static void
add_hits(struct findings *f, struct screen_hits hits, const struct field *field, int64_t person)
{
    if (PLANTED(keep_identifier) && hits.certain)
        return;
    if (hits.certain)
        finding_add(f, RULE_R010, field->pointer, person);
    else if (hits.suspected)
        finding_add(f, RULE_E120, field->pointer, person);
}

/*
 * Where a profile takes every area, what it brings becomes the name of a neighbourhood: neither an
 * identifier nor a sign that could do something where it is shown. Names of places often are names
 * of persons, so a suspicion counts for nothing here.
 */
static void
screen_area(struct checker *c, const struct value *area, struct findings *f)
{
    const char *const pointer = stop_fields[STOP_buurt_code].pointer;

    if (!c->in->areas_open || !area->given)
        return;
    if (screen(c, area->text).certain)
        finding_add(f, RULE_R010, pointer, 0);
    for (size_t i = 0; i < area->text.length; i++) {
        const unsigned char byte = (unsigned char)area->text.data[i];

        if (byte < ' ' || byte == 0x7F || byte == '<' || byte == '>') {
            finding_add_why(f, RULE_R012, pointer, 0, "a sign that names of areas must not have");
            return;
        }
    }
}

static void
screen_stop(struct checker *c, const struct record *r, struct findings *f)
{
    static const enum stop_field free_text[] = {STOP_late_reason, STOP_withdrawal_reason,
                                                STOP_persons_reason};
    static const enum stop_field references[] = {STOP_operation_ref, STOP_area_designation_ref,
                                                 STOP_unit_code, STOP_source_system, STOP_geo_cell};
    const struct value *const number = &r->v[STOP_source_record_no];

    for (unsigned i = 0; i < sizeof free_text / sizeof *free_text; i++)
        if (r->v[free_text[i]].given)
            add_hits(f, screen(c, r->v[free_text[i]].text), &stop_fields[free_text[i]], 0);
    for (unsigned i = 0; i < sizeof references / sizeof *references; i++)
        if (r->v[references[i]].given)
            add_hits(f, screen_reference(r->v[references[i]].text), &stop_fields[references[i]], 0);
    screen_area(c, &r->v[STOP_buurt_code], f);
    if (number->given && screen_has_email(number->text))
        finding_add(f, RULE_R010, stop_fields[STOP_source_record_no].pointer, 0);
}

static void
screen_person(struct checker *c, const struct person *p, struct findings *f)
{
    const struct value *const text = &p->text[TEXT_selection_text];
    const struct value *const receipt = &p->v[PERSON_receipt_reason];

    if (text->given)
        add_hits(f, screen(c, text->text), &text_fields[TEXT_selection_text], p->seq);
    if (receipt->given)
        add_hits(f, screen(c, receipt->text), &person_fields[PERSON_receipt_reason], p->seq);
    for (unsigned i = 0; i < p->result_count; i++) {
        f->element = i + 1;
        if (p->results[i].v[RESULT_offence_code].given)
            add_hits(f, screen_reference(p->results[i].v[RESULT_offence_code].text),
                     &result_fields[RESULT_offence_code], p->seq);
    }
    f->element = 0;
}

/* A stop is never like itself: not its other persons, its later version, or it checked again. */
static uint64_t
stop_number(const struct checker *c, const struct record *r)
{
    uint64_t number = 0;

    memcpy(&number, r->stop_id, sizeof number);
    return number ? number : c->records;
}

/* Sets what the text says; remembers it for the unit. */
static void
read_text(struct checker *c, struct checking *see)
{
    const struct value *const text = &see->p->text[TEXT_selection_text];
    const struct value *const unit = &see->r->v[STOP_unit_code];
    char words[FOLD_BYTES];
    size_t length = 0;

    see->names_origin = false;
    see->text_quality = TEXT_NONE;
    if (!text->given)
        return;
    see->text_quality = TEXT_BOILERPLATE;
    if (!fold_words(text->text, words, &length))
        return; /* the screen has found that it cannot be read */

    const struct span folded = {words, length};
    const bool similar = similar_seen(c->similar, unit->given ? unit->text : (struct span){"", 0},
                                      stop_number(c, see->r), folded);

    see->names_origin = words_name_origin(c->words, folded);
    if (!similar && utf8_length(text->text) >= SHORT_TEXT && !words_are_banned(c->words, folded))
        see->text_quality = TEXT_GOOD;
}

/* ---- asking the rules ------------------------------------------------------------------------ */

static void
find_group_mode(struct checking *see)
{
    for (unsigned i = 0; i < see->in->decision_count; i++) {
        const struct group_decision *const d = &see->in->decisions[i];

        if (see->day < d->from || see->day > d->until)
            continue;
        see->perceived_on = see->perceived_on || d->perceived;
        see->self_on = see->self_on || d->self;
    }
}

static struct checking
look_at(struct checker *c, const struct record *r, instant received)
{
    const struct value *const started = &r->v[STOP_started_at];
    const struct value *const buurt = &r->v[STOP_buurt_code];
    struct checking see = {.in = c->in,
                           .coverage = c->coverage,
                           .r = r,
                           .received = received,
                           .dated = started->given,
                           .place_known = c->place_known,
                           .go_live = c->go_live,
                           .discretion = derive_discretion(r)};

    if (see.dated) {
        struct civil local;

        see.start = started->number;
        zone_civil(c->zone, see.start, &local);
        see.day = civil_days(local.year, local.month, local.day);
        see.year = local.year;
        if (buurt->given)
            see.area = area_find(c->in, buurt->text, local.year);
        find_group_mode(&see);
    }
    return see;
}

/* How many elements the person has in the list of that part; 0 for parts that are no list. */
static unsigned
elements(const struct person *p, enum part part)
{
    return part == PART_GROUP    ? p->group_count
           : part == PART_ACTION ? p->action_count
           : part == PART_FIND   ? p->find_count
           : part == PART_RESULT ? p->result_count
                                 : 0;
}

/* The person with nothing but one element in that list. */
static struct person
with_only(const struct person *p, enum part part, unsigned i)
{
    struct person one = *p;

    if (part == PART_GROUP)
        one.groups = &p->groups[i];
    else if (part == PART_ACTION)
        one.actions = &p->actions[i];
    else if (part == PART_FIND)
        one.finds = &p->finds[i];
    else
        one.results = &p->results[i];
    *(part == PART_GROUP    ? &one.group_count
      : part == PART_ACTION ? &one.action_count
      : part == PART_FIND   ? &one.find_count
                            : &one.result_count) = 1;
    return one;
}

/* The first element, from 1, that trips the rule by itself; 0 when it takes several or none. */
static unsigned
tripping_element(const struct checking *see, const struct rule_test *test)
{
    const enum part part = test->needs[0] ? rule_part(test->needs[0]) : PART_STOP;
    const unsigned count = see->p ? elements(see->p, part) : 0;

    for (unsigned i = 0; i < count; i++) {
        const struct person one = with_only(see->p, part, i);
        struct checking alone = *see;

        alone.p = &one;
        if (test->trips(&alone))
            return i + 1;
    }
    return 0;
}

/* The values of that part: of the stop, of the person, or of one element (from 0) of a list. */
static const struct value *
values_of(const struct checking *see, enum part part, unsigned i)
{
    switch (part) {
    case PART_STOP:
        return see->r->v;
    case PART_OFFICER:
        return see->r->officer;
    case PART_PERSON:
        return see->p ? see->p->v : NULL;
    case PART_TEXT:
        return see->p ? see->p->text : NULL;
    case PART_TRAIT:
        return see->p ? see->p->trait : NULL;
    case PART_GROUP:
        return see->p && i < see->p->group_count ? see->p->groups[i].v : NULL;
    case PART_ACTION:
        return see->p && i < see->p->action_count ? see->p->actions[i].v : NULL;
    case PART_FIND:
        return see->p && i < see->p->find_count ? see->p->finds[i].v : NULL;
    case PART_RESULT:
        return see->p && i < see->p->result_count ? see->p->results[i].v : NULL;
    case PART_COUNT:
        break;
    }
    return NULL;
}

/* Whether the source is known to leave a needed field out at times, and did so here: in the element
 * that tripped, when it was one. */
static bool
left_out(const struct checker *c, const struct checking *see, const struct rule_test *test,
         unsigned element)
{
    for (unsigned i = 0; c->gaps && i < RULE_NEEDS_MOST && test->needs[i] != 0; i++) {
        const struct value *const v =
            values_of(see, rule_part(test->needs[i]), element > 0 ? element - 1 : 0);

        if (coverage_has(c->gaps, test->needs[i]) && (!v || !v[test->needs[i] & 0xFF].given))
            return true;
    }
    return false;
}

static void
ask(struct checker *c, const struct checking *see, const enum rule_id *ids, unsigned count,
    struct findings *f)
{
    for (unsigned i = 0; i < count; i++) {
        const struct rule_test *const test = &rule_tests[ids[i]];

        if (!test->trips(see))
            continue;
        f->element = tripping_element(see, test);
        if (left_out(c, see, test, f->element)) {
            c->not_applicable[ids[i]]++;
            f->element = 0;
            continue;
        }
        finding_add(f, ids[i], test->needs[0] ? rule_field(test->needs[0])->pointer : "/persons",
                    see->p ? see->p->seq : 0);
        f->element = 0;
    }
}

void
check_record(struct checker *c, struct arena *a, struct record *r, instant received,
             struct findings *f)
{
    struct checking see = look_at(c, r, received);

    if (!f->arena)
        f->arena = a;
    c->records++;
    derive_stop(&see, r);
    screen_stop(c, r, f);
    for (unsigned i = 0; i < r->person_count; i++) {
        f->person = i + 1;
        screen_person(c, &r->persons[i], f);
    }
    f->person = 0;
    /* A withdrawal, or "no further information", carries the envelope: nothing to hold to the
     * rules. */
    if (record_is_full(r)) {
        ask(c, &see, c->stop_rules, c->stop_count, f);
        for (unsigned i = 0; i < c->absent_count; i++)
            c->not_applicable[c->absent[i]]++;
    }
    for (unsigned i = 0; i < r->person_count; i++) {
        see.p = &r->persons[i];
        f->person = i + 1;
        read_text(c, &see);
        derive_person(&see, &r->persons[i]);
        if (record_is_full(r))
            ask(c, &see, c->person_rules, c->person_count, f);
    }
    f->person = 0;
    derive_state(r, f);
}
