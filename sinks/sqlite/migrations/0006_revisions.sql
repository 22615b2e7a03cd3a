-- History: what a record was before each change, and what people said of it.

ALTER TABLE records ADD COLUMN page_hash TEXT; -- of the page that made this revision
ALTER TABLE records ADD COLUMN overrides TEXT; -- JSON

-- A record that has never changed has no row: its only revision is itself.
CREATE TABLE revisions (
    record     TEXT NOT NULL REFERENCES records (id),
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    valid_from TEXT NOT NULL,
    valid_to   TEXT, -- NULL for the revision that stands
    run        TEXT,
    page_hash  TEXT,
    author     TEXT,
    reason     TEXT,
    changes    TEXT, -- JSON
    PRIMARY KEY (record, revision)
) STRICT;
CREATE INDEX revisions_by_time ON revisions (valid_from);

CREATE VIEW record_revisions AS
SELECT record, revision, valid_from, valid_to, run, page_hash, author, reason,
    (SELECT group_concat(j.value ->> '$.field', ' ') FROM json_each(v.changes) AS j) AS fields
FROM revisions AS v
UNION ALL
SELECT id, revision, last_changed, NULL, run, page_hash, NULL, NULL, NULL FROM records AS r
WHERE NOT EXISTS (SELECT 1 FROM revisions AS v WHERE v.record = r.id);

CREATE VIEW record_changes AS
SELECT v.record, v.revision, v.valid_from, v.run, v.author, v.reason,
    j.value ->> '$.field' AS field, j.value ->> '$.old' AS old, j.value ->> '$.new' AS new
FROM revisions AS v, json_each(v.changes) AS j;

CREATE VIEW record_overrides AS
SELECT r.id AS record, j.key AS field,
    (SELECT group_concat(value, '; ') FROM json_each(j.value, '$.value')) AS value,
    (SELECT group_concat(value, '; ') FROM json_each(j.value, '$.harvested')) AS harvested,
    j.value ->> '$.author' AS author, j.value ->> '$.reason' AS reason, j.value ->> '$.at' AS at
FROM records AS r, json_each(r.overrides) AS j;
