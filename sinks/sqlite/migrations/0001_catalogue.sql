-- The catalogue: records, their match keys and works, the page ledger, runs.
--
-- Times are UTC text with milliseconds, '2026-03-01T03:00:00.000Z', which
-- sorts as it reads and which SQLite's date functions understand. Unknown
-- values are NULL, never ''. Columns marked JSON hold an array or object, NULL
-- when empty. docs/querying.md explains every column.

CREATE TABLE records (
    id                  TEXT NOT NULL PRIMARY KEY,
    source              TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('active', 'gone', 'withdrawn')),
    revision            INTEGER NOT NULL CHECK (revision >= 1),
    content_hash        TEXT NOT NULL,
    first_run           TEXT,
    run                 TEXT,
    first_seen          TEXT NOT NULL,
    last_seen           TEXT NOT NULL,
    last_changed        TEXT NOT NULL,

    native_id           TEXT,
    url                 TEXT NOT NULL,
    canonical_url       TEXT,
    title               TEXT NOT NULL,
    title_alt           TEXT, -- JSON
    category            TEXT,
    category_raw        TEXT,
    categories_raw      TEXT, -- JSON
    summary_kind        TEXT,
    summary_truncated   INTEGER NOT NULL DEFAULT 0 CHECK (summary_truncated IN (0, 1)),
    published           TEXT,
    published_precision TEXT,
    -- The first day that the date can mean: '2021-03' is '2021-03-01'.
    published_from      TEXT GENERATED ALWAYS AS (
        published || CASE length(published) WHEN 4 THEN '-01-01' WHEN 7 THEN '-01' ELSE '' END
    ) VIRTUAL,
    modified            TEXT,
    modified_precision  TEXT,
    language            TEXT,
    language_declared   TEXT,
    authors             TEXT, -- JSON
    publisher           TEXT,
    countries           TEXT, -- JSON
    regions             TEXT, -- JSON
    topics              TEXT, -- JSON
    doi                 TEXT,
    isbn                TEXT,
    un_symbol           TEXT,
    celex               TEXT,
    eli                 TEXT,
    ecli                TEXT,
    handle              TEXT,
    licence             TEXT,
    documents           TEXT, -- JSON
    translations        TEXT, -- JSON
    provenance          TEXT, -- JSON
    summary             TEXT
) STRICT;

-- The order of the catalogue with all that a query may filter by.
CREATE INDEX records_in_order ON records (id, state, source, category, language, published_from, last_changed);
CREATE INDEX records_by_source ON records (source, id, state);
CREATE INDEX records_by_category ON records (category, id, state);
CREATE INDEX records_by_change ON records (last_changed);
CREATE INDEX records_by_date ON records (published_from);
CREATE INDEX records_by_url ON records (url);
CREATE INDEX records_by_doi ON records (doi) WHERE doi IS NOT NULL;

CREATE TABLE match_keys (
    key    TEXT NOT NULL,
    record TEXT NOT NULL REFERENCES records (id),
    PRIMARY KEY (key, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX match_keys_by_record ON match_keys (record);

-- A work is the records that name it here; a record is in at most one.
CREATE TABLE work_members (
    record   TEXT NOT NULL PRIMARY KEY REFERENCES records (id),
    work     TEXT NOT NULL,
    method   TEXT,
    evidence TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX work_members_by_work ON work_members (work, record);

CREATE TABLE pages (
    source        TEXT NOT NULL,
    url           TEXT NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    hash          TEXT,
    status        INTEGER NOT NULL,
    fetched_at    TEXT,
    config        TEXT,
    records       TEXT, -- JSON
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
    id              TEXT NOT NULL PRIMARY KEY,
    source          TEXT NOT NULL,
    scheduled_at    TEXT,
    started_at      TEXT,
    ended_at        TEXT,
    state           TEXT NOT NULL,
    reason          TEXT,
    resumed         INTEGER NOT NULL,
    config          TEXT,
    incremental     INTEGER NOT NULL CHECK (incremental IN (0, 1)),
    since           TEXT,
    doors           TEXT, -- JSON
    outcomes        TEXT, -- JSON
    samples         TEXT, -- JSON
    requests        INTEGER NOT NULL,
    wire_bytes      INTEGER NOT NULL,
    bytes           INTEGER NOT NULL,
    notes           TEXT, -- JSON
    unmapped_labels TEXT  -- JSON
) STRICT;
CREATE INDEX runs_by_time ON runs (scheduled_at, id);
CREATE INDEX runs_by_source ON runs (source, scheduled_at, id);

-- Views for people. Lists become rows, and nothing needs JSON functions.

CREATE VIEW catalogue AS
SELECT r.id, r.source, r.title, r.category, r.category_raw, r.summary, r.published, r.published_from, r.modified,
    r.language, r.publisher,
    (SELECT group_concat(value, '; ') FROM json_each(r.authors)) AS authors,
    (SELECT group_concat(value, ' ') FROM json_each(r.countries)) AS countries,
    (SELECT group_concat(value, ' ') FROM json_each(r.topics)) AS topics,
    r.url, r.canonical_url, r.documents ->> '$[0].url' AS document_url, r.doi, r.licence,
    w.work, r.revision, r.first_seen, r.last_seen, r.last_changed, r.run
FROM records AS r LEFT JOIN work_members AS w ON w.record = r.id
WHERE r.state = 'active';

CREATE VIEW record_authors AS
SELECT r.id AS record, j.key + 1 AS position, j.value AS author FROM records AS r, json_each(r.authors) AS j;

CREATE VIEW record_categories AS
SELECT r.id AS record, j.key + 1 AS position, j.value AS label FROM records AS r, json_each(r.categories_raw) AS j;

CREATE VIEW record_countries AS
SELECT r.id AS record, j.value AS country FROM records AS r, json_each(r.countries) AS j;

CREATE VIEW record_regions AS
SELECT r.id AS record, j.value AS region FROM records AS r, json_each(r.regions) AS j;

CREATE VIEW record_topics AS
SELECT r.id AS record, j.value AS topic FROM records AS r, json_each(r.topics) AS j;

CREATE VIEW record_documents AS
SELECT r.id AS record, j.key + 1 AS position, j.value ->> '$.url' AS url, j.value ->> '$.media_type' AS media_type,
    j.value ->> '$.bytes' AS bytes, j.value ->> '$.sha256' AS sha256, j.value ->> '$.title' AS title,
    j.value ->> '$.pages' AS pages, j.value ->> '$.language' AS language
FROM records AS r, json_each(r.documents) AS j;

CREATE VIEW record_translations AS
SELECT r.id AS record, j.value ->> '$.language' AS language, j.value ->> '$.url' AS url
FROM records AS r, json_each(r.translations) AS j;

CREATE VIEW record_provenance AS
SELECT r.id AS record, j.key AS field, j.value ->> '$.basis' AS basis, j.value ->> '$.detail' AS detail,
    j.value ->> '$.page' AS page
FROM records AS r, json_each(r.provenance) AS j;

CREATE VIEW works AS
SELECT m.work, count(*) AS records, count(DISTINCT r.source) AS sources, min(r.title) AS title
FROM work_members AS m JOIN records AS r ON r.id = m.record GROUP BY m.work;

CREATE VIEW run_report AS
SELECT r.id AS run, r.source, r.scheduled_at, r.state, j.key AS outcome, j.value AS count
FROM runs AS r, json_each(r.outcomes) AS j;

CREATE VIEW run_samples AS
SELECT r.id AS run, r.source, j.value ->> '$.outcome' AS outcome, j.value ->> '$.url' AS url,
    j.value ->> '$.record' AS record, j.value ->> '$.reason' AS reason
FROM runs AS r, json_each(r.samples) AS j;

CREATE VIEW run_labels AS
SELECT r.id AS run, r.source, j.key AS label, j.value AS count FROM runs AS r, json_each(r.unmapped_labels) AS j;
