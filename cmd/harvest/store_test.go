package main_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/queue"
	"github.com/harvest87/harvest/crawler/sitetest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// quiet makes a campaign against one innocent site, which is returned.
func quiet(t *testing.T) (*campaign, *sitetest.Site) {
	t.Helper()
	h := &campaign{killing: killing{t: t, dir: t.TempDir()}}
	h.write("config/harvest.yaml", "fetch: {timeout: 1m}\n")
	site := sitetest.New(t)
	innocent.site(site)
	h.source(&innocent, site.URL)
	return h, site
}

// does calls the program and returns what it says, on both outputs.
func (h *campaign) does(want int, args ...string) string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(h.t.Context(), deadline)
	defer cancel()
	out, errs, code, _ := call(ctx, h.t, h.command(args...))
	if code != want {
		h.t.Errorf("harvest %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), code, want, out, errs)
	}
	if strings.Contains(errs, "goroutine ") {
		h.t.Errorf("harvest %s broke:\n%s", strings.Join(args, " "), errs)
	}
	return out + errs
}

// started is a call of the program that goes on.
type started struct {
	*exec.Cmd
	t    *testing.T
	text lockedBuffer
}

// lockedBuffer is a bytes.Buffer that may be read while it is written.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (h *campaign) start(args ...string) *started {
	h.t.Helper()
	s := &started{Cmd: h.command(args...), t: h.t}
	s.Stdout, s.Stderr = &s.text, &s.text
	if err := s.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = s.Process.Kill() })
	return s
}

// ends waits for the end, no longer than that, and returns the exit code.
func (s *started) ends(within time.Duration) int {
	s.t.Helper()
	late := time.AfterFunc(within, func() { _ = s.Process.Kill() })
	_ = s.Wait() // the exit code says it
	if !late.Stop() {
		s.t.Fatalf("harvest did not end within %s\n%s", within, s.text.String())
	}
	return s.ProcessState.ExitCode()
}

// until polls for two minutes at most: tests run side by side.
func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	untilWithin(t, 2*time.Minute, what, done)
}

func untilWithin(t *testing.T, most time.Duration, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(most)
	for !done() {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("waited too long: %s", what)
		}
	}
}

// A data folder or a configuration that cannot be used is a clear error, and
// nothing of it is written over.
func TestUnusableFoldersAreClearErrors(t *testing.T) {
	t.Parallel()
	// marked is a catalogue with other marks in its header: a number of four
	// octets at an offset (https://www.sqlite.org/fileformat2.html#the_database_header).
	marked := func(offset int, value uint32) func(t *testing.T, name string) {
		return func(t *testing.T, name string) {
			db, err := sqlite.Open(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			binary.BigEndian.PutUint32(b[offset:], value)
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	const userVersion, applicationID = 60, 68
	bytesOf := func(text string) func(t *testing.T, name string) {
		return func(t *testing.T, name string) {
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	const store = "harvest-data/harvest.db"
	for _, tt := range []struct {
		name, file string
		make       func(t *testing.T, name string)
		says       string
	}{
		{"a database of another program", store, marked(applicationID, 0x4e4f5445), "another program"},
		{"a newer schema", store, marked(userVersion, 99), "newer version"},
		{"no database", store, bytesOf("a diary"), "not an SQLite database"},
		{"a damaged database", store, bytesOf("SQLite format 3\x00" + strings.Repeat("\xee", 8192)), "harvest.db"},
		{"a cut database", store, bytesOf("SQLite format 3\x00"), "harvest.db"},
		{"a folder in the place of the database", store + "/x", bytesOf("x"), "is a folder"},
		{"a file in the place of the data folder", "harvest-data", bytesOf("x"), "harvest-data"},
		{"a folder in the place of the configuration", "config/harvest.yaml/x", bytesOf("x"), "harvest.yaml"},
		{"a configuration that is no text", "config/harvest.yaml", bytesOf("\x00\x01\xff\xfe"), "harvest.yaml"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, _ := quiet(t)
			name := filepath.Join(h.dir, tt.file)
			_ = os.Remove(filepath.Dir(name)) // a file that is to become a folder
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			tt.make(t, name)
			before, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, args := range [][]string{{"run"}, {"search", "wages"}, {"runs"}, {"export"}} {
				if said := h.does(1, args...); !strings.Contains(said, tt.says) {
					t.Errorf("harvest %s says %q; want %q in it", args[0], said, tt.says)
				}
			}
			if after, err := os.ReadFile(name); err != nil || !bytes.Equal(before, after) {
				t.Errorf("%s is not as it was (%v)", tt.file, err)
			}
		})
	}
}

// listed are the addresses in the catalogue.
func (h *campaign) listed() []string {
	h.t.Helper()
	var urls []string
	for _, r := range h.exported()["innocent"] {
		urls = append(urls, r.URL)
	}
	return urls
}

// One process harvests into a folder at a time; those who read are not held up.
func TestSecondHarvesterIsRefusedAndReadersAreNot(t *testing.T) {
	t.Parallel()
	h, site := quiet(t)
	gate := sitetest.NewGate(sitetest.HTML(article(2, "")))
	site.Handle("/item/2", gate)
	run := h.start("run", "--json")
	<-gate.Arrived()
	until(t, "a record is written", func() bool { return len(h.listed()) > 0 })

	if said := h.does(1, "run"); !strings.Contains(said, "is in use by harvest run --json (pid") {
		t.Errorf("the second run says %q", said)
	}
	var readers sync.WaitGroup
	for _, args := range [][]string{{"search", "fees"}, {"search", "fees"}, {"search"}, {"runs"}, {"export", "--format", "csv"}, {"sources", "list"}} {
		readers.Go(func() {
			if said := h.does(0, args...); !strings.Contains(said, "fees") && args[0] == "search" && len(args) > 1 {
				t.Errorf("harvest search says %q", said)
			}
		})
	}
	readers.Wait()
	if site.Count("/item/2") != 1 {
		t.Errorf("%d requests for the page that is waited for", site.Count("/item/2"))
	}
	gate.Open()
	if code := run.ends(30 * time.Second); code != 0 || len(h.listed()) != 3 {
		t.Errorf("exit code %d, records %v\n%s", code, h.listed(), run.text.String())
	}
	var none sync.WaitGroup
	for range 2 { // of a catalogue whose index is behind
		none.Go(func() { h.does(0, "search", "fees") })
	}
	none.Wait()
}

// A data folder that cannot be written to is a clear error; it can be read.
func TestReadOnlyFolderCanBeRead(t *testing.T) {
	t.Parallel()
	h, _ := quiet(t)
	mounted(t, h, "size=16m")
	want := h.calm()
	h.does(0, "search", "fees")
	remount(t, h, "remount,ro")
	if said := h.does(1, "run"); !strings.Contains(said, "read-only") {
		t.Errorf("harvest run says %q", said)
	}
	if diff := cmp.Diff(want, h.listed()); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	h.does(0, "runs")
}

// calm harvests and returns what is then in the catalogue.
func (h *campaign) calm() []string {
	h.t.Helper()
	h.run()
	return h.listed()
}

// reportOf finds the report of the only run in what `run --json` has printed
// among its log lines.
func reportOf(t *testing.T, text string) harvest.Run {
	t.Helper()
	at := strings.Index(text, "[\n")
	if at < 0 {
		t.Fatalf("no report in %s", text)
	}
	var runs []harvest.Run
	if err := json.NewDecoder(strings.NewReader(text[at:])).Decode(&runs); err != nil || len(runs) != 1 {
		t.Fatalf("report: %v\n%s", err, text)
	}
	return runs[0]
}

// A catalogue that an earlier version has left, or a kill in the middle of
// bringing it up to date, is brought up to date by the next run.
func TestRunBringsAnOlderCatalogueUpToDate(t *testing.T) {
	t.Parallel()
	h, site := slow(t)
	site.gate.Open()
	h.writeOlderCatalogue()
	if said := h.does(0, "run"); !strings.Contains(said, "passed") {
		t.Errorf("the run says %q", said)
	}
}

// Commands that only read do so too, and say it once, unless a harvester is at
// work: it may be of the earlier version.
func TestReadingBringsAnOlderCatalogueUpToDate(t *testing.T) {
	t.Parallel()
	h, _ := quiet(t)
	h.writeOlderCatalogue()
	before, err := os.ReadFile(filepath.Join(h.dir, "harvest-data/harvest.db"))
	if err != nil {
		t.Fatal(err)
	}
	q, err := queue.Open(t.Context(), queue.Options{Dir: filepath.Join(h.dir, "harvest-data/queue")})
	if err != nil {
		t.Fatal(err)
	}
	if said := h.does(1, "runs"); !strings.Contains(said, "has schema 1") || !strings.Contains(said, "cannot be brought up to date now") {
		t.Errorf("beside another harvester it says %q", said)
	}
	if after, err := os.ReadFile(filepath.Join(h.dir, "harvest-data/harvest.db")); err != nil || !bytes.Equal(before, after) {
		t.Errorf("beside another harvester the catalogue was changed (%v)", err)
	}
	if err := q.Close(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if said := h.does(0, "runs"); strings.Contains(said, "was brought up to date") != want {
			t.Errorf("call %d says %q", i+1, said)
		}
	}
}

// writeOlderCatalogue leaves what the first version of the program has left.
func (h *campaign) writeOlderCatalogue() {
	h.t.Helper()
	schema, err := os.ReadFile("../../sinks/sqlite/migrations/0001_catalogue.sql")
	if err != nil {
		h.t.Fatal(err)
	}
	h.write("harvest-data/note.txt", "makes the folder\n")
	db, err := sql.Open("sqlite", filepath.Join(h.dir, "harvest-data/harvest.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, statement := range []string{string(schema), "PRAGMA application_id = 0x48565354", "PRAGMA user_version = 1"} {
		if _, err := db.ExecContext(h.t.Context(), statement); err != nil {
			h.t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		h.t.Fatal(err)
	}
}

// Where a host announces a longer pause than the source lets it, the report
// says so, to people and to programs.
func TestReportSaysWhereACrawlDelayWasCapped(t *testing.T) {
	t.Parallel()
	h, site := quiet(t)
	site.Handle("/robots.txt", sitetest.Content("text/plain", "User-agent: *\nCrawl-delay: 86400\n"))
	h.source(&trap{name: "innocent", doors: innocent.doors, keys: "politeness: {delay: 0s, max_delay: 50ms, contact: optional}\n"}, site.URL)
	said := h.does(0, "run")
	for _, want := range []string{" announces a crawl-delay of 24h0m0s; 50ms was kept, the source's limit", "passed"} {
		if !strings.Contains(said, want) {
			t.Errorf("the report does not say %q:\n%s", want, said)
		}
	}
	if said := h.does(0, "runs", "show", "innocent"); !strings.Contains(said, "24h0m0s (capped)") {
		t.Errorf("harvest runs show does not say that the delay was capped:\n%s", said)
	}
}
