-- The key that seals what must be read again and may not lie open here: its name, never the key. One for all nodes.
CREATE TABLE sealing_keys (
    purpose TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- Addresses that are told of what comes into a party's inbox. `secrets` is JSON: its keys, sealed, each with its end. The rest from
-- `position` on is how it stands: up to where of the feed it was told, when the next repeat is due, before when nothing is sent, and
-- which node is at it.
CREATE TABLE webhooks (
    id TEXT NOT NULL PRIMARY KEY,
    party_id TEXT NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    disabled TEXT,
    secrets TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    position INTEGER NOT NULL,
    due_at INTEGER,
    not_before INTEGER NOT NULL,
    lease TEXT,
    lease_until INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    failing_since INTEGER,
    delivered_at INTEGER,
    last_error TEXT
) STRICT;
CREATE INDEX webhooks_of_party ON webhooks (party_id, id);
CREATE INDEX webhooks_active ON webhooks (lease_until) WHERE status = 'active';

-- What became of each message. `position` is its place in the feed; a test has none.
CREATE TABLE webhook_deliveries (
    webhook_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    position INTEGER,
    event TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    tried_at INTEGER,
    http_status INTEGER,
    answer TEXT,
    error TEXT,
    took_ms INTEGER,
    PRIMARY KEY (webhook_id, message_id)
) STRICT;
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (webhook_id, next_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (created_at);
