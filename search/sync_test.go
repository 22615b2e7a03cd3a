package search_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/search"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestSyncFollowsTheCatalogue(t *testing.T) {
	c := newCatalogue(titled("a", "Slavery", "en"), titled("b", "Slavery", "en"))
	ix := open(t, t.TempDir())
	expect := func(step, query, want string) {
		t.Helper()
		syncWith(t, ix, c)
		if got := strings.Join(found(t, ix, words("%s", query)), " "); got != want {
			t.Fatalf("%s: %q finds %q, want %q", step, query, got, want)
		}
	}
	expect("first", "slavery", "a b")

	c.put(noon.Add(time.Hour), titled("c", "Slavery", "en"), titled("b", "Labour", "en"))
	expect("added and changed", "slavery", "a c")
	expect("added and changed", "labour", "b")

	c.put(noon.Add(time.Hour), titled("d", "Slavery", "en"))
	expect("same moment as the newest", "slavery", "a c d")

	c.put(noon.Add(time.Hour-time.Minute), titled("e", "Slavery", "en"))
	expect("written late, with an earlier moment", "slavery", "a c d e")

	c.edit("test:a", func(r *harvest.Record) { r.State = harvest.StateGone })
	expect("gone, with its moment unmoved", "slavery", "c d e")

	c.edit("test:a", func(r *harvest.Record) { r.State = harvest.StateActive })
	expect("back again, with its moment unmoved", "slavery", "a c d e")

	withdrawn := titled("a", "Slavery", "en")
	withdrawn.State = harvest.StateWithdrawn
	c.put(noon.Add(2*time.Hour), withdrawn)
	expect("withdrawn", "slavery", "c d e")

	c.remove("test:c")
	expect("removed", "slavery", "d e")

	c.put(noon.Add(-100*time.Hour), titled("f", "Slavery", "en"))
	expect("added with an old moment", "slavery", "d e f")

	c.remove("test:d")
	c.put(noon.Add(-100*time.Hour), titled("g", "Slavery", "en"))
	c.edit("test:e", func(r *harvest.Record) { r.State = harvest.StateGone })
	expect("several at once", "slavery", "f g")
}

func TestSyncReadsOnlyWhatChanged(t *testing.T) {
	c := newCatalogue()
	for i := range 3000 {
		c.put(noon, titled(fmt.Sprintf("%04d", i), "Slavery", "en"))
	}
	dir := t.TempDir()
	ix := open(t, dir)
	var calls [][2]int
	if err := ix.Sync(t.Context(), c, func(done, total int) { calls = append(calls, [2]int{done, total}) }); err != nil {
		t.Fatal(err)
	}
	if want := [][2]int{{1000, 3000}, {2000, 3000}, {3000, 3000}, {3000, 3000}}; !slices.Equal(calls, want) {
		t.Errorf("progress %v, want %v", calls, want)
	}
	c.reads = 0
	syncWith(t, ix, c)
	if c.reads != 0 {
		t.Errorf("nothing changed, yet %d records were read", c.reads)
	}
	c.put(noon.Add(time.Hour), titled("new", "Slavery", "en"))
	syncWith(t, ix, c)
	c.put(noon.Add(2*time.Hour), titled("newer", "Slavery", "en"))
	c.reads = 0
	syncWith(t, ix, c)
	if c.reads != 2 { // the new one and the newest known
		t.Errorf("one record is new, %d were read", c.reads)
	}
}

func TestIndexSurvivesClosing(t *testing.T) {
	c, dir := newCatalogue(titled("a", "Slavery", "en")), t.TempDir()
	ix := open(t, dir)
	if ix.Notice() == "" {
		t.Error("a new index says nothing about being new")
	}
	if _, err := ix.Search(t.Context(), words("slavery"), search.Options{}); !errors.Is(err, search.ErrNotBuilt) {
		t.Errorf("search before the first sync: %v, want ErrNotBuilt", err)
	}
	syncWith(t, ix, c)
	if got := ix.Notice(); got != "" {
		t.Errorf("after sync it still says %q", got)
	}
	if err := ix.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := ix.Search(t.Context(), words("slavery"), search.Options{}); !errors.Is(err, search.ErrClosed) {
		t.Errorf("search after close: %v, want ErrClosed", err)
	}
	ix = open(t, dir)
	if got := ix.Notice(); got != "" {
		t.Errorf("opened again it says %q", got)
	}
	if got := found(t, ix, words("slavery")); !slices.Equal(got, []string{"a"}) {
		t.Errorf("opened again it finds %v", got)
	}
	for _, gone := range []string{"next", "old"} {
		if _, err := os.Stat(filepath.Join(dir, gone)); err == nil {
			t.Errorf("%s is left behind", gone)
		}
	}
}

func TestUnusableIndexIsBuiltAgainAndSaysSo(t *testing.T) {
	eachSegment := func(t *testing.T, dir string, change func([]byte) []byte) {
		t.Helper()
		n := 0
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".zap" {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			n++
			return os.WriteFile(path, change(b), 0o600)
		})
		if err != nil || n == 0 {
			t.Fatal(n, err)
		}
	}
	for _, tt := range []struct {
		name   string
		damage func(t *testing.T, dir string)
	}{
		{"missing", func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "current")) }},
		{"without its files", func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "current", "store")) }},
		{"without its meta file", func(t *testing.T, dir string) { remove(t, filepath.Join(dir, "current", "index_meta.json")) }},
		{"damaged root", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, "current", "store", "root.bolt"), bytes.Repeat([]byte("x"), 1<<16))
		}},
		{"empty root", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "current", "store", "root.bolt"), nil) }},
		{"segment with one bit changed", func(t *testing.T, dir string) {
			eachSegment(t, dir, func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
		}},
		{"segment cut short", func(t *testing.T, dir string) {
			eachSegment(t, dir, func(b []byte) []byte { return b[:len(b)/2] })
		}},
		{"segment emptied", func(t *testing.T, dir string) {
			eachSegment(t, dir, func([]byte) []byte { return nil })
		}},
		{"segment of zeros", func(t *testing.T, dir string) {
			eachSegment(t, dir, func(b []byte) []byte { return make([]byte, len(b)) })
		}},
		{"segments missing", func(t *testing.T, dir string) {
			files, _ := filepath.Glob(filepath.Join(dir, "current", "store", "*.zap"))
			for _, f := range files {
				remove(t, f)
			}
		}},
		{"marked as damaged", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "damaged"), nil) }},
		{"a file in its place", func(t *testing.T, dir string) {
			remove(t, filepath.Join(dir, "current"))
			write(t, filepath.Join(dir, "current"), []byte("not a folder"))
		}},
		{"half built beside it", func(t *testing.T, dir string) {
			remove(t, filepath.Join(dir, "current"))
			write(t, filepath.Join(dir, "next"), []byte("x"))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, dir := newCatalogue(titled("a", "Slavery", "en"), titled("b", "Slavery", "en")), t.TempDir()
			ix := open(t, dir)
			syncWith(t, ix, c)
			if err := ix.Close(); err != nil {
				t.Fatal(err)
			}
			tt.damage(t, dir)

			var log bytes.Buffer
			ix, err := search.Open(t.Context(), dir, slog.New(slog.NewTextHandler(&log, nil)))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = ix.Close() }()
			if ix.Notice() == "" || !strings.Contains(log.String(), "search index will be built") {
				t.Errorf("it is not said that the index is built again: notice %q, log %q", ix.Notice(), log.String())
			}
			syncWith(t, ix, c)
			if got := found(t, ix, words("slavery")); !slices.Equal(got, []string{"a", "b"}) {
				t.Errorf("built again it finds %v", got)
			}
		})
	}
}

func TestOnlyOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	other := flock.New(filepath.Join(dir, "lock"))
	if ok, err := other.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	write(t, filepath.Join(dir, "lock"), []byte("4711\n"))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := search.Open(ctx, dir, quiet); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("open within a deadline: %v, want the deadline", err)
	}
	_, err := search.Open(t.Context(), dir, quiet)
	if !errors.Is(err, search.ErrInUse) || !strings.Contains(err.Error(), "4711") {
		t.Errorf("open: %v, want ErrInUse and the process", err)
	}
	if err := other.Unlock(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestFailedRebuildLeavesTheIndex(t *testing.T) {
	c := newCatalogue(titled("a", "Slavery", "en"), titled("b", "Slavery", "en"))
	ix := open(t, t.TempDir())
	syncWith(t, ix, c)
	c.fail = errors.New("cut off")
	if err := ix.Rebuild(t.Context(), c, nil); !errors.Is(err, c.fail) {
		t.Errorf("rebuild: %v, want the catalogue's error", err)
	}
	if got := found(t, ix, words("slavery")); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("after a failed rebuild it finds %v", got)
	}
	c.fail = nil
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ix.Rebuild(ctx, c, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled rebuild: %v", err)
	}
	c.remove("test:a")
	if err := ix.Rebuild(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	if got := found(t, ix, words("slavery")); !slices.Equal(got, []string{"b"}) {
		t.Errorf("after a rebuild it finds %v", got)
	}
}

func TestSyncThatFailsGoesOnNextTime(t *testing.T) {
	c := newCatalogue(titled("a", "Slavery", "en"))
	ix := open(t, t.TempDir())
	syncWith(t, ix, c)
	c.put(noon.Add(time.Hour), titled("b", "Slavery", "en"), titled("c", "Slavery", "en"))
	c.fail = errors.New("cut off")
	if err := ix.Sync(t.Context(), c, nil); !errors.Is(err, c.fail) {
		t.Errorf("sync: %v, want the catalogue's error", err)
	}
	c.fail = nil
	syncWith(t, ix, c)
	if got := found(t, ix, words("slavery")); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("found %v", got)
	}
}

func TestCatalogueThatWentBack(t *testing.T) {
	c := newCatalogue(titled("a", "Slavery", "en"))
	c.put(noon.Add(time.Hour), titled("b", "Slavery", "en"))
	ix := open(t, t.TempDir())
	syncWith(t, ix, c)
	restored := newCatalogue(titled("a", "Slavery", "en"), titled("z", "Labour", "en"))
	syncWith(t, ix, restored)
	if got := found(t, ix, harvest.Query{}); !slices.Equal(got, []string{"a", "z"}) {
		t.Errorf("found %v", got)
	}
	restored.reads = 0
	syncWith(t, ix, restored)
	if restored.reads > 0 {
		t.Errorf("the index fits, yet %d records are read", restored.reads)
	}
}

func TestEmptyCatalogue(t *testing.T) {
	ix := indexed(t)
	if got := found(t, ix, words("slavery")); len(got) != 0 {
		t.Errorf("found %v", got)
	}
}

func TestSearchDuringSync(t *testing.T) {
	c := newCatalogue()
	for i := range 1500 {
		c.put(noon, titled(fmt.Sprintf("%04d", i), "Slavery", "en"))
	}
	ix := open(t, t.TempDir())
	syncWith(t, ix, c)
	done := make(chan error)
	go func() {
		var err error
		for i := 0; i < 5 && err == nil; i++ {
			c.put(noon.Add(time.Duration(i)*time.Hour), titled("0000", "Slavery", "en"))
			err = errors.Join(ix.Sync(context.Background(), c, nil), ix.Rebuild(context.Background(), c, nil))
		}
		done <- err
	}()
	for running := true; running; {
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
			running = false
		default:
			res, err := ix.Search(t.Context(), words("slavery"), search.Options{Facets: []search.Facet{search.FacetLanguage}})
			if want := []search.Counted{{Value: "en", Count: 1500}}; err != nil || res.Total != 1500 || !slices.Equal(res.Facets[search.FacetLanguage], want) {
				t.Errorf("found %d, facets %v while the index is written, want 1500; %v", res.Total, res.Facets, err)
			}
		}
	}
}

func remove(t *testing.T, path string) {
	t.Helper()
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
