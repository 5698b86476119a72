-- SPDX-License-Identifier: EUPL-1.2
-- Rows lie in the order of their batches and leaves. Block range indexes over both find what came
-- lately, and the rows of a stretch of the ledger, for nearly nothing: the verifier reads stretch by
-- stretch and never sorts a whole table.

DROP INDEX registration.person_batch;
DROP INDEX sensitive.person_group_batch;

CREATE INDEX stop_leaf ON registration.stop
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
CREATE INDEX person_leaf ON registration.person
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
CREATE INDEX action_leaf ON registration.action
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
CREATE INDEX find_leaf ON registration.find
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
CREATE INDEX result_leaf ON registration.result
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
CREATE INDEX free_text_leaf ON registration.free_text
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
CREATE INDEX person_group_leaf ON sensitive.person_group
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
CREATE INDEX person_trait_leaf ON sensitive.person_trait
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
CREATE INDEX officer_leaf ON sensitive.officer
    USING brin (ledger_from, leaf_no) WITH (pages_per_range = 8);
