package csv

import (
	"slices"
	"strconv"
	"time"

	"github.com/harvest87/harvest"
)

// Column is one column of the table.
type Column struct {
	// Name stands in the header line. It is the field's name in
	// [harvest.Record], but for fields that need more than one column.
	Name string
	// Means says what stands in the column, for people.
	Means string
	value func(*harvest.Record) string
}

// Columns lists the columns in their order. The slice is a copy.
func Columns() []Column { return slices.Clone(columns) }

var columns = []Column{
	{"id", "the record's identifier, stable for ever", func(r *harvest.Record) string { return string(r.ID) }},
	{"source", "the source that describes the document", func(r *harvest.Record) string { return string(r.Source) }},
	{"native_id", "the source's own identifier", func(r *harvest.Record) string { return r.NativeID }},
	{"url", "where a reader finds the item", func(r *harvest.Record) string { return r.URL }},
	{"canonical_url", "the address that the page declares", func(r *harvest.Record) string { return r.CanonicalURL }},
	{"title", "title", func(r *harvest.Record) string { return r.Title }},
	{"title_alt", "other titles (list)", func(r *harvest.Record) string { return joinList(r.TitleAlt) }},
	{"category", "document type from the controlled list", func(r *harvest.Record) string { return r.Category }},
	{"category_raw", "the source's label that decided the category", func(r *harvest.Record) string { return r.CategoryRaw }},
	{"categories_raw", "all labels of the source (list)", func(r *harvest.Record) string { return joinList(r.CategoriesRaw) }},
	{"summary", "summary", func(r *harvest.Record) string { return r.Summary }},
	{"summary_kind", "abstract, description, lead or card", func(r *harvest.Record) string { return string(r.SummaryBasis.Kind) }},
	{"summary_truncated", "true when the source cut the summary", func(r *harvest.Record) string { return trueOnly(r.SummaryBasis.Truncated) }},
	{"published", "date of publication: 2021, 2021-03 or 2021-03-15", func(r *harvest.Record) string { return r.Published.Value }},
	{"published_precision", "year, month or day", func(r *harvest.Record) string { return string(r.Published.Precision) }},
	{"modified", "date of the last change by the publisher", func(r *harvest.Record) string { return r.Modified.Value }},
	{"modified_precision", "year, month or day", func(r *harvest.Record) string { return string(r.Modified.Precision) }},
	{"language", "language of the text (BCP 47)", func(r *harvest.Record) string { return r.Language.Value }},
	{"language_declared", "language that the page declares (BCP 47)", func(r *harvest.Record) string { return r.Language.Declared }},
	{"authors", "authors (list)", func(r *harvest.Record) string { return joinList(r.Authors) }},
	{"publisher", "publisher", func(r *harvest.Record) string { return r.Publisher }},
	{"countries", "countries (list of ISO 3166-1 alpha-2)", func(r *harvest.Record) string { return joinList(r.Countries) }},
	{"regions", "regions (list of UN M49)", func(r *harvest.Record) string { return joinList(r.Regions) }},
	{"topics", "topics from the controlled list (list)", func(r *harvest.Record) string { return joinList(r.Topics) }},
	{"doi", "DOI, without resolver", func(r *harvest.Record) string { return r.Identifiers.DOI }},
	{"isbn", "ISBN-13, digits", func(r *harvest.Record) string { return r.Identifiers.ISBN }},
	{"un_symbol", "United Nations document symbol", func(r *harvest.Record) string { return r.Identifiers.UNSymbol }},
	{"celex", "CELEX number", func(r *harvest.Record) string { return r.Identifiers.CELEX }},
	{"eli", "European Legislation Identifier", func(r *harvest.Record) string { return r.Identifiers.ELI }},
	{"ecli", "European Case Law Identifier", func(r *harvest.Record) string { return r.Identifiers.ECLI }},
	{"handle", "handle, without resolver", func(r *harvest.Record) string { return r.Identifiers.Handle }},
	{"document_urls", "addresses of the files (list)", func(r *harvest.Record) string { return joinList(documentURLs(r)) }},
	{"licence", "licence", func(r *harvest.Record) string { return r.Licence }},
	{"translations", "the item in other languages, as \"fr https://…\" (list)", func(r *harvest.Record) string { return joinList(translations(r)) }},
	{"first_seen", "moment of the first harvest (UTC)", func(r *harvest.Record) string { return moment(r.FirstSeen) }},
	{"last_seen", "moment of the last harvest that found it (UTC)", func(r *harvest.Record) string { return moment(r.LastSeen) }},
	{"last_changed", "moment of the last change of its content (UTC)", func(r *harvest.Record) string { return moment(r.LastChanged) }},
	{"revision", "number of contents it has had, from 1", func(r *harvest.Record) string { return positive(r.Revision) }},
	{"state", "active, gone or withdrawn", func(r *harvest.Record) string { return string(r.State) }},
	{"first_run", "the run that found it", func(r *harvest.Record) string { return string(r.FirstRun) }},
	{"run", "the run that last changed it", func(r *harvest.Record) string { return string(r.Run) }},
	{"work", "the work it describes, when other records do too", func(r *harvest.Record) string { return string(r.Work) }},
}

func trueOnly(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func documentURLs(r *harvest.Record) []string {
	var out []string
	for _, d := range r.Documents {
		out = append(out, d.URL)
	}
	return out
}

func translations(r *harvest.Record) []string {
	var out []string
	for _, t := range r.Translations {
		out = append(out, t.Language+" "+t.URL)
	}
	return out
}

// Text is what the column has of a record, as it is: neither [Guard] nor
// quotes have been at it.
func (c Column) Text(r *harvest.Record) string { return clean(c.value(r)) }
