-- What the database is, for good: at most one row, which an exchange and a sandbox write before anything else. Each refuses what has the
-- other's. With that of a sandbox by how many milliseconds its clock is ahead of the real one, which never becomes less.
CREATE TABLE sandbox (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    kind TEXT NOT NULL CHECK (kind IN ('sandbox', 'exchange')),
    ahead BIGINT NOT NULL CHECK (ahead = 0 OR kind = 'sandbox')
);
