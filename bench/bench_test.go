package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/pprof/profile"

	"github.com/harvest87/harvest"
)

// TestMain lets the test be its own children, as the program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == childWord {
		if err := beChild(os.Args[2:], os.Stdin, os.Stdout); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// smallSite serves a site of its own in this process.
func smallSite(t *testing.T, pages int) arguments {
	t.Helper()
	in, stop := io.Pipe()
	out, ready := io.Pipe()
	ended := make(chan error, 1)
	a := arguments{Hosts: make([]string, 2), Pages: pages, Seed: 5, Connections: 2}
	go func() { ended <- serve(a, in, ready) }()
	t.Cleanup(func() {
		stop.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line, &a.Hosts); err != nil {
		t.Fatal(err)
	}
	return a
}

// What is compared must be the same work: each contestant asks for every page
// once, and those that make records make one of every item.
func TestContestantsDoTheSameWork(t *testing.T) {
	const pages = 60
	a := smallSite(t, pages)
	items := siteOf(a).items
	for _, c := range []struct {
		role    string
		prepare func(arguments) (work, func(), error)
		records int
	}{
		{"bare", bare, 0},
		{"colly sync", collySync, items},
		{"colly async", collyAsync, items},
		{"links", linksAlone, 0},
		{"pipeline", pipeline, items},
		{"works", works, items},
	} {
		t.Run(c.role, func(t *testing.T) {
			a := a
			a.Dir = t.TempDir()
			do, done, err := c.prepare(a)
			if err != nil {
				t.Fatal(err)
			}
			defer done()
			if _, err := takeCounts(t.Context(), a.Hosts[0]); err != nil {
				t.Fatal(err)
			}
			got, records, err := do()
			if err != nil || got < pages || records != c.records {
				t.Errorf("%d pages, %d records, %v; want %d and %d", got, records, err, pages, c.records)
			}
			seen, err := takeCounts(t.Context(), a.Hosts[0])
			if err != nil || seen.Requests-seen.Again != pages {
				t.Errorf("the server saw %+v, %v; want %d pages", seen, err, pages)
			}
			if strings.HasPrefix(c.role, "colly") { // it may ask again: see docs/performance.md
				return
			}
			if seen.Again > 0 {
				t.Errorf("%d pages were asked for again", seen.Again)
			}
		})
	}
}

func TestPagesAreOfTheSizeThatIsSaid(t *testing.T) {
	s := newSite([]string{"http://127.0.0.1:1", "http://127.0.0.1:2"}, 500, 3)
	if s.items+s.lists != 500 {
		t.Errorf("%d items and %d lists, want 500 pages", s.items, s.lists)
	}
	total := 0
	for i := range s.items {
		total += len(s.itemPage(i))
	}
	for n := range s.lists {
		total += len(s.listPage(n))
	}
	if mean := total / 500; mean < 10_500 || mean > 11_500 {
		t.Errorf("pages have %d octets on average, want about 11 KB", mean)
	}
	if !bytes.Equal(s.itemPage(7), newSite(s.hosts, 500, 3).itemPage(7)) {
		t.Error("the same seed gives another page")
	}
	if bytes.Equal(s.itemPage(7), newSite(s.hosts, 500, 4).itemPage(7)) {
		t.Error("another seed gives the same page")
	}
}

func TestAgainAndPending(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: starts processes; go test without -short runs it")
	}
	o := options{pages: 60, rounds: 1, connections: 2, seed: 5, pending: []int{2000}, tenths: 2, dir: t.TempDir()}
	var out strings.Builder
	if err := printTables(t.Context(), o, []string{"again", "pending"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Not modified or skipped: 9", "2000   "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the tables lack %q:\n%s", want, out.String())
		}
	}
	if err := printTables(t.Context(), o, []string{"speed"}, &out); err == nil {
		t.Error("a table that is not there was printed")
	}
}

func TestExportsAtScale(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: builds the program; go test without -short runs it")
	}
	t.Parallel()
	o := options{records: 300, words: 20, dir: t.TempDir(), catalogue: t.TempDir()}
	for _, want := range []string{"Written into SQLite", "Exports of 300"} { // the second time it is there
		var out strings.Builder
		if err := exportsAtScale(t.Context(), o, &out); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{want, "jsonl", "parquet", "xlsx"} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("the table lacks %q:\n%s", want, out.String())
			}
		}
	}
	o.records = 299
	if err := exportsAtScale(t.Context(), o, io.Discard); err == nil {
		t.Error("another catalogue was taken for the one that was asked for")
	}
}

func TestSearchAtScale(t *testing.T) {
	t.Parallel()
	o := options{records: 300, words: 20, each: 1, dir: t.TempDir()}
	var out strings.Builder
	if err := searchAtScale(t.Context(), o, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"300 made-up records", "octets a record", "everything  1  300", "the mix"} {
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
	l := newLibrary(300, 20)
	if diff := cmp.Diff(l.record(7), newLibrary(300, 20).record(7)); diff != "" {
		t.Errorf("the same library has another record (-first +second):\n%s", diff)
	}
	stats, err := l.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	counted := make(map[harvest.SourceID]int)
	for r := range l.Records(t.Context(), harvest.Query{}) {
		counted[r.Source]++
	}
	if diff := cmp.Diff(counted, stats.BySource); diff != "" {
		t.Errorf("records by source (-counted +told):\n%s", diff)
	}
}

func TestSamplesBelongToLayers(t *testing.T) {
	stack := func(functions ...string) *profile.Sample {
		s := new(profile.Sample)
		for _, f := range functions {
			s.Location = append(s.Location, &profile.Location{Line: []profile.Line{{Function: &profile.Function{Name: f}}}})
		}
		return s
	}
	for _, c := range []struct {
		want  string
		stack []string // leaf first
	}{
		{"parse: bytes to tree", []string{"runtime.mallocgc", "golang.org/x/net/html.(*parser).parse", ours + "parsers/page.parse"}},
		{"SQLite: ledger", []string{"modernc.org/sqlite/lib.x", "database/sql.(*Tx).Commit", ours + "sinks/sqlite.(*Catalogue).once", ours + "sinks/sqlite.(*Catalogue).PutPages", ours + "crawler.(*committing).write"}},
		{"SQLite, the rest", []string{"modernc.org/sqlite/lib.x", "database/sql.(*DB).Query", ours + "crawler.(*job).ledger"}},
		{"hash of the body", []string{"crypto/sha256.block", ours + "crawler/fetch.(*Session).conclude"}},
		{rest, []string{"runtime.schedule"}},
	} {
		if got := layerOf(stack(c.stack...)); got != c.want {
			t.Errorf("%v belongs to %q, want %q", c.stack, got, c.want)
		}
	}
}

func TestMedianAndSpread(t *testing.T) {
	same := func(v float64) float64 { return v }
	got := []string{spread([]float64{3, 1, 2}, same, "%.1f"), spread([]float64{4, 1}, same, "%.1f"), spread(nil, same, "%.1f")}
	if diff := cmp.Diff([]string{"2.0 (1.0 to 3.0)", "2.5 (1.0 to 4.0)", "-"}, got); diff != "" {
		t.Error(diff)
	}
}
