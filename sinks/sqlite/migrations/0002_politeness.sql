-- What a page weighed, and what each run asked of each host.

ALTER TABLE pages ADD COLUMN size INTEGER NOT NULL DEFAULT 0; -- octets on the wire

ALTER TABLE runs ADD COLUMN hosts TEXT; -- JSON

CREATE VIEW run_hosts AS
SELECT r.id AS run, r.source, j.value ->> '$.host' AS host,
    coalesce(j.value ->> '$.requests', 0) AS requests,
    coalesce(j.value ->> '$.robots_requests', 0) AS robots_requests,
    coalesce(j.value ->> '$.not_modified', 0) AS not_modified,
    coalesce(j.value ->> '$.refused', 0) AS refused,
    coalesce(j.value ->> '$.wire_bytes', 0) AS wire_bytes,
    coalesce(j.value ->> '$.bytes', 0) AS bytes,
    coalesce(j.value ->> '$.saved_bytes', 0) AS saved_bytes,
    coalesce(j.value ->> '$.waited_ns', 0) / 1e9 AS waited_seconds,
    coalesce(j.value ->> '$.delay_ns', 0) / 1e9 AS delay_seconds,
    coalesce(j.value ->> '$.crawl_delay_ns', 0) / 1e9 AS crawl_delay_seconds,
    coalesce(j.value ->> '$.capped', 0) AS capped,
    j.value ->> '$.robots' AS robots, j.value ->> '$.robots_hash' AS robots_hash
FROM runs AS r, json_each(r.hosts) AS j;
