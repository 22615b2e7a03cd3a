package bibtex_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	parser "github.com/nickng/bibtex"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/bibtex"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/exporttest"
)

// printed is what TeX makes of the macros of Escape.
var printed = strings.NewReplacer(
	`\textbackslash{}`, `\`, `\textbraceleft{}`, `{`, `\textbraceright{}`, `}`, `\textasciitilde{}`, `~`, `\textasciicircum{}`, `^`,
	`\textquotedbl{}`, `"`, `\/@`, `@`, `\$`, `$`, `\&`, `&`, `\#`, `#`, `\%`, `%`, `\_`, `_`)

// check parses what is written of the records and compares it with them.
func check(t *testing.T, records ...harvest.Record) []*parser.BibEntry {
	t.Helper()
	text := exporttest.Bytes(t, bibtex.Write, records...)
	got, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if len(got.Entries) != len(records) {
		t.Fatalf("%d entries of %d records in\n%s", len(got.Entries), len(records), text)
	}
	for i, e := range got.Entries {
		r := &records[i]
		if e.CiteName != citation.Key(r.ID) {
			t.Errorf("%s is cited as %q", r.ID, e.CiteName)
		}
		for name, want := range map[string]string{"title": r.Title, "abstract": r.Summary, "language": r.Language.Value, "isbn": r.Identifiers.ISBN} {
			field := ""
			if v := e.Fields[name]; v != nil {
				field = v.String()
			}
			if name == "title" {
				field = strings.TrimSuffix(strings.TrimPrefix(field, "{"), "}")
			}
			if got := printed.Replace(field); got != citation.Line(want) {
				t.Errorf("%s: %s prints as %q, want %q", r.ID, name, got, citation.Line(want))
			}
		}
		balanced(t, e)
	}
	return got.Entries
}

// balanced checks what BibTeX itself asks of a field: each brace has its
// partner, backslash or not.
func balanced(t *testing.T, e *parser.BibEntry) {
	t.Helper()
	for name, v := range e.Fields {
		depth := 0
		for _, c := range v.String() {
			switch c {
			case '{':
				depth++
			case '}':
				depth--
			}
			if depth < 0 {
				break
			}
		}
		if depth != 0 {
			t.Errorf("%s: braces of %s do not balance: %s", e.CiteName, name, v)
		}
	}
}

func TestGolden(t *testing.T)   { exporttest.Golden(t, "records.bib", bibtex.Write) }
func TestContract(t *testing.T) { exporttest.Contract(t, bibtex.Write) }

func TestAParserGetsWhatWasWritten(t *testing.T) {
	got := check(t, exporttest.Full(), exporttest.Minimal(), exporttest.Arabic())
	fields := func(e *parser.BibEntry, names ...string) (out []string) {
		for _, n := range names {
			if v := e.Fields[n]; v != nil {
				out = append(out, n+"="+v.String())
			}
		}
		return out
	}
	for i, want := range []struct {
		kind   string
		fields []string
	}{
		{"techreport", []string{
			"author=Bales, Kevin and Muñoz, José A. and {Anti-Slavery International} and {Department for Work, Pensions}",
			"institution=International Labour Organization", "type=Report", "year=2021", "month=March", "doi=10.1234/a_(b)<c>",
			"url=https://test.example/?a=1&b=2_3%20#x", "urldate=2026-03-01",
		}},
		{"misc", []string{"url=https://test.example/b"}},
		{"techreport", []string{
			"author={منظمة العمل الدولية}", "institution=منظمة العمل الدولية", "type=Guidance", "year=2020", "month=February", "day=29",
			"url=https://test.example/ar/%D8%A5%D8%B1%D8%B4%D8%A7%D8%AF%D8%A7%D8%AA",
		}},
	} {
		if got[i].Type != want.kind {
			t.Errorf("entry %d is %s, want %s", i, got[i].Type, want.kind)
		}
		if diff := cmp.Diff(want.fields, fields(got[i], "author", "institution", "type", "year", "month", "day", "doi", "url", "urldate")); diff != "" {
			t.Errorf("entry %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestHostileTextStaysInItsField(t *testing.T) { check(t, exporttest.HostileRecords()...) }

func FuzzWrite(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) { check(t, exporttest.With("test:1", text), exporttest.Minimal()) })
}

func BenchmarkWrite(b *testing.B) { exporttest.Benchmark(b, bibtex.Write) }

func TestMemoryIsFlat(t *testing.T) { exporttest.Flat(t, bibtex.Write) }

func BenchmarkMillion(b *testing.B) { exporttest.Million(b, bibtex.Write) }
