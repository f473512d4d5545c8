-- The key that seals what must be read again and may not lie open here: its name, never the key. One for all nodes.
CREATE TABLE sealing_keys (
    purpose TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

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
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    position BIGINT NOT NULL,
    due_at BIGINT,
    not_before BIGINT NOT NULL,
    lease TEXT,
    lease_until BIGINT NOT NULL,
    failures INTEGER NOT NULL,
    failing_since BIGINT,
    delivered_at BIGINT,
    last_error TEXT
);
CREATE INDEX webhooks_of_party ON webhooks (party_id, id);
CREATE INDEX webhooks_active ON webhooks (lease_until) WHERE status = 'active';

-- What became of each message. `position` is its place in the feed; a test has none.
CREATE TABLE webhook_deliveries (
    webhook_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    position BIGINT,
    event TEXT NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    tried_at BIGINT,
    http_status INTEGER,
    answer TEXT,
    error TEXT,
    took_ms INTEGER,
    PRIMARY KEY (webhook_id, message_id)
);
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (webhook_id, next_at) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_old ON webhook_deliveries (created_at);
