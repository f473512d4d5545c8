-- How a platform wants its mails, as JSON; NULL: each at once.
ALTER TABLE platforms ADD COLUMN notification TEXT;

-- Of a notification that is told with others in one mail: which one. That one has the event `digest`, and a platform has at most one
-- that has not left yet.
ALTER TABLE outbox ADD COLUMN digest_id TEXT;
CREATE INDEX outbox_digest ON outbox (digest_id) WHERE digest_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_digest_open ON outbox (party_id) WHERE event = 'digest' AND status = 'pending';

-- Links by which the mails that press nobody are ended without an account. Searched by the SHA-256 of the secret, which is kept
-- nowhere.
CREATE TABLE unsubscribe_links (
    digest BLOB NOT NULL PRIMARY KEY,
    platform_id TEXT NOT NULL REFERENCES platforms (id),
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX unsubscribe_links_expired ON unsubscribe_links (expires_at);
CREATE INDEX unsubscribe_links_platform ON unsubscribe_links (platform_id);

-- Mails that came back as undeliverable, each at most once: `mail_id` is that of `mails`.
CREATE TABLE bounces (
    mail_id TEXT NOT NULL PRIMARY KEY,
    outbox_id TEXT NOT NULL,
    party_id TEXT NOT NULL,
    address TEXT NOT NULL,
    status TEXT NOT NULL,
    permanent INTEGER NOT NULL,
    bounced_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX bounces_outbox ON bounces (outbox_id);
CREATE INDEX bounces_party ON bounces (party_id, address);
