package normalize_test

import (
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harvest87/harvest/parsers/normalize"
)

// urlCases is a folder of other people's test cases, which are no part of the
// project.
func urlCases(t *testing.T, name string) []byte {
	t.Helper()
	dir := os.Getenv("HARVEST_EVAL_DIR")
	if dir == "" {
		t.Skip("SKIPPED: HARVEST_EVAL_DIR names no folder with addresses of known form")
	}
	b, err := os.ReadFile(filepath.Join(dir, "protocol", "urls", name))
	if err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	return b
}

// The web platform's own cases: an address that a browser can open is resolved
// as a browser would, in the form in which addresses are kept here; one that no
// browser can open is refused.
func TestURLAsBrowsersDo(t *testing.T) {
	var list []json.RawMessage
	if err := json.Unmarshal(urlCases(t, "wpt-urltestdata.json"), &list); err != nil {
		t.Fatal(err)
	}
	all, right := 0, 0
	for _, raw := range list {
		var c struct {
			Input, Href string
			Base        *string
			Failure     bool
		}
		if json.Unmarshal(raw, &c) != nil { // a comment
			continue
		}
		base := ""
		if c.Base != nil {
			base = *c.Base
		}
		if !c.Failure && !strings.HasPrefix(c.Href, "http") || base != "" && !strings.HasPrefix(base, "http") {
			continue // no address of a page
		}
		all++
		got, err := normalize.URL(base, c.Input)
		want, wantErr := "", error(nil)
		if !c.Failure {
			want, wantErr = normalize.URL("", c.Href)
		}
		if (err != nil) == (c.Failure || wantErr != nil) && got == want {
			right++
		} else {
			t.Logf("%q at %q: %q (%v), want %q", c.Input, base, got, err, want)
		}
	}
	t.Logf("%d of %d cases", right, all)
	if right*1000 < all*990 {
		t.Errorf("%d of %d cases as in browsers, want 99 %%", right, all)
	}
}

// The cases of other crawlers for relative addresses (RFC 3986, section 5.4).
func TestURLResolvedAsOthersDo(t *testing.T) {
	r := csv.NewReader(strings.NewReader(string(urlCases(t, "url-resolve.csv"))))
	r.Comment, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = '#', -1, true, true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all, right := 0, 0
	for _, row := range rows {
		if len(row) < 3 || !strings.HasPrefix(row[2], "http") {
			continue
		}
		all++
		want, err := normalize.URL("", row[2])
		if err != nil {
			want = ""
		}
		if got, _ := normalize.URL(row[1], row[0]); got == want {
			right++
		} else {
			t.Logf("%q at %q: %q, want %q", row[0], row[1], got, want)
		}
	}
	t.Logf("%d of %d cases", right, all)
	if all == 0 || right*100 < all*95 {
		t.Errorf("%d of %d cases, want 95 %%", right, all)
	}
}
