package main

import (
	"encoding/json"
	"fmt"
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
	return group("schema", "Print the schemas of what Harvest writes", "  harvest schema record", record, revision)
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
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return map[string]any{"type": "integer", "minimum": 0}
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
// form. Names are those of Dublin Core and schema.org where these have one.
var descriptions = map[string]string{
	"record.id":                      "identity, the same for ever: source, colon, 16 characters of Crockford's base 32",
	"record.source":                  "the source that gives the record",
	"record.native_id":               "the source's own identifier, with its scheme: wp:123",
	"record.url":                     "where a reader finds the item (RFC 3986)",
	"record.canonical_url":           "the address that the page declares, normalised",
	"record.title":                   "title, NFC",
	"record.title_alt":               "further titles",
	"record.category":                "document type, an identifier of the controlled list",
	"record.category_raw":            "the source's label that decided the type",
	"record.categories_raw":          "all labels of the source, in its order",
	"record.summary":                 "summary; paragraphs are parted by an empty line",
	"record.summary_basis":           "what kind of text the summary is",
	"record.summary_basis.kind":      "best first: abstract, description, lead, card; curated when a person wrote it here",
	"record.summary_basis.truncated": "the source cut the text, and the whole could not be had",
	"record.published":               "date of publication (ISO 8601-1, reduced precision)",
	"record.published.value":         "2021, 2021-03 or 2021-03-15",
	"record.published.precision":     "how much of the date is known",
	"record.modified":                "date of the last change, by the source",
	"record.modified.value":          "2021, 2021-03 or 2021-03-15",
	"record.modified.precision":      "how much of the date is known",
	"record.language":                "language, twice, as both lie in practice",
	"record.language.value":          "language of the text (BCP 47)",
	"record.language.declared":       "language that the page declares (BCP 47)",
	"record.authors":                 "authors, as the source writes them",
	"record.publisher":               "publisher",
	"record.countries":               "countries that it is about (ISO 3166-1 alpha-2)",
	"record.regions":                 "regions that it is about (UN M49, three digits)",
	"record.topics":                  "topics, identifiers of the controlled list",
	"record.identifiers":             "names in public registries, without resolver",
	"record.identifiers.doi":         "DOI (ISO 26324)",
	"record.identifiers.isbn":        "ISBN-13, digits (ISO 2108)",
	"record.identifiers.un_symbol":   "United Nations document symbol",
	"record.identifiers.celex":       "CELEX number of EU law",
	"record.identifiers.eli":         "European Legislation Identifier",
	"record.identifiers.ecli":        "European Case Law Identifier",
	"record.identifiers.handle":      "handle",
	"record.documents":               "files that the record offers",
	"record.documents.url":           "address of the file",
	"record.documents.media_type":    "media type (RFC 6838)",
	"record.documents.bytes":         "size in octets",
	"record.documents.sha256":        "SHA-256, hex",
	"record.documents.title":         "title of the file",
	"record.documents.pages":         "number of pages",
	"record.documents.language":      "language of the file (BCP 47)",
	"record.licence":                 "licence, as the source states it",
	"record.translations":            "the same item in other languages",
	"record.translations.language":   "language (BCP 47)",
	"record.translations.url":        "address",
	"record.provenance":              "where each value came from, by the name of its field",
	"record.provenance.*.basis":      "kind of evidence: door, json-ld, meta, selector, citation, text, url, rule, default, curation",
	"record.provenance.*.detail":     "the place within the page",
	"record.provenance.*.page":       "address of the page",
	"record.first_seen":              "when it was first seen, UTC",
	"record.last_seen":               "when it was last seen, UTC",
	"record.last_changed":            "when it last changed, UTC",
	"record.revision":                "how many states it has had, from 1",
	"record.state":                   "whether the source still offers it",
	"record.first_run":               "the run that found it: source, @, scheduled time",
	"record.run":                     "the run that last changed it; none when a person did",
	"record.page_hash":               "SHA-256 of the page that made this revision, hex",
	"record.overrides":               "what people said of fields, by the name of the field",
	"record.overrides.*.value":       "the value given, as text: none for an empty field, several for a list",
	"record.overrides.*.harvested":   "what the source says, in the same form",
	"record.overrides.*.evidence":    "where the source says so",
	"record.overrides.*.author":      "who said so",
	"record.overrides.*.reason":      "why",
	"record.overrides.*.at":          "when, UTC",
	"record.work":                    "the work that it describes, if other records do too",

	"record.overrides.*.evidence.basis":  "kind of evidence",
	"record.overrides.*.evidence.detail": "the place within the page",
	"record.overrides.*.evidence.page":   "address of the page",

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
}
