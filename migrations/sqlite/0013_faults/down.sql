ALTER TABLE outbox DROP COLUMN withheld;
DROP TABLE former_references;
DROP TABLE revisions;
ALTER TABLE requests DROP COLUMN taken_back_count;
ALTER TABLE items DROP COLUMN answer;
ALTER TABLE items DROP COLUMN restoration_outcome;
DROP INDEX items_open;
ALTER TABLE items DROP COLUMN open_in;
