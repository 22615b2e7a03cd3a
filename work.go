package harvest

import "time"

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
	// Score is between 0 and 1: how sure the rule is. It is 0 in works that an
	// earlier version of the program has written.
	Score float64 `json:"score,omitempty" bson:"score,omitempty"`
	// Evidence is the shared key, or what was weighed, for people.
	Evidence string `json:"evidence" bson:"evidence"`
	// Language is the primary language of the record. Members of other
	// languages are other expressions of the work: translations, never editions.
	Language string `json:"language,omitempty" bson:"language,omitempty"`
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

// Decision is what a person said about two records. It outweighs every rule,
// for as long as it stands.
type Decision struct {
	// A and B are the records, A < B.
	A RecordID `json:"a" bson:"a"`
	B RecordID `json:"b" bson:"b"`
	// Same is true when both describe one document.
	Same   bool      `json:"same" bson:"same"`
	Author string    `json:"author" bson:"author"`
	At     time.Time `json:"at" bson:"at"`
	Note   string    `json:"note,omitempty" bson:"note,omitempty"`
}

// Doubt is a pair of records that the rules could not decide; it waits for a
// person.
type Doubt struct {
	A RecordID `json:"a" bson:"a"` // A < B
	B RecordID `json:"b" bson:"b"`
	// Score is between 0 and 1, higher for pairs that are more likely one
	// document.
	Score    float64 `json:"score" bson:"score"`
	Evidence string  `json:"evidence" bson:"evidence"`
}
