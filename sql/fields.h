/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The fields of a registration, declared once. From these lists come the record in memory, the
 * JSON and CSV names, the COPY columns, the ledger's canonical form and the data dictionary; a test
 * holds them against the database's catalogue. Order is part of the canonical form (version 1).
 *
 * X(TABLE, name, json, TYPE, list, need, least, most, privacy)
 *   name     column in the database and last part of the JSON and CSV name
 *   json     object inside the person that holds it ("" for none)
 *   TYPE     CODE (one code of `list`), CODES (several, in the row), TEXT, INT, BOOL, TIME
 *   need     M always, C when a rule says so, O optional, D derived by the collector
 *   bounds   of INT the value, of TEXT the characters, of CODES how many
 *   privacy  P0 … P3 (design 3)
 */
#ifndef MAATSTAF_SQL_FIELDS_H
#define MAATSTAF_SQL_FIELDS_H

#define STOP_FIELDS(X)                                                                             \
    X(STOP, source_system, "", TEXT, "", M, 1, 40, P1)                                             \
    X(STOP, source_record_no, "", TEXT, "", M, 1, 100, P1)                                         \
    X(STOP, source_version, "", INT, "", O, 1, 32767, P1)                                          \
    X(STOP, tx_type, "", CODE, "tx_type", M, 0, 0, P1)                                             \
    X(STOP, schema_version, "", TEXT, "", M, 5, 20, P0)                                            \
    X(STOP, codeset_version, "", TEXT, "", M, 3, 20, P0)                                           \
    X(STOP, registered_at, "", TIME, "", M, 0, 0, P1)                                              \
    X(STOP, late_reason, "", TEXT, "", C, 5, 250, P1)                                              \
    X(STOP, withdrawal_reason, "", TEXT, "", C, 5, 250, P1)                                        \
    X(STOP, started_at, "", TIME, "", M, 0, 0, P2)                                                 \
    X(STOP, time_precision, "", CODE, "time_precision", M, 0, 0, P0)                               \
    X(STOP, duration_min, "", INT, "", M, 1, 1440, P1)                                             \
    X(STOP, observed_before_min, "", INT, "", O, 0, 600, P1)                                       \
    X(STOP, initiated_by, "", CODE, "initiated_by", M, 0, 0, P0)                                   \
    X(STOP, operation_ref, "", TEXT, "", C, 1, 60, P1)                                             \
    X(STOP, selection_method, "", CODE, "selection_method", M, 0, 0, P0)                           \
    X(STOP, stop_mode, "", CODE, "stop_mode", M, 0, 0, P0)                                         \
    X(STOP, vehicle_involved, "", BOOL, "", C, 0, 0, P1)                                           \
    X(STOP, occupants, "", INT, "", C, 0, 60, P1)                                                  \
    X(STOP, persons_present, "", INT, "", M, 1, 10000, P1)                                         \
    X(STOP, persons_registered, "", INT, "", M, 1, 10000, P1)                                      \
    X(STOP, persons_reason, "", TEXT, "", C, 5, 250, P1)                                           \
    X(STOP, buurt_code, "", TEXT, "", M, 1, 60, P1)                                                \
    X(STOP, place_type, "", CODE, "place_type", M, 0, 0, P0)                                       \
    X(STOP, geo_cell, "", TEXT, "", O, 1, 20, P2)                                                  \
    X(STOP, legal_basis, "", CODES, "legal_basis", M, 1, 4, P0)                                    \
    X(STOP, traffic_docs_checked, "", BOOL, "", C, 0, 0, P1)                                       \
    X(STOP, area_designation_ref, "", TEXT, "", C, 1, 60, P0)                                      \
    X(STOP, public_view, "", BOOL, "", O, 0, 0, P1)                                                \
    X(STOP, unit_code, "", TEXT, "", M, 1, 40, P1)                                                 \
    X(STOP, assignment, "", CODE, "assignment", M, 0, 0, P1)                                       \
    X(STOP, officer_exp_band, "", CODE, "officer_exp_band", O, 0, 0, P2)                           \
    X(STOP, in_uniform, "", BOOL, "", M, 0, 0, P0)                                                 \
    X(STOP, officer_identified, "", CODE, "officer_identified", M, 0, 0, P0)

/* Computed when the record is taken in; in the ledger, but not in the HMAC of what was received. */
#define STOP_DERIVED(X)                                                                            \
    X(STOP, received_at, "", TIME, "", D, 0, 0, P1)                                                \
    X(STOP, state, "", TEXT, "", D, 0, 0, P1)                                                      \
    X(STOP, area_set, "", TEXT, "", D, 0, 0, P0)                                                   \
    X(STOP, wijk_code, "", TEXT, "", D, 0, 0, P0)                                                  \
    X(STOP, stadsdeel, "", TEXT, "", D, 0, 0, P0)                                                  \
    X(STOP, basisteam, "", TEXT, "", D, 0, 0, P0)                                                  \
    X(STOP, discretion, "", TEXT, "", D, 0, 0, P0)                                                 \
    X(STOP, light_class, "", TEXT, "", D, 0, 0, P0)

#define PERSON_FIELDS(X)                                                                           \
    X(PERSON, role, "", CODE, "role", M, 0, 0, P0)                                                 \
    X(PERSON, age_band, "", CODE, "age_band", M, 0, 0, P2)                                         \
    X(PERSON, perceived_gender, "", CODE, "perceived_gender", M, 0, 0, P2)                         \
    X(PERSON, prior_stops_12m_band, "", CODE, "prior_stops_12m_band", O, 0, 0, P2)                 \
    X(PERSON, behaviour, "selection", CODES, "behaviour", C, 0, 8, P0)                             \
    X(PERSON, fact, "selection", CODES, "fact", C, 0, 8, P0)                                       \
    X(PERSON, circumstance, "selection", CODES, "circumstance", C, 0, 8, P0)                       \
    X(PERSON, information_source, "selection", CODE, "information_source", M, 0, 0, P1)            \
    X(PERSON, information_age, "selection", CODE, "information_age", M, 0, 0, P1)                  \
    X(PERSON, explained, "explanation", CODE, "explained", M, 0, 0, P0)                            \
    X(PERSON, reason_told, "explanation", CODES, "reason_told", C, 0, 8, P0)                       \
    X(PERSON, receipt_given, "explanation", CODE, "receipt_given", M, 0, 0, P0)                    \
    X(PERSON, receipt_reason, "explanation", TEXT, "", C, 3, 250, P0)                              \
    X(PERSON, treatment_flags, "treatment", CODES, "treatment_flags", M, 1, 8, P1)                 \
    X(PERSON, bodycam, "treatment", CODE, "bodycam", M, 0, 0, P0)                                  \
    X(PERSON, bodycam_off_reason, "treatment", CODE, "bodycam_off_reason", C, 0, 0, P1)            \
    X(PERSON, bodycam_hold, "treatment", CODE, "bodycam_hold", O, 0, 0, P1)                        \
    X(PERSON, regret_expressed, "treatment", BOOL, "", O, 0, 0, P0)                                \
    X(PERSON, reflection, "reflection", CODE, "reflection", M, 0, 0, P1)                           \
    X(PERSON, reflection_result, "reflection", CODES, "reflection_result", C, 0, 6, P1)            \
    X(PERSON, counterfactual_yes, "reflection", CODE, "yes_no_unsure", C, 0, 0, P2)

/*
 * What the analyzer counts by, so that cells are one pass over persons. NULL: not covered by the
 * source or undefined. area_code … light_class repeat the stop's; reason is the first fact, else
 * the first behaviour, else the first circumstance text_quality: none, boilerplate, good
 *   selection_sound: at least one individual behaviour or fact, text good, not only sensitive codes
 *   only_weak: rests on sensitive or circumstance codes alone
 *   treated_plainly: no force or treatment flag without a search, arrest or risk code
 *   reflected_in_time: NULL while still planned and not yet 7 days
 */
#define PERSON_DERIVED(X)                                                                          \
    X(PERSON, area_code, "", TEXT, "", D, 0, 0, P1)                                                \
    X(PERSON, wijk_code, "", TEXT, "", D, 0, 0, P0)                                                \
    X(PERSON, unit_code, "", TEXT, "", D, 0, 0, P1)                                                \
    X(PERSON, discretion, "", TEXT, "", D, 0, 0, P0)                                               \
    X(PERSON, legal_basis, "", TEXT, "", D, 0, 0, P0)                                              \
    X(PERSON, stop_mode, "", TEXT, "", D, 0, 0, P0)                                                \
    X(PERSON, light_class, "", TEXT, "", D, 0, 0, P0)                                              \
    X(PERSON, reason, "", TEXT, "", D, 0, 0, P0)                                                   \
    X(PERSON, text_quality, "", TEXT, "", D, 0, 0, P0)                                             \
    X(PERSON, selection_sound, "", BOOL, "", D, 0, 0, P0)                                          \
    X(PERSON, only_weak, "", BOOL, "", D, 0, 0, P0)                                                \
    X(PERSON, reason_match, "", TEXT, "", D, 0, 0, P0)                                             \
    X(PERSON, searched, "", BOOL, "", D, 0, 0, P0)                                                 \
    X(PERSON, hit_strict, "", BOOL, "", D, 0, 0, P0)                                               \
    X(PERSON, hit_broad, "", BOOL, "", D, 0, 0, P0)                                                \
    X(PERSON, sanctioned, "", BOOL, "", D, 0, 0, P0)                                               \
    X(PERSON, treated_plainly, "", BOOL, "", D, 0, 0, P0)                                          \
    X(PERSON, reflected_in_time, "", BOOL, "", D, 0, 0, P0)

#define ACTION_FIELDS(X)                                                                           \
    X(ACTION, id_checked, "actions", CODE, "id_checked", M, 0, 0, P0)                              \
    X(ACTION, search_kind, "actions", CODE, "search_kind", M, 0, 0, P0)                            \
    X(ACTION, search_basis, "actions", CODE, "search_basis", C, 0, 0, P0)                          \
    X(ACTION, search_object, "actions", CODE, "search_object", C, 0, 0, P0)                        \
    X(ACTION, force, "actions", CODES, "force", M, 1, 8, P1)

#define FIND_FIELDS(X)                                                                             \
    X(FIND, found_class, "finds", CODE, "found_class", M, 0, 0, P0)                                \
    X(FIND, illegal_in_itself, "finds", BOOL, "", C, 0, 0, P0)                                     \
    X(FIND, linked_to_reason, "finds", CODE, "linked_to_reason", C, 0, 0, P0)

#define RESULT_FIELDS(X)                                                                           \
    X(RESULT, result, "results", CODE, "result", M, 0, 0, P0)                                      \
    X(RESULT, offence_code, "results", TEXT, "", C, 1, 30, P1)                                     \
    X(RESULT, later_outcome, "results", CODE, "later_outcome", O, 0, 0, P1)                        \
    X(RESULT, later_outcome_at, "results", TIME, "", O, 0, 0, P1)

/* Erasable parts: a table, a salt and a leaf of their own. */
#define TEXT_FIELDS(X) X(TEXT, selection_text, "selection", TEXT, "", C, 10, 250, P2)

#define TRAIT_FIELDS(X)                                                                            \
    X(TRAIT, language_barrier, "", BOOL, "", O, 0, 0, P3)                                          \
    X(TRAIT, visible_disability, "", BOOL, "", O, 0, 0, P3)                                        \
    X(TRAIT, vulnerable_signs, "", BOOL, "", O, 0, 0, P3)                                          \
    X(TRAIT, visible_religious_sign, "", CODE, "visible_religious_sign", O, 0, 0, P3)

#define OFFICER_FIELDS(X) X(OFFICER, officer_pseudonym, "", TEXT, "", O, 16, 64, P3)

#define GROUP_FIELDS(X)                                                                            \
    X(GROUP, perspective, "group", CODE, "perspective", M, 0, 0, P3)                               \
    X(GROUP, codes, "group", CODES, "perceived_group", M, 1, 2, P3)                                \
    X(GROUP, perceived_before_decision, "group", CODE, "yes_no_unsure", C, 0, 0, P3)

/* group_class: the code, or the mixed class when two were given; locked_at: first acceptance. */
#define GROUP_DERIVED(X)                                                                           \
    X(GROUP, group_class, "", TEXT, "", D, 0, 0, P3)                                               \
    X(GROUP, locked_at, "", TIME, "", D, 0, 0, P1)

#endif
