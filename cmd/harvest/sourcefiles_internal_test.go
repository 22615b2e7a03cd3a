package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// filesUnderTest is a folder with source files and a clock.
type filesUnderTest struct {
	*testing.T
	dir   string
	now   time.Time
	files *sourceFiles
}

func newFilesUnderTest(t *testing.T, ids ...string) *filesUnderTest {
	x := &filesUnderTest{T: t, dir: t.TempDir(), now: time.Now()}
	x.write("harvest.yaml", "contact: tests@example.org\n")
	for _, id := range ids {
		x.source(id, "")
	}
	cfg, problems := config.Load(filepath.Join(x.dir, "harvest.yaml"))
	if cfg == nil {
		t.Fatal(problems)
	}
	x.files = newSourceFiles(filepath.Join(x.dir, "harvest.yaml"), cfg, problems, x.now)
	return x
}

func (x *filesUnderTest) write(name, text string) {
	x.Helper()
	name = filepath.Join(x.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		x.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		x.Fatal(err)
	}
}

func (x *filesUnderTest) remove(name string) {
	x.Helper()
	if err := os.RemoveAll(filepath.Join(x.dir, name)); err != nil {
		x.Fatal(err)
	}
}

func (x *filesUnderTest) source(id, more string) {
	x.Helper()
	x.write("sources/"+id+".yaml", fmt.Sprintf("id: %s\nname: A source\nhomepage: https://%s.example.org\ndoors: [{wordpress: {}}]\n%s", id, id, more))
}

// looks is what a look some seconds later finds, in short.
func (x *filesUnderTest) looks() string {
	x.Helper()
	x.now = x.now.Add(10 * time.Second)
	news, ok := x.files.look(x.now)
	if !ok {
		return "nothing"
	}
	var out []string
	say := func(what string, ids ...harvest.SourceID) {
		for _, id := range ids {
			out = append(out, what+" "+string(id))
		}
	}
	say("added", news.added...)
	say("changed", news.changed...)
	say("gone", news.gone...)
	say("mended", news.mended...)
	for id := range news.broken {
		say("broken", id)
	}
	if news.folder != "" {
		out = append(out, news.folder)
	}
	if news.restart {
		out = append(out, "restart")
	}
	return strings.Join(out, ", ")
}

func (x *filesUnderTest) wants(step, want string) {
	x.Helper()
	if diff := cmp.Diff(want, x.looks()); diff != "" {
		x.Errorf("%s: %s", step, diff)
	}
}

func (x *filesUnderTest) has(want ...string) {
	x.Helper()
	var got []string
	for _, src := range x.files.all() {
		got = append(got, string(src.ID))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		x.Error(diff)
	}
}

func TestSourceFilesAreFollowed(t *testing.T) {
	x := newFilesUnderTest(t, "a", "b")
	x.wants("at the start", "")
	x.wants("nothing has changed", "nothing")
	held := x.files.source("b")
	x.source("b", "notes: another version\n")
	x.source("c", "")
	x.wants("one changes and one comes", "added c, changed b")
	x.has("a", "b", "c")
	if held.Notes != "" || x.files.source("b").Notes != "another version" {
		t.Error("who holds a source does not keep its version, or the new one is not there")
	}
	x.remove("sources/a.yaml")
	x.wants("one goes", "gone a")
	x.has("b", "c")
	if x.files.source("a") != nil || x.files.source("zz") != nil {
		t.Error("a source that is not there is found")
	}
}

func TestBadEditLeavesTheLastGoodVersion(t *testing.T) {
	x := newFilesUnderTest(t, "a", "b")
	x.looks()
	_, _, before := x.files.problems()
	x.source("a", "limits: {pages: many}\n")
	x.source("d", "limits: {pages: many}\n") // never good
	if got := x.looks(); got != "broken a, broken d" && got != "broken d, broken a" {
		t.Errorf("a bad edit: %s", got)
	}
	x.has("a", "b")
	broken, _, applied := x.files.problems()
	if why := broken["a"]; !strings.Contains(why, "a.yaml:5:17: limits.pages:") || !applied.Equal(before) {
		t.Errorf("problem %q, applied %s, before %s", why, applied, before)
	}
	x.wants("it is told once", "nothing")
	x.source("b", "notes: x\n")
	x.wants("others are taken in meanwhile", "changed b")
	x.source("a", "limits: {pages: 5}\n")
	x.remove("sources/d.yaml")
	if got := x.looks(); got != "changed a, mended a, mended d" && got != "changed a, mended d, mended a" {
		t.Errorf("mended: %s", got)
	}
	if broken, _, applied := x.files.problems(); len(broken) != 0 || !applied.After(before) {
		t.Errorf("problems %v, applied %s", broken, applied)
	}
}

// A file that is bad and then deleted has gone: nothing of it stays.
func TestBadFileThatIsDeletedHasGone(t *testing.T) {
	x := newFilesUnderTest(t, "a", "b")
	x.looks()
	x.write("sources/a.yaml", "id: [")
	x.wants("bad", "broken a")
	x.remove("sources/a.yaml")
	x.wants("deleted", "gone a, mended a")
	x.has("b")
}

func TestFolderThatIsAwayChangesNothing(t *testing.T) {
	x := newFilesUnderTest(t, "a", "b")
	x.looks()
	x.remove("sources")
	if got := x.looks(); !strings.Contains(got, "cannot be read") {
		t.Errorf("the folder is away: %s", got)
	}
	x.has("a", "b")
	x.write("sources/README", "an empty volume")
	if got := x.looks(); !strings.Contains(got, "is empty, which is taken for a volume that is not there") {
		t.Errorf("the folder is empty: %s", got)
	}
	x.has("a", "b")
	x.write("harvest.yaml", "contact: [")
	if got := x.looks(); !strings.Contains(got, "harvest.yaml:") {
		t.Errorf("harvest.yaml is bad: %s", got)
	}
	x.has("a", "b")
	x.write("harvest.yaml", "contact: others@example.org\n")
	x.source("a", "")
	x.wants("it is back", "gone b, restart")
	x.wants("it is told once", "nothing")
	if _, folder, _ := x.files.problems(); folder != "" {
		t.Errorf("still: %s", folder)
	}
}

// A file that is written while it is read is read again, though its time and
// size are the same.
func TestFileIsReadAgainUntilItHasSettled(t *testing.T) {
	x := newFilesUnderTest(t, "a")
	x.looks()
	at := x.now.Truncate(time.Second)
	name := filepath.Join(x.dir, "sources/a.yaml")
	for i, text := range []string{"notes: one\n", "notes: two\n"} {
		x.source("a", text)
		if err := os.Chtimes(name, at, at); err != nil {
			t.Fatal(err)
		}
		x.now = x.now.Add(time.Duration(i) * 500 * time.Millisecond)
		if news, ok := x.files.look(x.now); !ok || len(news.changed) != 1 {
			t.Errorf("%s: %+v, %v", text, news, ok)
		}
	}
	if got := x.files.source("a").Notes; got != "two" {
		t.Errorf("notes %q", got)
	}
}
