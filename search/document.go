package search

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/harvest87/harvest"
)

// The fields of the index. Text fields keep positions for phrases; the others
// keep whole values. Only fieldStamp can be read back.
const (
	fieldTitle     = "title"
	fieldText      = "text" // everything else that words are searched in
	fieldAuthor    = "author"
	fieldPublisher = "publisher"
	// The stems of a text field stand in a field of their own, so that a
	// phrase, a beginning or a fuzzy word meets only words that were written.
	stemsOf = ".stems"

	fieldSource   = "source"
	fieldCategory = "category"
	fieldLanguage = "lang"
	fieldState    = "state"
	fieldDay      = "published" // the first day of the date, for sorting
	fieldSince    = "since"     // that day as moments, see since.go
	fieldChanged  = "changed"   // LastChanged as moments
	fieldTopic    = "topic"
	fieldCountry  = "country"
	fieldYear     = "year"
	fieldTongue   = "tongue" // the first subtag of the language

	// fieldStamp says which content of the record was indexed.
	fieldStamp = "stamp"
)

const (
	textOptions   = index.IndexField | index.IncludeTermVectors
	stemOptions   = index.IndexField
	filterOptions = index.IndexField | index.SkipFreqNorm
	sortOptions   = index.IndexField | index.SkipFreqNorm | index.DocValues
)

// newDocument makes the index entry of a record. A withdrawn record leaves
// none of its text.
func newDocument(r *harvest.Record) *document.Document {
	d := document.NewDocument(string(r.ID))
	d.AddField(document.NewTextFieldCustom(fieldStamp, nil, []byte(stampOf(r)), index.StoreField, nil))

	addTerms(d, fieldSource, sortOptions, string(r.Source))
	addTerms(d, fieldState, sortOptions, string(stateOf(r)))
	addTerms(d, fieldChanged, filterOptions, moments(changedMoment(r.LastChanged), changedLevels)...)
	if stateOf(r) == harvest.StateWithdrawn {
		return d
	}
	addTerms(d, fieldCategory, sortOptions, r.Category)
	ranges := languageRanges(r.Language.Value)
	addTerms(d, fieldLanguage, filterOptions, ranges...)
	if len(ranges) > 0 {
		addTerms(d, fieldTongue, sortOptions, ranges[len(ranges)-1])
	}
	addTerms(d, fieldTopic, sortOptions, distinct(r.Topics)...)
	addTerms(d, fieldCountry, sortOptions, distinct(r.Countries)...)
	if day := firstDay(r.Published); day != "" {
		addTerms(d, fieldDay, sortOptions, day)
		addTerms(d, fieldYear, sortOptions, day[:len("2006")])
		addTerms(d, fieldSince, filterOptions, moments(day, dayLevels)...)
	}

	languages := stemmersFor(r.Language.Value)
	addText(d, fieldTitle, languages, append([]string{r.Title}, r.TitleAlt...))
	addText(d, fieldAuthor, nil, r.Authors)
	addText(d, fieldPublisher, nil, []string{r.Publisher})
	addText(d, fieldText, languages, textParts(r))
	return d
}

// textParts are the texts of a record other than its titles, in the order in
// which a snippet looks for a passage.
func textParts(r *harvest.Record) []string {
	parts := []string{r.Summary, r.Publisher}
	parts = append(parts, r.Authors...)
	parts = append(parts, r.CategoryRaw, strings.ReplaceAll(r.Category, "-", " "))
	for _, topic := range r.Topics {
		parts = append(parts, strings.ReplaceAll(topic, "-", " "))
	}
	for _, doc := range r.Documents {
		parts = append(parts, doc.Title)
	}
	id := r.Identifiers
	return append(parts, id.DOI, id.ISBN, id.UNSymbol, id.CELEX, id.ELI, id.ECLI, id.Handle)
}

// stampOf changes whenever the index entry of the record must be written again.
func stampOf(r *harvest.Record) string {
	return string(stateOf(r)) + "@" + strconv.FormatInt(r.LastChanged.UnixNano(), 36) + "." + strconv.Itoa(r.Revision)
}

func stateOf(r *harvest.Record) harvest.State {
	if r.State == "" {
		return harvest.StateActive
	}
	return r.State
}

// distinct are the values, each once, so that a facet counts records.
func distinct(values []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

// languageRanges are the tag and what it begins with: "zh-hant-tw", "zh-hant", "zh".
func languageRanges(tag string) []string {
	tag = strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
	var out []string
	for tag != "" {
		out = append(out, tag)
		tag = tag[:max(0, strings.LastIndexByte(tag, '-'))]
	}
	return out
}

func changedMoment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(changedLayout)
}

func addTerms(d *document.Document, field string, options index.FieldIndexingOptions, terms ...string) {
	for _, term := range terms {
		if term != "" {
			d.AddField(document.NewTextFieldCustom(field, nil, []byte(term), options, nil))
		}
	}
}

// addText adds the words of the parts and, when there are languages, their stems.
func addText(d *document.Document, field string, languages []stemmer, parts []string) {
	text := strings.Join(parts, partBreak)
	if strings.Trim(text, partBreak) == "" {
		return
	}
	a := &analysed{text: text, languages: languages}
	d.AddField(document.NewTextFieldCustom(field, nil, []byte(text), textOptions, asWords{a}))
	if languages != nil {
		d.AddField(document.NewTextFieldCustom(field+stemsOf, nil, []byte(text), stemOptions, asStems{a}))
	}
}

// analysed is a text that is read once for the two fields that it goes into.
// Bleve analyses the fields of one document one after the other.
type analysed struct {
	text         string
	languages    []stemmer
	words, stems analysis.TokenStream
}

func (a *analysed) read() {
	if a.words != nil {
		return
	}
	known := make(map[string][]string)
	a.words = make(analysis.TokenStream, 0, len(a.text)/6+1)
	eachWord(a.text, func(w word) {
		a.words = append(a.words, &analysis.Token{Term: []byte(w.term), Position: w.pos})
		stems, ok := known[w.lower]
		if !ok {
			stems = w.otherForms(a.languages)
			known[w.lower] = stems
		}
		for _, s := range stems {
			a.stems = append(a.stems, &analysis.Token{Term: []byte(s), Position: w.pos})
		}
	})
}

// asWords and asStems implement Bleve's analysis.Analyzer.
type (
	asWords struct{ *analysed }
	asStems struct{ *analysed }
)

// Analyze returns the words of the text.
func (a asWords) Analyze([]byte) analysis.TokenStream { a.read(); return a.words }

// Analyze returns the stems that differ from their words.
func (a asStems) Analyze([]byte) analysis.TokenStream { a.read(); return a.stems }
