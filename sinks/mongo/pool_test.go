package mongo_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/mongo"
)

// A pool of one lets concurrent writers wait for each other's connection.
func TestAPoolOfOneHasOneConnection(t *testing.T) {
	t.Parallel()
	r := newRecorder(t)
	c := openWith(t, mongo.Options{URI: r.uri(), MaxPool: 1})
	const writers = 8
	var all sync.WaitGroup
	for n := range writers {
		all.Go(func() {
			if _, err := c.Put(t.Context(), run, at, []harvest.Record{record(n)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	var from []string
	for _, u := range r.seen("update") {
		from = append(from, u.from)
	}
	if len(from) < writers {
		t.Fatalf("%d updates of %d writers", len(from), writers)
	}
	slices.Sort(from)
	if used := slices.Compact(from); len(used) != 1 {
		t.Errorf("updates came over %d connections, want 1", len(used))
	}
}

// The server is told how long it has, so that it does not work on for nobody.
func TestTimeoutIsToldToTheServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		timeout time.Duration
		uri     string
		most    int64 // milliseconds; 0: none is told
	}{
		{"none", 0, "", 0},
		{"of the options", time.Hour, "", time.Hour.Milliseconds()},
		{"of the URI", time.Hour, "&timeoutMS=1800000", 1_800_000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRecorder(t)
			c := openWith(t, mongo.Options{URI: r.uri() + tt.uri, Timeout: tt.timeout})
			if _, err := c.Put(t.Context(), run, at, []harvest.Record{record(1)}); err != nil {
				t.Fatal(err)
			}
			told := get(r.seen("update")[0].body, "maxTimeMS")
			if tt.most == 0 {
				if told != nil {
					t.Errorf("maxTimeMS is %v, want none", told)
				}
				return
			}
			if ms, ok := told.(int64); !ok || ms > tt.most || ms < tt.most-600_000 {
				t.Errorf("maxTimeMS is %v, want %d less what has passed", told, tt.most)
			}
		})
	}
}
