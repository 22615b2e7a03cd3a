-- What a run adds up to and what its gates say, what they hold back, and which
-- records are not found any more.

ALTER TABLE runs ADD COLUMN newest INTEGER NOT NULL DEFAULT 0 CHECK (newest IN (0, 1));
ALTER TABLE runs ADD COLUMN figures TEXT; -- JSON
ALTER TABLE runs ADD COLUMN gates TEXT;   -- JSON
ALTER TABLE runs ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN ruling TEXT;  -- JSON

CREATE TABLE held (
    run     TEXT NOT NULL,
    key     TEXT NOT NULL,
    url     TEXT,
    at      TEXT NOT NULL,
    records TEXT, -- JSON
    seen    TEXT, -- JSON
    facts   TEXT, -- JSON
    PRIMARY KEY (run, key)
) STRICT;

-- Absences name records without referring to them: they outlive what a store
-- has lost.
CREATE TABLE absences (
    record TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    runs   INTEGER NOT NULL,
    since  TEXT NOT NULL,
    run    TEXT,
    reason TEXT NOT NULL,
    gone   TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX absences_by_source ON absences (source, record);

CREATE VIEW run_gates AS
SELECT r.id AS run, r.source, r.scheduled_at, j.value ->> '$.gate' AS gate, coalesce(j.value ->> '$.failed', 0) AS failed,
    j.value ->> '$.seen' AS seen, j.value ->> '$.low' AS low, j.value ->> '$.high' AS high, j.value ->> '$.says' AS says
FROM runs AS r, json_each(r.gates) AS j;

CREATE VIEW held_records AS
SELECT h.run, h.url AS page, h.at, j.value ->> '$.id' AS record, j.value ->> '$.title' AS title, j.value ->> '$.url' AS url
FROM held AS h, json_each(h.records) AS j;
