-- Whoever is told of an agency's part in an operation checks with this code that the mail is real. A part that nobody was
-- ever told of has none.
ALTER TABLE operation_agencies ADD COLUMN check_code TEXT;
CREATE UNIQUE INDEX operation_agencies_check_code ON operation_agencies (check_code);
