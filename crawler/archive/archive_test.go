package archive_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/fetch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	source = harvest.SourceID("delta")
	base   = "https://delta.example/"
)

// noon is when the first run of every test is.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

// page is an answer as fetch gives it.
func page(path string, at time.Time, body string) *fetch.Kept {
	return &fetch.Kept{
		URL: base + path, Kind: harvest.KindItem, Referrer: base, StartedAt: at, Duration: 30 * time.Millisecond,
		Remote: "192.0.2.7", Proto: "HTTP/1.1", Status: 200, WireBytes: 42,
		Sent:   http.Header{"Accept": {"text/html"}, "User-Agent": {"Harvest/test"}},
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Etag": {`"1"`}, "Content-Encoding": {"gzip"}, "Content-Length": {"42"}},
		Body:   []byte(body),
	}
}

// unchanged is a 304 for the page.
func unchanged(path string, at time.Time) *fetch.Kept {
	k := page(path, at, "")
	k.Status, k.Body, k.WireBytes = 304, nil, 0
	k.Header = http.Header{"Etag": {`"2"`}, "Content-Type": {"text/x-wrong"}}
	return k
}

// keep writes answers as one run.
func keep(t testing.TB, root string, o archive.Options, answers ...*fetch.Kept) {
	t.Helper()
	o.Root, o.Source = root, source
	if o.Run == "" {
		o.Run = "delta@20260301T120000Z"
	}
	if o.Now == nil {
		o.Now = func() time.Time { return answers[len(answers)-1].StartedAt }
	}
	w, err := archive.Create(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range answers {
		w.Keep(context.Background(), k)
	}
	if err := errors.Join(w.Problem(), w.Close(context.Background())); err != nil {
		t.Fatal(err)
	}
}

func open(t testing.TB, root string) *archive.Reader {
	t.Helper()
	r, err := archive.At(root, source).Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// bodyOf is the body that counts for an address, or why there is none.
func bodyOf(r *archive.Reader, path string, notAfter time.Time) string {
	k, err := r.CaptureAt(context.Background(), base+path, notAfter)
	if err != nil {
		return err.Error()
	}
	return string(k.Body)
}

// listing is what an archive holds, a capture a line.
func listing(t testing.TB, r *archive.Reader) string {
	t.Helper()
	var b strings.Builder
	for e, err := range r.Entries() {
		if err != nil {
			t.Fatal(err)
		}
		kind := "response"
		if e.Revisit {
			kind = "revisit"
		}
		fmt.Fprintf(&b, "%s %s %d %s %d\n", strings.TrimPrefix(e.URL, base), e.Time.Format(time.DateOnly), e.Status, kind, e.Size)
	}
	return b.String()
}

func TestAnswersComeBack(t *testing.T) {
	root := t.TempDir()
	asked := page("a", noon, "<p>one</p>")
	asked.Header["X-Two"] = []string{"a", "b"}
	moved := page("old", noon, "")
	moved.Status, moved.Header = 301, http.Header{"Location": {"/a"}}
	moved.Cut = true
	keep(t, root, archive.Options{Software: "Harvest/test"}, asked, moved)
	r := open(t, root)
	got, err := r.Capture(context.Background(), base+"a")
	if err != nil {
		t.Fatal(err)
	}
	want := &fetch.Kept{
		URL: base + "a", StartedAt: noon, Remote: "192.0.2.7", Proto: "HTTP/1.1", Status: 200, WireBytes: 42,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Etag": {`"1"`}, "X-Two": {"a", "b"}},
		Body:   []byte("<p>one</p>"),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	hop, err := r.Capture(context.Background(), base+"old")
	if err != nil || hop.Status != 301 || hop.Header.Get("Location") != "/a" || !hop.Cut {
		t.Errorf("redirect: %+v, %v", hop, err)
	}
	if _, err := r.Capture(context.Background(), base+"b"); !errors.Is(err, fetch.ErrNotKept) {
		t.Errorf("an address that was never asked for: %v", err)
	}
}

func TestWhatIsTheSameIsKeptOnce(t *testing.T) {
	root := t.TempDir()
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	body := strings.Repeat("forced labour ", 500)
	keep(t, root, archive.Options{}, page("a", day(0), body), page("b", day(0), body), unchanged("never", day(0)))
	keep(t, root, archive.Options{}, unchanged("a", day(1)), page("b", day(1), body))
	keep(t, root, archive.Options{}, unchanged("a", day(2)), page("b", day(2), "new"))
	r := open(t, root)
	want := `a 2026-03-01 200 response 7000
a 2026-03-02 304 revisit 0
a 2026-03-03 304 revisit 0
b 2026-03-01 200 response 7000
b 2026-03-02 200 revisit 0
b 2026-03-03 200 response 3
`
	if diff := cmp.Diff(want, listing(t, r)); diff != "" {
		t.Fatalf("captures (-want +got):\n%s", diff)
	}
	k, err := r.Capture(context.Background(), base+"a")
	if err != nil {
		t.Fatal(err)
	}
	if string(k.Body) != body || k.Status != 200 || !k.StartedAt.Equal(day(2)) || k.Header.Get("Etag") != `"2"` || k.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Errorf("a 304 stands for %d octets, status %d, %v, header %v", len(k.Body), k.Status, k.StartedAt, k.Header)
	}
	for _, c := range []struct {
		path string
		at   time.Time
		want string
	}{
		{"b", day(1), body},
		{"b", day(2), "new"},
		{"b", time.Time{}, "new"},
		{"a", day(0), body},
		{"a", day(-1), fetch.ErrNotKept.Error()},
	} {
		if got := bodyOf(r, c.path, c.at); got != c.want {
			t.Errorf("%s at %v: %.20q, want %.20q", c.path, c.at, got, c.want)
		}
	}
}

func TestIndexIsDerived(t *testing.T) {
	root := t.TempDir()
	for n := range 5 {
		keep(t, root, archive.Options{}, page("a", noon.AddDate(0, 0, n), fmt.Sprint("text ", n)), page(fmt.Sprint("p", n), noon.AddDate(0, 0, n), "x"))
	}
	want := listing(t, open(t, root))
	indexes, err := filepath.Glob(filepath.Join(root, string(source), "*.cdxj"))
	if err != nil || len(indexes) != 6 {
		t.Fatalf("%d indexes, %v", len(indexes), err)
	}
	for _, spoil := range []func(name string) error{
		os.Remove,
		func(name string) error { return os.WriteFile(name, []byte("not an index"), 0o600) },
		func(name string) error { return os.WriteFile(name, nil, 0o600) },
	} {
		for _, name := range indexes {
			if err := spoil(name); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(want, listing(t, open(t, root))); diff != "" {
			t.Errorf("index made anew (-want +got):\n%s", diff)
		}
	}
}

func TestOneWriterASource(t *testing.T) {
	root := t.TempDir()
	ctx := context.Background()
	w, err := archive.Create(ctx, archive.Options{Root: root, Source: source})
	if err != nil {
		t.Fatal(err)
	}
	w.Keep(ctx, page("a", noon, "one"))
	if _, err := archive.Create(ctx, archive.Options{Root: root, Source: source}); !errors.Is(err, archive.ErrBusy) {
		t.Errorf("a second writer: %v", err)
	}
	if _, err := archive.At(root, source).Forget(ctx, []string{base + "a"}, nil); !errors.Is(err, archive.ErrBusy) {
		t.Errorf("forgetting during a run: %v", err)
	}
	r := open(t, root) // sees nothing of the run yet, and does not disturb it
	if got := listing(t, r); got != "" {
		t.Errorf("a run that goes on shows %q", got)
	}
	if err := w.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if got := bodyOf(open(t, root), "a", time.Time{}); got != "one" {
		t.Errorf("after the run: %q", got)
	}
}
