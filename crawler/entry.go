package crawler

import (
	"bytes"
	"encoding/binary"
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

	// begin: the run as it started, and the form of the entries behind it.
	Run    *harvest.Run `json:"run,omitempty"`
	Format int          `json:"format,omitempty"`

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
	URL      string             `json:"url,omitempty"`     // as requested
	FinalURL string             `json:"final,omitempty"`   // when redirected
	Alias    string             `json:"alias,omitempty"`   // of the request
	Events   []harvest.Event    `json:"events,omitempty"`  // of the page and of its records
	Requests []harvest.Request  `json:"-"`                 // newly found, none of them visited; they stand behind the entry
	Pending  pendingKeys        `json:"pending,omitempty"` // how each of Requests is recognised
	Onwards  bool               `json:"onwards,omitempty"` // Requests lead to addresses of another shape than URL
	Records  []harvest.RecordID `json:"records,omitempty"` // recorded or seen again
	Titles   []titleKey         `json:"titles,omitempty"`  // of Records, one for each
	Labels   []string           `json:"labels,omitempty"`  // raw labels that no mapping knows
	Imprint  imprint            `json:"imprint,omitempty"` // what the page is recognised by
	Same     harvest.RecordID   `json:"same,omitempty"`    // the record of the page whose words it repeats
	Slash    slash              `json:"slash,omitempty"`   // what the page has shown of a slash at the end of URL
	Notes    []string           `json:"notes,omitempty"`
	Newest   bool               `json:"newest,omitempty"` // of harvest.Parsed
	HTTP     int                `json:"http,omitempty"`   // requests sent
	Wire     int64              `json:"wire,omitempty"`
	Bytes    int64              `json:"bytes,omitempty"`
	Hosts    harvest.HostUses   `json:"hosts,omitempty"` // what the page asked of each host
}

// journalFormat is the form of entries. A journal of another one cannot be taken
// up: what is pending in it would not be found, and a part pass for the whole.
const journalFormat = 2

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

// encode writes the entry, and behind it the requests that it led to: to know
// that they are pending it is enough to read the entry.
func (e *entry) encode() ([]byte, error) {
	b, err := json.Marshal(e)
	if err == nil && len(e.Requests) > 0 {
		var requests []byte
		requests, err = json.Marshal(e.Requests)
		b = append(append(b, requestsBelow), requests...)
	}
	if err != nil {
		return nil, fmt.Errorf("encode journal entry: %w", err)
	}
	return b, nil
}

// requestsBelow stands between an entry and its requests; no JSON has it.
const requestsBelow = '\n'

// decodeEntry reads an entry without its requests.
func decodeEntry(b []byte) (*entry, error) {
	head, _, _ := bytes.Cut(b, []byte{requestsBelow})
	e := new(entry)
	if err := json.Unmarshal(head, e); err != nil {
		return nil, fmt.Errorf("decode journal entry: %w", err)
	}
	return e, nil
}

// decodeWhole reads an entry with its requests.
func decodeWhole(b []byte) (*entry, error) {
	e, err := decodeEntry(b)
	if err != nil {
		return nil, err
	}
	if _, requests, ok := bytes.Cut(b, []byte{requestsBelow}); ok {
		if err := json.Unmarshal(requests, &e.Requests); err != nil {
			return nil, fmt.Errorf("decode requests of a journal entry: %w", err)
		}
	}
	if len(e.Requests) != e.Pending.len() {
		return nil, fmt.Errorf("journal entry with %d requests has keys of %d", len(e.Requests), e.Pending.len())
	}
	return e, nil
}

// pendingKeys are the addresses of requests, and their lanes: of each the key,
// and an octet with the lane and whether there is a slash.
type pendingKeys []byte

const pendingKeySize = 9

func (p pendingKeys) len() int { return len(p) / pendingKeySize }

func (p pendingKeys) add(a address, lane int) pendingKeys {
	p = binary.BigEndian.AppendUint64(p, uint64(a.key))
	mark := byte(lane) << 1
	if a.slash {
		mark |= 1
	}
	return append(p, mark)
}

// at is the address and the lane of request i. A lane that there is none of,
// which no entry of ours has, counts as the last.
func (p pendingKeys) at(i int) (address, int) {
	b := p[i*pendingKeySize:]
	return address{key: urlKey(binary.BigEndian.Uint64(b)), slash: b[8]&1 != 0}, min(int(b[8]>>1), lanes-1)
}
