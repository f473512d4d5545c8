ALTER TABLE requests DROP COLUMN filing_salt;
