package sinktest

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/harvest87/harvest/sinks"
)

// longLease does not end within a test, shortLease does while one waits.
const (
	longLease  = time.Hour
	shortLease = 200 * time.Millisecond
)

var leaseTests = []contract{
	{"a lease is held by one at a time, and by the next when it is released", func(s *suite) {
		var wg sync.WaitGroup
		var inside, most, turns atomic.Int32
		for i := range s.backend.Writers {
			wg.Go(func() {
				l, err := sinks.AcquireLease(s.Context(), s.Catalogue, "work", string(rune('a'+i)), 10*time.Second, nil)
				if err != nil {
					s.Errorf("acquire: %v", err)
					return
				}
				most.Store(max(most.Load(), inside.Add(1)))
				turns.Add(1)
				if err := l.Renew(s.Context()); err != nil {
					s.Errorf("renew: %v", err)
				}
				inside.Add(-1)
				if err := l.Release(s.Context()); err != nil {
					s.Errorf("release: %v", err)
				}
			})
		}
		wg.Wait()
		if most.Load() != 1 || int(turns.Load()) != s.backend.Writers {
			s.Errorf("%d at once, %d turns of %d", most.Load(), turns.Load(), s.backend.Writers)
		}
	}},
	{"a lease that is not renewed is taken over, and who held it is told", func(s *suite) {
		stale := s.lease("work", "one", longLease) // renews itself no more within this test
		other := s.backend.Reopen(s.T, s.Catalogue)
		waited := ""
		l, err := sinks.AcquireLease(s.Context(), other, "work", "two", shortLease, func(holder string) { waited = holder })
		s.must("take over", err)
		s.same("waited for", "one", waited)
		if err := stale.Renew(s.Context()); !errors.Is(err, sinks.ErrLeaseLost) {
			s.Errorf("the one who lost it: %v", err)
		}
		s.must("release what is lost", stale.Release(s.Context()))
		s.must("the new holder renews", l.Renew(s.Context()))
		s.must("release", l.Release(s.Context()))
	}},
	{"who comes back under his name does not wait, and his former self is told", func(s *suite) {
		former := s.lease("work", "one", longLease)
		again := s.lease("work", "one", longLease)
		if err := former.Renew(s.Context()); !errors.Is(err, sinks.ErrLeaseLost) {
			s.Errorf("the former one: %v", err)
		}
		s.must("release what is lost", former.Release(s.Context()))
		s.must("release", again.Release(s.Context()))
	}},
	{"a released lease counts on, so that a version never comes twice", func(s *suite) {
		last := 0
		for range 3 {
			s.must("release", s.lease("work", "one", longLease).Release(s.Context()))
			memos := s.memos(sinks.LeaseMemo)
			if len(memos) != 1 || memos[0].Version <= last {
				s.Fatalf("memos %+v behind version %d", memos, last)
			}
			last = memos[0].Version
		}
	}},
	{"leases on two things do not wait for each other", func(s *suite) {
		a, b := s.lease("one thing", "one", longLease), s.lease("another", "two", longLease)
		s.must("release", a.Release(s.Context()))
		s.must("release", b.Release(s.Context()))
	}},
}

func (s *suite) lease(name, holder string, ttl time.Duration) *sinks.Lease {
	s.Helper()
	l, err := sinks.AcquireLease(s.Context(), s.Catalogue, name, holder, ttl, nil)
	s.must("acquire the lease on "+name, err)
	return l
}
