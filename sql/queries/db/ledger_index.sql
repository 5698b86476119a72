-- SPDX-License-Identifier: EUPL-1.2
-- Makes the stretches of the ledger quick to find; in a transaction of its own, for its locks.
SELECT audit.index_new_rows()
