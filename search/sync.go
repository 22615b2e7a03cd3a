package search

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/blevesearch/bleve/v2"

	"github.com/harvest87/harvest"
)

// Source is what the index needs of the catalogue: its records in the order of
// their identifiers, and its totals.
type Source interface {
	Records(ctx context.Context, q harvest.Query) iter.Seq2[harvest.Record, error]
	Stats(ctx context.Context) (harvest.Stats, error)
}

// overlap is how far Sync reads back behind the newest change it knows.
// Writers take the time of a change before they write it, and their clocks
// differ: a change may appear in the catalogue after a younger one. Reading
// again is cheap, as only records whose stamp differs are indexed.
const overlap = 15 * time.Minute

// Sync brings the index up to date with the catalogue: it reads what changed
// since the last time, compares the totals and, where they differ, goes
// through the catalogue record by record. An index that was never filled is
// built. When nothing changed the cost is one call of Stats.
//
// progress, which may be nil, is called now and then with the number of
// records read and, when it is known, the number there will be (else 0).
// When ctx ends, what was indexed stays and the next Sync goes on.
func (ix *Index) Sync(ctx context.Context, src Source, progress func(done, total int)) error {
	return ix.write(ctx, func() error {
		stats, err := src.Stats(ctx)
		if err != nil {
			return fmt.Errorf("bring search index up to date: %w", err)
		}
		var known mark
		var built bool
		err = ix.use(func(b bleve.Index) (err error) {
			known, built, err = readMark(b)
			return err
		})
		switch {
		case err != nil:
			return err
		case !built:
			return ix.rebuild(ctx, src, stats, progress)
		case known.Stats != nil && sameTotals(*known.Stats, stats):
			return nil
		case stats.LastChanged.Before(known.LastChanged):
			ix.log.Warn("search index is newer than the catalogue, comparing record by record", "path", ix.dir)
			return ix.use(func(b bleve.Index) error {
				if err := compareRecords(ctx, b, src, "", progress); err != nil {
					return err
				}
				return ix.makeFit(ctx, b, src, stats, progress)
			})
		}
		return ix.use(func(b bleve.Index) error {
			return ix.catchUp(ctx, b, src, known, progress)
		})
	})
}

// write runs f while no one else writes.
func (ix *Index) write(ctx context.Context, f func() error) error {
	select {
	case <-ix.writer:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { ix.writer <- struct{}{} }()
	return f()
}

// catchUp reads what changed since the mark and then checks the totals.
func (ix *Index) catchUp(ctx context.Context, b bleve.Index, src Source, known mark, progress func(done, total int)) error {
	w := newBatchWriter(b, progress, 0)
	since := known.LastChanged
	if !since.IsZero() {
		since = since.Add(-overlap)
	}
	for r, err := range src.Records(ctx, harvest.Query{States: []harvest.State{harvest.AnyState}, ChangedSince: since}) {
		if err == nil {
			err = w.putIfChanged(ctx, &r)
		}
		if err != nil {
			return fmt.Errorf("read changed records: %w", err)
		}
	}
	if err := w.finish(ctx, mark{LastChanged: latest(known.LastChanged, w.newest)}); err != nil {
		return err
	}
	stats, err := src.Stats(ctx)
	if err != nil {
		return fmt.Errorf("compare search index with catalogue: %w", err)
	}
	return ix.makeFit(ctx, b, src, stats, progress)
}

// makeFit compares the totals and walks through the sources, or all records,
// where they differ: a record may have gone without a change of its content,
// or been removed.
func (ix *Index) makeFit(ctx context.Context, b bleve.Index, src Source, stats harvest.Stats, progress func(done, total int)) error {
	differing, err := compareTotals(ctx, b, stats)
	if err != nil {
		return err
	}
	for _, source := range differing {
		ix.log.Info("search index differs from the catalogue, comparing record by record", "path", ix.dir, "source", source)
		if err := compareRecords(ctx, b, src, source, progress); err != nil {
			return err
		}
	}
	if len(differing) > 0 {
		if stats, err = src.Stats(ctx); err != nil {
			return fmt.Errorf("compare search index with catalogue: %w", err)
		}
		if differing, err = compareTotals(ctx, b, stats); err != nil {
			return err
		}
	}
	m, _, err := readMark(b)
	if err != nil {
		return err
	}
	if len(differing) == 0 && !m.LastChanged.Before(stats.LastChanged) {
		m.Stats = &stats // else someone is writing at this moment: compare again next time
	}
	return b.SetInternal(keyMark, m.encode())
}

// compareTotals lists the sources whose number of active records differs, or
// the empty source, which stands for all, when the differences lie elsewhere.
func compareTotals(ctx context.Context, b bleve.Index, stats harvest.Stats) ([]harvest.SourceID, error) {
	var differing []harvest.SourceID
	sources := slices.Sorted(maps.Keys(stats.BySource))
	active := 0
	for _, source := range sources {
		n, err := count(ctx, b, harvest.Query{Sources: []harvest.SourceID{source}})
		if err != nil {
			return nil, err
		}
		if n != stats.BySource[source] {
			differing = append(differing, source)
		}
		active += n
	}
	total, err := b.DocCount()
	if err != nil {
		return nil, err
	}
	allActive, err := count(ctx, b, harvest.Query{})
	if err != nil {
		return nil, err
	}
	if int(total) != stats.Records || allActive != active {
		return []harvest.SourceID{""}, nil
	}
	return differing, nil
}

// compareRecords walks through the catalogue and the index side by side, in
// the order of identifiers, and mends what differs. An empty source means all;
// the mark is then what the catalogue holds, even when it has gone back.
func compareRecords(ctx context.Context, b bleve.Index, src Source, source harvest.SourceID, progress func(done, total int)) error {
	var known mark
	if source != "" {
		var err error
		if known, _, err = readMark(b); err != nil {
			return err
		}
	}
	w := newBatchWriter(b, progress, 0)
	indexed := newWalk(b, source)
	previous := harvest.RecordID("")
	for r, err := range src.Records(ctx, everyState(source)) {
		if err != nil {
			return fmt.Errorf("compare search index with catalogue: %w", err)
		}
		if r.ID <= previous {
			return fmt.Errorf("compare search index with catalogue: record %s does not come after %s", r.ID, previous)
		}
		previous = r.ID
		for {
			entry, ok, err := indexed.peek(ctx)
			if err != nil {
				return err
			}
			if !ok || entry.id > r.ID {
				err = w.put(ctx, &r)
			} else if entry.id == r.ID {
				indexed.next()
				err = w.putUnless(ctx, &r, entry.stamp)
			} else {
				indexed.next()
				w.remove(entry.id)
				continue
			}
			if err != nil {
				return err
			}
			break
		}
	}
	for {
		entry, ok, err := indexed.peek(ctx)
		if err != nil {
			return err
		}
		if !ok {
			return w.finish(ctx, mark{LastChanged: latest(known.LastChanged, w.newest)})
		}
		indexed.next()
		w.remove(entry.id)
	}
}

func sameTotals(a, b harvest.Stats) bool {
	return a.Records == b.Records && a.LastChanged.Equal(b.LastChanged) && maps.Equal(a.BySource, b.BySource)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
