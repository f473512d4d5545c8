-- Who means to prove that he is in charge of a platform. `claimant` is the SHA-256 of the mailbox whose answer link it was begun
-- with, in lower-case hex, and empty for the operator; `code` is no secret: it is there to be put up. `found` is what the last look
-- saw, as JSON. `ticket` is the SHA-256 of what lets whoever proved it say how the platform wants to be written to.
CREATE TABLE claims (
    id TEXT NOT NULL PRIMARY KEY,
    platform_id TEXT NOT NULL REFERENCES platforms (id),
    host TEXT NOT NULL,
    claimant TEXT NOT NULL,
    code TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    looks INTEGER NOT NULL,
    looked_at BIGINT,
    found TEXT NOT NULL,
    method TEXT,
    proved_at BIGINT,
    client_id TEXT,
    ticket BYTEA
);
CREATE INDEX claims_claimant ON claims (platform_id, claimant, id);
CREATE INDEX claims_expired ON claims (expires_at);
CREATE INDEX claims_status ON claims (status, id);
-- Whether a program was ever registered for a platform.
CREATE INDEX clients_platform ON clients (platform_id);
-- Which client gave another one its credentials: two of them may be one person.
CREATE INDEX history_registry ON history (client_id, type) WHERE request_id IS NULL AND erased_with IS NULL;

-- When a host was looked at last, whoever asked for it.
CREATE TABLE claim_looks (
    host TEXT NOT NULL PRIMARY KEY,
    looked_at BIGINT NOT NULL
);
