-- Where a page of a list has led, for the day on which it has not changed.

ALTER TABLE pages ADD COLUMN links TEXT; -- JSON, packed
