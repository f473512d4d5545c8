-- The mark of a database in which nothing is real: at most one row. It is written before anything else, and `takedown serve` refuses
-- what has it. With it by how many milliseconds the clock of the sandbox is ahead of the real one, which never becomes less.
CREATE TABLE sandbox (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    ahead INTEGER NOT NULL
) STRICT;
