package fields

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/harvest87/harvest"
	"github.com/harvest87/harvest/parsers/normalize"
)

// maxValues is how many values of one field are looked at.
const maxValues = 200

// Builder gathers the fields of one record. Methods may be called in any
// order; of a field that holds one value the first call that has one counts.
type Builder struct {
	rec      harvest.Record
	page     string // the page that holds the values
	home     string // address of the source, whose hosts are preferred
	language string // of ambiguous dates
}

// New returns a builder of a record that stands on a page. home is the address
// of the source, language, which may be empty, that of its numeric dates.
func New(page, home, language string) *Builder {
	return &Builder{page: page, home: home, language: language, rec: harvest.Record{Provenance: make(map[string]harvest.Evidence)}}
}

// Record returns what was gathered.
func (b *Builder) Record() harvest.Record {
	if b.rec.CanonicalURL == "" {
		b.rec.CanonicalURL = b.rec.URL
	}
	return b.rec
}

func (b *Builder) why(field, detail string) {
	if _, known := b.rec.Provenance[field]; !known {
		b.rec.Provenance[field] = harvest.Evidence{Basis: "door", Detail: detail, Page: b.page}
	}
}

// Native is the source's own identifier, with a scheme such as "oai:" before it
// unless it has that.
func (b *Builder) Native(detail, scheme, value string) {
	if value = normalize.Text(value); value == "" || b.rec.NativeID != "" {
		return
	}
	if !strings.HasPrefix(value, scheme) {
		value = scheme + value
	}
	b.rec.NativeID = value
	b.why("native_id", detail)
}

// Title takes the first value as the title, the others as further titles.
func (b *Builder) Title(detail string, values ...string) {
	for _, v := range limited(values) {
		v = normalize.Text(v)
		switch {
		case v == "":
		case b.rec.Title == "":
			b.rec.Title = v
			b.why("title", detail)
		default:
			b.rec.TitleAlt = append(b.rec.TitleAlt, v)
			b.why("title_alt", detail)
		}
	}
}

// boilerplate matches what repository software writes into descriptions.
var boilerplate = regexp.MustCompile(`(?i)^(made available in dspace|submitted by .* on \d{4}|approved for entry into archive|item withdrawn by|no\. of bitstreams|n/?a|abstract|description|-|\.)\b`)

// jats matches the headings and the prefix of the markup in which publishers
// give abstracts (https://jats.nlm.nih.gov).
var (
	jatsTitle  = regexp.MustCompile(`(?is)<jats:title>.{0,200}?</jats:title>`)
	jatsPrefix = regexp.MustCompile(`(?i)(</?)jats:`)
)

// Summary takes the first value that is a text, else the longest. HTML, also
// escaped, becomes paragraphs.
func (b *Builder) Summary(detail string, kind harvest.SummaryKind, values ...string) {
	const enough = 60 // characters
	best := ""
	for _, v := range limited(values) {
		v = normalize.HTML(jatsPrefix.ReplaceAllString(jatsTitle.ReplaceAllString(v, ""), "$1"))
		if v == "" || boilerplate.MatchString(v) || strings.HasPrefix(v, "http") && !strings.ContainsRune(v, ' ') {
			continue
		}
		if utf8.RuneCountInString(v) > utf8.RuneCountInString(best) {
			best = v
		}
		if utf8.RuneCountInString(best) >= enough {
			break
		}
	}
	clean, cut := normalize.Truncated(best)
	if clean == "" || b.rec.Summary != "" {
		return
	}
	b.rec.Summary, b.rec.SummaryBasis = clean, harvest.SummaryBasis{Kind: kind, Truncated: cut}
	b.why("summary", detail)
}

// scheme matches what stands before a label in the vocabularies of
// repositories: info:eu-repo/semantics/article, doc-type:article.
var scheme = regexp.MustCompile(`^(?:info:eu-repo/semantics/|info:eu-repo/|doc-type:|https?://purl\.org/coar/resource_type/\S*|https?://purl\.org/dc/dcmitype/)`)

// meaningless are labels that say nothing of the kind of a document: the
// types of DCMI for whatever can be read, and states of an article.
var meaningless = map[string]bool{
	"text": true, "publishedversion": true, "acceptedversion": true, "submittedversion": true, "updatedversion": true, "draft": true,
	"nonpeerreviewed": true, "peerreviewed": true, "other": true, "uncategorized": true, "uncategorised": true,
	"collection": true, "physicalobject": true, "openaccess": true,
}

// Labels are the source's words for what kind of thing the document is.
func (b *Builder) Labels(detail string, values ...string) {
	for _, v := range limited(values) {
		v = normalize.Text(scheme.ReplaceAllString(strings.TrimSpace(v), ""))
		if v == "" || meaningless[strings.ToLower(strings.ReplaceAll(v, " ", ""))] ||
			slices.ContainsFunc(b.rec.CategoriesRaw, func(k string) bool { return strings.EqualFold(k, v) }) {
			continue
		}
		b.rec.CategoriesRaw = append(b.rec.CategoriesRaw, v)
		if b.rec.CategoryRaw == "" {
			b.rec.CategoryRaw = v
			b.why("category_raw", detail)
			b.why("categories_raw", detail)
		}
	}
}

// languageNames are names that stand where a tag is wanted.
var languageNames = map[string]string{
	"english": "en", "anglais": "en", "inglés": "en", "french": "fr", "français": "fr", "francés": "fr", "spanish": "es", "español": "es", "espagnol": "es",
	"arabic": "ar", "العربية": "ar", "russian": "ru", "русский": "ru", "chinese": "zh", "中文": "zh", "portuguese": "pt", "português": "pt", "german": "de", "deutsch": "de",
	"italian": "it", "italiano": "it", "dutch": "nl", "nederlands": "nl",
}

// Language is what the source declares, when it declares one language: a tag
// of any standard, or a common name.
func (b *Builder) Language(detail string, values ...string) {
	tag := ""
	for _, v := range limited(values) {
		v = strings.TrimSpace(v)
		one := normalize.Tag(v)
		if name, ok := languageNames[strings.ToLower(v)]; ok {
			one = name
		}
		switch {
		case one == "" || one == "mul" || one == "zxx" || one == "mis":
		case tag != "" && tag != one:
			return // of several none is the language
		default:
			tag = one
		}
	}
	if tag != "" && b.rec.Language.Declared == "" {
		b.rec.Language.Declared = tag
		b.why("language", detail)
	}
}

// Publisher is the first value that is a name.
func (b *Builder) Publisher(detail string, values ...string) {
	for _, v := range limited(values) {
		if v = normalize.Text(v); v != "" && b.rec.Publisher == "" && isName(v) {
			b.rec.Publisher = v
			b.why("publisher", detail)
		}
	}
}

// Licence is the first value that says under which terms the document may be
// used; an address of one is better than words about one. States of access
// are none.
func (b *Builder) Licence(detail string, values ...string) {
	best := ""
	for _, v := range limited(values) {
		v = normalize.Text(v)
		switch {
		case v == "", strings.HasPrefix(v, "info:"), strings.HasSuffix(strings.ToLower(v), "access"):
		case best == "", strings.Contains(v, "creativecommons.org") && !strings.Contains(best, "creativecommons.org"):
			best = v
		}
	}
	if best != "" && b.rec.Licence == "" {
		b.rec.Licence = best
		b.why("licence", detail)
	}
}

// Identifiers are texts or addresses that may hold a public identifier.
func (b *Builder) Identifiers(detail string, values ...string) {
	var urls, texts []string
	for _, v := range limited(values) {
		if isWeb(v) {
			urls = append(urls, v)
		}
		texts = append(texts, v)
	}
	found := normalize.Identifiers(strings.Join(texts, "\n"), urls...)
	for _, v := range limited(values) { // a number without the word before it
		if isbn, ok := normalize.ISBN(strings.TrimPrefix(strings.ToLower(strings.TrimSpace(v)), "urn:isbn:")); ok && found.ISBN == "" {
			found.ISBN = isbn
		}
	}
	if found == (harvest.Identifiers{}) {
		return
	}
	own := &b.rec.Identifiers
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&own.DOI, found.DOI},
		{&own.ISBN, found.ISBN},
		{&own.UNSymbol, found.UNSymbol},
		{&own.CELEX, found.CELEX},
		{&own.ELI, found.ELI},
		{&own.ECLI, found.ECLI},
		{&own.Handle, found.Handle},
	} {
		if *f.to == "" {
			*f.to = f.from
		}
	}
	b.why("identifiers", detail)
}

func limited(values []string) []string { return values[:min(len(values), maxValues)] }
