-- SPDX-License-Identifier: EUPL-1.2
-- Roll-ups: counts of persons kept by stretch of the ledger, so that an analysis reads cells and not
-- registrations. A version that replaces another is counted once and the replaced one taken off, so
-- the sum over stretches up to any entry is the count as of that entry. They hold no person and no
-- stop; `analyzer verify` counts the registrations themselves again.

CREATE TABLE analysis.roll_up (
    roll_up_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    zone       text NOT NULL,
    entry_from bigint NOT NULL,
    entry_to   bigint NOT NULL CHECK (entry_to >= entry_from),
    made_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (zone, entry_from)
);
COMMENT ON TABLE analysis.roll_up IS 'Stretches of the ledger whose registrations are counted in roll_up_cell and roll_up_reason';
COMMENT ON COLUMN analysis.roll_up.roll_up_id IS 'Number of the stretch';
COMMENT ON COLUMN analysis.roll_up.zone IS 'Time zone in which months were taken';
COMMENT ON COLUMN analysis.roll_up.entry_from IS 'First ledger entry of the stretch';
COMMENT ON COLUMN analysis.roll_up.entry_to IS 'Last ledger entry of the stretch';
COMMENT ON COLUMN analysis.roll_up.made_at IS 'When it was counted';

CREATE TABLE analysis.roll_up_cell (
    roll_up_id  bigint NOT NULL REFERENCES analysis.roll_up,
    month       integer NOT NULL,
    area        text NOT NULL,
    unit        text NOT NULL,
    perspective smallint NOT NULL CHECK (perspective BETWEEN 0 AND 3),
    group_code  text NOT NULL,
    sums        integer[] NOT NULL
);
CREATE INDEX roll_up_cell_month ON analysis.roll_up_cell (roll_up_id, month);
COMMENT ON TABLE analysis.roll_up_cell IS 'Counts by month, area, unit and group; negative where replaced versions are taken off';
COMMENT ON COLUMN analysis.roll_up_cell.roll_up_id IS 'The stretch';
COMMENT ON COLUMN analysis.roll_up_cell.month IS 'Local month: year * 12 + month - 1';
COMMENT ON COLUMN analysis.roll_up_cell.area IS 'Area of the stop, empty when not given';
COMMENT ON COLUMN analysis.roll_up_cell.unit IS 'Unit, empty when not given';
COMMENT ON COLUMN analysis.roll_up_cell.perspective IS '0 all persons, 1 before contact, 2 after contact, 3 self-described';
COMMENT ON COLUMN analysis.roll_up_cell.group_code IS 'Group in that perspective, empty in perspective 0';
COMMENT ON COLUMN analysis.roll_up_cell.sums IS 'Counts in the order of analyzer/cells/sums.h';

CREATE TABLE analysis.roll_up_reason (
    roll_up_id  bigint NOT NULL REFERENCES analysis.roll_up,
    month       integer NOT NULL,
    area        text NOT NULL,
    perspective smallint NOT NULL CHECK (perspective BETWEEN 0 AND 3),
    group_code  text NOT NULL,
    reason      text NOT NULL,
    persons     integer NOT NULL
);
CREATE INDEX roll_up_reason_month ON analysis.roll_up_reason (roll_up_id, month);
COMMENT ON TABLE analysis.roll_up_reason IS 'Persons by month, area, group and first stated reason';
COMMENT ON COLUMN analysis.roll_up_reason.roll_up_id IS 'The stretch';
COMMENT ON COLUMN analysis.roll_up_reason.month IS 'Local month: year * 12 + month - 1';
COMMENT ON COLUMN analysis.roll_up_reason.area IS 'Area of the stop, empty when not given';
COMMENT ON COLUMN analysis.roll_up_reason.perspective IS '0 all persons, 1 before contact, 2 after contact, 3 self-described';
COMMENT ON COLUMN analysis.roll_up_reason.group_code IS 'Group in that perspective, empty in perspective 0';
COMMENT ON COLUMN analysis.roll_up_reason.reason IS 'First stated reason';
COMMENT ON COLUMN analysis.roll_up_reason.persons IS 'Persons; negative where replaced versions are taken off';

-- Rows come in the order of their batches, so a block range index finds the new ones for nearly nothing.
CREATE INDEX person_batch ON registration.person USING brin (ledger_from) WITH (pages_per_range = 32);
CREATE INDEX person_group_batch ON sensitive.person_group USING brin (ledger_from) WITH (pages_per_range = 32);

-- The few stored versions that no analysis counts.
CREATE INDEX stop_not_counted ON registration.stop (stop_id, ledger_from)
    WHERE tx_type = 'W'
       OR state NOT IN ('ACCEPTED', 'ACCEPTED_WITH_WARNINGS', 'IN_REVIEW', 'CONFIRMED', 'RETURNED',
                        'CORRECTED', 'FROZEN', 'AMENDED', 'NFI');

ALTER TABLE analysis.figure
    ADD COLUMN level_of_place text,
    ADD COLUMN perspective text,
    ADD COLUMN exposure double precision;
COMMENT ON COLUMN analysis.figure.level_of_place IS 'city, district, wijk, buurt, area or unit';
COMMENT ON COLUMN analysis.figure.perspective IS 'Whose definition of group: before_contact, after_contact, self';
COMMENT ON COLUMN analysis.figure.exposure IS 'Denominator of a rate';
