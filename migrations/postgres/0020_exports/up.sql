-- Files of requests that somebody asked for. A node that makes one holds it until `lease_until`; `attempt` tells it from a node that
-- took it over, `begun` counts how often it was begun since somebody asked for it. `filter` is JSON.
CREATE TABLE exports (
    id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    author TEXT NOT NULL,
    role TEXT NOT NULL,
    scope TEXT NOT NULL,
    viewer TEXT NOT NULL,
    format TEXT NOT NULL,
    filter TEXT NOT NULL,
    recipient TEXT,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    begun INTEGER NOT NULL,
    lease_until BIGINT NOT NULL,
    rows_made BIGINT NOT NULL,
    rows_estimated BIGINT,
    bytes BIGINT NOT NULL,
    digest TEXT,
    reason TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    expires_at BIGINT
);
CREATE INDEX exports_of_client ON exports (client_id, id);
CREATE INDEX exports_open ON exports (state, id);
CREATE INDEX exports_expiring ON exports (expires_at) WHERE expires_at IS NOT NULL;

-- What a file consists of (part 0), and what its maker has to remember meanwhile (part 1).
CREATE TABLE export_pieces (
    export_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    position INTEGER NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (export_id, part, position)
);
