package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/match"
	"github.com/harvest87/harvest/sinks"
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
	lease, unlock, err := r.lockMatching(ctx)
	if err != nil {
		return done, err
	}
	defer unlock()
	pass := match.NewPass(r.store)
	for after := harvest.RecordID(""); ; {
		records, err := r.store.Pending(ctx, after, matchAtOnce)
		if err != nil || len(records) == 0 {
			return done, err
		}
		after = records[len(records)-1].ID
		some, err := r.matchBatch(ctx, lease, pass, records)
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
// It says under which name this folder holds leases in the catalogue.
const lockFile = "matching.lock"

// What keeps machines that share a catalogue from matching at the same time,
// and how long one that has died keeps the others waiting.
const (
	matchingLease = "matching"
	leaseTime     = time.Minute
)

// lockMatching waits until nobody else on this catalogue is matching: two that
// join the same works would undo each other. In one folder a file is locked;
// between machines a lease in the catalogue is.
func (r *room) lockMatching(ctx context.Context) (lease *sinks.Lease, unlock func(), err error) {
	unlockFile, err := r.lockFolder(ctx)
	if err != nil {
		return nil, nil, err
	}
	holder, err := r.holder()
	if err == nil {
		lease, err = sinks.AcquireLease(ctx, r.store, matchingLease, holder, leaseTime, func(other string) {
			r.logger.Warn("another machine is matching, waiting for it", "holder", other)
		})
	}
	if err != nil {
		unlockFile()
		return nil, nil, fmt.Errorf("wait for another machine that is matching: %w", err)
	}
	return lease, func() {
		if err := lease.Release(ctx); err != nil {
			r.logger.Warn("others must wait until the lease has run out", "err", err)
		}
		unlockFile()
	}, nil
}

// holder names this data folder among those that share a catalogue: the host
// for people, and a number that was drawn when the folder first matched. It is read
// and written under the lock of the file.
func (r *room) holder() (string, error) {
	path := filepath.Join(r.data, lockFile)
	id, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the name of the data folder: %w", err)
	}
	if len(id) == 0 {
		id = []byte(rand.Text())
		if err := os.WriteFile(path, id, 0o600); err != nil {
			return "", fmt.Errorf("name the data folder: %w", err)
		}
	}
	host, _ := os.Hostname() // the number is enough
	return strings.TrimSpace(host + " " + string(id)), nil
}

// lockFolder waits until no other process in this folder is matching.
func (r *room) lockFolder(ctx context.Context) (unlock func(), err error) {
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

// matchBatch matches some records. They are settled only while the lease is
// held: what another machine may have overwritten stays pending, and is matched
// again by the one that goes on.
func (r *room) matchBatch(ctx context.Context, lease *sinks.Lease, pass *match.Pass, records []harvest.Record) (matched, error) {
	done := matched{Records: len(records)}
	if err := r.store.PutKeys(ctx, pass.Keys(records)); err != nil {
		return done, err
	}
	changes, err := pass.Update(ctx, records)
	if err != nil {
		return done, err
	}
	if changes.Cut || changes.Report.Full > 0 {
		r.logger.Warn("matching left out records of a group that is too large", "first", records[0].ID, "full", changes.Report.Full)
	}
	if err := lease.Renew(ctx); err != nil {
		return done, err
	}
	if err := r.store.PutWorks(ctx, time.Now(), changes.Works); err != nil {
		return done, err
	}
	pass.Wrote(changes.Works)
	if err := r.store.PutDoubts(ctx, changes.Looked, changes.Doubts); err != nil {
		return done, err
	}
	if err := lease.Renew(ctx); err != nil {
		return done, err
	}
	done.Works, done.Doubts = len(changes.Works), len(changes.Doubts)
	return done, r.store.Settle(ctx, records)
}
