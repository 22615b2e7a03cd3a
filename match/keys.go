package match

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
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
	// Repeat is the same title in the same year, by the same publisher or so
	// long that no other document has it, or the same title over the same
	// summary.
	Repeat Method = "repeat"
)

// methods lists all methods in the order of their strength.
var methods = []Method{DOI, UNSymbol, CELEX, ECLI, ELI, ISBN, Handle, SHA256, URL, DocumentURL, Repeat}

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
	if k.Method == DocumentURL {
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
	for _, value := range repeatKeys(r) {
		add(Repeat, value)
	}
	return keys
}

// KeyStrings lists the keys of a record as stores index them.
func KeyStrings(r *harvest.Record) []string {
	var out []string
	for _, k := range Keys(r) {
		out = append(out, k.String())
	}
	return out
}

// repeatKeys says what an exact repeat of the record would say too.
func repeatKeys(r *harvest.Record) []string {
	title := readTitle(r.Title)
	if title.generic() {
		return nil
	}
	var out []string
	publisher := strings.Join(wordsOf(r.Publisher), " ")
	switch year := r.Published.Year(); {
	case year == 0:
	case title.distinctive():
		out = append(out, fmt.Sprintf("%s | %d", short(title.key), year))
	case publisher != "":
		out = append(out, fmt.Sprintf("%s | %d | %s", short(title.key), year, short(publisher)))
	}
	if summary := wordsOf(r.Summary); len(summary) >= minSummaryWords && !r.SummaryBasis.Truncated {
		out = append(out, fmt.Sprintf("%s | summary %s", short(title.key), digest(strings.Join(summary, " "))))
	}
	return out
}

// short keeps keys of a bounded length, and different texts different.
func short(s string) string {
	const most, kept = 200, 160
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:kept], "") + "~" + digest(s)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:8])
}
