//go:build unix

package mongo_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/harvest87/harvest"
)

// usualRecord is a record of the size of a real one.
func usualRecord(n int) harvest.Record {
	r := record(n)
	r.Summary = strings.Repeat("Forced labour in the supply chains of the fishing industry. ", 14)
	r.Category, r.CategoryRaw, r.Published = "report", "Reports & studies", harvest.MonthDate(2021, 3)
	r.Language, r.Publisher = harvest.Language{Value: "en", Declared: "en-GB"}, "International Labour Organization"
	r.Authors, r.Countries, r.Topics = []string{"Bales, Kevin", "Gardner, Alex"}, []string{"NP", "GB"}, []string{"supply-chains", "fishing"}
	r.Identifiers.DOI = fmt.Sprintf("10.1234/%d", n)
	r.Documents = []harvest.Document{{URL: r.URL + "/a.pdf", MediaType: "application/pdf", Bytes: 1_500_000, Title: "The report"}}
	r.Provenance = map[string]harvest.Evidence{}
	for _, field := range []string{"title", "summary", "published", "language", "authors", "publisher", "category", "identifiers.doi"} {
		r.Provenance[field] = harvest.Evidence{Basis: "json-ld", Detail: "$.about", Page: r.URL}
	}
	return r
}

// processorTime is what this process has used of all processors so far.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// spent is what one call took.
type spent struct{ clock, processor time.Duration }

func measure(b *testing.B, call func() error) spent {
	b.Helper()
	before, began := processorTime(b), time.Now()
	if err := call(); err != nil {
		b.Fatal(err)
	}
	return spent{time.Since(began), processorTime(b) - before}
}

// median of durations, of which there is one at least.
func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

// BenchmarkBulkUpsert compares Put of new records with what the driver alone
// does with the same documents: unordered upserts of 500, in turns, since the
// machine may be busy for a while. The server of this test only counts, so the
// ratio is that of the two clients at its worst; with HARVEST_TEST_MONGODB_URI it
// is that against a real server. Ratios are the medians of those of each turn.
func BenchmarkBulkUpsert(b *testing.B) {
	const batch = 500
	uri := os.Getenv("HARVEST_TEST_MONGODB_URI")
	if uri == "" {
		r := newRecorder(b)
		r.light = true
		uri = r.uri()
	}
	alone, c := driverAlone(b, uri), open(b, uri)
	var bare, put []spent
	for n := 0; b.Loop(); n++ {
		records := make([]harvest.Record, batch)
		for i := range records {
			records[i] = usualRecord(n*batch + i)
		}
		turns := []func(){
			func() { bare = append(bare, measure(b, func() error { return alone(records) })) },
			func() {
				put = append(put, measure(b, func() error {
					_, err := c.Put(b.Context(), run, at, records)
					return err
				}))
			},
		}
		if n%2 == 1 {
			slices.Reverse(turns)
		}
		for _, turn := range turns {
			turn()
		}
	}
	report(b, batch, bare, put)
}

// driverAlone writes records as the driver's own encoding has them.
func driverAlone(b *testing.B, uri string) func([]harvest.Record) error {
	b.Helper()
	client, err := driver.Connect(options.Client().ApplyURI(uri).SetWriteConcern(writeconcern.Majority()))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = client.Disconnect(context.WithoutCancel(b.Context())) })
	to := client.Database("harvest_bench").Collection("bare")
	return func(records []harvest.Record) error {
		models := make([]driver.WriteModel, len(records))
		for i := range records {
			models[i] = driver.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: records[i].ID}}).
				SetUpdate(bson.D{{Key: "$setOnInsert", Value: records[i]}}).SetUpsert(true)
		}
		_, err := to.BulkWrite(b.Context(), models, options.BulkWrite().SetOrdered(false))
		return err
	}
}

func report(b *testing.B, batch int, bare, put []spent) {
	b.Helper()
	var clocks, processors []float64
	times := make([][]time.Duration, 4)
	for i := range bare {
		clocks = append(clocks, bare[i].clock.Seconds()/put[i].clock.Seconds())
		processors = append(processors, bare[i].processor.Seconds()/put[i].processor.Seconds())
		for t, d := range []time.Duration{bare[i].clock, put[i].clock, bare[i].processor, put[i].processor} {
			times[t] = append(times[t], d)
		}
	}
	slices.Sort(clocks)
	slices.Sort(processors)
	b.ReportMetric(clocks[len(clocks)/2], "of-the-driver's-rate")
	b.ReportMetric(processors[len(processors)/2], "of-it-by-processor")
	b.ReportMetric(float64(batch)/median(times[0]).Seconds(), "driver-records/s")
	b.ReportMetric(float64(batch)/median(times[1]).Seconds(), "put-records/s")
	b.ReportMetric(float64(median(times[2]).Microseconds())/float64(batch), "driver-µs-processor/record")
	b.ReportMetric(float64(median(times[3]).Microseconds())/float64(batch), "put-µs-processor/record")
}
