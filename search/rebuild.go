package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/harvest87/harvest"
)

// Rebuild builds the index again from the whole catalogue, beside the present
// one, which answers searches until the new one takes its place. When it
// fails or ctx ends, the present one stays.
func (ix *Index) Rebuild(ctx context.Context, src Source, progress func(done, total int)) error {
	return ix.write(ctx, func() error {
		stats, err := src.Stats(ctx)
		if err != nil {
			return fmt.Errorf("rebuild search index: %w", err)
		}
		return ix.rebuild(ctx, src, stats, progress)
	})
}

func (ix *Index) rebuild(ctx context.Context, src Source, stats harvest.Stats, progress func(done, total int)) error {
	if err := ix.buildNext(ctx, src, stats, progress); err != nil {
		return errors.Join(fmt.Errorf("rebuild search index: %w", err), os.RemoveAll(ix.path(nextName)))
	}
	return ix.swap()
}

// buildNext fills a new index from the catalogue and closes it.
func (ix *Index) buildNext(ctx context.Context, src Source, stats harvest.Stats, progress func(done, total int)) (err error) {
	if err := os.RemoveAll(ix.path(nextName)); err != nil {
		return err
	}
	b, err := newEmpty(ix.path(nextName))
	if err != nil {
		return err
	}
	defer func() {
		if closeErr := b.Close(); err == nil {
			err = closeErr
		}
	}()
	w := newBatchWriter(b, progress, stats.Records)
	w.writeTogether(ctx)
	defer func() { // before the index is closed, whatever way this ends
		if waitErr := w.wait(); err == nil {
			err = waitErr
		}
	}()
	for r, err := range src.Records(ctx, harvest.Query{States: []harvest.State{harvest.AnyState}}) {
		if err == nil {
			err = w.put(ctx, &r)
		}
		if err != nil {
			return err
		}
	}
	if err := w.finish(ctx, mark{LastChanged: w.newest}); err != nil {
		return err
	}
	return ix.makeFit(ctx, b, src, stats, progress)
}

// swap puts the new index in the place of the present one. A crash in between
// leaves none, which the next Open notices.
func (ix *Index) swap() error {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	if ix.closed {
		return ErrClosed
	}
	if err := ix.bleve.Close(); err != nil {
		ix.log.Warn("old search index did not close", "path", ix.dir, "err", err)
	}
	_ = os.Remove(ix.path(damagedName))
	err := errors.Join(
		os.Rename(ix.path(currentName), ix.path(oldName)),
		os.Rename(ix.path(nextName), ix.path(currentName)),
		os.RemoveAll(ix.path(oldName)),
	)
	if err == nil {
		ix.bleve, err = openExisting(ix.path(currentName), ix.path(damagedName))
	}
	if err != nil {
		ix.closed = true
		return errors.Join(fmt.Errorf("put new search index in place: %w", err), ix.lock.Unlock())
	}
	ix.notice = ""
	return nil
}

// stampField reads the stamp of a stored document.
func stampField(doc index.Document) string {
	var stamp strings.Builder
	doc.VisitFields(func(f index.Field) {
		if f.Name() == fieldStamp {
			stamp.Write(f.Value())
		}
	})
	return stamp.String()
}
