DROP INDEX requests_restoration;
ALTER TABLE items DROP COLUMN restore;
ALTER TABLE items DROP COLUMN withdrawal;
ALTER TABLE items DROP COLUMN withdrawn_at;
ALTER TABLE requests DROP COLUMN restoration;
ALTER TABLE requests DROP COLUMN withdrawal;
ALTER TABLE requests DROP COLUMN corrections;
ALTER TABLE requests DROP COLUMN revisions;
