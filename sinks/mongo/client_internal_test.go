package mongo

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// told is what the driver is told of its pool and its patience.
type told struct {
	MaxPool, MinPool               *uint64
	Idle, Connect, Select, Timeout *time.Duration
}

func toldBy(co *options.ClientOptions) told {
	return told{co.MaxPoolSize, co.MinPoolSize, co.MaxConnIdleTime, co.ConnectTimeout, co.ServerSelectionTimeout, co.Timeout}
}

func TestPoolAndTimeouts(t *testing.T) {
	t.Parallel()
	const s = time.Second
	all := Options{
		MaxPool: 20, MinPool: 2, IdleTimeout: 300 * s, ConnectTimeout: 10 * s, SelectTimeout: 30 * s, Timeout: 60 * s,
	}
	tests := []struct {
		name string
		o    Options
		uri  string
		want told
	}{
		{"by default the driver decides all but how long it looks", Options{}, "", told{Select: new(5 * s)}},
		{"the options", all, "", told{new(uint64(20)), new(uint64(2)), new(300 * s), new(10 * s), new(30 * s), new(60 * s)}},
		{
			"the URI wins, and only where it says something", all, "maxPoolSize=7&timeoutMS=1500",
			told{new(uint64(7)), new(uint64(2)), new(300 * s), new(10 * s), new(30 * s), new(1500 * time.Millisecond)},
		},
		{
			"the URI alone",
			Options{},
			"maxPoolSize=7&minPoolSize=3&maxIdleTimeMS=9000&connectTimeoutMS=4000&serverSelectionTimeoutMS=2000&timeoutMS=8000",
			told{new(uint64(7)), new(uint64(3)), new(9 * s), new(4 * s), new(2 * s), new(8 * s)},
		},
		{"an unlimited pool in the URI", all, "maxPoolSize=0", told{new(uint64(0)), new(uint64(2)), new(300 * s), new(10 * s), new(30 * s), new(60 * s)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := tt.o
			o.URI = "mongodb://db.example/?" + tt.uri
			co := o.client()
			if err := co.Validate(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, toldBy(co)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
