package harvest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// Record is one description of a document, as one source gives it. Field
// names follow Dublin Core and schema.org where these have a word. Text is
// UTF-8 in NFC with entities decoded, tags and control characters removed and
// white space folded; unknown fields are empty, never guessed.
type Record struct {
	// ID is derived from the source and the document, see [NewRecordID].
	ID     RecordID `json:"id" bson:"_id"`
	Source SourceID `json:"source" bson:"source"`
	// NativeID is the source's own identifier with its scheme, such as
	// "wp:123"; empty where the source has none.
	NativeID string `json:"native_id,omitempty" bson:"native_id,omitempty"`
	// URL is where a reader finds the item; CanonicalURL is what the page
	// declares (rel=canonical) or URL in normalised form.
	URL          string `json:"url" bson:"url"`
	CanonicalURL string `json:"canonical_url,omitempty" bson:"canonical_url,omitempty"`

	Title    string   `json:"title" bson:"title"`
	TitleAlt []string `json:"title_alt,omitempty" bson:"title_alt,omitempty"`
	// Category is an identifier from config/vocabulary/doctypes.yaml, empty
	// when no label could be mapped. CategoryRaw is the label that decided;
	// CategoriesRaw are all labels in the source's order.
	Category      string   `json:"category,omitempty" bson:"category,omitempty"`
	CategoryRaw   string   `json:"category_raw,omitempty" bson:"category_raw,omitempty"`
	CategoriesRaw []string `json:"categories_raw,omitempty" bson:"categories_raw,omitempty"`
	Summary       string   `json:"summary,omitempty" bson:"summary,omitempty"`
	// SummaryBasis says what kind of text the summary is and whether it is whole.
	SummaryBasis SummaryBasis `json:"summary_basis,omitzero" bson:"summary_basis,omitempty"`

	Published Date     `json:"published,omitzero" bson:"published,omitempty"`
	Modified  Date     `json:"modified,omitzero" bson:"modified,omitempty"`
	Language  Language `json:"language,omitzero" bson:"language,omitempty"`
	Authors   []string `json:"authors,omitempty" bson:"authors,omitempty"`
	Publisher string   `json:"publisher,omitempty" bson:"publisher,omitempty"`

	Countries []string `json:"countries,omitempty" bson:"countries,omitempty"` // ISO 3166-1 alpha-2, upper case
	Regions   []string `json:"regions,omitempty" bson:"regions,omitempty"`     // UN M49 codes, three digits
	Topics    []string `json:"topics,omitempty" bson:"topics,omitempty"`       // identifiers from config/vocabulary/topics.yaml

	Identifiers  Identifiers   `json:"identifiers,omitzero" bson:"identifiers,omitempty"`
	Documents    []Document    `json:"documents,omitempty" bson:"documents,omitempty"`
	Licence      string        `json:"licence,omitempty" bson:"licence,omitempty"`
	Translations []Translation `json:"translations,omitempty" bson:"translations,omitempty"`

	// Provenance says for each filled field, by its JSON name, where the value
	// came from.
	Provenance map[string]Evidence `json:"provenance,omitempty" bson:"provenance,omitempty"`

	// What follows is kept by the catalogue, never by a parser.

	FirstSeen   time.Time `json:"first_seen,omitzero" bson:"first_seen,omitempty"`
	LastSeen    time.Time `json:"last_seen,omitzero" bson:"last_seen,omitempty"`
	LastChanged time.Time `json:"last_changed,omitzero" bson:"last_changed,omitempty"`
	// Revision counts the states this record has had, from 1; see [Revision].
	Revision int   `json:"revision,omitempty" bson:"revision,omitempty"`
	State    State `json:"state,omitempty" bson:"state,omitempty"`
	// FirstRun is the run that found the record, Run the run that last changed
	// it, empty when a person did.
	FirstRun RunID `json:"first_run,omitempty" bson:"first_run,omitempty"`
	Run      RunID `json:"run,omitempty" bson:"run,omitempty"`
	// PageHash is the [Page.Hash] of the page that made the present revision.
	// The crawler gives it; by itself it is no change.
	PageHash string `json:"page_hash,omitempty" bson:"page_hash,omitempty"`
	// Reached are further addresses by which the crawler has come to the item:
	// what it asked for, when that led elsewhere. They are compared with what
	// was taken down and not stored.
	Reached []string `json:"reached,omitempty" bson:"-"`
	// Overrides are what people said of fields, by the field's JSON name, dotted
	// below a struct. The fields have these values; see [Record.Override].
	Overrides map[string]Override `json:"overrides,omitempty" bson:"overrides,omitempty"`
	// Work is the work this record describes, empty while no other record does.
	Work WorkID `json:"work,omitempty" bson:"work,omitempty"`
}

// SummaryBasis says what a summary is. The zero value goes with an empty summary.
type SummaryBasis struct {
	Kind SummaryKind `json:"kind,omitempty" bson:"kind,omitempty"`
	// Truncated is true when the source cut the text ("… Read More") and the
	// whole could not be had.
	Truncated bool `json:"truncated,omitempty" bson:"truncated,omitempty"`
}

// SummaryKind names the kinds of summary.
type SummaryKind string

// The kinds of summary, best first.
const (
	SummaryAbstract    SummaryKind = "abstract"    // the source's own abstract, excerpt or standfirst
	SummaryDescription SummaryKind = "description" // a meta description
	SummaryLead        SummaryKind = "lead"        // the first paragraphs of the text
	SummaryCard        SummaryKind = "card"        // the text of a listing card
	SummaryCurated     SummaryKind = "curated"     // written by a person here
)

// Language is a BCP 47 language tag, twice: Value is what the text is written
// in, Declared is what the page says. Both lie in practice, so both are kept.
type Language struct {
	Value    string `json:"value,omitempty" bson:"value,omitempty"`
	Declared string `json:"declared,omitempty" bson:"declared,omitempty"`
}

// Identifiers are the document's names in public registries, each in its
// normal form without a resolver ("10.1234/x", not "https://doi.org/10.1234/x").
type Identifiers struct {
	DOI      string `json:"doi,omitempty" bson:"doi,omitempty"`
	ISBN     string `json:"isbn,omitempty" bson:"isbn,omitempty"` // ISBN-13 digits
	UNSymbol string `json:"un_symbol,omitempty" bson:"un_symbol,omitempty"`
	CELEX    string `json:"celex,omitempty" bson:"celex,omitempty"`
	ELI      string `json:"eli,omitempty" bson:"eli,omitempty"`
	ECLI     string `json:"ecli,omitempty" bson:"ecli,omitempty"`
	Handle   string `json:"handle,omitempty" bson:"handle,omitempty"`
}

// Document is a file that the record offers, such as its PDF.
type Document struct {
	URL       string `json:"url" bson:"url"`
	MediaType string `json:"media_type,omitempty" bson:"media_type,omitempty"` // RFC 6838, sniffed or by extension
	Bytes     int64  `json:"bytes,omitempty" bson:"bytes,omitempty"`
	SHA256    string `json:"sha256,omitempty" bson:"sha256,omitempty"` // lower-case hex
	Title     string `json:"title,omitempty" bson:"title,omitempty"`
	Pages     int    `json:"pages,omitempty" bson:"pages,omitempty"`
	Language  string `json:"language,omitempty" bson:"language,omitempty"`
}

// Translation is the same item in another language.
type Translation struct {
	Language string `json:"language" bson:"language"`
	URL      string `json:"url" bson:"url"`
}

// State says whether the source still offers the record.
type State string

// The states of a record.
const (
	StateActive    State = "active"
	StateGone      State = "gone"      // the source no longer offers it
	StateWithdrawn State = "withdrawn" // taken down here, on request
)

// Evidence says where a value came from.
type Evidence struct {
	// Basis is the kind of evidence: "door" (a field of the door's own
	// format), "json-ld", "meta", "selector", "citation", "text", "url",
	// "document" (the text or metadata of the file itself),
	// "rule" (a mapping or vocabulary), "default" (the source file) or
	// "curation" (a person here).
	Basis string `json:"basis" bson:"basis"`
	// Detail names the place: "title.rendered", "h1.entry-title (2 of 3)".
	Detail string `json:"detail,omitempty" bson:"detail,omitempty"`
	// Page is the URL of the page that held the value.
	Page string `json:"page,omitempty" bson:"page,omitempty"`
}

// Reasons for which [Record.Validate] rejects a record. Each has its outcome.
var (
	ErrNoTitle = errors.New("record has no title")
	ErrNoURL   = errors.New("record has no http(s) URL")
)

// MaxRecordBytes bounds the text of one record, in octets. Every store takes
// that much (MongoDB's limit for a document is 16 MiB), and no honest page has it.
const MaxRecordBytes = 8 << 20

// size adds up the text of the record, in octets.
func (r *Record) size() int {
	n := len(r.URL) + len(r.CanonicalURL) + len(r.Title) + len(r.Category) + len(r.CategoryRaw) + len(r.Summary) + len(r.Publisher) + len(r.Licence)
	for _, list := range [][]string{r.TitleAlt, r.CategoriesRaw, r.Authors, r.Countries, r.Regions, r.Topics} {
		for _, s := range list {
			n += len(s) + 1
		}
	}
	for i := range r.Documents {
		n += len(r.Documents[i].URL) + len(r.Documents[i].Title) + 1
	}
	for _, t := range r.Translations {
		n += len(t.Language) + len(t.URL) + 1
	}
	for field, e := range r.Provenance {
		n += len(field) + len(e.Basis) + len(e.Detail) + len(e.Page)
	}
	return n
}

// Validate reports the first reason why the record must not be written:
// [ErrNoTitle], [ErrNoURL], or an error that names the field. It is the last
// line of defence before every store.
func (r *Record) Validate() error {
	if strings.TrimSpace(r.Title) == "" {
		return ErrNoTitle
	}
	u, err := url.Parse(r.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return ErrNoURL
	}
	if r.Source == "" {
		return errors.New("record has no source")
	}
	if r.ID == "" {
		return errors.New("record has no id")
	}
	if !utf8.ValidString(r.Title) || !utf8.ValidString(r.Summary) {
		return errors.New("record text is not UTF-8")
	}
	if n := r.size(); n > MaxRecordBytes {
		return fmt.Errorf("record has %d octets of text, more than %d", n, MaxRecordBytes)
	}
	for name, d := range map[string]Date{"published": r.Published, "modified": r.Modified} {
		if d.IsZero() {
			continue
		}
		if got, err := ParseDate(d.Value); err != nil || got.Precision != d.Precision {
			return fmt.Errorf("record %s: %q is not a date of precision %q", name, d.Value, d.Precision)
		}
	}
	return nil
}

// ContentHash is the SHA-256, in lower-case hex, over everything the source
// says: all fields but provenance and what the catalogue keeps. Two records
// as a source has them, without overrides, say the same when they have one hash.
func (r *Record) ContentHash() string {
	c := *r
	c.Provenance = nil
	c.FirstSeen, c.LastSeen, c.LastChanged = time.Time{}, time.Time{}, time.Time{}
	c.Revision, c.State, c.FirstRun, c.Run, c.Work = 0, "", "", "", ""
	c.PageHash, c.Overrides, c.Reached = "", nil, nil
	b, err := json.Marshal(&c)
	if err != nil { // no field of Record can fail to marshal
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
