package atom_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"io"
	"iter"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/mmcdole/gofeed"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/atom"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/exporttest"
)

func write(ctx context.Context, w io.Writer, records iter.Seq2[harvest.Record, error]) (int, error) {
	return atom.Write(ctx, w, records, atom.Options{Title: "All & more", ID: "all", Updated: time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC)})
}

// feed is an Atom feed as RFC 4287 has it.
type feed struct {
	XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
	Title   []string  `xml:"http://www.w3.org/2005/Atom title"`
	ID      []string  `xml:"http://www.w3.org/2005/Atom id"`
	Updated []string  `xml:"http://www.w3.org/2005/Atom updated"`
	Author  []string  `xml:"http://www.w3.org/2005/Atom author>name"`
	Entries []entry   `xml:"http://www.w3.org/2005/Atom entry"`
	Other   []unknown `xml:",any"`
}

type entry struct {
	Lang      string   `xml:"lang,attr"`
	Title     []string `xml:"http://www.w3.org/2005/Atom title"`
	ID        []string `xml:"http://www.w3.org/2005/Atom id"`
	Updated   []string `xml:"http://www.w3.org/2005/Atom updated"`
	Published []string `xml:"http://www.w3.org/2005/Atom published"`
	Author    []string `xml:"http://www.w3.org/2005/Atom author>name"`
	Summary   []string `xml:"http://www.w3.org/2005/Atom summary"`
	Rights    []string `xml:"http://www.w3.org/2005/Atom rights"`
	Date      []string `xml:"http://purl.org/dc/elements/1.1/ date"`
	Links     []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
		Type string `xml:"type,attr"`
	} `xml:"http://www.w3.org/2005/Atom link"`
	Categories []struct {
		Term   string `xml:"term,attr"`
		Scheme string `xml:"scheme,attr"`
	} `xml:"http://www.w3.org/2005/Atom category"`
	Other []unknown `xml:",any"`
}

type unknown struct {
	XMLName xml.Name
}

var urn = regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

// check keeps the rules of RFC 4287, sections 4.1.1 and 4.1.2, and compares
// the entries with the records.
func check(t *testing.T, records ...harvest.Record) feed {
	t.Helper()
	text := exporttest.Bytes(t, write, records...)
	var f feed
	if err := xml.Unmarshal(text, &f); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	one := func(what string, values []string) string {
		if len(values) != 1 {
			t.Errorf("%s stands %d times", what, len(values))
			return ""
		}
		return values[0]
	}
	date := func(what, value string) {
		if _, err := time.Parse(time.RFC3339, value); err != nil {
			t.Errorf("%s is %q", what, value)
		}
	}
	one("title", f.Title)
	one("author", f.Author)
	date("updated", one("updated", f.Updated))
	seen := map[string]bool{one("id", f.ID): true}
	if len(f.Other) > 0 || len(f.Entries) != len(records) {
		t.Fatalf("%d entries of %d records; also %v", len(f.Entries), len(records), f.Other)
	}
	for i, e := range f.Entries {
		r := &records[i]
		id := one("id", e.ID)
		if !urn.MatchString(id) || seen[id] {
			t.Errorf("%s: id %q", r.ID, id)
		}
		seen[id] = true
		date("updated", one("updated", e.Updated))
		if len(e.Published) > 0 {
			date("published", one("published", e.Published))
		}
		if got := one("title", e.Title); got != citation.Line(r.Title) {
			t.Errorf("%s: title %q", r.ID, got)
		}
		if want := citation.Text(r.Summary); want != "" && one("summary", e.Summary) != want {
			t.Errorf("%s: summary %q, want %q", r.ID, e.Summary, want)
		}
		alternates := 0
		for _, l := range e.Links {
			if _, err := url.Parse(l.Href); err != nil && l.Rel == "" {
				t.Errorf("%s: link %q", r.ID, l.Href)
			}
			if l.Rel == "alternate" {
				alternates++
			}
		}
		if alternates != 1 || len(e.Other) > 0 {
			t.Errorf("%s: %d alternate links; also %v", r.ID, alternates, e.Other)
		}
	}
	return f
}

func TestGolden(t *testing.T)   { exporttest.Golden(t, "records.atom", write) }
func TestContract(t *testing.T) { exporttest.Contract(t, write) }

func TestAParserGetsWhatWasWritten(t *testing.T) {
	got := check(t, exporttest.Full(), exporttest.Minimal(), exporttest.Arabic())
	for i, want := range []struct{ authors, published, date []string }{
		{[]string{"Kevin Bales", "José A. Muñoz", "Anti-Slavery International", "Department for Work, Pensions"}, nil, []string{"2021-03"}},
		{nil, nil, nil},
		{[]string{"منظمة العمل الدولية"}, []string{"2020-02-29T00:00:00Z"}, []string{"2020-02-29"}},
	} {
		e := got.Entries[i]
		if diff := cmp.Diff([][]string{want.authors, want.published, want.date}, [][]string{e.Author, e.Published, e.Date}); diff != "" {
			t.Errorf("entry %d (-want +got):\n%s", i, diff)
		}
	}
	f, err := gofeed.NewParser().Parse(bytes.NewReader(exporttest.Bytes(t, write, exporttest.Full())))
	if err != nil || len(f.Items) != 1 || f.Items[0].Link != "https://test.example/?a=1&b=2_3%20#x" || len(f.Items[0].Enclosures) != 2 {
		t.Errorf("%v %v", f, err)
	}
}

func TestHostileTextStaysInItsField(t *testing.T) { check(t, exporttest.HostileRecords()...) }

func FuzzWrite(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) { check(t, exporttest.With("test:1", text), exporttest.Minimal()) })
}

func BenchmarkWrite(b *testing.B) { exporttest.Benchmark(b, write) }

func TestMemoryIsFlat(t *testing.T) { exporttest.Flat(t, write) }

func BenchmarkMillion(b *testing.B) { exporttest.Million(b, write) }
