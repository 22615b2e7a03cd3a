package csv_test

import (
	"bytes"
	"context"
	stdcsv "encoding/csv"
	"errors"
	"flag"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/csv"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func full() harvest.Record {
	at := time.Date(2026, 3, 1, 12, 0, 0, 123, time.FixedZone("", 3600))
	return harvest.Record{
		ID: "test:1", Source: "test", NativeID: "wp:1",
		URL: "https://test.example/?a=1&b=2", CanonicalURL: "https://test.example/a",
		Title: `Slavery, "then" and now`, TitleAlt: []string{"L’esclavage", `A; B \ C`, "दासता"},
		Category: "report", CategoryRaw: "Report", CategoriesRaw: []string{"Report", "News; Views"},
		Summary:      "One\r\ntwo\rthree\x00",
		SummaryBasis: harvest.SummaryBasis{Kind: harvest.SummaryCard, Truncated: true},
		Published:    harvest.MonthDate(2021, 3), Modified: harvest.DayDate(2022, 1, 31),
		Language: harvest.Language{Value: "en", Declared: "fr"},
		Authors:  []string{"One, A.", "Two, B."}, Publisher: "=HYPERLINK(\"https://evil.example\")",
		Countries: []string{"NP", "IN"}, Regions: []string{"034"}, Topics: []string{"child-labour"},
		Identifiers:  harvest.Identifiers{DOI: "10.1/x", ISBN: "9789221234567", UNSymbol: "A/1", CELEX: "32011L0036", ELI: "e", ECLI: "c", Handle: "h/1"},
		Documents:    []harvest.Document{{URL: "https://test.example/a.pdf"}, {URL: "https://test.example/b;c.pdf"}},
		Licence:      "CC-BY-4.0",
		Translations: []harvest.Translation{{Language: "fr", URL: "https://test.example/fr/a"}},
		FirstSeen:    at, LastSeen: at.Add(time.Hour), LastChanged: at, Revision: 2, State: harvest.StateActive,
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

func TestWriteIsAsDocumented(t *testing.T) {
	var b bytes.Buffer
	if n, err := csv.Write(t.Context(), &b, sequence(full(), minimal()), csv.Options{}); err != nil || n != 2 {
		t.Fatalf("wrote %d: %v", n, err)
	}
	const golden = "testdata/records.csv"
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
	if i := bytes.IndexByte(bytes.ReplaceAll(b.Bytes(), []byte("\r\n"), nil), '\r'); i >= 0 {
		t.Error("a carriage return stands alone")
	}
}

// table reads a file back into maps from column to cell.
func table(t *testing.T, b []byte) []map[string]string {
	t.Helper()
	r := stdcsv.NewReader(bytes.NewReader(b))
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		cells := make(map[string]string)
		for i, name := range rows[0] {
			cells[name] = csv.Unguard(row[i])
		}
		out = append(out, cells)
	}
	return out
}

func TestCellsReadBack(t *testing.T) {
	var b bytes.Buffer
	r := full()
	if _, err := csv.Write(t.Context(), &b, sequence(r, minimal()), csv.Options{}); err != nil {
		t.Fatal(err)
	}
	rows := table(t, b.Bytes())
	if len(rows) != 2 {
		t.Fatalf("%d rows, want 2", len(rows))
	}
	got := rows[0]
	for column, want := range map[string]string{
		"id": "test:1", "title": r.Title, "publisher": r.Publisher, "summary": "One\ntwo\nthree", "summary_truncated": "true",
		"published": "2021-03", "published_precision": "month", "modified_precision": "day",
		"isbn": "9789221234567", "first_seen": "2026-03-01T11:00:00Z", "revision": "2", "work": "w:1",
		"translations": "fr https://test.example/fr/a",
	} {
		if got[column] != want {
			t.Errorf("%s: %q, want %q", column, got[column], want)
		}
	}
	for column, want := range map[string][]string{
		"title_alt": r.TitleAlt, "categories_raw": r.CategoriesRaw, "authors": r.Authors,
		"document_urls": {r.Documents[0].URL, r.Documents[1].URL},
	} {
		if diff := cmp.Diff(want, csv.SplitList(got[column])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", column, diff)
		}
	}
	filled := 0
	for column, cell := range rows[1] {
		if cell != "" {
			filled++
		}
		if cell != "" && !slices.Contains([]string{"id", "source", "url", "title"}, column) {
			t.Errorf("a record without %s has %q there", column, cell)
		}
	}
	if filled != 4 {
		t.Errorf("%d cells are filled, want 4", filled)
	}
}

func TestEveryColumnIsDescribedAndUsed(t *testing.T) {
	var b bytes.Buffer
	if _, err := csv.Write(t.Context(), &b, sequence(full()), csv.Options{}); err != nil {
		t.Fatal(err)
	}
	row := table(t, b.Bytes())[0]
	for _, c := range csv.Columns() {
		if c.Means == "" {
			t.Errorf("%s is not described", c.Name)
		}
		if row[c.Name] == "" {
			t.Errorf("%s is empty for a record that has everything", c.Name)
		}
	}
}

func TestByteOrderMark(t *testing.T) {
	for _, bom := range []bool{false, true} {
		var b bytes.Buffer
		if _, err := csv.Write(t.Context(), &b, sequence(), csv.Options{BOM: bom}); err != nil {
			t.Fatal(err)
		}
		if got := strings.HasPrefix(b.String(), "\uFEFF"); got != bom {
			t.Errorf("BOM %v: %q", bom, b.String()[:10])
		}
		if strings.Count(b.String(), "\r\n") != 1 {
			t.Errorf("an empty catalogue is not one header line: %q", b.String())
		}
	}
}

func TestGuard(t *testing.T) {
	for _, tt := range []struct {
		cell    string
		guarded bool
	}{
		{"", false},
		{"Slavery", false},
		{"2021-03-15", false},
		{"a=b", false},
		{"'tis", false},
		{`"quoted"`, false},
		{"…", false},
		{"=1+1", true},
		{"+44 20", true},
		{"-1", true},
		{"@SUM(A1)", true},
		{"\tx", true},
		{"\rx", true},
		{"\nx", true},
		{" =1", true},
		{"\u00a0=1", true},
		{"\u200b=1", true},
		{"\u3000＝1", true},
		{`"=1"`, true},
		{"'=1", true},
		{"“-1”", true},
		{"  '\" @x", true},
		{"＝1", true},
		{"＋1", true},
		{"－1", true},
		{"＠x", true},
		{"−1", true},
		{"﹦1", true},
		{"- item", true},
	} {
		got := csv.Guard(tt.cell)
		if (got != tt.cell) != tt.guarded {
			t.Errorf("Guard(%q) = %q, want guarded: %v", tt.cell, got, tt.guarded)
		}
		if back := csv.Unguard(got); back != tt.cell {
			t.Errorf("Unguard(Guard(%q)) = %q", tt.cell, back)
		}
	}
}

func TestWriteStops(t *testing.T) {
	broken := errors.New("store went away")
	failing := func(yield func(harvest.Record, error) bool) {
		_ = yield(minimal(), nil) && yield(harvest.Record{}, broken)
	}
	var b bytes.Buffer
	n, err := csv.Write(t.Context(), &b, failing, csv.Options{})
	if n != 1 || !errors.Is(err, broken) {
		t.Errorf("wrote %d: %v", n, err)
	}
	if rows := table(t, b.Bytes()); len(rows) != 1 {
		t.Errorf("%d whole rows were written before the error, want 1", len(rows))
	}
	full := errors.New("disk full")
	if _, err := csv.Write(t.Context(), writer{full}, sequence(minimal()), csv.Options{}); !errors.Is(err, full) {
		t.Errorf("the writer's error is lost: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if n, err := csv.Write(ctx, io.Discard, sequence(minimal()), csv.Options{}); n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: wrote %d, %v", n, err)
	}
}

type writer struct{ err error }

func (w writer) Write([]byte) (int, error) { return 0, w.err }

// FuzzWrite checks that any text comes back as it was, but for line breaks and
// control characters, in its own cell, and never as a formula.
func FuzzWrite(f *testing.F) {
	for _, seed := range [][3]string{
		{`a "b", c`, "x; y", `\`}, {"=1", "'=1", "''"}, {"\r\n\n\r", ";", "; "}, {"\ufeff=", "－", "\x00"}, {`\; `, `;\`, " ; "},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, title, author1, author2 string) {
		valid := func(s string) string {
			return strings.Map(func(r rune) rune {
				if r < ' ' || r >= 0x7f && r < 0xa0 {
					return -1
				}
				return r
			}, strings.ToValidUTF8(s, "?"))
		}
		r := minimal()
		r.Title = valid(title)
		for _, a := range []string{valid(author1), valid(author2)} {
			if a != "" {
				r.Authors = append(r.Authors, a)
			}
		}
		var b bytes.Buffer
		if _, err := csv.Write(t.Context(), &b, sequence(r), csv.Options{}); err != nil {
			t.Fatal(err)
		}
		row := table(t, b.Bytes())[0]
		if row["title"] != r.Title {
			t.Errorf("title %q comes back as %q", r.Title, row["title"])
		}
		if diff := cmp.Diff(r.Authors, csv.SplitList(row["authors"])); diff != "" {
			t.Errorf("authors (-want +got):\n%s", diff)
		}
		raw, err := stdcsv.NewReader(&b).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range raw[1] {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("cell %q is a formula", cell)
			}
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
	if _, err := csv.Write(b.Context(), io.Discard, records, csv.Options{}); err != nil {
		b.Fatal(err)
	}
}
