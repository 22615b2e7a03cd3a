package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/fetch"
	"github.com/harvest87/harvest/sinks"
)

// reparsed is what reading the archive again has shown.
type reparsed struct {
	Source harvest.SourceID `json:"source"`
	// Passes are the runs whose pages were read, More says that there are
	// further ones, older than those.
	Passes []pass `json:"passes"`
	More   bool   `json:"more,omitempty"`
	// Pages were read; NotArchived were led to, and are not there.
	Pages       int `json:"pages"`
	NotArchived int `json:"not_archived"`
	Added       int `json:"added"`
	Changed     int `json:"changed"`
	Unchanged   int `json:"unchanged"`
	// Removed are records whose page is archived and gives no such record any
	// more, Unknown those whose page is not, or was not reached.
	Removed int           `json:"removed"`
	Unknown int           `json:"unknown"`
	Took    time.Duration `json:"took_ns"`
	// Records are the differences, as far as they were asked for.
	Records []rereadRecord `json:"records"`
	// Runs are the passes as runs, Published those that wrote into the catalogue.
	Runs      []harvest.Run `json:"-"`
	Published []harvest.Run `json:"published,omitempty"`

	began time.Time
}

// How a record differs.
const (
	isAdded   = "added"
	isChanged = "changed"
	isRemoved = "removed"
	isUnknown = "unknown"
)

// rereadRecord is one record that would be another.
type rereadRecord struct {
	Change string                `json:"change"`
	Record harvest.RecordID      `json:"record"`
	Title  string                `json:"title"`
	URL    string                `json:"url"`
	Fields []harvest.FieldChange `json:"fields,omitempty"`
}

// differences bounds how many records are told of each kind.
func (m Main) differences(f *flags, limit int) int {
	if f.json && limit == 20 {
		return 0 // programs get all unless they ask for less
	}
	return limit
}

// compare goes through both catalogues in the order of records, which takes no
// memory to speak of. limit is how many differences of each kind to keep, 0 for all.
func (r *reparsed) compare(ctx context.Context, known, read sinks.Catalogue, kept *archive.Reader, limit int) error {
	for i := range r.Runs {
		run := &r.Runs[i]
		r.Pages += run.Outcomes[harvest.Fetched]
		r.NotArchived += run.Outcomes[harvest.NotArchived]
	}
	shown := make(map[string]int)
	tell := func(d rereadRecord) {
		if shown[d.Change]++; limit == 0 || shown[d.Change] <= limit {
			r.Records = append(r.Records, d)
		}
	}
	r.Records = []rereadRecord{}
	query := harvest.Query{Sources: []harvest.SourceID{r.Source}, States: []harvest.State{harvest.AnyState}}
	for pair, err := range side(known.Records(ctx, query), read.Records(ctx, query)) {
		if err != nil {
			return fmt.Errorf("compare records: %w", err)
		}
		if err := r.weigh(ctx, pair, kept, tell); err != nil {
			return err
		}
	}
	r.Took = time.Since(r.began)
	return nil
}

// weigh decides about one record. Those that are gone or taken down are left alone.
func (r *reparsed) weigh(ctx context.Context, p pair, kept *archive.Reader, tell func(rereadRecord)) error {
	switch {
	case p.known != nil && p.known.State != harvest.StateActive:
	case p.known == nil:
		r.Added++
		tell(rereadRecord{isAdded, p.read.ID, p.read.Title, p.read.URL, nil})
	case p.read == nil:
		there, err := isKept(ctx, kept, p.known)
		if err != nil {
			return err
		}
		d := rereadRecord{isRemoved, p.known.ID, p.known.Title, p.known.URL, nil}
		if r.Removed++; !there {
			r.Removed--
			r.Unknown++
			d.Change = isUnknown
		}
		tell(d)
	default:
		if fields := rereadAs(p.known, p.read); len(fields) > 0 {
			r.Changed++
			tell(rereadRecord{isChanged, p.read.ID, p.read.Title, p.read.URL, fields})
		} else {
			r.Unchanged++
		}
	}
	return nil
}

// isKept reports whether the archive has the page of a record.
func isKept(ctx context.Context, kept *archive.Reader, r *harvest.Record) (bool, error) {
	for _, u := range []string{r.URL, r.CanonicalURL} {
		if u == "" {
			continue
		}
		_, err := kept.Capture(ctx, u)
		if err == nil {
			return true, nil
		}
		if !errors.Is(err, fetch.ErrNotKept) {
			return false, err
		}
	}
	return false, nil
}

// pair is a record as the catalogue has it and as it was read again; one of
// them may be nil.
type pair struct{ known, read *harvest.Record }

// side lays two sequences in the order of records side by side.
func side(known, read iter.Seq2[harvest.Record, error]) iter.Seq2[pair, error] {
	return func(yield func(pair, error) bool) {
		nextKnown, stopKnown := iter.Pull2(known)
		defer stopKnown()
		nextRead, stopRead := iter.Pull2(read)
		defer stopRead()
		take := func(next func() (harvest.Record, error, bool)) (*harvest.Record, error) {
			r, err, ok := next()
			if !ok || err != nil {
				return nil, err
			}
			return &r, nil
		}
		k, err := take(nextKnown)
		r, err2 := take(nextRead)
		for err = errors.Join(err, err2); err == nil && (k != nil || r != nil); {
			p := pair{k, r}
			if k != nil && r != nil && k.ID != r.ID {
				if k.ID < r.ID {
					p.read = nil
				} else {
					p.known = nil
				}
			}
			if !yield(p, nil) {
				return
			}
			if p.known != nil {
				k, err = take(nextKnown)
			}
			if p.read != nil && err == nil {
				r, err = take(nextRead)
			}
		}
		if err != nil {
			yield(pair{}, err)
		}
	}
}

// print writes the differences for people.
func (r *reparsed) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s read again in %s, without a request\n", r.Source, number(r.Pages, "page", "pages"), r.Took.Round(time.Millisecond))
	if r.NotArchived > 0 {
		fmt.Fprintf(w, "  %s not archived: refused, not to be kept, or not fetched since pages are kept\n", number(r.NotArchived, "page is", "pages are"))
	}
	if why := r.failed(); why != "" {
		fmt.Fprintf(w, "  not everything could be read: %s\n", safeLine(why))
	}
	if r.More {
		fmt.Fprintf(w, "  older runs than the last %d were left out\n", len(r.Passes))
	}
	headings := []struct {
		change, what string
		count        int
	}{
		{isAdded, "new", r.Added},
		{isChanged, "changed", r.Changed},
		{isRemoved, "found no more, though their pages are there", r.Removed},
		{isUnknown, "not seen: their pages are not archived, or nothing leads to them", r.Unknown},
	}
	for _, h := range headings {
		if h.count == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s %s\n", number(h.count, "record", "records"), h.what)
		told := 0
		for i := range r.Records {
			if r.Records[i].Change == h.change {
				r.Records[i].print(w)
				told++
			}
		}
		if told < h.count {
			fmt.Fprintf(w, "  … and %d more, which --limit 0 shows\n", h.count-told)
		}
	}
	fmt.Fprintf(w, "\n%s new, %s changed, %s as before\n", number(r.Added, "record", "records"), number(r.Changed, "record", "records"), number(r.Unchanged, "record", "records"))
}

func (d *rereadRecord) print(w io.Writer) {
	fmt.Fprintf(w, "  %s  %s\n", safeLine(string(d.Record)), fit(d.Title, max(40, width(w)-len(d.Record)-4)))
	printChanges(w, d.Fields)
}
