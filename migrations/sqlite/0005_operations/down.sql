DROP INDEX requests_agency_reference;
UPDATE requests SET agency_reference = NULL WHERE part > 1;
CREATE UNIQUE INDEX requests_agency_reference ON requests (agency_id, agency_reference) WHERE agency_reference IS NOT NULL;
ALTER TABLE requests DROP COLUMN part;
DROP TABLE operation_requests;
DROP TABLE operation_agencies;
DROP TABLE operations;
