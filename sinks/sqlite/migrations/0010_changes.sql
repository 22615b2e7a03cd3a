-- Records in the order in which they changed, for those who keep up with the
-- catalogue: the order is whole, and what they narrow by is in the index.
DROP INDEX records_by_change;
CREATE INDEX records_by_change ON records (last_changed, id, state, source, category, topics);
