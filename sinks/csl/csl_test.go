package csl_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/citation"
	"github.com/harvest87/harvest/sinks/csl"
	"github.com/harvest87/harvest/sinks/exporttest"
)

// rules says what the published schema of CSL-JSON asks of the variables that
// are written here, and refuses any other.
const rules = `{
  "type": "array",
  "items": {
    "type": "object",
    "required": ["type", "id"],
    "additionalProperties": false,
    "properties": {
      "type": {"enum": ["article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
        "classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event", "figure", "graphic",
        "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture", "musical_score", "pamphlet",
        "paper-conference", "patent", "performance", "periodical", "personal_communication", "post", "post-weblog", "regulation",
        "report", "review", "review-book", "software", "song", "speech", "standard", "thesis", "treaty", "webpage"]},
      "id": {"type": ["string", "number"]},
      "title": {"type": "string"}, "publisher": {"type": "string"}, "abstract": {"type": "string"}, "genre": {"type": "string"},
      "number": {"type": ["string", "number"]}, "language": {"type": "string"}, "keyword": {"type": "string"}, "DOI": {"type": "string"},
      "ISBN": {"type": "string"}, "URL": {"type": "string"}, "source": {"type": "string"},
      "issued": {"$ref": "#/$defs/date"}, "accessed": {"$ref": "#/$defs/date"},
      "author": {"type": "array", "minItems": 1, "items": {"oneOf": [
        {"required": ["literal"], "additionalProperties": false, "properties": {"literal": {"type": "string", "minLength": 1}}},
        {"required": ["family", "given"], "additionalProperties": false,
          "properties": {"family": {"type": "string", "minLength": 1}, "given": {"type": "string", "minLength": 1}}}
      ]}}
    }
  },
  "$defs": {"date": {
    "type": "object", "required": ["date-parts"], "additionalProperties": false,
    "properties": {"date-parts": {"type": "array", "minItems": 1, "maxItems": 2,
      "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": ["string", "number"]}}}}
  }}
}`

// check validates what is written of the records and compares it with them.
func check(t *testing.T, records ...harvest.Record) []map[string]any {
	t.Helper()
	text := exporttest.Bytes(t, csl.Write, records...)
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(rules))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("rules.json", schema); err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if err := compiler.MustCompile("rules.json").Validate(value); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
	var items []map[string]any
	if err := json.Unmarshal(text, &items); err != nil {
		t.Fatal(err)
	}
	if len(items) != len(records) {
		t.Fatalf("%d items of %d records", len(items), len(records))
	}
	for i, item := range items {
		r := &records[i]
		for name, want := range map[string]string{"id": citation.Key(r.ID), "title": citation.Line(r.Title), "abstract": citation.Text(r.Summary)} {
			if got, _ := item[name].(string); got != want {
				t.Errorf("%s: %s is %q, want %q", r.ID, name, got, want)
			}
		}
	}
	return items
}

func TestGolden(t *testing.T)   { exporttest.Golden(t, "records.json", csl.Write) }
func TestContract(t *testing.T) { exporttest.Contract(t, csl.Write) }

func TestItems(t *testing.T) {
	items := check(t, exporttest.Full(), exporttest.Minimal(), exporttest.Arabic())
	want := []any{
		map[string]any{"family": "Bales", "given": "Kevin"},
		map[string]any{"family": "Muñoz", "given": "José A."},
		map[string]any{"literal": "Anti-Slavery International"},
		map[string]any{"literal": "Department for Work, Pensions"},
	}
	if diff := cmp.Diff(want, items[0]["author"]); diff != "" {
		t.Errorf("authors (-want +got):\n%s", diff)
	}
	for i, want := range []any{
		map[string]any{"date-parts": []any{[]any{2021.0, 3.0}}}, nil, map[string]any{"date-parts": []any{[]any{2020.0, 2.0, 29.0}}},
	} {
		if diff := cmp.Diff(want, items[i]["issued"]); diff != "" {
			t.Errorf("item %d issued (-want +got):\n%s", i, diff)
		}
	}
}

func TestNothingIsAnEmptyArray(t *testing.T) {
	if got := exporttest.Bytes(t, csl.Write); !slices.Equal(got, []byte("[]\n")) {
		t.Errorf("%q", got)
	}
}

func TestHostileTextStaysInItsField(t *testing.T) { check(t, exporttest.HostileRecords()...) }

func FuzzWrite(f *testing.F) {
	exporttest.Seeds(f)
	f.Fuzz(func(t *testing.T, text string) { check(t, exporttest.With("test:1", text), exporttest.Minimal()) })
}

func BenchmarkWrite(b *testing.B) { exporttest.Benchmark(b, csl.Write) }

func TestMemoryIsFlat(t *testing.T) { exporttest.Flat(t, csl.Write) }

func BenchmarkMillion(b *testing.B) { exporttest.Million(b, csl.Write) }
