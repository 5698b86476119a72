-- SPDX-License-Identifier: EUPL-1.2
-- The database of the private cluster.
CREATE DATABASE maatstaf
