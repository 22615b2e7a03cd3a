package jsonl_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/jsonl"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func full() harvest.Record {
	at := time.Date(2026, 3, 1, 12, 0, 0, 123, time.UTC)
	return harvest.Record{
		ID: "test:1", Source: "test", NativeID: "wp:1",
		URL: "https://test.example/?a=1&b=2", CanonicalURL: "https://test.example/a",
		Title: "Slavery <now> & \"then\"", TitleAlt: []string{"L’esclavage", "العبودية", "दासता"},
		Category: "report", CategoryRaw: "Report", CategoriesRaw: []string{"Report", "News; Views"},
		Summary:      "One\u2028two\u2029three\tfour\\five",
		SummaryBasis: harvest.SummaryBasis{Kind: harvest.SummaryCard, Truncated: true},
		Published:    harvest.MonthDate(2021, 3), Modified: harvest.DayDate(2022, 1, 31),
		Language: harvest.Language{Value: "en", Declared: "fr"},
		Authors:  []string{"A. One", "B. Two"}, Publisher: "Institute",
		Countries: []string{"NP"}, Regions: []string{"034"}, Topics: []string{"child-labour"},
		Identifiers:  harvest.Identifiers{DOI: "10.1/x", ISBN: "9789221234567", UNSymbol: "A/1", CELEX: "32011L0036", ELI: "e", ECLI: "c", Handle: "h/1"},
		Documents:    []harvest.Document{{URL: "https://test.example/a.pdf", MediaType: "application/pdf", Bytes: 5, SHA256: "ab", Title: "A", Pages: 3, Language: "en"}},
		Licence:      "CC-BY-4.0",
		Translations: []harvest.Translation{{Language: "fr", URL: "https://test.example/fr/a"}},
		Provenance: map[string]harvest.Evidence{
			"title": {Basis: "door", Detail: "title.rendered", Page: "https://test.example/p"}, "authors": {Basis: "meta"}, "category": {Basis: "rule"},
		},
		FirstSeen: at, LastSeen: at.Add(time.Hour), LastChanged: at, Revision: 2, State: harvest.StateActive,
		FirstRun: "test@20260301T120000Z", Run: "test@20260302T120000Z", Work: "w:1",
	}
}

func minimal() harvest.Record {
	return harvest.Record{ID: "test:2", Source: "test", URL: "https://test.example/b", Title: "B"}
}

func sequence(records ...harvest.Record) iter.Seq2[harvest.Record, error] {
	return func(yield func(harvest.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func collect(t *testing.T, seq iter.Seq2[harvest.Record, error]) []harvest.Record {
	t.Helper()
	var out []harvest.Record
	for r, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func TestWriteIsAsDocumented(t *testing.T) {
	var b bytes.Buffer
	n, err := jsonl.Write(t.Context(), &b, sequence(full(), minimal()))
	if err != nil || n != 2 {
		t.Fatalf("wrote %d: %v", n, err)
	}
	const golden = "testdata/records.jsonl"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRoundTripLosesNothing(t *testing.T) {
	long := minimal()
	long.ID, long.Summary = "test:3", strings.Repeat("é\u2028\"\\ ", 200_000)
	want := []harvest.Record{full(), minimal(), long}
	var b bytes.Buffer
	if _, err := jsonl.Write(t.Context(), &b, sequence(want...)); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(b.String(), "\n"); lines != len(want) {
		t.Errorf("%d lines, want %d", lines, len(want))
	}
	if diff := cmp.Diff(want, collect(t, jsonl.Read(&b))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadIsLenientAboutBlankLinesOnly(t *testing.T) {
	in := "\uFEFF{\"id\":\"a\"}\r\n\n  \n{\"id\":\"b\"}"
	got := collect(t, jsonl.Read(strings.NewReader(in)))
	if len(got) != 2 || got[0].ID != "a" || got[1].ID != "b" {
		t.Errorf("read %+v", got)
	}
	for _, tt := range []struct{ in, want string }{
		{"{\"id\":\"a\"}\n{\"id\":", "line 2: not a record: the line ends too early"},
		{`{"id":"a"} {"id":"b"}`, "line 1: not a record: more than one value on the line"},
		{`{"id":"a","titel":"x"}`, `line 1: not a record: unknown field "titel"`},
		{`{"id":"a","title":5}`, "line 1: not a record: title cannot be a JSON number"},
		{`[]`, "line 1: not a record: a JSON array where an object should be"},
		{`{"title":"x"}`, "line 1: not a record: it has no id"},
		{"\n\nnot json", "line 3: not a record: invalid character 'o' in literal null (expecting 'u')"},
		{strings.Repeat("x", jsonl.MaxLineBytes+1), fmt.Sprintf("line 1: longer than %d bytes", jsonl.MaxLineBytes)},
	} {
		var last error
		for _, err := range jsonl.Read(strings.NewReader(tt.in)) {
			last = err
		}
		if last == nil || last.Error() != tt.want {
			t.Errorf("%.40q:\n got %v\nwant %s", tt.in, last, tt.want)
		}
	}
}

func TestWriteStops(t *testing.T) {
	broken := errors.New("store went away")
	failing := func(yield func(harvest.Record, error) bool) {
		_ = yield(minimal(), nil) && yield(harvest.Record{}, broken)
	}
	var b bytes.Buffer
	n, err := jsonl.Write(t.Context(), &b, failing)
	if n != 1 || !errors.Is(err, broken) {
		t.Errorf("wrote %d: %v", n, err)
	}
	if got := collect(t, jsonl.Read(&b)); len(got) != 1 {
		t.Errorf("%d whole records were written before the error, want 1", len(got))
	}
	full := errors.New("disk full")
	if _, err := jsonl.Write(t.Context(), writer{full}, sequence(minimal())); !errors.Is(err, full) {
		t.Errorf("the writer's error is lost: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := jsonl.Write(ctx, io.Discard, sequence(minimal())); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: wrote %d, %v", n, err)
	}
}

type writer struct{ err error }

func (w writer) Write([]byte) (int, error) { return 0, w.err }

// FuzzRead checks that any input gives records or an error, and that records
// that were read survive being written and read again.
func FuzzRead(f *testing.F) {
	var b bytes.Buffer
	if _, err := jsonl.Write(f.Context(), &b, sequence(full(), minimal())); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("{\"id\":\"a\",\"published\":{\"value\":\"2021\"}}\n\n{}"))
	f.Add([]byte("\xff\xfe{\"id\":\"\\ud800\"}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var records []harvest.Record
		for r, err := range jsonl.Read(bytes.NewReader(in)) {
			if err != nil {
				break
			}
			records = append(records, r)
		}
		var first, second bytes.Buffer
		if _, err := jsonl.Write(t.Context(), &first, sequence(records...)); err != nil {
			t.Skip() // a time outside the years that JSON can say
		}
		again := collect(t, jsonl.Read(bytes.NewReader(first.Bytes())))
		if _, err := jsonl.Write(t.Context(), &second, sequence(again...)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("written again it differs:\n%s\n%s", first.Bytes(), second.Bytes())
		}
	})
}

// BenchmarkWrite measures records per second; memory is that of one record.
func BenchmarkWrite(b *testing.B) {
	r := full()
	b.ReportAllocs()
	records := func(yield func(harvest.Record, error) bool) {
		for b.Loop() {
			if !yield(r, nil) {
				return
			}
		}
	}
	if _, err := jsonl.Write(b.Context(), io.Discard, records); err != nil {
		b.Fatal(err)
	}
}
