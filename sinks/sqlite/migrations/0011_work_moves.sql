-- History of works: each step of a record from one work to another, into its
-- first or out of its last. It begins with this version.
CREATE TABLE work_moves (
    record    TEXT NOT NULL,
    number    INTEGER NOT NULL CHECK (number >= 1),
    at        TEXT NOT NULL,
    from_work TEXT, -- NULL when it was alone before
    to_work   TEXT, -- NULL when it is alone since
    method    TEXT,
    score     REAL,
    evidence  TEXT,
    PRIMARY KEY (record, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_moves_from ON work_moves (from_work) WHERE from_work IS NOT NULL;
CREATE INDEX work_moves_to ON work_moves (to_work) WHERE to_work IS NOT NULL;
