-- Small things to keep beside records and runs, such as that a source is
-- paused. The version counts writes, so that nobody overwrites what they have
-- not seen.
CREATE TABLE memos (
    kind    TEXT NOT NULL,
    key     TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    value   TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
