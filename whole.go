package harvest

// WholeRecord is a record with all that a catalogue keeps of it, as it is
// handed from one catalogue to another.
type WholeRecord struct {
	// Record is the record without its work, which tells of its members itself.
	Record Record `json:"record"`
	// ContentHash is that of what the source said last, see [Record.ContentHash].
	ContentHash string   `json:"content_hash,omitempty"`
	MatchKeys   []string `json:"match_keys,omitempty"` // sorted
	// Pending is true while the record waits to be matched.
	Pending bool `json:"pending,omitempty"`
	// History is empty for a record that has not changed since it was found.
	History []Revision `json:"history,omitempty"`
}
