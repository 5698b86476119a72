-- SPDX-License-Identifier: EUPL-1.2
-- One registration that was drawn for review; the look is logged with its reason.
-- $1 bigint review, $2 text who, $3 text reason
-- result: drawn_id bigint, month, unit_code, reasons, review, state, content text,
-- returned_for, returned_note text or NULL
SELECT s.drawn_id, s.month, s.unit_code, array_to_string(s.reasons, ',') AS reasons, s.review, s.state,
       jsonb_pretty(s.content) AS content, array_to_string(s.returned_for, ',') AS returned_for, s.returned_note
  FROM registration.review_show($1::bigint, $2, $3) AS s
