-- SPDX-License-Identifier: EUPL-1.2
-- Persons of a chunk.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY registration.person (
    stop_id, ledger_from, leaf_no, started_at, person_seq, role, age_band, perceived_gender,
    prior_stops_12m_band, behaviour, fact, circumstance, information_source, information_age,
    explained, reason_told, receipt_given, receipt_reason, treatment_flags, bodycam,
    bodycam_off_reason, bodycam_hold, regret_expressed, reflection, reflection_result,
    counterfactual_yes, area_code, wijk_code, unit_code, discretion, legal_basis, stop_mode,
    light_class, reason, text_quality, selection_sound, only_weak, reason_match, searched,
    hit_strict, hit_broad, sanctioned, treated_plainly, reflected_in_time
) FROM STDIN (FORMAT binary)
