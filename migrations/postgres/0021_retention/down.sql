DROP INDEX mails_ageing;
DROP INDEX imports_ageing;
DROP INDEX sightings_ageing;
ALTER TABLE idempotency DROP COLUMN entries;
DROP INDEX history_ageing;
ALTER TABLE history DROP COLUMN erased_with;
DROP TABLE holds;
DROP INDEX requests_ageing;
ALTER TABLE requests DROP COLUMN erased_at;
