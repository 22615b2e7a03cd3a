package search

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/blevesearch/bleve/v2"
	bsearch "github.com/blevesearch/bleve/v2/search"
	"golang.org/x/sync/errgroup"

	"github.com/harvest87/harvest"
)

// The bounds of one batch. Bleve analyses a whole batch in memory, at several
// times the size of its text.
const (
	maxBatchRecords = 1000
	maxBatchOctets  = 4 << 20
)

// batchWriter gathers changes and writes them in batches of bounded size.
type batchWriter struct {
	bleve    bleve.Index
	batch    *bleve.Batch
	octets   int
	read     int
	total    int
	newest   time.Time
	progress func(done, total int)

	// together writes batches beside each other, nil for one after the other.
	together *errgroup.Group
	failed   func() error // not nil when one of these failed
}

func newBatchWriter(b bleve.Index, progress func(done, total int), total int) *batchWriter {
	if progress == nil {
		progress = func(int, int) {}
	}
	return &batchWriter{bleve: b, batch: b.NewBatch(), progress: progress, total: total}
}

// writeTogether lets as many batches be written at once as there are
// processors. It is for an index in which no record stands yet, where their
// order does not matter; finish waits for all of them.
func (w *batchWriter) writeTogether(ctx context.Context) {
	together, ctx := errgroup.WithContext(ctx)
	w.together, w.failed = together, ctx.Err
	w.together.SetLimit(runtime.GOMAXPROCS(0))
}

// putIfChanged writes the record unless the index has it as it is.
func (w *batchWriter) putIfChanged(ctx context.Context, r *harvest.Record) error {
	stamp, err := readStamp(w.bleve, r.ID)
	if err != nil {
		return err
	}
	return w.putUnless(ctx, r, stamp)
}

// putUnless writes the record unless stamp is its stamp.
func (w *batchWriter) putUnless(ctx context.Context, r *harvest.Record, stamp string) error {
	if stamp == stampOf(r) {
		w.note(r)
		return ctx.Err()
	}
	return w.put(ctx, r)
}

func (w *batchWriter) put(ctx context.Context, r *harvest.Record) error {
	w.note(r)
	if err := w.batch.IndexAdvanced(newDocument(r)); err != nil {
		return fmt.Errorf("index %s: %w", r.ID, err)
	}
	w.octets += len(r.Title) + len(r.Summary)
	if w.batch.Size() < maxBatchRecords && w.octets < maxBatchOctets {
		return nil
	}
	return w.flush(ctx)
}

func (w *batchWriter) remove(id harvest.RecordID) { w.batch.Delete(string(id)) }

func (w *batchWriter) note(r *harvest.Record) {
	w.read++
	w.newest = latest(w.newest, r.LastChanged)
	if w.read%maxBatchRecords == 0 {
		w.progress(w.read, w.total)
	}
}

func (w *batchWriter) flush(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	batch := w.batch
	w.batch, w.octets = w.bleve.NewBatch(), 0
	if w.together == nil {
		return w.write(batch)
	}
	if w.failed() != nil {
		return w.wait()
	}
	w.together.Go(func() error { return w.write(batch) })
	return nil
}

// wait waits until no batch is being written beside another.
func (w *batchWriter) wait() error {
	if w.together == nil {
		return nil
	}
	together := w.together
	w.together = nil
	return together.Wait()
}

func (w *batchWriter) write(batch *bleve.Batch) error {
	if err := w.bleve.Batch(batch); err != nil {
		return fmt.Errorf("write search index: %w", err)
	}
	return nil
}

// finish writes what is left together with the mark that it makes true.
func (w *batchWriter) finish(ctx context.Context, m mark) error {
	if err := w.wait(); err != nil {
		return err
	}
	w.batch.SetInternal(keyMark, m.encode())
	if err := w.flush(ctx); err != nil {
		return err
	}
	w.progress(w.read, w.total)
	return nil
}

// readStamp returns the stamp under which a record is indexed, empty when it
// is not.
func readStamp(b bleve.Index, id harvest.RecordID) (string, error) {
	doc, err := b.Document(string(id))
	if err != nil || doc == nil {
		return "", err
	}
	return stampField(doc), nil
}

// walk goes through the index in the order of record identifiers, a page at a time.
type walk struct {
	bleve  bleve.Index
	source harvest.SourceID
	page   []entry
	after  string
	done   bool
}

// entry is one record as the index has it.
type entry struct {
	id    harvest.RecordID
	stamp string
}

func newWalk(b bleve.Index, source harvest.SourceID) *walk {
	return &walk{bleve: b, source: source}
}

// peek returns the entry that comes next, and false at the end.
func (w *walk) peek(ctx context.Context) (entry, bool, error) {
	if len(w.page) == 0 && !w.done {
		if err := w.fetch(ctx); err != nil {
			return entry{}, false, err
		}
	}
	if len(w.page) == 0 {
		return entry{}, false, nil
	}
	return w.page[0], true, nil
}

func (w *walk) next() { w.page = w.page[1:] }

func (w *walk) fetch(ctx context.Context) error {
	const size = 1000
	q := nextByRecord{&compiled{query: everyState(w.source)}, w.after, size}
	req := bleve.NewSearchRequestOptions(q, size, 0, false)
	req.SortByCustom(bsearch.SortOrder{&bsearch.SortDocID{}})
	req.Fields = []string{fieldStamp}
	if w.after != "" {
		req.SearchAfter = []string{w.after}
	}
	res, err := w.bleve.SearchInContext(ctx, req)
	if err != nil {
		return fmt.Errorf("list search index: %w", err)
	}
	for _, hit := range res.Hits {
		stamp, _ := hit.Fields[fieldStamp].(string)
		w.page = append(w.page, entry{harvest.RecordID(hit.ID), stamp})
		w.after = hit.ID
	}
	w.done = len(res.Hits) < size
	return nil
}

// everyState asks for all records of a source, of every source when it is empty.
func everyState(source harvest.SourceID) harvest.Query {
	q := harvest.Query{States: []harvest.State{harvest.AnyState}}
	if source != "" {
		q.Sources = []harvest.SourceID{source}
	}
	return q
}
