//go:build unix

package mongo_test

import (
	"fmt"
	"os"
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

// measure calls write with fresh records of which the making is not measured.
func measure(b *testing.B, write func([]harvest.Record)) {
	b.Helper()
	const batch = 500
	var used time.Duration
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		records := make([]harvest.Record, batch)
		for i := range records {
			records[i] = usualRecord(n*batch + i)
		}
		before := processorTime(b)
		b.StartTimer()
		write(records)
		used += processorTime(b) - before
	}
	b.ReportMetric(float64(b.N)*batch/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(used.Microseconds())/float64(b.N)/batch, "µs-processor/record")
}

// BenchmarkBulkUpsert compares Put of new records with what the driver alone
// does with the same documents: unordered upserts of 500. The server of this
// test only counts, so the ratio is that of the two clients at its worst; with
// HARVEST_TEST_MONGODB_URI it is that against a real server.
func BenchmarkBulkUpsert(b *testing.B) {
	uri := os.Getenv("HARVEST_TEST_MONGODB_URI")
	if uri == "" {
		r := newRecorder(b)
		r.light = true
		uri = r.uri()
	}
	b.Run("driver", func(b *testing.B) {
		client, err := driver.Connect(options.Client().ApplyURI(uri).SetWriteConcern(writeconcern.Majority()))
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = client.Disconnect(b.Context()) }()
		to := client.Database("harvest_bench").Collection("bare")
		measure(b, func(records []harvest.Record) {
			models := make([]driver.WriteModel, len(records))
			for i := range records {
				models[i] = driver.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: records[i].ID}}).
					SetUpdate(bson.D{{Key: "$setOnInsert", Value: records[i]}}).SetUpsert(true)
			}
			if _, err := to.BulkWrite(b.Context(), models, options.BulkWrite().SetOrdered(false)); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("put", func(b *testing.B) {
		c := open(b, uri)
		measure(b, func(records []harvest.Record) {
			if _, err := c.Put(b.Context(), run, at, records); err != nil {
				b.Fatal(err)
			}
		})
	})
}
