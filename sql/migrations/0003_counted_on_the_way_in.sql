-- SPDX-License-Identifier: EUPL-1.2
-- A roll-up says by itself which batches it counts, so that an import can count its own while it stores
-- them. Roll-ups made before keep their cells.

CREATE TABLE analysis.roll_up_batch (
    zone       text NOT NULL,
    batch_id   bigint NOT NULL,
    roll_up_id bigint NOT NULL REFERENCES analysis.roll_up,
    PRIMARY KEY (zone, batch_id)
);
CREATE INDEX roll_up_batch_roll_up ON analysis.roll_up_batch (roll_up_id);
COMMENT ON TABLE analysis.roll_up_batch IS 'Which roll-up counts a batch, by time zone; each batch once';
COMMENT ON COLUMN analysis.roll_up_batch.zone IS 'Time zone in which months were taken';
COMMENT ON COLUMN analysis.roll_up_batch.batch_id IS 'The batch';
COMMENT ON COLUMN analysis.roll_up_batch.roll_up_id IS 'The roll-up that holds its cells';

INSERT INTO analysis.roll_up_batch (zone, batch_id, roll_up_id)
SELECT r.zone, l.batch_id, r.roll_up_id
  FROM analysis.roll_up r
  JOIN audit.ledger l ON l.kind = 'batch' AND l.entry BETWEEN r.entry_from AND r.entry_to;

ALTER TABLE analysis.roll_up DROP COLUMN entry_from, ALTER COLUMN entry_to DROP NOT NULL;
COMMENT ON TABLE analysis.roll_up IS 'Sets of batches whose registrations are counted in roll_up_cell and roll_up_reason';
COMMENT ON COLUMN analysis.roll_up.roll_up_id IS 'Number of the roll-up';
COMMENT ON COLUMN analysis.roll_up.entry_to IS 'Last ledger entry of its batches; NULL only inside the transaction that makes it';
COMMENT ON COLUMN analysis.roll_up_cell.roll_up_id IS 'The roll-up; several rows of one key are added';
COMMENT ON COLUMN analysis.roll_up_cell.sums IS 'Counts in the order of sql/sums.h';
COMMENT ON COLUMN analysis.roll_up_reason.roll_up_id IS 'The roll-up; several rows of one key are added';
