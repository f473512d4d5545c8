-- Which transaction wrote an entry: by this a node finds what others appended since its last look, without asking for every party that
-- it knows. Entries of before have 0 and are in no index. The default is set in a second step, or every row would be written anew.
ALTER TABLE feed ADD COLUMN written_in BIGINT NOT NULL DEFAULT 0;
ALTER TABLE feed ALTER COLUMN written_in SET DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX feed_written_in ON feed (written_in) WHERE written_in > 0;
