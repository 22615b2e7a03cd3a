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

	// begin: the run as it started, the form of the entries behind it, and
	// whether the run asks for everything.
	Run    *harvest.Run `json:"run,omitempty"`
	Format int          `json:"format,omitempty"`
	Full   bool         `json:"full,omitempty"`

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
	Form     string             `json:"form,omitempty"`    // of the request
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
	Files    int64              `json:"files,omitempty"` // of Wire, that of files that records link to
	Hosts    harvest.HostUses   `json:"hosts,omitempty"` // what the page asked of each host

	// Stage numbers the pages of a run that give something to the catalogue,
	// from 1; staged is what, and stands behind the entry.
	Stage  uint64 `json:"stage,omitempty"`
	staged *staged

	// published: the catalogue has what the pages up to Stage gave it. Counts
	// are the endings of records that need no words.
	Counts map[harvest.Outcome]int `json:"counts,omitempty"`
	// Held is how many records of these pages are held.
	Held int `json:"held,omitempty"`

	// What gates look at: readings of records, packed, and the words that they
	// use for the first time; examples of fields that were lost; how many of the
	// unchanged records were read and not taken as unchanged; whether the page
	// was lost; which records it says are not there any more.
	Readings  []byte        `json:"readings,omitempty"`
	Words     []string      `json:"words,omitempty"`
	Examples  []lostExample `json:"examples,omitempty"`
	Confirmed int           `json:"confirmed,omitempty"`
	Lost      bool          `json:"lost,omitempty"`
	Absent    []absent      `json:"absent,omitempty"`
}

// journalFormat is the form of entries. A journal of another one cannot be taken
// up: what is pending in it would not be found, and a part pass for the whole.
const journalFormat = 4

// lostExample is a record that has lost a field.
type lostExample struct {
	Field   string          `json:"field"`
	Example harvest.Example `json:"example"`
}

type entryType string

const (
	entryBegin     entryType = "begin"
	entryResume    entryType = "resume"
	entryDoor      entryType = "door"
	entryPage      entryType = "page"
	entryPublished entryType = "published"
	// entrySpent is what visits that were cut short had asked of hosts.
	entrySpent entryType = "spent"
)

// saw notes a record that stands on the page.
func (e *entry) saw(id harvest.RecordID, title titleKey) {
	e.Records, e.Titles = append(e.Records, id), append(e.Titles, title)
}

// key is what the entry's page is known by within its run.
func (e *entry) key() string {
	if e.Alias == "" {
		return e.URL
	}
	return e.URL + " " + e.Alias
}

// request is what the entry's page was asked by, as far as the frontier must know.
func (e *entry) request() *harvest.Request {
	return &harvest.Request{Kind: e.Kind, Step: e.Step, URL: e.URL, Alias: e.Alias, Form: e.Form}
}

// encode writes the entry on one line, and on two further lines what stands
// behind it: the requests that it led to, and what it gives to the catalogue. To
// know what is pending it is enough to read the first. No JSON has a line end.
func (e *entry) encode() ([]byte, error) {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false)
	err := to.Encode(e)
	if err == nil && len(e.Requests) > 0 {
		err = to.Encode(e.Requests)
	} else {
		b.WriteByte('\n')
	}
	if err == nil && e.staged != nil {
		before := b.Len()
		err = to.Encode(e.staged)
		e.staged.octets = b.Len() - before
	}
	if err != nil {
		return nil, fmt.Errorf("encode journal entry: %w", err)
	}
	return b.Bytes(), nil
}

// decodeEntry reads an entry without what stands behind it.
func decodeEntry(b []byte) (*entry, error) {
	head, _, _ := bytes.Cut(b, []byte{'\n'})
	e := new(entry)
	if err := json.Unmarshal(head, e); err != nil {
		return nil, fmt.Errorf("decode journal entry: %w", err)
	}
	return e, nil
}

// decodePending reads an entry with its requests.
func decodePending(b []byte) (*entry, error) {
	e, err := decodeEntry(b)
	if err != nil {
		return nil, err
	}
	if requests := behind(b, 1); len(requests) > 0 {
		if err := json.Unmarshal(requests, &e.Requests); err != nil {
			return nil, fmt.Errorf("decode requests of a journal entry: %w", err)
		}
	}
	if len(e.Requests) != e.Pending.len() {
		return nil, fmt.Errorf("journal entry with %d requests has keys of %d", len(e.Requests), e.Pending.len())
	}
	return e, nil
}

// decodeStaged reads an entry with what it gives to the catalogue, if that
// comes after the stage given.
func decodeStaged(b []byte, after uint64) (*entry, error) {
	e, err := decodeEntry(b)
	if err != nil || e.Type != entryPage || e.Stage <= after {
		return e, err
	}
	line := behind(b, 2)
	e.staged = &staged{stage: e.Stage, at: e.At, key: e.key(), octets: len(line)}
	if err := json.Unmarshal(line, e.staged); err != nil {
		return nil, fmt.Errorf("decode what a journal entry gives to the catalogue: %w", err)
	}
	return e, nil
}

// behind is the line so many lines below the entry, empty for none.
func behind(b []byte, lines int) []byte {
	for range lines {
		_, b, _ = bytes.Cut(b, []byte{'\n'})
	}
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	return line
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
