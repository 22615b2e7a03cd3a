package harvest

import (
	"slices"
	"strings"
	"time"
)

// Query is what a reader asks of the catalogue. Every empty field means "any";
// a record must have one of the values of each field that is not empty.
type Query struct {
	// Words are searched in title, summary and the other text fields; only
	// the search index understands them.
	Words      string     `json:"words,omitempty"`
	Sources    []SourceID `json:"sources,omitempty"`
	Categories []string   `json:"categories,omitempty"` // controlled
	Topics     []string   `json:"topics,omitempty"`     // controlled
	Countries  []string   `json:"countries,omitempty"`  // ISO 3166-1 alpha-2, capitals
	Languages  []string   `json:"languages,omitempty"`  // BCP 47; "en" also finds "en-GB"
	// Years keep records published in one of them; those without a date are
	// left out.
	Years []int `json:"years,omitempty"`
	// Since keeps records published on that date or later. A date of less
	// precision counts from its first day; records without a date are left out.
	Since Date `json:"since,omitzero"`
	// ChangedSince keeps records that changed at or after that moment.
	ChangedSince time.Time `json:"changed_since,omitzero"`
	// AsOf asks for the records as they stood at that moment, see
	// [Record.AsOf]; the other fields are asked of what they were then. What was
	// taken down since is in no day's catalogue. Now when zero.
	AsOf time.Time `json:"as_of,omitzero"`
	// States are active alone when empty; [AnyState] among them finds all.
	States []State `json:"states,omitempty"`
	// Limit is the most records to return, 0 for no limit.
	Limit int `json:"limit,omitempty"`
	// After continues behind that record in the order of the catalogue.
	After RecordID `json:"after,omitempty"`
}

// AnyState in a [Query] finds records of every state.
const AnyState State = "any"

// WantedStates are the states that the query selects, nil for every state.
func (q *Query) WantedStates() []State {
	switch {
	case len(q.States) == 0:
		return []State{StateActive}
	case slices.Contains(q.States, AnyState):
		return nil
	}
	return q.States
}

// IsZero reports whether the query asks for nothing in particular.
func (q *Query) IsZero() bool {
	return q.Words == "" && len(q.Sources)+len(q.Categories)+len(q.Topics)+len(q.Countries)+len(q.Languages)+len(q.Years)+len(q.States) == 0 &&
		q.Since.IsZero() && q.ChangedSince.IsZero() && q.AsOf.IsZero() && q.Limit == 0 && q.After == ""
}

// Matches reports whether the query selects the record. Words, AsOf, Limit and
// After are not its matter.
func (q *Query) Matches(r *Record) bool {
	return oneOf(q.Sources, r.Source) &&
		oneOf(q.Categories, r.Category) &&
		oneOf(q.Topics, r.Topics...) &&
		oneOf(q.Countries, r.Countries...) &&
		q.inLanguage(r.Language.Value) &&
		q.inYear(r.Published) &&
		(q.Since.IsZero() || !r.Published.IsZero() && r.Published.FirstDay() >= q.Since.FirstDay()) &&
		!r.LastChanged.Before(q.ChangedSince) &&
		oneOf(q.WantedStates(), r.State)
}

// oneOf reports whether one of the values is wanted; every one is when wanted
// is empty.
func oneOf[T comparable](wanted []T, values ...T) bool {
	return len(wanted) == 0 || slices.ContainsFunc(values, func(v T) bool { return slices.Contains(wanted, v) })
}

func (q *Query) inLanguage(tag string) bool {
	return len(q.Languages) == 0 || slices.ContainsFunc(q.Languages, func(l string) bool { return tag == l || strings.HasPrefix(tag, l+"-") })
}

func (q *Query) inYear(d Date) bool {
	return len(q.Years) == 0 || !d.IsZero() && slices.Contains(q.Years, d.Year())
}

// Changes is what a reader asks who wants to keep up with the catalogue:
// records of every state in the order in which they came to be what they are.
// Every empty field but Limit means "any".
type Changes struct {
	// Since and Before bound [Record.LastChanged]: at or after, and before.
	Since, Before time.Time
	// Source, Category and Topic narrow the records. What was withdrawn has
	// neither category nor topic any more, and is found under each, so that
	// whoever had it learns of it.
	Source          SourceID
	Category, Topic string
	// Behind continues behind a record that was seen. A record that changes
	// meanwhile comes again, later; none is left out.
	Behind ChangePlace
	// Limit is the most records to return, at least 1.
	Limit int
}

// ChangePlace is where a record stands in the order of changes: by
// [Record.LastChanged], then by [Record.ID].
type ChangePlace struct {
	At     time.Time
	Record RecordID
}

// Stats are a catalogue's totals.
type Stats struct {
	Records int `json:"records"` // of every state
	Works   int `json:"works"`
	Runs    int `json:"runs"`
	// LastChanged is the newest [Record.LastChanged], zero when empty.
	LastChanged time.Time        `json:"last_changed,omitzero"`
	BySource    map[SourceID]int `json:"by_source,omitempty"` // active records
}
