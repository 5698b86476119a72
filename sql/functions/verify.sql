-- SPDX-License-Identifier: EUPL-1.2
-- Differences that need no hashing. A batch that says other counts than its entry, versions that
-- are marked as replaced and are not (or the other way round: a mark hides a stop from every
-- analysis), keys that point at nothing, erased leaves that no entry accounts for, acts and lists of
-- draws that are not those of their entries.
CREATE OR REPLACE FUNCTION audit.differences()
RETURNS TABLE (text text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = audit, registration, pg_temp
AS $$
    SELECT format('batch %s: stored without a ledger entry', b.batch_id)
      FROM registration.batch b
     WHERE NOT EXISTS (SELECT FROM audit.ledger l WHERE l.batch_id = b.batch_id)
    UNION ALL
    SELECT format('batch %s: in the ledger (entry %s) and not among the batches', l.batch_id, l.entry)
      FROM audit.ledger l
     WHERE l.batch_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM registration.batch b WHERE b.batch_id = l.batch_id)
    UNION ALL
    SELECT format('batch %s: its counts are not those of ledger entry %s', b.batch_id, l.entry)
      FROM registration.batch b JOIN audit.ledger l ON l.batch_id = b.batch_id
     WHERE ingest.batch_subject(b) <> l.subject
        OR l.kind <> CASE b.status WHEN 'refused' THEN 'batch-refused' ELSE 'batch' END
    UNION ALL
    SELECT format('stop %s: version of batch %s is marked as replaced by batch %s, which has none',
                  x.stop_id, x.ledger_from, x.ledger_until)
      FROM registration.superseded x
     WHERE NOT EXISTS (SELECT FROM registration.stop s
                        WHERE s.stop_id = x.stop_id AND s.ledger_from = x.ledger_until)
    UNION ALL
    SELECT format('stop %s: version of batch %s is not marked as replaced by batch %s',
                  v.stop_id, v.ledger_from, v.next)
      FROM (SELECT s.stop_id, s.ledger_from,
                   lead(s.ledger_from) OVER (PARTITION BY s.stop_id ORDER BY s.ledger_from) AS next
              FROM registration.stop s) v
     WHERE v.next IS NOT NULL
       AND NOT EXISTS (SELECT FROM registration.superseded x
                        WHERE x.stop_id = v.stop_id AND x.ledger_from = v.ledger_from
                          AND x.ledger_until = v.next)
    UNION ALL
    SELECT format('stop %s: its key names batch %s, which has no such version', k.stop_id, k.ledger_from)
      FROM registration.source_key k
     WHERE NOT EXISTS (SELECT FROM registration.stop s
                        WHERE s.stop_id = k.stop_id AND s.ledger_from = k.ledger_from)
       AND NOT EXISTS (SELECT FROM audit.erased_leaf r WHERE r.batch_id = k.ledger_from)
    UNION ALL
    SELECT format('entry %s: accounts for %s erased leaves and %s are named', l.entry, l.leaf_count, n.n)
      FROM audit.ledger l
      LEFT JOIN LATERAL (SELECT count(*) AS n FROM audit.erased_leaf r WHERE r.entry = l.entry) n ON true
     WHERE (l.kind = 'erasure' AND n.n <> l.leaf_count) OR (l.kind <> 'erasure' AND n.n > 0)
    UNION ALL
    SELECT format('act %s: it is not what ledger entry %s says', a.act_id, a.entry)
      FROM registration.review_act a
     WHERE NOT EXISTS (SELECT FROM audit.ledger l
                        WHERE l.entry = a.entry AND l.kind = a.kind
                          AND starts_with(l.subject, format('{"act":%s,', a.act_id))
                          AND strpos(l.subject, format('"leaf":"%s"', registration.act_leaf(a))) > 0)
    UNION ALL
    SELECT format('entry %s: its act is missing', l.entry)
      FROM audit.ledger l
     WHERE l.subject LIKE '{"act":%'
       AND NOT EXISTS (SELECT FROM registration.review_act a WHERE a.entry = l.entry)
    UNION ALL
    SELECT format('draw %s: its list is not the one that was drawn', d.act_id)
      FROM (SELECT coalesce(a.act_id, x.act_id) AS act_id, a.detail
              FROM (SELECT r.act_id, r.detail FROM registration.review_act r WHERE r.kind = 'review-draw') a
              FULL JOIN (SELECT DISTINCT w.act_id FROM registration.review_drawn w) x ON x.act_id = a.act_id) d
     WHERE d.detail ->> 'list' IS DISTINCT FROM registration.drawn_list(d.act_id)
$$;
COMMENT ON FUNCTION audit.differences() IS 'Differences between stored rows and the ledger that need no hashing, one line each';
