package archive_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nlnwa/gowarc/v3"

	"github.com/harvest87/harvest/crawler/archive"
	"github.com/harvest87/harvest/crawler/fetch"
)

var update = flag.Bool("update", false, "rewrite golden files")

// everything is the content of all files of an archive, decompressed.
func everything(t testing.TB, root string) map[string]string {
	t.Helper()
	out := make(map[string]string)
	all, err := filepath.Glob(filepath.Join(root, string(source), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range all {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var in io.Reader = file
		if strings.HasSuffix(name, ".gz") {
			if in, err = gzip.NewReader(file); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[filepath.Base(name)] = string(text)
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// sample writes an archive with a record of every kind.
func sample(t testing.TB, root string) {
	t.Helper()
	moved := page("old", noon.Add(time.Second), "")
	moved.Status, moved.Header, moved.Body = 301, http.Header{"Location": {"/a"}}, nil
	missing := page("missing", noon.Add(2*time.Second), "<h1>Not found</h1>")
	missing.Status = 404
	keep(t, root, archive.Options{Software: "Harvest/test"}.Numbered(), page("a", noon, "<p>Forced labour</p>"), moved, missing,
		page("strange?q=é \"x\"&key=${KEY}", noon, "Kinderarbeit \x00\xff"))
	keep(t, root, archive.Options{Software: "Harvest/test", Run: "delta@20260302T120000Z"}.Numbered(),
		unchanged("a", noon.AddDate(0, 0, 1)), page("strange?q=é \"x\"&key=${KEY}", noon.AddDate(0, 0, 1), "Kinderarbeit \x00\xff"))
}

var (
	compressed = regexp.MustCompile(`"(length|offset)":"\d+"`)
	sizes      = regexp.MustCompile(`(\.gz":)\d+`)
)

// The golden file is what WARC 1.1 calls for, read by a person once.
func TestGolden(t *testing.T) {
	root := t.TempDir()
	sample(t, root)
	var b strings.Builder
	all := everything(t, root)
	for _, name := range []string{
		"delta-20260301120000-00000.warc.gz", "delta-20260302120000-00000.warc.gz", "index.cdxj",
	} {
		text, ok := all[name]
		if !ok {
			t.Fatalf("no %s", name)
		}
		b.WriteString("== " + name + "\n" + text)
	}
	const golden = "testdata/sample.txt"
	got := strings.NewReplacer("\r\n", "␍\n", "\x00", "␀").Replace(strings.ToValidUTF8(b.String(), "�"))
	got = compressed.ReplaceAllString(got, `"$1":"…"`) // is the compressor's affair
	got = sizes.ReplaceAllString(got, "$1…")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// The library's own reader of files, at its strictest, finds nothing to say.
func TestStrictReader(t *testing.T) {
	root := t.TempDir()
	sample(t, root)
	all, err := filepath.Glob(filepath.Join(root, string(source), "*.warc.gz"))
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	kinds := make(map[string]int)
	for _, name := range all {
		r, err := gowarc.NewWarcFileReader(name, 0, gowarc.WithStrictValidation(), gowarc.WithBlockErrorPolicy(gowarc.ErrFail))
		if err != nil {
			t.Fatal(err)
		}
		for record, err := range r.Records() {
			if err != nil || len(record.Validation) > 0 {
				t.Fatalf("%s at %d: %v, %v", name, record.Offset, err, record.Validation)
			}
			kinds[record.WarcRecord.Type().String()]++
			if err := record.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	want := map[string]int{"warcinfo": 2, "response": 4, "request": 4, "metadata": 4, "revisit": 2}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// warcio is written by others, in two languages: pip install warcio, or
// npm install -g warcio. Either will do.
func TestReadableByWarcio(t *testing.T) {
	tool, err := exec.LookPath("warcio")
	if err != nil {
		t.Skip("SKIPPED: no warcio on this machine, so nobody but us has read what we write; npm install -g warcio, or pip install warcio")
	}
	root := t.TempDir()
	sample(t, root)
	all, err := filepath.Glob(filepath.Join(root, string(source), "*.warc.gz"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, append([]string{"index"}, all...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var got []string
	in := json.NewDecoder(strings.NewReader(string(out)))
	for in.More() {
		var r map[string]any
		if err := in.Decode(&r); err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
		target, _ := r["warc-target-uri"].(string)
		got = append(got, strings.TrimSpace(r["warc-type"].(string)+" "+strings.TrimPrefix(target, base)))
	}
	odd := "strange?q=é \"x\"&key=${KEY}"
	want := []string{"warcinfo"}
	for _, path := range []string{"a", "old", "missing", odd} {
		want = append(want, "response "+path, "request "+path, "metadata "+path)
	}
	want = append(want, "warcinfo", "revisit a", "revisit "+odd)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records as warcio sees them (-want +got):\n%s", diff)
	}
	if help, _ := exec.Command(tool, "--help").CombinedOutput(); strings.Contains(string(help), "check") { // that of Python
		if out, err := exec.Command(tool, append([]string{"check"}, all...)...).CombinedOutput(); err != nil {
			t.Errorf("warcio check: %v\n%s", err, out)
		}
	}
}

func TestKeys(t *testing.T) {
	for in, want := range map[string]string{
		"https://WWW.Example.org":                     "org,example,www)/",
		"https://example.org:8080/A/b?q=1#part":       "org,example:8080)/A/b?q=1",
		"http://192.0.2.1/x":                          "192.0.2.1)/x",
		"https://example.org/a%20b?x=y z":             "org,example)/a%20b?x=y%20z",
		"https://example.org/é":                       "org,example)/%C3%A9",
		"not an address":                              "-)not%20an%20address",
		"https://example.org./?":                      "org,example)/?",
		"https://[2001:db8::1]/":                      "2001:db8::1)/",
		"https://example.org/search?key=${KEY}&x=a\n": "-)https://example.org/search?key=${KEY}&x=a%0A",
	} {
		if got := archive.KeyOf(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

// FuzzArchive has readers meet any octets where a file or an index should be.
func FuzzArchive(f *testing.F) {
	root := f.TempDir()
	sample(f, root)
	dir := filepath.Join(root, string(source))
	for _, name := range []string{"delta-20260301120000-00000.warc.gz", "delta-20260302120000-00000.warc.gz"} {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(content, []byte{}, true)
	}
	index, err := os.ReadFile(filepath.Join(dir, "index.cdxj"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("WARC/1.1\r\n"), index, false)
	f.Add([]byte{}, []byte("!meta {\"files\":{}}\norg,x)/ 2026 {}\n"), true)
	f.Fuzz(func(t *testing.T, content, index []byte, torn bool) {
		root := t.TempDir()
		dir := filepath.Join(root, string(source))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		name := "delta-20260301120000-00000.warc.gz"
		if torn {
			name += ".open"
		}
		for file, b := range map[string][]byte{name: content, "index.cdxj": index} {
			if err := os.WriteFile(filepath.Join(dir, file), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		ctx := context.Background()
		folder := archive.At(root, source)
		if _, err := folder.Verify(ctx); err != nil {
			t.Fatalf("verify: %v", err)
		}
		r, err := folder.Open(ctx)
		if err != nil {
			return
		}
		defer r.Close()
		var urls []string
		for e, err := range r.Entries() {
			if err != nil {
				break
			}
			urls = append(urls, e.URL)
		}
		for _, u := range slices.Compact(urls) {
			if k, err := r.Capture(ctx, u); err == nil && k.URL != u {
				t.Errorf("%q is kept as %q", u, k.URL)
			}
		}
		if _, err := folder.Prune(ctx, archive.Limits{MaxSize: 100, MaxAge: time.Hour}, noon); err != nil {
			t.Logf("prune: %v", err)
		}
	})
}

var _ fetch.Keeper = (*archive.Writer)(nil)
