-- Requests that belong together over several platforms. What was a label only becomes the operation of that label, led
-- by the agency that used it. Its identifier is that of its first request: a UUID of the same moment, unique as well.
CREATE TABLE operations (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX operations_label ON operations (agency_id, label);

CREATE TABLE operation_agencies (
    operation_id TEXT NOT NULL REFERENCES operations (id),
    agency_id TEXT NOT NULL,
    membership TEXT NOT NULL,
    invited_at INTEGER NOT NULL,
    answered_at INTEGER,
    PRIMARY KEY (operation_id, agency_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX operation_agencies_agency ON operation_agencies (agency_id, operation_id);

-- A request is in one operation at the most.
CREATE TABLE operation_requests (
    request_id TEXT NOT NULL PRIMARY KEY REFERENCES requests (id),
    operation_id TEXT NOT NULL REFERENCES operations (id),
    role TEXT,
    added_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX operation_requests_operation ON operation_requests (operation_id, request_id);

INSERT INTO operations (id, agency_id, label, created_at)
SELECT 'op_' || substr(min(id), 5), agency_id, operation, min(filed_at)
FROM requests WHERE operation IS NOT NULL GROUP BY agency_id, operation;
INSERT INTO operation_requests (request_id, operation_id, role, added_at)
SELECT r.id, o.id, NULL, r.filed_at
FROM requests r JOIN operations o ON o.agency_id = r.agency_id AND o.label = r.operation;

-- A filing over several platforms is one request each, all under the agency's one reference: parts 1 to n.
ALTER TABLE requests ADD COLUMN part INTEGER NOT NULL DEFAULT 1;
DROP INDEX requests_agency_reference;
CREATE UNIQUE INDEX requests_agency_reference ON requests (agency_id, agency_reference, part) WHERE agency_reference IS NOT NULL;
