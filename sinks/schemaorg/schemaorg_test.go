package schemaorg_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/piprate/json-gold/ld"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/exporttest"
	"github.com/harvest87/harvest/sinks/schemaorg"
)

// offline refuses to load anything: the document must stand for itself.
type offline struct{}

func (offline) LoadDocument(url string) (*ld.RemoteDocument, error) {
	return nil, errors.New("the document asks for " + url)
}

// check expands what is written of the records by a JSON-LD processor and
// compares it with them.
func check(t *testing.T, records ...harvest.Record) []map[string]any {
	t.Helper()
	text := exporttest.Bytes(t, schemaorg.Write, records...)
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	options := ld.NewJsonLdOptions("")
	options.DocumentLoader = offline{}
	options.SafeMode = true // a term without meaning is an error
	expanded, err := ld.NewJsonLdProcessor().Expand(document, options)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if len(expanded) != len(records) {
		t.Fatalf("%d nodes of %d records in\n%s", len(expanded), len(records), text)
	}
	var out []map[string]any
	for i, x := range expanded {
		node := x.(map[string]any)
		r := &records[i]
		if got := value(node, "name"); got != citation.Line(r.Title) {
			t.Errorf("%s: name is %q", r.ID, got)
		}
		if got := value(node, "abstract"); got != citation.Text(r.Summary) {
			t.Errorf("%s: abstract is %q", r.ID, got)
		}
		if node["@id"] != citation.Address(r.URL) {
			t.Errorf("%s: @id is %q", r.ID, node["@id"])
		}
		out = append(out, node)
	}
	if bytes.Contains(text, []byte("</")) || bytes.Contains(text, []byte("<!--")) {
		t.Error("the text would end the script element that it stands in")
	}
	return out
}

// value is the first value of a property of a node in expanded form.
func value(node map[string]any, property string) string {
	values, _ := node["https://schema.org/"+property].([]any)
	if len(values) == 0 {
		return ""
	}
	first := values[0].(map[string]any)
	if id, ok := first["@id"].(string); ok {
		return id
	}
	s, _ := first["@value"].(string)
	return s
}

func TestGolden(t *testing.T)   { exporttest.Golden(t, "records.jsonld", schemaorg.Write) }
func TestContract(t *testing.T) { exporttest.Contract(t, schemaorg.Write) }

func TestAProcessorGetsWhatWasWritten(t *testing.T) {
	got := check(t, exporttest.Full(), exporttest.Minimal(), exporttest.Arabic())
	for property, want := range map[string]string{
		"datePublished": "2021-03", "dateModified": "2022-01-31", "inLanguage": "en-GB", "license": "CC-BY-4.0", "sameAs": "https://test.example/a",
	} {
		if v := value(got[0], property); v != want {
			t.Errorf("%s is %q, want %q", property, v, want)
		}
	}
	for i, want := range []string{"Report", "CreativeWork", "CreativeWork"} {
		if diff := cmp.Diff([]any{"https://schema.org/" + want}, got[i]["@type"]); diff != "" {
			t.Errorf("node %d (-want +got):\n%s", i, diff)
		}
	}
	authors := got[0]["https://schema.org/author"].([]any)
	var names []string
	for _, a := range authors {
		agent := a.(map[string]any)
		names = append(names, strings.TrimPrefix(agent["@type"].([]any)[0].(string), "https://schema.org/")+" "+value(agent, "name"))
	}
	want := []string{"Person Kevin Bales", "Person José A. Muñoz", "Organization Anti-Slavery International", "Organization Department for Work, Pensions"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("authors (-want +got):\n%s", diff)
	}
}

func TestHostileTextStaysInItsField(t *testing.T) { check(t, exporttest.HostileRecords()...) }

func FuzzWrite(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) { check(t, exporttest.With("test:1", text), exporttest.Minimal()) })
}

func BenchmarkWrite(b *testing.B) { exporttest.Benchmark(b, schemaorg.Write) }

func TestMemoryIsFlat(t *testing.T) { exporttest.Flat(t, schemaorg.Write) }

func BenchmarkMillion(b *testing.B) { exporttest.Million(b, schemaorg.Write) }
