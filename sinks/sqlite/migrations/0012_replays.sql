-- Whether a run has read the archive again: such a run is no measure for others.
ALTER TABLE runs ADD COLUMN replay INTEGER NOT NULL DEFAULT 0 CHECK (replay IN (0, 1));
