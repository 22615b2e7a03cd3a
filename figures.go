package harvest

import (
	"cmp"
	"slices"
	"time"
)

// Figures are what the records of a run add up to, so that later runs can be
// compared with it. They are small, whatever the size of the run.
//
// Records read again are compared each with itself as the catalogue had it:
// what they have lost says more than any share, because a site that publishes
// something new of another kind moves shares and loses nothing.
type Figures struct {
	// Standing is how many active records the source had when the run began.
	Standing int `json:"standing,omitempty" bson:"standing,omitempty"`
	// New, Again and Unread count the records that the run saw: read for the
	// first time, read once more, and known to stand as they were without being
	// read, as after a 304.
	New    int `json:"new,omitempty" bson:"new,omitempty"`
	Again  int `json:"again,omitempty" bson:"again,omitempty"`
	Unread int `json:"unread,omitempty" bson:"unread,omitempty"`
	// Changed counts those of Again that say something else than before.
	Changed int `json:"changed,omitempty" bson:"changed,omitempty"`
	// Whole is true when the run saw all there is to see; only then Missed, the
	// records of Standing that it did not see, means anything.
	Whole  bool `json:"whole,omitempty" bson:"whole,omitempty"`
	Missed int  `json:"missed,omitempty" bson:"missed,omitempty"`
	// Invalid counts what was found and is no record, such as items without title.
	Invalid int `json:"invalid,omitempty" bson:"invalid,omitempty"`

	// Fields are those that any record had, by name.
	Fields []FieldFigures `json:"fields,omitempty" bson:"fields,omitempty"`

	// Categories, Languages and Lengths distribute the records of New; Lengths
	// are those of titles, in steps of a power of two characters.
	Categories []Tally `json:"categories,omitempty" bson:"categories,omitempty"`
	Languages  []Tally `json:"languages,omitempty" bson:"languages,omitempty"`
	Lengths    []Tally `json:"lengths,omitempty" bson:"lengths,omitempty"`
	// CategoryMoves and LanguageMoves are what became of records of Again that
	// have another category or language now, "en → es".
	CategoryMoves []Tally `json:"category_moves,omitempty" bson:"category_moves,omitempty"`
	LanguageMoves []Tally `json:"language_moves,omitempty" bson:"language_moves,omitempty"`

	// TopTitle is the title that most records of New and Again have, TopCount
	// how many have it at least.
	TopTitle string `json:"top_title,omitempty" bson:"top_title,omitempty"`
	TopCount int    `json:"top_count,omitempty" bson:"top_count,omitempty"`

	// Asked counts the pages asked for besides those that lead to others, Lost
	// those of them that are missing, closed or asked to be left alone, Repeats
	// those that said word for word what another page had said.
	Asked   int `json:"asked,omitempty" bson:"asked,omitempty"`
	Lost    int `json:"lost,omitempty" bson:"lost,omitempty"`
	Repeats int `json:"repeats,omitempty" bson:"repeats,omitempty"`
}

// FieldFigures say how one field of the records did in a run.
type FieldFigures struct {
	Name string `json:"name" bson:"name"` // its JSON name
	// New is how many of the new records have it.
	New int `json:"new,omitempty" bson:"new,omitempty"`
	// Had is how many of those read again had it, Lost how many of these have
	// it no longer.
	Had  int `json:"had,omitempty" bson:"had,omitempty"`
	Lost int `json:"lost,omitempty" bson:"lost,omitempty"`
	// By says where the values of this run came from, Was where those that are
	// lost had come from.
	By  []Tally `json:"by,omitempty" bson:"by,omitempty"`
	Was []Tally `json:"was,omitempty" bson:"was,omitempty"`
	// Examples are records that have lost it, at most [MaxExamples].
	Examples []Example `json:"examples,omitempty" bson:"examples,omitempty"`
}

// Example is a record before and after.
type Example struct {
	Record RecordID `json:"record,omitempty" bson:"record,omitempty"`
	URL    string   `json:"url,omitempty" bson:"url,omitempty"`
	Before string   `json:"before,omitempty" bson:"before,omitempty"`
	After  string   `json:"after,omitempty" bson:"after,omitempty"`
}

// MaxExamples is the number of examples that are kept of one thing.
const MaxExamples = 3

// Tally is a name and how often it came.
type Tally struct {
	Name  string `json:"name" bson:"name"`
	Count int    `json:"count" bson:"count"`
}

// SortTallies brings the most frequent to the front.
func SortTallies(t []Tally) {
	slices.SortFunc(t, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
}

// Read is how many records were read, whether for the first time or again.
func (f *Figures) Read() int { return f.New + f.Again }

// Seen is how many records were seen, read or not.
func (f *Figures) Seen() int { return f.New + f.Again + f.Unread }

// Field returns the figures of one field, the zero value when none had it.
func (f *Figures) Field(name string) FieldFigures {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return f.Fields[i]
		}
	}
	return FieldFigures{Name: name}
}

// GateResult is what one gate says of a run.
type GateResult struct {
	// Gate is its name, such as "missed" or "lost.summary".
	Gate string `json:"gate" bson:"gate"`
	// Failed is true when the run must not be published as it is.
	Failed bool `json:"failed,omitempty" bson:"failed,omitempty"`
	// Seen is what the run shows, and Low and High what was expected. They are
	// shares between 0 and 1, or numbers of records where the gate counts.
	Seen float64 `json:"seen" bson:"seen"`
	Low  float64 `json:"low" bson:"low"`
	High float64 `json:"high" bson:"high"`
	// History is on how many earlier runs the expectation rests.
	History int `json:"history" bson:"history"`
	// Says is the same in words, with numbers.
	Says string `json:"says" bson:"says"`
	// Hints are lines that help to find the cause, such as the selector that
	// gives nothing any more.
	Hints    []string  `json:"hints,omitempty" bson:"hints,omitempty"`
	Examples []Example `json:"examples,omitempty" bson:"examples,omitempty"`
}

// Ruling is what a person decided about a quarantined run.
type Ruling struct {
	// Publish is true when what was held is published, false when it is discarded.
	Publish bool      `json:"publish" bson:"publish"`
	Author  string    `json:"author" bson:"author"`
	Reason  string    `json:"reason" bson:"reason"`
	At      time.Time `json:"at" bson:"at"`
	// Done is true when it has been carried out to the end.
	Done bool `json:"done,omitempty" bson:"done,omitempty"`
}
