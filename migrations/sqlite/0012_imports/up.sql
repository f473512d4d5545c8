-- Old records: what an agency asked before it used the exchange, one row for each link of a past mail. Nothing here was
-- witnessed, so nothing here is a request. Days are the first instant of the day, UTC.
CREATE TABLE imports (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL,
    platform_id TEXT,
    platform_name TEXT,
    host TEXT,
    agency_reference TEXT,
    item_kind TEXT NOT NULL,
    locator TEXT NOT NULL,
    comparison_digest BLOB NOT NULL,
    within TEXT NOT NULL,
    identity BLOB NOT NULL,
    sent_on INTEGER NOT NULL,
    facts TEXT NOT NULL,
    source_file TEXT NOT NULL,
    source_digest TEXT NOT NULL,
    source_sheet TEXT,
    source_row INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    imported_at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    withdrawal TEXT
) STRICT;
-- Nothing is imported twice. What was taken back may be imported again.
CREATE UNIQUE INDEX imports_identity ON imports (agency_id, identity) WHERE withdrawn_at IS NULL;
CREATE INDEX imports_of_agency ON imports (agency_id, id);
CREATE INDEX imports_of_file ON imports (source_digest, id);
CREATE INDEX imports_of_reference ON imports (agency_reference, id);
CREATE INDEX imports_of_item ON imports (agency_id, comparison_digest, within, sent_on) WHERE withdrawn_at IS NULL;

-- How often, from when until when: a lookup never walks the records.
CREATE TABLE import_counts (
    agency_id TEXT NOT NULL,
    comparison_digest BLOB NOT NULL,
    within TEXT NOT NULL,
    times INTEGER NOT NULL,
    first_on INTEGER NOT NULL,
    last_on INTEGER NOT NULL,
    PRIMARY KEY (agency_id, comparison_digest, within)
) STRICT, WITHOUT ROWID;
