package crawler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/harvest87/harvest"
)

// A page that was read is staged: what it gives to the catalogue stands in the
// journal, with its entry, and its worker goes on. Behind the workers the
// publisher brings into the catalogue what was staged, in that order and in
// batches, and when the catalogue has acknowledged a batch an entry of the
// journal says so. Only then do its records count. A crash leaves in the journal
// what was not published, which the next start publishes without asking the
// site again; what was published and not noted is published again, which
// changes nothing. On a slow site each page is published as soon as it is read.
const (
	// publishPause lies between the starts of two publications, so that a fast
	// site's pages share a write. It is the longest that a page waits for one.
	publishPause = 250 * time.Millisecond
	// maxStaged and maxStagedOctets, as they stand in the journal, are what may
	// wait to be published before the workers do.
	maxStaged       = 1024
	maxStagedOctets = 8 << 20
	// tooManyToStage are the records of one page above which they are published
	// before the page is stored in the journal, so as not to be held twice.
	tooManyToStage = 2000
)

// staged is what one page gives to the catalogue.
type staged struct {
	// Records are to be put, Unchanged stand on the page as they were, Seen
	// stand there too and count elsewhere.
	Records   []harvest.Record   `json:"records,omitempty"`
	Unchanged []harvest.RecordID `json:"unchanged,omitempty"`
	Seen      []harvest.RecordID `json:"seen,omitempty"`
	// Facts are for the ledger.
	Facts *harvest.PageFacts `json:"facts,omitempty"`

	stage  uint64    // its number in the run; 0 for what is not in the journal
	at     time.Time // when it was staged
	octets int       // in the journal
}

func (s *staged) empty() bool {
	return len(s.Records)+len(s.Unchanged)+len(s.Seen) == 0 && s.Facts == nil
}

// publication is a batch of staged pages as the catalogue takes it: a
// checkpoint of the run.
type publication struct {
	at        time.Time
	records   []harvest.Record
	unchanged []harvest.RecordID
	seen      []harvest.RecordID
	facts     []harvest.PageFacts
}

// together joins pages, of which there is one at least. Of two facts of one
// address the later ones count.
func together(pages []*staged) publication {
	p := publication{at: pages[len(pages)-1].at}
	places := make(map[string]int, len(pages))
	for _, s := range pages {
		p.records = append(p.records, s.Records...)
		p.unchanged = append(p.unchanged, s.Unchanged...)
		p.seen = append(p.seen, s.Seen...)
		if s.Facts == nil {
			continue
		}
		if at, twice := places[s.Facts.URL]; twice {
			p.facts[at] = *s.Facts
			continue
		}
		places[s.Facts.URL] = len(p.facts)
		p.facts = append(p.facts, *s.Facts)
	}
	return p
}

// publish brings a publication into the catalogue and returns what became of
// its records, trying again for as long as the store is away and ctx lasts. It
// may be called again with the same publication, in another process too. It runs
// beside the committer, never twice at once in a run, and so knows nothing of
// the run's state.
//
// A gate belongs here, before anything is written: it sees all that would
// change, may compare it with what the catalogue has, and may put it aside
// instead; what it returns is then what became of the records.
func (j *job) publish(ctx context.Context, p publication) ([]harvest.Change, error) {
	return retry(ctx, j, func() (changes []harvest.Change, err error) {
		if unit, ok := j.Store.(Together); ok {
			err = unit.Together(ctx, func(ctx context.Context) (err error) {
				changes, err = j.write(ctx, p)
				return err
			})
			return changes, err
		}
		return j.write(ctx, p)
	})
}

// write stores a publication once.
func (j *job) write(ctx context.Context, p publication) (changes []harvest.Change, err error) {
	if len(p.records) > 0 {
		if changes, err = j.Store.Put(ctx, j.ID, p.at, p.records); err != nil {
			return nil, fmt.Errorf("write records: %w", err)
		}
		if len(changes) != len(p.records) {
			return nil, fmt.Errorf("the store answered for %d of %d records", len(changes), len(p.records))
		}
	}
	if touched := slices.Concat(p.unchanged, p.seen); len(touched) > 0 {
		if _, err := j.Store.Touch(ctx, p.at, touched); err != nil {
			return nil, fmt.Errorf("touch records: %w", err)
		}
	}
	if len(p.facts) > 0 {
		if err := j.Store.PutPages(ctx, p.facts); err != nil {
			return nil, fmt.Errorf("write page ledger: %w", err)
		}
	}
	return changes, nil
}
