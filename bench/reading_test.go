package main

import (
	"testing"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
	"github.com/harvest87/harvest/parsers"
)

// BenchmarkReading reads the item pages of the site as a run does, without
// fetching or storing them: extraction and normalisation alone.
func BenchmarkReading(b *testing.B) {
	a := arguments{Hosts: []string{"http://127.0.0.1:1", "http://127.0.0.1:2"}, Pages: 600, Seed: 87}
	s := siteOf(a)
	src, problems := config.ParseSource("bench.yaml", []byte(s.source()))
	if src == nil {
		b.Fatal(problems)
	}
	vocab, err := config.LoadVocabulary()
	if err != nil {
		b.Fatal(err)
	}
	door, err := parsers.New(src, vocab, 0)
	if err != nil {
		b.Fatal(err)
	}
	bodies := make([][]byte, 200)
	for i := range bodies {
		bodies[i] = s.itemPage(i)
	}
	at := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		n := i % len(bodies)
		i++
		p := &harvest.Page{
			URL: s.itemURL(n), Outcome: harvest.Fetched, Status: 200, MediaType: "text/html", Body: bodies[n], FetchedAt: at,
			Request: harvest.Request{URL: s.itemURL(n), Kind: harvest.KindItem, Step: "item"},
		}
		if got := door.Parse(p); len(got.Records) != 1 {
			b.Fatalf("%s gave %d records: %+v", p.URL, len(got.Records), got.Events)
		}
	}
}
