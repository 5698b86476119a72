-- SPDX-License-Identifier: EUPL-1.2
-- How a session of ours behaves, whatever the login's or the server's settings say.
-- $1 text: role to act as, NULL for the login itself, $2 text: most that a statement may take
SELECT set_config('client_encoding', 'UTF8', false), set_config('TimeZone', 'UTC', false),
       set_config('DateStyle', 'ISO, YMD', false), set_config('IntervalStyle', 'iso_8601', false),
       set_config('bytea_output', 'hex', false), set_config('extra_float_digits', '1', false),
       set_config('cursor_tuple_fraction', '1', false),
       set_config('enable_partitionwise_join', 'on', false),
       set_config('enable_partitionwise_aggregate', 'on', false),
       set_config('statement_timeout', $2, false),
       set_config('role', coalesce($1, 'none'), false)
