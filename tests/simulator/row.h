/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A simulated registration of one person as text cells, and its two canonical forms: one NDJSON
 * line, one CSV row. The columns are declared once; both forms follow from them.
 */
#ifndef MAATSTAF_TESTS_SIMULATOR_ROW_H
#define MAATSTAF_TESTS_SIMULATOR_ROW_H

#include "common/str.h"

/* X(name, CSV column, section, kind): kinds T text, N number or boolean, L codes joined by '|'. */
#define ROW_COLUMNS(X)                                                                             \
    X(SOURCE_SYSTEM, "source_system", TOP, T)                                                      \
    X(SOURCE_RECORD_NO, "source_record_no", TOP, T)                                                \
    X(SOURCE_VERSION, "source_version", TOP, N)                                                    \
    X(TX_TYPE, "tx_type", TOP, T)                                                                  \
    X(SCHEMA_VERSION, "schema_version", TOP, T)                                                    \
    X(CODESET_VERSION, "codeset_version", TOP, T)                                                  \
    X(REGISTERED_AT, "registered_at", TOP, T)                                                      \
    X(LATE_REASON, "late_reason", TOP, T)                                                          \
    X(STARTED_AT, "started_at", STOP, T)                                                           \
    X(TIME_PRECISION, "time_precision", STOP, T)                                                   \
    X(DURATION_MIN, "duration_min", STOP, N)                                                       \
    X(INITIATED_BY, "initiated_by", STOP, T)                                                       \
    X(OPERATION_REF, "operation_ref", STOP, T)                                                     \
    X(SELECTION_METHOD, "selection_method", STOP, T)                                               \
    X(STOP_MODE, "stop_mode", STOP, T)                                                             \
    X(VEHICLE_INVOLVED, "vehicle_involved", STOP, N)                                               \
    X(OCCUPANTS, "occupants", STOP, N)                                                             \
    X(PERSONS_PRESENT, "persons_present", STOP, N)                                                 \
    X(PERSONS_REGISTERED, "persons_registered", STOP, N)                                           \
    X(BUURT_CODE, "buurt_code", STOP, T)                                                           \
    X(PLACE_TYPE, "place_type", STOP, T)                                                           \
    X(LEGAL_BASIS, "legal_basis", STOP, L)                                                         \
    X(TRAFFIC_DOCS, "traffic_docs_checked", STOP, N)                                               \
    X(UNIT_CODE, "unit_code", STOP, T)                                                             \
    X(ASSIGNMENT, "assignment", STOP, T)                                                           \
    X(IN_UNIFORM, "in_uniform", STOP, N)                                                           \
    X(OFFICER_IDENTIFIED, "officer_identified", STOP, T)                                           \
    X(PERSON_SEQ, "person_seq", PERSON, N)                                                         \
    X(ROLE, "role", PERSON, T)                                                                     \
    X(AGE_BAND, "age_band", PERSON, T)                                                             \
    X(GENDER, "perceived_gender", PERSON, T)                                                       \
    X(PRIOR_STOPS, "prior_stops_12m_band", PERSON, T)                                              \
    X(BEHAVIOUR, "selection.behaviour", SELECTION, L)                                              \
    X(FACT, "selection.fact", SELECTION, L)                                                        \
    X(CIRCUMSTANCE, "selection.circumstance", SELECTION, L)                                        \
    X(INFORMATION_SOURCE, "selection.information_source", SELECTION, T)                            \
    X(INFORMATION_AGE, "selection.information_age", SELECTION, T)                                  \
    X(SELECTION_TEXT, "selection.selection_text", SELECTION, T)                                    \
    X(EXPLAINED, "explanation.explained", EXPLANATION, T)                                          \
    X(REASON_TOLD, "explanation.reason_told", EXPLANATION, L)                                      \
    X(RECEIPT_GIVEN, "explanation.receipt_given", EXPLANATION, T)                                  \
    X(RECEIPT_REASON, "explanation.receipt_reason", EXPLANATION, T)                                \
    X(TREATMENT_FLAGS, "treatment.treatment_flags", TREATMENT, L)                                  \
    X(BODYCAM, "treatment.bodycam", TREATMENT, T)                                                  \
    X(BODYCAM_OFF_REASON, "treatment.bodycam_off_reason", TREATMENT, T)                            \
    X(REFLECTION, "reflection.reflection", REFLECTION, T)                                          \
    X(REFLECTION_RESULT, "reflection.reflection_result", REFLECTION, L)                            \
    X(COUNTERFACTUAL, "reflection.counterfactual_yes", REFLECTION, T)                              \
    X(GROUP_AFTER, "group.after_contact", GROUP, L)                                                \
    X(GROUP_BEFORE_DECISION, "group.perceived_before_decision", GROUP, T)                          \
    X(ACTION, "outcome.action", OUTCOME, T)                                                        \
    X(ID_CHECKED, "outcome.id_checked", OUTCOME, T)                                                \
    X(FORCE, "outcome.force", OUTCOME, L)                                                          \
    X(FIND, "outcome.find", OUTCOME, T)                                                            \
    X(RESULT, "outcome.result", OUTCOME, L)                                                        \
    X(OFFENCE_CODE, "outcome.offence_code", OUTCOME, T)

#define ROW_ENUM_(name, column, section, kind) ROW_##name,
enum row_column { ROW_COLUMNS(ROW_ENUM_) ROW_COUNT };
#undef ROW_ENUM_

enum { ROW_PERSONS_MOST = 4 };

/*
 * NULL cells are not given. OUTCOME cells: action kind:basis:object, find class:illegal:linked;
 * offence_code has as many items as result, empty ones included.
 */
struct row {
    const char *cell[ROW_COUNT];
};

/* The persons of one stop; they repeat the stop's cells. */
void row_write_json(struct strbuf *out, const struct row *persons, unsigned count);
void row_write_csv(struct strbuf *out, const struct row *persons, unsigned count);
void row_write_csv_header(struct strbuf *out);

#endif
