-- SPDX-License-Identifier: EUPL-1.2
-- What rows alone show: batches against their entries, versions against each other, erasures.
-- result: text text
SELECT d.text FROM audit.differences() AS d (text)
