-- Keys with which agencies sign. `proof` and `cosignature` are the statements by which a key proved itself and an earlier one
-- spoke for it, byte for byte. It counts from `counts_from` on, once that is there, until it is revoked.
CREATE TABLE unit_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    agency_id TEXT NOT NULL REFERENCES agencies (id),
    public_key BLOB NOT NULL,
    domain TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    counts_from INTEGER,
    cosigned_by TEXT,
    proof BLOB NOT NULL,
    cosignature BLOB,
    entry_id TEXT NOT NULL,
    revoked_at INTEGER,
    compromised_at INTEGER
) STRICT;
CREATE INDEX unit_keys_agency ON unit_keys (agency_id, added_at);

-- What agencies signed, byte for byte. A `jti` is used once by an agency, for ever.
CREATE TABLE signed_statements (
    agency_id TEXT NOT NULL,
    jti TEXT NOT NULL,
    digest BLOB NOT NULL,
    kid TEXT NOT NULL,
    request_id TEXT NOT NULL REFERENCES requests (id),
    version INTEGER NOT NULL,
    act TEXT NOT NULL,
    at INTEGER NOT NULL,
    content BLOB NOT NULL,
    CONSTRAINT signed_statements_pkey PRIMARY KEY (agency_id, jti)
) STRICT;
CREATE UNIQUE INDEX signed_statements_request ON signed_statements (request_id, version);

-- By which key a request is signed, what was signed of it, and how often it was changed without: JSON.
ALTER TABLE requests ADD COLUMN signed TEXT;
