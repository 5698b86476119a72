-- SPDX-License-Identifier: EUPL-1.2
-- Stops of a chunk.
-- Binary COPY; the columns are the envelope and sql/fields.h in its order.
COPY registration.stop (
    stop_id, ledger_from, leaf_no, salt, source_system, source_record_no, source_version, tx_type,
    schema_version, codeset_version, registered_at, late_reason, withdrawal_reason, started_at,
    time_precision, duration_min, observed_before_min, initiated_by, operation_ref,
    selection_method, stop_mode, vehicle_involved, occupants, persons_present, persons_registered,
    persons_reason, buurt_code, place_type, geo_cell, legal_basis, traffic_docs_checked,
    area_designation_ref, public_view, unit_code, assignment, officer_exp_band, in_uniform,
    officer_identified, received_at, state, area_set, wijk_code, stadsdeel, basisteam, discretion,
    light_class
) FROM STDIN (FORMAT binary)
