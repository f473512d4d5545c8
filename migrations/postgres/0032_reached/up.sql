-- From when on the last reminder was due that an agency's verification ends; NULL: none was sent.
ALTER TABLE agencies ADD COLUMN verification_reminded BIGINT;
