package normalize

import (
	"slices"
	"strings"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/config"
)

// Finish is the last pass over a record, from whatever door it came: it cleans
// every text field, brings addresses and identifiers into their normal form,
// removes repetitions, cuts off truncation marks, cuts what no document needs
// so long, and derives what the door
// left empty: category, language, countries, topics, identifiers, publisher
// and canonical URL, each with its evidence in Provenance. What the door has
// filled is cleaned but never replaced. src and vocab may be nil.
// Finishing a finished record changes nothing.
func Finish(rec *harvest.Record, src *config.Source, vocab *config.Vocabulary) {
	f := finisher{rec, src, vocab}
	f.texts()
	f.dates()
	f.addresses()
	f.parts()
	f.category()
	f.language()
	f.about()
	f.publisher()
}

type finisher struct {
	rec   *harvest.Record
	src   *config.Source
	vocab *config.Vocabulary
}

// derive notes where a derived value came from, unless that is known.
func (f finisher) derive(field, basis, detail string) {
	if f.rec.Provenance == nil {
		f.rec.Provenance = make(map[string]harvest.Evidence)
	}
	if _, known := f.rec.Provenance[field]; !known {
		f.rec.Provenance[field] = harvest.Evidence{Basis: basis, Detail: detail}
	}
}

func (f finisher) texts() {
	r := f.rec
	name := func(s string) string { return cutLine(Text(s), maxName) }
	r.Title = cutLine(Text(r.Title), maxTitle)
	r.TitleAlt = list(r.TitleAlt, func(s string) string { return cutLine(Text(s), maxTitle) }, r.Title)
	r.CategoryRaw = name(r.CategoryRaw)
	r.CategoriesRaw = list(r.CategoriesRaw, name)
	r.Authors = list(r.Authors, name)
	r.Publisher = name(r.Publisher)
	r.Licence = name(r.Licence)
	summary, cut := Truncated(Paragraphs(r.Summary))
	if isLonger(summary, maxSummary) {
		summary, cut = cutAtWord(summary, maxSummary), true
	}
	if isBody(summary, r.Provenance["summary"]) {
		summary, cut = Truncated(Beginning(summary, maxBeginning))
		r.SummaryBasis = harvest.SummaryBasis{Kind: harvest.SummaryLead}
	}
	r.Summary = summary
	if summary == "" {
		r.SummaryBasis = harvest.SummaryBasis{}
	} else if cut {
		r.SummaryBasis.Truncated = true
	}
}

// dates drops what is no date and lets the value say its precision.
func (f finisher) dates() {
	for _, d := range []*harvest.Date{&f.rec.Published, &f.rec.Modified} {
		parsed, err := harvest.ParseDate(d.Value)
		if err != nil {
			parsed = harvest.Date{}
		}
		*d = parsed
	}
}

// parts cleans documents, translations and countries and drops those that
// are repeated or lead nowhere.
func (f finisher) parts() {
	r := f.rec
	var docs []harvest.Document
	at := make(map[string]int)
	for _, d := range r.Documents {
		u, err := URL(r.URL, d.URL)
		if err != nil {
			continue
		}
		d.URL, d.Title, d.Language = u, cutLine(Text(d.Title), maxTitle), Tag(d.Language)
		if i, known := at[u]; known {
			if docs[i].Title == "" {
				docs[i].Title = d.Title
			}
			continue
		}
		if len(docs) == maxEntries {
			break
		}
		at[u] = len(docs)
		docs = append(docs, d)
	}
	r.Documents = docs
	var translations []harvest.Translation
	for _, t := range r.Translations {
		u, err := URL(r.URL, t.URL)
		if t.Language = Tag(t.Language); err != nil || t.Language == "" {
			continue
		}
		t.URL = u
		if !slices.Contains(translations, t) && len(translations) < maxEntries {
			translations = append(translations, t)
		}
	}
	r.Translations = translations
	r.Countries = list(r.Countries, strings.ToUpper)
	r.Regions = list(r.Regions, strings.TrimSpace)
	r.Topics = list(r.Topics, strings.TrimSpace)
}

// list cleans every element and drops the empty and the repeated ones, those
// in without, and those beyond maxEntries.
func list(in []string, clean func(string) string, without ...string) []string {
	seen := make(map[string]bool, len(in))
	for _, w := range without {
		seen[strings.ToLower(w)] = true
	}
	var out []string
	for _, s := range in {
		if len(out) == maxEntries {
			break
		}
		s = clean(s)
		if key := strings.ToLower(s); s != "" && !seen[key] {
			seen[key] = true
			out = append(out, s)
		}
	}
	return out
}

func (f finisher) addresses() {
	r := f.rec
	if u, err := URL("", r.URL); err == nil {
		r.URL = u
	}
	if u, err := URL(r.URL, r.CanonicalURL); err == nil && r.CanonicalURL != "" {
		r.CanonicalURL = u
	} else {
		r.CanonicalURL = ""
		if u, err := URL("", r.URL); err == nil {
			r.CanonicalURL = u
			f.derive("canonical_url", "rule", "the normal form of url")
		}
	}
}

func (f finisher) category() {
	r := f.rec
	if r.Category != "" {
		return
	}
	labels := r.CategoriesRaw
	if r.CategoryRaw != "" {
		labels = append([]string{r.CategoryRaw}, labels...)
	}
	id, raw, detail := Category(labels, f.src, f.vocab, *r)
	if id == "" {
		return
	}
	r.Category = id
	if !readsElsewhere(detail) {
		r.CategoryRaw = raw
	}
	f.derive("category", "rule", explain(detail, raw))
}

// explain names the rule that gave the category, and the words it read where
// they stand in no field of the record.
func explain(detail, raw string) string {
	if readsElsewhere(detail) {
		return detail + ": " + raw
	}
	return detail
}

// readsElsewhere reports whether a rule reads something else than the labels.
func readsElsewhere(detail string) bool {
	return detail == "title prefix" || detail == "title word" || detail == "address"
}

func (f finisher) language() {
	r := f.rec
	if r.Language.Value != "" {
		return
	}
	l := Language(r.Title+".\n"+r.Summary, r.Language.Declared)
	if l.Value == "" && f.src != nil {
		if l.Value = f.src.Language; l.Value != "" {
			f.derive("language", "default", "language of the source")
		}
	}
	r.Language = l
	if l.Value != "" {
		f.derive("language", "text", "title and summary")
	}
}

func (f finisher) about() {
	r := f.rec
	text := r.Title + "\n" + r.Summary
	if len(r.Topics) == 0 {
		r.Topics = f.found("topics", Topics(text, r.Language.Value, f.vocab))
	}
	if len(r.Countries) == 0 {
		r.Countries = f.found("countries", Countries(text, r.Language.Value))
	}
	if r.Identifiers == (harvest.Identifiers{}) {
		r.Identifiers = Identifiers(text, f.urls()...)
		if r.Identifiers != (harvest.Identifiers{}) {
			f.derive("identifiers", "text", "title, summary and addresses")
		}
	}
}

// urls are the addresses that may name the document.
func (f finisher) urls() []string {
	urls := []string{f.rec.URL, f.rec.CanonicalURL}
	for _, d := range f.rec.Documents {
		urls = append(urls, d.URL)
	}
	return urls
}

// found lists the terms and notes the words that caused them.
func (f finisher) found(field string, terms []Found) []string {
	var ids, words []string
	for _, t := range terms {
		ids = append(ids, t.ID)
		words = append(words, t.Words...)
	}
	if ids != nil {
		f.derive(field, "text", strings.Join(words, ", "))
	}
	return ids
}

func (f finisher) publisher() {
	if f.rec.Publisher == "" && f.src != nil && f.src.Publisher != "" {
		f.rec.Publisher = Text(f.src.Publisher)
		f.derive("publisher", "default", "publisher of the source")
	}
}
