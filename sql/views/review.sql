-- SPDX-License-Identifier: EUPL-1.2
-- In what state registrations are, derived from versions, acts and closes. The views of schema
-- registration are the owner's, for functions; the auditor reads those of audit, which hold no person,
-- no name and no text (audit.acts and audit.stop_versions give those, logged). A view calls no function
-- of ours: those run with the rights of who reads it.

CREATE OR REPLACE VIEW registration.stop_life AS
SELECT x.*,
       CASE WHEN x.tx_type = 'W' THEN 'WITHDRAWN'
            WHEN x.tx_type = 'N' THEN 'NFI'
            WHEN x.entry > x.close_entry THEN 'AMENDED'
            WHEN x.close_entry IS NOT NULL THEN 'FROZEN'
            WHEN x.review IN ('in_review', 'confirmed', 'returned', 'corrected') THEN upper(x.review)
            ELSE x.taken_as END AS state
  FROM (SELECT k.stop_id, k.ledger_from, s.started_at, s.source_system, s.source_record_no,
               coalesce(s.unit_code, d.unit_code, '') AS unit_code, k.tx_type, s.state AS taken_as,
               m.month, l.entry, (c.detail ->> 'head_entry')::bigint AS close_entry, d.drawn_id, d.reasons,
               CASE WHEN d.drawn_id IS NULL THEN 'none'
                    WHEN k.tx_type IN ('N', 'W') THEN 'ended'
                    WHEN a.ledger_from = k.ledger_from AND a.kind = 'review-confirm' THEN 'confirmed'
                    WHEN a.ledger_from = k.ledger_from THEN 'returned'
                    WHEN a.kind = 'review-return' THEN 'corrected'
                    ELSE 'in_review' END AS review,
               coalesce(a.at, r.at) AS review_since
          FROM registration.source_key k
          JOIN registration.stop s
            ON s.stop_id = k.stop_id AND s.ledger_from = k.ledger_from AND s.started_at = k.started_at
         CROSS JOIN LATERAL (SELECT to_char(s.started_at AT TIME ZONE (
                                 SELECT z.value FROM reference.setting z WHERE z.name = 'time_zone'),
                                 'YYYY-MM') AS month) m
          LEFT JOIN audit.ledger l ON l.batch_id = k.ledger_from
          LEFT JOIN registration.review_act c ON c.kind = 'month-close' AND c.month = m.month
          LEFT JOIN registration.review_drawn d ON d.stop_id = k.stop_id
          LEFT JOIN registration.review_act r ON r.act_id = d.act_id
          LEFT JOIN LATERAL (SELECT t.kind, t.ledger_from, t.at FROM registration.review_act t
                              WHERE t.stop_id = d.stop_id AND t.kind IN ('review-confirm', 'review-return')
                              ORDER BY t.act_id DESC LIMIT 1) a ON true) x;
COMMENT ON VIEW registration.stop_life IS 'Every stop in its current version, with its review and its state';
COMMENT ON COLUMN registration.stop_life.stop_id IS 'The stop';
COMMENT ON COLUMN registration.stop_life.ledger_from IS 'Batch of the current version';
COMMENT ON COLUMN registration.stop_life.started_at IS 'Start of the stop';
COMMENT ON COLUMN registration.stop_life.source_system IS 'System that registered';
COMMENT ON COLUMN registration.stop_life.source_record_no IS 'Record number there';
COMMENT ON COLUMN registration.stop_life.unit_code IS 'Team, empty when not known';
COMMENT ON COLUMN registration.stop_life.tx_type IS 'I, U, N or W of the current version';
COMMENT ON COLUMN registration.stop_life.taken_as IS 'State at acceptance of the current version';
COMMENT ON COLUMN registration.stop_life.month IS 'Local month';
COMMENT ON COLUMN registration.stop_life.entry IS 'Ledger entry of the current version';
COMMENT ON COLUMN registration.stop_life.close_entry IS 'Last ledger entry that counts as before the close of the month; NULL while it is open';
COMMENT ON COLUMN registration.stop_life.drawn_id IS 'Number of its review, NULL when not drawn';
COMMENT ON COLUMN registration.stop_life.reasons IS 'Why it was drawn';
COMMENT ON COLUMN registration.stop_life.review IS 'none, in_review, confirmed, returned, corrected, ended';
COMMENT ON COLUMN registration.stop_life.review_since IS 'Last act of a reviewer, else the draw';
COMMENT ON COLUMN registration.stop_life.state IS 'ACCEPTED, ACCEPTED_WITH_WARNINGS, IN_REVIEW, CONFIRMED, RETURNED, CORRECTED, FROZEN, AMENDED, NFI, WITHDRAWN';

CREATE OR REPLACE VIEW registration.contest_life AS
SELECT o.act_id AS contest, o.stop_id, o.person_seq, o.unit_code, o.at AS opened_at, d.due, o.codes AS fields,
       w.at AS answered_at, w.codes[1] AS outcome, coalesce(w.at, now()) > d.due AS overdue
  FROM registration.review_act o
 CROSS JOIN LATERAL (SELECT o.at + make_interval(
           days => coalesce((SELECT z.value::integer FROM reference.setting z WHERE z.name = 'contest_days'),
                            28)) AS due) d
  LEFT JOIN registration.review_act w ON w.kind = 'contest-answered' AND w.detail ->> 'contest' = o.act_id::text
 WHERE o.kind = 'contest-opened';
COMMENT ON VIEW registration.contest_life IS 'Contests with their answers';
COMMENT ON COLUMN registration.contest_life.contest IS 'Number';
COMMENT ON COLUMN registration.contest_life.stop_id IS 'The stop';
COMMENT ON COLUMN registration.contest_life.person_seq IS 'The person';
COMMENT ON COLUMN registration.contest_life.unit_code IS 'Team that answers';
COMMENT ON COLUMN registration.contest_life.opened_at IS 'When opened';
COMMENT ON COLUMN registration.contest_life.due IS 'Until when the police answer';
COMMENT ON COLUMN registration.contest_life.fields IS 'What does not match';
COMMENT ON COLUMN registration.contest_life.answered_at IS 'When answered, or NULL';
COMMENT ON COLUMN registration.contest_life.outcome IS 'upheld, partly, stands';
COMMENT ON COLUMN registration.contest_life.overdue IS 'Not answered in time';

CREATE OR REPLACE VIEW registration.overdue AS
SELECT 'reflection' AS kind, coalesce(s.unit_code, '') AS unit_code,
       s.source_system || ' ' || s.source_record_no AS reference, s.started_at + interval '7 days' AS since
  FROM registration.stop s
 WHERE s.tx_type NOT IN ('N', 'W')
   AND NOT EXISTS (SELECT FROM registration.superseded x
                    WHERE x.stop_id = s.stop_id AND x.ledger_from = s.ledger_from)
   AND s.started_at < now() - interval '7 days'
   AND EXISTS (SELECT FROM registration.person p
                WHERE p.stop_id = s.stop_id AND p.ledger_from = s.ledger_from AND p.started_at = s.started_at
                  AND p.reflection = 'planned')
UNION ALL
SELECT 'contest', c.unit_code, c.contest::text, c.due FROM registration.contest_life c
 WHERE c.answered_at IS NULL AND c.overdue;
COMMENT ON VIEW registration.overdue IS 'What is too late: reflections planned for more than 7 days, contests without an answer';
COMMENT ON COLUMN registration.overdue.kind IS 'reflection or contest';
COMMENT ON COLUMN registration.overdue.unit_code IS 'Team';
COMMENT ON COLUMN registration.overdue.reference IS 'Source system and record number, or number of the contest';
COMMENT ON COLUMN registration.overdue.since IS 'When its time was over';

-- ---- audit -----------------------------------------------------------------------------------------

CREATE OR REPLACE VIEW audit.stop_state WITH (security_barrier) AS
SELECT l.stop_id, l.ledger_from AS batch_id, l.month, l.unit_code, l.tx_type, l.state, l.review
  FROM registration.stop_life l;
COMMENT ON VIEW audit.stop_state IS 'State of every registration now; which states an analysis counts is in docs/user-guide/review.md';
COMMENT ON COLUMN audit.stop_state.stop_id IS 'The stop';
COMMENT ON COLUMN audit.stop_state.batch_id IS 'Batch of the current version';
COMMENT ON COLUMN audit.stop_state.month IS 'Local month';
COMMENT ON COLUMN audit.stop_state.unit_code IS 'Team, empty when not known';
COMMENT ON COLUMN audit.stop_state.tx_type IS 'I, U, N or W of the current version';
COMMENT ON COLUMN audit.stop_state.state IS 'ACCEPTED, ACCEPTED_WITH_WARNINGS, IN_REVIEW, CONFIRMED, RETURNED, CORRECTED, FROZEN, AMENDED, NFI, WITHDRAWN';
COMMENT ON COLUMN audit.stop_state.review IS 'none, in_review, confirmed, returned, corrected, ended: also of a closed month';

CREATE OR REPLACE VIEW audit.review_rates WITH (security_barrier) AS
SELECT r.month, r.unit_code, count(*) AS drawn, count(*) FILTER (WHERE r.reasons <> '{random}') AS mandatory,
       count(*) FILTER (WHERE r.acts > 0) AS reviewed, count(*) FILTER (WHERE r.returns > 0) AS returned,
       count(*) FILTER (WHERE r.review IN ('in_review', 'corrected')) AS to_do,
       round(count(*) FILTER (WHERE r.returns > 0)::numeric
             / nullif(count(*) FILTER (WHERE r.acts > 0), 0), 4) AS return_rate
  FROM (SELECT l.month, d.unit_code, d.reasons, l.review, a.acts, a.returns
          FROM registration.review_drawn d JOIN registration.stop_life l ON l.stop_id = d.stop_id
         CROSS JOIN LATERAL (SELECT count(*) AS acts, count(*) FILTER (WHERE t.kind = 'review-return') AS returns
                               FROM registration.review_act t
                              WHERE t.stop_id = d.stop_id AND t.kind IN ('review-confirm', 'review-return')) a) r
 GROUP BY 1, 2;
COMMENT ON VIEW audit.review_rates IS 'Reviews by unit and month; the return rate is a figure of data quality, not of a unit''s work';
COMMENT ON COLUMN audit.review_rates.month IS 'Local month of the stops';
COMMENT ON COLUMN audit.review_rates.unit_code IS 'Team';
COMMENT ON COLUMN audit.review_rates.drawn IS 'Stops drawn';
COMMENT ON COLUMN audit.review_rates.mandatory IS 'Of them for another reason than the lot';
COMMENT ON COLUMN audit.review_rates.reviewed IS 'Of them confirmed or returned at least once';
COMMENT ON COLUMN audit.review_rates.returned IS 'Of them returned at least once';
COMMENT ON COLUMN audit.review_rates.to_do IS 'Of them to be reviewed now';
COMMENT ON COLUMN audit.review_rates.return_rate IS 'returned / reviewed; NULL when none was reviewed';

CREATE OR REPLACE VIEW audit.deficiencies WITH (security_barrier) AS
SELECT to_char(a.at AT TIME ZONE (SELECT z.value FROM reference.setting z WHERE z.name = 'time_zone'), 'YYYY-MM')
           AS month, a.unit_code, c.code, count(*) AS returns
  FROM registration.review_act a CROSS JOIN LATERAL unnest(a.codes) AS c (code)
 WHERE a.kind = 'review-return' GROUP BY 1, 2, 3;
COMMENT ON VIEW audit.deficiencies IS 'What registrations were returned for';
COMMENT ON COLUMN audit.deficiencies.month IS 'Local month of the return';
COMMENT ON COLUMN audit.deficiencies.unit_code IS 'Team';
COMMENT ON COLUMN audit.deficiencies.code IS 'Code of the list deficiency';
COMMENT ON COLUMN audit.deficiencies.returns IS 'Number of returns';

CREATE OR REPLACE VIEW audit.review_seeds WITH (security_barrier) AS
SELECT s.month, s.at AS fixed_at, (s.detail ->> 'late')::boolean AS late,
       encode(sha256(convert_to(s.detail ->> 'seed', 'UTF8')), 'hex') AS seed_sha256, s.entry,
       d.detail ->> 'seed' AS seed, (d.detail ->> 'share')::numeric AS share, d.entry AS shown_entry
  FROM registration.review_act s
  LEFT JOIN LATERAL (SELECT t.detail, t.entry FROM registration.review_act t
                      WHERE t.kind = 'review-draw' AND t.month = s.month AND t.detail ? 'seed'
                      ORDER BY t.act_id LIMIT 1) d ON true
 WHERE s.kind = 'review-seed';
COMMENT ON VIEW audit.review_seeds IS 'Seeds of the draws: the hash when fixed, the seed once its month is over and drawn';
COMMENT ON COLUMN audit.review_seeds.month IS 'Local month';
COMMENT ON COLUMN audit.review_seeds.fixed_at IS 'When it was fixed';
COMMENT ON COLUMN audit.review_seeds.late IS 'After its month was over, with a reason';
COMMENT ON COLUMN audit.review_seeds.seed_sha256 IS 'SHA-256 of the seed, in the ledger since it was fixed';
COMMENT ON COLUMN audit.review_seeds.entry IS 'Ledger entry that fixed it';
COMMENT ON COLUMN audit.review_seeds.seed IS 'The seed, or NULL';
COMMENT ON COLUMN audit.review_seeds.share IS 'Share that is drawn by lot';
COMMENT ON COLUMN audit.review_seeds.shown_entry IS 'Ledger entry that shows it';

CREATE OR REPLACE VIEW audit.review_draws WITH (security_barrier) AS
SELECT d.drawn_id, d.stop_id, d.month, d.unit_code, d.reasons, a.entry
  FROM registration.review_drawn d JOIN registration.review_act a ON a.act_id = d.act_id;
COMMENT ON VIEW audit.review_draws IS 'Stops that were drawn for review, and why';
COMMENT ON COLUMN audit.review_draws.drawn_id IS 'Number of the review';
COMMENT ON COLUMN audit.review_draws.stop_id IS 'The stop';
COMMENT ON COLUMN audit.review_draws.month IS 'Local month of the stop';
COMMENT ON COLUMN audit.review_draws.unit_code IS 'Team';
COMMENT ON COLUMN audit.review_draws.reasons IS 'strip-search, minor-searched, force, counterfactual, sensitive-code, not-safety, random';
COMMENT ON COLUMN audit.review_draws.entry IS 'Ledger entry of the draw';

CREATE OR REPLACE VIEW audit.month_closes WITH (security_barrier) AS
SELECT a.month, a.at AS closed_at, a.entry, (a.detail ->> 'early')::boolean AS early, a.detail ->> 'head' AS head,
       (a.detail ->> 'head_entry')::bigint AS head_entry, (a.detail ->> 'stops')::bigint AS stops,
       (a.detail ->> 'confirmed')::bigint AS confirmed,
       (a.detail ->> 'in_review')::bigint + (a.detail ->> 'corrected')::bigint AS to_review,
       (a.detail ->> 'returned')::bigint AS returned, (a.detail ->> 'nfi')::bigint AS nfi,
       (a.detail ->> 'withdrawn')::bigint AS withdrawn
  FROM registration.review_act a WHERE a.kind = 'month-close';
COMMENT ON VIEW audit.month_closes IS 'Closed months, with what they held when they were closed';
COMMENT ON COLUMN audit.month_closes.month IS 'Local month';
COMMENT ON COLUMN audit.month_closes.closed_at IS 'When';
COMMENT ON COLUMN audit.month_closes.entry IS 'Ledger entry';
COMMENT ON COLUMN audit.month_closes.early IS 'Before its day, with a reason';
COMMENT ON COLUMN audit.month_closes.head IS 'Head of the ledger up to which it counts: what is entered later is an amendment';
COMMENT ON COLUMN audit.month_closes.head_entry IS 'Number of that head';
COMMENT ON COLUMN audit.month_closes.stops IS 'Stops, withdrawn ones left out';
COMMENT ON COLUMN audit.month_closes.confirmed IS 'Confirmed by a reviewer';
COMMENT ON COLUMN audit.month_closes.to_review IS 'Drawn and not yet reviewed, or corrected and not yet reviewed again';
COMMENT ON COLUMN audit.month_closes.returned IS 'Returned and not corrected';
COMMENT ON COLUMN audit.month_closes.nfi IS 'No further information';
COMMENT ON COLUMN audit.month_closes.withdrawn IS 'Withdrawn';

CREATE OR REPLACE VIEW audit.amendments WITH (security_barrier) AS
SELECT c.month, s.stop_id, coalesce(s.unit_code, '') AS unit_code, s.tx_type, x.ledger_from AS was_batch,
       s.ledger_from AS batch_id, l.entry, l.recorded_at AS stored_at
  FROM registration.review_act c
 CROSS JOIN LATERAL (SELECT m::timestamp AT TIME ZONE z.value AS starts,
                            (m + interval '1 month') AT TIME ZONE z.value AS ends
                       FROM reference.setting z, to_date(c.month, 'YYYY-MM') AS m
                      WHERE z.name = 'time_zone') b
  JOIN registration.stop s ON s.started_at >= b.starts AND s.started_at < b.ends
  JOIN audit.ledger l ON l.batch_id = s.ledger_from AND l.entry > (c.detail ->> 'head_entry')::bigint
  LEFT JOIN registration.superseded x ON x.stop_id = s.stop_id AND x.ledger_until = s.ledger_from
 WHERE c.kind = 'month-close';
COMMENT ON VIEW audit.amendments IS 'Versions stored after their month was closed; audit.stop_versions shows the old values beside the new';
COMMENT ON COLUMN audit.amendments.month IS 'Closed local month';
COMMENT ON COLUMN audit.amendments.stop_id IS 'The stop';
COMMENT ON COLUMN audit.amendments.unit_code IS 'Team, empty when the version does not say';
COMMENT ON COLUMN audit.amendments.tx_type IS 'I came late, U correction, N no further information, W withdrawn';
COMMENT ON COLUMN audit.amendments.was_batch IS 'Batch of the version it replaced; NULL when there was none';
COMMENT ON COLUMN audit.amendments.batch_id IS 'Batch of the amendment';
COMMENT ON COLUMN audit.amendments.entry IS 'Its ledger entry';
COMMENT ON COLUMN audit.amendments.stored_at IS 'When';

CREATE OR REPLACE VIEW audit.withdrawals WITH (security_barrier) AS
SELECT l.month, l.stop_id, x.ledger_from AS was_batch, l.ledger_from AS batch_id, l.entry, g.entry AS agreed_entry
  FROM registration.stop_life l
  LEFT JOIN registration.superseded x ON x.stop_id = l.stop_id AND x.ledger_until = l.ledger_from
  LEFT JOIN LATERAL (SELECT a.entry FROM registration.review_act a
                      WHERE a.stop_id = l.stop_id AND a.kind = 'withdrawal-agreed' AND a.ledger_from = x.ledger_from
                      ORDER BY a.act_id LIMIT 1) g ON true
 WHERE l.tx_type = 'W';
COMMENT ON VIEW audit.withdrawals IS 'Withdrawn registrations with the second person''s agreement';
COMMENT ON COLUMN audit.withdrawals.month IS 'Local month of the stop';
COMMENT ON COLUMN audit.withdrawals.stop_id IS 'The stop';
COMMENT ON COLUMN audit.withdrawals.was_batch IS 'Batch of the version that was withdrawn';
COMMENT ON COLUMN audit.withdrawals.batch_id IS 'Batch of the withdrawal';
COMMENT ON COLUMN audit.withdrawals.entry IS 'Ledger entry of the withdrawal';
COMMENT ON COLUMN audit.withdrawals.agreed_entry IS 'Ledger entry of the agreement; NULL for withdrawals from before one was needed';

CREATE OR REPLACE VIEW audit.group_unlocks WITH (security_barrier) AS
SELECT extract(year FROM a.at)::integer AS year, a.unit_code,
       count(DISTINCT (a.stop_id, a.ledger_from)) FILTER (WHERE a.kind = 'unlock-asked') AS asked,
       count(*) FILTER (WHERE a.kind = 'unlock-agreed') AS agreed,
       count(*) FILTER (WHERE a.kind = 'unlock-agreed'
                          AND EXISTS (SELECT FROM registration.superseded x
                                       WHERE x.stop_id = a.stop_id AND x.ledger_from = a.ledger_from)) AS used
  FROM registration.review_act a WHERE a.kind IN ('unlock-asked', 'unlock-agreed') GROUP BY 1, 2;
COMMENT ON VIEW audit.group_unlocks IS 'Perceived groups unlocked for a typing error, by year (UTC) and unit';
COMMENT ON COLUMN audit.group_unlocks.year IS 'Year of the act';
COMMENT ON COLUMN audit.group_unlocks.unit_code IS 'Team';
COMMENT ON COLUMN audit.group_unlocks.asked IS 'Asked for by a first person';
COMMENT ON COLUMN audit.group_unlocks.agreed IS 'Agreed by a second person';
COMMENT ON COLUMN audit.group_unlocks.used IS 'Agreed, and a next version came';

CREATE OR REPLACE VIEW audit.contests WITH (security_barrier) AS
SELECT c.contest, c.stop_id, c.person_seq, c.unit_code, c.opened_at, c.due, c.fields, c.answered_at, c.outcome, c.overdue
  FROM registration.contest_life c;
COMMENT ON VIEW audit.contests IS 'Contests of citizens with the police''s answers; audit.acts shows both texts';
COMMENT ON COLUMN audit.contests.contest IS 'Number: act_id of its opening; the answer''s act names it';
COMMENT ON COLUMN audit.contests.stop_id IS 'The stop';
COMMENT ON COLUMN audit.contests.person_seq IS 'The person';
COMMENT ON COLUMN audit.contests.unit_code IS 'Team that answers';
COMMENT ON COLUMN audit.contests.opened_at IS 'When opened';
COMMENT ON COLUMN audit.contests.due IS 'Until when the police answer';
COMMENT ON COLUMN audit.contests.fields IS 'What does not match';
COMMENT ON COLUMN audit.contests.answered_at IS 'When answered, or NULL';
COMMENT ON COLUMN audit.contests.outcome IS 'upheld, partly, stands';
COMMENT ON COLUMN audit.contests.overdue IS 'Not answered in time';

CREATE OR REPLACE VIEW audit.overdue WITH (security_barrier) AS
SELECT o.kind, o.unit_code, count(*) AS overdue, min(o.since) AS oldest FROM registration.overdue o GROUP BY 1, 2;
COMMENT ON VIEW audit.overdue IS 'What is too late, by unit: reflections planned for more than 7 days (W110), contests past their day';
COMMENT ON COLUMN audit.overdue.kind IS 'reflection or contest';
COMMENT ON COLUMN audit.overdue.unit_code IS 'Team';
COMMENT ON COLUMN audit.overdue.overdue IS 'How many';
COMMENT ON COLUMN audit.overdue.oldest IS 'When the time of the oldest was over';
