/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Stops held against residents: the counts and residents of a group and of its reference in a
 * place, and what withholds a figure that rests on them. Shared by the measures of rates; appends
 * no figure. Where the city's residents are a sum of areas', only stops in those areas count.
 */
#ifndef MAATSTAF_ANALYZER_MEASURE_RESIDENTS_H
#define MAATSTAF_ANALYZER_MEASURE_RESIDENTS_H

#include "analyzer/measure/measure.h"
#include "analyzer/measure/strata.h"
#include "analyzer/stat/rate.h"

extern const char residents_benchmark[]; /* "residents" */

/* A group beside its reference. Exposures are residents, not yet scaled to the months counted. */
struct residents_pair {
    struct rate_pair pair;
    int reference; /* -1: all others, else a group */
    const char *name;
    bool small;          /* A001 */
    const char *guard;   /* A003, A005, A001 or NULL */
    const double *draws; /* of the group's residents; NULL when they are known */
    const double *draws_reference;
};

/* False when the group is the reference itself. */
bool residents_pair(const struct measure *m, const struct frame *f, struct residents_pair *out);

/* The same of all strata of places that figures are pooled over (strata.h), where there are
 * residents of both. */
struct residents_pool {
    struct strata strata;
    struct rate_pair *pairs; /* of each */
};
struct residents_pool residents_pool(const struct measure *m, const struct frame *f, int reference);

/* Residents of a stratum; group -1: all. */
double residents_of_stratum(const struct measure *m, const struct stratum *s, int group);

/* Of a group and its reference in one draw of the bridge. */
struct residents_drawn {
    double n1, n0;
};
struct residents_drawn residents_of_draw(const struct measure *m, const struct stratum *s,
                                         int group, int reference, unsigned draw);

/*
 * The pairs of a perspective and group in all places that figures are pooled over and whose numbers
 * are shown; room for every place. How many. None when the group is the reference.
 */
size_t residents_places(const struct measure *m, const struct frame *f,
                        struct residents_pair *pairs, unsigned *places);

/* Persons stopped in the frame's place who can be held against residents; group -1: all. */
double residents_persons(const struct measure *m, const struct frame *f, int group);

/* The same of one month (0 is the oldest), in a place that is followed by month. */
double residents_persons_of_month(const struct measure *m, unsigned month, const struct frame *f,
                                  int group);

/* Whether that number is not shown (A001). */
bool residents_small(const struct measure *m, const struct frame *f, int group);

/* Whether the frame's place is a city whose residents are a sum of areas'. */
bool residents_is_sum(const struct measure *m, const struct frame *f);

/* Residents of the reference: of a group, or of all but the group. */
double residents_of_reference(const struct measure *m, unsigned place, int group, int reference);

/* Share of the window's months that take part: with eleven of twelve, a resident counts 11/12. */
double residents_months_share(const struct measure *m, const struct frame *f);

/* Notes how many persons were stopped where there are no residents to hold them against. */
void residents_note_left_out(const struct measure *m, const struct frame *f, struct figure *x);

/* A006: a figure against residents of another time is shown, and says so. */
void residents_warn_of_vintage(const struct measure *m, struct figure *x);

#endif
