-- By which an export finds what lies on a host, in the order of the requests: the only index on hosts, paid for once by each item.
CREATE INDEX items_host ON items (host, request_id, position) WHERE host IS NOT NULL;

-- How often an agency's keys were used, and the random bytes that stand for it where a use is tagged in the history.
CREATE TABLE unit_tags (
    agency_id TEXT NOT NULL PRIMARY KEY REFERENCES agencies (id),
    pseudonym BLOB NOT NULL,
    used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The how manieth use it was; NULL for what was handed in before they were counted.
ALTER TABLE signed_statements ADD COLUMN number INTEGER;
CREATE UNIQUE INDEX signed_statements_number ON signed_statements (agency_id, number) WHERE number IS NOT NULL;
