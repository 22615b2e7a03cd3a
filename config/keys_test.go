package config_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/harvest87/harvest/config"
)

// TestExamplesAndDefaults loads, for every key of every file, a file that
// holds the key's example and one that holds its default. So what the
// documentation shows can be copied.
func TestExamplesAndDefaults(t *testing.T) {
	each := func(file string, keys []config.Key, load func(text string) config.Problems) {
		walk(keys, nil, func(path []config.Key) {
			k := path[len(path)-1]
			for _, value := range []string{k.Example, k.Default} {
				if value == "" {
					continue
				}
				text := group(keys, path, value)
				if problems := load(text); len(problems) > 0 {
					t.Errorf("%s: %v\nin\n%s", file, problems, text)
				}
			}
			if k.Doc == "" || k.Example == "" || k.Type == "" {
				t.Errorf("%s: %s has no doc, example or type", file, k.Name)
			}
			if k.Required && (k.Default != "" || k.Otherwise != "") {
				t.Errorf("%s: %s is required and has a default", file, k.Name)
			}
		})
	}
	each("source", config.SourceKeys(), func(text string) config.Problems {
		_, problems := loader("").ParseSource("respect.yaml", []byte(text))
		return problems
	})
	each("harvest.yaml", config.HarvestKeys(), func(text string) config.Problems {
		path := filepath.Join(t.TempDir(), "harvest.yaml")
		write(t, path, text)
		_, problems := loader("").Load(path)
		return problems.In(path)
	})
}

// walk visits every key with the keys above it.
func walk(keys, above []config.Key, visit func(path []config.Key)) {
	for _, k := range keys {
		path := append(slices.Clip(above), k)
		visit(path)
		walk(k.Keys, path, visit)
	}
}

// group writes a mapping in flow style in which path leads to value, with the
// keys that are required beside it.
func group(keys, path []config.Key, value string) string {
	var out []string
	for _, k := range keys {
		switch {
		case len(path) > 0 && k.Name == path[0].Name && len(path) == 1:
			out = append(out, k.Name+": "+value)
		case len(path) > 0 && k.Name == path[0].Name:
			out = append(out, k.Name+": "+group(k.Keys, path[1:], value))
		case k.Required, k.Name == "wordpress" && len(path) > 0 && (path[0].Name == "page" || path[0].Name == "render"):
			out = append(out, k.Name+": "+k.Example)
		case len(path) > 0 && (path[0].Name == "first" || path[0].Name == "step") && k.Name == "pattern",
			len(path) > 0 && path[0].Name == "max_pages" && k.Name == "link",
			len(path) > 0 && path[0].Name == "detail_fields" && k.Name == "detail",
			len(path) > 0 && path[0].Name == "param" && k.Name == "cursor",
			len(keys) > 10 && keys[0].Name == "id" && keys[1].Name == "link" && len(path) > 0 && path[0].Name != k.Name && (k.Name == "title" || k.Name == "link") && path[0].Name != "detail_fields",
			len(path) > 0 && (path[0].Name == "first" || path[0].Name == "step") && k.Name == "page":
			out = append(out, k.Name+": "+k.Example)
		}
	}
	return "{" + strings.Join(out, ", ") + "}"
}

// TestSchema checks that the schema is one, that it accepts every source file
// that the loader accepts, and that it refuses an unknown key and a bad value.
func TestSchema(t *testing.T) {
	text, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("source.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("source.json")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("sources/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		source, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(asJSON(t, string(source))); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := schema.Validate(asJSON(t, good)); err != nil {
		t.Error(err)
	}
	for name, text := range map[string]string{
		"an unknown key":     good + "colour: blue\n",
		"a missing name":     strings.Replace(good, "name:", "publisher:", 1),
		"a category":         good + "categories: {Guidance: guides}\n",
		"two kinds of doors": good + "    listing: {start: https://example.org, item: {card: a}}\n",
		"a number":           strings.Replace(good, "{}", "{per_page: 500}", 1),
	} {
		if err := schema.Validate(asJSON(t, text)); err == nil {
			t.Errorf("the schema accepts %s:\n%s", name, text)
		}
	}
}

// asJSON is YAML as a JSON reader would see it.
func asJSON(t *testing.T, text string) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

var yamlBlock = regexp.MustCompile("(?ms)^( *)```ya?ml\n(.*?)^ *```")

// TestDocs lints the source files that the documentation shows: every YAML
// block with an id and doors.
func TestDocs(t *testing.T) {
	pages, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range append(pages, "../README.md") {
		text, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range yamlBlock.FindAllSubmatchIndex(text, -1) {
			block := strings.ReplaceAll("\n"+string(text[m[4]:m[5]]), "\n"+string(text[m[2]:m[3]]), "\n")[1:]
			var head struct{ ID string }
			if yaml.Unmarshal([]byte(block), &head) == nil && head.ID == "" {
				continue // a part of a file
			}
			found++
			at := 1 + bytes.Count(text[:m[4]], []byte("\n"))
			_, problems := loader("").ParseSource(head.ID+".yaml", []byte(block))
			for _, p := range problems {
				p.File, p.Line = path, p.Line+at-1
				t.Error(p)
			}
		}
	}
	if found == 0 {
		t.Error("the documentation shows no source file")
	}
}

// TestDocsMessage checks the message that the walk-through shows.
func TestDocsMessage(t *testing.T) {
	text, err := os.ReadFile("../docs/adding-a-source.md")
	if err != nil {
		t.Fatal(err)
	}
	first := string(yamlBlock.FindSubmatch(text)[2])
	_, problems := loader("").ParseSource("config/sources/example-library.yaml", []byte(strings.Replace(first, "https://", "", 1)))
	if !strings.Contains(string(text), "\n"+problems.String()+"\n") {
		t.Errorf("the walk-through does not show: %s", problems)
	}
}

// TestKeyReference compares docs/keys.md with the table by which the loader
// reads; `make docs` and -update rewrite it.
func TestKeyReference(t *testing.T) {
	const path = "../docs/keys.md"
	want := config.Reference()
	if *update {
		write(t, path, want)
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("%s is out of date; run make docs (-want +got):\n%s", path, diff)
	}
	for _, keys := range [][]config.Key{config.SourceKeys(), config.HarvestKeys()} {
		walk(keys, nil, func(at []config.Key) {
			k := at[len(at)-1]
			if !strings.Contains(want, "| `"+k.Name+"` | ") || len(k.Keys) > 0 && !strings.Contains(want, "\n### `"+names(at)+"`\n") {
				t.Errorf("%s is not documented", names(at))
			}
		})
	}
}

// TestReferenceExamples reads the examples of the page as YAML.
func TestReferenceExamples(t *testing.T) {
	blocks := yamlBlock.FindAllStringSubmatch(config.Reference(), -1)
	for _, m := range blocks {
		var v map[string]any
		if err := yaml.Unmarshal([]byte(m[2]), &v); err != nil || len(v) != 1 {
			t.Errorf("%v in\n%s", err, m[2])
		}
	}
	if len(blocks) < 20 {
		t.Errorf("the page has %d examples", len(blocks))
	}
}

func names(path []config.Key) string {
	var out []string
	for _, k := range path {
		out = append(out, k.Name)
	}
	return strings.Join(out, ".")
}
