-- SPDX-License-Identifier: EUPL-1.2
-- First in a transaction: all its statements see the same moment.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ
