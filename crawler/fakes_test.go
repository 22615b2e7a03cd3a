package crawler_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/crawler"
	"github.com/harvest87/harvest/crawler/queue"
)

const home = "https://library.example/"

// site is a listing of items, two to a page, in a form that fakeDoor reads:
// one "item URL" or "next URL" or "title TEXT" a line.
type site struct {
	mu    sync.Mutex
	pages map[string]string
	fail  map[string]harvest.Outcome
	asked map[string]int
	etags bool
	onAsk func(url string)
}

func newSite(items int) *site {
	s := &site{pages: map[string]string{}, fail: map[string]harvest.Outcome{}, asked: map[string]int{}}
	for i := range items {
		list := fmt.Sprintf("%slist/%d", home, i/2+1)
		item := fmt.Sprintf("%sitem/%d", home, i+1)
		s.pages[list] += "item " + item + "\n"
		s.pages[item] = fmt.Sprintf("title Report %d\n", i+1)
		if i%2 == 1 && i+1 < items {
			s.pages[list] += fmt.Sprintf("next %slist/%d\n", home, i/2+2)
		}
	}
	return s
}

func (s *site) Fetch(ctx context.Context, req harvest.Request, v harvest.Validators) *harvest.Page {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.onAsk != nil {
		s.onAsk(req.URL)
	}
	p := &harvest.Page{Request: req, URL: req.URL, FetchedAt: time.Now()}
	if ctx.Err() != nil {
		p.Outcome = harvest.Cancelled
		return p
	}
	s.asked[req.URL]++
	p.Requests = 1
	if o, ok := s.fail[req.URL]; ok {
		p.Outcome, p.Reason = o, "as the test wants it"
		return p
	}
	body, ok := s.pages[req.URL]
	if !ok {
		p.Outcome, p.Status = harvest.NotFoundPage, 404
		return p
	}
	if _, to, ok := strings.Cut(body, "landed "); ok { // where a redirect has led
		to, _, _ = strings.Cut(to, "\n")
		p.URL = strings.TrimSpace(to)
	}
	sum := sha256.Sum256([]byte(body))
	p.Hash = hex.EncodeToString(sum[:])
	if s.etags {
		p.Validators.ETag = p.Hash
		if v.ETag == p.Hash {
			p.Outcome, p.Status = harvest.NotModified, 304
			return p
		}
	}
	p.Outcome, p.Status, p.Body, p.Bytes = harvest.Fetched, 200, []byte(body), int64(len(body))
	return p
}

// lineDoor reads the pages of a site.
type lineDoor struct {
	start       string
	incremental bool
}

func (d lineDoor) Seeds(since time.Time) ([]harvest.Request, bool) {
	return []harvest.Request{{URL: d.start, Kind: harvest.KindDiscovery, Step: "list"}}, d.incremental && !since.IsZero()
}

func (d lineDoor) Parse(p *harvest.Page) harvest.Parsed {
	var out harvest.Parsed
	if p.Outcome == harvest.OffScope && p.Request.Card != nil {
		out.Records = append(out.Records, *p.Request.Card)
		return out
	}
	if p.Outcome != harvest.Fetched {
		if p.Request.URL == home+"probe" {
			out.Expected = "the list may end here"
		}
		if p.Request.URL == d.start {
			out.Dead = "start page: " + string(p.Outcome)
		}
		return out
	}
	r := harvest.Record{URL: p.URL}
	for line := range strings.Lines(string(p.Body)) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "item":
			out.Requests = append(out.Requests, harvest.Request{URL: rest, Kind: harvest.KindItem, Step: "item"})
		case "since": // an item with its lastmod
			at, address, _ := strings.Cut(rest, " ")
			modified, _ := time.Parse(time.RFC3339, at) // written by a test
			out.Requests = append(out.Requests, harvest.Request{URL: address, Kind: harvest.KindItem, Step: "item", Modified: modified})
		case "text":
			out.Content = rest
		case "card":
			address, title, _ := strings.Cut(rest, " ")
			card := &harvest.Record{URL: address, Title: title}
			out.Requests = append(out.Requests, harvest.Request{URL: address, Kind: harvest.KindItem, Step: "item", Card: card})
		case "record":
			address, title, _ := strings.Cut(rest, " ")
			out.Records = append(out.Records, harvest.Record{URL: address, Title: title})
		case "next":
			out.Requests = append(out.Requests, harvest.Request{URL: rest, Kind: harvest.KindDiscovery, Step: "list", Page: max(p.Request.Page, 1) + 1})
		case "aside":
			out.Requests = append(out.Requests, harvest.Request{URL: rest, Kind: harvest.KindDiscovery, Step: "names", Aside: true})
		case "title":
			r.Title = rest
		case "document":
			r.Documents = append(r.Documents, harvest.Document{URL: rest})
		case "canonical":
			r.CanonicalURL = rest
		case "summary":
			r.Summary, r.Provenance = rest, map[string]harvest.Evidence{"summary": {Basis: "selector", Detail: ".lead"}}
		case "language":
			r.Language.Value = rest
		case "gone": // a record that the source says it has deleted
			out.Events = append(out.Events, harvest.Event{Outcome: harvest.GoneRecord, Record: harvest.RecordID(rest)})
		case "label":
			r.CategoriesRaw = append(r.CategoriesRaw, rest)
		case "noindex":
			out.Events = append(out.Events, harvest.Event{Outcome: harvest.NoIndexed, URL: p.URL})
			return out
		case "dead":
			out.Dead = rest
		case "panic":
			panic(rest)
		}
	}
	if p.Request.Kind == harvest.KindItem {
		out.Records = append(out.Records, r)
	}
	return out
}

// memoryStore is a catalogue in memory, for the crawler's own tests; the real
// ones have sinks/sinktest.
type memoryStore struct {
	mu      sync.Mutex
	records map[harvest.RecordID]harvest.Record
	pages   map[string]harvest.PageFacts
	runs    map[harvest.RunID]harvest.Run
	puts    map[harvest.RecordID]int

	held     map[harvest.RunID]map[string]harvest.Held
	absences map[harvest.RecordID]harvest.Absence

	away   int // calls of Put that fail first
	broken error
}

func newMemoryStore() *memoryStore {
	return &memoryStore{
		records: map[harvest.RecordID]harvest.Record{}, pages: map[string]harvest.PageFacts{},
		runs: map[harvest.RunID]harvest.Run{}, puts: map[harvest.RecordID]int{},
		held: map[harvest.RunID]map[string]harvest.Held{}, absences: map[harvest.RecordID]harvest.Absence{},
	}
}

func (m *memoryStore) Put(_ context.Context, run harvest.RunID, at time.Time, records []harvest.Record) ([]harvest.Change, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return nil, m.broken
	}
	if m.away > 0 {
		m.away--
		return nil, fmt.Errorf("put: %w", harvest.ErrUnavailable)
	}
	var out []harvest.Change
	for _, r := range records {
		m.puts[r.ID]++
		old, known := m.records[r.ID]
		change := harvest.Change{Record: r.ID, Outcome: harvest.UnchangedRecord}
		r.FirstRun, r.Run, r.LastSeen, r.State = run, run, at, harvest.StateActive
		switch {
		case known && old.ContentHash() == r.ContentHash():
			r.FirstRun, r.Run = old.FirstRun, old.Run
		case known:
			r.FirstRun = old.FirstRun
		}
		if r.FirstRun == run {
			change.Outcome = harvest.NewRecord
		} else if r.Run == run {
			change.Outcome = harvest.ChangedRecord
		}
		m.records[r.ID] = r
		out = append(out, change)
	}
	return out, nil
}

func (m *memoryStore) Touch(_ context.Context, at time.Time, ids []harvest.RecordID) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		r := m.records[id]
		r.LastSeen = at
		m.records[id] = r
	}
	return len(ids), nil
}

func (m *memoryStore) Pages(_ context.Context, _ harvest.SourceID, urls []string) (map[string]harvest.PageFacts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]harvest.PageFacts{}
	for _, u := range urls {
		if f, ok := m.pages[u]; ok {
			out[u] = f
		}
	}
	return out, nil
}

func (m *memoryStore) PutPages(_ context.Context, pages []harvest.PageFacts) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, p := range pages {
		m.pages[p.URL] = p
	}
	return nil
}

func (m *memoryStore) PutRun(_ context.Context, run harvest.Run) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.runs[run.ID] = run
	return nil
}

func (m *memoryStore) Runs(_ context.Context, source harvest.SourceID, _ int) ([]harvest.Run, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []harvest.Run
	for _, r := range m.runs {
		if r.Source == source {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b harvest.Run) int { return b.ScheduledAt.Compare(a.ScheduledAt) })
	return out, nil
}

func (m *memoryStore) Count(context.Context, harvest.Query) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.records), nil
}

func (m *memoryStore) titles() []string {
	var out []string
	for _, r := range m.records {
		out = append(out, r.Title)
	}
	slices.Sort(out)
	return out
}

// pass lets time pass on the clock of a synctest bubble.
func pass(d time.Duration) { <-time.After(d) }

var errCrash = errors.New("killed by the test")

// memoryJournal remembers entries, and can die before or after storing one.
type memoryJournal struct {
	entries  [][]byte
	batches  []int // for each entry of this claim, that of the first of its batch
	dieAfter int   // appends that succeed; 0: all
	stored   bool
	appends  int
	reads    int // from further on
}

func (m *memoryJournal) Append(_ context.Context, entries ...[]byte) error {
	m.appends++
	die := m.dieAfter > 0 && m.appends > m.dieAfter
	if !die || m.stored {
		first := len(m.entries)
		for len(m.batches) < first { // what earlier claims wrote, one by one
			m.batches = append(m.batches, len(m.batches))
		}
		for _, e := range entries {
			m.entries, m.batches = append(m.entries, slices.Clone(e)), append(m.batches, first)
		}
	}
	if die {
		return errCrash
	}
	return nil
}

// Position is one more than the number of entries, for 0 is the beginning.
func (m *memoryJournal) Position() uint64 { return uint64(len(m.entries)) + 1 }

func (m *memoryJournal) Read(_ context.Context, from uint64) iter.Seq2[queue.Entry, error] {
	if from > 0 {
		m.reads++
	}
	entries, batches := slices.Clone(m.entries), slices.Clone(m.batches)
	return func(yield func(queue.Entry, error) bool) {
		for i := max(from, 1) - 1; i < uint64(len(entries)); i++ {
			first := int(i)
			if first < len(batches) {
				first = batches[first]
			}
			if !yield(queue.Entry{From: uint64(first) + 1, Data: entries[i]}, nil) {
				return
			}
		}
	}
}

// options are those of a healthy run of the site through one lineDoor.
func options(s *site, store *memoryStore, journal *memoryJournal) crawler.Options {
	at := time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)
	return crawler.Options{
		Source:  &config.Source{ID: "library", Homepage: home, Hash: "file-1"},
		Doors:   []crawler.Door{lineDoor{start: home + "list/1"}},
		Fetcher: s, Store: store, Journal: journal,
		DoorNames: []string{"listing"},
		ID:        harvest.NewRunID("library", at), ScheduledAt: at,
		Form: func(u string) (string, bool) { return strings.TrimSuffix(u, "/"), strings.HasSuffix(u, "/") },
	}
}

// ids are the identities of all records, with their titles.
func (m *memoryStore) ids() []string {
	var out []string
	for id, r := range m.records {
		out = append(out, string(id)+" "+r.Title)
	}
	return sorted(out)
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}
