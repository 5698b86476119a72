-- SPDX-License-Identifier: EUPL-1.2
-- What analysis.R reads: persons of current registrations, and the reference figures of the city.
-- psql variable: folder. COPY goes to psql's own output, so that the server needs no access to it. The
-- month analysed is of 2026, local time is Amsterdam's; so are those of run.sh.
\set out :folder /persons.csv
\o :out
COPY (
    SELECT (extract(year FROM l.t) * 12 + extract(month FROM l.t) - 1)::int AS month, p.area_code AS area,
           p.unit_code AS unit, p.discretion, p.searched, p.hit_strict, p.hit_broad, p.selection_sound,
           p.only_weak, p.text_quality, p.explained, p.reason_match, p.treated_plainly, p.bodycam,
           p.reflected_in_time, p.sanctioned, p.prior_stops_12m_band AS prior_stops, p.reason,
           b.group_class AS before, a.group_class AS after, s.group_class AS self
      FROM registration.person p
     CROSS JOIN LATERAL (SELECT p.started_at AT TIME ZONE 'Europe/Amsterdam' AS t) l
      JOIN registration.stop x USING (stop_id, ledger_from, started_at)
      LEFT JOIN sensitive.person_group b
        ON (b.stop_id, b.person_seq, b.ledger_from, b.started_at) =
           (p.stop_id, p.person_seq, p.ledger_from, p.started_at) AND b.perspective = 'before_contact'
      LEFT JOIN sensitive.person_group a
        ON (a.stop_id, a.person_seq, a.ledger_from, a.started_at) =
           (p.stop_id, p.person_seq, p.ledger_from, p.started_at) AND a.perspective = 'after_contact'
      LEFT JOIN sensitive.person_group s
        ON (s.stop_id, s.person_seq, s.ledger_from, s.started_at) =
           (p.stop_id, p.person_seq, p.ledger_from, p.started_at) AND s.perspective = 'self'
     WHERE x.tx_type <> 'W'
       AND NOT EXISTS (SELECT FROM registration.superseded r
                        WHERE r.stop_id = p.stop_id AND r.ledger_from = p.ledger_from)
) TO STDOUT (FORMAT csv, HEADER);
\set out :folder /areas.csv
\o :out
COPY (
    SELECT code, level, parent FROM reference.area
     WHERE area_set = 'den-haag' AND valid_from_year <= 2026 AND coalesce(valid_to_year, 9999) >= 2026
     ORDER BY code COLLATE "C"
) TO STDOUT (FORMAT csv, HEADER);
\set out :folder /population.csv
\o :out
COPY (
    SELECT area_code, year, class, persons, rounded_to FROM reference.population
     WHERE area_set = 'den-haag' AND age_band = 'all'
     ORDER BY area_code COLLATE "C", year, class COLLATE "C"
) TO STDOUT (FORMAT csv, HEADER);
\set out :folder /bridge.csv
\o :out
COPY (
    SELECT class, group_code, weight, low, high FROM reference.bridge
     WHERE group_list = 'perceived_group'
       AND version = (SELECT value FROM reference.setting WHERE name = 'bridge_version')
     ORDER BY class COLLATE "C", group_code COLLATE "C"
) TO STDOUT (FORMAT csv, HEADER);
\set out :folder /groups.csv
\o :out
COPY (
    SELECT code, 'not_perceived' = ANY (flags) AS not_perceived FROM reference.code
     WHERE list = 'perceived_group' ORDER BY ord
) TO STDOUT (FORMAT csv, HEADER);
