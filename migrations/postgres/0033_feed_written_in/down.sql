ALTER TABLE feed DROP COLUMN written_in;
