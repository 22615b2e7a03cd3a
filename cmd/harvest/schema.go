package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"reflect"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/harvest87/harvest"
)

func (m Main) schemaCommand(*flags) *cobra.Command {
	record := &cobra.Command{
		Use:   "record",
		Short: "Print the JSON Schema of a record",
		Long: `Record prints the JSON Schema, draft 2020-12, of a line of 'harvest export
--format jsonl' and of 'harvest show --json'.`,
		Example: "  harvest schema record > record.schema.json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return printJSON(m.Stdout, recordSchema()) },
	}
	revision := &cobra.Command{
		Use:     "revision",
		Short:   "Print the JSON Schema of a revision, as 'harvest history --json' lists them",
		Example: "  harvest schema revision > revision.schema.json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return printJSON(m.Stdout, revisionSchema()) },
	}
	fields := &cobra.Command{
		Use:   "fields",
		Short: "Print every field of the catalogue with its types in JSON, SQLite and MongoDB",
		Long: `Fields prints a page in Markdown with every field of records, revisions, works,
their history, runs and the ledger of pages: what it is, its form or unit, what
Dublin Core and schema.org call it, and its name and type in JSON, in SQLite and
in MongoDB.`,
		Example: "  harvest schema fields > fields.md",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			page, err := fieldsPage(cmd.Context(), fieldTables)
			if err != nil {
				return err
			}
			_, err = io.WriteString(m.Stdout, page)
			return err
		},
	}
	return group("schema", "Print the schemas of what Harvest writes", "  harvest schema record\n  harvest schema fields", record, revision, fields)
}

// schemaVersion is that of the documents, not of a store: it changes when a
// reader of the old ones would be misled.
const schemaVersion = "1"

func recordSchema() map[string]any {
	return standalone("record", "A record: one description of a document, as one source gives it", reflect.TypeFor[harvest.Record]())
}

func revisionSchema() map[string]any {
	return standalone("revision", "A revision: one state of a record, from one change to the next", reflect.TypeFor[harvest.Revision]())
}

func standalone(name, title string, of reflect.Type) map[string]any {
	s := schemaOf(of, name+".")
	s["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	s["$id"] = "https://github.com/harvest87/harvest/schema/" + name + "-" + schemaVersion + ".json"
	s["title"] = title
	return s
}

// schemaOf is the schema of a type. The path names its fields in the tables
// below.
func schemaOf(t reflect.Type, path string) map[string]any {
	switch t {
	case reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case reflect.TypeFor[json.RawMessage]():
		return map[string]any{} // any value
	case reflect.TypeFor[[]byte]():
		return map[string]any{"type": "string", "contentEncoding": "base64"}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer", "minimum": 0}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Pointer:
		return schemaOf(t.Elem(), path)
	case reflect.Slice:
		return map[string]any{"type": "array", "items": schemaOf(t.Elem(), path)}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem(), path+"*.")}
	case reflect.Struct:
		return schemaOfStruct(t, path)
	}
	panic(fmt.Sprintf("no schema for %s of kind %s", path, t.Kind())) // a test makes all schemas
}

func schemaOfStruct(t reflect.Type, path string) map[string]any {
	properties := make(map[string]any)
	required := []string{}
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "reached" { // travels between crawler and store alone
			continue
		}
		s := schemaOf(field.Type, path+name+".")
		at := path + name
		if d := descriptions[at]; d != "" {
			s["description"] = d
		}
		maps.Copy(s, forms[at])
		if options == "" {
			required = append(required, name)
		}
		properties[name] = s
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

const datePattern = `^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$`

// forms are what a Go type does not say of a value.
var forms = map[string]map[string]any{
	"record.id":                  {"pattern": "^[a-z][a-z0-9-]*:[0-9a-hjkmnp-tv-z]{16}$"},
	"record.url":                 {"format": "uri"},
	"record.canonical_url":       {"format": "uri"},
	"record.title":               {"minLength": 1},
	"record.published.value":     {"pattern": datePattern},
	"record.modified.value":      {"pattern": datePattern},
	"record.published.precision": {"enum": precisions},
	"record.modified.precision":  {"enum": precisions},
	"record.summary_basis.kind": {"enum": []any{
		harvest.SummaryAbstract, harvest.SummaryDescription, harvest.SummaryLead, harvest.SummaryCard, harvest.SummaryCurated,
	}},
	"record.state":            {"enum": []any{harvest.StateActive, harvest.StateGone, harvest.StateWithdrawn}},
	"record.revision":         {"minimum": 1},
	"record.countries":        {"items": map[string]any{"type": "string", "pattern": "^[A-Z]{2}$"}},
	"record.regions":          {"items": map[string]any{"type": "string", "pattern": `^\d{3}$`}},
	"record.identifiers.doi":  {"pattern": `^10\.`},
	"record.identifiers.isbn": {"pattern": `^\d{13}$`},
	"record.page_hash":        {"pattern": "^[0-9a-f]{64}$"},
	"record.documents.sha256": {"pattern": "^[0-9a-f]{64}$"},
	"record.work":             {"pattern": "^w:"},
	"revision.revision":       {"minimum": 1},
}

var precisions = []any{harvest.PrecisionYear, harvest.PrecisionMonth, harvest.PrecisionDay}

// descriptions say what each field is, with its unit and the source of its
// form. Those of a record come from [fieldRows].
var descriptions = describe(map[string]string{
	"revision.record":        "the record",
	"revision.revision":      "number, from 1",
	"revision.valid_from":    "when the change was written, UTC",
	"revision.valid_to":      "when the next one was, UTC; none for the revision that stands",
	"revision.run":           "the run that made it; none when a person did",
	"revision.page_hash":     "SHA-256 of the page that said so, hex",
	"revision.author":        "the person who made it",
	"revision.reason":        "why",
	"revision.changes":       "what differs from the revision before",
	"revision.changes.field": "name of the field, dotted below an object",
	"revision.changes.old":   "the value before, none when it was empty",
	"revision.changes.new":   "the value after, none when it is empty",
})

func describe(of map[string]string) map[string]string {
	for i := range fieldRows {
		if row := &fieldRows[i]; row.Path != "" {
			of["record."+row.Path] = row.description()
		}
	}
	return of
}
