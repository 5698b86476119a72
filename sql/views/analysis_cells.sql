-- SPDX-License-Identifier: EUPL-1.2
-- What the analyzer counts. Pseudonymised: no stop_id, no free text, no pseudonym of an officer leaves
-- these views. They show every version with the batch that brought it and the one that replaced it,
-- so that a past analysis can be computed again as of its own ledger entry.

CREATE OR REPLACE VIEW analysis.person_cells_v WITH (security_barrier) AS
SELECT p.started_at,
       p.ledger_from,
       s.ledger_until,
       p.area_code,
       p.unit_code,
       p.discretion,
       p.reason,
       p.text_quality,
       p.selection_sound,
       p.only_weak,
       p.explained,
       p.reason_match,
       p.searched,
       p.hit_strict,
       p.hit_broad,
       p.sanctioned,
       p.treated_plainly,
       p.bodycam,
       p.reflected_in_time,
       p.prior_stops_12m_band,
       b.group_class AS group_before,
       a.group_class AS group_after,
       f.group_class AS group_self
  FROM registration.person p
  LEFT JOIN sensitive.person_group b
         ON b.stop_id = p.stop_id AND b.person_seq = p.person_seq AND b.ledger_from = p.ledger_from
        AND b.started_at = p.started_at AND b.perspective = 'before_contact'
  LEFT JOIN sensitive.person_group a
         ON a.stop_id = p.stop_id AND a.person_seq = p.person_seq AND a.ledger_from = p.ledger_from
        AND a.started_at = p.started_at AND a.perspective = 'after_contact'
  LEFT JOIN sensitive.person_group f
         ON f.stop_id = p.stop_id AND f.person_seq = p.person_seq AND f.ledger_from = p.ledger_from
        AND f.started_at = p.started_at AND f.perspective = 'self'
  LEFT JOIN registration.superseded s
         ON s.stop_id = p.stop_id AND s.ledger_from = p.ledger_from
 WHERE NOT EXISTS (SELECT
                     FROM registration.stop x
                    WHERE x.stop_id = p.stop_id AND x.ledger_from = p.ledger_from
                      AND x.started_at = p.started_at
                      AND (x.tx_type = 'W'
                           OR x.state NOT IN ('ACCEPTED', 'ACCEPTED_WITH_WARNINGS', 'IN_REVIEW',
                                              'CONFIRMED', 'RETURNED', 'CORRECTED', 'FROZEN',
                                              'AMENDED', 'NFI')));
