package parquet

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/harvest87/harvest"
)

// row is one record; the columns have the names of docs/fields.md.
type row struct {
	ID                 string        `parquet:"id"`
	Source             string        `parquet:"source,dict"`
	NativeID           *string       `parquet:"native_id,optional"`
	URL                string        `parquet:"url"`
	CanonicalURL       *string       `parquet:"canonical_url,optional"`
	Title              string        `parquet:"title"`
	TitleAlt           []string      `parquet:"title_alt,list"`
	Category           *string       `parquet:"category,optional,dict"`
	CategoryRaw        *string       `parquet:"category_raw,optional,dict"`
	CategoriesRaw      []string      `parquet:"categories_raw,list"`
	Summary            *string       `parquet:"summary,optional"`
	SummaryKind        *string       `parquet:"summary_kind,optional,dict"`
	SummaryTruncated   bool          `parquet:"summary_truncated"`
	Published          *string       `parquet:"published,optional"`
	PublishedPrecision *string       `parquet:"published_precision,optional,dict"`
	PublishedFrom      *int32        `parquet:"published_from,optional,date"`
	Modified           *string       `parquet:"modified,optional"`
	ModifiedPrecision  *string       `parquet:"modified_precision,optional,dict"`
	Language           *string       `parquet:"language,optional,dict"`
	LanguageDeclared   *string       `parquet:"language_declared,optional,dict"`
	Authors            []string      `parquet:"authors,list"`
	Publisher          *string       `parquet:"publisher,optional,dict"`
	Countries          []string      `parquet:"countries,list"`
	Regions            []string      `parquet:"regions,list"`
	Topics             []string      `parquet:"topics,list"`
	DOI                *string       `parquet:"doi,optional"`
	ISBN               *string       `parquet:"isbn,optional"`
	UNSymbol           *string       `parquet:"un_symbol,optional"`
	CELEX              *string       `parquet:"celex,optional"`
	ELI                *string       `parquet:"eli,optional"`
	ECLI               *string       `parquet:"ecli,optional"`
	Handle             *string       `parquet:"handle,optional"`
	Documents          []document    `parquet:"documents,list"`
	Licence            *string       `parquet:"licence,optional,dict"`
	Translations       []translation `parquet:"translations,list"`
	Provenance         *string       `parquet:"provenance,optional"`
	FirstSeen          *int64        `parquet:"first_seen,optional,timestamp(millisecond)"`
	LastSeen           *int64        `parquet:"last_seen,optional,timestamp(millisecond)"`
	LastChanged        *int64        `parquet:"last_changed,optional,timestamp(millisecond)"`
	Revision           int32         `parquet:"revision"`
	State              *string       `parquet:"state,optional,dict"`
	FirstRun           *string       `parquet:"first_run,optional,dict"`
	Run                *string       `parquet:"run,optional,dict"`
	Work               *string       `parquet:"work,optional"`
}

type document struct {
	URL       string  `parquet:"url"`
	MediaType *string `parquet:"media_type,optional"`
	Bytes     *int64  `parquet:"bytes,optional"`
	SHA256    *string `parquet:"sha256,optional"`
	Title     *string `parquet:"title,optional"`
	Pages     *int32  `parquet:"pages,optional"`
	Language  *string `parquet:"language,optional"`
}

type translation struct {
	Language string `parquet:"language"`
	URL      string `parquet:"url"`
}

func rowOf(r *harvest.Record) (row, error) {
	out := row{
		ID: text(r.ID), Source: text(r.Source), NativeID: known(r.NativeID), URL: text(r.URL), CanonicalURL: known(r.CanonicalURL),
		Title: text(r.Title), TitleAlt: list(r.TitleAlt), Category: known(r.Category), CategoryRaw: known(r.CategoryRaw),
		CategoriesRaw: list(r.CategoriesRaw), Summary: known(r.Summary), SummaryKind: known(r.SummaryBasis.Kind),
		SummaryTruncated: r.SummaryBasis.Truncated, Published: known(r.Published.Value), PublishedPrecision: known(r.Published.Precision),
		PublishedFrom: firstDay(r.Published), Modified: known(r.Modified.Value), ModifiedPrecision: known(r.Modified.Precision),
		Language: known(r.Language.Value), LanguageDeclared: known(r.Language.Declared), Authors: list(r.Authors), Publisher: known(r.Publisher),
		Countries: list(r.Countries), Regions: list(r.Regions), Topics: list(r.Topics),
		DOI: known(r.Identifiers.DOI), ISBN: known(r.Identifiers.ISBN), UNSymbol: known(r.Identifiers.UNSymbol), CELEX: known(r.Identifiers.CELEX),
		ELI: known(r.Identifiers.ELI), ECLI: known(r.Identifiers.ECLI), Handle: known(r.Identifiers.Handle), Licence: known(r.Licence),
		FirstSeen: moment(r.FirstSeen), LastSeen: moment(r.LastSeen), LastChanged: moment(r.LastChanged), Revision: int32(r.Revision),
		State: known(r.State), FirstRun: known(r.FirstRun), Run: known(r.Run), Work: known(r.Work),
	}
	for i := range r.Documents {
		out.Documents = append(out.Documents, documentOf(&r.Documents[i]))
	}
	for _, t := range r.Translations {
		out.Translations = append(out.Translations, translation{text(t.Language), text(t.URL)})
	}
	if len(r.Provenance) > 0 {
		b, err := json.Marshal(r.Provenance) // keys are sorted
		if err != nil {
			return row{}, err
		}
		out.Provenance = known(string(b))
	}
	return out, nil
}

func documentOf(d *harvest.Document) document {
	out := document{URL: text(d.URL), MediaType: known(d.MediaType), SHA256: known(d.SHA256), Title: known(d.Title), Language: known(d.Language)}
	if d.Bytes > 0 {
		out.Bytes = &d.Bytes
	}
	if d.Pages > 0 {
		pages := int32(d.Pages)
		out.Pages = &pages
	}
	return out
}

func text[T ~string](s T) string { return strings.ToValidUTF8(string(s), "\uFFFD") }

// known is nil for what is unknown.
func known[T ~string](s T) *string {
	if s == "" {
		return nil
	}
	out := text(s)
	return &out
}

func list(items []string) []string {
	out := make([]string, len(items))
	for i, s := range items {
		out[i] = text(s)
	}
	return out
}

// firstDay is the first day that a date can mean, in days since 1970-01-01.
func firstDay(d harvest.Date) *int32 {
	const january1 = "0000-01-01"
	if d.IsZero() || len(d.Value) > len(january1) {
		return nil
	}
	t, err := time.Parse(time.DateOnly, d.Value+january1[len(d.Value):])
	if err != nil {
		return nil
	}
	days := int32(t.Unix() / 86_400)
	return &days
}

func moment(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}
