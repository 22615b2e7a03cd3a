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
	// Files are what the ledger is to know of files that records link to. It
	// holds of the files, whatever becomes of the records.
	Files []harvest.PageFacts `json:"files,omitempty"`

	key    string    // of the page within its run
	stage  uint64    // its number in the run; 0 for what is not in the journal
	at     time.Time // when it was staged
	octets int       // in the journal
}

func (s *staged) empty() bool {
	return len(s.Records)+len(s.Unchanged)+len(s.Seen)+len(s.Files) == 0 && s.Facts == nil
}

// publication is a batch of staged pages as the catalogue takes it: a
// checkpoint of the run.
type publication struct {
	at    time.Time
	pages []*staged
	// open is true when new records may be published, first when the catalogue
	// had nothing of the source; see trial.
	open, first bool
	// What may be published now, see sort.
	records []harvest.Record
	touched []harvest.RecordID
	facts   []harvest.PageFacts
}

// together joins pages, of which there is one at least.
func (j *job) together(pages []*staged) publication {
	return publication{at: pages[len(pages)-1].at, pages: slices.Clone(pages), open: j.trial.open, first: j.firstOfAll()}
}

// publish brings a publication into the catalogue, or holds what must wait for
// the gates, and returns what became of it, trying again for as long as the
// store is away and ctx lasts. It may be called again with the same publication,
// in another process too. It runs beside the committer, never twice at once in a
// run, and so knows nothing of the run's state.
func (j *job) publish(ctx context.Context, p publication) (became, error) {
	return retry(ctx, j, func() (b became, err error) {
		parted, err := j.sort(ctx, &p)
		if err != nil {
			return b, err
		}
		b = became{readings: parted.readings, held: parted.count}
		if unit, ok := j.Store.(Together); ok {
			err = unit.Together(ctx, func(ctx context.Context) (err error) {
				b.changes, err = j.write(ctx, parted)
				return err
			})
			return b, err
		}
		b.changes, err = j.write(ctx, parted)
		return b, err
	})
}

// write stores a publication once.
func (j *job) write(ctx context.Context, s *sorted) ([]harvest.Change, error) {
	p := &s.now
	out := slices.Clone(s.changes)
	if len(p.records) > 0 {
		changes, err := j.Store.Put(ctx, j.ID, p.at, p.records)
		if err != nil {
			return nil, fmt.Errorf("write records: %w", err)
		}
		if len(changes) != len(p.records) {
			return nil, fmt.Errorf("the store answered for %d of %d records", len(changes), len(p.records))
		}
		for i, at := range s.order {
			out[at] = changes[i]
		}
	}
	if len(s.held) > 0 {
		if err := j.Store.Hold(ctx, j.ID, s.held); err != nil {
			return nil, fmt.Errorf("hold records: %w", err)
		}
	}
	if len(p.touched) > 0 {
		if _, err := j.Store.Touch(ctx, p.at, p.touched); err != nil {
			return nil, fmt.Errorf("touch records: %w", err)
		}
	}
	if len(p.facts) > 0 {
		if err := j.Store.PutPages(ctx, p.facts); err != nil {
			return nil, fmt.Errorf("write page ledger: %w", err)
		}
	}
	return out, nil
}
