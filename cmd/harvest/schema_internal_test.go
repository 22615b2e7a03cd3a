package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/harvest87/harvest"
)

func compiled(t *testing.T, schema map[string]any) *jsonschema.Schema {
	t.Helper()
	var b bytes.Buffer
	if err := printJSON(&b, schema); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every field of a schema is described, and every description is of a field.
func TestSchemasDescribeEveryField(t *testing.T) {
	seen := make(map[string]bool)
	var walk func(path string, s map[string]any)
	walk = func(path string, s map[string]any) {
		if items, ok := s["items"].(map[string]any); ok {
			walk(path, items)
		}
		if each, ok := s["additionalProperties"].(map[string]any); ok {
			walk(path+".*", each)
		}
		properties, _ := s["properties"].(map[string]any)
		for name, p := range properties {
			at := path + "." + name
			field, _ := p.(map[string]any)
			if seen[at] = true; field["description"] == nil {
				t.Errorf("%s is not described", at)
			}
			walk(at, field)
		}
	}
	walk("record", recordSchema())
	walk("revision", revisionSchema())
	for at := range descriptions {
		if !seen[at] {
			t.Errorf("%s is described and is no field", at)
		}
	}
	for at := range forms {
		if !seen[at] {
			t.Errorf("%s has a form and is no field", at)
		}
	}
}

func TestRecordsFitTheirSchema(t *testing.T) {
	s := compiled(t, recordSchema())
	minimal := harvest.Record{ID: "alpha:0123456789abcdef", Source: "alpha", URL: "https://alpha.example/", Title: "A"}
	full := minimal
	full.Published, full.Modified = harvest.YearDate(2021), harvest.DayDate(2021, 3, 15)
	full.SummaryBasis.Kind, full.State, full.Revision = harvest.SummaryLead, harvest.StateGone, 2
	full.Countries, full.Regions, full.Work, full.LastSeen = []string{"NP"}, []string{"034"}, "w:x", time.Now()
	full.Identifiers = harvest.Identifiers{DOI: "10.1234/x", ISBN: "9789221319856"}
	full.Documents = []harvest.Document{{URL: "https://alpha.example/a.pdf", Bytes: 7, SHA256: strings.Repeat("0a", 32)}}
	full.Provenance = map[string]harvest.Evidence{"title": {Basis: "meta"}}
	full.Overrides = map[string]harvest.Override{"title": {Value: nil, Author: "ana", Reason: "r"}}
	records := []harvest.Record{minimal, full}
	for i := range records {
		raw, err := json.Marshal(&records[i])
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", records[i].ID, err)
		}
	}
	for name, bad := range map[string]string{
		"no title":        `{"id":"alpha:0123456789abcdef","source":"alpha","url":"https://a.example/"}`,
		"a foreign field": `{"id":"alpha:0123456789abcdef","source":"alpha","url":"https://a.example/","title":"A","colour":"red"}`,
		"a long date":     `{"id":"alpha:0123456789abcdef","source":"alpha","url":"https://a.example/","title":"A","published":{"value":"3 March 2021"}}`,
		"another state":   `{"id":"alpha:0123456789abcdef","source":"alpha","url":"https://a.example/","title":"A","state":"lost"}`,
	} {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(bad))
		if err != nil {
			t.Fatal(err)
		}
		if s.Validate(doc) == nil {
			t.Errorf("%s fits", name)
		}
	}
}
