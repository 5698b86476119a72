/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is known of a unit in a month beside its cells, and the rules that are judged on it,
 * declared once. The counts are made in SQL when an analysis is made
 * (sql/functions/analysis_unit_months.sql; order is part of what is stored). From the rules come
 * rows of the table of rules (collector/rules.c), and the shares and texts of the analyzer.
 */
#ifndef MAATSTAF_SQL_UNIT_MONTHS_H
#define MAATSTAF_SQL_UNIT_MONTHS_H

#define UNIT_MONTH_COUNTS(X)                                                                       \
    X(timed)           /* stops whose clock time is exact, or not said to be coarser */            \
    X(on_quarter)      /* … and lies on :00, :15, :30 or :45 */                                  \
    X(lasted)          /* stops with a duration */                                                 \
    X(lasted_the_same) /* … the one that occurs most */                                          \
    X(registered)      /* stops of which the time of registering is known */                       \
    X(at_close)        /* … that were registered on day 9 of the next month or later */          \
    X(reasoned)        /* persons with a behaviour or fact */                                      \
    X(other)           /* … of which one is a code of flag other */                              \
    X(filmed)          /* stops with a bodycam on, the whole time or part of it */                 \
    X(fined)           /* results of flag fine or pv */                                            \
    X(arrested)        /* persons with a result of flag arrest */

enum unit_month_count {
#define X(name) UNIT_##name,
    UNIT_MONTH_COUNTS(X)
#undef X
        UNIT_MONTH_COUNT
};

/* Fewer stops (persons, where persons are counted) in a month are not judged, and give no rate. */
#define UNIT_MONTH_LEAST 50

#define UNIT_PERCENT_(n) #n
#define UNIT_PERCENT(n)  UNIT_PERCENT_(n) "%"

/* Shares are tripped when they are larger. Why these: docs/methods/plausibility.md. */
#define QUARTERS_MOST      50
#define SAME_DURATION_MOST 50
#define UNCLEAR_MOST       25
#define OTHER_MOST         25
#define NOT_PERCEIVED_MOST 25
#define DROP_MOST          50
#define AT_CLOSE_MOST      90
#define CONTROL_SLACK      10 /* of a control total, to either side */

/*
 * X(code, severity, percent, Dutch, English, how exactly it is read). Plausibility: W130-W136 over
 * a unit and month, never over a person; X200-X205 against control totals.
 */
/* clang-format off */
#define UNIT_RULES(X)                                                                                  \
X(W130, WARNING, QUARTERS_MOST,                                                                        \
  "Opvallend veel controles van deze eenheid beginnen op een heel kwartier.",                          \
  "Remarkably many stops of this unit begin on a quarter of the hour.",                                \
  "Of stops with an exact time, over " UNIT_PERCENT(QUARTERS_MOST)                                     \
  " begin on minute 0, 15, 30 or 45; spread evenly it would be 6.7%.")                                 \
X(W131, WARNING, SAME_DURATION_MOST,                                                                   \
  "Opvallend veel controles van deze eenheid duurden even lang.",                                      \
  "Remarkably many stops of this unit took the same time.",                                            \
  "One value of duration_min has over " UNIT_PERCENT(SAME_DURATION_MOST) " of the stops with one.")    \
X(W132, WARNING, UNCLEAR_MOST,                                                                         \
  "Opvallend vaak is de groep gemengd of niet duidelijk.",                                             \
  "The group is remarkably often mixed or unclear.",                                                   \
  "The class of setting mixed_class has over " UNIT_PERCENT(UNCLEAR_MOST)                              \
  " of the persons perceived after contact (before contact where a source has no other).")             \
X(W133, WARNING, OTHER_MOST,                                                                           \
  "Opvallend vaak is de reden van de controle 'anders'.",                                              \
  "The reason of the stop is remarkably often 'other'.",                                               \
  "Of persons with a behaviour or fact, over " UNIT_PERCENT(OTHER_MOST)                                \
  " have one of flag other.")                                                                          \
X(W134, WARNING, NOT_PERCEIVED_MOST,                                                                   \
  "Opvallend vaak is de groep niet waargenomen.",                                                      \
  "The group was remarkably often not perceived.",                                                     \
  "Codes of flag not_perceived have over " UNIT_PERCENT(NOT_PERCEIVED_MOST)                            \
  " of the persons perceived after contact (before contact where a source has no other).")             \
X(W135, WARNING, DROP_MOST,                                                                            \
  "Deze eenheid registreerde plotseling veel minder controles.",                                       \
  "This unit suddenly registered far fewer stops.",                                                    \
  "Over " UNIT_PERCENT(DROP_MOST) " fewer than on average in the three months before, "                \
  "when all three had stops and the average is 50 or more.")                                           \
X(W136, WARNING, AT_CLOSE_MOST,                                                                        \
  "Bijna alle controles van deze eenheid zijn pas vlak voor de maandsluiting ingevoerd.",              \
  "Nearly all stops of this unit were entered just before the month was closed.",                      \
  "Over " UNIT_PERCENT(AT_CLOSE_MOST) " of the stops were registered on day 9 of the next month "      \
  "(local time) or later; the month closes with day 10.")                                              \
X(X200, CROSS, CONTROL_SLACK,                                                                          \
  "Het aantal geregistreerde boetes en processen-verbaal wijkt af van de telling van CJIB of BVH.",    \
  "The number of registered fines and reports differs from the count of CJIB or BVH.",                 \
  "Results of flag fine or pv against control totals of kind fines: under 90% or over 110%.")          \
X(X201, CROSS, 0,                                                                                      \
  "Er zijn minder controles geregistreerd dan de meldkamer of de bevraging telt.",                     \
  "Fewer stops were registered than dispatch or the query log counts.",                                \
  "Persons stopped against control totals of kind stops, persons, dispatch, meos or proco: fewer.")    \
X(X202, CROSS, CONTROL_SLACK,                                                                          \
  "Het aantal aanhoudingen in de registratie wijkt af van de telling van aanhoudingen.",               \
  "The number of arrests in the registrations differs from the count of arrests.",                     \
  "Persons with a result of flag arrest against control totals of kind arrests: under 90% or over 110%.") \
X(X203, CROSS, CONTROL_SLACK,                                                                          \
  "Het aantal controles met de bodycam aan wijkt af van de telling van de camera's.",                  \
  "The number of stops with the bodycam on differs from the count of the cameras.",                    \
  "Stops with bodycam worn_on_full or worn_on_part against control totals of kind bodycam: under 90% or over 110%.") \
X(X204, CROSS, 0,                                                                                      \
  "De persoon zegt iets anders dan de registratie.",                                                   \
  "The person says something else than the registration.",                                             \
  "Feedback that says searched or not explained against the record. No feedback is collected yet: counted as not applicable.") \
X(X205, CROSS, 0,                                                                                      \
  "Van deze eenheid en maand zijn er te weinig controles voor een cijfer.",                            \
  "There are too few stops of this unit and month for a figure.",                                      \
  "Fewer than 50 persons stopped, or none: a gap marker, and no rate.")
/* clang-format on */

enum unit_rule {
#define X(code, ...) UNIT_##code,
    UNIT_RULES(X)
#undef X
        UNIT_RULE_COUNT
};

#endif
