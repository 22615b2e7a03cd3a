package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
)

// matchAtOnce is how many records are matched between two writes.
const matchAtOnce = 200

// matched says what a pass over pending records has done.
type matched struct {
	Records int `json:"records"`
	Works   int `json:"works"`  // written or removed
	Doubts  int `json:"doubts"` // written
}

// matchPending brings the works up to date with the records that are new or
// have changed, batch by batch. Each batch is written before it is settled, so
// that a crash repeats a batch and loses none. progress is told after each.
func (r *room) matchPending(ctx context.Context, progress func(done int)) (done matched, err error) {
	unlock, err := r.lockMatching(ctx)
	if err != nil {
		return done, err
	}
	defer unlock()
	for after := harvest.RecordID(""); ; {
		records, err := r.store.Pending(ctx, after, matchAtOnce)
		if err != nil || len(records) == 0 {
			return done, err
		}
		after = records[len(records)-1].ID
		some, err := r.matchBatch(ctx, records)
		if err != nil {
			return done, err
		}
		done.Records += some.Records
		done.Works += some.Works
		done.Doubts += some.Doubts
		progress(done.Records)
	}
}

// lockFile keeps processes on one data folder from matching at the same time.
const lockFile = "matching.lock"

// lockMatching waits until nobody else in this folder is matching: two that
// join the same works would undo each other.
func (r *room) lockMatching(ctx context.Context) (unlock func(), err error) {
	r.matching.Lock()
	lock := flock.New(filepath.Join(r.data, lockFile))
	if err := os.MkdirAll(r.data, 0o755); err != nil {
		r.matching.Unlock()
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		r.matching.Unlock()
		return nil, fmt.Errorf("wait for another process that is matching: %w", err)
	}
	return func() {
		_ = lock.Unlock() // the end of the process would do as well
		r.matching.Unlock()
	}, nil
}

func (r *room) matchBatch(ctx context.Context, records []harvest.Record) (matched, error) {
	done := matched{Records: len(records)}
	keys := make(map[harvest.RecordID][]string, len(records))
	for i := range records {
		keys[records[i].ID] = match.KeyStrings(&records[i])
	}
	if err := r.store.PutKeys(ctx, keys); err != nil {
		return done, err
	}
	changes, err := match.Update(ctx, r.store, records)
	if err != nil {
		return done, err
	}
	if changes.Cut || changes.Report.Full > 0 {
		r.logger.Warn("matching left out records of a group that is too large", "first", records[0].ID, "full", changes.Report.Full)
	}
	if err := r.store.PutWorks(ctx, changes.Works); err != nil {
		return done, err
	}
	if err := r.store.PutDoubts(ctx, changes.Looked, changes.Doubts); err != nil {
		return done, err
	}
	done.Works, done.Doubts = len(changes.Works), len(changes.Doubts)
	return done, r.store.Settle(ctx, records)
}
