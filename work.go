package harvest

import (
	"maps"
	"slices"
	"time"
)

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

// WorkMove is one record's step from a work to another, into its first or out of
// its last. The moves of a work are its history: records come by a match, by a
// decision or from a work that is joined with it, and leave it when it is split.
// That a member stays, with other evidence, is no move.
type WorkMove struct {
	Record RecordID `json:"record" bson:"record"`
	// Number counts the moves of the record, from 1.
	Number int       `json:"number" bson:"number"`
	At     time.Time `json:"at" bson:"at"`
	// From and To are the works, empty for none.
	From WorkID `json:"from,omitempty" bson:"from,omitempty"`
	To   WorkID `json:"to,omitempty" bson:"to,omitempty"`
	// Method, Score and Evidence are why it belongs to the work that it came to, as
	// in [Member].
	Method   string  `json:"method,omitempty" bson:"method,omitempty"`
	Score    float64 `json:"score,omitempty" bson:"score,omitempty"`
	Evidence string  `json:"evidence,omitempty" bson:"evidence,omitempty"`
}

// Moves are the steps that lead from the works in which records are to those
// in which they will be, in the order of the records. now has the work of every
// record that is in one of the works given or becomes a member of one; counts
// has how many moves a record has made.
func Moves(at time.Time, works []Work, now map[RecordID]WorkID, counts map[RecordID]int) []WorkMove {
	at = at.UTC().Truncate(time.Millisecond)
	next := make(map[RecordID]WorkMove, len(now))
	for _, w := range works { // a later work wins a member
		for _, m := range w.Members {
			next[m.Record] = WorkMove{Record: m.Record, To: w.ID, Method: m.Method, Score: m.Score, Evidence: m.Evidence}
		}
	}
	for r := range now {
		if _, stays := next[r]; !stays {
			next[r] = WorkMove{Record: r}
		}
	}
	var out []WorkMove
	for _, r := range slices.Sorted(maps.Keys(next)) {
		if m := next[r]; m.To != now[r] {
			m.At, m.From, m.Number = at, now[r], counts[r]+1
			out = append(out, m)
		}
	}
	return out
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
