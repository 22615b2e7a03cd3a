package notify

import (
	"time"

	"github.com/harvest87/harvest"
)

// Kind is what a message is about.
type Kind string

// The kinds. A source breaks when a person has to look at it, and recovers when
// a run of it has passed again.
const (
	Broken      Kind = "broken"
	Recovered   Kind = "recovered"
	Quarantined Kind = "quarantined"
	Stale       Kind = "stale"
	Door        Kind = "door" // a door has stopped working, and another works in its stead
	Digest      Kind = "digest"
	Test        Kind = "test"
)

// Standing is how one source stands.
type Standing struct {
	Source harvest.SourceID `json:"source"`
	Name   string           `json:"name,omitempty"`
	// State is one of healthy, new, ailing, broken, dead, quarantined.
	State string `json:"state"`
	Stale bool   `json:"stale"`
	// Class is the kind of failure, Why the reason in the words of the run.
	Class     string        `json:"class,omitempty"`
	Why       string        `json:"why,omitempty"`
	Run       harvest.RunID `json:"run,omitempty"`
	Since     time.Time     `json:"since,omitzero"`
	LastWhole time.Time     `json:"last_whole,omitzero"`
	// LostDoor is a door that has stopped working while another works in its
	// stead, Fallback says so in words; empty when there is none.
	LostDoor string `json:"lost_door,omitempty"`
	Fallback string `json:"fallback,omitempty"`
	// BrokenLinks counts documents that are not where the source's records say. It
	// is known in digests only.
	BrokenLinks int `json:"broken_links,omitempty"`
}

// Event is a change in how a source stands.
type Event struct {
	ID   string    `json:"id"`
	Kind Kind      `json:"kind"`
	At   time.Time `json:"at"`
	Standing
}

// told is what people know of a source.
type told struct {
	Condition Kind   `json:"condition,omitempty"` // Broken, Quarantined or Recovered
	Stale     bool   `json:"stale,omitempty"`
	LostDoor  string `json:"lost_door,omitempty"`
}

// learn says what has changed since, in one kind, empty when nothing has; and
// what people know once they are told.
func (t told) learn(s *Standing) (Kind, told) {
	next := told{Condition: t.Condition, Stale: s.Stale, LostDoor: s.LostDoor}
	switch s.State {
	case "broken", "dead":
		next.Condition = Broken
	case "quarantined":
		next.Condition = Quarantined
	case "healthy":
		next.Condition = Recovered
	default: // holes are neither broken nor mended
	}
	wasBad := t.Condition == Broken || t.Condition == Quarantined
	switch {
	case next.Condition != t.Condition && next.Condition != Recovered:
		return next.Condition, next
	case next.Condition == Recovered && (wasBad || t.Stale && !next.Stale):
		return Recovered, next
	case next.LostDoor != "" && next.LostDoor != t.LostDoor:
		return Door, next
	case next.Condition == Recovered && t.LostDoor != "" && next.LostDoor == "":
		return Recovered, next
	case next.Stale && !t.Stale:
		return Stale, next
	}
	return "", next
}
