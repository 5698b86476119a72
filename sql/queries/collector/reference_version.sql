-- SPDX-License-Identifier: EUPL-1.2
-- What tells that codes, areas, orders, settings or decisions are others than before.
-- result: version text
SELECT coalesce((SELECT max(load_id) FROM reference.load), 0)::text || ':'
       || (SELECT count(*) FROM reference.group_mode)::text || ':'
       || (SELECT count(*) FROM reference.code)::text AS version
