package gate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/gate"
)

var day0 = time.Date(2026, 3, 1, 3, 0, 0, 0, time.UTC)

func record(n int, change func(*harvest.Record)) *harvest.Record {
	r := &harvest.Record{
		ID: harvest.RecordID(fmt.Sprintf("a:%d", n)), URL: fmt.Sprintf("https://a.example/%d", n), Title: fmt.Sprintf("Report %d", n),
		Summary: "What it says.", Category: "report", Language: harvest.Language{Value: "en"},
		Provenance: map[string]harvest.Evidence{"summary": {Basis: "selector", Detail: ".lead"}, "category": {Basis: "rule"}},
	}
	if change != nil {
		change(r)
	}
	return r
}

// TestReadingsSurviveTheJournal packs readings in one process and adds them up
// in another.
func TestReadingsSurviveTheJournal(t *testing.T) {
	var here, there gate.Sum
	for n := range 300 {
		now := record(n, func(r *harvest.Record) {
			if n%2 == 0 {
				r.Title = "Home"
			}
			if n%3 == 0 {
				r.Summary = ""
			}
			r.Category = fmt.Sprintf("category %d", n) // more than there are numbers for
		})
		var was *harvest.Record
		if n%5 > 0 {
			was = record(n, nil)
		}
		reading := gate.Read(now, was)
		packed, words := here.Pack(&reading), here.Words()
		for _, s := range []*gate.Sum{&here, &there} {
			s.Learn(words)
			if got, err := s.Add(packed); got != 1 || err != nil {
				t.Fatalf("reading %d: %d added, %v", n, got, err)
			}
		}
	}
	if diff := cmp.Diff(here.Figures(), there.Figures()); diff != "" {
		t.Errorf("figures here and there:\n%s", diff)
	}
	f := there.Figures()
	if f.New != 60 || f.Again != 240 || f.Changed != 240 || f.TopTitle != "home" || f.TopCount < 140 {
		t.Errorf("%d new, %d again, %d changed, %q %d times", f.New, f.Again, f.Changed, f.TopTitle, f.TopCount)
	}
	s := f.Field("summary")
	if s.Had != 240 || s.Lost != 80 || s.New != 40 || len(s.Was) != 1 || s.Was[0] != (harvest.Tally{Name: "selector .lead", Count: 80}) {
		t.Errorf("summary %+v", s)
	}
	if n := len(f.CategoryMoves); n == 0 || n > 24 {
		t.Errorf("%d moves of categories are kept", n)
	}
}

// TestSame is the reading of a record that says what it said.
func TestSame(t *testing.T) {
	if diff := cmp.Diff(gate.Read(record(1, nil), record(1, nil)), gate.Same(record(1, nil))); diff != "" {
		t.Errorf("compared and taken as the same:\n%s", diff)
	}
}

// TestHostileRecords keeps what a site says within bounds.
func TestHostileRecords(t *testing.T) {
	var s gate.Sum
	for n := range 2000 {
		r := record(n, func(r *harvest.Record) {
			r.Title = strings.Repeat("é", 10_000+n)
			r.Language.Value = fmt.Sprint("x-", n)
			r.Summary = strings.Repeat("a", 100_000)
			r.Provenance["summary"] = harvest.Evidence{Basis: "selector", Detail: strings.Repeat("x", 5000) + fmt.Sprint(n)}
		})
		reading := gate.Read(r, nil)
		packed := s.Pack(&reading)
		if len(packed) > 400 {
			t.Fatalf("a reading takes %d octets", len(packed))
		}
		s.Learn(s.Words())
		if _, err := s.Add(packed); err != nil {
			t.Fatal(err)
		}
	}
	if f := s.Figures(); len(f.Languages) > 24 || f.New != 2000 {
		t.Errorf("%d languages, %d records", len(f.Languages), f.New)
	}
}

// FuzzAdd feeds octets that no reading made.
func FuzzAdd(f *testing.F) {
	var s gate.Sum
	for _, was := range []*harvest.Record{nil, record(1, nil)} {
		r := gate.Read(record(1, nil), was)
		f.Add(s.Pack(&r))
	}
	f.Add([]byte{})
	f.Add([]byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, packed []byte) {
		var s gate.Sum
		s.Learn([]string{"summary", "en"})
		n, err := s.Add(packed)
		if err == nil && n == 0 && len(packed) > 0 {
			t.Error("octets were taken for nothing")
		}
		s.Figures()
	})
}
