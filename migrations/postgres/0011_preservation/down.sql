DROP INDEX requests_preservation_due;
DROP INDEX requests_preservation;
ALTER TABLE requests DROP COLUMN preservation_due;
ALTER TABLE requests DROP COLUMN preservation_until;
ALTER TABLE requests DROP COLUMN preservation_status;
ALTER TABLE requests DROP COLUMN preservation;
