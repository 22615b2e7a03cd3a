package fetch

import (
	"context"
	"time"
)

// Leases keep other processes away from a host while this one asks it. A host
// is a name as the clocks know it. They are used from several goroutines at
// once.
type Leases interface {
	// Hold waits until no other process holds the host and the moment has
	// come that its last holder named. It fails when ctx ends, and then holds
	// nothing. A process may hold a host several times at once. Release gives
	// one hold back: no process asks the host before next.
	Hold(ctx context.Context, host string) (release func(next time.Time), err error)
}

// alone is for a process that shares its hosts with no other.
type alone struct{}

// Hold implements [Leases].
func (alone) Hold(context.Context, string) (func(time.Time), error) { return func(time.Time) {}, nil }
