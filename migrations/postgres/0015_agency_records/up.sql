-- What the requests of an agency came to, where they are too many to be counted whenever somebody asks. Counts are JSON, and
-- nothing before they were first counted.
CREATE TABLE agency_records (
    agency_id TEXT NOT NULL PRIMARY KEY REFERENCES agencies (id),
    counts TEXT,
    counted_at BIGINT NOT NULL,
    wanted BOOLEAN NOT NULL,
    claimed_until BIGINT NOT NULL
);
