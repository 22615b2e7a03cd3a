package sqlite

import (
	"strings"

	"github.com/harvest87/harvest"
)

// column is one column of table records and the field that it holds.
type column struct {
	name string
	of   func(*harvest.Record) field
}

// identity and content are what Put writes of a record: what its source says,
// and what people said instead.
var (
	identity = column{"id", func(r *harvest.Record) field { return textAt(&r.ID) }}
	content  = []column{
		{"source", func(r *harvest.Record) field { return textAt(&r.Source) }},
		{"native_id", func(r *harvest.Record) field { return textAt(&r.NativeID) }},
		{"url", func(r *harvest.Record) field { return textAt(&r.URL) }},
		{"canonical_url", func(r *harvest.Record) field { return textAt(&r.CanonicalURL) }},
		{"title", func(r *harvest.Record) field { return textAt(&r.Title) }},
		{"title_alt", func(r *harvest.Record) field { return documentAt(&r.TitleAlt) }},
		{"category", func(r *harvest.Record) field { return textAt(&r.Category) }},
		{"category_raw", func(r *harvest.Record) field { return textAt(&r.CategoryRaw) }},
		{"categories_raw", func(r *harvest.Record) field { return documentAt(&r.CategoriesRaw) }},
		{"summary", func(r *harvest.Record) field { return textAt(&r.Summary) }},
		{"summary_kind", func(r *harvest.Record) field { return textAt(&r.SummaryBasis.Kind) }},
		{"summary_truncated", func(r *harvest.Record) field { return flagAt(&r.SummaryBasis.Truncated) }},
		{"published", func(r *harvest.Record) field { return textAt(&r.Published.Value) }},
		{"published_precision", func(r *harvest.Record) field { return textAt(&r.Published.Precision) }},
		{"modified", func(r *harvest.Record) field { return textAt(&r.Modified.Value) }},
		{"modified_precision", func(r *harvest.Record) field { return textAt(&r.Modified.Precision) }},
		{"language", func(r *harvest.Record) field { return textAt(&r.Language.Value) }},
		{"language_declared", func(r *harvest.Record) field { return textAt(&r.Language.Declared) }},
		{"authors", func(r *harvest.Record) field { return documentAt(&r.Authors) }},
		{"publisher", func(r *harvest.Record) field { return textAt(&r.Publisher) }},
		{"countries", func(r *harvest.Record) field { return documentAt(&r.Countries) }},
		{"regions", func(r *harvest.Record) field { return documentAt(&r.Regions) }},
		{"topics", func(r *harvest.Record) field { return documentAt(&r.Topics) }},
		{"doi", func(r *harvest.Record) field { return textAt(&r.Identifiers.DOI) }},
		{"isbn", func(r *harvest.Record) field { return textAt(&r.Identifiers.ISBN) }},
		{"un_symbol", func(r *harvest.Record) field { return textAt(&r.Identifiers.UNSymbol) }},
		{"celex", func(r *harvest.Record) field { return textAt(&r.Identifiers.CELEX) }},
		{"eli", func(r *harvest.Record) field { return textAt(&r.Identifiers.ELI) }},
		{"ecli", func(r *harvest.Record) field { return textAt(&r.Identifiers.ECLI) }},
		{"handle", func(r *harvest.Record) field { return textAt(&r.Identifiers.Handle) }},
		{"documents", func(r *harvest.Record) field { return documentAt(&r.Documents) }},
		{"licence", func(r *harvest.Record) field { return textAt(&r.Licence) }},
		{"translations", func(r *harvest.Record) field { return documentAt(&r.Translations) }},
		{"provenance", func(r *harvest.Record) field { return documentAt(&r.Provenance) }},
		{"page_hash", func(r *harvest.Record) field { return textAt(&r.PageHash) }},
		{"overrides", func(r *harvest.Record) field { return documentAt(&r.Overrides) }},
	}
)

// kept are what the catalogue says of a record. Work stands in another table.
var kept = []column{
	{"first_seen", func(r *harvest.Record) field { return instantAt(&r.FirstSeen) }},
	{"last_seen", func(r *harvest.Record) field { return instantAt(&r.LastSeen) }},
	{"last_changed", func(r *harvest.Record) field { return instantAt(&r.LastChanged) }},
	{"revision", func(r *harvest.Record) field { return numberAt(&r.Revision) }},
	{"state", func(r *harvest.Record) field { return textAt(&r.State) }},
	{"first_run", func(r *harvest.Record) field { return textAt(&r.FirstRun) }},
	{"run", func(r *harvest.Record) field { return textAt(&r.Run) }},
	{"(SELECT work FROM work_members WHERE record = records.id)", func(r *harvest.Record) field { return textAt(&r.Work) }},
}

// Statements over all columns, written once from the lists above.
var (
	recordColumns = "id, " + names(content, ", ") + ", " + names(kept, ", ")

	// The values: identity, content, hash, three times, two runs.
	insertRecord = "INSERT INTO records (id, " + names(content, ", ") +
		", content_hash, first_seen, last_seen, last_changed, first_run, run, revision, state) VALUES (?" +
		strings.Repeat(", ?", len(content)) + ", ?, ?, ?, ?, ?, ?, 1, 'active')"

	// The values: content, hash and the time it was seen (NULL for what they
	// are), time of the change, run, revision, state, identity.
	replaceRecord = "UPDATE records SET " + names(content, " = ?, ") + " = ?, content_hash = coalesce(?, content_hash), " +
		"last_seen = max(last_seen, coalesce(?, '')), last_changed = ?, run = ?, revision = ?, state = ? WHERE id = ?"
)

func names(columns []column, separator string) string {
	var out []string
	for _, c := range columns {
		out = append(out, c.name)
	}
	return strings.Join(out, separator)
}

// scan reads the record that stands in recordColumns.
func scan(row interface{ Scan(...any) error }) (harvest.Record, error) {
	var r harvest.Record
	err := row.Scan(targets(&r)...)
	return r, err
}

// targets are where the columns of recordColumns go.
func targets(r *harvest.Record) []any {
	into := []any{identity.of(r)}
	for _, c := range content {
		into = append(into, c.of(r))
	}
	for _, c := range kept {
		into = append(into, c.of(r))
	}
	return into
}
