-- Since when whoever is asked doubts that it is really the agency who asks.
ALTER TABLE requests ADD COLUMN doubted_at INTEGER;
CREATE INDEX requests_doubted ON requests (id) WHERE doubted_at IS NOT NULL;

-- Links by which one request is answered without an account, one for each mail. Searched by the SHA-256 of the secret, which is
-- kept nowhere.
CREATE TABLE answer_links (
    digest BLOB NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES requests (id),
    platform_id TEXT NOT NULL,
    contact TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    uses INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_links_request ON answer_links (request_id, issued_at);
CREATE INDEX answer_links_contact ON answer_links (platform_id, contact);

-- Addresses whose reader said that the platform is not his.
CREATE TABLE rejected_contacts (
    platform_id TEXT NOT NULL REFERENCES platforms (id),
    address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    rejected_at INTEGER NOT NULL,
    PRIMARY KEY (platform_id, address)
) STRICT, WITHOUT ROWID;
