-- What the requests of an agency came to, where they are too many to be counted whenever somebody asks. Counts are JSON, and
-- nothing before they were first counted.
CREATE TABLE agency_records (
    agency_id TEXT NOT NULL PRIMARY KEY REFERENCES agencies (id),
    counts TEXT,
    counted_at INTEGER NOT NULL,
    wanted INTEGER NOT NULL,
    claimed_until INTEGER NOT NULL
) STRICT;
