-- Which transaction wrote an entry, on PostgreSQL, where several nodes append. Here one process does, which needs no such thing.
ALTER TABLE feed ADD COLUMN written_in INTEGER NOT NULL DEFAULT 0;
