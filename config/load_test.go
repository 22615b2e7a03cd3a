package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/harvest87/harvest/config"
)

const good = `id: x
name: Example library
homepage: https://example.org
doors:
  - wordpress: {}
`

// TestShipped loads the files of the repository: nothing is wrong with them,
// and with nothing in the environment.
func TestShipped(t *testing.T) {
	c, problems := loader("").Load("harvest.yaml")
	if len(problems) > 0 {
		t.Error(problems)
	}
	files, err := filepath.Glob("sources/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const least = 7
	if len(files) < least || len(c.Sources) != len(files) {
		t.Errorf("%d sources from %d files, want at least %d", len(c.Sources), len(files), least)
	}
	for _, s := range c.Sources {
		if s.Checked != "never" {
			t.Errorf("%s: checked is %s, but nothing was checked live", s.ID, s.Checked)
		}
		if s.Schedule.Cron == "" || s.Schedule.Jitter == 0 {
			t.Errorf("%s: no schedule with jitter", s.ID)
		}
		if s.Gates.Records.Op == "" {
			t.Errorf("%s: no gate", s.ID)
		}
	}
	for _, id := range []string{"respect", "delta87"} {
		if _, err := os.Stat("sources/" + id + ".yaml"); err != nil {
			t.Error(err)
		}
	}
	if c.Contact != "" || c.Store.MongoDB.URI != "" || c.Queue.URL != "" {
		t.Errorf("something is set that nobody set: %+v", c)
	}
}

// TestDefaults pins what a file means that says as little as it can.
func TestDefaults(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "harvest.yaml"), "# nothing\n")
	write(t, filepath.Join(dir, "sources", "x.yaml"), good)
	c, problems := loader("").Load(filepath.Join(dir, "harvest.yaml"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := config.Fetch{Timeout: 60e9, MaxBody: 50 << 20, Retries: 3, Concurrency: 8}
	if diff := cmp.Diff(want, c.Fetch); diff != "" {
		t.Errorf("fetch (-want +got):\n%s", diff)
	}
	if c.Store.MongoDB.Database != "harvest" || c.Serve.Listen != "127.0.0.1:8787" || c.Dir != dir {
		t.Errorf("got %+v", c)
	}
	s, ok := c.Source("x")
	if !ok {
		t.Fatal("source x is not there")
	}
	got, err := s.Resolved()
	if err != nil {
		t.Fatal(err)
	}
	wantText := `id: x
name: Example library
homepage: https://example.org
sensitivity: none
enabled: true
schedule:
  timezone: UTC
  jitter: 0s
  catch_up: one
doors:
  - wordpress:
      base: https://example.org
      route: wp-json
      types:
        - posts
      per_page: 100
      pages: when-needed
      media: when-needed
politeness:
  delay: 2s
  max_delay: 1m
  concurrency: 1
  contact: required
revisit:
  min: 0s
  max: 720h
gone:
  runs: 3
  after: 168h
documents:
  read: items
  per_record: 3
  max_size: 20MiB
  run_size: 1GiB
  again: 720h
checked: never
`
	if diff := cmp.Diff(wantText, string(got)); diff != "" {
		t.Errorf("resolved (-want +got):\n%s", diff)
	}
	if s.File != filepath.Join(dir, "sources", "x.yaml") || len(s.Hash) != 64 || s.Doors[0].Line != 5 {
		t.Errorf("file %q, hash %q, line %d", s.File, s.Hash, s.Doors[0].Line)
	}
}

// TestForms checks that several ways to write a thing mean the same.
func TestForms(t *testing.T) {
	const head = "id: x\nname: X\nhomepage: https://example.org\ndoors:\n"
	tests := []struct{ name, one, other string }{
		{"a door without keys", head + "  - wordpress:\n", head + "  - wordpress: {}\n"},
		{"a single door without a dash", head + "  wordpress: {per_page: 10}\n", head + "  - wordpress: {per_page: 10}\n"},
		{"a single value and a list", head + "  - wordpress: {types: publications}\n", head + "  - wordpress: {types: [publications]}\n"},
		{"slashes around a route", head + "  - wordpress: {route: /wp-json/}\n", head + "  - wordpress: {}\n"},
		{
			"a selector and its long form",
			head + "  - listing: {start: https://example.org/a, item: {card: article, link: h3 a@href}}\n",
			head + "  - listing: {start: [https://example.org/a], item: {card: [article], link: {select: h3 a, attr: href}}}\n",
		},
		{
			"a next link and its long form",
			head + "  - listing: {start: https://example.org/a, item: {card: a}, next: .next@href}\n",
			head + "  - listing: {start: https://example.org/a, item: {card: a}, next: {link: .next@href, max_pages: 1000}}\n",
		},
		{
			"numbers of pages",
			head + "  - listing: {start: https://example.org/a, item: {card: a}, next: {pattern: 'p/{page}'}}\n",
			head + "  - listing: {start: https://example.org/a, item: {card: a}, next: {pattern: 'p/{page}', first: 2, step: 1}}\n",
		},
		{
			"offsets of pages",
			head + "  - listing: {start: https://example.org/a, item: {card: a}, next: {pattern: '?o={offset}', step: 10}}\n",
			head + "  - listing: {start: https://example.org/a, item: {card: a}, next: {pattern: '?o={offset}', step: 10, first: 10}}\n",
		},
		{"line endings of Windows", good, strings.ReplaceAll(good, "\n", "\r\n")},
		{"a byte order mark", good, "\ufeff" + good},
		{"a document mark", good, "---\n" + good + "...\n"},
		{"JSON", good, `{"id": "x", "name": "Example library", "homepage": "https://example.org", "doors": [{"wordpress": {}}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			one, other := parse(t, tt.one), parse(t, tt.other)
			ignore := cmpopts.IgnoreFields(config.Source{}, "Hash")
			line := cmpopts.IgnoreFields(config.Door{}, "Line")
			if diff := cmp.Diff(one, other, ignore, line, compare()); diff != "" {
				t.Errorf("the two differ:\n%s", diff)
			}
		})
	}
}

func parse(t *testing.T, text string) *config.Source {
	t.Helper()
	s, problems := loader("").ParseSource("x.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return s
}

// TestNotAFile checks what is said about files that are no text files.
func TestNotAFile(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "folder", "x"), "")
	tests := []struct{ name, text, want string }{
		{"utf-16", "\xff\xfei\x00d\x00", "x.yaml:1:1: the file is in UTF-16; save the file in your editor as UTF-8"},
		{"latin 1", "id: x\nname: caf\xe9\n", "x.yaml:2:10: a character is not in UTF-8; save the file in your editor as UTF-8"},
		{"binary", "id: x\n\x00\x00", "x.yaml:2:1: there is an invisible character, U+0000; delete it; is this a text file?"},
		{"line separator", "id: x\u2028name: y", "x.yaml:1:6: there is an invisible character, U+2028; delete it; is this a text file?"},
		{"too large", strings.Repeat("# nothing\n", 40_000), "x.yaml:1:1: the file is larger than 256KiB; a configuration file is a few pages at most; is it the right file?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, problems := loader("").ParseSource("x.yaml", []byte(tt.text))
			if s != nil {
				t.Error("a source came out")
			}
			if diff := cmp.Diff(tt.want, problems.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
	_, problems := config.LoadSource(filepath.Join(dir, "folder"))
	want := filepath.Join(dir, "folder") + ": is a folder, not a file; name the file in it, such as " + filepath.Join(dir, "folder", "harvest.yaml")
	if diff := cmp.Diff(want, problems.String()); diff != "" {
		t.Error(diff)
	}
}

// TestManyProblems checks that a file that is all wrong is not reported to the
// last of its lines.
func TestManyProblems(t *testing.T) {
	s, problems := loader("").ParseSource("x.yaml", []byte(good+"scope:\n  include:\n"+strings.Repeat("    - '('\n    - ')'\n    - [a]\n", 1000)))
	const most = 201
	if s != nil || len(problems) != most {
		t.Fatalf("%d problems, want %d", len(problems), most)
	}
	if last := problems[most-1]; last.What != "there are more problems" {
		t.Errorf("the last is %s", last)
	}
}

// TestMissingFolder checks that sources are not needed for the rest to load.
func TestMissingFolder(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "harvest.yaml")
	write(t, path, "contact: me@example.org\n")
	c, problems := loader("").Load(path)
	want := filepath.Join(dir, "sources") + ": warning: there is no such folder; source files are looked for in it"
	if problems.String() != want || problems.Err() != nil {
		t.Errorf("got %q and %v, want %q and no error", problems, problems.Err(), want)
	}
	if c.Contact != "me@example.org" {
		t.Errorf("contact is %q", c.Contact)
	}
}

// TestProblemsErr checks that warnings are no error and that an error holds
// every problem.
func TestProblemsErr(t *testing.T) {
	problems := config.Problems{
		{File: "a", Line: 1, Col: 2, Path: "p", What: "is wrong", Hint: "mend it"},
		{File: "b", What: "is odd", Warning: true},
		{File: "c", What: "is missing"},
	}
	if err := problems.Err(); err == nil || err.Error() != "a:1:2: p: is wrong; mend it\nc: is missing" {
		t.Errorf("got %v", err)
	}
	if err := problems.In("b").Err(); err != nil {
		t.Errorf("a warning is an error: %v", err)
	}
	if err := config.Problems(nil).Err(); err != nil {
		t.Error(err)
	}
}

// TestParseCron checks what the scheduler relies on: times follow the location
// of the time they are asked with, and what lint refuses is an error here too.
func TestParseCron(t *testing.T) {
	kathmandu, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		t.Fatal(err)
	}
	s, err := config.ParseCron("0 3 * * 1")
	if err != nil {
		t.Fatal(err)
	}
	want := time.Date(2026, time.March, 2, 3, 0, 0, 0, kathmandu) // a Monday
	if got := s.Next(today().In(kathmandu)); !got.Equal(want) {
		t.Errorf("next is %s, want %s", got, want)
	}
	for _, line := range []string{"", "* * * *", "@every 1s", "TZ=UTC", "CRON_TZ=UTC 0 3 * * 1", "0 3 * * 8", "@"} {
		if _, err := config.ParseCron(line); err == nil {
			t.Errorf("%q is accepted", line)
		}
	}
}

func TestMongoDBPoolAndTimeouts(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "sources/.keep", "")
	for text, want := range map[string]config.MongoDB{
		"": {Database: "harvest", MaxPool: 100, ConnectTimeout: 30 * time.Second, SelectTimeout: 5 * time.Second},
		"store: {mongodb: {max_pool: 20, min_pool: 2, idle_timeout: 5m, connect_timeout: 10s, server_selection_timeout: 500ms, timeout: 1m, text_index: true}}\n": {
			Database: "harvest", MaxPool: 20, MinPool: 2, IdleTimeout: 5 * time.Minute,
			ConnectTimeout: 10 * time.Second, SelectTimeout: 500 * time.Millisecond, Timeout: time.Minute, TextIndex: true,
		},
	} {
		write(t, "harvest.yaml", text)
		c, problems := loader("").Load("harvest.yaml")
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		if c.Store.MongoDB != want {
			t.Errorf("%s: %+v, want %+v", text, c.Store.MongoDB, want)
		}
	}
}
