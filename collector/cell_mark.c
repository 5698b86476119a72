/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The counts of sql/sums.h over one person. analysis.cell_sums() states the same in SQL, and a test
 * counts the same registrations both ways.
 */
#include "collector/cell_mark.h"
#include "collector/codes.h"
#include "collector/rule.h"

#include <assert.h>

static_assert(SUM_COUNT <= 32, "the bits of a mark");

static bool
text_is(const struct value *v, const char *text)
{
    return v->given && span_is(v->text, text);
}

bool
record_counts(const struct record *r)
{
    return !value_is(&r->v[STOP_tx_type], "W");
}

static uint32_t
sums_of(const struct person *p)
{
    const struct value *const v = p->v;
    const bool searched = value_true(&v[PERSON_searched]);
    const bool chosen =
        text_is(&v[PERSON_discretion], "high") || text_is(&v[PERSON_discretion], "medium");
    const bool full = text_is(&v[PERSON_reason_match], "full");
    const bool partial = text_is(&v[PERSON_reason_match], "partial");
    const bool unprompted = value_is(&v[PERSON_explained], "unprompted");
    const struct value *const bodycam = &v[PERSON_bodycam];
    const struct value *const prior = &v[PERSON_prior_stops_12m_band];
    const bool sums[SUM_COUNT] = {
        [SUM_persons] = true,
        [SUM_low] = text_is(&v[PERSON_discretion], "low"),
        [SUM_discretionary] = chosen,
        [SUM_search_known] = v[PERSON_searched].given,
        [SUM_searched] = searched,
        [SUM_strict_known] = searched && v[PERSON_hit_strict].given,
        [SUM_strict] = searched && value_true(&v[PERSON_hit_strict]),
        [SUM_broad_known] = searched && v[PERSON_hit_broad].given,
        [SUM_broad] = searched && value_true(&v[PERSON_hit_broad]),
        [SUM_sound_known] = chosen && v[PERSON_selection_sound].given,
        [SUM_sound] = chosen && value_true(&v[PERSON_selection_sound]),
        [SUM_weak_known] = chosen && v[PERSON_only_weak].given,
        [SUM_weak] = chosen && value_true(&v[PERSON_only_weak]),
        [SUM_text_known] = chosen && v[PERSON_text_quality].given,
        [SUM_boilerplate] = chosen && text_is(&v[PERSON_text_quality], "boilerplate"),
        [SUM_explained_known] = v[PERSON_explained].given,
        [SUM_unprompted] = unprompted,
        [SUM_explained_well] = unprompted && (full || partial),
        [SUM_match_known] = v[PERSON_reason_match].given,
        [SUM_match_full] = full,
        [SUM_match_partial] = partial,
        [SUM_plain_known] = v[PERSON_treated_plainly].given,
        [SUM_plain] = value_true(&v[PERSON_treated_plainly]),
        [SUM_worn] = value_is(bodycam, "worn_on_full") || value_is(bodycam, "worn_on_part") ||
                     value_is(bodycam, "worn_off"),
        [SUM_recorded] = value_is(bodycam, "worn_on_full"),
        [SUM_reflect_known] = v[PERSON_reflected_in_time].given,
        [SUM_reflected] = value_true(&v[PERSON_reflected_in_time]),
        [SUM_sanction_known] = v[PERSON_sanctioned].given,
        [SUM_sanctioned] = value_true(&v[PERSON_sanctioned]),
        [SUM_repeat_known] = prior->given && !value_is(prior, "unknown"),
        [SUM_repeated] = value_is(prior, "3-4") || value_is(prior, "5+"),
    };
    uint32_t bits = 0;

    for (unsigned i = 0; i < SUM_COUNT; i++)
        bits |= (uint32_t)sums[i] << i;
    return bits;
}

/* As the database numbers them: a perspective that is neither of the first two is the person's
 * own. */
static unsigned
perspective_number(const struct value *perspective)
{
    return value_is(perspective, "before_contact")  ? 1
           : value_is(perspective, "after_contact") ? 2
                                                    : 3;
}

void
cell_mark_person(struct cell_mark *m, const struct person *p)
{
    m->sums = sums_of(p);
    m->reason = p->v[PERSON_reason].given ? p->v[PERSON_reason].text : (struct span){"", 0};
    for (unsigned i = 0; i < CELL_PERSPECTIVES; i++)
        m->groups[i] = (struct span){"", 0};
    for (unsigned i = 0; i < p->group_count; i++) {
        const struct value *const v = p->groups[i].v;

        if (v[GROUP_group_class].given)
            m->groups[perspective_number(&v[GROUP_perspective])] = v[GROUP_group_class].text;
    }
}
