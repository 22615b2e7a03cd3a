package archive_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/fetch"
)

// onlyFile is the one WARC file of an archive, without an index.
func onlyFile(t testing.TB, root string) (name string, content []byte) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(root, string(source), "*.warc.gz"))
	if err != nil || len(all) != 1 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	content, err = os.ReadFile(all[0])
	if err != nil {
		t.Fatal(err)
	}
	return all[0], content
}

// A writer that is killed leaves its file with some octets of the next record,
// or of none. Whatever they are, all whole records are there afterwards, for a
// reader and for the next run, which adds to them.
func TestTornTail(t *testing.T) {
	root := t.TempDir()
	keep(t, root, archive.Options{}, page("a", noon, "one"), page("b", noon, "two"), page("c", noon, "three"))
	_, content := onlyFile(t, root)
	ends := memberEnds(t, content)
	if len(ends) != 10 { // warcinfo, and of each answer three
		t.Fatalf("%d records", len(ends))
	}
	last := ends[6] // where the answer of c begins
	for cut := last; cut <= int64(len(content)); cut += 7 {
		torn := t.TempDir()
		dir := filepath.Join(torn, string(source))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		left := filepath.Join(dir, "delta-20260301120000-00000.warc.gz.open")
		if err := os.WriteFile(left, content[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		if cut%2 == 0 { // a reader comes first, or the next run
			open(t, torn)
		}
		keep(t, torn, archive.Options{}, page("d", noon.Add(time.Hour), "four"))
		r := open(t, torn)
		for path, want := range map[string]string{"a": "one", "b": "two", "d": "four"} {
			if got := bodyOf(r, path, time.Time{}); got != want {
				t.Fatalf("cut at %d of %d: %s is %q, want %q", cut, len(content), path, got, want)
			}
		}
		if got := bodyOf(r, "c", time.Time{}); got != "three" && (got != fetch.ErrNotKept.Error() || cut >= ends[7]) {
			t.Fatalf("cut at %d of %d: c is %q", cut, len(content), got)
		}
		verified, err := archive.At(torn, source).Verify(context.Background())
		if err != nil || len(verified) != 2 || len(verified[0].Damaged)+len(verified[1].Damaged) > 0 {
			t.Fatalf("cut at %d: %+v, %v", cut, verified, err)
		}
	}
}

// memberEnds are the offsets at which the gzip members of a file end. That the
// magic octets stand nowhere else is a matter of the test's data.
func memberEnds(t testing.TB, content []byte) []int64 {
	t.Helper()
	var ends []int64
	for i := 1; i < len(content); i++ {
		if bytes.HasPrefix(content[i:], []byte{0x1f, 0x8b, 0x08, 0x00}) {
			ends = append(ends, int64(i))
		}
	}
	return append(ends, int64(len(content)))
}

// Octets that change on the disk cost the record in which they are, and no other.
func TestDamageInTheMiddle(t *testing.T) {
	root := t.TempDir()
	keep(t, root, archive.Options{}, page("a", noon, "one"), page("b", noon, "two"), page("c", noon, "three"))
	name, content := onlyFile(t, root)
	ends := memberEnds(t, content)
	content[(ends[3]+ends[4])/2] ^= 0x55 // the answer of b
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	verified, err := archive.At(root, source).Verify(context.Background())
	if err != nil || len(verified) != 1 || len(verified[0].Damaged) != 1 {
		t.Fatalf("%+v, %v", verified, err)
	}
	if d := verified[0].Damaged[0]; d.Offset != ends[3] || d.Length != ends[4]-ends[3] || verified[0].Records != 9 {
		t.Errorf("damage is seen as %+v in %d records, it is at %d", d, verified[0].Records, ends[3])
	}
	if got := bodyOf(open(t, root), "b", time.Time{}); !strings.Contains(got, "record at") {
		t.Errorf("the damaged record is read as %q", got)
	}
	for _, index := range []string{name + ".cdxj", filepath.Join(filepath.Dir(name), "index.cdxj")} {
		if err := os.Remove(index); err != nil {
			t.Fatal(err)
		}
	}
	r := open(t, root)
	for path, want := range map[string]string{"a": "one", "b": fetch.ErrNotKept.Error(), "c": "three"} {
		if got := bodyOf(r, path, time.Time{}); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// A disk that is full ends the keeping, not the run, and leaves whole records.
func TestDiskFull(t *testing.T) {
	for n := 1; n <= 4; n++ { // the file's first record, or one of the answers
		root := t.TempDir()
		ctx := context.Background()
		w, err := archive.Create(ctx, archive.Options{Root: root, Source: source, Now: func() time.Time { return noon }}.Failing(n, syscall.ENOSPC))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"a", "b", "c", "d", "e"} {
			w.Keep(ctx, page(path, noon, "text of "+path))
		}
		if err := w.Problem(); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("write %d: problem %v", n, err)
		}
		kept, missed := w.Kept()
		if want := max(0, n-2); kept != want || missed != 5-want {
			t.Errorf("write %d: kept %d, missed %d", n, kept, missed)
		}
		if err := w.Close(ctx); err != nil {
			t.Errorf("write %d: close: %v", n, err)
		}
		verified, err := archive.At(root, source).Verify(ctx)
		if err != nil || n > 2 && len(verified) != 1 || n <= 2 && len(verified) != 0 {
			t.Errorf("write %d: %+v, %v", n, verified, err)
		}
		for _, v := range verified {
			if len(v.Damaged) > 0 || v.Records != 1+3*kept {
				t.Errorf("write %d: %+v", n, v)
			}
		}
		keep(t, root, archive.Options{}, page("e", noon, "text of e"))
		if got := bodyOf(open(t, root), "e", time.Time{}); got != "text of e" {
			t.Errorf("write %d: next run: %q", n, got)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	root := t.TempDir()
	ctx := context.Background()
	w, err := archive.Create(ctx, archive.Options{Root: root, Source: source}.Small(7))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 25 {
				w.Keep(ctx, page(strings.Repeat("x", g+1)+strings.Repeat("y", i), noon, strings.Repeat("text", g*i)))
			}
		})
	}
	all.Wait()
	if err := errors.Join(w.Problem(), w.Close(ctx)); err != nil {
		t.Fatal(err)
	}
	r := open(t, root)
	for g := range 8 {
		all.Go(func() {
			for i := range 25 {
				path := strings.Repeat("x", g+1) + strings.Repeat("y", i)
				if got := bodyOf(r, path, time.Time{}); got != strings.Repeat("text", g*i) {
					t.Errorf("%s: %q", path, got)
				}
			}
		})
	}
	all.Wait()
	if n := strings.Count(listing(t, r), "\n"); n != 200 {
		t.Errorf("%d captures, want 200", n)
	}
	files, err := filepath.Glob(filepath.Join(root, string(source), "*.warc.gz"))
	if err != nil || len(files) != 29 {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// A file in the making that a kill has left holds pages as well. Whoever takes
// pages out takes it away, while an index in the making may be a reader's.
func TestForgetTakesAwayWhatAKillHasLeft(t *testing.T) {
	root := t.TempDir()
	keep(t, root, archive.Options{}, page("a", noon, "one"), page("b", noon, "two"))
	dir := filepath.Join(root, string(source))
	_, content := onlyFile(t, root)
	left, readers := filepath.Join(dir, ".new-123"), filepath.Join(dir, ".tmp-123")
	for _, name := range []string{left, readers} {
		if err := os.WriteFile(name, content[:len(content)/2], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := archive.At(root, source).Forget(t.Context(), []string{base + "a"}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was in the making is there: %v", err)
	}
	if _, err := os.Stat(readers); err != nil {
		t.Errorf("a reader's index: %v", err)
	}
	if r := open(t, root); bodyOf(r, "a", noon) == "one" || bodyOf(r, "b", noon) != "two" {
		t.Error("the archive is not what it should be")
	}
}
