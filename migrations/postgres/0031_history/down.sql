-- Numbers and pseudonyms cannot be made again, and the sealed entries keep their tags: refused once a use was counted.
CREATE TABLE undoing (held INTEGER CONSTRAINT uses_of_keys_were_counted CHECK (held = 0));
INSERT INTO undoing SELECT COUNT(*) FROM unit_tags;
DROP TABLE undoing;
DROP INDEX signed_statements_number;
ALTER TABLE signed_statements DROP COLUMN number;
DROP TABLE unit_tags;
DROP INDEX items_host;
