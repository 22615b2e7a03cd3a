-- Matching: what waits to be matched, how sure a membership is, what people
-- said and what waits for them.

-- Records whose content has changed since they were matched last. The revision
-- keeps a record in the list that changes while it is being matched.
CREATE TABLE match_pending (
    record   TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    revision INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO match_pending SELECT id, revision FROM records;

ALTER TABLE work_members ADD COLUMN score REAL NOT NULL DEFAULT 0;
ALTER TABLE work_members ADD COLUMN language TEXT;

-- Decisions name records without referring to them: they outlive what a store
-- has lost, and hold again when it is harvested again.
CREATE TABLE decisions (
    a      TEXT NOT NULL,
    b      TEXT NOT NULL CHECK (a < b),
    same   INTEGER NOT NULL CHECK (same IN (0, 1)),
    author TEXT NOT NULL,
    at     TEXT NOT NULL,
    note   TEXT,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX decisions_by_b ON decisions (b);

CREATE TABLE doubts (
    a        TEXT NOT NULL,
    b        TEXT NOT NULL CHECK (a < b),
    score    REAL NOT NULL,
    evidence TEXT,
    PRIMARY KEY (a, b)
) STRICT, WITHOUT ROWID;
CREATE INDEX doubts_by_b ON doubts (b);
CREATE INDEX doubts_by_score ON doubts (score DESC, a, b);
