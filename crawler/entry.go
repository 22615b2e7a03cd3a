package crawler

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/harvest87/harvest"
)

// entry is one line of a run's journal. Replaying all entries rebuilds the
// run: what is done, what is pending, and the report so far.
type entry struct {
	Type entryType `json:"t"`

	// At is when the entry was written.
	At time.Time `json:"at,omitzero"`

	// begin: the run as it started.
	Run *harvest.Run `json:"run,omitempty"`

	// door: a door opens with its seeds (Requests); Reason says why the one
	// before it was left.
	Door        int       `json:"door,omitempty"`
	Reason      string    `json:"reason,omitempty"`
	Incremental bool      `json:"incremental,omitempty"`
	Since       time.Time `json:"since,omitzero"`

	// page: one page is done, with its endings and what it led to. Dead says
	// why its door thinks that it does not work.
	Dead     string             `json:"dead,omitempty"`
	Kind     harvest.Kind       `json:"kind,omitempty"`
	Step     string             `json:"step,omitempty"`
	Page     int                `json:"page,omitempty"`
	URL      string             `json:"url,omitempty"`      // as requested
	FinalURL string             `json:"final,omitempty"`    // when redirected
	Alias    string             `json:"alias,omitempty"`    // of the request
	Events   []harvest.Event    `json:"events,omitempty"`   // of the page and of its records
	Requests []harvest.Request  `json:"requests,omitempty"` // newly found, none of them visited
	Records  []harvest.RecordID `json:"records,omitempty"`  // recorded or seen again
	Titles   []titleKey         `json:"titles,omitempty"`   // of Records, one for each
	Labels   []string           `json:"labels,omitempty"`   // raw labels that no mapping knows
	Imprint  imprint            `json:"imprint,omitempty"`  // what the page is recognised by
	Same     harvest.RecordID   `json:"same,omitempty"`     // the record of the page whose words it repeats
	Slash    slash              `json:"slash,omitempty"`    // what the page has shown of a slash at the end of URL
	Notes    []string           `json:"notes,omitempty"`
	Newest   bool               `json:"newest,omitempty"` // of harvest.Parsed
	HTTP     int                `json:"http,omitempty"`   // requests sent
	Wire     int64              `json:"wire,omitempty"`
	Bytes    int64              `json:"bytes,omitempty"`
	Hosts    harvest.HostUses   `json:"hosts,omitempty"` // what the page asked of each host
}

type entryType string

const (
	entryBegin  entryType = "begin"
	entryResume entryType = "resume"
	entryDoor   entryType = "door"
	entryPage   entryType = "page"
	// entrySpent is what visits that were cut short had asked of hosts.
	entrySpent entryType = "spent"
)

// saw notes a record that stands on the page.
func (e *entry) saw(id harvest.RecordID, title titleKey) {
	e.Records, e.Titles = append(e.Records, id), append(e.Titles, title)
}

// request is what the entry's page was asked by, as far as the frontier must know.
func (e *entry) request() *harvest.Request {
	return &harvest.Request{Kind: e.Kind, Step: e.Step, URL: e.URL, Alias: e.Alias}
}

func (e *entry) encode() ([]byte, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode journal entry: %w", err)
	}
	return b, nil
}

func decodeEntry(b []byte) (*entry, error) {
	e := new(entry)
	if err := json.Unmarshal(b, e); err != nil {
		return nil, fmt.Errorf("decode journal entry: %w", err)
	}
	return e, nil
}
