package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
)

// When the source file changes, what the site says has not changed is asked
// for whole: it may be read otherwise now.
func TestChangedSourceFileAsksForWholePages(t *testing.T) {
	t.Parallel()
	o := newOrdeal(t, 10)
	h := o.reader(t)
	h.run()
	h.run()
	if n := h.runs[0].Outcomes[harvest.NotModified]; n != 10 {
		t.Fatalf("%d pages not modified, want 10: the test shows nothing", n)
	}
	name := filepath.Join(h.dir, "config/sources/library.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	h.write("config/sources/library.yaml", strings.Replace(string(text), "page: {summary: .entry-content p}", "page: {summary: .entry-content p, category: h1}\npublisher: Another", 1))
	h.run()
	if r := h.runs[0]; r.Outcomes[harvest.NotModified] != 0 || r.Outcomes[harvest.ChangedRecord] != 10 {
		t.Errorf("outcomes %v; want 10 changed records, none of them from a 304", r.Outcomes)
	}
	for _, rec := range h.catalogue() {
		if rec["publisher"] != "Another" || fmt.Sprint(rec["revision"]) != "2" {
			t.Errorf("%v has publisher %v, revision %v", rec["url"], rec["publisher"], rec["revision"])
		}
	}
}
