DROP TABLE transparency_reports;
DROP TABLE transparency_years;
ALTER TABLE items DROP COLUMN undone;
ALTER TABLE items DROP COLUMN first_decided_at;
