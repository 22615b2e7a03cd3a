package sqlite_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

const perCall = 500

// usual are records of the usual size, about 2.5 kB each, from n on.
func usual(n, count int) []harvest.Record {
	out := make([]harvest.Record, count)
	for i := range out {
		source := harvest.SourceID(fmt.Sprintf("source-%d", (n+i)%20))
		url := fmt.Sprintf("https://%s.example/resources/item-%d/", source, n+i)
		out[i] = harvest.Record{
			ID: harvest.NewRecordID(source, "", url), Source: source, URL: url, CanonicalURL: url,
			Title:    fmt.Sprintf("Guidance on supply chains, number %d", n+i),
			Category: []string{"guidance", "report", "news", "law"}[(n+i)%4], CategoryRaw: "Guidance & tools",
			Summary:   strings.Repeat("What companies can do against forced labour in their supply chains. ", 12),
			Published: harvest.DayDate(2000+(n+i)%25, time.Month(1+(n+i)%12), 1+(n+i)%28),
			Language:  harvest.Language{Value: []string{"en", "fr", "ar", "en-GB"}[(n+i)%4]},
			Authors:   []string{"A. Author", "B. Author"}, Countries: []string{"NP", "GB"}, Topics: []string{"supply-chains"},
			Documents: []harvest.Document{{URL: url + "a.pdf", MediaType: "application/pdf", Bytes: 1 << 20}},
			Provenance: map[string]harvest.Evidence{
				"title": {Basis: "selector", Detail: "h1.entry-title", Page: url}, "summary": {Basis: "meta", Detail: "description", Page: url},
				"published": {Basis: "json-ld", Detail: "datePublished", Page: url}, "authors": {Basis: "meta", Detail: "author", Page: url},
			},
		}
	}
	return out
}

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

func put(b testing.TB, c *sqlite.Catalogue, hour int, records []harvest.Record) {
	at := noon.Add(time.Duration(hour) * time.Hour)
	if _, err := c.Put(context.Background(), harvest.NewRunID("source-1", at), at, records); err != nil {
		b.Fatal(err)
	}
}

// fill puts records into an empty catalogue.
func fill(b testing.TB, c *sqlite.Catalogue, count int) {
	for n := 0; n < count; n += 5000 {
		put(b, c, 0, usual(n, min(5000, count-n)))
	}
}

func perSecond(b *testing.B, each int) {
	b.ReportMetric(float64(b.N)*float64(each)/b.Elapsed().Seconds(), "records/s")
}

// BenchmarkPut writes 500 records a call into a catalogue of 20,000.
func BenchmarkPut(b *testing.B) {
	b.Run("new", func(b *testing.B) {
		c := open(b)
		fill(b, c, 20_000)
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			records := usual(20_000+n*perCall, perCall)
			b.StartTimer()
			put(b, c, 1, records)
		}
		perSecond(b, perCall)
	})
	b.Run("new, rows alone", func(b *testing.B) {
		c := open(b)
		fill(b, c, 20_000)
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			records := usual(20_000+n*perCall, perCall)
			b.StartTimer()
			if err := c.InsertOnly(b.Context(), records); err != nil {
				b.Fatal(err)
			}
		}
		perSecond(b, perCall)
	})
	b.Run("unchanged", func(b *testing.B) {
		c := open(b)
		fill(b, c, 20_000)
		for n := 0; b.Loop(); n++ {
			put(b, c, 1+n, usual(n*perCall%20_000, perCall))
		}
		perSecond(b, perCall)
	})
	b.Run("changed", func(b *testing.B) {
		c := open(b)
		fill(b, c, 20_000)
		for n := 0; b.Loop(); n++ {
			records := usual(n*perCall%20_000, perCall)
			for i := range records {
				records[i].Title += fmt.Sprint(n)
			}
			put(b, c, 1+n, records)
		}
		perSecond(b, perCall)
	})
	b.Run("one at a time", func(b *testing.B) {
		c := open(b)
		for n := 0; b.Loop(); n++ {
			put(b, c, 1, usual(n, 1))
		}
		perSecond(b, 1)
	})
}

// BenchmarkTouch moves LastSeen of 500 records a call.
func BenchmarkTouch(b *testing.B) {
	c := open(b)
	fill(b, c, 20_000)
	for n := 0; b.Loop(); n++ {
		var ids []harvest.RecordID
		for _, r := range usual(n*perCall%20_000, perCall) {
			ids = append(ids, r.ID)
		}
		if _, err := c.Touch(context.Background(), noon.Add(time.Duration(n)*time.Hour), ids); err != nil {
			b.Fatal(err)
		}
	}
	perSecond(b, perCall)
}

// BenchmarkRecords streams a catalogue of 20,000, whole and filtered.
func BenchmarkRecords(b *testing.B) {
	c := open(b)
	fill(b, c, 20_000)
	put(b, c, 5, usual(100_000, 20))
	for _, q := range []struct {
		name  string
		query harvest.Query
	}{
		{"all", harvest.Query{}},
		{"source", harvest.Query{Sources: []harvest.SourceID{"source-3"}}},
		{"source, category and language", harvest.Query{Sources: []harvest.SourceID{"source-3"}, Categories: []string{"law"}, Languages: []string{"en"}}},
		{"language", harvest.Query{Languages: []string{"fr"}}},
		{"changed lately", harvest.Query{ChangedSince: noon.Add(time.Hour)}},
	} {
		b.Run(q.name, func(b *testing.B) {
			found := 0
			for b.Loop() {
				for _, err := range c.Records(context.Background(), q.query) {
					if err != nil {
						b.Fatal(err)
					}
					found++
				}
			}
			b.ReportMetric(float64(found)/float64(b.N), "records")
			b.ReportMetric(float64(found)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
