-- SPDX-License-Identifier: EUPL-1.2
-- What the reference data are now.
-- Columns: load_head
SELECT coalesce(max(load_id), 0) AS load_head FROM reference.load
