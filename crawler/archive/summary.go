package archive

import (
	"context"
	"errors"
	"time"

	"github.com/harvest87/harvest"
)

// Summary is an archive in numbers.
type Summary struct {
	Source   harvest.SourceID `json:"source"`
	Pages    int              `json:"pages"`    // addresses
	Captures int              `json:"captures"` // answers, revisits among them
	Revisits int              `json:"revisits"`
	Files    int              `json:"files"`
	Bytes    int64            `json:"bytes"`
	Oldest   time.Time        `json:"oldest,omitzero"`
	Newest   time.Time        `json:"newest,omitzero"`
}

// Summary counts what a folder holds. What a run is writing is not in it.
func (f Folder) Summary(ctx context.Context) (Summary, error) {
	s := Summary{Source: f.source}
	r, err := f.Open(ctx)
	if err != nil {
		return s, err
	}
	_, sizes, err := f.files()
	for _, n := range sizes {
		s.Files++
		s.Bytes += n
	}
	last := ""
	for e, entryErr := range r.Entries() {
		if err = errors.Join(err, entryErr); err != nil {
			break
		}
		s.Captures++
		if e.URL != last {
			s.Pages, last = s.Pages+1, e.URL
		}
		if e.Revisit {
			s.Revisits++
		}
		if s.Oldest.IsZero() || e.Time.Before(s.Oldest) {
			s.Oldest = e.Time
		}
		if e.Time.After(s.Newest) {
			s.Newest = e.Time
		}
	}
	return s, errors.Join(err, r.Close())
}
