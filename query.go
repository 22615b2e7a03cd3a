package harvest

import (
	"strings"
	"time"
)

// Query is what a reader asks of the catalogue. Every empty field means "any".
type Query struct {
	// Words are searched in title, summary and the other text fields; only
	// the search index understands them.
	Words    string   `json:"words,omitempty"`
	Source   SourceID `json:"source,omitempty"`
	Category string   `json:"category,omitempty"` // controlled
	Language string   `json:"language,omitempty"` // BCP 47; "en" also finds "en-GB"
	// Since keeps records published on that date or later. A date of less
	// precision counts from its first day; records without a date are left out.
	Since Date `json:"since,omitzero"`
	// ChangedSince keeps records that changed at or after that moment.
	ChangedSince time.Time `json:"changed_since,omitzero"`
	// AsOf asks for the records as they stood at that moment, see
	// [Record.AsOf]; the other fields are asked of what they were then. What was
	// taken down since is in no day's catalogue. Now when zero.
	AsOf time.Time `json:"as_of,omitzero"`
	// State is active when empty; "any" finds all.
	State State `json:"state,omitempty"`
	// Limit is the most records to return, 0 for no limit.
	Limit int `json:"limit,omitempty"`
	// After continues behind that record in the order of the catalogue.
	After RecordID `json:"after,omitempty"`
}

// AnyState in a [Query] finds records of every state.
const AnyState State = "any"

// Matches reports whether the query selects the record. Words, AsOf, Limit and
// After are not its matter.
func (q *Query) Matches(r *Record) bool {
	state := q.State
	if state == "" {
		state = StateActive
	}
	language := r.Language.Value
	return (q.Source == "" || r.Source == q.Source) &&
		(q.Category == "" || r.Category == q.Category) &&
		(q.Language == "" || language == q.Language || strings.HasPrefix(language, q.Language+"-")) &&
		(q.Since.IsZero() || !r.Published.IsZero() && r.Published.FirstDay() >= q.Since.FirstDay()) &&
		!r.LastChanged.Before(q.ChangedSince) &&
		(state == AnyState || r.State == state)
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
