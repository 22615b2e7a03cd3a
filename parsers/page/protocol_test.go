package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/htmlindex"

	"github.com/harvest87/harvest/config"
)

// cases is a folder of other people's test cases with known answers, which are
// no part of the project.
func cases(t *testing.T, folder string) string {
	t.Helper()
	dir := os.Getenv("HARVEST_EVAL_DIR")
	if dir == "" {
		t.Skip("SKIPPED: HARVEST_EVAL_DIR names no folder with cases of known answers")
	}
	folder = filepath.Join(dir, "protocol", folder)
	if _, err := os.Stat(folder); err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	return folder
}

// The JSON-LD of pages whose scripts hold comments, control characters, null or
// broken escapes is what others read in it.
func TestJSONLDOfOthers(t *testing.T) {
	read := 0
	walk(t, cases(t, "structured"), ".jsonld", func(name string, want []byte) {
		body, err := os.ReadFile(strings.TrimSuffix(name, ".jsonld") + ".html")
		if err != nil {
			return
		}
		doc, _ := parse(decode(body, ""))
		var got []any
		for _, script := range look(doc.Nodes[0]).ld {
			v, _ := parseJSON(script)
			for _, one := range values(v) {
				if _, isThing := one.(map[string]any); isThing {
					got = append(got, one)
				}
			}
		}
		expected, ok := decodeJSON(string(want))
		if !ok {
			t.Fatalf("%s is not JSON", name)
		}
		read++
		if m, ok := expected.(map[string]any); ok { // one list for each script
			var flat []any
			for _, script := range values(m["items"]) {
				flat = append(flat, values(script)...)
			}
			expected = flat
		}
		if diff := cmp.Diff(values(expected), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filepath.Base(name), diff)
		}
	})
	if read < 10 {
		t.Errorf("read %d cases, want all", read)
	}
}

// No page of the cases, some of them broken, stops the extractor.
func TestStructuredPagesOfOthers(t *testing.T) {
	walk(t, cases(t, "structured"), ".html", func(name string, body []byte) {
		r := ExtractBytes("https://example.org/a", body, "", config.PageRules{})
		again := ExtractBytes("https://example.org/a", body, "", config.PageRules{})
		if diff := cmp.Diff(r, again); diff != "" {
			t.Errorf("%s is read otherwise the second time:\n%s", filepath.Base(name), diff)
		}
	})
}

func walk(t *testing.T, folder, ext string, each func(name string, body []byte)) {
	t.Helper()
	err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ext {
			return err
		}
		body, err := os.ReadFile(name)
		if err == nil {
			each(name, body)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The encoding is the one that the HTML standard's sniffing chooses, but for
// bytes that are valid UTF-8, or ASCII, whatever the page declares: those read
// the same or better as UTF-8.
func TestCharsetOfOthers(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(cases(t, "charset"), "html5lib.json"))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	var file struct {
		Cases []struct {
			File     string
			Data     string `json:"data_b64"`
			Encoding string
		}
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	right := 0
	for i, c := range file.Cases {
		body, err := base64.StdEncoding.DecodeString(c.Data)
		if err != nil {
			t.Fatal(err)
		}
		want := body
		if enc, name := charset.Lookup(c.Encoding); enc != nil && name != "utf-8" {
			if want, err = enc.NewDecoder().Bytes(body); err != nil {
				t.Fatal(err)
			}
		} else if _, err := htmlindex.Get(c.Encoding); err != nil {
			t.Fatalf("case %d: unknown encoding %q", i, c.Encoding)
		}
		got := decode(body, "")
		if bytes.Equal(got, bytes.TrimPrefix(want, []byte("\xef\xbb\xbf"))) {
			right++
		} else {
			t.Logf("%s case %d: not %s: %.80q reads %.80q", c.File, i, c.Encoding, body, got)
		}
	}
	t.Logf("%d of %d cases", right, len(file.Cases))
	if right*100 < len(file.Cases)*97 {
		t.Errorf("%d of %d cases are right, want 97 %%", right, len(file.Cases))
	}
}
