package sinks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/harvest87/harvest"
)

// LeaseMemo is the kind of memo that says who does what only one may do at a
// time; its key is what is done.
const LeaseMemo = "lease"

// ErrLeaseLost says that another took over a lease that was not renewed in
// time. What was written since must not be marked as done.
var ErrLeaseLost = errors.New("another machine has taken over")

// Memos is what a lease needs of a catalogue.
type Memos interface {
	PutMemo(ctx context.Context, m harvest.Memo) error
	Memos(ctx context.Context, kind string) ([]harvest.Memo, error)
}

// Lease is held by one of those who share a catalogue. It is a memo whose
// version counts up and never down: every holding and renewing is a write that
// succeeds only by the version that was read, so that the version is the
// fencing token. No clock is compared with another's: who waits takes a lease over when
// its version has not changed for the whole time to live, by his own clock.
//
// A holder that was stopped for longer than that finds out when it next calls
// [Lease.Renew]. It is safe for concurrent use.
type Lease struct {
	store Memos
	ttl   time.Duration
	stop  context.CancelFunc
	beats sync.WaitGroup

	mu   sync.Mutex
	memo harvest.Memo
	lost error
}

// holding is what the memo of a lease says.
type holding struct {
	Holder string    `json:"holder"` // empty when nobody holds it
	Since  time.Time `json:"since,omitzero"`
}

// AcquireLease waits until nobody else holds the lease on what name says, and
// renews it three times in ttl until it is released. holder names one process
// at most: a lease that it held before it ended is taken over at once. waiting
// is called once with the holder when there is one to wait for.
func AcquireLease(ctx context.Context, store Memos, name, holder string, ttl time.Duration, waiting func(holder string)) (*Lease, error) {
	l := &Lease{store: store, ttl: ttl}
	seen, since := -1, time.Now()
	for {
		m, by, err := readLease(ctx, store, name)
		if err != nil {
			return nil, err
		}
		if m.Version != seen {
			seen, since = m.Version, time.Now()
		}
		if by == "" || by == holder || time.Since(since) >= ttl {
			err := l.take(ctx, m, holder)
			if err == nil {
				break
			}
			if !errors.Is(err, harvest.ErrConflict) { // or another was faster
				return nil, err
			}
		} else if waiting != nil {
			waiting(by)
			waiting = nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(min(ttl/50, time.Second)):
		}
	}
	beat, stop := context.WithCancel(context.WithoutCancel(ctx))
	l.stop = stop
	l.beats.Go(func() { l.beat(beat) })
	return l, nil
}

func readLease(ctx context.Context, store Memos, name string) (m harvest.Memo, holder string, err error) {
	memos, err := store.Memos(ctx, LeaseMemo)
	if err != nil {
		return m, "", fmt.Errorf("read the lease on %s: %w", name, err)
	}
	m = harvest.Memo{Kind: LeaseMemo, Key: name}
	for _, x := range memos {
		if x.Key == name {
			m = x
		}
	}
	var h holding
	if len(m.Value) > 0 {
		_ = json.Unmarshal(m.Value, &h) // what cannot be read is waited for until it is old
		if h.Holder == "" && string(m.Value) != released {
			h.Holder = "unknown"
		}
	}
	return m, h.Holder, nil
}

// released is the value of a lease that nobody holds.
const released = `{"holder":""}`

// take writes the memo with a holder by the version that was read.
func (l *Lease) take(ctx context.Context, m harvest.Memo, holder string) error {
	value, err := json.Marshal(holding{Holder: holder, Since: time.Now().UTC()})
	if err != nil {
		return fmt.Errorf("write a lease: %w", err)
	}
	m.Value = value
	if err := l.store.PutMemo(ctx, m); err != nil {
		return err
	}
	m.Version++
	l.memo = m
	return nil
}

// beat renews the lease until it is released or lost.
func (l *Lease) beat(ctx context.Context) {
	tick := time.NewTicker(l.ttl / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if errors.Is(l.Renew(ctx), ErrLeaseLost) {
			return
		}
	}
}

// Renew says that the work goes on. It fails with [ErrLeaseLost] when another
// has taken over: call it between writing and marking as done.
func (l *Lease) Renew(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost != nil {
		return l.lost
	}
	err := l.store.PutMemo(ctx, l.memo)
	switch {
	case errors.Is(err, harvest.ErrConflict):
		l.lost = fmt.Errorf("renew the lease on %s: %w", l.memo.Key, ErrLeaseLost)
		return l.lost
	case err != nil:
		return fmt.Errorf("renew the lease on %s: %w", l.memo.Key, err)
	}
	l.memo.Version++
	return nil
}

// Release gives the lease back, at once even when ctx is done. The memo stays,
// so that its version goes on counting. A lease that is lost is nobody's to give.
func (l *Lease) Release(ctx context.Context) error {
	l.stop()
	l.beats.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost != nil {
		return nil
	}
	l.memo.Value = []byte(released)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.ttl)
	defer cancel()
	if err := l.store.PutMemo(ctx, l.memo); err != nil && !errors.Is(err, harvest.ErrConflict) {
		return fmt.Errorf("release the lease on %s: %w", l.memo.Key, err)
	}
	return nil
}
