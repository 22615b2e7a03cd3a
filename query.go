package harvest

import "time"

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
	// ChangedSince keeps records whose content changed at or after that moment.
	ChangedSince time.Time `json:"changed_since,omitzero"`
	// State is active when empty; "any" finds all.
	State State `json:"state,omitempty"`
	// Limit is the most records to return, 0 for no limit.
	Limit int `json:"limit,omitempty"`
	// After continues behind that record in the order of the catalogue.
	After RecordID `json:"after,omitempty"`
}

// AnyState in a [Query] finds records of every state.
const AnyState State = "any"

// Stats are a catalogue's totals.
type Stats struct {
	Records int `json:"records"` // of every state
	Works   int `json:"works"`
	Runs    int `json:"runs"`
	// LastChanged is the newest [Record.LastChanged], zero when empty.
	LastChanged time.Time        `json:"last_changed,omitzero"`
	BySource    map[SourceID]int `json:"by_source,omitempty"` // active records
}
