package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/dc"
	"github.com/harvest87/harvest/sinks/schemaorg"
)

// A field without a row, and a row without a field, in any of the three places,
// leave no page.
func TestFieldsPageIsWhole(t *testing.T) {
	t.Parallel()
	without := func(what func(*fieldRow) bool) []fieldRow {
		return slices.DeleteFunc(slices.Clone(fieldRows), func(f fieldRow) bool { return what(&f) })
	}
	with := func(f fieldRow) []fieldRow { return append(slices.Clone(fieldRows), f) }
	for _, tt := range []struct {
		name string
		rows []fieldRow
		want string
	}{
		{"no title", without(func(f *fieldRow) bool { return f.Path == "title" }), "title of JSON, title of MongoDB, title of SQLite"},
		{"no part of a list", without(func(f *fieldRow) bool { return f.Path == "documents.pages" }), "documents.pages of JSON, documents.pages of MongoDB"},
		{"no part of a map", without(func(f *fieldRow) bool { return f.Path == "overrides.*.at" }), "overrides.*.at of JSON, overrides.*.at of MongoDB"},
		{"no column of SQLite alone", without(func(f *fieldRow) bool { return f.SQL == "published_from" }), "published_from of SQLite"},
		{"no field of MongoDB alone", without(func(f *fieldRow) bool { return f.BSON == "trail" }), "trail of MongoDB"},
		{"nothing in JSON", with(fieldRow{Path: "colour"}), "no field colour in JSON"},
		{"nothing in SQLite", with(fieldRow{SQL: "colour"}), "no column colour in SQLite"},
		{"nothing in MongoDB", with(fieldRow{BSON: "colour"}), "no field colour in MongoDB"},
		{"twice", with(fieldRow{Path: "title"}), "no field title in JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if _, err := fieldsPage(t.Context(), []fieldTable{{schema: recordSchema, table: "records", collection: "records", rows: tt.rows}}); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	page, err := fieldsPage(t.Context(), fieldTables)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "|") && strings.Count(line, "|") != 7 {
			t.Errorf("not six cells: %s", line)
		}
	}
	for _, row := range []string{
		"| `published.value` string | `published` TEXT | `published.value` string |",
		"| `authors` array of string | `authors` TEXT, JSON | `authors` array of string |",
		"| `documents.bytes` integer | in `documents` | `documents.bytes` long |",
		"| `first_seen` string, date-time | `first_seen` TEXT, never NULL | `first_seen` date |",
		"|  | `published_from` TEXT, computed |  |",
		"| `changes.old` any | in `changes` | `changes.old` any |",
		"| `members.score` number | `score` REAL, never NULL | `members.score` double |",
		"| `replay` boolean | `replay` INTEGER, never NULL | `replay` bool |",
		"| `validators.etag` string | `etag` TEXT | `validators.etag` string |",
		"| `from` string | `from_work` TEXT | `from` string |",
	} {
		if !strings.Contains(page, row) {
			t.Errorf("no %s", row)
		}
	}
}

// The terms that fields are given are those under which the exports give them.
func TestTermsAreThoseOfTheExports(t *testing.T) {
	t.Parallel()
	const text = "x"
	one := func(yield func(harvest.Record, error) bool) {
		yield(harvest.Record{
			ID: "alpha:0123456789abcdef", Source: "alpha", URL: "https://alpha.example/", CanonicalURL: "https://alpha.example/a",
			Title: text, TitleAlt: []string{text}, Category: "report", CategoriesRaw: []string{text}, Summary: text, Publisher: text,
			Published: harvest.YearDate(2021), Modified: harvest.YearDate(2022), Language: harvest.Language{Value: "en"}, Authors: []string{text},
			Countries: []string{"NP"}, Regions: []string{"034"}, Topics: []string{text}, Identifiers: harvest.Identifiers{DOI: "10.1234/x", ISBN: "9789221319856"},
			Documents: []harvest.Document{{URL: "https://alpha.example/a.pdf", MediaType: "application/pdf", Bytes: 7, SHA256: text, Title: text, Language: "en"}},
			Licence:   text, Translations: []harvest.Translation{{Language: "fr", URL: "https://alpha.example/fr"}},
		}, nil)
	}
	var linked, core bytes.Buffer
	if _, err := schemaorg.Write(t.Context(), &linked, one); err != nil {
		t.Fatal(err)
	}
	if _, err := dc.Write(t.Context(), &core, one); err != nil {
		t.Fatal(err)
	}
	n := 0
	for i := range fieldRows {
		for term := range strings.SplitSeq(fieldRows[i].Term, ", ") {
			vocabulary, name, _ := strings.Cut(term, ":")
			found := true
			switch vocabulary {
			case "schema":
				found = strings.Contains(linked.String(), `"`+name+`":`)
			case "dc":
				found = strings.Contains(core.String(), "<dc:"+name)
			case "dcterms", "": // the exports are in the fifteen elements, which these refine
				continue
			default:
				t.Errorf("%s: vocabulary %s", fieldRows[i].Path, vocabulary)
			}
			if n++; !found {
				t.Errorf("%s: no export has %s", fieldRows[i].Path, term)
			}
		}
	}
	if n < 30 {
		t.Errorf("%d terms compared", n)
	}
}
