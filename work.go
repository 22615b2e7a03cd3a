package harvest

// Work is one document in the world: the records that describe it, and why
// each is thought to.
type Work struct {
	ID      WorkID   `json:"id" bson:"_id"`
	Members []Member `json:"members" bson:"members"` // sorted by record
}

// Member is one record of a work.
type Member struct {
	Record RecordID `json:"record" bson:"record"`
	// Method names the rule, such as "doi" or "sha256".
	Method string `json:"method" bson:"method"`
	// Evidence is the shared key, for people.
	Evidence string `json:"evidence" bson:"evidence"`
}

// Change is what a store did with one record that it was given.
type Change struct {
	Record RecordID
	// Outcome is [NewRecord], [ChangedRecord] or [UnchangedRecord], seen from
	// the run: a record that this run has already written stays new or
	// changed when it is written again after a crash. [Withdrawn] means that
	// the record was refused because it was taken down.
	Outcome Outcome
}
