package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/sqlite"
)

// shelf is a data folder with a catalogue, and the program to work on it.
type shelf struct {
	*testing.T
	dir string
}

func newShelf(t *testing.T, records ...harvest.Record) shelf {
	t.Helper()
	s := shelf{t, t.TempDir()}
	if err := os.Mkdir(filepath.Join(s.dir, "data"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.put(records...)
	return s
}

// put writes records as a run does, and leaves them pending.
func (s shelf) put(records ...harvest.Record) {
	s.Helper()
	c, err := sqlite.Open(s.Context(), filepath.Join(s.dir, "data", "harvest.db"))
	if err != nil {
		s.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Put(s.Context(), "alpha@20260301T000000Z", time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), records); err != nil {
		s.Fatal(err)
	}
}

// run runs the program and returns what it prints and its exit code.
func (s shelf) run(stdin string, args ...string) (stdout, stderr string, code int) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, program(s, false), append(args, "--data", "data")...)
	cmd.Dir, cmd.Env, cmd.Stdin = s.dir, append(os.Environ(), asProgram, "HARVEST_AUTHOR=Ana"), strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if cmd.ProcessState == nil {
		s.Fatalf("harvest %v: %v", args, err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// must runs the program, which must succeed.
func (s shelf) must(stdin string, args ...string) string {
	s.Helper()
	out, errs, code := s.run(stdin, args...)
	if code != 0 {
		s.Fatalf("harvest %v: exit code %d\n%s%s", args, code, out, errs)
	}
	return out
}

// groups are the works as "a:1+b:1", sorted.
func (s shelf) groups() []string {
	s.Helper()
	var works []harvest.Work
	if err := json.Unmarshal([]byte(s.must("", "works", "list", "--json")), &works); err != nil {
		s.Fatal(err)
	}
	out := []string{}
	for _, w := range works {
		var ids []string
		for _, m := range w.Members {
			ids = append(ids, string(m.Record))
		}
		out = append(out, strings.Join(ids, "+"))
	}
	slices.Sort(out)
	return out
}

func (s shelf) want(groups ...string) {
	s.Helper()
	if diff := cmp.Diff(append([]string{}, groups...), s.groups()); diff != "" {
		s.Errorf("works (-want +got):\n%s", diff)
	}
}

func (s shelf) contains(text string, parts ...string) {
	s.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			s.Errorf("no %q in:\n%s", p, text)
		}
	}
}

// described makes a record from "source:name", a title and a year.
func described(id, title string, year int) harvest.Record {
	source, name, _ := strings.Cut(id, ":")
	return harvest.Record{
		ID: harvest.RecordID(id), Source: harvest.SourceID(source), URL: "https://" + source + ".example/" + name, Title: title,
		Published: harvest.YearDate(year), Language: harvest.Language{Value: "en"},
	}
}

const kilns = "Debt bondage in the brick kilns of the Kathmandu valley"

func TestWorksAreJoinedAndSplitByHand(t *testing.T) {
	t.Parallel()
	s := newShelf(
		t, described("a:1", kilns, 2019), described("b:1", "Debt bondage in the brick kilns of the Kathmandu valley.", 2019),
		described("c:1", "Fishing vessels and their flags", 2020), described("d:1", "Flags of fishing vessels: an essay on ships", 2018),
	)
	s.contains(s.must("", "works", "match"), "4 records matched")
	s.want("a:1+b:1")
	s.contains(s.must("", "works", "show", "a:1"), "title", kilns, "b:1", "likeness")
	s.contains(s.must("", "works", "why", "a:1", "b:1"), "Both are in w:", "the titles are equal")

	old := string(harvest.NewWorkID([]harvest.RecordID{"c:1"}))
	s.contains(s.must("", "works", "join", "d:1", "c:1", "--note", "read both"), "c:1 is in "+old)
	s.want("a:1+b:1", "c:1+d:1")
	s.contains(s.must("", "works", "why", "c:1", "d:1"), "Ana said on", "one document. read both")
	s.must("", "works", "split", "b:1")
	s.want("c:1+d:1")

	// A decision holds when all is made again, and when the record changes.
	s.must("", "works", "match", "--all")
	s.put(described("b:1", kilns, 2019))
	s.must("", "works", "match")
	s.want("c:1+d:1")

	// An identifier from before a join leads to the work.
	s.contains(s.must("", "works", "show", string(harvest.NewWorkID([]harvest.RecordID{"d:1"}))), "is now in "+old)
	s.must("", "works", "forget", "a:1", "b:1")
	s.want("a:1+b:1", "c:1+d:1")

	// Each step is in the history.
	first := string(harvest.NewWorkID([]harvest.RecordID{"a:1"}))
	s.contains(s.must("", "history", first), "+ b:1\n      likeness", "- b:1  to no work")
	s.contains(s.must("", "history", old), "+ d:1\n      decision 1.00: ", "Ana")
	var moves []harvest.WorkMove
	if err := json.Unmarshal([]byte(s.must("", "history", first, "--json")), &moves); err != nil || len(moves) != 6 {
		t.Errorf("%v, %d moves: %+v", err, len(moves), moves)
	}

	for _, args := range [][]string{{"works", "join", "a:1", "x:1"}, {"works", "split", "x:1"}, {"works", "show", "w:none"}, {"history", "w:none"}, {"works", "why", "a:1", "x:1"}} {
		if out, errs, code := s.run("", args...); code != 1 || errs == "" {
			t.Errorf("harvest %v: code %d\n%s%s", args, code, out, errs)
		}
	}
	if _, errs, code := s.run("", "works", "join", "a:1", "a:1"); code != 2 {
		t.Errorf("one record joined to itself: code %d\n%s", code, errs)
	}
}

func TestADecisionThatContradictsIsTold(t *testing.T) {
	t.Parallel()
	s := newShelf(t, described("a:1", kilns, 2019), described("b:1", "Cocoa farming in Ghana", 2018), described("c:1", "Fishing vessels and their flags", 2020))
	s.must("", "works", "match")
	s.must("", "works", "join", "a:1", "b:1")
	s.must("", "works", "split", "a:1", "c:1")
	if out, errs, code := s.run("", "works", "join", "b:1", "c:1"); code != 1 || !strings.Contains(errs, "stay apart") {
		t.Errorf("code %d\n%s%s", code, out, errs)
	}
	s.want("a:1+b:1")
}

func TestReview(t *testing.T) {
	t.Parallel()
	hostile := described("a:3", "Wages of miners", 2017)
	hostile.Publisher, hostile.Summary = "\x1b[2JWage\u202e watch", "\x1b]0;x\x07"
	s := newShelf(
		t, described("a:1", "Brokers of Assam", 2019), described("b:1", "Brokers of Assam", 2019),
		described("a:2", "Cocoa in Ghana", 2018), described("b:2", "Cocoa in Ghana", 2018),
		hostile, described("b:3", "Wages of miners", 2017),
	)
	s.must("", "works", "match")
	s.want()
	var doubts []harvest.Doubt
	if err := json.Unmarshal([]byte(s.must("", "works", "review", "--json")), &doubts); err != nil || len(doubts) != 3 {
		t.Fatalf("%v, error %v", doubts, err)
	}

	// Yes, undo, no; then nothing more is said and the input ends.
	out := s.must("what\ny\nu\nn\n", "works", "review")
	s.contains(out, "One document?", "published", "Taken back.", "1 different")
	if strings.ContainsAny(out, "\x1b\u202e") {
		t.Errorf("a title steers the terminal: %q", out)
	}
	s.want()
	if err := json.Unmarshal([]byte(s.must("", "works", "review", "--json")), &doubts); err != nil || len(doubts) != 2 {
		t.Errorf("%d pairs are left of 3, error %v", len(doubts), err)
	}

	// The rest: yes to all.
	s.contains(s.must("y\ny\nu\ny\nq\n", "works", "review"), "2 pairs the same", "Taken back.", "That was the last")
	if got := len(s.groups()); got != 2 {
		t.Errorf("%d works after saying yes twice", got)
	}
	s.contains(s.must("", "works", "review"), "Nothing waits for review.")
	s.must("", "works", "match", "--all")
	s.contains(s.must("", "works", "review"), "Nothing waits for review.")
}
