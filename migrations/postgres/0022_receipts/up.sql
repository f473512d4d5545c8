-- The entries that a receipt is for, where they are too many to be named with the answer; separated by spaces.
CREATE TABLE receipts (
    root BYTEA NOT NULL PRIMARY KEY,
    entries TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX receipts_ageing ON receipts (at);

-- Whether nothing is taken from an agency that its unit has not signed.
ALTER TABLE agencies ADD COLUMN signature_required BOOLEAN NOT NULL DEFAULT FALSE;
