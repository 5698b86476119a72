-- SPDX-License-Identifier: EUPL-1.2
-- Records a file of reference data; NULL when it was loaded before.
-- $1 text kind, $2 text base name, $3 bytea SHA-256, $4 bigint rows
-- result: load_id bigint
SELECT reference.record_load($1, $2, $3, $4) AS load_id
