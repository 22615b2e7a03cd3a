package harvest

import "time"

// Held is what one page of a run would give to the catalogue and does not yet:
// the run has not passed its gates.
type Held struct {
	// Key is what the page is known by within its run; of two with one key the
	// later one counts.
	Key string `json:"key" bson:"key"`
	URL string `json:"url,omitempty" bson:"url,omitempty"`
	// At is when the page was read.
	At time.Time `json:"at" bson:"at"`
	// Records are to be put, Seen are records that stand on the page besides.
	Records []Record   `json:"records,omitempty" bson:"records,omitempty"`
	Seen    []RecordID `json:"seen,omitempty" bson:"seen,omitempty"`
	// Facts are for the ledger; nil when there are none.
	Facts *PageFacts `json:"facts,omitempty" bson:"facts,omitempty"`
}

// Absence says since when a record is not found any more. It outlives the
// record's being gone, and ends when the record is seen again.
type Absence struct {
	Record RecordID `json:"record" bson:"_id"`
	Source SourceID `json:"source" bson:"source"`
	// Runs counts the whole runs in a row that passed and did not see it.
	Runs int `json:"runs" bson:"runs"`
	// Since is when the first of these runs began, Run the last of them.
	Since time.Time `json:"since" bson:"since"`
	Run   RunID     `json:"run,omitempty" bson:"run,omitempty"`
	// Reason is what is known of why: "404", "410", "delisted", "deleted".
	Reason string `json:"reason" bson:"reason"`
	// Gone is when the record was declared gone, zero while it is not.
	Gone time.Time `json:"gone,omitzero" bson:"gone,omitempty"`
}

// The reasons of an absence.
const (
	Reason404      = "404"      // its page is not there
	Reason410      = "410"      // its page was removed for good
	ReasonDelisted = "delisted" // nothing leads to it any more
	ReasonDeleted  = "deleted"  // the source says that it has deleted it
)
