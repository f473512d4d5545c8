ALTER TABLE items DROP COLUMN objection_outcome;
ALTER TABLE items DROP COLUMN objections;
DROP TABLE objections;
DROP TABLE objection_codes;
-- A database that was never asked what the messages of an uploader are would show them to both sides.
DELETE FROM messages WHERE kind IN ('objection', 'objection_answer');
