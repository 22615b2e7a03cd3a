package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nuid"
)

const (
	// hostsBucket has a key for each host that a process holds, or has just
	// given back. It vanishes when it is not renewed.
	hostsBucket = "hosts"
	// pausesBucket remembers hosts that are not to be asked for longer than
	// that, because they said so or were slow to be asked.
	pausesBucket = "pauses"
	// longestPause is how long it remembers; no host is left alone for longer.
	longestPause = 25 * time.Hour
	// turnFor is how long a process may hold a host with requests that overlap
	// before it gives others a chance.
	turnFor = 10 * time.Second
	// firstLook and lastLook bound the pause between two looks at a host that
	// another process holds.
	firstLook = 10 * time.Millisecond
	lastLook  = 200 * time.Millisecond
)

// Hosts are the leases on hosts that the processes at one server share. It is
// safe for concurrent use.
type Hosts struct {
	engine *Engine
	leases jetstream.KeyValue
	pauses jetstream.KeyValue
	owner  string // no other process is called so

	mu    sync.Mutex
	hosts map[string]*host
}

// lease is what stands at a key: who holds the host, or when it may be asked.
type lease struct {
	Owner string    `json:"owner,omitempty"`
	Next  time.Time `json:"next,omitzero"`
}

// host is one that this process wants or holds. line lets one goroutine at a
// time through to the server; the rest is guarded by Hosts.mu.
type host struct {
	line  chan struct{}
	freed chan struct{} // count is 0 again
	users int
	count int // holds
	since time.Time
	next  time.Time
	heard time.Time // when the server was last known to have heard of the hold
	rev   uint64    // of our key, read by beat and release only, which follow each other
	stop  func()    // ends the beats, and waits
}

// Hosts opens the leases on hosts. It returns nil when the queue is embedded:
// then there is no other process, and the clocks in this one suffice.
func (e *Engine) Hosts(ctx context.Context) (*Hosts, error) {
	if e.srv != nil {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	h := &Hosts{engine: e, owner: nuid.Next(), hosts: make(map[string]*host)}
	var err error
	if h.leases, err = e.bucket(ctx, hostsBucket, "who asks a host, and when it may be asked next", e.silence); err != nil {
		return nil, err
	}
	h.pauses, err = e.bucket(ctx, pausesBucket, "hosts that are to be left alone for a while", longestPause)
	return h, err
}

func (e *Engine) bucket(ctx context.Context, name, description string, ttl time.Duration) (jetstream.KeyValue, error) {
	kv, err := e.js.KeyValue(ctx, name)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = e.js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: name, Description: description, TTL: ttl, MaxBytes: smallStream})
	}
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", name, e.explain(ctx, err))
	}
	return kv, nil
}

// Hold waits until no other process holds the host and the moment has come
// that its last holder named. It fails when ctx ends; a server that is away is
// waited for. This process may hold a host several times at once; release
// gives one hold back, and names the moment before which nobody may ask.
//
// A process that dies loses its holds after [Options.Silence]. One that is not
// heard for as long loses them too, and notices at its next Hold.
func (h *Hosts) Hold(ctx context.Context, name string) (release func(next time.Time), err error) {
	x := h.open(name)
	if err := h.hold(ctx, name, x); err != nil {
		h.close(name, x)
		return nil, err
	}
	var once sync.Once
	return func(next time.Time) { once.Do(func() { h.release(name, x, next) }) }, nil
}

func (h *Hosts) open(name string) *host {
	h.mu.Lock()
	defer h.mu.Unlock()
	x, ok := h.hosts[name]
	if !ok {
		x = &host{line: make(chan struct{}, 1), freed: make(chan struct{}, 1)}
		h.hosts[name] = x
	}
	x.users++
	return x
}

func (h *Hosts) close(name string, x *host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if x.users--; x.users == 0 {
		delete(h.hosts, name)
	}
}

func (h *Hosts) hold(ctx context.Context, name string, x *host) error {
	select {
	case x.line <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-x.line }()
	for !h.share(x) {
		if h.busy(x) {
			select {
			case <-x.freed:
			case <-ctx.Done():
				return ctx.Err()
			}
			continue
		}
		rev, err := h.acquire(ctx, name)
		if err != nil {
			return err
		}
		h.mu.Lock()
		x.count, x.since, x.heard, x.next, x.rev = 1, time.Now(), time.Now(), time.Time{}, rev
		h.mu.Unlock()
		h.beat(ctx, name, x)
		return nil
	}
	return nil
}

// share takes part in a hold that this process has, unless others have waited
// long enough, or it may be lost because the server has not heard of us.
func (h *Hosts) share(x *host) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if x.count == 0 || time.Since(x.since) > turnFor || time.Since(x.heard) > h.engine.silence {
		return false
	}
	x.count++
	return true
}

func (h *Hosts) busy(x *host) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return x.count > 0
}

// acquire writes our name at the host's key, when that is free and its time
// has come, and returns the key's revision.
func (h *Hosts) acquire(ctx context.Context, name string) (uint64, error) {
	key, wait := keyOf(name), firstLook
	for {
		rev, until, err := h.try(ctx, key)
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		switch {
		case err != nil:
			h.engine.logs.to.Debug("host cannot be held yet", "url", name, "err", err)
			until = time.Now().Add(retryWait)
		case rev != 0:
			return rev, nil
		case until.IsZero(): // another process holds it
			until = time.Now().Add(wait)
			wait = min(2*wait, lastLook)
		}
		if d := time.Until(until); d > 0 && !pause(ctx, min(d, longestPause)) {
			return 0, ctx.Err()
		}
	}
}

// try makes one attempt: it returns the revision of our key, or else when to
// try again, zero for nobody knows when.
func (h *Hosts) try(ctx context.Context, key string) (rev uint64, until time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	mine, err := json.Marshal(lease{Owner: h.owner})
	if err != nil {
		return 0, time.Time{}, err
	}
	entry, err := h.leases.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		if until, err = h.paused(ctx, key); err != nil || time.Until(until) > 0 {
			return 0, until, err
		}
		rev, err = h.leases.Create(ctx, key, mine)
		return refused(rev, err)
	}
	if err != nil {
		return 0, time.Time{}, h.engine.explain(ctx, err)
	}
	var l lease
	_ = json.Unmarshal(entry.Value(), &l) // what cannot be read is nobody's
	switch {
	case l.Owner != "" && l.Owner != h.owner:
		return 0, time.Time{}, nil
	case time.Until(l.Next) > 0:
		return 0, l.Next, nil
	}
	rev, err = h.leases.Update(ctx, key, mine, entry.Revision())
	return refused(rev, err)
}

// refused makes of a write that came second one that has to be tried again.
func refused(rev uint64, err error) (uint64, time.Time, error) {
	if api, ok := errors.AsType[*jetstream.APIError](err); errors.Is(err, jetstream.ErrKeyExists) ||
		ok && api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence {
		return 0, time.Time{}, nil
	}
	return rev, time.Time{}, err
}

// paused is until when a host is to be left alone.
func (h *Hosts) paused(ctx context.Context, key string) (time.Time, error) {
	entry, err := h.pauses.Get(ctx, key)
	if errors.Is(err, jetstream.ErrKeyNotFound) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, h.engine.explain(ctx, err)
	}
	var l lease
	_ = json.Unmarshal(entry.Value(), &l) // what cannot be read asks for nothing
	return l.Next, nil
}

// beat renews the key while the host is held.
func (h *Hosts) beat(ctx context.Context, name string, x *host) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var done sync.WaitGroup
	x.stop = func() { cancel(); done.Wait() }
	done.Go(func() {
		tick := time.NewTicker(h.engine.silence / 4)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				h.renew(ctx, name, x)
			}
		}
	})
}

// renew writes our name again. When that fails the next beat tries again; a
// key that another process has taken meanwhile stays with it.
func (h *Hosts) renew(ctx context.Context, name string, x *host) {
	mine, err := json.Marshal(lease{Owner: h.owner})
	if err == nil {
		within, cancel := context.WithTimeout(ctx, h.engine.silence/4)
		defer cancel()
		var rev uint64
		begun := time.Now()
		if rev, err = h.leases.Update(within, keyOf(name), mine, x.rev); err == nil {
			h.mu.Lock()
			x.rev, x.heard = rev, begun
			h.mu.Unlock()
		}
	}
	if err != nil && ctx.Err() == nil {
		h.engine.logs.to.Debug("hold on a host is not renewed", "url", name, "err", err)
	}
}

// release gives one hold back, the last one to the server.
func (h *Hosts) release(name string, x *host, next time.Time) {
	defer h.close(name, x)
	h.mu.Lock()
	if next.After(x.next) {
		x.next = next
	}
	if x.count > 1 {
		x.count--
		h.mu.Unlock()
		return
	}
	next = x.next
	h.mu.Unlock()
	x.stop()
	h.giveBack(name, x.rev, next) // nobody else writes rev any more
	h.mu.Lock()
	defer h.mu.Unlock()
	x.count = 0
	select {
	case x.freed <- struct{}{}:
	default: // nobody has looked at the last one
	}
}

// giveBack tells the server that the host is free, and from when on. When that
// is not heard, the hold ends by itself.
func (h *Hosts) giveBack(name string, rev uint64, next time.Time) {
	ctx, cancel := context.WithTimeout(context.Background(), attemptTimeout)
	defer cancel()
	free, err := json.Marshal(lease{Next: next.UTC().Round(0)})
	if err == nil && time.Until(next) > h.engine.silence/2 {
		_, err = h.pauses.Put(ctx, keyOf(name), free)
	}
	if err == nil {
		_, err = h.leases.Update(ctx, keyOf(name), free, rev)
	}
	if err != nil {
		h.engine.logs.to.Debug("hold on a host ends by itself", "url", name, "err", err)
	}
}

// keyOf is a host's key. Keys may not hold all that a subject may.
func keyOf(name string) string { return strings.ReplaceAll(token(name), "%", "=") }
