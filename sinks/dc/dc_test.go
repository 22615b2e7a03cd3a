package dc_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/dc"
	"github.com/harvest87/harvest/sinks/exporttest"
)

const (
	oaiNamespace = "http://www.openarchives.org/OAI/2.0/oai_dc/"
	dcNamespace  = "http://purl.org/dc/elements/1.1/"
)

// dcElements are the fifteen that the schema allows, in any order and number.
var dcElements = strings.Fields("title creator subject description publisher contributor date type format identifier source language relation coverage rights")

// statement is one element as a reader sees it.
type statement struct{ name, lang, value string }

// read keeps the rules of oai_dc.xsd: only the fifteen elements, with text and
// at most xml:lang, within oai_dc:dc.
func read(t *testing.T, text []byte) [][]statement {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = true
	var out [][]statement
	var path []xml.Name
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if len(path) > 0 {
				t.Fatalf("%v is not closed", path)
			}
			return out
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name)
			switch {
			case len(path) == 1 && token.Name == xml.Name{Local: "records"}:
			case len(path) == 2 && token.Name == xml.Name{Space: oaiNamespace, Local: "dc"}:
				out = append(out, nil)
			case len(path) == 3 && token.Name.Space == dcNamespace && slices.Contains(dcElements, token.Name.Local):
				s := statement{name: token.Name.Local}
				for _, a := range token.Attr {
					if a.Name != (xml.Name{Space: "http://www.w3.org/XML/1998/namespace", Local: "lang"}) && a.Name.Local != "lang" {
						t.Errorf("attribute %v", a)
					}
					s.lang = a.Value
				}
				out[len(out)-1] = append(out[len(out)-1], s)
			default:
				t.Fatalf("%v stands in %v", token.Name, path)
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if len(path) == 3 {
				last := &out[len(out)-1][len(out[len(out)-1])-1]
				last.value += string(token)
			} else if len(bytes.TrimSpace(token)) > 0 {
				t.Fatalf("text %q in %v", token, path)
			}
		case xml.ProcInst:
			if token.Target != "xml" {
				t.Fatalf("%v", token)
			}
		default:
			t.Fatalf("%T in %v", token, path)
		}
	}
}

func check(t *testing.T, records ...harvest.Record) [][]statement {
	t.Helper()
	got := read(t, exporttest.Bytes(t, dc.Write, records...))
	if len(got) != len(records) {
		t.Fatalf("%d descriptions of %d records", len(got), len(records))
	}
	for i, statements := range got {
		r := &records[i]
		for name, want := range map[string]string{"title": citation.Text(r.Title), "description": citation.Text(r.Summary), "publisher": citation.Text(r.Publisher)} {
			values := valuesOf(statements, name)
			if want == "" && len(values) > 0 || want != "" && (len(values) == 0 || values[0] != want) {
				t.Errorf("%s: %s is %q, want %q", r.ID, name, values, want)
			}
		}
	}
	return got
}

func valuesOf(statements []statement, name string) (out []string) {
	for _, s := range statements {
		if s.name == name {
			out = append(out, s.value)
		}
	}
	return out
}

func TestGolden(t *testing.T)   { exporttest.Golden(t, "records.xml", dc.Write) }
func TestContract(t *testing.T) { exporttest.Contract(t, dc.Write) }

func TestAParserGetsWhatWasWritten(t *testing.T) {
	got := check(t, exporttest.Full(), exporttest.Minimal(), exporttest.Arabic())
	for name, want := range map[string][]string{
		"creator": {"Bales, Kevin", "Muñoz, José A.", "Anti-Slavery International", "Department for Work, Pensions"},
		"date":    {"2021-03"}, "type": {"Text", "Report"}, "language": {"en-GB"}, "coverage": {"NP", "IN", "034"}, "rights": {"CC-BY-4.0"},
		"identifier": {
			"https://test.example/?a=1&b=2_3%20#x", "test:000000000000000f", "https://doi.org/10.1234/a_(b)%3Cc%3E", "urn:isbn:9789221234567",
			"A/HRC/51/26", "celex:32011L0036", "eli/dir/2011/36/oj", "ECLI:EU:C:2011:36", "https://hdl.handle.net/20.500.1/7",
		},
	} {
		if diff := cmp.Diff(want, valuesOf(got[0], name)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got[0][0].lang != "en-GB" || got[1][0].lang != "" || got[2][0].lang != "ar" {
		t.Errorf("titles are in %q, %q, %q", got[0][0].lang, got[1][0].lang, got[2][0].lang)
	}
}

func TestHostileTextStaysInItsField(t *testing.T) { check(t, exporttest.HostileRecords()...) }

func FuzzWrite(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) { check(t, exporttest.With("test:1", text), exporttest.Minimal()) })
}

func BenchmarkWrite(b *testing.B) { exporttest.Benchmark(b, dc.Write) }

func TestMemoryIsFlat(t *testing.T) { exporttest.Flat(t, dc.Write) }

func BenchmarkMillion(b *testing.B) { exporttest.Million(b, dc.Write) }
