-- What a page says, and how often that has changed.

ALTER TABLE pages ADD COLUMN content TEXT; -- hash of what it says
ALTER TABLE pages ADD COLUMN since TEXT;   -- when it was first fetched
ALTER TABLE pages ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pages ADD COLUMN changed_at TEXT;
