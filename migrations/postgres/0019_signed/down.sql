ALTER TABLE requests DROP COLUMN signed;
DROP TABLE signed_statements;
DROP TABLE unit_keys;
