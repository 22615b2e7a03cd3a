package match

import (
	"regexp"
	"slices"
	"strings"

	"github.com/harvest87/harvest"
)

// Method names the kind of a key.
type Method string

// The methods, from the surest to the least sure.
const (
	DOI      Method = "doi"
	UNSymbol Method = "un-symbol"
	CELEX    Method = "celex"
	ECLI     Method = "ecli"
	ELI      Method = "eli"
	ISBN     Method = "isbn"
	Handle   Method = "handle"
	// SHA256 is the hash of a document.
	SHA256 Method = "sha256"
	// URL is the address of the record, or the canonical one that it declares.
	URL Method = "url"
	// DocumentURL is the address of a document that the record offers.
	DocumentURL Method = "document-url"
	// Translation is the address that a record gives for another language.
	Translation Method = "translation"
	// Decided is what a person said.
	Decided Method = "decision"
	// Likeness is what Compare weighs: title, authors, year, text.
	Likeness Method = "likeness"
)

// methods lists all methods in the order of their strength.
var methods = []Method{DOI, UNSymbol, CELEX, ECLI, ELI, ISBN, Handle, SHA256, URL, DocumentURL, Translation, Decided, Likeness}

// Key is something that two descriptions of one document may share.
type Key struct {
	Method Method
	// Value is in a normal form in which equal things are equal strings.
	Value string
}

// String is the form in which stores index the key. The addresses of records
// and documents are one kind of thing there: one source's page may be
// another's document.
func (k Key) String() string {
	if k.Method == DocumentURL || k.Method == Translation {
		return string(URL) + ":" + k.Value
	}
	return string(k.Method) + ":" + k.Value
}

// minSummaryWords is the length from which a summary says which document it
// describes.
const minSummaryWords = 12

// emptyFile is the SHA-256 of nothing, which failed downloads share.
const emptyFile = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// Keys lists the keys of a record, each once, the surest first. A withdrawn
// record has none: it belongs to no work.
func Keys(r *harvest.Record) []Key {
	if r.State == harvest.StateWithdrawn {
		return nil
	}
	var keys []Key
	seen := make(map[string]bool)
	add := func(m Method, value string) {
		k := Key{m, value}
		if value != "" && !seen[k.String()] {
			seen[k.String()] = true
			keys = append(keys, k)
		}
	}
	id := r.Identifiers
	add(DOI, strings.ToLower(id.DOI))
	add(UNSymbol, strings.ToUpper(strings.Join(strings.Fields(id.UNSymbol), "")))
	add(CELEX, strings.ToUpper(id.CELEX))
	add(ECLI, strings.ToUpper(id.ECLI))
	add(ELI, addressKey(id.ELI))
	add(ISBN, strings.ReplaceAll(id.ISBN, "-", ""))
	add(Handle, strings.ToLower(id.Handle))
	for _, d := range r.Documents {
		if sum := strings.ToLower(d.SHA256); sum != emptyFile {
			add(SHA256, sum)
		}
	}
	add(URL, addressKey(r.CanonicalURL))
	add(URL, addressKey(r.URL))
	for _, d := range r.Documents {
		add(DocumentURL, addressKey(d.URL))
	}
	for _, t := range r.Translations {
		add(Translation, addressKey(t.URL))
	}
	return keys
}

// doiPrefix is what stands before a DOI when it is written as an address.
var doiPrefix = regexp.MustCompile(`(?i)^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)`)

// keysOf lists the keys of a description in a file, whose identifiers may
// stand in any form.
func keysOf(get func(string) string, isbn []string) []Key {
	var r harvest.Record
	r.Identifiers = harvest.Identifiers{
		DOI: doiPrefix.ReplaceAllString(get("doi"), ""), UNSymbol: get("symbol"), CELEX: get("celex"),
		ELI: get("eli"), ECLI: get("ecli"), Handle: get("handle"),
	}
	r.URL = get("url")
	if sum := get("sha256"); sum != "" {
		r.Documents = []harvest.Document{{SHA256: sum}}
	}
	keys := Keys(&r)
	for _, n := range isbnsIn(isbn) {
		keys = append(keys, Key{ISBN, n})
	}
	return keys
}

// maxISBNs bounds how many ISBNs of one description are read: a book has one for
// each of its bindings and formats.
const maxISBNs = 8

// isbnsIn reads the ISBNs of a description: one or several to a text, with what
// libraries write behind them ("0-306-40615-2 (pbk.) ; 9780306406164 (pdf)").
func isbnsIn(texts []string) []string {
	var out []string
	add := func(s string) bool {
		n := isbn13(s)
		if n != "" && !slices.Contains(out, n) && len(out) < maxISBNs {
			out = append(out, n)
		}
		return n != ""
	}
	for _, text := range texts {
		for part := range strings.FieldsFuncSeq(cut(text, 400), func(r rune) bool {
			return !(r >= '0' && r <= '9' || r == 'x' || r == 'X' || r == '-' || r == ' ')
		}) {
			if add(part) {
				continue
			}
			for word := range strings.FieldsSeq(part) {
				add(word)
			}
		}
	}
	return out
}

// isbn13 writes an ISBN as 13 digits, empty when it is none: the form of 10
// digits has its twin there (ISO 2108:2017, annex C).
func isbn13(s string) string {
	var digits []byte
	for i := range len(cut(s, 40)) {
		switch b := s[i]; {
		case b >= '0' && b <= '9':
			digits = append(digits, b)
		case (b == 'x' || b == 'X') && len(digits) == 9:
			digits = append(digits, 'X')
		}
	}
	switch len(digits) {
	case 13:
		if strings.HasPrefix(string(digits), "978") || strings.HasPrefix(string(digits), "979") {
			return string(digits)
		}
	case 10:
		out := append([]byte("978"), digits[:9]...)
		sum := 0
		for i, b := range out {
			sum += int(b-'0') * (1 + 2*(i%2))
		}
		return string(append(out, byte('0'+(10-sum%10)%10)))
	}
	return ""
}
