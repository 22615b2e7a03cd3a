package page

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/harvest87/harvest/parsers/normalize"
)

// The items of other people's cases, those of the specification among them, have
// the properties that others read in them.
func TestMicrodataOfOthers(t *testing.T) {
	bases := map[string]string{"microdata.7.1.html": "http://blog.example.com/progress-report", "microdata.object.html": "http://www.example.com/microdata/"}
	not := map[string]string{
		"SearchAction.001.html": "takes the attributes of a form's field for a thing",
		"product-ref.html":      "follows itemref into another item, against step 5 of section 5.2.5",
	}
	read := 0
	walk(t, cases(t, "structured"), ".html", func(name string, body []byte) {
		b, err := os.ReadFile(strings.TrimSuffix(name, ".html") + ".json")
		var want []any
		if err != nil || !strings.Contains(string(body), "itemscope") || json.Unmarshal(b, &want) != nil || !strings.Contains(string(b), `"properties": {`) {
			return
		}
		if why := not[filepath.Base(name)]; why != "" {
			t.Logf("left out: %s %s", filepath.Base(name), why)
			return
		}
		doc, _ := parse(decode(body, ""))
		r := newMarkupReader(bases[filepath.Base(name)])
		var got []any
		for _, s := range look(doc.Nodes[0]).scopes {
			if !s.rdfa {
				got = append(got, map[string]any(r.microdataThing(s.node, 0)))
			}
		}
		read++
		if diff := cmp.Diff(plainItems(want), plainItems(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filepath.Base(name), diff)
		}
	})
	if read < 15 {
		t.Errorf("read %d cases, want all", read)
	}
}

// plainItems brings items, ours and those of the cases, into one form: lists of
// properties with text values, white space folded.
func plainItems(v any) any {
	switch v := v.(type) {
	case []any:
		var out []any
		for _, one := range v {
			out = append(out, plainItems(one))
		}
		return out
	case map[string]any:
		out := make(map[string]any)
		if props, ok := v["properties"].(map[string]any); ok {
			for name, value := range props {
				out[name] = plainItems(values(value))
			}
			for name, as := range map[string]string{"type": "@type", "id": "@id"} {
				if v[name] != nil {
					out[as] = plainItems(values(v[name]))
				}
			}
			return out
		}
		for name, value := range v {
			if as := map[string]string{"value": "name", "type": "@type", "id": "@id"}[name]; as != "" && (v["value"] != nil) {
				name = as
			}
			out[name] = plainItems(values(value))
		}
		return out
	case string:
		return normalize.Text(v)
	}
	return v
}
