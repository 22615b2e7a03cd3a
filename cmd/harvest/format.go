package main

import (
	"context"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/sinks/atom"
	"github.com/harvest87/harvest/sinks/bibtex"
	"github.com/harvest87/harvest/sinks/csl"
	"github.com/harvest87/harvest/sinks/csv"
	"github.com/harvest87/harvest/sinks/dc"
	"github.com/harvest87/harvest/sinks/jsonl"
	"github.com/harvest87/harvest/sinks/parquet"
	"github.com/harvest87/harvest/sinks/ris"
	"github.com/harvest87/harvest/sinks/schemaorg"
	"github.com/harvest87/harvest/sinks/xlsx"
)

// records are what an export writes.
type records = iter.Seq2[harvest.Record, error]

// selection says what was asked for, to the formats that tell it.
type selection struct {
	about   string    // the filters, for people
	updated time.Time // when the catalogue last changed
}

// format is a format of export.
type format struct {
	name string
	// means says what it is for.
	means string
	// endings are the ends of file names that mean this format.
	endings []string
	// kind is what a terminal needs to know.
	kind  kind
	write func(context.Context, io.Writer, records, selection) (int, error)
}

// kind is what a format is made of.
type kind int

const (
	kindText   kind = iota
	kindJSON        // text in which characters can be escaped
	kindBinary      // nothing for a screen
)

// formats are all of them, by name.
var formats = []format{
	{"atom", "a feed for readers and alerts", []string{".atom"}, kindText, func(ctx context.Context, w io.Writer, r records, s selection) (int, error) {
		return atom.Write(ctx, w, r, atom.Options{Title: s.about, ID: s.about, Updated: s.updated})
	}},
	{"bibtex", "a bibliography for BibTeX and biber", []string{".bib"}, kindText, plain(bibtex.Write)},
	{"csl", "CSL-JSON for Pandoc, citeproc and Zotero", nil, kindJSON, plain(csl.Write)},
	{"csv", "a table for spreadsheets", []string{".csv"}, kindText, func(ctx context.Context, w io.Writer, r records, _ selection) (int, error) {
		return csv.Write(ctx, w, r, csv.Options{})
	}},
	{"dc", "unqualified Dublin Core in XML for libraries", nil, kindText, plain(dc.Write)},
	{"jsonl", "everything, one record a line", []string{".jsonl", ".ndjson"}, kindJSON, plain(jsonl.Write)},
	{"parquet", "a typed table for pandas, R, DuckDB and Spark", []string{".parquet"}, kindBinary, plain(parquet.Write)},
	{"ris", "references for Zotero, EndNote and Mendeley", []string{".ris"}, kindText, plain(ris.Write)},
	{"schemaorg", "JSON-LD in the words of schema.org", []string{".jsonld"}, kindJSON, plain(schemaorg.Write)},
	{"xlsx", "a workbook for Excel and LibreOffice", []string{".xlsx"}, kindBinary, plain(xlsx.Write)},
}

// plain is a format that does not tell what was asked for.
func plain(write func(context.Context, io.Writer, records) (int, error)) func(context.Context, io.Writer, records, selection) (int, error) {
	return func(ctx context.Context, w io.Writer, r records, _ selection) (int, error) { return write(ctx, w, r) }
}

func formatNames() []string {
	names := make([]string, len(formats))
	for i := range formats {
		names[i] = formats[i].name
	}
	return names
}

// formatsForPeople lists the formats with what each is for.
func formatsForPeople() string {
	var b strings.Builder
	for i := range formats {
		b.WriteString("  " + formats[i].name + strings.Repeat(" ", 11-len(formats[i].name)) + formats[i].means + "\n")
	}
	return b.String()
}

// formatOf is the format of that name; without a name it is the one that the
// end of the file's name means, or jsonl.
func formatOf(name, file string) (format, bool) {
	if name == "" {
		ending := strings.ToLower(filepath.Ext(file))
		for _, f := range formats {
			if ending != "" && slices.Contains(f.endings, ending) {
				return f, true
			}
		}
		name = "jsonl"
	}
	for _, f := range formats {
		if f.name == name {
			return f, true
		}
	}
	return format{}, false
}
