-- SPDX-License-Identifier: EUPL-1.2
-- One migrating session at a time; given back at the end of the transaction.
SELECT pg_advisory_xact_lock(hashtext('maatstaf migrate'))
