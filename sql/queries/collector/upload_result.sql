-- SPDX-License-Identifier: EUPL-1.2
-- What became of an upload.
-- $1 text source system, $2 text name that the service gave it
-- result: batch_id bigint, status text, report text (JSON); no row: it was not taken in
SELECT batch_id, status, report::text AS report FROM ingest.upload_result($1, $2)
