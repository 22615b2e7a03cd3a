-- Take-downs: what must not come again, recognised by digests of its names.

CREATE TABLE withdrawals (
    record       TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    source       TEXT NOT NULL,
    author       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    at           TEXT NOT NULL,
    title_digest TEXT
) STRICT;

CREATE TABLE withdrawn_names (
    name   TEXT NOT NULL PRIMARY KEY,
    record TEXT NOT NULL REFERENCES withdrawals (record) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX withdrawn_names_by_record ON withdrawn_names (record);
