/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * All that one analysis is computed from: cells, reference figures, batch counts and the choices
 * made. Measures read this and nothing else, so that equal inputs give equal bytes. Arrays are in a
 * fixed order. Belongs to one arena; constant after loading.
 */
#ifndef MAATSTAF_ANALYZER_CELLS_INPUTS_H
#define MAATSTAF_ANALYZER_CELLS_INPUTS_H

#include "analyzer/cells/cells.h"
#include "common/clock.h"
#include "common/err.h"
#include "common/str.h"
#include "common/sun.h"
#include "sql/unit_months.h"

#include <stdbool.h>

/* The choices of a run. They are stored with it and are all that `verify` needs. */
struct choices {
    struct month month;
    uint64_t seed;
    const char *area_set, *zone, *group_list, *bridge_version;
    const char *reference; /* "others", or a group's code */
    const char *previous;  /* the run of the month before whose signals are carried on; "" none */
    int64_t ledger_entry;  /* batches up to this entry are counted */
    int64_t load_head;     /* reference loads up to this one are read */
    unsigned draws;        /* of the bridge */
    double level;          /* of intervals */
    bool models;           /* fitted and sampled ones too */
};

struct place {
    const char *code, *name, *level; /* level: city, district, wijk, buurt, area, unknown */
    const char *parent;              /* NULL: none */
};

struct label {
    const char *list, *code, *nl, *en;
    bool not_perceived, sensitive;
};

struct population {
    const char *area, *class;
    int year;
    double persons;
    int rounded_to;
};

struct bridge {
    const char *class, *group;
    double weight, low, high;
};

struct benchmark {
    const char *name, *area, *group, *family, *unit;
    int from, until; /* month_index() */
    double exposure;
};

struct control_total {
    const char *source, *unit, *kind;
    int from, until; /* month_index() of first and last day */
    double count;
};

struct batch { /* all batches of a source, profile and status */
    const char *source_system, *profile, *status;
    double batches, received, accepted, duplicate, quarantined, refused;
};

struct batch_message {
    const char *code, *severity;
    double count;
};

/*
 * Cells for models, counted when an analysis is made (docs/decisions/016): persons of the twelve
 * months. Units and groups are numbered as in the cells; areas are wijken, or a foreign set's
 * areas, in inputs->model_areas. Sorted by their members, in order of declaration.
 */
struct like_cell {
    uint16_t area, unit;
    uint16_t daypart; /* four hours of the local clock, of weekdays or the weekend: "we 20-24" */
    uint16_t basis;   /* the first power used; "" unknown */
    uint16_t mode;    /* of the stop: walking, car, …; "" unknown */
    uint16_t perspective, group; /* perspective is never PERSPECTIVE_ALL */
    int32_t sum[SUM_COUNT];
};

/* In what light a person was stopped, or whether the group was seen before the decision. */
enum light_variant {
    LIGHT_YEAR,         /* farther than 30 days from a change of the clock */
    LIGHT_CLOCK_CHANGE, /* within 30 days: the veil of darkness takes both, this variant one */
    LIGHT_BEFORE,       /* "dark" is: the group was not perceived before the decision */
    LIGHT_VARIANTS
};

struct light_cell {
    uint16_t variant;
    uint16_t area;
    uint16_t minute; /* of the local day: its five minutes, 0, 5, … 1435; LIGHT_BEFORE: quarters */
    uint16_t dark;   /* 0 or 1 */
    uint16_t perspective, group;
    int32_t n;
};

/* Persons of whom both were recorded. */
struct both_cell {
    uint16_t after, self; /* groups */
    int32_t n;
};

/* A signal as the previous run left it (analyzer/measure/signal.h). */
struct earlier_signal {
    const char *id, *kind, *level_of_place, *place, *perspective, *group;
    const char *grade, *since;
};

/* Counts that the rules of units are judged on; month as in the cells, unit in their names. */
struct unit_month {
    uint16_t unit, month;
    int32_t count[UNIT_MONTH_COUNT];
};

struct not_covered { /* a field (JSON pointer) that no stored batch of the source covers */
    const char *source_system, *field;
};

struct inputs {
    struct choices choices;
    const struct cells *cells;
    const char *city_name, *municipality;
    const char *mixed_class; /* of a person with two groups; "" none */
    char ledger_hash[65];    /* hex; of the entry in choices */
    size_t place_count, label_count, population_count, bridge_count, benchmark_count, control_count,
        batch_count, message_count, like_count, light_count, both_count, earlier_count,
        unit_month_count, not_covered_count;
    struct place *places;
    struct label *labels;
    struct population *population;
    struct bridge *bridge;
    struct benchmark *benchmarks;
    struct control_total *controls;
    struct batch *batches;
    struct batch_message *messages;
    struct earlier_signal *earlier; /* open ones alone, by id */
    const struct names *model_areas, *dayparts, *bases, *modes;
    struct like_cell *like;
    struct light_cell *light;
    struct both_cell *both;
    double light_coarse[PERSPECTIVES]; /* left out of light: time known to the hour or worse */
    bool has_sun;                      /* else no light, but for LIGHT_BEFORE */
    struct sun_place sun;              /* of the area set */
    struct unit_month *unit_months;
    struct not_covered *not_covered;
};

/* The label of a code, or NULL. list NULL: the group list of the run. */
const struct label *inputs_label(const struct inputs *in, const char *list, const char *code);

/* Everything as text (canonical JSON, then one line a cell): what is hashed, kept and compared. */
struct strbuf *inputs_text(const struct inputs *in, struct arena *a);

/* The choices as canonical JSON, and back. */
struct strbuf *choices_text(const struct choices *c, struct arena *a);
bool choices_parse(struct arena *a, struct span text, struct choices *c, struct err *e);

#endif
