/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a cell counts, declared once. From this list come the marks with which the collector counts
 * while it imports (collector/cell_mark.c), the order of roll_up_cell.sums, the same counts in SQL
 * (sql/functions/analysis_cells.sql, for what was not counted on the way in and for verifying), and
 * the members of the analyzer's cells. Order is part of what is stored.
 *
 * X(name, feature)  the sum, and the feature whose coverage decides whether a month takes part
 * (A003)
 */
#ifndef MAATSTAF_SQL_SUMS_H
#define MAATSTAF_SQL_SUMS_H

#define CELL_SUMS(X)                                                                               \
    X(persons, STOPS)                                                                              \
    X(low, DISCRETION)           /* low discretion: the officer did not choose the person */       \
    X(discretionary, DISCRETION) /* high or medium discretion */                                   \
    X(search_known, SEARCH)                                                                        \
    X(searched, SEARCH)                                                                            \
    X(strict_known, HIT_STRICT) /* searched, and known whether it hit */                           \
    X(strict, HIT_STRICT)                                                                          \
    X(broad_known, HIT_BROAD)                                                                      \
    X(broad, HIT_BROAD)                                                                            \
    X(sound_known, SELECTION) /* discretionary, and known whether the selection is sound */        \
    X(sound, SELECTION)                                                                            \
    X(weak_known, WEAK) /* discretionary, and known whether only weak codes were given */          \
    X(weak, WEAK)                                                                                  \
    X(text_known, TEXT) /* discretionary, and the quality of the text known */                     \
    X(boilerplate, TEXT)                                                                           \
    X(explained_known, EXPLAINED)                                                                  \
    X(unprompted, EXPLAINED)                                                                       \
    X(explained_well, EXPLAINED) /* unprompted, and what was told matches what was recorded */     \
    X(match_known, MATCH)                                                                          \
    X(match_full, MATCH)                                                                           \
    X(match_partial, MATCH)                                                                        \
    X(plain_known, TREATMENT)                                                                      \
    X(plain, TREATMENT)  /* no force or treatment flag without search, arrest, risk */             \
    X(worn, BODYCAM)     /* a bodycam was worn */                                                  \
    X(recorded, BODYCAM) /* … and it recorded the whole stop */                                  \
    X(reflect_known, REFLECTION)                                                                   \
    X(reflected, REFLECTION) /* within seven days */                                               \
    X(sanction_known, SANCTION)                                                                    \
    X(sanctioned, SANCTION)                                                                        \
    X(repeat_known, REPEAT)                                                                        \
    X(repeated, REPEAT) /* stopped three times or more in twelve months */

enum sum {
#define X(name, feature) SUM_##name,
    CELL_SUMS(X)
#undef X
        SUM_COUNT
};

/* A feature is covered in a month when at least half of those it applies to have it (A003). */
enum feature {
    FEATURE_STOPS,
    FEATURE_DISCRETION,
    FEATURE_SEARCH,
    FEATURE_HIT_STRICT,
    FEATURE_HIT_BROAD,
    FEATURE_SELECTION,
    FEATURE_WEAK,
    FEATURE_TEXT,
    FEATURE_EXPLAINED,
    FEATURE_MATCH,
    FEATURE_TREATMENT,
    FEATURE_BODYCAM,
    FEATURE_REFLECTION,
    FEATURE_SANCTION,
    FEATURE_REPEAT,
    FEATURE_COUNT
};

#endif
