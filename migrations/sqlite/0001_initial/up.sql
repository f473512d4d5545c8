-- Instants are Unix milliseconds; identifiers are TypeIDs; JSON is text. The same names stand in migrations/postgres.

CREATE TABLE agencies (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    agency_type TEXT NOT NULL,
    status TEXT NOT NULL,
    complaints TEXT NOT NULL,
    mail TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    verification TEXT,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE platforms (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    standing TEXT NOT NULL,
    suspended INTEGER NOT NULL,
    languages TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    contacts TEXT NOT NULL,
    size_class TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE platform_hosts (
    host TEXT NOT NULL PRIMARY KEY,
    platform_id TEXT NOT NULL REFERENCES platforms (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX platform_hosts_platform ON platform_hosts (platform_id);

CREATE TABLE clients (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    agency_id TEXT REFERENCES agencies (id),
    platform_id TEXT REFERENCES platforms (id),
    scopes TEXT NOT NULL,
    secrets TEXT NOT NULL,
    jwks TEXT,
    suspended INTEGER NOT NULL,
    tokens_not_before INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE client_assertions (
    client_id TEXT NOT NULL,
    jti TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, jti)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_assertions_expiry ON client_assertions (expires_at);

-- Each node keeps its private key to itself and publishes the public half here, so that every node verifies every token.
CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    public_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row: counts the changes of agencies, platforms and clients, so that a node knows when what it remembers is stale.
CREATE TABLE registry_state (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL
) STRICT;
INSERT INTO registry_state (id, version) VALUES (1, 1);

-- No references to agencies and platforms: parties are never deleted, and on PostgreSQL every filing would lock their rows.
CREATE TABLE requests (
    id TEXT NOT NULL PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    check_code TEXT NOT NULL UNIQUE,
    agency_id TEXT NOT NULL,
    platform_id TEXT NOT NULL,
    instrument TEXT NOT NULL,
    kind TEXT NOT NULL,
    jurisdiction TEXT NOT NULL,
    status TEXT NOT NULL,
    result TEXT,
    version INTEGER NOT NULL,
    agency_reference TEXT,
    platform_reference TEXT,
    operation TEXT,
    items_count INTEGER NOT NULL,
    undecided_count INTEGER NOT NULL,
    filed_at INTEGER NOT NULL,
    fetched_at INTEGER,
    acknowledged_at INTEGER,
    closed_at INTEGER,
    withdrawn_at INTEGER,
    due_at INTEGER,
    remind_at INTEGER,
    updated_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    clock TEXT NOT NULL,
    filing TEXT NOT NULL,
    filing_digest BLOB NOT NULL
) STRICT;
CREATE INDEX requests_agency ON requests (agency_id, status, id);
CREATE INDEX requests_platform ON requests (platform_id, status, id);
CREATE UNIQUE INDEX requests_agency_reference ON requests (agency_id, agency_reference) WHERE agency_reference IS NOT NULL;
CREATE INDEX requests_remind ON requests (remind_at) WHERE remind_at IS NOT NULL;

CREATE TABLE items (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    locator TEXT NOT NULL,
    comparison_key TEXT NOT NULL,
    comparison_digest BLOB NOT NULL,
    host TEXT,
    detail TEXT NOT NULL,
    outcome TEXT,
    outcome_detail TEXT,
    decided_at INTEGER
) STRICT;
CREATE UNIQUE INDEX items_request ON items (request_id, position);
CREATE INDEX items_comparison ON items (comparison_digest);

-- Every outcome ever given; items show the latest.
CREATE TABLE decisions (
    id TEXT NOT NULL PRIMARY KEY,
    item_id TEXT NOT NULL REFERENCES items (id),
    outcome TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_item ON decisions (item_id, id);

CREATE TABLE messages (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    obstacle TEXT,
    items TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_request ON messages (request_id, id);

-- Append-only. (request_id, version) is dense for each request, so a lost or doubled transition cannot be stored.
CREATE TABLE history (
    pos INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    request_id TEXT,
    version INTEGER,
    type TEXT NOT NULL,
    side TEXT NOT NULL,
    party_id TEXT,
    client_id TEXT,
    via TEXT NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX history_request ON history (request_id, version) WHERE request_id IS NOT NULL;

-- What a party polls. Positions are given under the lock of the party's head, held until the commit: commit order, without gaps.
CREATE TABLE feed_heads (
    party_id TEXT NOT NULL PRIMARY KEY,
    head INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE feed (
    party_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    entry TEXT NOT NULL,
    PRIMARY KEY (party_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL,
    party_id TEXT NOT NULL,
    side TEXT NOT NULL,
    event TEXT NOT NULL,
    facts TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    lease TEXT,
    lease_until INTEGER NOT NULL,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    settled_at INTEGER
) STRICT;
CREATE INDEX outbox_pending ON outbox (next_at) WHERE status = 'pending';
CREATE INDEX outbox_request ON outbox (request_id);
CREATE INDEX outbox_failed ON outbox (id) WHERE status = 'failed';

CREATE TABLE mails (
    id TEXT NOT NULL PRIMARY KEY,
    outbox_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    reply TEXT NOT NULL,
    raw BLOB NOT NULL
) STRICT;
CREATE INDEX mails_outbox ON mails (outbox_id);

CREATE TABLE idempotency (
    client_id TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (client_id, key)
) STRICT;
CREATE INDEX idempotency_expiry ON idempotency (created_at);
